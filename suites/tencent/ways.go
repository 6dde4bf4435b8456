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

// ways are all that a product documents: GET, and every media type of POST with each of its
// signature methods, but for those that some actions alone take.
func ways(p catalog.Product) []way {
	all := []way{{"", http.MethodGet, cloudapi.HmacSHA1.String()}}
	for _, rule := range p.Rules.ContentTypes {
		for _, signature := range rule.SignatureMethods {
			if !rule.SomeAPIsOnly {
				all = append(all, way{"-" + lastPart(rule.ID) + "-" + strings.ToLower(signature), http.MethodPost, signature})
			}
		}
	}
	return all
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
	call  cloudapi.TencentCall
	key   cloudapi.TencentKey
	at    time.Time
	texts map[string]string // parameters of the action's own
	// drop is a common parameter that is left out: the key's is SecretId, whatever carries it.
	drop string
}

// make makes the request of a situation.
func (w way) make(a *kit.Asking, s situation) (cloudapi.Request, error) {
	if w.signature != cloudapi.TC3Algorithm {
		a.Now = s.at
		return signV1(a, w.method, s.call, s.key, func(v url.Values) {
			v.Set("SignatureMethod", w.signature)
			for name, text := range s.texts {
				v.Set(name, text)
			}
			v.Del(s.drop)
		})
	}
	if s.texts != nil {
		s.call.Payload = payload(s.texts)
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

// payload is a JSON object of texts, in UTF-8 rather than in escapes.
func payload(texts map[string]string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(texts) // strings alone cannot fail
	return bytes.TrimSpace(b.Bytes())
}
