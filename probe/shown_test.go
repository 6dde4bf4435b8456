package probe

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prober/catalog"
	"prober/limit"
)

// odd is what a terminal obeys, what turns the text around it, and what is no text.
const odd = "\x1b[31mred\x07\u009b1m\x7f\u202egpj\u2066\u2028\ufeff\xff"

// shown calls f with each text of an observation that people read.
func shown(v reflect.Value, f func(string)) {
	switch v.Kind() {
	case reflect.String:
		f(v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			shown(v.Elem(), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				shown(v.Field(i), f)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			shown(v.Index(i), f)
		}
	default:
	}
}

// wantClean looks at every text of an observation.
func wantClean(t *testing.T, o Observation) {
	t.Helper()
	clean := func(s string) {
		unclean := strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == 0x2028 || r == 0xfeff
		})
		if unclean || !utf8.ValidString(s) {
			t.Errorf("%q is shown", s)
		}
	}
	shown(reflect.ValueOf(o), clean)
	if raw, err := json.Marshal(o); err != nil || strings.ContainsFunc(string(raw), unicode.IsControl) {
		t.Errorf("JSON %q, error %v", raw, err)
	}
}

// TestWhatIsShownIsClean puts odd text wherever a reply may have it.
func TestWhatIsShownIsClean(t *testing.T) {
	quoted := strings.NewReplacer("\x1b", `\u001b`, "\x07", `\u0007`, "\x7f", `\u007f`, "\xff", "").Replace(odd)
	long := strings.Repeat(quoted, 2000)
	replies := []string{
		odd, "HTTP/1.1" + odd + " 200 OK\r\n\r\n", "HTTP/1.1 200" + odd + "\r\n\r\n", "HTTP/1.1 404 " + odd + "\r\n\r\n",
		reply(302, "Location: https://"+odd+"/\r\n", ""), reply(200, odd+": x\r\n", ""), reply(200, "X-"+odd+": "+odd+"\r\n", ""), reply(200, odd+"\r\n", ""),
		reply(400, "Content-Type: application/json; charset="+odd+"\r\nX-Acs-Request-Id: "+odd+"\r\n", alibabaError("a", "b")),
		reply(400, "Content-Length: "+odd+"\r\n", ""), reply(200, "Content-Encoding: "+odd+"\r\n", "x"),
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + odd + "\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + odd + "\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;" + odd + "\r\n" + odd + "\r\n\r\n", reply(200, "", "") + odd,
		reply(200, "", odd), reply(200, "", "<html>"+odd), reply(400, "", "{"+odd), reply(400, "", `{"RequestId":`+odd), reply(400, "", "<"+odd+">"), reply(400, "", "<a><a\u202e></b></a>RequestId"),
		reply(400, "", `{"RequestId":"`+requestID+`","Code":"`+quoted+`","Message":"`+quoted+`"}`), reply(500, "", `{"RequestId":"`+requestID+`","Code":"`+quoted+`","Message":"`+long+`"}`),
		reply(200, "", `{"RequestId":"`+requestID+`","Code":"Missing`+quoted+`","Message":"`+long+`"}`),
		reply(400, "", `{"RequestId":"`+requestID+`","Code":"SignatureDoesNotMatch","Message":"server string to sign is:`+long+`"}`),
		reply(400, "Content-Type: text/xml\r\n", "<?xml version='1.0' encoding='x"+odd+"'?><Error><RequestId>"+requestID+"</RequestId><Code>\u202e\u009b</Code><Message>\u202e</Message></Error>"),
		reply(200, "", `{"Response":{"Error":{"Code":"`+quoted+`","Message":"`+quoted+`"},"RequestId":"`+requestID+`"}}`),
	}
	cfg := onLoopback(newPKI())
	for _, r := range replies {
		port, p := serve(t, replying(r)), New(cfg) // a prober of its own, for the sake of the pace
		for _, style := range []catalog.APIStyle{catalog.StyleNone, catalog.StyleAlibabaRPC, catalog.StyleTencent3} {
			for _, product := range []catalog.Product{product(style), httpsOnly(style)} {
				tg := at(goodHost, catalog.HTTP, port)
				tg.Product = product
				o := p.Probe(t.Context(), tg)
				wantClean(t, o)
				if most := limit.DetailBytes; len(o.Detail) > most || len(o.Addresses) > 0 && len(o.Addresses[0].Findings) > 0 && len(o.Addresses[0].Findings[0].Detail) > most {
					t.Errorf("a detail of %d bytes", len(o.Detail))
				}
			}
		}
		wantClean(t, signedProbe(t, catalog.StyleAlibabaRPC, func(*http.Request) string { return r }))
	}
}
