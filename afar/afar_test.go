package afar

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/page"
	"prober/monitor/view"
	"prober/probe/reason"
)

// fake is a server that knows some expressions, by how they begin.
type fake map[string]string

const endpointOf = `"product":"kms","region":"r1","network":"public","host":"h1","lifecycle":"active"`

func (f fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	expr := r.FormValue("query")
	best := ""
	for begin := range f {
		if strings.HasPrefix(expr, begin) && len(begin) > len(best) {
			best = begin
		}
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[%s]}}`, f[best])
}

func sample(labels string, at time.Time, value string) string {
	return fmt.Sprintf(`{"metric":{%s},"value":[%d,%q]}`, labels, at.Unix(), value)
}

// told is a source that has read once.
func told(t *testing.T, h http.Handler, now time.Time) (*Source, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := New(&Server{URL: u, Client: server.Client()}, "prober page", func() time.Time { return now })
	s.Read(t.Context())
	return s, server
}

// full is what a server with two vantages and one endpoint that is down says.
func full(now time.Time) fake {
	return fake{
		"endpoint:state:code":                        sample(endpointOf, now, "3"),
		"max(timestamp(endpoint:state:code))":        sample("", now, fmt.Sprint(now.Add(-10*time.Second).Unix())),
		"endpoint:bad_since:timestamp":               sample(endpointOf, now, fmt.Sprint(now.Add(-time.Hour).Unix())),
		"endpoint:vantages_listed:count":             sample(endpointOf, now, "3"),
		"endpoint:vantages_fresh:count":              sample(endpointOf, now, "2"),
		"endpoint:vantages_down:count":               sample(endpointOf, now, "2"),
		"sum by (product, region, network, host, po": sample(endpointOf+`,"phase":"connect","reason":"refused"`, now, "7"),
		"count by (vantage) (prober_build_info)":     sample(`"vantage":"oslo"`, now, "2"),
	}
}

func TestWhatIsRead(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	s, _ := told(t, full(now), now)
	if err := s.Ready(); err != nil {
		t.Fatal(err)
	}
	got, known := s.Status("kms/r1/public")
	if !known || got.Outcome != reason.Fail || got.Words != (reason.Words{Phase: reason.Connect, Word: "refused"}) || !got.Since.Equal(now.Add(-time.Hour)) || got.Stale {
		t.Errorf("%t %+v", known, got)
	}
	if want := "2 of 3 vantages find it down; 1 of 3 vantages cannot tell"; got.Detail != want {
		t.Errorf("detail %q, want %q", got.Detail, want)
	}
	if h := s.Standing(); len(h.Notes) > 0 || !h.Afar {
		t.Errorf("%+v", h)
	}
}

// Regions are called as the list calls them, and a certificate is near its end by the length of its life, as on the pages of probers.
func TestNamesAndLivesAreRead(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	known, day := full(now), 24*time.Hour
	known["count by (product, region, network, host, port, scheme, name, lifecycle, id, region_name) (endpoint_info)"] = sample(endpointOf+`,"id":"kms/r1/public","region_name":"Region <One>"`, now, "1")
	by := "min by (product, region, network, host, port, scheme, name, lifecycle) "
	known[by+"(endpoint_certificate_not_after_timestamp_seconds)"] = sample(endpointOf, now, fmt.Sprint(now.Add(60*day).Unix()))
	known[by+"(endpoint_certificate_path_not_after_timestamp_seconds)"] = sample(endpointOf, now, fmt.Sprint(now.Add(4*day+time.Hour).Unix()))
	known[by+"(endpoint_certificate_verified)"] = sample(endpointOf, now, "1")
	known["endpoint:certificate_life:seconds"] = sample(endpointOf, now, fmt.Sprint((6 * day).Seconds()))
	s, _ := told(t, known, now)
	got, _ := s.Status("kms/r1/public")
	if got.RegionName != "Region <One>" || got.Region != "r1" {
		t.Errorf("region %q, name %q", got.Region, got.RegionName)
	}
	if c := got.Certificate; c == nil || !c.PathNotBefore.Equal(now.Add(-2*day+time.Hour)) {
		t.Errorf("certificate %+v", c)
	}
	w := httptest.NewRecorder()
	page.Pages(s, slog.New(slog.DiscardHandler), s.Ready).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	for _, want := range []string{"Region &lt;One&gt;", `<span class="ok">chain: 4 days left</span>`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// What fails now and then is told here, too, though no rule has seen it down.
func TestWhatFailsNowAndThenIsRead(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	known := full(now)
	known["endpoint:state:code"] = sample(endpointOf, now, "0")
	known["endpoint:vantages_down:count"] = sample(endpointOf, now, "0")
	known[nowAndThen] = sample(endpointOf, now, "6.6")
	known[decidedOfLate] = sample(endpointOf, now, "59.2")
	s, _ := told(t, known, now)
	if got, _ := s.Status("kms/r1/public"); got.Outcome != reason.OK || got.Intermittent == nil || got.Intermittent.Failed != 7 || got.Intermittent.Of != 59 || got.Intermittent.Cause != reason.ConnectRefused {
		t.Errorf("%v %+v", got.Outcome, got.Intermittent)
	}
	w := httptest.NewRecorder()
	page.Pages(s, slog.New(slog.DiscardHandler), s.Ready).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	for _, want := range []string{"The 1 active endpoint is up; it fails now and then", "<code>connect/refused</code>", "failed about 7 of 59 probes since"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// What cannot be told is not told: the page says why, and nothing is known any more of any endpoint.
func TestWhatCannotBeTold(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	long := `{"status":"success","data":{"result":[` + strings.Repeat(`{"metric":{},"value":[1,"1"]},`, 10) + `{"metric":{},"value":[1,"1"]}]}}`
	answers := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, text) }
	}
	old := full(now)
	old["max(timestamp(endpoint:state:code))"] = sample("", now, fmt.Sprint(now.Add(-limit.AfarOld-time.Second).Unix()))
	bare := fake{"count(endpoint_up)": sample("", now, "85")}
	tests := []struct {
		name    string
		then    http.Handler // what answers once all is known
		what    string
		why     string
		stale   bool
		unready bool
	}{
		{"an error in words", answers(503, `{"status":"error","errorType":"timeout","error":"query timed out\u001b[31m"}`), "does not answer", "503: query timed out", true, true},
		{"an error page", answers(502, "<html>\nbad"), "does not answer", "502: <html>", true, true},
		{"an empty error", answers(401, ""), "does not answer", "401: Unauthorized", true, true},
		{"no JSON", answers(200, "hello"), "does not answer", "no JSON of a Prometheus server", true, true},
		{"too many series", answers(200, long), "does not answer", "11 series, and more than 10 are not read", true, true},
		{"a redirect", http.RedirectHandler("/elsewhere", http.StatusFound), "does not answer", "302", true, true},
		{"old records", old, "rules have not been evaluated", "its records are old", true, false},
		{"no records", bare, "no records of a prober", "endpoint:state:code has no value", false, true},
		{"no prober", fake{}, "no records of a prober", "endpoint:state:code has no value", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var h http.Handler = full(now)
			s, server := told(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }), now)
			server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			h, s.server.series = tt.then, 10
			s.Read(t.Context())
			notes := s.Standing().Notes
			if len(notes) == 0 || !strings.Contains(notes[0].What, tt.what) || !strings.Contains(notes[0].Why, tt.why) || !notes[0].Blinds {
				t.Errorf("notes %+v, want %q, %q", notes, tt.what, tt.why)
			}
			if strings.ContainsRune(notes[0].Why, '\x1b') {
				t.Errorf("%q obeys whoever answers", notes[0].Why)
			}
			if (s.Ready() != nil) != tt.unready {
				t.Errorf("ready: %v", s.Ready())
			}
			for _, x := range s.Statuses() {
				if x.Stale != tt.stale {
					t.Errorf("%+v is stale: %t, want %t", x, x.Stale, tt.stale)
				}
			}
		})
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := []byte(strings.Repeat(" ", 1<<10))
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	u, _ := url.Parse(server.URL)
	s := &Server{URL: u, Client: server.Client(), bytes: 1 << 16}
	if _, err := s.now(t.Context(), "up"); err == nil || !strings.Contains(err.Error(), "longer than 65536 bytes") {
		t.Errorf("%v, want that the answer is too long", err)
	}
	ended, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	if _, err := s.now(ended, "up"); err == nil || err.Error() != "no answer within 10s" {
		t.Errorf("%v, want that no answer came", err)
	}
}

// The password that the server asks for is given to it, and shown nowhere; nor does a label's value change the page.
func TestPagesHoldNoSecretAndNoForeignMarkup(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	known := full(now)
	evil := strings.Replace(endpointOf, `"h1"`, `"<script>h\u202e1"`, 1)
	for name, text := range known {
		known[name] = strings.ReplaceAll(text, endpointOf, evil)
	}
	const canary = "canary-9d1f"
	asked := ""
	s, server := told(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Authorization")
		known.ServeHTTP(w, r)
	}), now)
	s.server.Header = http.Header{"Authorization": {canary}}
	s.Read(t.Context())
	if asked != canary {
		t.Errorf("asked with %q", asked)
	}
	look := func(path string) string {
		w := httptest.NewRecorder()
		pages := page.Pages(s, slog.New(slog.DiscardHandler), s.Ready) // none has another one's rendering
		pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	for range 2 { // with the server, and without
		for _, path := range []string{"/", "/endpoints/kms/r1/public", "/endpoints/kms/r1/public?span=30d", "/api/v1/endpoints", "/api/v1/endpoints/kms/r1/public", "/-/ready"} {
			text := look(path)
			if strings.Contains(text, canary) || strings.Contains(text, "<script>h") || strings.ContainsRune(text, '\u202e') {
				t.Errorf("%s: %s", path, text)
			}
		}
		server.Close()
		s.Read(t.Context())
	}
	if text := look("/"); !strings.Contains(text, "The Prometheus server does not answer") || !strings.Contains(text, "was fail") {
		t.Errorf("the page does not say that nothing is known: %s", text)
	}
	if text := look("/endpoints/nosuch"); !strings.Contains(text, "<h1>No such endpoint</h1>") {
		t.Error(text)
	}
}

// TestProductsAreCalledByTheirNames, those of an earlier prober by their ids; of two names it is always the same one.
func TestProductsAreCalledByTheirNames(t *testing.T) {
	now := time.Now()
	answers := full(now)
	const question = "count by (product, name) (last_over_time(prober_product_info["
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{nil, "kms"},
		{[]string{"Key Management Service"}, "Key Management Service"},
		{[]string{"Keys", "Key Management Service"}, "Key Management Service"},
		{[]string{""}, "kms"},
		{[]string{"a\u202eb"}, `a\u202eb`}, // as it is escaped
	} {
		var series []string
		for _, name := range tt.names {
			series = append(series, sample(fmt.Sprintf(`"product":"kms","name":%q`, name), now, "1"))
		}
		answers[question] = strings.Join(series, ",")
		s, _ := told(t, answers, now)
		if got := s.ProductName("kms/r1/public"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.names, got, tt.want)
		}
	}
}

// A list may have several hosts in one product, region and network.
func TestIdsAreUnique(t *testing.T) {
	now := time.Now()
	var states []string
	for _, more := range []string{`,"host":"a"`, `,"host":"b"`, `,"host":"b","port":"8443"`, `,"host":"c","name":"api-3"`} {
		states = append(states, sample(`"product":"p","region":"r","network":"public","lifecycle":"active"`+more, now, "0"))
	}
	s, _ := told(t, fake{"endpoint:state:code": strings.Join(states, ",")}, now)
	var ids []string
	for _, x := range s.Statuses() {
		ids = append(ids, x.ID)
	}
	if got, want := strings.Join(ids, " "), "p/r/public/a p/r/public/api-3 p/r/public/b p/r/public/b:8443"; got != want {
		t.Errorf("ids %s, want %s", got, want)
	}
}

// Ids are those of the list, which a label says: pages of probers and this one have the same links. What two endpoints are
// called is no id, and a prober that is silent has said it of late.
func TestIdsAreThoseOfTheList(t *testing.T) {
	now := time.Now()
	of := func(host, more string) string {
		return `"product":"p","region":"r","network":"public","lifecycle":"active","host":"` + host + `"` + more
	}
	var states []string
	for _, labels := range []string{of("a", ""), of("b", ""), of("c", `,"scheme":"http"`), of("c", `,"scheme":"https"`), of("d", ""), of("e", ""), of("f", "")} {
		states = append(states, sample(labels, now, "0"))
	}
	s, _ := told(t, fake{
		"endpoint:state:code": strings.Join(states, ","),
		"count by (product, region, network, host, port, scheme, name, lifecycle, id, region_name) (endpoint_info)": strings.Join([]string{
			sample(of("a", `,"scheme":"https","id":"p/r/public/a_healthz"`), now, "1"), sample(of("b", `,"scheme":"http","id":"web"`), now, "1"),
			sample(of("c", `,"scheme":"https","id":"p/r/public/c"`), now, "1"), sample(of("c", `,"scheme":"http","id":"p/r/public/c_80"`), now, "1"),
			sample(of("d", `,"scheme":"https","id":"same"`), now, "1"), sample(of("e", `,"scheme":"https","id":"same"`), now, "1"),
		}, ","),
		"count by (product, region, network, host, port, scheme, name, lifecycle, id, region_name) (last_over_time": sample(of("f", `,"scheme":"https","id":"p/r/public/f_late"`), now, "1"),
	}, now)
	var ids []string
	for _, x := range s.Statuses() {
		ids = append(ids, x.ID+" "+string(x.Scheme))
	}
	want := "p/r/public/a_healthz https, p/r/public/c https, p/r/public/c_80 http, p/r/public/d https, p/r/public/e https, p/r/public/f_late https, web http"
	if got := strings.Join(ids, ", "); got != want {
		t.Errorf("ids  %s\nwant %s", got, want)
	}
}

// What fails from one place of several is not what users see.
func TestUptimeIsWhatOverHalfOfThePlacesSee(t *testing.T) {
	counts := func(ok, fail, unknown uint64) *history.Counts {
		var c history.Counts
		c[reason.OK], c[reason.Fail], c[reason.Unknown] = ok, fail, unknown
		return &c
	}
	for _, tt := range []struct {
		name   string
		places []*history.Counts
		want   *history.Counts
	}{
		{"none", nil, counts(0, 0, 0)},
		{"one", []*history.Counts{counts(7, 3, 2)}, counts(7, 3, 2)},
		{"one of two", []*history.Counts{counts(10, 0, 0), counts(0, 10, 0)}, counts(20, 0, 0)},
		{"both of two", []*history.Counts{counts(8, 2, 0), counts(5, 5, 0)}, counts(16, 4, 0)},
		{"two of three", []*history.Counts{counts(8, 2, 0), counts(0, 10, 1), counts(10, 0, 0)}, counts(24, 6, 1)},
		{"one can tell of two", []*history.Counts{counts(8, 2, 0), counts(0, 0, 9)}, counts(0, 0, 19)},
	} {
		if got := together(tt.places); got != *tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, *tt.want)
		}
	}
}

// Of an endpoint that cannot be told its page says since when, to half a minute, and that it was down before; and no time that is none.
func TestAnOutageThatNobodySeesAnyMoreIsTold(t *testing.T) {
	now := time.Date(2026, 11, 27, 22, 28, 20, 0, time.UTC)
	down, blind := now.Add(-18*time.Minute), now.Add(-12*time.Minute-20*time.Second)
	for _, began := range []time.Time{{}, now.Add(-19 * time.Minute)} { // the records begin with no point of five minutes before it was down
		known := full(now)
		known["endpoint:state:code"] = sample(endpointOf, now, "1")
		known["endpoint:vantages_down:count"] = ""
		known["endpoint:bad_since:timestamp"] = ""
		s, _ := told(t, stepping{known, func(at time.Time) int {
			switch {
			case at.Before(began):
				return -1
			case at.Before(down):
				return 0
			case at.Before(blind):
				return 3
			}
			return 1
		}}, now)
		w := httptest.NewRecorder()
		page.Pages(s, slog.New(slog.DiscardHandler), s.Ready).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/endpoints/kms/r1/public", nil))
		body := strings.Join(strings.Fields(regexp.MustCompile("<[^>]*>").ReplaceAllString(w.Body.String(), "")), " ")
		for _, want := range []string{"unknown since 2026-11-27 22:16:20 UTC (12 min)", "It was ■ down before, since 2026-11-27 22:10:20 UTC"} {
			if !strings.Contains(body, want) {
				t.Errorf("the page does not say %q: %s", want, body)
			}
		}
		if strings.Contains(body, "0001-01-01") {
			t.Errorf("the page tells a time that is none: %s", body)
		}
	}
}

// stepping answers a question about a time with a state of each step; below 0: none is recorded.
type stepping struct {
	fake
	state func(time.Time) int
}

func (x stepping) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/query_range") || !strings.HasPrefix(r.FormValue("query"), "endpoint:state:code") {
		x.fake.ServeHTTP(w, r)
		return
	}
	var from, to, step float64
	for name, into := range map[string]*float64{"start": &from, "end": &to, "step": &step} {
		if _, err := fmt.Sscan(r.FormValue(name), into); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	var values []string
	for at := from; at <= to; at += step {
		if state := x.state(time.UnixMilli(int64(at * 1e3))); state >= 0 {
			values = append(values, fmt.Sprintf(`[%.3f,"%d"]`, at, state))
		}
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{%s},"values":[%s]}]}}`, endpointOf, strings.Join(values, ","))
}

// Addresses and TLS versions are those that metrics carry.
func TestBesides(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	known := full(now)
	known["avg by (address)"] = strings.Join([]string{
		sample(`"address":"2001:db8::1"`, now, "0.5"), sample(`"address":"192.0.2.1"`, now, "0"), sample(`"address":"192.0.2.2"`, now, "1"), sample(`"address":"<b>"`, now, "1"),
	}, ",")
	known["max(endpoint_addresses"] = sample("", now, "2")
	known["min by (version)"] = strings.Join([]string{sample(`"version":"TLS1.3"`, now, "1"), sample(`"version":"TLS1.0"`, now, "0.5"), sample(`"version":"TLS9"`, now, "1")}, ",")
	s, _ := told(t, known, now)
	got, _ := s.Status("kms/r1/public")
	var addresses []string
	for _, a := range got.Addresses {
		addresses = append(addresses, a.Address.String()+" "+a.Outcome.String())
	}
	if want := "192.0.2.1 fail, 192.0.2.2 ok, 2001:db8::1 degraded"; strings.Join(addresses, ", ") != want {
		t.Errorf("addresses %v, want %s", addresses, want)
	}
	if v := got.TLSVersions; len(v) != 2 || v["TLS1.3"] != (view.Votes{Accepted: 2}) || v["TLS1.0"] != (view.Votes{Accepted: 1, Rejected: 1}) {
		t.Errorf("versions %+v", v)
	}
	w := httptest.NewRecorder()
	page.Pages(s, slog.New(slog.DiscardHandler), s.Ready).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/endpoints/kms/r1/public", nil))
	for _, want := range []string{"192.0.2.2", "accepted by 1 of 2 addresses", "on the page of the prober that saw them", "to be had from the probers"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(w.Body.String(), "0001-01-01") {
		t.Error("the page tells a time that is none")
	}
}

// An outage goes on over what could not be told, and not over anything else.
func TestOutageHasOneBeginning(t *testing.T) {
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	const ok, fail, unknown = reason.OK, reason.Fail, reason.Unknown
	for _, tt := range []struct {
		newestFirst   []reason.Outcome // a change a minute
		since, unseen time.Duration
	}{
		{nil, 0, 0},
		{[]reason.Outcome{ok, fail}, time.Minute, 0},
		{[]reason.Outcome{fail, ok, fail}, time.Minute, 0},
		{[]reason.Outcome{unknown, fail, ok}, time.Minute, 0},
		{[]reason.Outcome{fail, unknown, ok}, time.Minute, 0},
		{[]reason.Outcome{fail, unknown, fail, unknown, fail, ok}, 5 * time.Minute, 2 * time.Minute},
	} {
		var changes []history.Change
		for i, o := range tt.newestFirst {
			changes = append(changes, history.Change{At: now.Add(-time.Duration(i+1) * time.Minute), Outcome: o})
		}
		since, unseen := outage(changes)
		if got := now.Sub(since); len(changes) > 0 && got != tt.since || unseen != tt.unseen {
			t.Errorf("%v: since %v, %v unseen; want %v and %v", tt.newestFirst, got, unseen, tt.since, tt.unseen)
		}
	}
}
