package monitor

import (
	"strings"
	"testing"
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// The redirects that were followed stand on the page of the endpoint and in its JSON, made harmless.
func TestHopsAreShown(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	o := okObservation(x, epoch)
	feed(t, m, o)
	if body := get(t, m, "/endpoints/"+x.Endpoint.ID).Body.String(); strings.Contains(body, "Redirects") {
		t.Error("redirects are told where none was followed")
	}
	o = okObservation(x, epoch.Add(time.Minute))
	o.Addresses[0].HTTP = &probe.HTTPFacts{Status: 200, Hops: []probe.Hop{{
		URL: "http://a.example/<b>", Address: o.Addresses[0].Address, Status: 302, To: "https://a.example/\x1b[31m", Duration: reason.Seconds(12 * time.Millisecond),
	}}}
	feed(t, m, o)
	want := "<p>Redirects that were followed at " + o.Addresses[0].Address.String() + ":</p>\n<ol>\n<li>302 from http://a.example/&lt;b&gt; to https://a.example/\\u001b[31m, after 12 ms</li>"
	if body := get(t, m, "/endpoints/"+x.Endpoint.ID).Body.String(); !strings.Contains(body, want) {
		t.Errorf("%q is not in\n%s", want, body)
	}
	const json = `"hops":[{"url":"http://a.example/\u003cb\u003e","address":"`
	if body := get(t, m, "/api/v1/endpoints/"+x.Endpoint.ID).Body.String(); !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(body, "\n", ""), " ", ""), json) {
		t.Errorf("%q is not in\n%s", json, body)
	}
}
