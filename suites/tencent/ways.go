package tencent

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// way is how a call travels and is signed: in the query of a GET, in a form or in JSON.
type way struct {
	suffix    string // of the names of questions
	method    string // of HTTP
	signature string // method of the signature
}

func (w way) posts() bool { return w.method == http.MethodPost }

// ways are all that a product documents: GET, and every media type of POST with each of its
// signature methods, but for those that some actions alone take; then GET with the other methods.
func ways(p catalog.Product) []way {
	all := []way{{"", http.MethodGet, cloudapi.HmacSHA1.String()}}
	var gets []way
	for _, rule := range p.Rules.ContentTypes {
		for _, signature := range rule.SignatureMethods {
			if rule.SomeAPIsOnly {
				continue
			}
			name := strings.ToLower(signature)
			all = append(all, way{"-" + lastPart(rule.ID) + "-" + name, http.MethodPost, signature})
			if signature != all[0].signature {
				gets = append(gets, way{"-get-" + name, http.MethodGet, signature})
			}
		}
	}
	return append(all, gets...)
}

// byEachWay makes a question for each way.
func byEachWay(name string, needs kit.Need, all []way, by func(w way) request) []*kit.Question {
	var made []*kit.Question
	for _, w := range all {
		made = append(made, &kit.Question{Name: name + w.suffix, Needs: needs, Make: by(w)})
	}
	return made
}

// situation is a call, whose key and time it is signed with, and what is wrong with it.
type situation struct {
	call cloudapi.TencentCall
	key  cloudapi.TencentKey
	at   time.Time
	// drop is a common parameter that is left out: the key's is SecretId, whatever carries it.
	drop string
}

// make makes the request of a situation.
func (w way) make(a *kit.Asking, s situation) (cloudapi.Request, error) {
	if w.signature != cloudapi.TC3Algorithm {
		a.Now = s.at
		return signV1(a, w.method, s.call, s.key, func(v url.Values) {
			v.Set("SignatureMethod", w.signature)
			v.Del(s.drop)
		})
	}
	if s.call.InQuery = w.method == http.MethodGet; !s.call.InQuery && s.call.Params != nil {
		s.call.Payload = payload(s.call.Params)
	}
	r, _ := s.call.SignedTC3(a.Host(), s.key, s.at)
	switch s.drop {
	case "":
		return r, nil
	case "SecretId":
		return r.Without("Authorization"), nil
	}
	return r.Without("X-TC-" + s.drop), nil
}

// payload is parameters as a JSON object of texts, in UTF-8 rather than in escapes.
func payload(params url.Values) []byte {
	texts := map[string]string{}
	for name := range params {
		texts[name] = params.Get(name)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(texts) // strings alone cannot fail
	return bytes.TrimSpace(b.Bytes())
}
