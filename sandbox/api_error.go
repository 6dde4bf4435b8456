package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"

	"prober/catalog"
)

// apiError is an error in the words of an API.
type apiError struct {
	status        int
	code, message string
}

// The errors that no request brings about by itself.
func internalError(p catalog.Product) apiError {
	return ruled(p, catalog.ServerError, apiError{http.StatusInternalServerError, "InternalError", "The request processing has failed due to some unknown error."})
}

func throttled(p catalog.Product) apiError {
	usual := apiError{http.StatusBadRequest, "Throttling.User", "Request was denied due to user flow control."}
	if p.APIStyle == catalog.StyleTencent3 {
		usual.code = "RequestLimitExceeded"
	}
	return ruled(p, catalog.Throttled, usual)
}

func expired(p catalog.Product) apiError {
	usual := apiError{http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."}
	if p.APIStyle == catalog.StyleTencent3 {
		usual.code = "AuthFailure.SignatureExpire"
	}
	return ruled(p, catalog.ExpiredTimestamp, usual)
}

// badKey says that the key is disabled or, where no document has a code for that, gone.
func badKey(p catalog.Product) apiError {
	if p.APIStyle == catalog.StyleTencent3 {
		return ruled(p, catalog.UnknownKey, apiError{http.StatusOK, "AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct."})
	}
	return ruled(p, catalog.InactiveKey, apiError{http.StatusBadRequest, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."})
}

func unavailable(catalog.Product) apiError {
	return apiError{http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."}
}

// ruled takes code and status from the product's rule about a situation, if it has one.
// Tencent's errors come with status 200 whatever they say.
func ruled(p catalog.Product, s catalog.Situation, e apiError) apiError {
	if rule, ok := p.ErrorRule(s); ok {
		e.code = rule.Codes[0]
		if len(rule.Statuses) > 0 {
			e.status = rule.Statuses[0]
		}
	}
	if p.APIStyle == catalog.StyleTencent3 {
		e.status = http.StatusOK
	}
	return e
}

// failWith replaces the reply by an error of the endpoint's API.
func failWith(choose func(catalog.Product) apiError) func(*exchange) {
	return func(x *exchange) {
		e := choose(x.c.e.product)
		if x.c.e.product.APIStyle == catalog.StyleTencent3 {
			x.reply = e.tencent()
			return
		}
		x.reply = e.alibaba(x.c.e.Host, bytes.HasPrefix(bytes.TrimSpace(x.reply.body), []byte("<")))
	}
}

// otherFamily replaces the reply by an error of the other family, as when a proxy sends
// requests to the wrong cloud.
func otherFamily(x *exchange) {
	e := apiError{http.StatusBadRequest, "MissingParameter", "The request is missing a required parameter."}
	if x.c.e.product.APIStyle == catalog.StyleTencent3 {
		x.reply = e.alibaba(x.c.e.Host, false)
		return
	}
	e.status = http.StatusOK
	x.reply = e.tencent()
}

// alibaba is the error in the RPC style.
func (e apiError) alibaba(host string, asXML bool) *reply {
	body := struct {
		XMLName   xml.Name `json:"-" xml:"Error"`
		RequestID string   `json:"RequestId" xml:"RequestId"`
		HostID    string   `json:"HostId" xml:"HostId"`
		Code      string
		Message   string
	}{RequestID: newUUID(), HostID: host, Code: e.code, Message: e.message}
	r := &reply{status: e.status, header: []field{{"x-acs-request-id", body.RequestID}}}
	if asXML {
		r.set("Content-Type", "text/xml;charset=utf-8")
		text, _ := xml.Marshal(body) // strings alone cannot fail
		r.body = append([]byte(xml.Header), text...)
		return r
	}
	r.set("Content-Type", "application/json;charset=utf-8")
	r.body, _ = json.Marshal(body) // strings alone cannot fail
	return r
}

// tencent is the error in the style of API 3.0.
func (e apiError) tencent() *reply {
	var body struct {
		Response struct {
			Error     struct{ Code, Message string }
			RequestID string `json:"RequestId"`
		}
	}
	body.Response.Error.Code, body.Response.Error.Message = e.code, e.message
	body.Response.RequestID = strings.ToLower(newUUID())
	text, _ := json.Marshal(body) // strings alone cannot fail
	return &reply{status: e.status, header: []field{{"Server", "nginx"}, {"Content-Type", "application/json"}}, body: text}
}
