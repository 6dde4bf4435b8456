package render_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"prober/probe/exchange"
	"prober/report"
	"prober/report/render"
)

func TestPageIsSmall(t *testing.T) {
	const limit = 3_000_000
	for name, outcome := range map[string]func(int) report.Outcome{
		"mostly kept":        mostly,
		"everything fails":   func(int) report.Outcome { return report.Fail },
		"nothing is decided": func(int) report.Outcome { return report.Inconclusive },
		"everything kept":    func(int) report.Outcome { return report.Pass },
	} {
		text := write(t, full(t, outcome), render.HTML)
		if len(text) > limit {
			t.Errorf("%s: %d bytes, want at most %d", name, len(text), limit)
		}
		if n := strings.Count(text, "<tr id=\"ecs/"); n != 17*60 {
			t.Errorf("%s: %d results of ECS, want %d", name, n, 17*60)
		}
	}
}

func TestPageSaysWhatItLeavesOut(t *testing.T) {
	text := write(t, full(t, func(int) report.Outcome { return report.Fail }), render.HTML)
	if n := strings.Count(text, `<details class="finding`); n != 300 {
		t.Errorf("%d findings are told in full, want 300", n)
	}
	if !strings.Contains(text, "4800 more are not told in full here") {
		t.Error("the page does not say that more has failed")
	}
	r := sample(t)
	for i := range 400 {
		r.Evidence = append(r.Evidence, report.Evidence{
			ID: fmt.Sprintf("big%d", i), Endpoint: "ecs/default/public", Kind: report.Exchanged,
			Exchange: &report.Exchange{Received: wire(string(bytes.Repeat([]byte("big"), 2000)))},
		})
	}
	text = write(t, r, render.HTML)
	said := regexp.MustCompile(`(\d+) of 403 pieces of evidence are left out to keep this page small, .* report.json has all of them`).FindStringSubmatch(text)
	if said == nil {
		t.Fatal("the page does not say that evidence is left out")
	}
	if n, _ := strconv.Atoi(said[1]); n < 100 || n > 300 || len(text) > 1_200_000 || strings.Count(text, `<details class="evidence"`) != 403-n {
		t.Errorf("%d pieces of evidence are left out, and the page has %d bytes", n, len(text))
	}
	if !strings.Contains(text, "863fdfc6cbe7c4f7") {
		t.Error("the evidence of a finding is left out, while that of others is not")
	}
	if text := write(t, sample(t), render.HTML); strings.Contains(text, "not told in full") || strings.Contains(text, "eft out") {
		t.Error("the small page says that it lacks something")
	}
}

// burdened is a run over the whole catalogue in which every result has as much to say as a
// program can say of it, and evidence of its own.
func burdened(t testing.TB) *report.Report {
	t.Helper()
	r := full(t, func(n int) report.Outcome {
		return []report.Outcome{report.Fail, report.Inconclusive, report.Pass}[n%3]
	})
	long := strings.Repeat(`what was "expected" & <seen> there`+"\n", 40)
	for i := range r.Results {
		res := &r.Results[i]
		id := fmt.Sprintf("%s/exchange-%d", res.Endpoint, i)
		r.Evidence = append(r.Evidence, report.Evidence{
			ID: id, Endpoint: res.Endpoint, Kind: report.Exchanged, Title: "an exchange that was had for " + string(res.Outcome),
			Exchange: &report.Exchange{Received: wire(string(bytes.Repeat([]byte(`{"Code":"<&>"}`), 100)))},
		})
		res.Evidence = append(res.Evidence, id)
		if res.Outcome != report.Pass {
			res.Detail, res.Expected, res.Got, res.Reproduce = fmt.Sprint(i, long), long, long, strings.Repeat(`prober check "x" && `, 20)
		}
	}
	return r
}

func TestPageOfALargeRunIsSmall(t *testing.T) {
	r := burdened(t)
	text := write(t, r, render.HTML)
	if len(text) > 3_000_000 {
		t.Errorf("%d bytes, want at most 3,000,000", len(text))
	}
	if !strings.Contains(text, " pieces of evidence are left out to keep this page small, those of passes first") {
		t.Error("the page does not say what it leaves out")
	}
	of := func(o report.Outcome) int {
		return strings.Count(text, "Evidence: an exchange that was had for "+string(o)+" <code>")
	}
	t.Logf("%d bytes; evidence of %d failures, %d undecided and %d passes", len(text), of(report.Fail), of(report.Inconclusive), of(report.Pass))
	if of(report.Fail) < 50 || of(report.Inconclusive) > 0 || of(report.Pass) > 0 {
		t.Errorf("evidence of %d failures, %d undecided and %d passes: want that of failures first", of(report.Fail), of(report.Inconclusive), of(report.Pass))
	}
	checkLinks(t, "burdened", text)
	// Where there is room for some of the others, that of what could not be decided comes
	// before that of passes.
	for i := range r.Results {
		if r.Results[i].Outcome == report.Fail {
			r.Results[i].Outcome = report.Pass
		}
	}
	text = write(t, r, render.HTML)
	if of(report.Inconclusive) < 50 || of(report.Pass) > 0 {
		t.Errorf("evidence of %d undecided and %d passes: want that of the undecided first", of(report.Inconclusive), of(report.Pass))
	}
}

func TestPageLoadsNothing(t *testing.T) {
	text := write(t, sample(t), render.HTML)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil || !strings.HasPrefix(policy[1], "default-src &#39;none&#39;; ") || strings.Contains(policy[1], "unsafe") {
		t.Fatalf("policy %q", policy)
	}
	for _, element := range []string{"style", "script"} {
		found := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(text, -1)
		if len(found) != 1 {
			t.Fatalf("%d %s elements, want 1", len(found), element)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		want := fmt.Sprintf("%s-src &#39;sha256-%s&#39;", element, strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;"))
		if !strings.Contains(policy[1], want) {
			t.Errorf("the policy does not allow the %s: want %s in %s", element, want, policy[1])
		}
	}
	for _, bad := range []string{" src=", "<link", "<iframe", "@import", "url(", " style=", " onclick="} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestPageOfHostileTexts(t *testing.T) {
	text := write(t, spiteful(t), render.HTML)
	if strings.Contains(text, "<img") || strings.Count(text, "</script") != 1 || strings.ContainsAny(text, "\x00\x1b") {
		t.Errorf("a text of the report is markup of the page")
	}
	if n := strings.Count(text, "&lt;img src=x onerror=alert(1)&gt;"); n < 8 {
		t.Errorf("the text is shown %d times", n)
	}
	// A report that was not checked cannot bring a script in by a link.
	r := sample(t)
	r.Requirements[1].URL = "javascript:alert(1)"
	if text := write(t, r, render.HTML); strings.Contains(text, "javascript:") {
		t.Error("the page links to a script")
	}
}

func TestPageTellsEvidence(t *testing.T) {
	text := write(t, sample(t), render.HTML)
	for _, want := range []string{
		"TLS1.0 accepted by both addresses",                 // a note
		"GET / HTTP/1.1\nHost: kms.cn-beijing.aliyuncs.com", // an exchange, as text
		"00000000  48 54 54 50 2f 31 2e 31",                 // and as bytes
		"&lt;b&gt;\uFFFD( caf\uFFFD&lt;/b&gt;\uFFFD",        // with what is no text
		"NXDOMAIN", "kms.cn-beijing.aliyuncs.com AAAA", // DNS answers
		"fatal protocol_version (70)", "HelloRetryRequest", // the version table
		"CN=Sandbox Issuing CA,O=Sandbox", "2027-02-19", // the chain
		"The same certificates as 127.0.0.1.",           // once
		`<rect class="tls"`, "tls 3.3ms", "total 6.9ms", // phases
		"<code>MissingAccessKeyId</code>", "HTTP/1.1 400", // the reply
		"openssl s_client -connect 127.0.0.1:443 -ssl3 &lt;/dev/null", "SSLv3 accepted at 127.0.0.1",
		`<a href="https://github.com/AlibabaCloudDocs/kms">Request syntax</a>, Communication protocols, 2021-01-28`,
		"skip: private-network",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not tell %q", want)
		}
	}
	if n := strings.Count(text, "863fdfc6cbe7c4f75e4396eeb354b7e010a7a890e847ff1628ab7e75e719350c"); n != 1 {
		t.Errorf("a certificate of two addresses is told %d times", n)
	}
}

var (
	anchors = regexp.MustCompile(` id="([^"]+)"`)
	links   = regexp.MustCompile(` href="#([^"]+)"`)
)

func TestPageLinksLeadSomewhere(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": sample(t), "full": full(t, mostly), "empty": empty(t)} {
		there := checkLinks(t, name, write(t, r, render.HTML))
		for _, res := range r.Results {
			if !there[res.Endpoint+"/"+res.Requirement] {
				t.Fatalf("%s: no anchor for %s %s", name, res.Endpoint, res.Requirement)
			}
		}
	}
}

// checkLinks returns the anchors of a page, to which all of its links must lead.
func checkLinks(t *testing.T, name, text string) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for _, m := range anchors.FindAllStringSubmatch(text, -1) {
		if there[m[1]] {
			t.Errorf("%s: the id %q stands twice", name, m[1])
		}
		there[m[1]] = true
	}
	for _, m := range links.FindAllStringSubmatch(text, -1) {
		to, err := url.PathUnescape(m[1])
		if err != nil || !there[to] {
			t.Fatalf("%s: a link leads to %q, which is not there", name, m[1])
		}
	}
	return there
}

func TestPageOfNothing(t *testing.T) {
	text := write(t, empty(t), render.HTML)
	if !strings.Contains(text, "nothing was selected") || !strings.Contains(text, "Conformance: inconclusive") {
		t.Errorf("got %s", text[:3000])
	}
}

// The page says how much there was, and how much of it it shows.
func TestPageTellsTheTrueSizes(t *testing.T) {
	text := strings.Repeat("x", 4096)
	r := sample(t)
	for i := range r.Evidence {
		if r.Evidence[i].Kind == report.Exchanged {
			r.Evidence[i].Exchange = report.NewExchange(exchange.Evidence{
				Sent:     exchange.Wire{Text: text, Shown: 4096, Bytes: 65536, Unsent: 983428, Body: 65149},
				Received: exchange.Wire{Text: text, Shown: 4096, Bytes: 5100, Body: 4900},
				Decoded:  exchange.Wire{Text: text, Shown: 4096, Bytes: 1048577, Body: 1048577},
			})
		}
	}
	page := write(t, r, render.HTML)
	for _, want := range []string{
		"Sent, 65,536 of 1,048,964 bytes, 65,149 of them body; the first 4,096 are shown<",
		"Received, 5,100 bytes, 4,900 of them body; the first 4,096 are shown<",
		"The body, decoded, 1,048,577 bytes; the first 4,096 are shown<",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// wire is all that went one way over a connection, as a report has it.
func wire(text string) report.Wire {
	return report.NewExchange(exchange.Evidence{Sent: exchange.Wire{Text: text, Shown: len(text), Bytes: int64(len(text))}}).Sent
}
