package sandbox_test

import (
	"crypto/rsa"
	"crypto/tls"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"
	"golang.org/x/net/dns/dnsmessage"

	"prober/cloudapi"
)

// well expects a healthy endpoint that shows its peculiarity.
func well(ok func(seen) bool) expectation {
	unusual := is(ok)
	return expectation{check: func(s seen) string {
		if problem := healthy(s); problem != "" {
			return problem
		}
		return unusual.check(s)
	}}
}

// readable is well for bodies that are framed or coded.
func readable(ok func(seen) bool) expectation {
	return is(func(s seen) bool { return s.verified == nil && s.end == io.EOF && ok(s) })
}

func variantExpectations() map[string]expectation {
	leaf := func(names int) func(seen) bool {
		return func(s seen) bool { return len(s.state.PeerCertificates[0].DNSNames) == names }
	}
	head := func(part string) func(seen) bool {
		return func(s seen) bool { return strings.Contains(s.head(), part) }
	}
	overTCP := func(s seen) dnsAnswer {
		return ask(s.by.s.Resolvers()[0], "tcp", s.by.e.Host, dnsmessage.TypeA, false, patience)
	}
	tls12 := func(got *witness) { got.versions = [2]uint16{tls.VersionTLS12, tls.VersionTLS12} }
	first := func(got *witness) { got.addresses = []netip.Addr{netip.MustParseAddr("127.0.0.2")} }
	return map[string]expectation{
		"truncated_then_tcp": is(func(s seen) bool { return s.a.message.Truncated && len(overTCP(s).addresses()) == 1 }),
		"cname_of_three":     well(func(s seen) bool { return cnames(s.a) == 3 }),
		"cname_of_eight":     well(func(s seen) bool { return cnames(s.a) == 8 }),
		"reversed_cname": well(func(s seen) bool {
			return cnames(s.a) == 3 && s.a.message.Answers[0].Header.Type == dnsmessage.TypeA
		}),
		"edns_refused": well(func(s seen) bool {
			return ask(s.by.s.Resolvers()[0], "udp", s.by.e.Host, dnsmessage.TypeA, true, patience).message.RCode == dnsmessage.RCodeFormatError
		}),
		"stray_answer": is(func(s seen) bool { return s.a.message.ID == 0x1234^0xff00 }),
		"wildcard_zone": well(func(s seen) bool {
			label, parent, _ := strings.Cut(s.by.e.Host, ".")
			beside := ask(s.by.s.Resolvers()[0], "udp", label+"-c4n4ry."+parent, dnsmessage.TypeA, false, patience)
			away := ask(s.by.s.Resolvers()[0], "udp", "c4n4ry.example.com", dnsmessage.TypeA, false, patience)
			return len(beside.addresses()) == 1 && away.message.RCode == dnsmessage.RCodeNameError
		}),
		"ipv4_only": well(func(s seen) bool { return len(s.aaaa.addresses()) == 0 && len(s.a.addresses()) == 1 }),
		"ipv6_only": is(func(s seen) bool {
			return len(s.a.addresses()) == 0 && s.verified == nil && strings.Contains(s.body(), "RequestId")
		}),
		"two_addresses": well(func(s seen) bool { return len(s.a.addresses()) == 2 }).with(first),

		"tls12_only":             well(func(s seen) bool { return s.state.Version == tls.VersionTLS12 }),
		"hello_retry":            well(func(s seen) bool { return s.state.HelloRetryRequest }),
		"warning_alert_first":    well(func(seen) bool { return true }),
		"split_server_hello":     well(func(seen) bool { return true }),
		"split_records":          well(func(seen) bool { return true }).with(tls12),
		"coalesced_server_hello": well(func(s seen) bool { return s.state.Version == tls.VersionTLS12 }),
		"rsa_certificate":        well(func(s seen) bool { _, ok := s.state.PeerCertificates[0].PublicKey.(*rsa.PublicKey); return ok }),
		"root_in_chain":          well(func(s seen) bool { return len(s.state.PeerCertificates) == 3 }),
		"expired_cross_certificate": well(func(s seen) bool {
			twin := s.state.PeerCertificates[2]
			return len(s.state.PeerCertificates) == 3 && twin.NotAfter.Before(time.Now()) && twin.Subject.CommonName == "Sandbox Root CA"
		}),
		"disordered_chain":     well(func(s seen) bool { return s.state.PeerCertificates[1].Subject.CommonName == "Unrelated CA" }),
		"thousand_names":       well(leaf(1001)),
		"wildcard_certificate": well(func(s seen) bool { return strings.HasPrefix(s.state.PeerCertificates[0].DNSNames[0], "*.") }),
		"upper_case_name": well(func(s seen) bool {
			return s.state.PeerCertificates[0].DNSNames[0] == strings.ToUpper(s.state.ServerName)
		}),
		"short_lived_certificate": well(leaf(1)),
		"stapled_good": well(func(s seen) bool {
			r, err := ocsp.ParseResponse(s.state.OCSPResponse, s.state.PeerCertificates[1])
			return err == nil && r.Status == ocsp.Good
		}),
		// That the alert is missing shows to openssl, see TestOpenSSLMissesCloseNotify.
		"no_close_notify": well(func(s seen) bool { return len(s.body()) == announced(s) }),

		"slow_within_budget": well(func(seen) bool { return true }),
		"informational_once": is(func(s seen) bool {
			return strings.HasPrefix(string(s.raw), "HTTP/1.1 103 ") && strings.Count(string(s.raw), "HTTP/1.1 ") == 2 && s.end == io.EOF
		}),
		"informational_many": is(func(s seen) bool {
			return strings.HasPrefix(string(s.raw), "HTTP/1.1 102 ") && strings.Count(string(s.raw), "HTTP/1.1 ") == 21 && s.end == io.EOF
		}),
		"large_head":        well(func(s seen) bool { return len(s.head()) > 80<<10 }),
		"large_page":        is(func(s seen) bool { return len(s.body()) > 3<<20 && announced(s) == len(s.body()) }).with(func(w *witness) { w.most = 4 << 20 }),
		"brotli_page":       readable(head("Content-Encoding: br")),
		"lowercase_headers": well(head("\r\ncontent-type: ")),
		"keep_alive": is(func(s seen) bool {
			return head("Connection: keep-alive")(s) && len(s.body()) == announced(s) && isTimeout(s.end)
		}).hanging("reply"),
		"no_reason_phrase": well(func(s seen) bool {
			line, _, _ := strings.Cut(s.head(), "\r\n")
			return len(line) == len("HTTP/1.1 200 ")
		}),
		"success_with_code": well(func(s seen) bool { return strings.Contains(s.body(), `"Code":"200"`) && head("HTTP/1.1 200 ")(s) }).with(func(w *witness) {
			call := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}
			w.query = "?" + call.SignedValues("GET", w.s.Credentials().Alibaba, time.Now(), "1").Encode()
		}),
		"chunked_reply": readable(func(s seen) bool {
			return strings.HasSuffix(s.body(), "\r\n0\r\n\r\n") && head("Transfer-Encoding: chunked")(s)
		}),
		"chunk_extensions": readable(func(s seen) bool {
			return strings.Contains(s.body(), ";name=value\r\n") && strings.Contains(s.body(), "\r\n0\r\nX-Trailer: end\r\n")
		}),
		"until_close":  well(func(s seen) bool { return announced(s) == -1 }),
		"unasked_gzip": readable(func(s seen) bool { return head("Content-Encoding: gzip")(s) && strings.HasPrefix(s.body(), "\x1f\x8b") }),
		"byte_by_byte": well(func(seen) bool { return true }),

		"old_time_in_other_words": is(func(s seen) bool { return strings.Contains(s.body(), "IllegalTimestamp") }).with(func(w *witness) {
			call := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2014-05-26"}
			w.query = "?" + call.SignedValues("GET", w.s.Credentials().Alibaba, time.Now().Add(-time.Hour), "1").Encode()
		}),
		"without_recommend": well(func(s seen) bool { return !strings.Contains(s.body(), "Recommend") }),
		"doubled_vary":      well(head("Vary: Accept-EncodingAccept-Encoding")),
		"bare_names_time":   is(func(s seen) bool { return strings.Contains(s.body(), "`Timestamp`") }).with(func(w *witness) { w.query = "?" }),
		"large_get_page": is(func(s seen) bool { return strings.HasPrefix(s.head(), "HTTP/1.1 414 ") }).with(func(w *witness) {
			w.query = "?Filler=" + strings.Repeat("x", 32<<10)
		}),
		"beside_response": well(func(s seen) bool {
			return strings.HasPrefix(s.body(), `{"retcode":0,`) && strings.HasSuffix(s.body(), "}\n")
		}),
		"signature_not_echoed": is(func(s seen) bool {
			return strings.Contains(s.body(), "signature") && !strings.Contains(s.body(), "string to sign")
		}).with(signWrongly),
	}
}

// mangled sends a call with a wrong signature, to which the API answers with its own
// string to sign, and looks for a part of it.
func mangled(part string) expectation {
	return is(func(s seen) bool {
		return strings.Contains(s.body(), "string to sign is:") && strings.Contains(s.body(), part) && !strings.Contains(s.body(), "%25E4%25B8%25AD")
	}).with(signWrongly)
}

// signWrongly makes the request a call with a wrong signature.
func signWrongly(w *witness) {
	call := cloudapi.AlibabaCall{
		Action: "DescribeRegions", Version: "2014-05-26",
		Params: url.Values{"Text": {"中文"}},
	}
	values := call.SignedValues("GET", w.s.Credentials().Alibaba, time.Now(), "1")
	values.Set("Signature", "wrong")
	w.query = "?" + values.Encode()
}
