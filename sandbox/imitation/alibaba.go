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
	product   alibabaProduct
	r         Request
	params    url.Values // of query and form body, decoded
	requestID string     // upper case
	format    cloudapi.Format
	formatSet bool  // Format was given, and is one that exists
	acs3      *acs3 // nil: signed by version 1.0, or not at all
}

func (a *API) newAlibabaCall(r Request) *alibabaCall {
	c := &alibabaCall{
		a: a, product: alibabaProductOf(a.cfg.Product.ID), r: r,
		params: url.Values{}, requestID: strings.ToUpper(uuid()),
	}
	decodeParams(c.params, r.Query, a.text)
	if r.mediaType() == cloudapi.FormType {
		decodeParams(c.params, string(r.Body), a.text)
	}
	c.acs3 = readACS3(r, c.params)
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
	e := first(c.checkAction, c.checkCommon, c.checkTime, c.checkSignature, c.checkNonce)
	if e != nil {
		return c.refuse(e)
	}
	body, e := c.action()(c)
	if e != nil {
		return c.refuse(e)
	}
	return c.succeed(body)
}

func (c *alibabaCall) checkAction() *apiError {
	switch {
	case c.r.Scheme == catalog.HTTP && c.a.cfg.Product.Refuses(catalog.HTTP):
		return c.a.refusal(catalog.PlainHTTP, "")
	case !c.a.serves(c.r.Method):
		return c.a.refusal(catalog.UnsupportedMethod, "")
	case c.params.Get("Action") == "" && len(c.params) == 0:
		return c.a.refusal(catalog.Bare, "Action")
	case c.params.Get("Action") == "":
		return c.a.refusal(catalog.MissingParameter, "Action")
	case c.r.Path != "" && c.r.Path != "/", c.action() == nil:
		return c.a.refusal(catalog.UnknownAction, "")
	case c.params.Get("Version") == "":
		return c.a.refusal(catalog.MissingParameter, "Version")
	case !c.a.versionKnown(c.params.Get("Version")):
		return c.a.refusal(catalog.UnknownVersion, "")
	}
	return nil
}

func (c *alibabaCall) checkCommon() *apiError {
	if c.params.Get("AccessKeyId") == "" {
		return c.a.refusal(catalog.MissingKey, "AccessKeyId")
	}
	names := []string{"Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature"}
	for _, name := range names {
		if c.params.Get(name) == "" && (name != "SignatureNonce" || !c.product.withoutNonce) {
			return c.a.refusal(catalog.MissingParameter, name)
		}
	}
	k, known := c.a.key(c.params.Get("AccessKeyId"))
	switch {
	case c.acs3 == nil && !slices.Contains(catalog.StyleAlibabaRPC.SignatureMethods(), c.params.Get("SignatureMethod")):
		return c.a.refusal(catalog.BadSignatureMethod, "")
	case c.params.Get("Format") != "" && !c.formatSet:
		return c.a.refusal(catalog.BadFormat, "")
	case !known:
		return c.a.refusal(catalog.UnknownKey, "")
	case k.State == Inactive:
		return c.a.refusal(catalog.InactiveKey, "")
	}
	return nil
}

func (c *alibabaCall) checkTime() *apiError {
	at, err := time.Parse(cloudapi.AlibabaTimeLayout, c.params.Get("Timestamp"))
	if err != nil {
		return c.a.refusal(catalog.MalformedTimestamp, "")
	}
	if c.a.cfg.Now().Sub(at).Abs() > alibabaWindow {
		return c.a.refusal(catalog.ExpiredTimestamp, "")
	}
	return nil
}

// checkSignature compares with the signature over the parameters as they were decoded,
// and quotes the string that it signed.
func (c *alibabaCall) checkSignature() *apiError {
	k := c.key()
	if c.acs3 != nil {
		s, whole := c.acs3.sign(c, k)
		if !same(c.params.Get("Signature"), s.Signature) || !whole {
			return c.a.refusal(catalog.BadSignature, s.StringToSign)
		}
		return c.checkToken(k)
	}
	want := cloudapi.SignRPC(c.r.Method, c.params, k.Secret)
	// What the real API says to a SignatureVersion other than 1.0 no public source shows.
	if !same(c.params.Get("Signature"), want) || c.params.Get("SignatureVersion") != "1.0" {
		return c.a.refusal(catalog.BadSignature, cloudapi.StringToSignRPC(c.r.Method, c.params))
	}
	return c.checkToken(k)
}

// checkToken compares the token of a request with that of its key.
func (c *alibabaCall) checkToken(k Key) *apiError {
	if !same(c.params.Get("SecurityToken"), k.Token) {
		return c.a.refusal(catalog.BadToken, "")
	}
	return nil
}

func (c *alibabaCall) checkNonce() *apiError {
	nonce := c.params.Get("SignatureNonce")
	if nonce == "" {
		return nil
	}
	now := c.a.cfg.Now()
	// A time stamp from the future stays valid for twice the window.
	if !c.a.shared.nonces.use(c.params.Get("AccessKeyId")+" "+nonce, now, now.Add(2*alibabaWindow)) {
		return c.a.refusal(catalog.ReplayedNonce, "")
	}
	return nil
}

// key returns the key of a request that has passed checkCommon.
func (c *alibabaCall) key() Key {
	k, _ := c.a.key(c.params.Get("AccessKeyId"))
	return k
}

// alibabaAction carries out a call: a body to marshal as JSON or XML, or an error.
type alibabaAction func(*alibabaCall) (any, *apiError)

// action returns what carries out the action of the call; nil if there is none.
func (c *alibabaCall) action() alibabaAction {
	name := c.params.Get("Action")
	if name == c.a.cfg.Product.Action() {
		return c.product.readOnly
	}
	return c.product.actions[name]
}

// checkPermission refuses keys without permission.
func (c *alibabaCall) checkPermission() *apiError {
	if c.key().State == Powerless {
		return c.a.refusal(catalog.Forbidden, "")
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// httpDate returns the Date field's value.
func (a *API) httpDate() string { return a.cfg.Now().UTC().Format(http.TimeFormat) }
