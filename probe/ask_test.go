package probe

import (
	"bufio"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/reason"
)

func TestAsk(t *testing.T) {
	p := newPKI(t)
	past := newEntity(t, goodHost, p.intermediate, forHosts(goodHost), valid(now.Add(-9*day), now.Add(-day)))
	expired := serverConfig(p)
	expired.Certificates[0] = served(past, p.intermediate)
	for _, tt := range []struct {
		name   string
		addr   netip.AddrPort
		scheme catalog.Scheme
		want   reason.Reason
		status int
		class  cloudapi.Class
		api    bool
		text   int // findings about it
	}{
		{"error", serveTLS(t, serverConfig(p), replying(reply(400, jsonHeader, alibabaError("MissingParameter", "m")))), catalog.HTTPS, reason.None, 400, cloudapi.OrdinaryError, true, 0},
		{"server error is an answer too", serve(t, replying(reply(500, jsonHeader, alibabaError("InternalError", "m")))), catalog.HTTP, reason.None, 500, cloudapi.ServerError, true, 0},
		{"byte order mark", serve(t, replying(reply(400, jsonHeader, "\uFEFF"+alibabaError("X", "m")))), catalog.HTTP, reason.None, 400, cloudapi.OrdinaryError, true, 1},
		{"page", serve(t, replying(reply(200, "", "<html>"))), catalog.HTTP, reason.None, 200, cloudapi.Unclear, false, 0},
		{"surplus", serve(t, replying(okReply+"more")), catalog.HTTP, reason.VerifySurplusBytes, 200, cloudapi.Unclear, false, 0},
		{"cut off", serve(t, replying("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), catalog.HTTP, reason.BodyTruncated, 200, cloudapi.Unclear, false, 0},
		{"expired certificate", serveTLS(t, expired, replying(okReply)), catalog.HTTPS, reason.TLSCertExpired, 0, cloudapi.Unclear, false, 0},
		{"nobody there", closedPort(t), catalog.HTTPS, reason.ConnectRefused, 0, cloudapi.Unclear, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := target(goodHost, tt.scheme, tt.addr.Port())
			tg.Product = product(catalog.StyleAlibabaRPC)
			x := New(onLoopback(p)).Ask(t.Context(), tg, tt.addr.Addr(), true, cloudapi.UnsignedProbe(cloudapi.Alibaba, goodHost, "2014-05-26"))
			if x.Reason != tt.want || x.Outcome != tt.want.Outcome() {
				t.Fatalf("%s %s (%s), want %s", x.Outcome, x.Reason, x.Detail, tt.want)
			}
			if x.Status != tt.status || x.Class != tt.class || (x.API != nil) != tt.api || len(x.Text) != tt.text {
				t.Errorf("status %d, class %s, API %v, text %v", x.Status, x.Class, x.API, x.Text)
			}
			if x.API == nil && x.APIProblem == "" && tt.want == reason.None {
				t.Error("no reply and no problem")
			}
			if !strings.HasPrefix(x.Sent, "GET /?Action=DescribeRegions") {
				t.Errorf("sent %q", x.Sent)
			}
			if ph := x.Phases; ph.Total != ph.Connect+ph.TLS+ph.Request+ph.Headers+ph.Body {
				t.Errorf("phases %+v", ph)
			}
		})
	}
}

// TestAskIsGuarded: a question of the caller's own gets no further than a probe.
func TestAskIsGuarded(t *testing.T) {
	p := New(Config{Dial: neverDialled(t)})
	for _, tt := range []struct {
		addr  string
		named bool
		want  reason.Reason
	}{
		{"127.0.0.1", false, reason.ResolveBogon},
		{"127.0.0.1", true, reason.ProberAddressRefused},
		{"100.100.100.200", true, reason.ProberAddressRefused},
	} {
		x := p.Ask(t.Context(), target(goodHost, catalog.HTTPS, 443), netip.MustParseAddr(tt.addr), tt.named, cloudapi.Request{Method: "GET", Host: goodHost})
		if x.Reason != tt.want {
			t.Errorf("%s: %s, want %s", tt.addr, x.Reason, tt.want)
		}
	}
}

// TestTranscriptsShowNoSecret sends a signed request to a server that quotes it.
func TestTranscriptsShowNoSecret(t *testing.T) {
	p := newPKI(t)
	cfg := onLoopback(p)
	cfg.Alibaba = alibabaKey
	addr := serveTLS(t, serverConfig(p), func(c net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = c.Write([]byte(reply(400, "X-Query: "+r.URL.RawQuery+"\r\n", strings.Repeat(r.URL.RawQuery+"\n", 100))))
		}
	})
	call := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}
	request := call.Signed(http.MethodGet, goodHost, alibabaKey, time.Now(), requestID)
	x := New(cfg).Ask(t.Context(), target(goodHost, catalog.HTTPS, addr.Port()), addr.Addr(), true, request)
	if x.Status != 400 {
		t.Fatalf("status %d, %s", x.Status, x.Detail)
	}
	for _, text := range []string{x.Sent, x.Received, x.Detail} {
		if leak := leaked(text); leak != "" {
			t.Errorf("%s in %s", leak, text)
		}
		if len(text) > maxTranscript+10 {
			t.Errorf("a transcript of %d bytes", len(text))
		}
	}
}
