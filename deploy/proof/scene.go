package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"syscall"
	"testing"
)

// A Scene is all that it takes to see who is told of what: a cloud, a prober of a dozen of its endpoints, a Prometheus with the
// rules, and an Alertmanager with the routes, whose receivers keep what comes.
type Scene struct {
	Binary   string
	Cloud    *Cloud
	Prober   *Prober
	Server   *Prometheus
	Receiver *Receiver
}

// StartScene starts one, and waits until the server has a result of every endpoint. The prober has flags besides.
func StartScene(t testing.TB, flags ...string) *Scene {
	t.Helper()
	s := &Scene{Binary: Built(t), Receiver: &Receiver{}}
	s.Cloud = StartCloud(t, s.Binary)
	s.Prober = StartProber(t, s.Binary, s.Cloud, append(some(), flags...)...)
	s.Server = StartPrometheus(t, Releases()[0], Setup{Probers: []*Prober{s.Prober}, Native: true, Alertmanager: StartAlertmanager(t, s.Receiver)})
	s.Server.await(t, "a result of every endpoint", "count(endpoint:up:quorum == 1)", 12)
	return s
}

// Told are the messages that come while something goes on, until all of it is mended and has ended, and the routes have had
// their time twice.
func (s *Scene) Told(t *testing.T, goesOn func()) []Message {
	t.Helper()
	before := len(s.Receiver.All())
	goesOn()
	s.Cloud.Mend(t)
	s.Ended(t)
	s.Server.pass(t, 20)
	all := s.Receiver.All()[before:]
	for _, m := range all {
		t.Log(m)
	}
	return all
}

// Ended waits until no alert is pending or fires.
func (s *Scene) Ended(t testing.TB) {
	t.Helper()
	Until(t, "an end of all alerts", func() string {
		alerts, err := s.Server.Alerts()
		if err != nil || len(alerts) > 0 {
			return fmt.Sprint(alerts, err)
		}
		return ""
	})
}

// Called waits until somebody is called of an alert, with whatever came before.
func (s *Scene) Called(t testing.TB, before int, alert string) {
	t.Helper()
	Until(t, "a message of "+alert, func() string {
		if calls := Calls(s.Receiver.All()[before:]); !slices.ContainsFunc(calls, func(m Message) bool { return m.Alert == alert }) {
			alerts, err := s.Server.Alerts()
			return fmt.Sprint(calls, "; alerts: ", alerts, err)
		}
		return ""
	})
}

// lines are whom messages call of what, each as often as they do.
func lines(messages []Message) (said []string) {
	for _, m := range Calls(messages) {
		said = append(said, m.To+" "+m.Alert)
	}
	slices.Sort(said)
	return said
}

// about are the values of a label over all alerts that a message says fire.
func (m Message) about(label string) []string {
	values := map[string]bool{}
	for _, a := range m.Firing() {
		values[a.Labels[label]] = true
	}
	return slices.Sorted(maps.Keys(values))
}

// some are flags that select a dozen endpoints of two providers: three products, of which two are in
// the same three regions.
func some() (flags []string) {
	for _, r := range []string{"cn-heyuan", "eu-west-1", "us-east-1", "ap-guangzhou", "ap-shanghai", "ap-beijing"} {
		flags = append(flags, "--region", r)
	}
	return flags
}

// Relist changes the list of endpoints while the prober runs, and has it read the list again.
func (s *Scene) Relist(t testing.TB, change func(endpoints []map[string]any) []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(s.Cloud.List)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]json.RawMessage{}
	var endpoints []map[string]any
	if err := errors.Join(json.Unmarshal(text, &list), json.Unmarshal(list["endpoints"], &endpoints)); err != nil {
		t.Fatal(err)
	}
	list["endpoints"], _ = json.Marshal(change(endpoints)) // came from JSON
	text, _ = json.Marshal(list)
	if err := errors.Join(os.WriteFile(s.Cloud.List, text, 0o600), s.Prober.program.cmd.Process.Signal(syscall.SIGHUP)); err != nil {
		t.Fatal(err)
	}
}
