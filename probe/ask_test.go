package probe

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe/exchange"
	"prober/probe/reason"
)

func TestAsk(t *testing.T) {
	p := newPKI()
	past := newEntity(goodHost, p.intermediate, forHosts(goodHost), valid(now.Add(-9*day), now.Add(-day)))
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
		{"deeper than is read", serve(t, replying(reply(400, jsonHeader, strings.Repeat("[", 100)))), catalog.HTTP, reason.ProberLimit, 400, cloudapi.Unclear, false, 0},
		{"surplus", serve(t, replying(okReply+"more")), catalog.HTTP, reason.VerifySurplusBytes, 200, cloudapi.Unclear, false, 0},
		{"cut off", serve(t, replying("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), catalog.HTTP, reason.BodyTruncated, 200, cloudapi.Unclear, false, 0},
		{"expired certificate", serveTLS(t, expired, replying(okReply)), catalog.HTTPS, reason.TLSCertExpired, 0, cloudapi.Unclear, false, 0},
		{"nobody there", closedPort(t), catalog.HTTPS, reason.ConnectRefused, 0, cloudapi.Unclear, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := target(goodHost, tt.scheme, tt.addr.Port())
			tg.Product = product(catalog.StyleAlibabaRPC)
			x := New(onLoopback(p)).Ask(t.Context(), tg, tt.addr.Addr(), true, cloudapi.UnsignedProbe(product(catalog.StyleAlibabaRPC), goodHost))
			if x.Reason != tt.want || x.Outcome != tt.want.Outcome() {
				t.Fatalf("%s %s (%s), want %s", x.Outcome, x.Reason, x.Detail, tt.want)
			}
			if x.Status != tt.status || x.Class != tt.class || (x.API != nil) != tt.api || len(x.Text) != tt.text {
				t.Errorf("status %d, class %s, API %v, text %v", x.Status, x.Class, x.API, x.Text)
			}
			if x.API == nil && (x.APIProblem == "") == !tt.want.Outcome().Worse(reason.Degraded) {
				t.Errorf("no reply and the problem %q", x.APIProblem)
			}
			wantSent := "GET /?Action=DescribeRegions&Format=JSON&Version=2014-05-26 HTTP/1.1\r\nHost: good.test\r\n" +
				"User-Agent: prober\r\nConnection: close\r\nAccept: */*\r\n\r\n"
			if x.Status == 0 {
				wantSent = "" // nothing was
			}
			if x.Sent.Text != wantSent || x.Sent.Bytes != int64(len(wantSent)) {
				t.Errorf("sent %+v", x.Sent)
			}
			if ph := x.Phases; ph.Total != ph.Connect+ph.TLS+ph.Request+ph.Headers+ph.Body {
				t.Errorf("phases %+v", ph)
			}
		})
	}
}

// TestAskKeepsLittle: of what is never to end, or long for an answer to a stranger, no more is kept than such an
// answer needs, as dozens are kept at once.
func TestAskKeepsLittle(t *testing.T) {
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	long := `{"a":"` + strings.Repeat("x", limit.UnsignedBytes) + `"}`
	for _, tt := range []struct {
		name, reply string
		signed      bool
		want        reason.Reason
		most        int
	}{
		{"a long answer", reply(200, jsonHeader, long), false, reason.ProberLimit, limit.UnsignedBytes},
		{"a long answer to a customer", reply(200, jsonHeader, long), true, reason.None, len(long)},
		{"more and more", chunked + strings.Repeat("1\r\n{\r\n", limit.QuestionBytes/5), false, reason.ProberLimit, limit.UnsignedBytes},
		{"more and more to a customer", chunked + strings.Repeat("1\r\n{\r\n", limit.QuestionBytes/5), true, reason.ProberLimit, limit.QuestionBytes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPKI()
			at := serveTLS(t, serverConfig(p), replying(tt.reply))
			tg := target(goodHost, catalog.HTTPS, at.Port())
			tg.Product, tg.Signed = product(catalog.StyleAlibabaRPC), tt.signed
			x := New(onLoopback(p)).Ask(t.Context(), tg, at.Addr(), true, cloudapi.UnsignedProbe(tg.Product, goodHost))
			if x.Reason != tt.want || len(x.Body) > tt.most {
				t.Errorf("%s (%s), %d bytes kept, want %s and %d at most", x.Reason, x.Detail, len(x.Body), tt.want, tt.most)
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

// TestEvidenceIsBounded: what is large is told by its size, and only its beginning is kept.
func TestEvidenceIsBounded(t *testing.T) {
	body := strings.Repeat("x", 1<<20+1)
	addr := serve(t, func(c net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			n, _ := io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(c, reply(200, "", strings.Repeat("y", int(n/2))))
		}
	})
	x := New(onLoopback(newPKI())).Ask(t.Context(), target(goodHost, catalog.HTTP, addr.Port()), addr.Addr(), true,
		cloudapi.Request{Method: "POST", Host: goodHost, Query: "a=b", Body: []byte(body)})
	for way, w := range map[string]exchange.Wire{"sent": x.Sent, "received": x.Received} {
		head, _, _ := strings.Cut(w.Text, "\r\n\r\n")
		if len(w.Text) != limit.EvidenceBytes || w.Shown != limit.EvidenceBytes || w.Bytes != int64(len(head))+4+w.Body || w.Unsent != 0 {
			t.Errorf("%s: %d bytes of text, %d of %d, body %d", way, len(w.Text), w.Shown, w.Bytes, w.Body)
		}
	}
	if x.Sent.Body != 1048577 || x.Sent.Query != 3 || x.Received.Body != 524288 || x.Decoded != (exchange.Wire{}) {
		t.Errorf("sent %d and %d, received %d", x.Sent.Body, x.Sent.Query, x.Received.Body)
	}
}

// TestServerHangsUpOnALargeRequest: what was written is told from what was not.
func TestServerHangsUpOnALargeRequest(t *testing.T) {
	keys := newPKI()
	hangUp := func(c net.Conn) { _, _ = io.CopyN(io.Discard, c, 100_000) }
	for scheme, addr := range map[catalog.Scheme]netip.AddrPort{
		catalog.HTTP: serve(t, hangUp), catalog.HTTPS: serveTLS(t, serverConfig(keys), hangUp),
	} {
		x := New(onLoopback(keys)).Ask(t.Context(), target(goodHost, scheme, addr.Port()), addr.Addr(), true,
			cloudapi.Request{Method: "POST", Host: goodHost, Body: make([]byte, 50<<20)})
		head := x.Sent.Bytes - x.Sent.Body
		if x.Sent.Bytes < 100_000 || x.Sent.Bytes+x.Sent.Unsent != head+50<<20 || x.Sent.Unsent == 0 {
			t.Errorf("%s: %d written, %d of them body, %d not", scheme, x.Sent.Bytes, x.Sent.Body, x.Sent.Unsent)
		}
		if want := fmt.Sprintf(" and %d of %d of the request", x.Sent.Bytes, head+50<<20); !strings.HasSuffix(x.Detail, want) {
			t.Errorf("%s: %q lacks %q", scheme, x.Detail, want)
		}
	}
}

// TestEvidenceShowsNoSecret has a server send back what it got, in every way of writing it,
// in chunks and compressed, and so that the end of what is kept cuts it anywhere.
func TestEvidenceShowsNoSecret(t *testing.T) {
	secrets := []string{alibabaKey.ID, alibabaKey.Secret, alibabaKey.Token, "LTAI5tSomebodyElses99"}
	quoted := func(s string) string { return strings.Trim(string(must(json.Marshal(s))), `"`) }
	writings := map[string]func(string) string{
		"raw":             func(s string) string { return s },
		"percent-encoded": cloudapi.PercentEncode,
		"in small digits": func(s string) string {
			return strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3D", "%3d").Replace(cloudapi.PercentEncode(s))
		},
		"encoded twice": func(s string) string { return cloudapi.PercentEncode(cloudapi.PercentEncode(s)) },
		"form-encoded":  url.QueryEscape,
		"JSON":          quoted,
		"JSON, slashes": func(s string) string { return strings.ReplaceAll(quoted(s), "/", `\/`) },
		"JSON, all": func(s string) string {
			return strings.NewReplacer("/", `\u002f`, "+", `\u002b`, "=", `\u003d`).Replace(s)
		},
		"base64":      func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, URL": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	}
	framings := map[string]func(string) string{
		"plain":            func(body string) string { return reply(400, jsonHeader, body) },
		"in head":          func(body string) string { return reply(400, "X-Echo: "+body+"\r\n", body) },
		"in chunks":        func(body string) string { return chunks(jsonHeader, body, 3) },
		"gzip":             func(body string) string { return reply(400, gzipped, compressed(body, 9)) },
		"gzip in chunks":   func(body string) string { return chunks(gzipped, compressed(body, 9), 3) },
		"stored in chunks": func(body string) string { return chunks(gzipped, compressed(body, 0), 3) },
		"gzip cut off":     func(body string) string { return reply(400, gzipped, compressed(body, 9)[:10+len(body)]) },
		"gzip ended within": func(body string) string {
			return strings.Replace(reply(400, gzipped, compressed(body, 9)), "Content-Length: ", "Content-Length: 9", 1)
		},
		"unknown coding": func(body string) string { return reply(400, "Content-Encoding: br\r\n", compressed(body, 9)) },
		"unknown framing": func(body string) string {
			return "HTTP/1.1 400 Bad\r\nTransfer-Encoding: gzip\r\n\r\n" + compressed(body, 9)
		},
		"chunks under a wrong label": func(body string) string {
			return chunks(gzipped, body, 3)
		},
		"ended within": func(body string) string {
			return "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + body[:len(body)-3]
		},
		"chunks ended within": func(body string) string {
			whole := chunks(jsonHeader, body, 3)
			return whole[:len(whole)-20]
		},
	}
	cfg := onLoopback(newPKI())
	cfg.Alibaba = alibabaKey
	p := New(cfg)
	next := make(chan string, 1)
	addr := serve(t, func(c net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(c, <-next)
		}
	})
	tg := target(goodHost, catalog.HTTP, addr.Port())
	ask := func(what, answer, secret, written string, request cloudapi.Request) {
		next <- answer
		p.pace = pacer{}
		x := p.Ask(t.Context(), tg, addr.Addr(), true, request)
		if x.Status == 0 || x.Received.Shown == 0 {
			t.Fatalf("%s: %s", what, x.Detail)
		}
		const known = 4 // characters of a key id stay
		for way, text := range map[string]string{"sent": x.Sent.Text, "received": x.Received.Text, "decoded": x.Decoded.Text} {
			if strings.Contains(text, written[:min(len(written), known+2)]) || strings.Contains(undone(text), secret[:known+2]) {
				t.Errorf("%s shows the beginning of %q: …%q", what, written, text[max(0, len(text)-200):])
			}
			if len(text) > 2*limit.EvidenceBytes {
				t.Errorf("%s: %d bytes %s", what, len(text), way)
			}
		}
	}
	for _, secret := range secrets {
		for as, write := range writings {
			written := write(secret)
			if as == "base64" || as == "base64, URL" {
				if secret == secrets[3] {
					continue // nobody knows that this is one
				}
			}
			for framed, frame := range framings {
				ask(as+", "+framed, frame("<"+written), secret, written, cloudapi.Request{Method: "GET", Host: goodHost})
			}
			for cut := range len(written) {
				pad := strings.Repeat("-", limit.EvidenceBytes-len(reply(400, "", ""))-3-cut)
				ask(fmt.Sprintf("%s, cut after %d", as, cut), reply(400, "", pad+written+pad), secret, written, cloudapi.Request{
					Method: "POST", Host: goodHost, Body: []byte(strings.Repeat("-", limit.EvidenceBytes-137-cut) + written + pad),
				})
			}
		}
	}
}

// undone is a text without the framing of chunks, and what is compressed in it.
func undone(text string) string {
	text = regexp.MustCompile(`\r\n[0-9a-f]+\r\n`).ReplaceAllString(text, "")
	if at := strings.Index(text, "\x1f\x8b"); at >= 0 {
		if r, err := gzip.NewReader(strings.NewReader(text[at:])); err == nil {
			plain, _ := io.ReadAll(r)
			text += string(plain)
		}
	}
	return text
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// chunks is a reply in chunks of n bytes.
func chunks(header, body string, n int) string {
	var b strings.Builder
	b.WriteString("HTTP/1.1 400 Bad Request\r\n" + header + "Transfer-Encoding: chunked\r\n\r\n")
	for len(body) > 0 {
		part := body[:min(n, len(body))]
		body = body[len(part):]
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
	}
	return b.String() + "0\r\n\r\n"
}

const gzipped = "Content-Encoding: gzip\r\n"

// compressed is a text in the format of gzip; level 0 only stores it.
func compressed(text string, level int) string {
	var b bytes.Buffer
	w := must(gzip.NewWriterLevel(&b, level))
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}
