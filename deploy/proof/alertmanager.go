package proof

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/needs"
)

// A Receiver keeps the messages that an Alertmanager sends. Its zero value works.
type Receiver struct {
	mu       sync.Mutex
	messages []Message
	mails    []Mail
}

// A Message is what came: to whom it is, of which alert, and what it is about.
type Message struct {
	At     time.Time
	To     string
	Status string // firing, or resolved where nothing of it fires any more
	Alert  string
	About  []About
}

// About is one alert of a message.
type About struct {
	Status string            `json:"status"`
	Starts time.Time         `json:"startsAt"`
	Labels map[string]string `json:"labels"`
	Notes  map[string]string `json:"annotations"`
}

// ServeHTTP takes a message.
func (r *Receiver) ServeHTTP(_ http.ResponseWriter, q *http.Request) {
	var body struct {
		Status string            `json:"status"`
		Group  map[string]string `json:"groupLabels"`
		Alerts []About           `json:"alerts"`
	}
	if json.NewDecoder(q.Body).Decode(&body) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, Message{time.Now(), strings.TrimPrefix(q.URL.Path, "/"), body.Status, body.Group["alertname"], body.Alerts})
}

// All are the messages that came so far.
func (r *Receiver) All() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.messages)
}

// Calls are those that call somebody: not those which say that all is well again.
func Calls(messages []Message) []Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m Message) bool { return m.Status != "firing" })
}

// Firing are the alerts of a message that fire.
func (m Message) Firing() []About {
	return slices.DeleteFunc(slices.Clone(m.About), func(a About) bool { return a.Status != "firing" })
}

// String is a line for the message, and one for each alert in it.
func (m Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s to %s: %s", m.At.Format(time.TimeOnly+".000"), m.Status, m.To, m.Alert)
	for _, a := range m.About {
		fmt.Fprintf(&b, "\n  %s since %s: %v %s", a.Status, a.Starts.Format(time.TimeOnly+".000"), a.Labels, a.Notes["description"])
	}
	return b.String()
}

// StartAlertmanager starts one with the committed routes, [Scaled], whose receivers are all this one, by webhook, and for who is
// on call by mail, too, as docs/alerts.md has it. It returns the address.
func StartAlertmanager(t testing.TB, to *Receiver) string {
	t.Helper()
	path, dir, address := needs.Program(t, "prometheus-alertmanager"), t.TempDir(), needs.FreeAddress(t)
	hook := httptest.NewServer(to)
	t.Cleanup(hook.Close)
	config := strings.ReplaceAll(Scaled(committed(t, "alertmanager.yml")), "http://127.0.0.1:9", hook.URL)
	write(t, dir, "prober.tmpl", committed(t, "prober.tmpl"))
	mail := block(t, "alerts.md", "on-call", "mail.example.com:587", to.mail(t), "send_resolved: true", "send_resolved: true\n        require_tls: false")
	const onCall = "  - name: on-call\n"
	if !strings.Contains(config, onCall) {
		t.Fatal("alertmanager.yml has no receiver on-call")
	}
	config = "templates: [\"prober.tmpl\"]\n" + strings.Replace(config, onCall, onCall+mail, 1)
	p := run(t, "alertmanager", path, "--config.file="+write(t, dir, "alertmanager.yml", config),
		"--storage.path="+dir, "--log.level=debug", "--web.listen-address="+address, "--cluster.listen-address=")
	p.answers(t, "http://"+address+"/-/ready")
	return address
}

// forget forgets what came so far.
func (r *Receiver) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages, r.mails = nil, nil
}
