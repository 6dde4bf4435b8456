package sandbox_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"prober/catalog"
)

func requestExpectations() map[string]expectation {
	nothing := func(end func(error) bool) expectation {
		return is(func(s seen) bool { return s.tls == nil && len(s.raw) == 0 && end(s.end) })
	}
	return map[string]expectation{
		"request_timeout": nothing(isTimeout).hanging("reply"),
		"request_timeout_unread": is(func(s seen) bool { return isTimeout(s.write) }).with(func(w *witness) {
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
		"headers_malformed_space":       headHas("\r\nContent-Length : 1\r\n"),
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
		// That the alert is missing shows to openssl, as for the variant.
		"body_truncated_no_close_notify": is(func(s seen) bool { return announced(s) == -1 && len(s.body()) > 0 && !strings.HasSuffix(s.body(), "}") }),
		"body_truncated_between_chunks":  bodyHas(func(b string) bool { return strings.HasPrefix(b, "40\r\n") && !strings.Contains(b, "\r\n0\r\n") }),
		"body_too_large":                 is(func(s seen) bool { return len(s.raw) == 4<<20 && announced(s) == -1 }).with(func(w *witness) { w.most = 4 << 20 }),
		"body_too_large_chunks": is(func(s seen) bool {
			return len(s.raw) == 4<<20 && strings.Contains(s.head(), "Transfer-Encoding: chunked") && strings.HasPrefix(s.body(), "3e8\r\n ")
		}).with(func(w *witness) { w.most = 4 << 20 }),
		"limit": is(func(s seen) bool { return len(s.body()) > 3<<20 && announced(s) == len(s.body()) }).with(func(w *witness) { w.most = 4 << 20 }),
		"limit_gzip": is(func(s seen) bool {
			n, err := gzipped(s)
			return err == nil && n == 5<<20 && len(s.body()) < 64<<10
		}),
		"limit_deep":   bodyHas(func(b string) bool { return strings.HasPrefix(b, "[[[[") }),
		"limit_fields": is(func(s seen) bool { return strings.Count(s.head(), "X-Odd: x\r\n") == 10_000 }),
		"limit_brotli": is(func(s seen) bool {
			return strings.Contains(s.head(), "Content-Encoding: br\r\n") && strings.Contains(s.body(), "RequestId")
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
		"lax_syntax":        headHas("Set-Cookie: a=b\x01c\r\n"),
		"lax_syntax_space":  headHas("\r\nX-Odd : value\r\n"),
		"lax_syntax_name":   headHas("\r\nSérver: sandbox\r\n"),
		"lax_syntax_folded": headHas("\r\nX-Odd: a\r\n b\r\n"),
		"lax_syntax_lengths": is(func(s seen) bool {
			return strings.Count(s.head(), "Content-Length: ") == 2 && announced(s) == len(s.body())
		}),
		"lax_syntax_hint": starts("HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\nHTTP/1.1 "),
		"lax_syntax_chunk_size": is(func(s seen) bool {
			size, _, _ := strings.Cut(s.body(), "\r\n")
			return strings.HasSuffix(size, "  ")
		}),
		"lax_syntax_chunk_extension": body(";=value\r\n"),
		"lax_syntax_trailer":         body("\r\n0\r\nContent-Length: 1\r\n\r\n"),
		"surplus_bytes":              is(func(s seen) bool { return len(s.body()) > announced(s) && announced(s) > 0 }),
		"smuggling_ambiguous":        headHas("Content-Length: ", "Transfer-Encoding: chunked"),
		"redirect":                   headHas("HTTP/1.1 302 ", "Location: https://login.sandbox.test/"),
		"redirect_two_locations":     headHas("HTTP/1.1 302 ", "Location: https://one.sandbox.test/", "Location: https://two.sandbox.test/"),
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
		"unparseable":            is(func(s seen) bool { return len(s.body()) == announced(s) && !strings.HasSuffix(s.body(), "}") }),
		"unparseable_space":      is(func(s seen) bool { return len(s.body()) == announced(s) && strings.HasSuffix(s.body(), "}\u00a0") }),
		"wrong_shape":            both("HTTP/1.1 200 ", `{"Response":{"Error":{"Code":`),
		"wrong_shape_no_request_id": is(func(s seen) bool {
			return strings.Contains(s.body(), `"Code"`) && !strings.Contains(s.body(), "RequestId")
		}),
		"wrong_shape_generic":         body(`"invalid_request"`),
		"server_error":                both("HTTP/1.1 500 ", "InternalError"),
		"server_error_unavailable":    both("HTTP/1.1 503 ", "ServiceUnavailable"),
		"verify_bad_status":           both("HTTP/1.1 403 ", "<html>"),
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
		"call_refused":                both("HTTP/1.1 400 ", "MissingParameter").with(func(w *witness) { w.query = asCustomer(w.s, w.query) }),
		"call_refused_unknown_action": both("HTTP/1.1 404 ", "InvalidAction.NotFound").with(func(w *witness) { w.query = asCustomer(w.s, w.query) }),
		"unexpected_status":           starts("HTTP/1.1 404 "),
		"header_mismatch":             headHas("X-Version: set-by-the-sandbox\r\n"),
		"content_type_mismatch":       headHas("Content-Type: application/x-sandbox\r\n"),
		"body_mismatch":               body("forbidden"),
		"body_size":                   is(func(s seen) bool { return announced(s) > 200 }),
		"json_mismatch":               body(`{"sandbox":"other"}`),
		"json_mismatch_page":          body("<title>Welcome</title>"),
		"redirect_too_many":           headHas("HTTP/1.1 302 ", "Location: /"),
		"redirect_refused":            headHas("HTTP/1.1 302 ", "Location: http://10.0.0.1/"),
		"slow": is(func(s seen) bool {
			began := time.Now()
			return healthy(s.by.look()) == "" && time.Since(began) > time.Second
		}),
		"rate_limited": both("HTTP/1.1 400 ", "Throttling"),
		"credentials":  both("HTTP/1.1 400 ", "InvalidAccessKeyId.Inactive").with(func(w *witness) { w.query = asCustomer(w.s, w.query) }),
		"clock":        both("HTTP/1.1 400 ", "InvalidTimeStamp.Expired").with(func(w *witness) { w.query = asCustomer(w.s, w.query) }),
	}
}
