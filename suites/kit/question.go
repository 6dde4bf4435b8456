package kit

import (
	"fmt"
	"io"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
)

// Question is one request beyond the probe, as data: what a spec needs answered.
type Question struct {
	Name  string // "unknown-action"; unique within a product
	Needs Need
	Heavy bool // large: see [Plan.Heavy]
	// After names a question that must have been answered before; empty for none.
	After string
	// Make makes the request.
	Make func(a *Asking) (cloudapi.Request, error)
}

// Need is what a question needs beyond a connection.
type Need uint8

// The needs.
const (
	Nothing       Need = iota
	Credentials        // a customer's key of the provider
	EncryptionKey      // that, and an encryption key
)

// Asking is what a request is made of.
type Asking struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product
	Alibaba  cloudapi.AlibabaKey // the customer's
	Tencent  cloudapi.TencentKey
	KMSKeyID string
	Now      time.Time
	Random   io.Reader
	// Earlier is the answer to the question that this one comes after.
	Earlier Answer
	// Kept is for whoever judges the answer: the string to sign, a nonce.
	Kept string
}

// Host is the bare host of the endpoint.
func (a *Asking) Host() string { return a.Endpoint.Host }

// Nonce returns a fresh signature nonce.
func (a *Asking) Nonce() (string, error) { return cloudapi.NewUUID(a.Random) }

// Answer is what a question brought.
type Answer struct {
	Name     string // of the question
	Exchange probe.Exchange
	Kept     string
	// Skip and Why say why the question was not asked; empty when it was.
	Skip SkipReason
	Why  string
	// Reproduce is a command that asks the question again; empty when it would hold a key.
	Reproduce string
	// Dated: that command holds the time of the request, which the API takes for minutes only.
	Dated bool
}

// dated reports whether a request holds the time at which it was made.
func dated(r cloudapi.Request) bool {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, "X-TC-Timestamp") {
			return true
		}
	}
	return strings.Contains(r.Query, "Timestamp=") || strings.Contains(string(r.Body), "Timestamp=")
}

// Answer returns the answer to a question; one that says so when it was never asked.
func (s *Survey) Answer(name string) Answer {
	a, ok := s.Answers[name]
	if !ok {
		return Answer{Name: name, Skip: Inconclusive, Why: fmt.Sprintf("the question %q was not asked", name)}
	}
	return a
}

// lacks says what a plan lacks for a question; "" when nothing.
func (p *Plan) lacks(q Question, product catalog.Product) (SkipReason, string) {
	zero := p.Alibaba.IsZero()
	names := cloudapi.EnvAlibabaID + " and " + cloudapi.EnvAlibabaSecret
	if product.APIStyle == catalog.StyleTencent3 {
		zero, names = p.Tencent.IsZero(), cloudapi.EnvTencentID+" and "+cloudapi.EnvTencentSecret
	}
	switch {
	case q.Heavy && p.Live && !p.Heavy:
		return NotHeavy, "the question is large; --heavy asks it"
	case q.Needs != Nothing && zero:
		return NoCredentials, "set " + names
	case q.Needs == EncryptionKey && p.kmsKey() == "":
		return NoKey, "name a key with --kms-key-id"
	}
	return "", ""
}

// sandboxKMSKey is the alias under which the sandbox has an encryption key.
const sandboxKMSKey = "alias/sandbox"

func (p *Plan) kmsKey() string {
	if p.KMSKeyID == "" && !p.Live {
		return sandboxKMSKey
	}
	return p.KMSKeyID
}
