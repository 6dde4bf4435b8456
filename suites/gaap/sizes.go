package gaap

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// The document speaks of the size of the request packet and does not say whether its head
// counts. What is called within the limit is so even when the head does, and what is called
// above it is so even when it does not: one byte more than the limit in parameters alone.
const headRoom = 1024

// limit is one documented size limit with the situation of a request above it.
type limit struct {
	id, text  string
	rule      string
	method    string
	tc3       bool
	situation catalog.Situation
}

func limits() []limit {
	return []limit{
		{"GAAP-PROTO-18", "takes GET requests of 32 KB and no more", "gaap/size-limits/get", http.MethodGet, false, catalog.TooLarge},
		{"GAAP-PROTO-19", "takes POST requests of 1 MB with HmacSHA1 and no more", "gaap/size-limits/post-hmac", http.MethodPost, false, catalog.TooLargeHMAC},
		{"GAAP-PROTO-20", "takes POST requests of 10 MB with TC3-HMAC-SHA256 and no more", "gaap/size-limits/post-tc3", http.MethodPost, true, catalog.TooLarge},
	}
}

func (l limit) within() string { return l.rule[strings.LastIndex(l.rule, "/")+1:] + "-within-limit" }
func (l limit) above() string  { return l.rule[strings.LastIndex(l.rule, "/")+1:] + "-above-limit" }

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
		questions = append(questions,
			kit.Question{Name: l.within(), Needs: kit.Credentials, Heavy: true, Make: l.request(call, n-headRoom)},
			kit.Question{Name: l.above(), Needs: kit.Credentials, Heavy: true, Make: l.request(call, n+1)})
	}
	return questions
}

// request makes a request whose parameters take n bytes.
func (l limit) request(call cloudapi.TencentCall, n int) func(*kit.Asking) (cloudapi.Request, error) {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		if l.tc3 {
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
			r, err := signV1(a, l.method, call, a.Tencent, func(v url.Values) { v.Set(probeText, strings.Repeat("x", max(0, pad))) })
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
		e.It(l.id, l.text, kit.AskedHeavily(l.within(), l.above()), func(c *kit.Case) {
			goodKey(c, e, signedCall)
			within := c.Answer(l.within())
			c.Expect(within).To(kit.BeAPIReply(), "a request within the limit")
			c.Expect(within).NotTo(kit.BeTooLarge(rule), "a request within the limit")
			c.Expect(c.Answer(l.above())).To(kit.BeTooLarge(rule), "a request above the limit")
		})
	}
}
