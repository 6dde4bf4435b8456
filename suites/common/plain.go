package common

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/kit"
)

// PlainQuestions are what an endpoint of style none is asked beyond its own request: what the rules of
// its product say of methods and sizes. Nothing is asked that no rule names.
type PlainQuestions struct {
	Get, Post, Others []*kit.Question // by methods that are served
	Refused           []*kit.Question // by methods that are not
	Sizes             []*kit.Question // of the largest size that is served
}

// all are the questions whose replies are judged as replies, large ones aside.
func (q PlainQuestions) all() []*kit.Question {
	return slices.Concat(q.Get, q.Post, q.Others, q.Refused)
}

// largeRequest is from which size on a request is one that a run leaves out unless it is told to send
// it, in bytes.
const largeRequest = 8 << 10

// AskPlain makes the questions about a product of style none.
func AskPlain(p catalog.Product) PlainQuestions {
	var q PlainQuestions
	asked := func(what, method string) *kit.Question {
		return &kit.Question{Name: what + "-" + strings.ToLower(method), Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return a.Plain(method), nil
		}}
	}
	if m := p.Rules.Methods; m != nil {
		for _, method := range slices.Concat(m.Served, m.Allowed) {
			to := map[string]*[]*kit.Question{http.MethodGet: &q.Get, http.MethodPost: &q.Post}[method]
			if to == nil {
				to = &q.Others
			}
			*to = append(*to, asked("served", method))
		}
		for _, method := range m.Refused {
			q.Refused = append(q.Refused, asked("refused", method))
		}
	}
	for i, rule := range p.Rules.SizeLimits {
		q.Sizes = append(q.Sizes, &kit.Question{
			Name: fmt.Sprintf("largest-%s-%d", strings.ToLower(rule.Method), i+1), Heavy: rule.Bytes > largeRequest,
			Make: func(a *kit.Asking) (cloudapi.Request, error) {
				return sized(a.Plain(rule.Method), int(rule.Bytes)), nil
			},
		})
	}
	return q
}

// sized gives a request a size: of its target where it has no body, and of its body where it has one.
func sized(r cloudapi.Request, bytes int) cloudapi.Request {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodOptions:
		if r.Query != "" {
			r.Query += "&"
		}
		r.Query += "pad="
		r.Query += strings.Repeat("x", max(0, bytes-len(r.Target())))
	default:
		r.Header = []cloudapi.Field{{Name: "Content-Type", Value: "text/plain"}}
		r.Body = []byte(strings.Repeat("x", bytes))
	}
	return r
}

// Plain are the requirements about requests and replies of endpoints of style none. A statement that
// they share with those of an API has its number.
func Plain(d Document, q PlainQuestions) []kit.Requirement {
	ruled := func(rule string) report.Level {
		if len(d.Rules(rule)) > 0 {
			return report.Must
		}
		return report.Should
	}
	json := kit.RFC("8259", "8.1", "2017-12")
	charset, label := json, json
	if ruled("encoding") == report.Must {
		charset, label = d.At(d.Encoding), d.At(d.Encoding)
	}
	return []kit.Requirement{
		{
			ID: d.ID("PROTO-01"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Protocols), Rules: d.Rules("schemes"),
			Text: "Requests over HTTPS are answered.",
			It:   "is healthy over HTTPS", Judge: kit.Health(),
		},
		plainOfList(d),
		{
			ID: d.ID("PROTO-03"), Line: func(here func()) { here() }, Level: d.standard(), In: kit.RFC("9112", "2, 6 and 7", "2022-06"),
			Text:  "Replies are framed as HTTP/1.1 demands.",
			It:    "frames its replies as HTTP/1.1 demands",
			Judge: kit.All(kit.EachAddress(d.Over(), kit.BeFramedAsHTTP()), kit.WhereShown(kit.EachReply(q.all(), kit.BeFramed()))),
		},
		{
			ID: d.ID("PROTO-04"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("methods"),
			Text: "GET is served.",
			It:   "serves GET", Judge: kit.EachReply(q.Get, kit.TakeMethod()),
		},
		{
			ID: d.ID("PROTO-05"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("methods"),
			Text: "POST is served.",
			It:   "serves POST", Judge: kit.EachReply(q.Post, kit.TakeMethod()),
		},
		{
			ID: d.ID("PROTO-10"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("methods"),
			Text: "HTTP methods that the list says are refused are refused.",
			It:   "refuses the methods that the list says it refuses", Judge: kit.EachReply(q.Refused, kit.RefuseMethod()),
		},
		{
			ID: d.ID("PROTO-31"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("8259", "2", "2017-12"),
			Text:  "A reply that is labelled as JSON is JSON.",
			It:    "sends JSON where it says so",
			Judge: kit.EachAddress(d.Over(), kit.WriteText("that is no JSON", false, reason.VerifyUnparseable)),
		},
		{
			ID: d.ID("PROTO-32"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("methods"),
			Text: "HTTP methods beside GET and POST that the list says are served are served.",
			It:   "serves the other methods that the list says it serves", Judge: kit.EachReply(q.Others, kit.TakeMethod()),
		},
		{
			ID: d.ID("PROTO-33"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Parameters), Rules: d.Rules("size_limits"),
			Text:      "Requests of the largest size that the list says is served are served.",
			Rationale: "of a request without a body it is the size of its target, and else of its body; what becomes of larger ones the list does not say",
			It:        "serves requests of the largest size", Judge: kit.Asked(q.Sizes, kit.EachReply(q.Sizes, kit.TakeSize())),
		},
		{
			ID: d.ID("CHARSET-01"), Line: func(here func()) { here() }, Level: ruled("encoding"), In: charset, Rules: d.Rules("encoding"),
			Text:  "Replies are encoded in UTF-8.",
			It:    "sends valid UTF-8",
			Judge: kit.EachAddress(d.Over(), kit.WriteText("that is not UTF-8", ruled("encoding") == report.Must, reason.VerifyInvalidUTF8)),
		},
		{
			ID: d.ID("CHARSET-02"), Line: func(here func()) { here() }, Level: report.Should, In: label, Rules: d.Rules("encoding"),
			Text:      "Replies are labelled as UTF-8, or not at all, and begin without a byte order mark.",
			Rationale: "JSON needs no label and forbids the mark (RFC 8259, sections 8.1 and 11); in XML header and declaration must agree (RFC 7303, section 3)",
			It:        "labels its replies as UTF-8, without a byte order mark",
			Judge:     kit.EachAddress(d.Over(), kit.WriteText("labelled otherwise", ruled("encoding") == report.Must, reason.VerifyCharset, reason.VerifyBOM)),
		},
	}
}

// OfKind is the requirement about endpoints that are sent no request: of kind tls, tcp or dns.
func OfKind(d Document) kit.Requirement {
	return kit.Requirement{
		ID: d.ID("PROTO-34"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Endpoints),
		Text: "What an endpoint of kind tls, tcp or dns is probed for is well: the handshake, the connection and its first bytes, or the answer.",
		It:   "is healthy as its kind is", Judge: kit.Health(),
	}
}

// plainOfList judges plain HTTP by the rule about schemes, or by the URL that is one of plain HTTP.
func plainOfList(d Document) kit.Requirement {
	r := kit.Requirement{
		ID: d.ID("PROTO-02"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Protocols), Rules: d.Rules("schemes"),
		Text: "Requests over plain HTTP are answered, or not served, as the list says.",
		It:   "answers over plain HTTP", Judge: kit.HealthOrHTTPS(),
	}
	switch {
	case d.Product.Refuses(catalog.HTTP):
		r.It, r.Judge = "does not serve plain HTTP", kit.EachAddress(catalog.HTTP, kit.NotServePlainHTTP())
	case d.Over() == catalog.HTTP:
		r.It, r.Judge = "is healthy over plain HTTP", kit.HealthOver(catalog.HTTP)
	}
	return r
}
