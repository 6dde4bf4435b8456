package imitation

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// tencentWindow is how far a time stamp may be off.
const tencentWindow = 5 * time.Minute

// tencentCall is one request to an API 3.0.
type tencentCall struct {
	a *API
	r Request
	// header: the common parameters are in X-TC- fields and the signature is TC3;
	// otherwise they are in the query or the form body and the signature is version 1.
	header   bool
	params   url.Values // of query and form body, decoded
	complete bool       // every pair of the form body has a "="
	payload  []byte     // the body as the server reads it
}

func (a *API) newTencentCall(r Request) *tencentCall {
	c := &tencentCall{a: a, r: r, params: url.Values{}, complete: true, payload: a.payload(r.Body)}
	decodeParams(c.params, r.Query, a.text)
	if r.Method == "POST" && r.mediaType() == cloudapi.FormType {
		c.complete = decodeParams(c.params, string(r.Body), a.text)
	}
	c.header = r.get("X-TC-Action") != "" || r.get("Authorization") != "" ||
		r.Method == "POST" && r.mediaType() != cloudapi.FormType && c.params.Get("Action") == ""
	return c
}

// serveTencent makes the checks in an order that fits the replies that public issues
// show: what is missing before what does not exist, the key before time and signature.
// In part it is unproved.
func (a *API) serveTencent(r Request) Reply {
	if r.Scheme == catalog.HTTP && a.cfg.Product.Refuses(catalog.HTTP) {
		return Page(http.StatusForbidden, "Forbidden")
	}
	c := a.newTencentCall(r)
	e := first(c.checkMethod, c.checkContentType, c.checkSize, c.checkCommon, c.checkAction, c.checkSignature, c.checkParameters)
	if e != nil {
		return a.tencentRefusal(e)
	}
	return c.regions()
}

func (c *tencentCall) checkMethod() *apiError {
	if !c.a.serves(c.r.Method) {
		return c.a.refusal(catalog.UnsupportedMethod, "")
	}
	return nil
}

// checkSize measures what carries the parameters, the query and the body: the documents
// speak of the request packet and do not say whether header fields count.
func (c *tencentCall) checkSize() *apiError {
	size := int64(len(c.r.Query) + len(c.r.Body))
	for _, limit := range c.a.cfg.Product.Rules.SizeLimits {
		applies := limit.Method == c.r.Method &&
			(len(limit.SignatureMethods) == 0 || slices.Contains(limit.SignatureMethods, c.signatureMethod()))
		switch {
		case !applies || size <= limit.Bytes:
		case limit.Method == "POST" && !c.header:
			return c.a.refusal(catalog.TooLargeHMAC, "")
		default:
			return c.a.refusal(catalog.TooLarge, "")
		}
	}
	return nil
}

// signatureMethod names the method that the request is, or would be, signed with.
func (c *tencentCall) signatureMethod() string {
	switch m := c.params.Get("SignatureMethod"); {
	case c.header:
		return cloudapi.TC3Algorithm
	case m != "":
		return m
	}
	return cloudapi.HmacSHA1.String()
}

// checkCommon names the first common parameter that is missing. That Timestamp comes
// before the key is seen in replies to unsigned calls; the rest of the order is free.
func (c *tencentCall) checkCommon() *apiError {
	if !c.header && len(c.params) == 0 {
		return c.a.refusal(catalog.Bare, "Action")
	}
	names := []string{"Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature"}
	if c.header {
		names = []string{"Action", "Version", "Timestamp", "Authorization"}
	}
	for _, name := range names {
		if c.common(name) != "" {
			continue
		}
		if name == "SecretId" || name == "Authorization" {
			return c.a.refusal(catalog.MissingKey, name)
		}
		return c.a.refusal(catalog.MissingParameter, name)
	}
	return nil
}

// common returns a common parameter from where the style of the request has it.
func (c *tencentCall) common(name string) string {
	switch {
	case !c.header:
		return c.params.Get(name)
	case name == "Authorization":
		return c.r.get(name)
	}
	return c.a.text(c.r.get("X-TC-" + name))
}

func (c *tencentCall) checkAction() *apiError {
	switch action := c.common("Action"); {
	case !c.a.versionKnown(c.common("Version")):
		return c.a.refusal(catalog.UnknownVersion, c.common("Version")+"` does not exist in service=`"+c.service())
	case action != c.a.cfg.Product.Action() && !slices.Contains(tencentActions(c.a.cfg.Product.ID), action),
		c.r.Path != "" && c.r.Path != "/":
		return c.a.refusal(catalog.UnknownAction, "")
	}
	return nil
}

// checkContentType refuses bodies that do not fit their media type. The media types and
// the signature methods that belong to them come from the rules; what the real API says
// to a mismatch no public source shows.
func (c *tencentCall) checkContentType() *apiError {
	if c.r.Method != "POST" || len(c.r.Body) == 0 {
		return nil
	}
	media := c.r.mediaType()
	rules := c.a.cfg.Product.Rules.ContentTypes
	fits := slices.ContainsFunc(rules, func(r catalog.ContentTypeRule) bool {
		return r.ContentType == media && slices.Contains(r.SignatureMethods, c.signatureMethod())
	})
	switch {
	case media == "multipart/form-data":
		// Neither action takes files.
		return tencentError("InvalidRequest", "The multipart/form-data request is not supported by this action.")
	case !c.complete && media == cloudapi.FormType:
		return tencentError("InvalidParameter", "Url key and value should be splited by `=`.")
	case len(rules) > 0 && !fits:
		return tencentError("InvalidRequest", "The content type does not fit the signature method "+c.signatureMethod()+".")
	}
	return nil
}

// checkTime reads the Timestamp, in seconds since 1970.
func (c *tencentCall) checkTime() (time.Time, *apiError) {
	seconds, err := strconv.ParseInt(c.common("Timestamp"), 10, 64)
	if err != nil {
		return time.Time{}, tencentError("InvalidParameter", "Parameter `Timestamp` type error.")
	}
	at := time.Unix(seconds, 0)
	if c.a.cfg.Now().Sub(at).Abs() > tencentWindow {
		return time.Time{}, c.a.refusal(catalog.ExpiredTimestamp, "")
	}
	return at, nil
}

// commonNames are the parameters that every action knows.
func commonNames() []string {
	return []string{
		"Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "SignatureMethod", "Signature",
		"Token", "Language", "RequestClient",
	}
}

// checkParameters refuses what the actions do not take, which is everything but the
// common parameters.
func (c *tencentCall) checkParameters() *apiError {
	if region := c.common("Region"); region != "" && !slices.Contains(c.a.regions, region) {
		return c.a.refusal(catalog.UnsupportedRegion, region)
	}
	var names []string
	for name := range c.params {
		if c.header || !slices.Contains(commonNames(), name) {
			names = append(names, name)
		}
	}
	if c.header && c.r.Method == "POST" {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(c.payload, &members); err != nil {
			return tencentError("InvalidParameter", "The request body is not a JSON object.")
		}
		for name := range members {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return c.a.refusal(catalog.UnknownParameter, strings.ToValidUTF8(slices.Min(names), "\uFFFD"))
	}
	return nil
}
