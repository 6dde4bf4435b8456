package proof

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// block is a block of YAML that a page of docs/ shows, by the name in its first line, with durations [Scaled] and
// other values put in.
func block(t testing.TB, page, name string, values ...string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	_, found, _ := strings.Cut(string(text), "```yaml\n# "+name+"\n")
	found, _, ended := strings.Cut(found, "```")
	if !ended {
		t.Fatalf("docs/%s shows no %s", page, name)
	}
	for i := 0; i < len(values); i += 2 {
		if !strings.Contains(found, values[i]) {
			t.Fatalf("%s of docs/%s has no %s", name, page, values[i])
		}
		found = strings.ReplaceAll(found, values[i], values[i+1])
	}
	found = strings.ReplaceAll(found, "scrape_interval: 30s", "scrape_interval: "+scrape)
	return strings.ReplaceAll(found, "evaluation_interval: 30s", "evaluation_interval: "+evaluation)
}

// StartReceiver starts the server that docs/many-probers.md describes. It takes what is no longer written for gone after
// five minutes, scaled.
func StartReceiver(t testing.TB, r Release, alertmanager string) (*Prometheus, func()) {
	t.Helper()
	dir, address := t.TempDir(), needs.FreeAddress(t)
	if err := os.Mkdir(filepath.Join(dir, "prober"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeScaled(t, filepath.Join(dir, "prober"))
	p := run(t, "receiver", r.Path(t),
		"--config.file="+write(t, dir, "prometheus.yml", block(t, "many-probers.md", "prometheus.yml", "127.0.0.1:9093", alertmanager)),
		"--storage.tsdb.path="+dir+"/data", "--web.listen-address="+address, "--web.enable-remote-write-receiver", "--query.lookback-delta=10s")
	p.answers(t, "http://"+address+"/-/ready")
	return &Prometheus{URL: "http://" + address}, p.end
}

// StartAgent starts an agent of docs/many-probers.md, which scrapes two probers.
func StartAgent(t testing.TB, r Release, vantage string, probers [2]*Prober, receiver *Prometheus) {
	t.Helper()
	dir, address := t.TempDir(), needs.FreeAddress(t)
	config := block(t, "many-probers.md", "agent.yml", "berlin", vantage, "127.0.0.1:9115", probers[0].Address, "127.0.0.1:9125", probers[1].Address, "http://127.0.0.1:9090", receiver.URL)
	p := run(t, "agent-"+vantage, r.Path(t), "--agent", "--config.file="+write(t, dir, "agent.yml", config), "--storage.agent.path="+dir+"/data", "--web.listen-address="+address)
	p.answers(t, "http://"+address+"/-/ready")
}

// A Page is prober page.
type Page struct{ URL string }

// StartPage starts one that shows what a server has.
func StartPage(t testing.TB, prober string, server *Prometheus) *Page {
	t.Helper()
	address := needs.FreeAddress(t)
	p := run(t, "page", prober, "page", "--prometheus", server.URL, "--web.listen-address", address)
	p.answers(t, "http://"+address+"/-/healthy")
	return &Page{"http://" + address}
}

// Get is what a path answers.
func (p *Page) Get(t testing.TB, path string) (status int, text string) {
	t.Helper()
	r, err := http.Get(p.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// shown is an endpoint as the page's JSON has it.
type shown struct {
	ID, Outcome, Reason, Detail string
	Stale                       bool
}

// Endpoints are all endpoints of the page.
func (p *Page) Endpoints(t testing.TB) (all []shown) {
	t.Helper()
	_, text := p.Get(t, "/api/v1/endpoints")
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err, text)
	}
	return all
}
