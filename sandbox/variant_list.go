package sandbox

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/clienthello"
	"prober/sandbox/nameserver"
	"prober/sandbox/pki"
)

// variants are unusual and right.
func variants() []spec {
	return slices.Concat(dnsVariants(), tlsVariants(), httpVariants(), apiVariants())
}

// apiVariants are what public captures of the APIs show beside the usual.
func apiVariants() []spec {
	return []spec{
		variantOf(reason.Verify, "signature_not_echoed", "a wrong signature is refused without the string that the API signed, as by some products",
			behaviour{edit: withoutEcho}).at(alibabaAPI()),
		variantOf(reason.Verify, "old_time_in_other_words", "an old time is refused as IllegalTimestamp, with the sentence of a missing parameter",
			when(refusedAs(catalog.ExpiredTimestamp), refuseWith(http.StatusBadRequest, "IllegalTimestamp",
				`The input parameter "Timestamp" that is mandatory for processing this request is not supplied.`))).at(alibabaAPI()),
		variantOf(reason.Verify, "without_recommend", "errors come without a recommendation", behaviour{edit: withoutRecommend}).at(alibabaAPI()),
		variantOf(reason.Headers, "doubled_vary", "a field Vary names its value twice, and Keep-Alive is announced", behaviour{edit: func(x *exchange) {
			x.reply.set("Vary", "Accept-EncodingAccept-Encoding")
			x.reply.set("Keep-Alive", "timeout=25")
		}}).at(alibabaAPI()),
		variantOf(reason.Verify, "bare_names_time", "a request without parameters is told that Timestamp is missing", when(bare, func(x *exchange) {
			x.reply.Body = bytes.ReplaceAll(x.reply.Body, []byte("`Action`"), []byte("`Timestamp`"))
		})).at(ofStyle(catalog.StyleTencent3)),
		variantOf(reason.Verify, "large_get_page", "a GET above the size limit is answered with a web server's page of status 414",
			when(both(refusedAs(catalog.TooLarge), byMethod(http.MethodGet)), become(page(http.StatusRequestURITooLong, "Request-URI Too Large")))).at(ofStyle(catalog.StyleTencent3)),
		variantOf(reason.Verify, "beside_response", "members stand beside Response, and a line end follows the reply", behaviour{edit: func(x *exchange) {
			x.reply.Body = append(bytes.Replace(x.reply.Body, []byte("{"), []byte(`{"retcode":0,"retmsg":"ok",`), 1), '\n')
		}}).at(ofStyle(catalog.StyleTencent3)),
	}
}

func dnsVariants() []spec {
	on := func(name, description string, b nameserver.Behaviour) spec {
		return variantOf(reason.Resolve, name, description, behaviour{dns: b})
	}
	v4 := nameserver.Answers(func(h nameserver.Host) (v4, v6 []netip.Addr) { return h.V4, nil })
	v6 := nameserver.Answers(func(h nameserver.Host) (v4, v6 []netip.Addr) { return nil, h.V6 })
	return []spec{
		on("truncated_then_tcp", "the answer is truncated over UDP and whole over TCP", nameserver.Truncated(true)),
		on("cname_of_three", "three aliases lie between the name and its addresses", nameserver.Chain(3, false)),
		on("reversed_cname", "the records of a chain of three aliases come in reverse order", nameserver.Chain(3, true)),
		on("cname_of_eight", "eight aliases lie between the name and its addresses", nameserver.Chain(8, false)),
		on("edns_refused", "questions with EDNS are answered FORMERR, plain ones whole", nameserver.EDNSRefused()),
		on("stray_answer", "a packet with a wrong transaction id comes ahead of the answer", nameserver.StrayFirst()),
		on("wildcard_zone", "the zone has a wildcard: names beside the host exist", nameserver.Wildcard()),
		on("ipv4_only", "the name has an IPv4 address alone", v4),
		on("ipv6_only", "the name has an IPv6 address alone", v6).at(scope{network: catalog.Public, needsIPv6: true}),
		variantOf(reason.Resolve, "two_addresses", "the name has a second IPv4 address, which serves too", behaviour{dns: spareToo(), spare: spareServes}),
	}
}

func tlsVariants() []spec {
	on := func(name, description string, b behaviour) spec {
		return variantOf(reason.TLS, name, description, b)
	}
	shows := func(name string, k pki.Kind, description string) spec {
		return on(name, description, behaviour{certificate: k})
	}
	twelve := []clienthello.Version{clienthello.TLS12}
	return []spec{
		on("tls12_only", "TLS 1.2 alone is served", behaviour{versions: twelve}),
		on("hello_retry", "TLS 1.3 goes on with P-384 only, which takes a HelloRetryRequest", behaviour{tls: func(c *tls.Config) {
			c.CurvePreferences = []tls.CurveID{tls.CurveP384, tls.CurveP256}
		}}),
		on("warning_alert_first", "a warning alert unrecognized_name comes ahead of the ServerHello", behaviour{hello: warnFirst}),
		on("split_server_hello", "the server's bytes come in segments of seven", behaviour{wrap: inSegments(7)}),
		on("split_records", "the server's handshake messages come in records of at most 50 bytes", behaviour{wrap: refragmented(50)}),
		on("coalesced_server_hello", "the server's handshake messages come in one record, as TLS 1.2 allows", behaviour{wrap: refragmented(0), versions: twelve}),
		shows("rsa_certificate", pki.RSA, "the certificate has an RSA key of 2048 bits"),
		shows("root_in_chain", pki.WithRoot, "the root certificate is sent too"),
		shows("expired_cross_certificate", pki.ExpiredTwin, "a cross-signed twin of the root is sent too, and ran out a year ago"),
		shows("disordered_chain", pki.Disordered, "an unrelated certificate stands inside the chain"),
		shows("thousand_names", pki.ManyNames, "the certificate has a thousand other names"),
		shows("wildcard_certificate", pki.Wildcard, "a wildcard in the certificate covers the host"),
		shows("upper_case_name", pki.UpperCaseSAN, "the certificate has the host in capitals"),
		shows("stapled_good", pki.StapledGood, "a stapled OCSP response says that the certificate is good"),
		shows("short_lived_certificate", pki.ShortLived, "the certificate is valid for six days"),
		on("no_close_notify", "the connection is closed below TLS, without an alert, after a whole reply", behaviour{wire: func(x *exchange) {
			if x.say(x.reply.whole()) {
				x.c.drain()
			}
		}}),
	}
}

func httpVariants() []spec {
	const slow = 100 * time.Millisecond
	lower := func(x *exchange) {
		for i, f := range x.reply.Header {
			x.reply.Header[i].Name = strings.ToLower(f.Name)
		}
	}
	return []spec{
		variantOf(reason.Request, "slow_within_budget", "TLS, the reply and its body each come a tenth of a second late",
			behaviour{delay: Latency{TLS: slow, FirstByte: slow, Body: slow}}),
		variantOf(reason.Headers, "informational_once", "a reply with status 103 comes before the final one", behaviour{wire: func(x *exchange) {
			if x.say("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n") {
				x.say(x.reply.whole())
			}
		}}),
		variantOf(reason.Headers, "informational_many", "twenty replies with status 102 come before the final one", behaviour{wire: func(x *exchange) {
			if x.say(strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 20)) {
				x.say(x.reply.whole())
			}
		}}),
		variantOf(reason.Headers, "large_head", "a header field has 80 KB", behaviour{wire: withLine("X-Filler: " + strings.Repeat("x", 80<<10))}),
		variantOf(reason.Body, "large_page", "the page has 3 MB", behaviour{edit: large}).at(noAPI()),
		variantOf(reason.Body, "brotli_page", "the page is compressed with Brotli, which nobody asked for and nobody ruled out", behaviour{edit: inBrotli}).at(noAPI()),
		variantOf(reason.Headers, "lowercase_headers", "the names of header fields are in lower case", behaviour{edit: lower}),
		variantOf(reason.Headers, "keep_alive", "the server keeps the connection open although it was asked to close it", behaviour{wire: func(x *exchange) {
			if x.say(x.reply.head(false) + string(x.reply.Body)) {
				x.c.hold()
			}
		}}),
		variantOf(reason.Headers, "no_reason_phrase", "the status line ends after the status", behaviour{wire: func(x *exchange) {
			withStatusLine(fmt.Sprintf("HTTP/1.1 %d ", x.reply.Status))(x)
		}}),
		variantOf(reason.Verify, "success_with_code", "a success says so at its top, with Code and Message", when(carriedOut, saySuccess)).at(alibabaAPI()),
		variantOf(reason.Body, "chunked_reply", "the body is sent in chunks of 64 bytes", behaviour{wire: chunked(func(b []byte) string { return chunks(b, 64) + "0\r\n\r\n" })}),
		variantOf(reason.Body, "chunk_extensions", "the chunks of the body have extensions, and a trailer follows", behaviour{wire: chunked(func(b []byte) string {
			return fmt.Sprintf("%x;name=value\r\n%s\r\n0\r\nX-Trailer: end\r\n\r\n", len(b), b)
		})}),
		variantOf(reason.Body, "until_close", "the body has no announced length and ends with the connection", behaviour{wire: announced("")}),
		variantOf(reason.Body, "unasked_gzip", "the body is compressed with gzip, which nobody asked for and nobody ruled out (RFC 9110, section 12.5.3)", behaviour{edit: unaskedGzip}),
		variantOf(reason.Body, "byte_by_byte", "each byte of the reply is a write of its own", behaviour{wire: func(x *exchange) {
			x.c.drip(x.conn, []byte(x.reply.whole()), 0)
		}}),
	}
}
