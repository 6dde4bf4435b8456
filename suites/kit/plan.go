package kit

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
)

// Plan is what a run judges: which endpoints, by which date, over which surveys. What only
// surveying needs may be filled in later, before [Plan.Survey].
type Plan struct {
	Catalog   *catalog.Catalog
	Endpoints []catalog.Endpoint // selected, in the order of the catalogue
	// At is the date that dated rules are judged by.
	At      time.Time
	Surveys *Surveys

	// Live: the real services. Otherwise it is the sandbox, where heavy questions are always
	// asked.
	Live bool
	// PrivateAllowed: endpoints may have addresses that are not public.
	PrivateAllowed bool
	// Heavy asks questions of up to 10 MB.
	Heavy bool
	// Alibaba and Tencent sign the calls that need a customer's key; the zero key leaves
	// those out.
	Alibaba cloudapi.AlibabaKey
	Tencent cloudapi.TencentKey
	// KMSKeyID is an encryption key, or its alias, that Encrypt and Decrypt may use.
	KMSKeyID string
	// Retries is how often a failing network observation is asked again.
	Retries int
	// AtOnce is how many questions are under way to one host; 0 means the prober's default.
	AtOnce int
	// Timeout is that of one exchange; silence is waited for three times as long in all. 0 means 5s.
	Timeout time.Duration
	Reach   Reach            // nil: another run needs no flags
	Now     func() time.Time // nil: time.Now
	// Pause waits before something throttled is asked again; nil: the machine's.
	Pause  func(ctx context.Context, d time.Duration) error
	Random io.Reader // of nonces; nil: crypto/rand

	looks      map[string][]Look      // by endpoint, what specs look at
	agreements map[string][]agreement // by endpoint, what replies have to agree on
	problems   []error
}

// Reach returns the flags that put another run of the program into the same environment as
// this one, as far as an endpoint goes.
type Reach func(e catalog.Endpoint) []string

func (p *Plan) over(endpoint string, scheme catalog.Scheme) bool {
	for _, l := range p.looks[endpoint] {
		if l.Over == scheme {
			return true
		}
	}
	return false
}

// questions are what is asked of an endpoint: the questions that specs look at, each once,
// with those that they come after.
func (p *Plan) questions(endpoint string) []*Question {
	var out []*Question
	asked := map[*Question]bool{nil: true}
	for _, l := range p.looks[endpoint] {
		for q := l.Question; !asked[q]; q = q.After {
			asked[q] = true
			out = append(out, q)
		}
	}
	return out
}

// everywhere are those of some questions that are asked of every address: the signed ones, or
// where there is no key those that anybody may ask.
func (p *Plan) everywhere(questions []*Question, product catalog.Product) []*Question {
	byNeed := map[Need][]*Question{}
	for _, q := range questions {
		if q.Everywhere && p.lacks(q, product) == nil {
			byNeed[q.Needs] = append(byNeed[q.Needs], q)
		}
	}
	if signed := byNeed[Credentials]; len(signed) > 0 {
		return signed
	}
	return byNeed[Nothing]
}

// fill gives what was left open its default.
func (p *Plan) fill() {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Random == nil {
		p.Random = rand.Reader
	}
	p.Timeout = cmp.Or(p.Timeout, limit.Timeout)
	p.AtOnce = cmp.Or(p.AtOnce, probe.DefaultConnectionsPerHost)
}
