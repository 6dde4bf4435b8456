package tencent

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// Media types of the documents, beside [cloudapi.FormType].
const (
	jsonType  = "application/json"
	partsType = "multipart/form-data"
)

// way is how a call travels and is signed: in the query of a GET, or in a media type of POST.
type way struct {
	suffix    string // of the names of questions
	method    string // of HTTP
	media     string
	rule      string // the id of that about the media type
	signature string // method of the signature
}

// ways are all that a product documents: every media type of POST with each of its signature
// methods, of which some actions alone take some, and GET with each method, HmacSHA1 first.
func ways(p catalog.Product) (gets, posts, some []way) {
	gets = []way{{"", http.MethodGet, cloudapi.FormType, "", cloudapi.HmacSHA1.String()}}
	for _, rule := range p.Rules.ContentTypes {
		for _, signature := range rule.SignatureMethods {
			name := "-" + strings.ToLower(signature)
			w := way{"-" + lastPart(rule.ID) + name, http.MethodPost, rule.ContentType, rule.ID, signature}
			if rule.SomeAPIsOnly {
				some = append(some, w)
				continue
			}
			posts = append(posts, w)
			if signature != gets[0].signature {
				gets = append(gets, way{"-get" + name, http.MethodGet, cloudapi.FormType, "", signature})
			}
		}
	}
	return gets, posts, some
}

// lastPart is the last part of a rule's id: "json" of "gaap/content-types/json".
func lastPart(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// situation is a call, whose key and time it is signed with, and what is wrong with it.
type situation struct {
	call cloudapi.TencentCall
	key  cloudapi.TencentKey
	at   time.Time
	// drop is a common parameter that is left out: the key's is SecretId, whatever carries it.
	drop string
	// tampered is what becomes of it once it is signed.
	tampered common.Tampering
}

func asItIs(*situation) {}

// asker returns what makes a question about a call for each of some ways, in a situation that
// change makes of an ordinary one. All are kept.
func asker(call cloudapi.TencentCall, needs kit.Need, key func(*kit.Asking) cloudapi.TencentKey, kept *[]*kit.Question) func(name string, by []way, change func(s *situation)) []*kit.Question {
	return func(name string, by []way, change func(s *situation)) []*kit.Question {
		var made []*kit.Question
		for _, w := range by {
			made = append(made, &kit.Question{Name: name + w.suffix, Needs: needs, Make: func(a *kit.Asking) (cloudapi.Request, error) {
				s := situation{call: call, key: key(a), at: a.Now}
				change(&s)
				return w.make(a, s)
			}})
		}
		*kept = append(*kept, made...)
		return made
	}
}

func (w way) make(a *kit.Asking, s situation) (cloudapi.Request, error) {
	tc3 := w.signature == cloudapi.TC3Algorithm
	switch {
	case !tc3 && w.media == cloudapi.FormType:
		return w.inForm(a, s)
	case tc3 && w.method == http.MethodGet:
		s.call.InQuery = true
	case tc3 && w.media == jsonType:
		if s.call.Params != nil {
			s.call.Payload = payload(s.call.Params)
		}
	case tc3 && w.media == partsType: // which has one file
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		if err := errors.Join(parts.WriteField(common.ProbeText, common.BeyondASCII), parts.Close()); err != nil {
			return cloudapi.Request{}, fmt.Errorf("writing the parts: %w", err)
		}
		s.call.Payload, s.call.ContentType = body.Bytes(), parts.FormDataContentType()
	default:
		return cloudapi.Request{}, fmt.Errorf("this program cannot make a request in %s signed with %s", w.media, w.signature)
	}
	r, _ := s.call.SignedTC3(s.signedFor(a.Host()), s.key, s.at)
	r.Host = a.Host()
	r = tamperTC3(r, s)
	switch s.drop {
	case "":
		return r, nil
	case "SecretId":
		return r.Without("Authorization"), nil
	}
	return r.Without("X-TC-" + s.drop), nil
}

// inForm makes the request with version 1 of the signature: in a form, or in a query.
func (w way) inForm(a *kit.Asking, s situation) (cloudapi.Request, error) {
	var nonce [4]byte
	if _, err := a.Random.Read(nonce[:]); err != nil {
		return cloudapi.Request{}, fmt.Errorf("making a nonce: %w", err)
	}
	// Always ten digits, so that the size of a request does not depend on it.
	v := s.call.V1Values(cloudapi.V1Method(w.signature), s.key, s.at, binary.BigEndian.Uint32(nonce[:])|1<<31)
	v.Del(s.drop)
	r := cloudapi.SignedV1(w.method, s.signedFor(a.Host()), v, s.key.Secret)
	r.Host = a.Host()
	return w.tamperV1(r, s, v), nil
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
