package probe

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/exchange"
	"prober/probe/reason"
)

const (
	requestID  = "4C467B38-3910-447D-87BC-AC049166F216"
	alibabaOK  = `{"RequestId":"` + requestID + `","Regions":{"Region":[{"RegionId":"cn-qingdao","LocalName":"华北1（青岛）"}]}}`
	tencentOK  = `{"Response":{"RequestId":"b5b41468-520d-4192-b42f-595cc34b6c1c","TotalCount":0}}`
	anotherID  = "11111111-2222-3333-4444-555555555555"
	jsonHeader = "Content-Type: application/json;charset=utf-8\r\n"
)

// alibabaError is an error reply of Alibaba's.
func alibabaError(code, message string) string {
	return fmt.Sprintf(`{"RequestId":%q,"HostId":"good.test","Code":%q,"Message":%q}`, requestID, code, message)
}

func tencentError(code string) string {
	return fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"said so"},"RequestId":"b5b41468-520d-4192-b42f-595cc34b6c1c"}}`, code)
}

// reply is the bytes of an HTTP reply.
func reply(status int, headers, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d x\r\n%sContent-Length: %d\r\n\r\n%s", status, headers, len(body), body)
}

func product(style catalog.APIStyle) catalog.Product {
	return catalog.Product{ID: "ecs", APIStyle: style, APIVersion: "2014-05-26"}
}

func TestJudge(t *testing.T) {
	const html = "<!DOCTYPE html><html><body>Blocked</body></html>"
	gbk := "{\"RequestId\":\"" + requestID + "\",\"Code\":\"X\",\"Message\":\"\xc7\xe0\xb5\xba\"}" // "青岛" in GBK
	missing := alibabaError("MissingParameter", `The input parameter "AccessKeyId" is missing.`)
	none, alibaba, tencent := product(catalog.StyleNone), product(catalog.StyleAlibabaRPC), product(catalog.StyleTencent3)
	alibabaOnly, tencentOnly := httpsOnly(catalog.StyleAlibabaRPC), httpsOnly(catalog.StyleTencent3)
	for _, tt := range []struct {
		name    string
		product catalog.Product
		reply   string
		want    reason.Reason
		code    string // of the API; "-" for a success, "" for no API reply
	}{
		{"200", none, reply(200, "", "ok"), reason.None, ""},
		{"204", none, "HTTP/1.1 204 No Content\r\n\r\n", reason.None, ""},
		{"302", none, reply(302, "Location: /elsewhere\r\n", ""), reason.None, ""},
		{"399", none, reply(399, "", ""), reason.None, ""},
		{"404", none, reply(404, "", "no"), reason.VerifyBadStatus, ""},
		{"429", none, reply(429, "", ""), reason.ProberRateLimited, ""},
		{"503", none, reply(503, "", ""), reason.VerifyServerError, ""},
		{"beyond what is read", none, reply(200, "", strings.Repeat("x", 3<<20)), reason.None, ""},
		{"404 beyond what is read", none, reply(404, "", strings.Repeat("x", 3<<20)), reason.VerifyBadStatus, ""},
		{"coding that is not undone", none, reply(200, "Content-Encoding: zstd\r\n", "x"), reason.None, ""},
		{"bare LF and a coding that is not undone", none, "HTTP/1.1 200 OK\nContent-Encoding: br\nContent-Length: 1\n\nx", reason.HeadersBareLF, ""},
		{"surplus bytes", none, okReply + "more", reason.VerifySurplusBytes, ""},
		{"surplus bytes after 500", none, reply(500, "", "") + "more", reason.VerifyServerError, ""},
		{"status 999", none, reply(999, "", ""), reason.HeadersBadStatus, ""},
		{"cut off", none, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", reason.BodyTruncated, ""},
		{"bare LF and two lengths", none, "HTTP/1.1 200 OK\nContent-Length: 2\nTransfer-Encoding: chunked\n\n2\r\nok\r\n0\r\n\r\n", reason.HeadersBareLF, ""},

		{"expected error", alibaba, reply(400, jsonHeader, missing), reason.None, "MissingParameter"},
		{"expected error in XML", alibaba, reply(400, "Content-Type: text/xml;charset=utf-8\r\n",
			"<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"+requestID+"</RequestId><HostId>h</HostId><Code>MissingParameter</Code><Message>m</Message></Error>"), reason.None, "MissingParameter"},
		{"request id in the header", alibaba, reply(400, jsonHeader+"X-Acs-Request-Id: "+strings.ToLower(requestID)+"\r\n", missing), reason.None, "MissingParameter"},
		{"beyond what is read", alibaba, reply(400, jsonHeader, missing+strings.Repeat(" ", 1<<20)), reason.ProberLimit, ""},
		{"500 beyond what is read", alibaba, reply(500, "", strings.Repeat("x", 3<<20)), reason.VerifyServerError, ""},
		{"429 beyond what is read", alibaba, reply(429, "", strings.Repeat("x", 3<<20)), reason.ProberLimit, ""},
		{"redirect in a coding that is not undone", alibaba, reply(302, "Content-Encoding: br\r\n", "x"), reason.VerifyRedirect, ""},
		{"coding that is not undone", tencent, reply(200, "Content-Encoding: br\r\n", "x"), reason.ProberLimit, ""},
		{"another request id", alibaba, reply(400, jsonHeader+"X-Acs-Request-Id: "+anotherID+"\r\n", missing), reason.VerifyRequestID, "MissingParameter"},
		{"success", alibaba, reply(200, jsonHeader, alibabaOK), reason.None, "-"},
		{"unknown key", alibaba, reply(404, jsonHeader, alibabaError("InvalidAccessKeyId.NotFound", "m")), reason.None, "InvalidAccessKeyId.NotFound"},
		{"clock", alibaba, reply(400, jsonHeader, alibabaError("InvalidTimeStamp.Expired", "m")), reason.None, "InvalidTimeStamp.Expired"},
		{"error with status 200", alibaba, reply(200, jsonHeader, missing), reason.VerifyWrongShape, "MissingParameter"},
		{"HTTPS demanded over HTTP that is served", alibaba, reply(400, jsonHeader, alibabaError("InvalidProtocol.NeedSsl", "m")), reason.VerifyWrongShape, "InvalidProtocol.NeedSsl"},
		{"throttled", alibaba, reply(400, jsonHeader, alibabaError("Throttling.User", "m")), reason.ProberRateLimited, "Throttling.User"},
		{"throttled with 503", alibaba, reply(503, jsonHeader, alibabaError("Throttling.Api", "m")), reason.ProberRateLimited, "Throttling.Api"},
		{"429 of a proxy", alibaba, reply(429, "Content-Type: text/html\r\n", html), reason.ProberRateLimited, ""},
		{"internal error", alibaba, reply(500, jsonHeader, alibabaError("InternalError", "m")), reason.VerifyServerError, "InternalError"},
		{"502 of a proxy", alibaba, reply(502, "Content-Type: text/html\r\n", html), reason.VerifyServerError, ""},
		{"redirect", alibaba, reply(301, "Location: https://portal.test/\r\n", html), reason.VerifyRedirect, ""},
		{"not modified, without a question", alibaba, "HTTP/1.1 304 Not Modified\r\n\r\n", reason.VerifyNotAPI, ""},
		{"picture", alibaba, reply(200, "Content-Type: image/png\r\n", "\x89PNG\r\n\x1a\n"), reason.VerifyNotAPI, ""},
		{"API reply behind a call", alibaba, reply(400, jsonHeader, "f("+missing+")"), reason.VerifyUnparseable, ""},
		{"redirect without a Location", alibaba, reply(302, "", ""), reason.VerifyRedirect, ""},
		{"page", alibaba, reply(200, "Content-Type: text/html\r\n", html), reason.VerifyNotAPI, ""},
		{"block page", alibaba, reply(405, "Content-Type: text/html\r\n", html), reason.VerifyNotAPI, ""},
		{"page in GBK", alibaba, reply(200, "Content-Type: text/html\r\n", "<html>\xc7\xe0\xb5\xba</html>"), reason.VerifyNotAPI, ""},
		{"empty", alibaba, reply(400, jsonHeader, ""), reason.VerifyNotAPI, ""},
		{"text", alibaba, reply(400, "Content-Type: text/plain\r\n", "nope"), reason.VerifyNotAPI, ""},
		{"cut off, as announced", alibaba, reply(400, jsonHeader, missing[:len(missing)-1]), reason.VerifyUnparseable, ""},
		{"no-break space behind", alibaba, reply(400, jsonHeader, missing+"\u00a0"), reason.VerifyUnparseable, ""},
		{"XML with a line in front", alibaba, reply(400, "", "\n<?xml version='1.0'?><Error><RequestId>"+requestID+"</RequestId><Code>c</Code><Message>m</Message></Error>"), reason.VerifyUnparseable, ""},
		{"somebody else's broken JSON", alibaba, reply(400, jsonHeader, `{"status":`), reason.VerifyNotAPI, ""},
		{"JSON of another kind", alibaba, reply(400, jsonHeader, `{"error":"x"}`), reason.VerifyWrongShape, ""},
		{"Tencent's shape", alibaba, reply(200, jsonHeader, tencentError("MissingParameter")), reason.VerifyWrongShape, ""},
		{"byte order mark", alibaba, reply(400, jsonHeader, "\uFEFF"+missing), reason.VerifyBOM, "MissingParameter"},
		{"charset of the label", alibaba, reply(400, "Content-Type: application/json;charset=gbk\r\n", missing), reason.VerifyCharset, "MissingParameter"},
		{"GBK", alibaba, reply(400, jsonHeader, gbk), reason.VerifyInvalidUTF8, "X"},
		{"garbage of bytes", alibaba, reply(400, jsonHeader, "\xff\xfe\xfd"), reason.VerifyInvalidUTF8, ""},
		{"lone surrogate", alibaba, reply(400, jsonHeader, alibabaError("X", "m")[:len(alibabaError("X", "m"))-2]+`\ud800"}`), reason.VerifyInvalidUTF8, "X"},
		{"byte order mark and surplus", alibaba, reply(400, jsonHeader, "\uFEFF"+missing) + "more", reason.VerifySurplusBytes, "MissingParameter"},

		{"expected error", tencent, reply(200, jsonHeader, tencentError("MissingParameter")), reason.None, "MissingParameter"},
		{"unlabelled", tencent, reply(200, "Content-Type: application/json\r\n", tencentError("AuthFailure.SecretIdNotFound")), reason.None, "AuthFailure.SecretIdNotFound"},
		{"success", tencent, reply(200, jsonHeader, tencentOK), reason.None, "-"},
		{"error with status 400", tencent, reply(400, jsonHeader, tencentError("MissingParameter")), reason.VerifyWrongShape, "MissingParameter"},
		{"throttled", tencent, reply(200, jsonHeader, tencentError("RequestLimitExceeded")), reason.ProberRateLimited, "RequestLimitExceeded"},
		{"internal error", tencent, reply(200, jsonHeader, tencentError("InternalError")), reason.VerifyServerError, "InternalError"},
		{"cut off, as announced", tencent, reply(200, jsonHeader, tencentError("MissingParameter")[:40]), reason.VerifyUnparseable, ""},
		{"Alibaba's shape", tencent, reply(400, jsonHeader, missing), reason.VerifyWrongShape, ""},
		{"nginx", tencent, reply(403, "Content-Type: text/html\r\n", html), reason.VerifyNotAPI, ""},

		{"HTTPS demanded", alibabaOnly, reply(404, jsonHeader, alibabaError("InvalidProtocol.NeedSsl", "m")), reason.None, "InvalidProtocol.NeedSsl"},
		{"403 of a proxy", alibabaOnly, reply(403, "Content-Type: text/html\r\n", html), reason.None, ""},
		{"502 of a proxy", alibabaOnly, reply(502, "Content-Type: text/html\r\n", html), reason.None, ""},
		{"redirect", alibabaOnly, reply(301, "Location: https://good.test/\r\n", ""), reason.None, ""},
		{"redirect to two places", alibabaOnly, reply(301, "Location: https://good.test/\r\nLocation: https://other.test/\r\n", ""), reason.None, ""},
		{"redirect to two places, one of plain HTTP", alibabaOnly, reply(301, "Location: https://good.test/\r\nLocation: http://good.test:8080/\r\n", ""), reason.VerifyRedirect, ""},
		{"closed without a byte", alibabaOnly, "", reason.None, ""},
		{"answers anything but HTTP", alibabaOnly, "SSH-2.0-OpenSSH\r\n", reason.None, ""},
		{"processed", alibabaOnly, reply(400, jsonHeader, missing), reason.VerifyPlainHTTPServed, "MissingParameter"},
		{"processed with success", alibabaOnly, reply(200, jsonHeader, alibabaOK), reason.VerifyPlainHTTPServed, "-"},
		{"page with 200", alibabaOnly, reply(200, "", html), reason.VerifyNotAPI, ""},
		{"redirect to a page of HTTP", alibabaOnly, reply(302, "Location: http://portal.test/\r\n", html), reason.VerifyRedirect, ""},
		{"403 with the API's words", tencentOnly, reply(403, jsonHeader, tencentError("UnsupportedProtocol")), reason.None, "UnsupportedProtocol"},
		{"throttled by a proxy", alibabaOnly, reply(429, "Content-Type: text/html\r\n", html), reason.ProberRateLimited, ""},
		{"throttled", alibabaOnly, reply(400, jsonHeader, alibabaError("Throttling", "m")), reason.ProberRateLimited, ""},
		{"403", tencentOnly, reply(403, "", html), reason.None, ""},
		{"processed", tencentOnly, reply(200, jsonHeader, tencentError("MissingParameter")), reason.VerifyPlainHTTPServed, "MissingParameter"},
		{"refused", httpsOnly(catalog.StyleNone), reply(403, "", ""), reason.None, ""},
		{"served", httpsOnly(catalog.StyleNone), reply(200, "", ""), reason.VerifyPlainHTTPServed, ""},
	} {
		t.Run(string(tt.product.APIStyle)+" "+tt.product.ID+" "+tt.name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTP, serve(t, replying(tt.reply)))
			tg.Product = tt.product
			o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			var code string
			if h := o.Addresses[0].HTTP; h != nil && h.API != nil {
				code = h.API.Code
				if code == "" {
					code = "-"
				}
			}
			if code != tt.code && (tt.code != "" || code != "Throttling") {
				t.Errorf("API code %q, want %q", code, tt.code)
			}
			if tt.want != reason.None && o.Detail == "" {
				t.Error("no detail")
			}
		})
	}
}

// TestEndOfTheStream ends a reply without a length, and one that is short, in each way.
func TestEndOfTheStream(t *testing.T) {
	below := func(c net.Conn) { _ = c.(*tls.Conn).NetConn().Close() } // no close_notify
	well := func(c net.Conn) { _ = c.Close() }
	short := reply(200, "", "hello")
	short = short[:len(short)-1]
	for _, tt := range []struct {
		name, reply string
		end         func(net.Conn)
		want        reason.Reason
		detail      string
	}{
		{"close_notify", "HTTP/1.1 200 OK\r\n\r\nhello", well, reason.None, ""},
		{"FIN alone", "HTTP/1.1 200 OK\r\n\r\nhello", below, reason.BodyTruncated, "without close_notify after 5 bytes of a body"},
		{"FIN alone, and no body", "HTTP/1.1 200 OK\r\n\r\n", below, reason.BodyTruncated, "without close_notify after 0 bytes"},
		{"FIN alone behind a length", reply(200, "", "hello"), below, reason.None, ""},
		{"FIN alone behind the last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", below, reason.None, ""},
		{"close_notify inside a length", short, well, reason.BodyTruncated, "end of the stream after 4 of 5 bytes of the body"},
		{"FIN alone inside a length", short, below, reason.BodyTruncated, "end of the stream after 4 of 5 bytes of the body"},
		{"FIN inside a record", short, func(c net.Conn) {
			raw := c.(*tls.Conn).NetConn()
			_, _ = raw.Write([]byte("\x17\x03\x03\x00\x50x"))
			_ = raw.Close()
		}, reason.BodyTruncated, "end of the stream inside a TLS record after 4 of 5 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPKI()
			o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, serveTLS(t, serverConfig(p), func(c net.Conn) {
				replying(tt.reply)(c)
				tt.end(c)
			})))
			want(t, o, tt.want.Outcome(), tt.want)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Errorf("detail %q, want one with %q", o.Detail, tt.detail)
			}
		})
	}
	o := New(onLoopback(newPKI())).Probe(t.Context(), at(goodHost, catalog.HTTP, serve(t, replying(short))))
	if want := "end of the stream after 4 of 5 bytes of the body"; o.Detail != want {
		t.Errorf("without TLS: detail %q, want %q", o.Detail, want)
	}
}

// TestDefectsAreAllNamed sends a reply with three defects, none of which fails.
func TestDefectsAreAllNamed(t *testing.T) {
	body := "\uFEFF" + alibabaError("MissingParameter", "m")
	tg := at(goodHost, catalog.HTTP, serve(t, replying(reply(400, "Content-Type: application/json;charset=gbk\r\nX-Acs-Request-Id: "+anotherID+"\r\n", body))))
	tg.Product = product(catalog.StyleAlibabaRPC)
	o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
	want(t, o, reason.Degraded, reason.VerifyCharset)
	for _, other := range []reason.Reason{reason.VerifyBOM, reason.VerifyRequestID} {
		if !strings.Contains(o.Detail, "also "+other.String()) {
			t.Errorf("detail %q lacks %s", o.Detail, other)
		}
	}
}

// The keys of these tests. They are made up, and look like what they are not.
var (
	alibabaKey = cloudapi.AlibabaKey{ID: "LTAIcanary0idcanary0id", Secret: "canarySecretOfAlibaba0123456789", Token: "CAIScanary/token+of==Alibaba"}
	tencentKey = cloudapi.TencentKey{ID: "AKIDcanary0idcanary0idcanary0id", Secret: "canarySecretOfTencent0123456789", Token: "canaryTokenOfTencent"}
)

// signedProbe probes a server over TLS with a signed request, which answer replies to.
func signedProbe(t *testing.T, style catalog.APIStyle, answer func(*http.Request) string) Observation {
	t.Helper()
	p := newPKI()
	tg := at(goodHost, catalog.HTTPS, serveTLS(t, serverConfig(p), func(c net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, answer(r))
		}
	}))
	tg.Product, tg.Signed = product(style), true
	cfg := onLoopback(p)
	cfg.Alibaba, cfg.Tencent = alibabaKey, tencentKey
	return New(cfg).Probe(t.Context(), tg)
}

// echo is the string to sign that a server computes which reads the query as changed by
// mangle.
func echo(r *http.Request, mangle func(string) string) string {
	values := r.URL.Query()
	values.Del("Signature")
	for name := range values {
		values.Set(name, mangle(values.Get(name)))
	}
	return cloudapi.StringToSignRPC(r.Method, values)
}

// TestRefusalThatWasCutShort: a defect that was seen before the prober had to stop does not
// make a verdict of what was not read to its end.
func TestRefusalThatWasCutShort(t *testing.T) {
	p := New(Config{})
	tg := target(goodHost, catalog.HTTP, 80)
	tg.Product = httpsOnly(catalog.StyleAlibabaRPC)
	reply := &exchange.Reply{Status: 200, Findings: []reason.Finding{reason.HeadersBareLF.Found("line 1"), reason.ProberCanceled.Found("cut short")}}
	if f := p.judgeRefusal(tg, &AddressResult{HTTP: &HTTPFacts{}}, reply); f.Reason != reason.ProberCanceled {
		t.Errorf("%s: %s", f.Reason, f.Detail)
	}
}

func TestJudgeSigned(t *testing.T) {
	const mismatch = "Specified signature is not matched with our calculation. server string to sign is:"
	same := func(s string) string { return s }
	fixed := func(s string) func(*http.Request) string { return func(*http.Request) string { return s } }
	echoing := func(mangle func(string) string) func(*http.Request) string {
		return func(r *http.Request) string {
			return reply(400, jsonHeader, alibabaError("SignatureDoesNotMatch", mismatch+echo(r, mangle)))
		}
	}
	for _, tt := range []struct {
		name   string
		style  catalog.APIStyle
		answer func(*http.Request) string
		want   reason.Reason
		detail string
	}{
		{"success", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, alibabaOK)), reason.None, ""},
		{"GBK, which holds no U+FFFD", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, strings.Replace(alibabaOK, "青岛", "\xc7\xe0\xb5\xba", 1))), reason.VerifyInvalidUTF8, ""},
		{"cut off", catalog.StyleAlibabaRPC, fixed(strings.TrimSuffix(reply(200, jsonHeader, alibabaOK), "}")), reason.BodyTruncated, ""},
		{"U+FFFD", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, strings.Replace(alibabaOK, "青岛", "\uFFFD\uFFFD", 1))), reason.VerifyMangledText, "U+FFFD"},
		{"U+FFFD in JSON's notation", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, strings.Replace(alibabaOK, "青岛", `\uFFFD`, 1))), reason.VerifyMangledText, "U+FFFD"},
		{"wrong secret", catalog.StyleAlibabaRPC, echoing(same), reason.ProberCredentials, "SignatureDoesNotMatch"},
		{"mismatch without an echo", catalog.StyleAlibabaRPC, fixed(reply(400, jsonHeader, alibabaError("IncompleteSignature", "m"))), reason.ProberCredentials, ""},
		{"text mangled", catalog.StyleAlibabaRPC, echoing(func(s string) string { return strings.ReplaceAll(s, "青", "é") }), reason.VerifyMangledText, `"C3%25A9`},
		{"plus read as a space", catalog.StyleAlibabaRPC, echoing(func(s string) string { return strings.TrimSuffix(s, "+") + " " }), reason.VerifyMangledText, ""},
		{"key mangled", catalog.StyleAlibabaRPC, echoing(func(s string) string { return strings.Replace(s, alibabaKey.Token, "x"+alibabaKey.Token[1:], 1) }), reason.VerifyMangledText, "inside a credential"},
		{"clock", catalog.StyleAlibabaRPC, fixed(reply(400, jsonHeader, alibabaError("InvalidTimeStamp.Expired", "m"))), reason.ProberClock, ""},
		{"unknown key", catalog.StyleAlibabaRPC, fixed(reply(404, jsonHeader, alibabaError("InvalidAccessKeyId.NotFound", "m"))), reason.ProberCredentials, ""},
		{"throttled", catalog.StyleAlibabaRPC, fixed(reply(400, jsonHeader, alibabaError("Throttling.User", "m"))), reason.ProberRateLimited, ""},
		{"action unknown", catalog.StyleAlibabaRPC, fixed(reply(404, jsonHeader, alibabaError("InvalidAction.NotFound", "m"))), reason.VerifyCallRefused, "InvalidAction.NotFound"},
		{"signature lost", catalog.StyleAlibabaRPC, fixed(reply(400, jsonHeader, alibabaError("MissingSignature", "m"))), reason.VerifyCallRefused, ""},
		{"the token was lost", catalog.StyleAlibabaRPC, fixed(reply(400, jsonHeader, alibabaError("MissingSecurityToken", "m"))), reason.VerifyCallRefused, ""},
		{"no name was given", catalog.StyleAlibabaRPC, fixed(reply(403, jsonHeader, alibabaError("RealNameAuthenticationError", "m"))), reason.ProberCredentials, ""},
		{"an error without a code", catalog.StyleAlibabaRPC, fixed(reply(500, jsonHeader, alibabaOK)), reason.VerifyServerError, "without a code"},
		{"payment overdue", catalog.StyleAlibabaRPC, fixed(reply(403, jsonHeader, alibabaError("Forbidden.AccountOverdue", "m"))), reason.ProberCredentials, ""},
		{"success with code and message", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, alibabaError("OK", "OK"))), reason.None, ""},
		{"HTTPS demanded over HTTPS", catalog.StyleAlibabaRPC, fixed(reply(404, jsonHeader, alibabaError("InvalidProtocol.NeedSsl", "m"))), reason.VerifyWrongShape, "came over HTTPS"},
		{"error with status 200", catalog.StyleAlibabaRPC, fixed(reply(200, jsonHeader, alibabaError("MissingParameter", "m"))), reason.VerifyWrongShape, "the status of a success"},
		{"a login of the network", catalog.StyleAlibabaRPC, fixed(reply(511, "Content-Type: text/html\r\n", "<html>log in</html>")), reason.VerifyNotAPI, "status 511"},
		{"a login of the network, in place of a plain server", catalog.StyleNone, fixed(reply(511, "Content-Type: text/html\r\n", "<html>log in</html>")), reason.VerifyNotAPI, "status 511"},
		{"led nowhere", catalog.StyleAlibabaRPC, fixed(reply(301, "Content-Type: text/html\r\n", "")), reason.VerifyRedirect, "without a Location"},
		{"success", catalog.StyleTencent3, fixed(reply(200, jsonHeader, tencentOK)), reason.None, ""},
		{"wrong secret", catalog.StyleTencent3, fixed(reply(200, jsonHeader, tencentError("AuthFailure.SignatureFailure"))), reason.ProberCredentials, ""},
		{"parameter lost", catalog.StyleTencent3, fixed(reply(200, jsonHeader, tencentError("MissingParameter"))), reason.VerifyCallRefused, "said so"},
		{"terms not agreed to", catalog.StyleTencent3, fixed(reply(200, jsonHeader, tencentError("FailedOperation.UserNotConfirmProtocol"))), reason.ProberCredentials, ""},
		{"error with another status", catalog.StyleTencent3, fixed(reply(202, jsonHeader, tencentError("OK"))), reason.VerifyWrongShape, ""},
		{"clock", catalog.StyleTencent3, fixed(reply(200, jsonHeader, tencentError("AuthFailure.SignatureExpire"))), reason.ProberClock, ""},
	} {
		t.Run(string(tt.style)+" "+tt.name, func(t *testing.T) {
			o := signedProbe(t, tt.style, tt.answer)
			want(t, o, tt.want.Outcome(), tt.want)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Errorf("detail %q lacks %q", o.Detail, tt.detail)
			}
			// A reply to a signed request is shown by one that is signed: who has no key may be answered otherwise.
			for _, f := range o.Addresses[0].Findings {
				if command := f.Reproduce; tt.style.IsAPI() && f.Reason.Tool() != reason.NoTool && !strings.HasSuffix(command, " --signed") {
					t.Errorf("%s: %q is another request", f.Reason, command)
				}
				if f.Reason == reason.VerifyMangledText && tt.want != reason.VerifyMangledText {
					t.Errorf("%s: %s", f.Reason, f.Detail)
				}
			}
		})
	}
}

// TestSignedRequests checks that the signature is good, with the key that made it, and that
// the text of the parameter arrives.
func TestSignedRequests(t *testing.T) {
	seen := make(chan *http.Request, 1)
	keep := func(r *http.Request) string {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		seen <- r
		return okReply
	}
	signedProbe(t, catalog.StyleAlibabaRPC, keep)
	q := (<-seen).URL.Query()
	if q.Get(echoParameter) != echoText {
		t.Errorf("%s = %q", echoParameter, q.Get(echoParameter))
	}
	if got := cloudapi.SignRPC(http.MethodGet, q, alibabaKey.Secret); got != q.Get("Signature") {
		t.Errorf("signature %q, want %q", q.Get("Signature"), got)
	}
	signedProbe(t, catalog.StyleTencent3, keep)
	if a := (<-seen).Header.Get("Authorization"); !strings.HasPrefix(a, cloudapi.TC3Algorithm+" Credential="+tencentKey.ID) {
		t.Errorf("Authorization %q", a)
	}
}

// TestNeverSignedOverPlainHTTP looks at what goes over the wire unprotected.
func TestNeverSignedOverPlainHTTP(t *testing.T) {
	for _, style := range []catalog.APIStyle{catalog.StyleAlibabaRPC, catalog.StyleTencent3} {
		seen := make(chan string, 1)
		tg := at(goodHost, catalog.HTTP, serve(t, func(c net.Conn) {
			b := make([]byte, 8192)
			n, _ := c.Read(b)
			seen <- string(b[:n])
		}))
		tg.Product, tg.Signed = product(style), true
		cfg := onLoopback(newPKI())
		cfg.Alibaba, cfg.Tencent = alibabaKey, tencentKey
		New(cfg).Probe(t.Context(), tg)
		if wire := <-seen; wire == "" || strings.Contains(wire, "canary") || strings.Contains(wire, "Signature=") {
			t.Errorf("%s: sent %q", style, wire)
		}
	}
}

// TestNoKey asks for a signed request without a key: nothing is dialled.
func TestNoKey(t *testing.T) {
	for _, style := range []catalog.APIStyle{catalog.StyleAlibabaRPC, catalog.StyleTencent3} {
		cfg := onLoopback(newPKI())
		cfg.Dial = neverDialled(t)
		tg := at(goodHost, catalog.HTTPS, loopback443)
		tg.Product, tg.Signed = product(style), true
		o := New(cfg).Probe(t.Context(), tg)
		want(t, o, reason.Unknown, reason.ProberCredentials)
		if !strings.Contains(o.Detail, "no key in ") {
			t.Errorf("detail %q", o.Detail)
		}
	}
}
