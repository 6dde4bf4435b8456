package imitation

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// alibabaWindow is how far a Timestamp may be off, and how long a nonce may not recur.
const alibabaWindow = 15 * time.Minute

// alibabaCall is one request to an RPC style API.
type alibabaCall struct {
	a         *API
	r         Request
	params    url.Values // of query and form body, decoded
	requestID string     // upper case
	format    cloudapi.Format
	formatSet bool // Format was given, and is one that exists
}

func (a *API) newAlibabaCall(r Request) *alibabaCall {
	c := &alibabaCall{a: a, r: r, params: url.Values{}, requestID: strings.ToUpper(a.uuid())}
	decodeParams(c.params, r.Query, a.text)
	if r.mediaType() == cloudapi.FormType {
		decodeParams(c.params, string(r.Body), a.text)
	}
	switch strings.ToLower(c.params.Get("Format")) {
	case "json":
		c.format, c.formatSet = cloudapi.JSON, true
	case "xml":
		c.format, c.formatSet = cloudapi.XML, true
	default:
		c.format = cloudapi.XML
	}
	return c
}

// serveAlibaba makes the checks in the order that captures and live tests of public
// clients show: action and version before the key, the key before the signature. Where
// format, time and nonce stand among them no public source shows.
func (a *API) serveAlibaba(r Request) Reply {
	c := a.newAlibabaCall(r)
	for _, check := range []func() problem{
		c.checkScheme, c.checkMethod, c.checkAction, c.checkCommon, c.checkFormat,
		c.checkKey, c.checkTime, c.checkSignature, c.checkNonce,
	} {
		if p := check(); p.found() {
			return c.refuse(p)
		}
	}
	body, p := c.action()(c)
	if p.found() {
		return c.refuse(p)
	}
	return c.succeed(body)
}

func (c *alibabaCall) checkScheme() problem {
	if c.r.Scheme == catalog.HTTP && c.a.cfg.Product.Refuses(catalog.HTTP) {
		return c.a.problem(catalog.PlainHTTP, "")
	}
	return problem{}
}

func (c *alibabaCall) checkMethod() problem {
	if !c.a.serves(c.r.Method) {
		return c.a.problem(catalog.UnsupportedMethod, "")
	}
	return problem{}
}

func (c *alibabaCall) checkAction() problem {
	switch {
	case c.params.Get("Action") == "" && len(c.params) == 0:
		return c.a.problem(catalog.Bare, "Action")
	case c.params.Get("Action") == "":
		return c.a.problem(catalog.MissingParameter, "Action")
	case c.r.Path != "" && c.r.Path != "/", c.action() == nil:
		return c.a.problem(catalog.UnknownAction, "")
	case c.params.Get("Version") == "":
		return c.a.problem(catalog.MissingParameter, "Version")
	case !c.a.versionKnown(c.params.Get("Version")):
		return c.a.problem(catalog.UnknownVersion, "")
	}
	return problem{}
}

func (c *alibabaCall) checkCommon() problem {
	if c.params.Get("AccessKeyId") == "" {
		return c.a.problem(catalog.MissingKey, "AccessKeyId")
	}
	names := []string{"Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature"}
	if c.a.cfg.Product.ID == "kms" {
		// The KMS documents do not know the nonce, and their example goes without it.
		names = slices.DeleteFunc(names, func(name string) bool { return name == "SignatureNonce" })
	}
	for _, name := range names {
		if c.params.Get(name) == "" {
			return c.a.problem(catalog.MissingParameter, name)
		}
	}
	if c.params.Get("SignatureMethod") != "HMAC-SHA1" {
		return c.a.problem(catalog.BadSignatureMethod, "")
	}
	return problem{}
}

func (c *alibabaCall) checkFormat() problem {
	if c.params.Get("Format") != "" && !c.formatSet {
		return c.a.problem(catalog.BadFormat, "")
	}
	return problem{}
}

func (c *alibabaCall) checkKey() problem {
	switch k, ok := c.a.key(c.params.Get("AccessKeyId")); {
	case !ok:
		return c.a.problem(catalog.UnknownKey, "")
	case k.State == Inactive:
		return c.a.problem(catalog.InactiveKey, "")
	}
	return problem{}
}

func (c *alibabaCall) checkTime() problem {
	at, err := time.Parse(cloudapi.AlibabaTimeLayout, c.params.Get("Timestamp"))
	if err != nil {
		return c.a.problem(catalog.MalformedTimestamp, "")
	}
	if c.a.cfg.Now().Sub(at).Abs() > alibabaWindow {
		return c.a.problem(catalog.ExpiredTimestamp, "")
	}
	return problem{}
}

// checkSignature compares with the signature over the parameters as they were decoded,
// and quotes the string that it signed.
func (c *alibabaCall) checkSignature() problem {
	k := c.key()
	want := cloudapi.SignRPC(c.r.Method, c.params, k.Secret)
	// What the real API says to a SignatureVersion other than 1.0 no public source shows.
	if !same(c.params.Get("Signature"), want) || c.params.Get("SignatureVersion") != "1.0" {
		return c.a.problem(catalog.BadSignature, cloudapi.StringToSignRPC(c.r.Method, c.params))
	}
	if !same(c.params.Get("SecurityToken"), k.Token) {
		return c.a.problem(catalog.BadToken, "")
	}
	return problem{}
}

func (c *alibabaCall) checkNonce() problem {
	nonce := c.params.Get("SignatureNonce")
	if nonce == "" {
		return problem{}
	}
	now := c.a.cfg.Now()
	// A time stamp from the future stays valid for twice the window.
	if !c.a.shared.nonces.use(c.params.Get("AccessKeyId")+" "+nonce, now, now.Add(2*alibabaWindow)) {
		return c.a.problem(catalog.ReplayedNonce, "")
	}
	return problem{}
}

// key returns the key of a request that has passed checkKey.
func (c *alibabaCall) key() Key {
	k, _ := c.a.key(c.params.Get("AccessKeyId"))
	return k
}

// alibabaAction carries out a call: a body to marshal, or a problem.
type alibabaAction func(*alibabaCall) (alibabaBody, problem)

// action returns what carries out the action of the call; nil if there is none.
func (c *alibabaCall) action() alibabaAction {
	name := c.params.Get("Action")
	if c.a.cfg.Product.ID == "kms" {
		switch name {
		case "DescribeRegions":
			return (*alibabaCall).describeKMSRegions
		case "Encrypt":
			return (*alibabaCall).encrypt
		case "Decrypt":
			return (*alibabaCall).decrypt
		}
		return nil
	}
	if name == "DescribeRegions" {
		return (*alibabaCall).describeRegions
	}
	return nil
}

// checkPermission refuses keys without permission.
func (c *alibabaCall) checkPermission() problem {
	if c.key().State == Powerless {
		return c.a.problem(catalog.Forbidden, "")
	}
	return problem{}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// httpDate returns the Date field's value.
func (a *API) httpDate() string { return a.cfg.Now().UTC().Format(http.TimeFormat) }
