package cloudapi

import (
	"net/url"
	"time"

	"prober/catalog"
)

// FormType is the media type of parameters in a body.
const FormType = "application/x-www-form-urlencoded"

// AlibabaTimeLayout is the layout of the Timestamp parameter, always in UTC.
const AlibabaTimeLayout = "2006-01-02T15:04:05Z"

// AlibabaCall is one call of an RPC style API, without credentials.
type AlibabaCall struct {
	Action  string
	Version string // "2014-05-26" for ECS, "2016-01-20" for KMS
	// Format of the reply. It is always sent, because the documents disagree about
	// the default (ECS: XML, KMS: JSON).
	Format   Format
	RegionID string // left out when empty
	// Params are the parameters of the action itself. A common parameter named here
	// is overwritten.
	Params url.Values
}

// Values returns the parameters of the call without credentials and signature.
func (c AlibabaCall) Values() url.Values {
	v := make(url.Values, len(c.Params)+11)
	for name, values := range c.Params {
		v[name] = append([]string(nil), values...)
	}
	setGiven(v, "RegionId", c.RegionID)
	v.Set("Action", c.Action)
	v.Set("Version", c.Version)
	v.Set("Format", c.Format.String())
	return v
}

// Unsigned returns the call as a GET request without credentials.
func (c AlibabaCall) Unsigned(host string) Request {
	return Request{Method: "GET", Host: host, Path: "/", Query: EncodeParams(c.Values())}
}

// SignedValues returns all parameters of the call, Signature included, for a request
// with the given method. The server accepts the instant at within 15 minutes of its
// own clock, and every nonce once; [NewUUID] makes one.
func (c AlibabaCall) SignedValues(method string, key AlibabaKey, at time.Time, nonce string) url.Values {
	v := c.Values()
	v.Set("AccessKeyId", key.ID)
	v.Set("SignatureMethod", "HMAC-SHA1")
	v.Set("SignatureVersion", "1.0")
	v.Set("SignatureNonce", nonce)
	v.Set("Timestamp", at.UTC().Format(AlibabaTimeLayout))
	setGiven(v, "SecurityToken", key.Token)
	v.Set("Signature", SignRPC(method, v, key.Secret))
	return v
}

// Signed returns the call as a signed request. The parameters of a POST request
// travel in a form body, those of every other method in the query.
func (c AlibabaCall) Signed(method, host string, key AlibabaKey, at time.Time, nonce string) Request {
	return carrying(method, host, c.SignedValues(method, key, at, nonce))
}

// SignedAs returns the call as a request that is signed in one way or the other, and the string that was signed.
func (c AlibabaCall) SignedAs(by catalog.Signature, method, host string, key AlibabaKey, at time.Time, nonce string) (Request, string) {
	if by == catalog.SignatureACS3 {
		return c.acs3(method, host, key, at, nonce)
	}
	v := c.SignedValues(method, key, at, nonce)
	return carrying(method, host, v), StringToSignRPC(method, v)
}
