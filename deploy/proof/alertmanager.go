package proof

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"prober/needs"
)

// A Receiver keeps the messages that an Alertmanager sends. Its zero value works.
type Receiver struct {
	mu       sync.Mutex
	messages []Message
}

// A Message is one that somebody is called by: its receiver, the alert's name, and what it is about.
type Message struct {
	To     string
	Alert  string
	About  []map[string]string // labels of each alert that fires
	Reason []string            // descriptions
}

// ServeHTTP takes a message. Those which say that all is well again call nobody.
func (r *Receiver) ServeHTTP(_ http.ResponseWriter, q *http.Request) {
	var body struct {
		Status string `json:"status"`
		Alerts []struct {
			Status      string            `json:"status"`
			Labels      map[string]string `json:"labels"`
			Annotations map[string]string `json:"annotations"`
		} `json:"alerts"`
	}
	if json.NewDecoder(q.Body).Decode(&body) != nil || body.Status != "firing" {
		return
	}
	m := Message{To: strings.TrimPrefix(q.URL.Path, "/")}
	for _, a := range body.Alerts {
		if a.Status == "firing" {
			m.Alert = a.Labels["alertname"]
			m.About = append(m.About, a.Labels)
			m.Reason = append(m.Reason, a.Annotations["description"])
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, m)
}

// Messages are those that came so far.
func (r *Receiver) Messages() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.messages)
}

// StartAlertmanager starts one with the committed routes, [Scaled], whose receivers are all this one. It
// returns the address.
func StartAlertmanager(t testing.TB, to *Receiver) string {
	t.Helper()
	path, dir, address := needs.Program(t, "prometheus-alertmanager"), t.TempDir(), freeAddress(t)
	hook := httptest.NewServer(to)
	t.Cleanup(hook.Close)
	config := strings.ReplaceAll(Scaled(committed(t, "alertmanager.yml")), "http://127.0.0.1:9", hook.URL)
	p := run(t, "alertmanager", path, "--config.file="+write(t, dir, "alertmanager.yml", config),
		"--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=")
	p.answers(t, "http://"+address+"/-/ready")
	return address
}
