package blackbox

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"prober/catalog"
	"prober/monitor"
	"prober/needs"
	"prober/probe"
	"prober/probe/certs/certstest"
	"prober/probe/dns"
	"prober/probe/reason"
)

// startBlackbox starts Debian's blackbox_exporter with modules of the names that /probe has.
func startBlackbox(t *testing.T, caFile string) string {
	t.Helper()
	binary := needs.Program(t, "prometheus-blackbox-exporter")
	config := filepath.Join(t.TempDir(), "blackbox.yml")
	text := fmt.Sprintf(`modules:
  http_2xx: {prober: http, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: %[1]s}}}
  tls_connect: {prober: tcp, tcp: {preferred_ip_protocol: ip4, tls: true, tls_config: {ca_file: %[1]s, server_name: %[2]s}}}
  tcp_connect: {prober: tcp, tcp: {preferred_ip_protocol: ip4}}
`, caFile, certstest.Host)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return startLogged(t, binary, "--config.file="+config, "--web.listen-address=127.0.0.1:0")
}

// startLogged starts a program that logs where it listens, and returns that as a URL.
func startLogged(t *testing.T, binary string, args ...string) string {
	t.Helper()
	return "http://" + needs.Started(t, exec.Command(binary, args...), listening)[1]
}

// askProbe asks a /probe as a scraper that has so many seconds, and returns the text.
func askProbe(server string, query url.Values, patience string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", server+"/probe?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", patience)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", reply.Status, text)
	}
	return string(text), err
}

// asSeries reads the text form: each series by its name and labels.
func asSeries(text string) (map[string]*dto.Metric, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	all := map[string]*dto.Metric{}
	for name, f := range families {
		if f.GetType() != dto.MetricType_GAUGE {
			return nil, fmt.Errorf("%s is no gauge", name)
		}
		for _, m := range f.Metric {
			key := name
			for _, l := range m.Label {
				if l.GetName() == "phase" {
					key += "{phase=" + l.GetValue() + "}"
				}
			}
			all[key] = m
		}
	}
	return all, nil
}

// labelsSeen are the labels of a series but the phase, and labelValues what they say.
func labelsSeen(m *dto.Metric) (names []string, values string) {
	for _, l := range m.Label {
		if l.GetName() != "phase" {
			names = append(names, l.GetName())
			values += l.GetName() + "=" + l.GetValue() + ";"
		}
	}
	return names, values
}

// A rivalry is a way in which the two answers about one server differ.
type rivalry struct {
	metric string // a series, without labels but the phase
	how    how
}

// how two answers differ.
type how string

const (
	onlyTheirs  how = "only blackbox_exporter has it"
	onlyOurs    how = "only prober has it"
	otherLabels how = "other labels"
	otherValue  how = "another value"
	theirsZero  how = "0 in blackbox_exporter"
)

// rivalries compares two answers. A duration differs each time; it has to be the same side of zero.
func rivalries(ours, theirs map[string]*dto.Metric) map[rivalry]string {
	out := map[rivalry]string{}
	for series, m := range ours {
		other := theirs[series]
		if other == nil {
			out[rivalry{series, onlyOurs}] = fmt.Sprint(m.Gauge.GetValue())
			continue
		}
		a, b := m.Gauge.GetValue(), other.Gauge.GetValue()
		timed := strings.Contains(series, "_duration_seconds") || strings.Contains(series, "_lookup_time_seconds")
		names, values := labelsSeen(m)
		theirNames, theirValues := labelsSeen(other)
		switch {
		case !slices.Equal(names, theirNames):
			out[rivalry{series, otherLabels}] = fmt.Sprintf("%v, %v", names, theirNames)
		case timed && strings.Contains(series, "resolve") || strings.Contains(series, "lookup"):
			// of an address nothing is looked up, which takes one program some nanoseconds
		case timed && a > 0 && b == 0:
			out[rivalry{series, theirsZero}] = fmt.Sprint(a)
		case timed && (a > 0) != (b > 0), !timed && a != b, values != theirValues:
			out[rivalry{series, otherValue}] = fmt.Sprintf("%v%s, %v%s", a, values, b, theirValues)
		}
	}
	for series, m := range theirs {
		if ours[series] == nil {
			out[rivalry{series, onlyTheirs}] = fmt.Sprint(m.Gauge.GetValue())
		}
	}
	return out
}

// rivalTarget is what each of the programs is asked of a server in a module.
func (s rivalServer) query(module moduleName, i int) (ours, theirs url.Values) {
	ours = url.Values{"module": {string(module)}, "target": {rivalID(i)}}
	host := netip.AddrPortFrom(s.addr.Addr(), s.addr.Port()).String()
	if s.host != "" {
		host = "nothere..invalid:" + strconv.Itoa(int(s.addr.Port())) // which no resolver is asked for
	}
	theirs = url.Values{"module": {string(module)}, "target": {host}}
	if module == moduleHTTP {
		theirs.Set("target", string(s.scheme)+"://"+host+"/")
		theirs.Set("hostname", rivalHost(i))
	}
	return ours, theirs
}

// patience is the timeout of the scraper, of which half a second is left for the way.
func (s rivalServer) patience() string {
	if s.silent {
		return "2.5"
	}
	return "60"
}

func rivalID(i int) string { return fmt.Sprintf("shop/server-%d/public", i) }

func rivalHost(i int) string { return fmt.Sprintf("server-%d.%s", i, certstest.Host) }

// modules are those in which a server is asked about.
func (s rivalServer) modules() []moduleName {
	if s.scheme == catalog.HTTPS {
		return []moduleName{moduleHTTP, moduleTLS, moduleTCP}
	}
	return []moduleName{moduleHTTP, moduleTCP}
}

// monitorOfServers is a Monitor with a real prober, of which each server is an endpoint.
func monitorOfServers(t *testing.T, k *keys, servers []rivalServer) *httptest.Server {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(k.root.Cert)
	prober := probe.New(probe.Config{
		Guard: probe.Guard{AllowPrivate: true}, Roots: roots, RootsFile: k.caFile, Clock: probe.Clock{ElapsedFunc: unstalled},
		DNS: func(_ context.Context, _ []netip.AddrPort, host string, _ dns.Options) *dns.Lookup {
			l := &dns.Lookup{Host: host, RCode: "NOERROR", Outcome: reason.OK, Duration: reason.Seconds(time.Microsecond)}
			if strings.HasSuffix(host, certstest.Host) {
				l.Addresses = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			} else {
				l.RCode, l.Outcome, l.Reason = "NXDOMAIN", reason.Fail, reason.ResolveNXDomain
			}
			return l
		},
	})
	var list []probe.Target
	for i, s := range servers {
		x := target(rivalID(i), rivalHost(i)) // each host has its pace
		if s.host != "" {
			x.Endpoint.Host = s.host
		}
		x.Scheme, x.Endpoint.Ports = s.scheme, &catalog.Ports{HTTPS: s.addr.Port(), HTTP: s.addr.Port()}
		list = append(list, x)
	}
	m := monitorOf(t, list, func(c *monitor.Config) { c.Prober = prober })
	server := httptest.NewServer(New(m))
	t.Cleanup(server.Close)
	return server
}

// Debian's blackbox_exporter and /probe, asked about the same servers, show the same metrics, but for
// the differences that docs/blackbox.md gives reasons for.
func TestProbeIsBlackboxExporters(t *testing.T) {
	needs.Patience(t, "starts blackbox_exporter and other servers")
	t.Parallel()
	k := newKeys(t)
	theirs := startBlackbox(t, k.caFile)
	servers := rivalServers(t, k)
	ours := monitorOfServers(t, k, servers).URL
	met := map[int]map[string]bool{} // of each declared difference, the servers at which it was seen
	var mu sync.Mutex
	var all sync.WaitGroup
	places := make(chan struct{}, 24)
	for i, s := range servers {
		for _, module := range s.modules() {
			all.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				mine, others := s.query(module, i)
				a, err := askProbe(ours, mine, s.patience())
				b, err2 := askProbe(theirs, others, s.patience())
				if err != nil || err2 != nil {
					t.Errorf("%s, %s: %v, %v", s.name, module, err, err2)
					return
				}
				x, err := asSeries(a)
				y, err2 := asSeries(b)
				if err != nil || err2 != nil {
					t.Errorf("%s, %s: %v, %v", s.name, module, err, err2)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				for r, what := range rivalries(x, y) {
					at := slices.IndexFunc(differences(), func(d difference) bool { return d.covers(r, s.name) })
					if at < 0 {
						t.Errorf("%s, %s: %s: %s: %s", s.name, module, r.metric, r.how, what)
						continue
					}
					if met[at] == nil {
						met[at] = map[string]bool{}
					}
					met[at][s.name] = true
				}
			})
		}
	}
	all.Wait()
	for i, d := range differences() {
		for _, server := range d.servers {
			if !met[i][server] && d.since == "" {
				t.Errorf("%s: %s: is said to differ at %q, and does not", d.metrics, d.how, server)
			}
		}
		if met[i] == nil && d.since == "" {
			t.Errorf("%s: %s: is said to differ, and does not", d.metrics, d.how)
		}
	}
	golden(t, filepath.Join("..", "..", "..", "docs", "blackbox.md"), []byte(comparison(servers)))
}

// listening finds the port that a program took in what it logs.
var listening = regexp.MustCompile(`Listening on.*address=(127\.0\.0\.1:[1-9][0-9]*)`)
