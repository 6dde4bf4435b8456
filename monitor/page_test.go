package monitor

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"prober/catalog"
	"prober/limit"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

func TestPage(t *testing.T) {
	golden(t, "page.html", get(t, scene(t, nil), "/").Body.Bytes())
}

func TestPageSaysTheVerdictFirst(t *testing.T) {
	tests := []struct {
		name    string
		results []reason.Reason // of three active endpoints
		want    string
	}{
		{"nothing yet", nil, "Nothing is known yet about 3 active endpoints"},
		{"all up", []reason.Reason{reason.None, reason.None, reason.None}, "All 3 active endpoints are up"},
		{"some up", []reason.Reason{reason.None, reason.None}, "2 of 3 active endpoints are up, 1 is not probed yet"},
		{"one down", []reason.Reason{reason.None, reason.ConnectReset, reason.HeadersBareLF}, "1 of 3 active endpoints is down: kms/region-0-1/public (connect/reset)"},
		{"many down", []reason.Reason{reason.TLSCertUsage, reason.VerifyServerError, reason.VerifyBadStatus}, "3 of 3 active endpoints are down: ecs/region-0-0/public, ecs/region-0-2/public, kms/region-0-1/public (3 reasons)"},
		{"two down", []reason.Reason{reason.VerifyServerError, reason.VerifyServerError}, "2 of 3 active endpoints are down: ecs/region-0-0/public, kms/region-0-1/public (verify/server_error)"},
		{"degraded", []reason.Reason{reason.None, reason.HeadersBareLF}, "1 of 3 active endpoints is degraded, 1 is not probed yet: kms/region-0-1/public (headers/bare_lf)"},
		{"degraded alone", []reason.Reason{reason.None, reason.HeadersBareLF, reason.None}, "1 of 3 active endpoints is degraded, none is down: kms/region-0-1/public (headers/bare_lf)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := targets(3)
			m, _ := monitorOf(t, list, nil)
			for i, r := range tt.results {
				o := okObservation(list[i], epoch)
				if r != reason.None {
					o = badObservation(list[i], epoch, r)
				}
				feed(t, m, o)
			}
			body := get(t, m, "/").Body.String()
			if at := strings.Index(body, tt.want+"</h1>"); at < 0 || at > strings.Index(body, "<table") {
				t.Errorf("%q is not before the tables of\n%s", tt.want, body)
			}
		})
	}
	m, _ := monitorOf(t, nil, nil)
	if body := get(t, m, "/").Body.String(); !strings.Contains(body, "No active endpoint is listed") || !strings.Contains(body, "No endpoint is listed.") {
		t.Errorf("an empty list:\n%s", body)
	}
}

func TestClosedEndpointsDoNotChangeTheVerdict(t *testing.T) {
	list := targets(2)
	list[1].Endpoint.Lifecycle = catalog.Closed
	m, _ := monitorOf(t, list, nil)
	feed(t, m, okObservation(list[0], epoch))
	feed(t, m, badObservation(list[1], epoch, reason.ResolveNXDomain))
	body := get(t, m, "/").Body.String()
	if !strings.Contains(body, "The 1 active endpoint is up</h1>") || !strings.Contains(body, "1 closed or doubtful endpoint does not count") {
		t.Errorf("verdict:\n%s", body[:600])
	}
	if strings.Contains(body, "What is wrong now") {
		t.Error("a closed endpoint is listed as a problem")
	}
	if !strings.Contains(body, `<span class="tag">closed</span>`) {
		t.Error("it is not marked as closed")
	}
}

// voidElements have no end tag in HTML.
var voidElements = map[string]bool{"meta": true, "link": true, "br": true, "input": true}

// wellFormed checks that every element is closed where it must be and returns how often
// each occurs.
func wellFormed(t *testing.T, body string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	ids := map[string]bool{}
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				t.Errorf("reading the page: %v", err)
			}
			if len(open) > 0 {
				t.Errorf("never closed: %v", open)
			}
			return counts
		case html.StartTagToken:
			token := z.Token()
			counts[token.Data]++
			for _, a := range token.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s %s> is against the page's own policy", token.Data, a.Key)
				}
				if a.Key == "id" {
					if ids[a.Val] {
						t.Errorf("the id %q is there twice", a.Val)
					}
					ids[a.Val] = true
				}
			}
			if !voidElements[token.Data] {
				open = append(open, token.Data)
			}
		case html.SelfClosingTagToken:
			counts[z.Token().Data]++
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				t.Errorf("</%s> closes %v", name, open)
				return counts
			}
			open = open[:len(open)-1]
		}
	}
}

func TestPageIsWellFormedAndAccessible(t *testing.T) {
	body := get(t, scene(t, nil), "/").Body.String()
	counts := wellFormed(t, body)
	if counts["caption"] != counts["table"] || counts["table"] != 3 {
		t.Errorf("%d captions of %d tables", counts["caption"], counts["table"])
	}
	if counts["h1"] != 1 || counts["script"] != 1 || counts["style"] != 0 || counts["img"] != 0 {
		t.Errorf("elements: %v", counts)
	}
	for _, want := range []string{`<html lang="en">`, `<th scope="col">`, `<th scope="row">`, `role="img" aria-label="last 5 results: 2 ok, 0 degraded, 3 fail, 0 unknown"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for o, symbol := range map[reason.Outcome]string{reason.Unknown: "○", reason.OK: "●", reason.Degraded: "▲", reason.Fail: "■"} {
		if !strings.Contains(body, `<td class="`+o.String()+`"><span aria-hidden="true">`+symbol+`</span> `) {
			t.Errorf("no row shows %v by word, shape and colour", o)
		}
	}
	if strings.Contains(body, "http-equiv") {
		t.Error("the page reloads unasked")
	}
	if !strings.Contains(get(t, scene(t, nil), "/?refresh=30").Body.String(), `<meta http-equiv="refresh" content="30">`) {
		t.Error("the page does not reload although asked")
	}
}

func TestWireTextIsEscapedOnThePage(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	o := badObservation(x, epoch, reason.TLSCertHostname)
	evil := `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
	o.Detail, o.Reproduce = evil, evil
	for i := range o.Addresses[0].TLS.Certificates {
		o.Addresses[0].TLS.Certificates[i].Subject = evil
		o.Addresses[0].TLS.Certificates[i].Issuer = evil
	}
	feed(t, m, o)
	counts := wellFormed(t, get(t, m, "/").Body.String())
	if counts["script"] != 1 || counts["img"] != 0 {
		t.Errorf("text became elements: %v", counts)
	}
	query := get(t, m, `/?product="><script>&state=<b>&region=<script>&text=<script>&page=<script>`).Body.String()
	if counts := wellFormed(t, query); counts["script"] != 1 || counts["b"] != 0 {
		t.Errorf("the query became elements: %v", counts)
	}
}

func TestFilter(t *testing.T) {
	m := scene(t, nil)
	rows := func(path string) int { return strings.Count(get(t, m, path).Body.String(), `<td class="for">`) }
	for path, want := range map[string]int{
		"/": 6, "/?product=kms": 4, "/?product=ecs&state=fail": 1, "/?state=unknown": 2, "/?product=nowhere": 6, "/?state=odd": 6,
		"/?region=cn-hangzhou": 3, "/?region=nowhere": 0, "/?network=vpc": 1, "/?network=odd": 6, "/?text=BEIJING": 1, "/?text=kms+hangzhou": 2, "/?text=hangzhou+nothing": 0,
		"/?text=tls/cert_expired": 1, "/?text=" + strings.Repeat("kms+", 100): 4, "/?page=-1": 6, "/?page=99": 6, "/?page=odd": 6,
	} {
		if got := rows(path); got != want {
			t.Errorf("%s shows %d endpoints, want %d", path, got, want)
		}
	}
}

func TestALongListHasSeveralPages(t *testing.T) {
	m, _ := monitorOf(t, targets(limit.WebRows+7), nil)
	seen := map[string]bool{}
	for page, want := range map[string][]string{
		"/":        {"Endpoints 1 to 100 of 107.", `href="?page=2">Next`},
		"/?page=2": {"Endpoints 101 to 107 of 107.", `href="?">Previous`},
	} {
		body := get(t, m, page).Body.String()
		for _, text := range append(want, "about 107 active endpoints") {
			if !strings.Contains(body, text) {
				t.Errorf("%s does not say %q", page, text)
			}
		}
		for _, row := range regexp.MustCompile(`<tr id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
			seen[row[1]] = true
		}
	}
	if len(seen) != limit.WebRows+7 {
		t.Errorf("%d endpoints on both pages", len(seen))
	}
}

// A browser shows every row, and nothing scrolls sideways, on a phone either: endpoints with long
// names and texts among them.
func TestPageInChromium(t *testing.T) {
	needs.Patience(t, "takes seconds of a browser")
	chromium := needs.Program(t, "chromium")
	long := strings.Repeat("long-", 20)
	m := scene(t, func(c *Config) {
		x := target("kms/"+long+"/vpc", long+strings.Repeat("x", 63)+".example.com")
		c.Targets = append(c.Targets, x)
	})
	o := badObservation(target("kms/"+long+"/vpc", long+strings.Repeat("x", 63)+".example.com"), epoch, reason.TLSCertExpired)
	o.Detail, o.Reproduce = strings.Repeat("y", 200), strings.Repeat("z", 200)
	feed(t, m, o)
	mux, css := http.NewServeMux(), get(t, m, "/style.css").Body.Bytes()
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write(css)
	})
	page := strings.ReplaceAll(get(t, m, "/").Body.String(), "<details>", "<details open>")
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<!DOCTYPE html><title>frames</title><p id=seen></p>`)
		for _, width := range []int{320, 360, 760, 1280} {
			_, _ = fmt.Fprintf(w, `<iframe src="/page" style="width:%dpx;height:600px;border:0"></iframe>`, width)
		}
		_, _ = io.WriteString(w, `<script>onload = () => { seen.textContent = [...document.querySelectorAll("iframe")].map(f => {
			const d = f.contentDocument, wide = [...d.querySelectorAll("html, section")].filter(e => e.scrollWidth > e.clientWidth).length;
			return "width " + f.clientWidth + ": " + d.querySelectorAll("td.for").length + " rows, " + wide + " too wide";
		}).join("; ") + "." }</script>`)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(), "--virtual-time-budget=2000", "--window-size=1400,900",
	}
	out, err := exec.Command(chromium, append(slices.Clone(args), "--dump-dom", server.URL+"/")...).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	// The browser writes down what it understood.
	if want := "width 320: 7 rows, 0 too wide; width 360: 7 rows, 0 too wide; width 760: 7 rows, 0 too wide; "; !strings.Contains(string(out), want) {
		t.Errorf("%q is not in what the browser says:\n%s", want, out)
	}
	if dir := os.Getenv("PROBER_SCREENSHOTS"); dir != "" {
		if out, err := exec.Command(chromium, append(args, "--screenshot="+filepath.Join(dir, "status.png"), server.URL+"/")...).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// The pictures are XML inside the page.
func TestPicturesAreXML(t *testing.T) {
	body := get(t, scene(t, nil), "/").Body.String()
	pictures := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(body, -1)
	if len(pictures) < 6 {
		t.Fatalf("%d pictures", len(pictures))
	}
	for _, p := range pictures {
		d := xml.NewDecoder(strings.NewReader(p))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, p)
			}
		}
	}
}
