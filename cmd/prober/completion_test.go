package main

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"prober/files"
)

func TestCompletion(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"serve --log.", "--log.format"},
		{"serve --confi", "--confirm"},
		{"serve --config", "--config.file"},
		{"doctor --contr", "--control"},
		{"health --pass", "--password-file"},
		{"serve --log.level d", "debug"},
		{"serve --log.format j", "json"},
		{"serve --metrics.detail r", "region"},
		{"check --product k", "kms"},
		{"check --region cn-hang", "cn-hangzhou"},
		{"check --inside a", "all"},
		{"check --fault *=resolver", "*=resolver_unavailable_servfail"},
		{"check --fault kms/cn-hangzhou/pub", "kms/cn-hangzhou/public="},
		{"sandbox --fault kms/cn-hangzhou/public=cert_exp", "kms/cn-hangzhou/public=cert_expired"},
		{"conformance --fault *=cert_exp", "*=cert_expired"},
		{"conformance --requirement KMS-TLS-0", "KMS-TLS-02"},
		{"conformance --group t", "tls"},
		{"report render x.json --format code", "codequality"},
		{"report compare a b --output j", "json"},
		{"explain tls/cert_exp", "tls/cert_expired"},
		{"explain KMS-TLS-0", "KMS-TLS-02"},
		{"check kms/cn-hang", "kms/cn-hangzhou/public"},
		{"conformance --fail-on m", "must"},
		{"endpoints list --network v", "vpc"},
		{"doctor --output j", "json"},
		{"conformance --level S", "SHOULD"},
		{"conformance --label-filter req:KMS-TLS-0", "req:KMS-TLS-02"},
		{"check --latency dns=1ms,fir", "dns=1ms,first_byte="},
		{"serve --world pub", "public="},
		{"serve --shard h", "hostname/"},
		{"check --endpoints ../../docs/examples/hosts-1000.yaml --endpoints builtin --product fle", "fleet"},
		{"check --endpoints ../../docs/examples/hosts-1000.yaml --endpoints builtin --product km", "kms"},
		{"explain --endpoints ../../docs/examples/hosts-1000.yaml FLEET-TLS-0", "FLEET-TLS-01"},
		{"help rep", "report"},
		{"completion fi", "fish"},
		{"d", "doctor"},
		{"hea", "health"},
	} {
		words := strings.Fields(tt.typed)
		got := runApp(t, nil, append([]string{"__complete"}, words...)...)
		if last := words[len(words)-1]; got.code != 0 || !strings.Contains("\n"+got.stdout, "\n"+tt.want) || !strings.HasPrefix(tt.want, last) {
			t.Errorf("%q: exit code %d, %q, want %s", tt.typed, got.code, got.stdout, tt.want)
		}
	}
	if got := runApp(t, nil, "__complete", "check", "--endpoints", "/nowhere", "--product", ""); strings.Contains(got.stdout, "kms") {
		t.Errorf("of a list that cannot be read: %q", got.stdout)
	}
}

// Every flag and every argument completes with something of its own: words, files where a file is wanted, folders, or
// nothing. What nobody thought of completes with files.
func TestEveryFlagCompletes(t *testing.T) {
	root := (&app{out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }}).root()
	for _, cmd := range commandsBelow(root) {
		directive := func(words ...string) string {
			line := append(append([]string{"__complete"}, strings.Fields(cmd.CommandPath())[1:]...), words...)
			got := runApp(t, nil, line...)
			i := strings.LastIndexByte(got.stdout, ':')
			if got.code != 0 || i < 0 {
				t.Fatalf("%s %q: exit code %d, %q", cmd.CommandPath(), words, got.code, got.stdout)
			}
			return strings.TrimSpace(got.stdout[i:])
		}
		wanted := func(what string) string {
			switch what {
			case "FILE", "OLD", "NEW":
				return ":0"
			case "REPORT":
				return ":8" // by the ends of names
			case "DIR":
				return ":16"
			}
			return ":4"
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			want, got := "", ""
			switch what, _ := pflag.UnquoteUsage(f); {
			case f.Value.Type() == "bool":
				return
			case f.Name == configFlag:
				want = ":8"
			default:
				want = wanted(what)
			}
			if got = directive("--"+f.Name, ""); got != want && (got != ":6" || want != ":4") { // :6 is :4 without a space behind
				t.Errorf("%s --%s completes with %s, want %s", cmd.CommandPath(), f.Name, got, want)
			}
		})
		if _, takes, _ := strings.Cut(cmd.Use, " "); !cmd.HasSubCommands() && cmd.Name() != "help" {
			first, _, _ := strings.Cut(takes, " ")
			if got, want := directive(""), wanted(strings.Trim(first, "[].")); got != want {
				t.Errorf("%s: its argument completes with %s, want %s", cmd.CommandPath(), got, want)
			}
			if got := directive("a", "b", "c", ""); got != ":4" && !strings.Contains(takes, "...") {
				t.Errorf("%s: beyond what it takes, %s", cmd.CommandPath(), got)
			}
		}
	}
}

// A word that a flag with a closed set does not know is told with those that it knows, or the one that was meant.
func TestClosedSetsAreTold(t *testing.T) {
	root := (&app{out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }}).root()
	known, seen := completions(), map[string]bool{}
	list, err := catalogue(files.Until(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range commandsBelow(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if known[f.Name] == nil || seen[f.Name] || f.Name == "label-filter" || f.Name == "shard" { // expressions
				return
			}
			seen[f.Name] = true
			word := known[f.Name](list, "")[0]
			wrong := strings.TrimRight(word, "=") + "x"
			if strings.Contains(wrong, "/") || strings.HasSuffix(word, "=") {
				wrong += "=1"
			}
			line := append(strings.Fields(cmd.CommandPath())[1:], "--"+f.Name, wrong)
			if cmd.Name() == "render" {
				line = append(line, "no-such-report.json")
			}
			if cmd.Flags().Lookup("sandbox") != nil && f.Name != "world" {
				line = append(line, "--sandbox")
			}
			if f.Name == "inside" {
				line = append(line, "--network", "all")
			}
			if got := runApp(t, nil, line...); got.code != 2 || !strings.Contains(got.stderr, strings.Trim(word, "*=")) || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("%q: exit code %d, want a line with %q: %s", line, got.code, word, got.stderr)
			}
		})
	}
	if len(seen) != len(known)-2 {
		t.Errorf("%d of %d flags were tried", len(seen), len(known)-2)
	}
}

// Whatever has a name is guessed when it is misspelt.
func TestDidYouMean(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"chek":                                  "check",
		"report rendr":                          "render",
		"help chek":                             "check",
		"help report rendr":                     "render",
		"completion bsh":                        "bash",
		"completion bash zsh":                   "",
		"check --sandbx":                        "--sandbox",
		"check --sandbx=true":                   "--sandbox",
		"check --product kmss":                  "kms",
		"check --sandbox --region cn-hangzou":   "cn-hangzhou",
		"check --sandbox --inside cn-hangzou":   "cn-hangzhou",
		"check --sandbox kms/cn-hangzou/public": "kms/cn-hangzhou/public",
		"check --sandbox --fault kms/cn-hangzou/public=cert_expired": "kms/cn-hangzhou/public",
		"check --sandbox --fault kms/cn-hangzhou/public=cert_expird": "cert_expired",
		"report render x --format htm":                               "html",
		"conformance --sandbox --requirement KMS-TLS-2":              "KMS-TLS-02",
		"conformance --sandbox --group tlss":                         "tls",
		"explain cert_expird":                                        "cert_expired",
		"explain tls/cert_expird":                                    "tls/cert_expired",
		"explain KMS-TLS-2":                                          "KMS-TLS-02",
		"explain catalogue.ruls":                                     "rules",
		"explain something-else-altogether":                          "",
	} {
		r := runApp(t, nil, strings.Fields(line)...)
		if hinted := strings.Contains(r.stderr, "did you mean"); r.code != 2 || strings.Count(r.stderr, "\n") != 1 || want != "" && (!hinted || !strings.Contains(r.stderr, `did you mean "`+want+`"?`)) {
			t.Errorf("%s: exit code %d, want %q: %s", line, r.code, want, r.stderr)
		}
	}
}

// The help of every command fits a terminal of 80 columns.
func TestHelpFits(t *testing.T) {
	root := (&app{out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }}).root()
	for _, cmd := range commandsBelow(root) {
		words := strings.Fields(cmd.CommandPath())[1:]
		got := runApp(t, nil, append(words, "--help")...)
		if got.code != 0 || got.stdout == "" {
			t.Errorf("%s --help: exit code %d", cmd.CommandPath(), got.code)
		}
		for line := range strings.Lines(got.stdout) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > helpWidth {
				t.Errorf("%s --help: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
	}
}
