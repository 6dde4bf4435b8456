package sandbox_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"golang.org/x/crypto/ocsp"
	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
)

// expectations says of every fault and variant how it shows to the witness.
func expectations() map[string]expectation {
	all := make(map[string]expectation)
	for _, part := range []map[string]expectation{
		resolveExpectations(), connectExpectations(), tlsExpectations(), certificateExpectations(),
		versionExpectations(), requestExpectations(), headerExpectations(), bodyExpectations(),
		verifyExpectations(), variantExpectations(),
	} {
		maps.Copy(all, part)
	}
	return all
}

// healthy tells what is wrong with an endpoint that should be well.
func healthy(s seen) string {
	switch {
	case s.a.parse != nil || len(s.a.addresses()) == 0:
		return fmt.Sprintf("DNS: %+v", s.a)
	case s.dial != nil || s.tls != nil || s.verified != nil || s.write != nil:
		return fmt.Sprintf("dial %v, tls %v, verify %v, write %v", s.dial, s.tls, s.verified, s.write)
	case !strings.HasPrefix(s.head(), "HTTP/1.1 ") || s.end != io.EOF:
		return fmt.Sprintf("reply %q, %v", s.raw, s.end)
	case !strings.Contains(s.body(), "RequestId") && s.body() != "ok\n":
		return fmt.Sprintf("body %q", s.body())
	}
	return ""
}

// is makes an expectation of a condition.
func is(ok func(seen) bool) expectation {
	return expectation{check: func(s seen) string {
		if ok(s) {
			return ""
		}
		return fmt.Sprintf("A %v %v, AAAA %v, dial %v, tls %v, verify %v, write %v, end %v, reply %.300q",
			s.a.message.RCode, s.a.addresses(), s.aaaa.addresses(), s.dial, s.tls, s.verified, s.write, s.end, s.raw)
	}}
}

func (x expectation) with(prepare func(*witness)) expectation {
	x.prepare = prepare
	return x
}

// hanging says which step hangs.
func (x expectation) hanging(step string) expectation {
	return x.with(func(w *witness) { w.hangs = step })
}

func rcodeIs(code dnsmessage.RCode) expectation {
	return is(func(s seen) bool {
		return s.a.message.RCode == code && s.aaaa.message.RCode == code && len(s.a.message.Answers) == 0
	})
}

// cnames counts the aliases of an answer.
func cnames(a dnsAnswer) int {
	n := 0
	for _, r := range a.message.Answers {
		if r.Header.Type == dnsmessage.TypeCNAME {
			n++
		}
	}
	return n
}

func leads(to string) expectation {
	return is(func(s seen) bool {
		got := s.a.addresses()
		return len(got) == 1 && got[0] == netip.MustParseAddr(to) && len(s.aaaa.addresses()) == 0
	})
}

func resolveExpectations() map[string]expectation {
	silentFirst := func(s seen) bool { return s.a.silent }
	truncated := func(tcp func(dnsAnswer) bool) expectation {
		var w *witness
		return is(func(s seen) bool {
			over := ask(w.s.Resolvers()[0], "tcp", w.e.Host, dnsmessage.TypeA, false, patience)
			return s.a.message.Truncated && len(s.a.message.Answers) == 0 && tcp(over)
		}).with(func(got *witness) { w = got })
	}
	var second, canary *witness
	return map[string]expectation{
		"nxdomain": rcodeIs(dnsmessage.RCodeNameError),
		"nxdomain_second_resolver": is(func(s seen) bool {
			other := ask(second.s.Resolvers()[1], "udp", second.e.Host, dnsmessage.TypeA, false, patience)
			return healthy(s) == "" && other.message.RCode == dnsmessage.RCodeNameError
		}).with(func(w *witness) { second = w }),
		"nodata":               rcodeIs(dnsmessage.RCodeSuccess),
		"servfail":             rcodeIs(dnsmessage.RCodeServerFailure),
		"servfail_aaaa":        is(func(s seen) bool { return healthy(s) == "" && s.aaaa.message.RCode == dnsmessage.RCodeServerFailure }),
		"resolve_refused":      rcodeIs(dnsmessage.RCodeRefused),
		"formerr":              rcodeIs(dnsmessage.RCodeFormatError),
		"notimp":               rcodeIs(dnsmessage.RCodeNotImplemented),
		"bad_rcode":            rcodeIs(9),
		"bad_rcode_yxdomain":   rcodeIs(6),
		"bad_rcode_unassigned": rcodeIs(12),
		"referral": is(func(s seen) bool {
			m := s.a.message
			return !m.Authoritative && len(m.Answers) == 0 && len(m.Authorities) == 1 && m.Authorities[0].Header.Type == dnsmessage.TypeNS
		}),
		"resolve_timeout":              is(silentFirst).hanging("dns"),
		"resolve_timeout_aaaa":         is(func(s seen) bool { return healthy(s) == "" && s.aaaa.silent }).hanging("aaaa"),
		"resolve_timeout_wrong_id":     is(func(s seen) bool { return s.a.message.ID == 0x1234^0xff00 && s.aaaa.message.ID == 0x1234^0xff00 }),
		"resolve_truncated":            truncated(func(a dnsAnswer) bool { return a.message.Truncated && len(a.message.Answers) == 0 }),
		"resolve_truncated_tcp_closed": truncated(func(a dnsAnswer) bool { return a.silent }),
		"mismatch": is(func(s seen) bool {
			return s.a.message.Questions[0].Name.String() == "other.aliyuncs.com." && len(s.a.message.Answers) > 0
		}),
		"bad_answer":              is(func(s seen) bool { return s.a.message.Answers[0].Header.Name.String() == "other.aliyuncs.com." }),
		"resolve_malformed":       is(func(s seen) bool { return !s.a.silent && len(s.a.raw) > 12 && s.a.parse != nil }),
		"resolve_malformed_empty": is(func(s seen) bool { return !s.a.silent && len(s.a.raw) == 0 }),
		"cname_loop": is(func(s seen) bool {
			return cnames(s.a) == 2 && s.a.message.Answers[0].Header.Name == s.a.message.Questions[0].Name &&
				s.a.message.Answers[1].Body.(*dnsmessage.CNAMEResource).CNAME == s.a.message.Questions[0].Name
		}),
		"cname_dangling": is(func(s seen) bool { return cnames(s.a) == 1 && s.a.message.RCode == dnsmessage.RCodeNameError }),
		"cname_dangling_nodata": is(func(s seen) bool {
			return cnames(s.a) == 1 && s.a.message.RCode == dnsmessage.RCodeSuccess && len(s.a.addresses()) == 0
		}),
		"cname_too_long":        is(func(s seen) bool { return cnames(s.a) == 12 && len(s.a.addresses()) == 1 }),
		"cname_too_long_twenty": is(func(s seen) bool { return cnames(s.a) == 20 && len(s.a.addresses()) == 1 }),
		"bogon":                 leads("10.0.0.1"),
		"bogon_metadata":        leads("100.100.100.200"),
		"bogon_link_local":      leads("169.254.169.254"),
		"bogon_zero":            leads("0.0.0.0"),
		"not_private":           leads("127.0.0.1"),
		"hijacked": is(func(s seen) bool {
			label, parent, _ := strings.Cut(canary.e.Host, ".")
			a := ask(canary.s.Resolvers()[0], "udp", label+"-c4n4ry."+parent, dnsmessage.TypeA, false, patience)
			return healthy(s) == "" && len(a.addresses()) == 1
		}).with(func(w *witness) { canary = w }),
	}
}

func connectExpectations() map[string]expectation {
	second := func(w *witness) { w.addresses = []netip.Addr{netip.MustParseAddr("127.0.0.2")} }
	var both = func(s seen) bool { return len(s.a.addresses()) == 2 }
	refused := func(s seen) bool { return errors.Is(s.dial, syscall.ECONNREFUSED) }
	timeout := func(s seen) bool {
		var t interface{ Timeout() bool }
		return errors.As(s.dial, &t) && t.Timeout()
	}
	return map[string]expectation{
		"connect_refused":             is(refused),
		"connect_refused_one_address": is(func(s seen) bool { return both(s) && refused(s) }).with(second),
		"connect_timeout":             is(timeout).hanging("dial"),
		"connect_timeout_one_address": is(func(s seen) bool { return both(s) && timeout(s) }).with(func(w *witness) {
			second(w)
			w.hangs = "dial"
		}),
		"unreachable": is(func(s seen) bool { return errors.Is(s.dial, syscall.ENETUNREACH) }),
	}
}

// tlsError expects a handshake that ends with an error that says so.
func tlsError(part string) expectation {
	return is(func(s seen) bool { return s.tls != nil && strings.Contains(s.tls.Error(), part) })
}

func tlsExpectations() map[string]expectation {
	var intolerant *witness
	timeout := is(func(s seen) bool { return isTimeout(s.tls) }).hanging("tls")
	reset := is(func(s seen) bool { return isReset(s.tls) })
	eof := is(func(s seen) bool { return errors.Is(s.tls, io.EOF) || errors.Is(s.tls, io.ErrUnexpectedEOF) })
	tls12 := func(w *witness) { w.versions = [2]uint16{tls.VersionTLS12, tls.VersionTLS12} }
	return map[string]expectation{
		"tls_timeout":                   timeout,
		"tls_timeout_half_flight":       timeout,
		"tls_timeout_slow":              timeout,
		"tls_reset":                     reset,
		"tls_reset_half_flight":         reset,
		"tls_eof":                       eof,
		"tls_eof_on_accept":             eof,
		"tls_eof_half_flight":           eof,
		"plaintext":                     tlsError("first record does not look like a TLS handshake"),
		"plaintext_banner":              tlsError("first record does not look like a TLS handshake"),
		"tls_malformed":                 tlsError("error decoding message"),
		"tls_malformed_oversize":        tlsError("oversized record"),
		"tls_malformed_warnings":        tlsError("too many ignored records"),
		"alert_handshake_failure":       tlsError("remote error: tls: handshake failure"),
		"alert_internal_error":          tlsError("remote error: tls: internal error"),
		"alert_unrecognized_name":       tlsError("remote error: tls: unrecognized name"),
		"alert_no_application_protocol": tlsError("remote error: tls: no application protocol"),
		"alert_access_denied":           tlsError("remote error: tls: access denied"),
		"alert_inappropriate_fallback":  tlsError("remote error: tls: inappropriate fallback"),
		"alert_other":                   tlsError("remote error: tls: insufficient security level"),
		"client_cert_required": is(func(s seen) bool {
			return s.tls == nil && s.end != nil && strings.Contains(s.end.Error(), "certificate required")
		}),
		"client_cert_required_tls12": tlsError("remote error: tls:"),
		"hello_intolerant": is(func(s seen) bool { return errors.Is(s.tls, io.EOF) && smallHelloAnswered(intolerant) }).with(
			func(w *witness) { intolerant = w }),
		"version":            tlsError("protocol version not supported"),
		"version_sslv2_only": tlsError("protocol version not supported"),
		"version_sslv3_only": tlsError("unsupported protocol version 300"),
		"version_missing": is(func(s seen) bool { return s.tls == nil && s.state.Version == tls.VersionTLS11 }).with(func(w *witness) {
			w.versions = [2]uint16{tls.VersionTLS10, tls.VersionTLS12}
		}),
		"version_missing_old_only":   tlsError("").with(tls12),
		"version_missing_tls10_only": is(func(s seen) bool { return s.state.Version == tls.VersionTLS10 }),
	}
}

func versionExpectations() map[string]expectation {
	later := func() time.Time { return time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) }
	old := is(func(s seen) bool { return s.tls == nil && s.state.Version == tls.VersionTLS10 }).with(func(w *witness) {
		w.versions = [2]uint16{tls.VersionTLS10, tls.VersionTLS10}
	})
	old.now = later
	return map[string]expectation{
		"version_accepted": sslExpectation(helloSSLv3(), func(answer []byte) bool {
			return bytes.HasPrefix(answer, []byte{22, 3, 0}) && bytes.Equal(answer[5:6], []byte{2}) && bytes.Equal(answer[9:11], []byte{3, 0})
		}),
		"version_accepted_sslv2": sslExpectation(helloSSLv2(), func(answer []byte) bool {
			return len(answer) > 7 && answer[0]&0x80 != 0 && bytes.Equal(answer[2:3], []byte{4}) && bytes.Equal(answer[5:7], []byte{0, 2})
		}),
		"version_accepted_tls10": old,
	}
}

func certificateExpectations() map[string]expectation {
	invalid := func(why x509.InvalidReason, dates func(*x509.Certificate) bool) expectation {
		return is(func(s seen) bool {
			var e x509.CertificateInvalidError
			return errors.As(s.verified, &e) && e.Reason == why && (dates == nil || dates(e.Cert))
		})
	}
	hostname := is(func(s seen) bool { return errors.As(s.verified, new(x509.HostnameError)) })
	unknown := func(ok func(chain []*x509.Certificate) bool) expectation {
		return is(func(s seen) bool {
			return errors.As(s.verified, new(x509.UnknownAuthorityError)) && ok(s.state.PeerCertificates)
		})
	}
	bits := func(position int) expectation {
		return is(func(s seen) bool {
			key, ok := s.state.PeerCertificates[position].PublicKey.(*rsa.PublicKey)
			return s.verified == nil && ok && key.Size() == 1024/8
		})
	}
	return map[string]expectation{
		"cert_expired":           invalid(x509.Expired, func(c *x509.Certificate) bool { return c.NotAfter.Before(time.Now()) }),
		"cert_not_yet_valid":     invalid(x509.Expired, func(c *x509.Certificate) bool { return c.NotBefore.After(time.Now()) }),
		"cert_hostname":          hostname,
		"cert_hostname_cn_only":  hostname,
		"cert_hostname_wildcard": hostname,
		"cert_self_signed": unknown(func(chain []*x509.Certificate) bool {
			return len(chain) == 1 && bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject)
		}),
		"cert_untrusted": unknown(func(chain []*x509.Certificate) bool { return len(chain) == 2 }),
		"cert_incomplete_chain": unknown(func(chain []*x509.Certificate) bool {
			return len(chain) == 1 && chain[0].Issuer.CommonName == "Sandbox Issuing CA"
		}),
		"cert_usage":                 invalid(x509.IncompatibleUsage, nil),
		"cert_usage_not_ca":          unknown(func(chain []*x509.Certificate) bool { return len(chain) == 3 && !chain[1].IsCA && chain[2].IsCA }),
		"cert_usage_name_constraint": invalid(x509.CANotAuthorizedForThisName, nil),
		"cert_revoked": is(func(s seen) bool {
			r, err := ocsp.ParseResponse(s.state.OCSPResponse, s.state.PeerCertificates[1])
			return s.verified == nil && err == nil && r.Status == ocsp.Revoked &&
				r.SerialNumber.Cmp(s.state.PeerCertificates[0].SerialNumber) == 0
		}),
		"cert_malformed":        unknown(func(chain []*x509.Certificate) bool { return chain[0].CheckSignatureFrom(chain[1]) != nil }),
		"cert_malformed_der":    tlsError("failed to parse certificate"),
		"weak_key":              bits(0),
		"weak_key_intermediate": bits(1),
		"weak_signature": is(func(s seen) bool {
			return s.verified != nil && s.state.PeerCertificates[0].SignatureAlgorithm == x509.ECDSAWithSHA1
		}),
	}
}

func requestExpectations() map[string]expectation {
	nothing := func(end func(error) bool) expectation {
		return is(func(s seen) bool { return s.tls == nil && len(s.raw) == 0 && end(s.end) })
	}
	return map[string]expectation{
		"request_timeout": nothing(isTimeout).hanging("reply"),
		"write_timeout": is(func(s seen) bool { return isTimeout(s.write) }).with(func(w *witness) {
			w.hangs, w.padding = "reply", 32<<20
		}),
		"request_reset":     nothing(isReset),
		"request_eof":       nothing(func(err error) bool { return err == io.EOF }),
		"request_eof_early": nothing(func(err error) bool { return err == io.EOF }),
	}
}

// unfinished expects the beginning of a header section and nothing more.
func unfinished(end func(error) bool) expectation {
	return is(func(s seen) bool {
		return bytes.HasPrefix(s.raw, []byte("HTTP/1.1 ")) && !bytes.Contains(s.raw, []byte("\r\n\r\n")) && end(s.end)
	})
}

// headHas expects a header section with these parts.
func headHas(parts ...string) expectation {
	return is(func(s seen) bool {
		for _, p := range parts {
			if !strings.Contains(s.head(), p) {
				return false
			}
		}
		return s.tls == nil
	})
}

func starts(with string) expectation {
	return is(func(s seen) bool { return strings.HasPrefix(string(s.raw), with) })
}

func headerExpectations() map[string]expectation {
	eof := func(err error) bool { return err == io.EOF }
	return map[string]expectation{
		"headers_timeout":        unfinished(isTimeout).hanging("reply"),
		"headers_timeout_slow":   is(func(s seen) bool { return len(s.raw) < 9 && isTimeout(s.end) }).hanging("reply"),
		"headers_reset":          unfinished(isReset),
		"headers_eof":            unfinished(eof),
		"headers_too_large":      unfinished(eof).with(func(w *witness) { w.most = 4 << 20 }),
		"headers_too_large_many": headHas("X-Filler-0: 0\r\n", "X-Filler-99999: 99999").with(func(w *witness) { w.most = 8 << 20 }),
		"too_many_informational": is(func(s seen) bool {
			return bytes.Count(s.raw, []byte("HTTP/1.1 103 ")) == 100_000 && bytes.Contains(s.raw, []byte("RequestId"))
		}).with(func(w *witness) { w.most = 8 << 20 }),
		"headers_bad_status":            starts("HTTP/1.1 999 "),
		"headers_bad_status_zero":       starts("HTTP/1.1 000 "),
		"headers_bad_status_two_digits": starts("HTTP/1.1 20 OK\r\n"),
		"headers_bad_status_switching":  starts("HTTP/1.1 101 ").hanging("reply"),
		"headers_malformed":             headHas("\r\nThis line has no colon\r\n"),
		"headers_malformed_nul":         headHas("\r\nX-Odd: a\x00b\r\n"),
		"headers_malformed_space":       headHas("\r\nX-Odd : value\r\n"),
		"bare_lf": is(func(s seen) bool {
			return bytes.HasPrefix(s.raw, []byte("HTTP/1.1 ")) && bytes.Contains(s.raw, []byte("\n\n")) && !bytes.Contains(s.raw, []byte("\r\n"))
		}),
		"bad_length":          headHas("Content-Length: -5"),
		"bad_length_text":     headHas("Content-Length: many"),
		"bad_length_overflow": headHas("Content-Length: 99999999999999999999999"),
		"conflicting_length":  is(func(s seen) bool { return strings.Count(s.head(), "Content-Length: ") == 2 }),
		"protocol":            starts("SSH-2.0-"),
		"protocol_http09":     starts("<html>"),
		"protocol_http2":      starts("\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
		"protocol_coding":     headHas("Transfer-Encoding: sandbox"),
	}
}

// announced returns the number in Content-Length.
func announced(s seen) int {
	n := -1
	_, after, _ := strings.Cut(s.head(), "Content-Length: ")
	_, _ = fmt.Sscanf(after, "%d", &n) // stays -1 without one
	return n
}

func bodyExpectations() map[string]expectation {
	cut := func(end func(error) bool) expectation {
		return is(func(s seen) bool { return len(s.body()) > 0 && len(s.body()) < announced(s) && end(s.end) })
	}
	eof := func(err error) bool { return err == io.EOF }
	bodyHas := func(ok func(body string) bool) expectation { return is(func(s seen) bool { return ok(s.body()) }) }
	gzipped := func(s seen) (int64, error) {
		r, err := gzip.NewReader(strings.NewReader(s.body()))
		if err != nil {
			return 0, err
		}
		return io.Copy(io.Discard, r)
	}
	return map[string]expectation{
		"body_timeout":      cut(isTimeout).hanging("reply"),
		"body_timeout_slow": is(func(s seen) bool { return len(s.body()) < 5 && isTimeout(s.end) && announced(s) > 5 }).hanging("reply"),
		"body_reset":        cut(isReset),
		"body_truncated":    cut(eof),
		"bad_chunking_cut":  bodyHas(func(b string) bool { return strings.HasPrefix(b, "40\r\n") && !strings.Contains(b, "\r\n0\r\n") }),
		"body_too_large":    is(func(s seen) bool { return len(s.raw) == 4<<20 && announced(s) == 10_000_000_000 }).with(func(w *witness) { w.most = 4 << 20 }),
		"body_too_large_gzip": is(func(s seen) bool {
			n, err := gzipped(s)
			return err == nil && n == 32<<20 && len(s.body()) < 64<<10
		}),
		"bad_encoding": is(func(s seen) bool {
			return strings.Contains(s.head(), "Content-Encoding: gzip") && strings.Contains(s.body(), "RequestId")
		}),
		"bad_encoding_cut": is(func(s seen) bool {
			_, err := gzipped(s)
			return strings.Contains(s.head(), "Content-Encoding: gzip") && errors.Is(err, io.ErrUnexpectedEOF)
		}),
		"bad_encoding_unknown":  headHas("Content-Encoding: sandbox"),
		"bad_chunking":          bodyHas(func(b string) bool { return strings.HasPrefix(b, "zz\r\n") }),
		"bad_chunking_overflow": bodyHas(func(b string) bool { return strings.HasPrefix(b, "fffffffffffffffff\r\n") }),
		"bad_chunking_end":      bodyHas(func(b string) bool { return strings.HasSuffix(b, "}\r\n0\r\n\r\n") }),
	}
}

func verifyExpectations() map[string]expectation {
	body := func(part string) expectation {
		return is(func(s seen) bool { return strings.Contains(s.body(), part) })
	}
	both := func(head, part string) expectation {
		return is(func(s seen) bool { return strings.Contains(string(s.raw), head) && strings.Contains(s.body(), part) })
	}
	return map[string]expectation{
		"surplus_bytes":       is(func(s seen) bool { return len(s.body()) > announced(s) && announced(s) > 0 }),
		"smuggling_ambiguous": headHas("Content-Length: ", "Transfer-Encoding: chunked"),
		"redirect":            headHas("HTTP/1.1 302 ", "Location: https://login.sandbox.test/"),
		"redirect_no_location": is(func(s seen) bool {
			return strings.HasPrefix(s.head(), "HTTP/1.1 302 ") && !strings.Contains(s.head(), "Location")
		}),
		"redirect_loop":          headHas("HTTP/1.1 302 ", "Location: https://ecs", "?Action=DescribeRegions"),
		"charset":                headHas("charset=gbk"),
		"charset_latin1":         headHas("charset=ISO-8859-1"),
		"bom":                    is(func(s seen) bool { return strings.HasPrefix(s.body(), "\xef\xbb\xbf{") }),
		"invalid_utf8":           body("\xd6\xd0\xce\xc4"),
		"invalid_utf8_overlong":  body("\xc0\xaf"),
		"invalid_utf8_surrogate": body(`\ud800`),
		"mangled_text":           mangled("%25EF%25BF%25BD"),
		"mangled_text_latin1":    mangled("%25C3%25A4"),
		"not_api":                both("HTTP/1.1 200 ", "<html>"),
		"not_api_blocked":        both("HTTP/1.1 405 ", "<html>"),
		"not_api_missing":        both("HTTP/1.1 404 ", "<html>"),
		"not_api_empty":          is(func(s seen) bool { return announced(s) == 0 && strings.HasPrefix(s.head(), "HTTP/1.1 200 ") }),
		"not_api_text":           body("It works!"),
		"wrong_shape":            both("HTTP/1.1 200 ", `{"Response":{"Error":{"Code":`),
		"wrong_shape_no_request_id": is(func(s seen) bool {
			return strings.Contains(s.body(), `"Code"`) && !strings.Contains(s.body(), "RequestId")
		}),
		"wrong_shape_generic":         body(`"invalid_request"`),
		"server_error":                both("HTTP/1.1 500 ", "InternalError"),
		"server_error_unavailable":    both("HTTP/1.1 503 ", "ServiceUnavailable"),
		"verify_bad_status":           both("HTTP/1.1 500 ", "<html>"),
		"verify_bad_status_not_found": both("HTTP/1.1 404 ", "<html>"),
		"request_id_mismatch": is(func(s seen) bool {
			_, after, ok := strings.Cut(strings.ToLower(s.head()), "x-acs-request-id: ")
			id, _, _ := strings.Cut(after, "\r\n")
			return ok && len(id) == 36 && !strings.Contains(strings.ToLower(s.body()), id)
		}),
		"plain_http_served": is(func(s seen) bool {
			return strings.Contains(s.body(), "RequestId") && !strings.Contains(s.body(), "NeedSsl")
		}).with(
			func(w *witness) { w.scheme = catalog.HTTP }),
		"rate_limited": both("HTTP/1.1 400 ", "Throttling"),
		"credentials":  both("HTTP/1.1 400 ", "InvalidAccessKeyId.Inactive"),
		"clock":        both("HTTP/1.1 400 ", "InvalidTimeStamp.Expired"),
	}
}
