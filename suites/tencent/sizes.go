package tencent

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// The document speaks of the size of the request packet and does not say whether its head
// counts. What is called within the limit is so even when the head does, and what is called
// above it is so even when it does not: one byte more than the limit in parameters alone.
const headRoom = 1024

// Size are the questions about one documented size limit and one signature method, signed by
// the customer's key: what a key that nobody owns would get first is not documented.
type Size struct {
	Rule          catalog.SizeLimitRule
	Method        string // of the signature
	Within, Above *kit.Question
	// At is a request of exactly the limit, counted without its head: what comes back is
	// written down, and demanded by nobody.
	At *kit.Question
}

// sizes are the questions about every limit and method; HmacSHA1 stands for all of a limit that
// names none.
func sizes(call cloudapi.TencentCall, ways []way, limits []catalog.SizeLimitRule) []Size {
	var all []Size
	for _, rule := range limits {
		methods := rule.SignatureMethods
		if len(methods) == 0 {
			methods = []string{cloudapi.HmacSHA1.String()}
		}
		for _, w := range ways {
			if w.method != rule.Method || !slices.Contains(methods, w.signature) {
				continue
			}
			question := func(where string, bytes int) *kit.Question {
				name := lastPart(rule.ID) + "-" + where + "-limit"
				if w.signature == cloudapi.HmacSHA256.String() {
					name += "-" + strings.ToLower(w.signature)
				}
				return &kit.Question{Name: name, Needs: kit.Credentials, Heavy: true, Make: w.sized(call, bytes)}
			}
			n := int(rule.Bytes)
			all = append(all, Size{rule, w.signature, question("within", n-headRoom), question("above", n+1), question("at", n)})
		}
	}
	return all
}

// sized makes a request whose parameters take n bytes. A signature takes as many as its base64
// needs escapes, which differ from one to the next: the padding is found by trying.
func (w way) sized(call cloudapi.TencentCall, n int) common.Request {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		call := call // of several that ask at once, each changes its own
		pad := n - 600
		for range 60 {
			call.Params = url.Values{common.ProbeText: {strings.Repeat("x", max(0, pad))}}
			r, err := w.make(a, situation{call: call, key: a.Tencent, at: a.Now})
			size := len(r.Query) + len(r.Body)
			if err != nil || size == n {
				return r, err
			}
			pad += n - size
		}
		return cloudapi.Request{}, fmt.Errorf("no request of %d bytes came about", n)
	}
}

// limited judges a size limit: what is within it is served, and what is above it refused as
// the situation's rule says. A server may also answer the latter by hanging up, so that there a
// broken connection is an answer.
func limited(d common.Document, q Questions, rule string, s catalog.Situation) kit.Judgement {
	const inside = "a request within the limit"
	refusal := d.Error(s)
	var within, above, heavy []*kit.Question
	var noted []kit.Judgement
	for _, of := range q.Sizes {
		if of.Rule.ID != d.Rules(rule)[0] {
			continue
		}
		within, above, heavy = append(within, of.Within), append(above, of.Above), append(heavy, of.Within, of.Above)
		noted = append(noted, kit.Noting(of.At, func(c *kit.Case, a kit.Answer) {
			if a.Unasked == nil {
				c.Notef("%s: exactly at the limit, counted without the head: refused for its size: %t", of.Method, a.TooLarge(refusal))
			}
		}))
	}
	return kit.Asked(heavy, d.WithKey(q.Questions, kit.All(slices.Concat([]kit.Judgement{
		kit.EachReplyBy(within, func(c *kit.Case, a kit.Answer) {
			c.Expect(a, kit.Saying(inside, kit.ComeFromAPI()), kit.Saying(inside, kit.Not(kit.BeTooLarge(refusal))))
		}),
		kit.EachReply(above, kit.Saying("a request above the limit", kit.BeTooLarge(refusal))),
	}, noted)...)))
}
