package prometheus

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"prober/probe/reason"
)

type rule struct {
	Alert, Record, Expr, For string
	KeepFiringFor            time.Duration `yaml:"keep_firing_for"`
	Labels, Annotations      map[string]string
}

func rules(t *testing.T) (list []rule) {
	t.Helper()
	for _, name := range RuleFiles() {
		text, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Groups []struct{ Rules []rule } }
		if err := yaml.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		for _, g := range file.Groups {
			list = append(list, g.Rules...)
		}
	}
	return list
}

// What silences a lesser alert outlasts it: endpoints recover one after another, within an interval and the rules' own, and
// each goes on firing for a while.
func TestGreaterCausesOutlastLesserOnes(t *testing.T) {
	lasts := map[string]time.Duration{}
	for _, r := range rules(t) {
		lasts[r.Alert] = r.KeepFiringFor
	}
	chain := []string{"ProberProductDown", "ProberRegionDown", "ProberEndpointDown"}
	for i, lesser := range chain[1:] {
		if greater := chain[i]; lasts[greater] < lasts[lesser]+2*time.Minute {
			t.Errorf("%s goes on firing for %v, %s for %v", greater, lasts[greater], lesser, lasts[lesser])
		}
	}
}

// An endpoint that is down again within the hour is told as down: by the time that its budget would be, that is told.
func TestDownIsToldBeforeTheBudget(t *testing.T) {
	waits := map[string]time.Duration{}
	for _, r := range rules(t) {
		if r.Alert != "" {
			wait, err := time.ParseDuration(r.For)
			if r.For != "" && err != nil {
				t.Error(r.Alert, err)
			}
			waits[r.Alert] = wait
		}
	}
	for _, budget := range []string{"ProberErrorBudgetBurnFast", "ProberErrorBudgetBurnSlow", "ProberEndpointErrorBudgetBurn"} {
		if waits[budget] <= waits["ProberEndpointDown"] {
			t.Errorf("%s waits for %v, ProberEndpointDown for %v", budget, waits[budget], waits["ProberEndpointDown"])
		}
	}
}

// Whoever is woken is told how bad it is, what it is, and what to do, in a section that exists.
func TestEveryAlertLeadsToARunbook(t *testing.T) {
	sections := map[string]bool{}
	for _, r := range rules(t) {
		if r.Alert == "" {
			continue
		}
		if s := r.Labels["severity"]; s != "critical" && s != "warning" {
			t.Errorf("%s: severity %q", r.Alert, s)
		}
		for _, a := range []string{"summary", "description"} {
			if r.Annotations[a] == "" {
				t.Errorf("%s has no %s", r.Alert, a)
			}
		}
		path, section, _ := strings.Cut(r.Annotations["runbook_url"], "#")
		text, err := os.ReadFile(filepath.Join("../..", path))
		if err != nil || section != strings.ToLower(r.Alert) || !strings.Contains(string(text), "\n## "+r.Alert+"\n") {
			t.Errorf("%s: %q leads nowhere: %v", r.Alert, r.Annotations["runbook_url"], err)
		}
		sections[r.Alert] = true
	}
	pages, err := filepath.Glob("../../docs/runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(string(text), -1) {
			if !sections[found[1]] {
				t.Errorf("%s has a section for %s, which is no alert", page, found[1])
			}
		}
	}
}

// The names of metrics, reasons and other alerts in rules and routes are such that exist.
func TestRulesAskForWhatThereIs(t *testing.T) {
	docs, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	metric := regexp.MustCompile(`\b(?:endpoint|prober)_[a-z_]+|\b(?:endpoint|product_region|product|region|prober):[a-z0-9_]+:[a-z0-9_]+`)
	records := map[string]bool{}
	for _, r := range rules(t) {
		for _, name := range metric.FindAllString(r.Expr, -1) {
			base := name
			for _, suffix := range []string{"_sum", "_count", "_bucket"} {
				base = strings.TrimSuffix(base, suffix)
			}
			if !records[name] && !strings.Contains(name, ":") && !strings.Contains(string(docs), "## `"+base+"`\n") {
				t.Errorf("%s%s asks for %s, which is no metric", r.Record, r.Alert, name)
			}
			if strings.Contains(name, ":") && !slices.ContainsFunc(rules(t), func(o rule) bool { return o.Record == name }) {
				t.Errorf("%s%s asks for %s, which no rule records", r.Record, r.Alert, name)
			}
		}
		records[r.Record] = true
	}
}

// The reasons that alerts tell apart are those of a kind: framing and content of replies, but for errors
// that the API itself owns up to; and strength of TLS.
func TestAlertsTellReasonsByKind(t *testing.T) {
	protocol, tls := regexp.MustCompile(`^(timeout|lost|reset|eof|server_error)$`), regexp.MustCompile(`^(weak_.*|version_.*)$`)
	for _, r := range rules(t) {
		if r.Alert == "ProberProtocolBroken" && !strings.Contains(r.Expr, `phase=~"headers|body|verify",reason!~"timeout|lost|reset|eof|server_error"`) ||
			r.Alert == "ProberTLSRegression" && !strings.Contains(r.Expr, `phase="tls",reason=~"weak_.*|version_.*"`) {
			t.Errorf("%s has another expression than this test", r.Alert)
		}
	}
	for _, doc := range reason.All() {
		phase, word, kind := doc.Phase().String(), doc.Word(), doc.Kind()
		replies := slices.Contains([]string{"headers", "body", "verify"}, phase)
		if got, want := replies && !protocol.MatchString(word), (kind == reason.Framing || kind == reason.Content) && word != "server_error"; got != want {
			t.Errorf("%s/%s (%v) is told as a broken protocol: %v, want %v", phase, word, kind, got, want)
		}
		if got, want := phase == "tls" && tls.MatchString(word), kind == reason.Strength; got != want {
			t.Errorf("%s/%s (%v) is told as a weakness of TLS: %v, want %v", phase, word, kind, got, want)
		}
	}
}

// Whether something is up, and for how long, is told by one clock, the server's: that of a prober may be off by hours. What ends at an
// instant, as certificates do, is all that is held against it.
func TestNoTwoClocksAreCompared(t *testing.T) {
	instants := regexp.MustCompile(`\w+_timestamp_seconds|\btime\(\)`)
	for _, r := range rules(t) {
		for _, found := range instants.FindAllString(r.Expr, -1) {
			if certificate := strings.HasPrefix(r.Record, "endpoint:certificate_"); !certificate || found != "time()" && !strings.HasPrefix(found, "endpoint_certificate_path_not_") {
				t.Errorf("%s%s reads %s: %s", r.Record, r.Alert, found, r.Expr)
			}
		}
	}
}
