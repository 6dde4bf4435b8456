package imitation

import (
	"net/http"

	"prober/catalog"
)

// problem is a refusal: what every error reply says, in the words of its API. The zero
// value is no problem.
type problem struct {
	code    string
	status  int
	message string
}

// found tells whether there is a problem.
func (p problem) found() bool { return p != problem{} }

// problem returns the refusal of a situation. The code and status are those that the
// product's error rule expects first, or else the ones that public sources show.
// Subject is the parameter or the text that the message is about, where it names one.
func (a *API) problem(s catalog.Situation, subject string) problem {
	p := a.usual(s)
	if rule, ok := a.cfg.Product.ErrorRule(s); ok && len(rule.Codes) > 0 {
		p.code = rule.Codes[0]
		if len(rule.Statuses) > 0 {
			p.status = rule.Statuses[0]
		}
	}
	if a.cfg.Product.APIStyle == catalog.StyleTencent3 {
		p.message = tencentMessage(p.code, s, subject)
	} else {
		p.message = a.alibabaMessage(p.code, subject)
	}
	return p
}

// usual returns code and status of a situation for a product without a rule about it.
func (a *API) usual(s catalog.Situation) problem {
	if a.cfg.Product.APIStyle == catalog.StyleTencent3 {
		return problem{code: tencentCodes()[s], status: http.StatusOK}
	}
	return alibabaProblems()[s]
}

// alibabaProblems are the common error codes of the RPC gateway and of ECS. Where sources
// differ about a status, the one of the gateway's own list stands here.
func alibabaProblems() map[catalog.Situation]problem {
	return map[catalog.Situation]problem{
		// No public source shows the reply of ECS or KMS to a request without any
		// parameter. An old table of ECS names Action as the missing one.
		catalog.Bare:               {code: "MissingParameter", status: 400},
		catalog.UnknownAction:      {code: "InvalidAction.NotFound", status: 404},
		catalog.UnknownVersion:     {code: "InvalidVersion", status: 400},
		catalog.MissingKey:         {code: "MissingParameter", status: 400},
		catalog.MissingParameter:   {code: "MissingParameter", status: 400},
		catalog.UnknownKey:         {code: "InvalidAccessKeyId.NotFound", status: 404},
		catalog.InactiveKey:        {code: "InvalidAccessKeyId.Inactive", status: 400},
		catalog.BadSignature:       {code: "SignatureDoesNotMatch", status: 400},
		catalog.BadSignatureMethod: {code: "InvalidSignatureMethod", status: 400},
		catalog.BadToken:           {code: "InvalidSecurityToken.MismatchWithAccessKey", status: 400},
		catalog.ExpiredTimestamp:   {code: "InvalidTimeStamp.Expired", status: 400},
		catalog.MalformedTimestamp: {code: "InvalidTimeStamp.Format", status: 400},
		catalog.ReplayedNonce:      {code: "SignatureNonceUsed", status: 400},
		catalog.BadFormat:          {code: "InvalidParameter.Format", status: 400},
		catalog.UnsupportedMethod:  {code: "UnsupportedHTTPMethod", status: 400},
		catalog.PlainHTTP:          {code: "InvalidProtocol.NeedSsl", status: 400},
		catalog.UnsupportedRegion:  {code: "InvalidRegionId.NotFound", status: 404},
		catalog.Forbidden:          {code: "Forbidden.RAM", status: 403},
	}
}

// tencentCodes are the common error codes of Tencent Cloud API 3.0. They come with status
// 200.
func tencentCodes() map[catalog.Situation]string {
	return map[catalog.Situation]string{
		catalog.Bare:              "MissingParameter",
		catalog.UnknownAction:     "InvalidAction",
		catalog.UnknownVersion:    "NoSuchVersion",
		catalog.MissingKey:        "MissingParameter",
		catalog.MissingParameter:  "MissingParameter",
		catalog.UnknownParameter:  "UnknownParameter",
		catalog.UnknownKey:        "AuthFailure.SecretIdNotFound",
		catalog.InactiveKey:       "AuthFailure.SecretIdNotFound", // no public source tells it apart
		catalog.BadAuthorization:  "AuthFailure.InvalidAuthorization",
		catalog.BadSignature:      "AuthFailure.SignatureFailure",
		catalog.BadToken:          "AuthFailure.TokenFailure",
		catalog.ExpiredTimestamp:  "AuthFailure.SignatureExpire",
		catalog.UnsupportedMethod: "UnsupportedProtocol",
		catalog.TooLarge:          "RequestSizeLimitExceeded",
		catalog.TooLargeHMAC:      "AuthFailure.SignatureFailure",
		catalog.UnsupportedRegion: "UnsupportedRegion",
		catalog.Forbidden:         "UnauthorizedOperation",
	}
}
