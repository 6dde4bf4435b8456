package sandbox

import (
	"net/http"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/clienthello"
	"prober/sandbox/pki"
)

// expecting is for endpoints whose list says something of what healthy means.
func expecting(wants string, is func(*catalog.Check) bool) scope {
	return scope{checks: func(c *catalog.Check) bool { return c != nil && is(c) }, wants: wants}
}

// expectingOf is expecting about replies.
func expectingOf(wants string, is func(*catalog.Expect) bool) scope {
	return expecting(wants, func(c *catalog.Check) bool { return c.Expect != nil && is(c.Expect) })
}

// ExampleCheck is one on which every fault can be put that breaks what a list says that healthy means.
func ExampleCheck() *catalog.Check {
	most := int64(200)
	return &catalog.Check{
		Expect: &catalog.Expect{
			Status: catalog.Statuses{"200"}, ContentType: "application/json", Headers: []catalog.HeaderExpect{{Name: "X-Version", Equals: "2"}},
			Body: &catalog.BodyExpect{NotContains: catalog.Texts{"forbidden"}, MaxBytes: &most}, JSON: []catalog.JSONExpect{{Path: "$.RequestId", Equals: "5"}},
		},
		Redirects: &catalog.Redirects{Follow: 1},
		Limits:    &catalog.Limits{Request: catalog.Duration(time.Second), CertificateDays: 30, TLSVersion: catalog.TLS12},
	}
}

// checkFaults break what a list of somebody's own says that healthy means.
func checkFaults() []spec {
	edit := func(r reason.Reason, suffix, description string, at scope, f func(*exchange)) spec {
		return faultOf(r, suffix, description, behaviour{edit: f}).at(at)
	}
	status := expectingOf("statuses that are expected", func(x *catalog.Expect) bool { return len(x.Status) > 0 })
	headers := expectingOf("header fields that are expected", func(x *catalog.Expect) bool { return len(x.Headers) > 0 })
	typed := expectingOf("a content type that is expected", func(x *catalog.Expect) bool { return x.ContentType != "" })
	body := expectingOf("a text that is expected in the body", func(x *catalog.Expect) bool { return saysOfText(x.Body) })
	size := expectingOf("a size that the body may have", func(x *catalog.Expect) bool { return x.Body != nil && x.Body.MaxBytes != nil })
	members := expectingOf("members of JSON that are expected", func(x *catalog.Expect) bool { return len(x.JSON) > 0 })
	followed := expecting("redirects that are followed", func(c *catalog.Check) bool { return c.Redirects != nil && c.Redirects.Follow > 0 })
	bounded := func(wants string, is func(*catalog.Limits) bool) scope {
		return expecting(wants, func(c *catalog.Check) bool { return c.Limits != nil && is(c.Limits) })
	}
	timed := bounded("a limit of the total time, or of that of the request, of 2 seconds or less", func(l *catalog.Limits) bool { return latest(l) > 0 })
	days := bounded("certificate days of more than 6", func(l *catalog.Limits) bool { return l.CertificateDays > 6 })
	lowest := bounded("a lowest TLS version above 1.1", func(l *catalog.Limits) bool { return l.TLSVersion != "" && l.TLSVersion != catalog.TLS11 })
	private := redirect("http://10.0.0.1/")
	all := []spec{
		edit(reason.VerifyUnexpectedStatus, "", "the status is none of those that are expected", status, otherStatus),
		edit(reason.VerifyHeaderMismatch, "", "header fields that are expected have another value, and those that must not be there, or not so, are", headers, otherHeaders),
		edit(reason.VerifyContentType, "", "the content type is another one than is expected", typed, func(x *exchange) { x.reply.set("Content-Type", "application/x-sandbox") }),
		edit(reason.VerifyBodyMismatch, "", "the body lacks what is expected, or has what must not be in it", body, otherBody),
		edit(reason.VerifyBodySize, "", "the body is larger than it may be", size, func(x *exchange) {
			x.reply.Body = append(x.reply.Body, make([]byte, 1+*x.check().Expect.Body.MaxBytes)...)
		}),
		edit(reason.VerifyJSONMismatch, "", "a member of the JSON is another one than is expected", members, otherMembers),
		edit(reason.VerifyJSONMismatch, "page", "the body is a web page where JSON is expected", members, func(x *exchange) { x.reply.Body = welcomePage().Body }),
		edit(reason.VerifyRedirect, "too_many", "the reply redirects to the same URL, again and again", followed, func(x *exchange) { redirect(x.req.URL.RequestURI())(x) }),
		edit(reason.ProberRedirectRefused, "", "the reply redirects to an address of a private network", followed, private),
		edit(reason.VerifySlow, "", "the reply comes later than it may", timed, func(x *exchange) { x.c.pause(latest(x.check().Limits) + 50*time.Millisecond) }),
		faultOf(reason.TLSCertEndsSoon, "", "the certificate ends sooner than it may", behaviour{certificate: pki.ShortLived}).at(days),
		faultOf(reason.TLSVersionLow, "", "TLS 1.1 is accepted besides later versions", behaviour{versions: []clienthello.Version{clienthello.TLS11, clienthello.TLS12}}).at(lowest).needing(NeedVersions),
	}
	for i := range all {
		if all[i].Needs == NeedNothing {
			all[i].Needs = NeedCheck
		}
	}
	return all
}

// check is what the list says of the endpoint.
func (x *exchange) check() *catalog.Check { return x.c.e.product.CheckOf(x.c.e.Endpoint) }

// latest is when a reply is to come at the latest, where that is soon enough to be waited for.
func latest(l *catalog.Limits) time.Duration {
	const soon = 2 * time.Second
	for _, d := range []catalog.Duration{l.Request, l.Total} {
		if d > 0 && time.Duration(d) <= soon {
			return time.Duration(d)
		}
	}
	return 0
}

func saysOfText(b *catalog.BodyExpect) bool {
	return b != nil && len(b.Contains)+len(b.NotContains)+len(b.Matches)+len(b.NotMatches) > 0
}

func otherStatus(x *exchange) {
	for _, status := range []int{http.StatusNotFound, http.StatusForbidden, http.StatusServiceUnavailable, http.StatusOK, http.StatusFound} {
		if !x.check().Expect.Status.Has(status) {
			x.reply.Status = status
			return
		}
	}
}

func otherHeaders(x *exchange) {
	for _, h := range x.check().Expect.Headers {
		if h.NotMatches != "" {
			x.reply.set(h.Name, sample(h.NotMatches))
			return // before another expectation of the same field takes it back
		}
		x.reply.set(h.Name, "set-by-the-sandbox")
	}
}

func otherBody(x *exchange) {
	b := x.check().Expect.Body
	switch {
	case len(b.Contains)+len(b.Matches) > 0:
		x.reply.Body = nil
	case len(b.NotContains) > 0:
		x.reply.Body = append(x.reply.Body, b.NotContains[0]...)
	default:
		x.reply.Body = []byte(sample(b.NotMatches[0]))
	}
}

func otherMembers(x *exchange) {
	x.reply.Body = []byte(`{"sandbox":"other"}`)
	for _, e := range x.check().Expect.JSON {
		if !e.Absent {
			return
		}
		if steps, plain := stepsOf(e.Path); plain { // which is there, where it must not be
			x.reply.Body = wellJSON([]catalog.JSONExpect{{Path: "$['" + steps[0] + "']"}}, nil)
		}
	}
}
