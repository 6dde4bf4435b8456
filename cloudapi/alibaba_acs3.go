package cloudapi

import (
	"cmp"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// ACS3Algorithm names the signature method ACS3-HMAC-SHA256, Alibaba's third.
const ACS3Algorithm = "ACS3-HMAC-SHA256"

// ACS3Input is what an ACS3-HMAC-SHA256 signature covers. An API of RPC style has the path "/" and its
// parameters in the query or a form; one of ROA style has paths of its own, and a body of JSON.
type ACS3Input struct {
	Method  string
	Path    string // as sent; empty means "/"
	Query   url.Values
	Headers []Field // of which host, content-type and those that begin with x-acs- are signed
	Payload []byte
}

// ACS3Signature is a signature and everything that was computed on the way to it.
type ACS3Signature struct {
	CanonicalRequest string
	StringToSign     string
	Signature        string // lower-case hex
	SignedHeaders    string // names, sorted, joined by ";"
	Authorization    string // value of the Authorization header
}

// String returns the string to sign, which holds no secret: the request is in it as a hash only.
func (s ACS3Signature) String() string { return s.StringToSign }

// SignACS3 signs in with key. The hash of the payload is signed as the header x-acs-content-sha256 has it,
// which must be that of Payload where there is one.
//
// Source: "V3 request body & signature mechanism" of the Alibaba Cloud SDK documents.
func SignACS3(in ACS3Input, key AlibabaKey) ACS3Signature {
	names, headers := acs3Headers(in.Headers)
	path := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(cmp.Or(in.Path, "/"))
	s := ACS3Signature{SignedHeaders: names}
	s.CanonicalRequest = strings.Join([]string{
		strings.ToUpper(in.Method), path, EncodeParams(in.Query), headers, names, hexSHA256(string(in.Payload)),
	}, "\n")
	s.StringToSign = ACS3Algorithm + "\n" + hexSHA256(s.CanonicalRequest)
	s.Signature = hex.EncodeToString(hmacSHA256([]byte(key.Secret), s.StringToSign))
	s.Authorization = ACS3Algorithm + " Credential=" + key.ID + ",SignedHeaders=" + names + ",Signature=" + s.Signature
	return s
}

// acs3Headers returns the names of the signed headers joined by ";" and the block of "name:value" lines, each
// ended by a newline. Values keep their case.
func acs3Headers(fields []Field) (names, block string) {
	var signed []Field
	for _, f := range fields {
		name := strings.ToLower(strings.TrimSpace(f.Name))
		if name == "host" || name == "content-type" || strings.HasPrefix(name, "x-acs-") {
			signed = append(signed, Field{name, strings.TrimSpace(f.Value)})
		}
	}
	slices.SortStableFunc(signed, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	var list []string
	var b strings.Builder
	for _, f := range signed {
		list = append(list, f.Name)
		b.WriteString(f.Name + ":" + f.Value + "\n")
	}
	return strings.Join(list, ";"), b.String()
}

// SignedACS3 returns the call as a request that is signed with ACS3-HMAC-SHA256. The parameters of a POST
// request travel in a form body, those of every other method in the query; what names the call is in headers.
func (c AlibabaCall) SignedACS3(method, host string, key AlibabaKey, at time.Time, nonce string) Request {
	r, _ := c.acs3(method, host, key, at, nonce)
	return r
}

// acs3 is SignedACS3 with the string that was signed.
func (c AlibabaCall) acs3(method, host string, key AlibabaKey, at time.Time, nonce string) (Request, string) {
	v := c.Values()
	v.Del("Action")
	v.Del("Version")
	v.Del("Format")
	r := carrying(method, host, v)
	r.Header = append(r.Header, Field{"Accept", "application/" + strings.ToLower(c.Format.String())})
	return signedACS3(r, v, c.Action, c.Version, key, at, nonce)
}

// AlibabaROACall is one call of an API of ROA style, without credentials: a path in place of parameters.
type AlibabaROACall struct {
	Action, Version string
	Path            string     // "/clusters", percent-encoded
	Query           url.Values // may be nil
	Body            []byte     // JSON; empty for none
}

// SignedACS3 returns the call as a request that is signed with ACS3-HMAC-SHA256.
func (c AlibabaROACall) SignedACS3(method, host string, key AlibabaKey, at time.Time, nonce string) Request {
	r := Request{Method: strings.ToUpper(method), Host: host, Path: cmp.Or(c.Path, "/"), Query: EncodeParams(c.Query), Body: c.Body}
	r.Header = []Field{{"Accept", "application/json"}}
	if len(c.Body) > 0 {
		r.Header = append(r.Header, Field{"Content-Type", "application/json; charset=utf-8"})
	}
	r, _ = signedACS3(r, c.Query, c.Action, c.Version, key, at, nonce)
	return r
}

// signedACS3 adds the headers that name a call and sign it to a request, whose query is as params.
func signedACS3(r Request, params url.Values, action, version string, key AlibabaKey, at time.Time, nonce string) (Request, string) {
	r.Header = append(
		r.Header,
		Field{"X-Acs-Action", action}, Field{"X-Acs-Version", version}, Field{"X-Acs-Date", at.UTC().Format(AlibabaTimeLayout)},
		Field{"X-Acs-Signature-Nonce", nonce}, Field{"X-Acs-Content-Sha256", hexSHA256(string(r.Body))},
	)
	if key.Token != "" {
		r.Header = append(r.Header, Field{"X-Acs-Security-Token", key.Token})
	}
	in := ACS3Input{Method: r.Method, Path: r.Path, Headers: append([]Field{{"Host", r.Host}}, r.Header...), Payload: r.Body}
	if r.Query != "" {
		in.Query = params
	}
	s := SignACS3(in, key)
	r.Header = append(r.Header, Field{"Authorization", s.Authorization})
	return r, s.StringToSign
}
