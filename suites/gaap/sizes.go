package gaap

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// The document speaks of the size of the request packet and does not say whether its head
// counts. What is called within the limit is so even when the head does, and what is called
// above it is so even when it does not: one byte more than the limit in parameters alone.
const headRoom = 1024

// A request of exactly the limit, counted without its head, is sent as well; what comes back
// is written down and judged by nobody.

// limit is one documented size limit with the situation of a request above it.
type limit struct {
	id, text  string
	rule      string
	method    string
	situation catalog.Situation
}

func limits() []limit {
	return []limit{
		{"GAAP-PROTO-18", "takes GET requests of 32 KB and no more", "gaap/size-limits/get", http.MethodGet, catalog.TooLarge},
		{"GAAP-PROTO-19", "takes POST requests of 1 MB with HmacSHA1 or HmacSHA256 and no more", "gaap/size-limits/post-hmac", http.MethodPost, catalog.TooLargeHMAC},
		{"GAAP-PROTO-20", "takes POST requests of 10 MB with TC3-HMAC-SHA256 and no more", "gaap/size-limits/post-tc3", http.MethodPost, catalog.TooLarge},
	}
}

// named is the name of a question about the limit, signed by a method: "get-within-limit",
// "post-hmac-above-limit-hmacsha256".
func (l limit) named(where, method string) string {
	name := l.rule[strings.LastIndex(l.rule, "/")+1:] + "-" + where + "-limit"
	if method == cloudapi.HmacSHA256.String() {
		name += "-" + strings.ToLower(method)
	}
	return name
}

// methods are the signature methods that the limit is for.
func (l limit) methods(p catalog.Product) []string {
	for _, r := range p.Rules.SizeLimits {
		if r.ID == l.rule && len(r.SignatureMethods) > 0 {
			return r.SignatureMethods
		}
	}
	return []string{cloudapi.HmacSHA1.String()}
}

// bytes is the limit by the catalogue; 0 when it has no such rule.
func (l limit) bytes(p catalog.Product) int {
	for _, r := range p.Rules.SizeLimits {
		if r.ID == l.rule {
			return int(r.Bytes)
		}
	}
	return 0
}

// sizeQuestions ask with requests within each limit and above it, signed by the customer's
// key: what a key that nobody owns would get first is not documented.
func sizeQuestions(call cloudapi.TencentCall, p catalog.Product) []kit.Question {
	var questions []kit.Question
	for _, l := range limits() {
		n := l.bytes(p)
		if n == 0 {
			continue
		}
		for _, method := range l.methods(p) {
			for _, of := range []struct {
				where string
				size  int
			}{{"within", n - headRoom}, {"at", n}, {"above", n + 1}} {
				questions = append(questions, kit.Question{
					Name: l.named(of.where, method), Needs: kit.Credentials, Heavy: true, Make: l.request(call, method, of.size),
				})
			}
		}
	}
	return questions
}

// request makes a request whose parameters take n bytes.
func (l limit) request(call cloudapi.TencentCall, method string, n int) func(*kit.Asking) (cloudapi.Request, error) {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		if method == cloudapi.TC3Algorithm {
			c := call
			frame := `{"` + probeText + `":""}`
			c.Payload = []byte(frame[:len(frame)-2] + strings.Repeat("x", n-len(frame)) + frame[len(frame)-2:])
			r, _ := c.SignedTC3(a.Host(), a.Tencent, a.Now)
			return r, nil
		}
		// A signature takes as many bytes as its base64 needs escapes, which differ from one
		// to the next: the padding is found by trying.
		pad := n - 600
		for range 60 {
			r, err := signV1(a, l.method, call, a.Tencent, func(v url.Values) {
				v.Set("SignatureMethod", method)
				v.Set(probeText, strings.Repeat("x", max(0, pad)))
			})
			size := len(r.Query) + len(r.Body)
			if err != nil || size == n {
				return r, err
			}
			pad += n - size
		}
		return cloudapi.Request{}, fmt.Errorf("no request of %d bytes came about", n)
	}
}

// sizes judges the size limits.
func sizes(e *kit.Subject) {
	for _, l := range limits() {
		rule := e.ErrorRule(l.situation)
		methods := l.methods(e.Product)
		var within, above []string
		for _, method := range methods {
			within, above = append(within, l.named("within", method)), append(above, l.named("above", method))
		}
		e.It(l.id, l.text, kit.AskedHeavily(signedCall, within, above), func(c *kit.Case) {
			groups.GoodKey(c, e)
			c.Each(within, func(a kit.Answer) {
				c.Expect(a).To(kit.BeAPIReply(), "a request within the limit")
				c.Expect(a).NotTo(kit.BeTooLarge(rule), "a request within the limit")
			})
			c.Each(above, func(a kit.Answer) {
				c.Expect(a).To(kit.BeTooLarge(rule), "a request above the limit")
			})
			for _, method := range methods {
				if a := c.Answer(l.named("at", method)); a.Skip == "" {
					refused, _ := kit.BeTooLarge(rule).Match(a)
					c.Notef("%s: exactly at the limit, counted without the head: refused for its size: %t", method, refused)
				}
			}
		})
	}
}
