package afar

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/monitor/page"
	"prober/needs"
)

// TestPagesInBrowser looks at the pages in Chromium, as the monitor's own tests do at theirs, by browsertest/pages.mjs: with a
// server that knows all, one that is empty, one that is gone, and one where half of the probers are.
func TestPagesInBrowser(t *testing.T) {
	needs.Browser(t)
	now := time.Now().Truncate(time.Second)
	const states = 5
	place := func(i int) string {
		return fmt.Sprintf(`"product":"kms","region":"r%d","network":"public","host":"%s%d.example.com","lifecycle":"active"`, i, strings.Repeat("long-", 8), i)
	}
	each := func(value func(i int) string, more string) string {
		var all []string
		for i := range states {
			all = append(all, sample(place(i)+more, now, value(i)))
		}
		return strings.Join(all, ",")
	}
	same := func(v string) func(int) string { return func(int) string { return v } }
	known := fake{
		"endpoint:state:code":                               each(func(i int) string { return []string{"3", "2", "1", "0", "0"}[i] }, ""),
		"max(timestamp(endpoint:state:code))":               sample("", now, fmt.Sprint(now.Unix())),
		"endpoint:bad_since:timestamp":                      each(same(fmt.Sprint(now.Add(-time.Hour).Unix())), ""),
		"endpoint:vantages_listed:count":                    each(same("2"), ""),
		"endpoint:vantages_fresh:count":                     each(same("2"), ""),
		"endpoint:vantages_down:count":                      each(func(i int) string { return []string{"2", "1", "0", "0", "0"}[i] }, ""),
		"sum by (product, region, network, host, po":        each(same("7"), `,"phase":"connect","reason":"refused"`),
		"count by (vantage) (prober_build_info)":            sample(`"vantage":"oslo"`, now, "2") + "," + sample(`"vantage":"berlin"`, now, "2"),
		"count by (vantage) (last_over_time":                sample(`"vantage":"oslo"`, now, "2") + "," + sample(`"vantage":"berlin"`, now, "2"),
		"max by (vantage)":                                  sample(`"vantage":"oslo"`, now, "0") + "," + sample(`"vantage":"berlin"`, now, "0"),
		"avg by (address)":                                  sample(`"address":"192.0.2.1"`, now, "0") + "," + sample(`"address":"2001:db8::1"`, now, "0.5"),
		"min by (version)":                                  sample(`"version":"TLS1.3"`, now, "1") + "," + sample(`"version":"TLS1.2"`, now, "1"),
		"min by (product, region, network, host, port, sch": each(same(fmt.Sprint(now.Add(240*time.Hour).Unix())), ""),
		"sum by (vantage, outcome) (increase":               sample(`"vantage":"oslo","outcome":"ok"`, now, "900") + "," + sample(`"vantage":"oslo","outcome":"fail"`, now, "12"),
		"max(prober_interval_seconds)":                      sample("", now, "15"),
	}
	halved := fake{`ALERTS{alertname="ProberAbsent",alertstate="firing"}`: sample(`"alertname":"ProberAbsent","alertstate":"firing","instance":"127.0.0.1:9125"`, now, "1")}
	for k, v := range known {
		halved[k] = v
	}
	serve := func(h http.Handler) (pages *httptest.Server, s *Source, behind *httptest.Server) {
		s, behind = told(t, h, now)
		pages = httptest.NewServer(page.Pages(s, slog.New(slog.DiscardHandler), s.Ready))
		t.Cleanup(pages.Close)
		return pages, s, behind
	}
	full, _, _ := serve(lasting{known, now})
	empty, _, _ := serve(fake{})
	gone, source, behind := serve(lasting{known, now})
	behind.Close()
	source.Read(t.Context())
	half, _, _ := serve(lasting{halved, now})
	needs.Look(t, filepath.Join("..", "report", "render", "browsertest"), filepath.Join("browsertest", "pages.mjs"), 130,
		full.URL+"/", empty.URL+"/", gone.URL+"/", half.URL+"/", "endpoints/kms/r0/public")
}

// lasting answers a question about a time with what a fake says of now, a point each step, now and then another.
type lasting struct {
	fake
	now time.Time
}

func (l lasting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/query_range") {
		l.fake.ServeHTTP(w, r)
		return
	}
	step, err := time.ParseDuration(r.FormValue("step") + "s")
	var from, to float64
	if _, bad := fmt.Sscan(r.FormValue("start"), &from); bad != nil || err != nil {
		http.Error(w, "bad question", http.StatusBadRequest)
		return
	}
	_, _ = fmt.Sscan(r.FormValue("end"), &to)
	labels, values := endpointOfPage, []string{}
	switch expr := r.FormValue("query"); {
	case strings.Contains(expr, "outcome"):
		labels = `"outcome":"ok"`
	case strings.Contains(expr, "mean5m"):
		labels = ""
	}
	for at, i := from, 0; at <= to; at, i = at+step.Seconds(), i+1 {
		values = append(values, fmt.Sprintf(`[%.3f,"%d"]`, at, []int{0, 0, 3, 1, 2}[i%5]))
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{%s},"values":[%s]}]}}`, labels, strings.Join(values, ","))
}

const endpointOfPage = `"product":"kms","region":"r0","network":"public","host":"long-long-long-long-long-long-long-long-0.example.com","lifecycle":"active"`
