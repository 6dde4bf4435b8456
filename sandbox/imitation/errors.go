package imitation

import (
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
)

// apiError is an error in the words of an API: all that an error reply says.
type apiError struct {
	code   string
	status int
	// message is the wording; {} in a table stands for the parameter, region or text that
	// it is about, and no wording for one that no source shows.
	message string
	// usual are the situations that it is the answer to for products without a rule.
	usual []catalog.Situation
}

// refusal returns the error of a situation. The code and the status are those that the
// product's error rule expects first, or else the ones that public sources show. Subject
// is what the message is about, where it names something.
func (a *API) refusal(s catalog.Situation, subject string) *apiError {
	table, words := alibabaErrors(), alibabaProductOf(a.cfg.Product.ID).words
	if a.cfg.Product.APIStyle == catalog.StyleTencent3 {
		table, words = tencentErrors(), nil
	}
	find := func(is func(apiError) bool) apiError {
		if i := slices.IndexFunc(table, is); i >= 0 {
			return table[i]
		}
		return apiError{}
	}
	e := find(func(e apiError) bool { return slices.Contains(e.usual, s) })
	if e.code == "" {
		e.code, e.status = "InvalidParameter", http.StatusBadRequest
	}
	if rule, ok := a.cfg.Product.ErrorRule(s); ok && len(rule.Codes) > 0 {
		code, status := rule.Codes[0], e.status
		if e.code != code {
			e = find(func(e apiError) bool { return e.code == code })
		}
		e.code, e.status = code, status
		if len(rule.Statuses) > 0 {
			e.status = rule.Statuses[0]
		}
	}
	if own, ok := words[e.code]; ok {
		e.message = own
	}
	if parameter, missing := strings.CutPrefix(e.code, "Missing"); e.message == "" && missing {
		e.message = parameter + " is mandatory for this action."
	} else if e.message == "" {
		e.message = "The request was refused: " + e.code + "."
	}
	e.message = strings.ReplaceAll(e.message, "{}", subject)
	return &e
}

// alibabaErrors are the common errors of the RPC gateway and of ECS. Captures of real
// replies and the vendor's tables give the sentences; where sources differ about a status,
// the one of the gateway's own list stands here. Rows without a status belong to products
// whose rules name the code.
func alibabaErrors() []apiError {
	is := func(s ...catalog.Situation) []catalog.Situation { return s }
	return []apiError{
		// No public source shows the reply of ECS or KMS to a request without any
		// parameter. An old table of ECS names Action as the missing one.
		{"MissingParameter", 400, `The input parameter "{}" that is mandatory for processing this request is not supplied.`, is(catalog.Bare, catalog.MissingKey, catalog.MissingParameter)},
		{"InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method.", is(catalog.UnknownAction)},
		{"InvalidApi.NotFound", 0, "Specified api is not found, please check your url and method.", nil},
		{"InvalidVersion", 400, "Specified parameter Version is not valid.", is(catalog.UnknownVersion)},
		{"InvalidAccessKeyId.NotFound", 404, "Specified access key is not found.", is(catalog.UnknownKey)},
		{"InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled.", is(catalog.InactiveKey)},
		{"SignatureDoesNotMatch", 400, "Specified signature is not matched with our calculation. server string to sign is:{}", is(catalog.BadSignature)},
		{"IncompleteSignature", 0, "The request signature does not conform to Aliyun standards. server string to sign is:{}", nil},
		{"InvalidSignatureMethod", 400, "Specified signature method is not valid.", is(catalog.BadSignatureMethod)},
		{"InvalidSecurityToken.MismatchWithAccessKey", 400, "", is(catalog.BadToken)},
		{"InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired.", is(catalog.ExpiredTimestamp)},
		{"IllegalTimestamp", 0, "Specified time stamp or date value is expired.", nil},
		{"InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted.", is(catalog.MalformedTimestamp)},
		{"SignatureNonceUsed", 400, "Specified signature nonce was used already.", is(catalog.ReplayedNonce)},
		{"InvalidParameter.Format", 400, "Specified parameter format is not valid.", is(catalog.BadFormat)},
		{"UnsupportedHTTPMethod", 400, "This http method is not supported.", is(catalog.UnsupportedMethod)},
		{"InvalidProtocol.NeedSsl", 400, "Your request is denied as lack of ssl protect.", is(catalog.PlainHTTP)},
		{"InvalidRegionId.NotFound", 404, "The specified RegionId does not exist.", is(catalog.UnsupportedRegion)},
		{"InvalidRegionId", 0, "The specified RegionId does not exist.", nil},
		{"NotSupportedEndpoint", 0, "The specified RegionId does not exist.", nil},
		{"Forbidden.RAM", 403, "User not authorized to operate on the specified resource, or this API doesn't support RAM.", is(catalog.Forbidden)},
		{"Forbidden.NoPermission", 0, "User not authorized to operate on the specified resource, or this API doesn't support RAM.", nil},
		{"Throttling.User", 400, "Request was denied due to user flow control.", is(catalog.Throttled)},
		{"Throttling", 0, "Request was denied due to user flow control.", nil},
		{"InternalError", 500, "The request processing has failed due to some unknown error.", is(catalog.ServerError)},
	}
}

// tencentErrors are the common errors of Tencent Cloud API 3.0. They come with status 200.
func tencentErrors() []apiError {
	is := func(s ...catalog.Situation) []catalog.Situation { return s }
	return []apiError{
		{"MissingParameter", 200, "The request is missing a required parameter `{}`.", is(catalog.Bare, catalog.MissingKey, catalog.MissingParameter)},
		{"InvalidAction", 200, "The request `Action` is invalid or not found.", is(catalog.UnknownAction)},
		{"NoSuchVersion", 200, "The specified api version=`{}`.", is(catalog.UnknownVersion)},
		{"UnknownParameter", 200, "The parameter `{}` is not recognized.", is(catalog.UnknownParameter)},
		// No public source tells a disabled key from one that nobody owns.
		{"AuthFailure.SecretIdNotFound", 200, "The SecretId is not found, please ensure that your SecretId is correct.", is(catalog.UnknownKey, catalog.InactiveKey)},
		{"AuthFailure.InvalidAuthorization", 200, "The request `Authorization` does not conform to the standard.", is(catalog.BadAuthorization)},
		{"AuthFailure.SignatureFailure", 200, "The provided credentials could not be validated. Please check your signature is correct.", is(catalog.BadSignature)},
		{"AuthFailure.SignatureFailure", 200, "The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.", is(catalog.TooLargeHMAC)},
		{"AuthFailure.TokenFailure", 200, "The provided token is invalid.", is(catalog.BadToken)},
		{"AuthFailure.SignatureExpire", 200, "The signature is expired, please request again.", is(catalog.ExpiredTimestamp)},
		{"UnsupportedProtocol", 200, "HTTP(S) request protocol error; only GET and POST requests are supported.", is(catalog.UnsupportedMethod)},
		{"RequestSizeLimitExceeded", 200, "The request size exceeds the limit.", is(catalog.TooLarge)},
		{"UnsupportedRegion", 200, "The request region `{}` is not supported.", is(catalog.UnsupportedRegion)},
		{"UnauthorizedOperation", 200, "The operation is not authorized.", is(catalog.Forbidden)},
		{"AuthFailure.UnauthorizedOperation", 200, "The operation is not authorized.", nil},
		{"RequestLimitExceeded", 200, "Request was denied due to user flow control.", is(catalog.Throttled)},
		{"InternalError", 200, "The request processing has failed due to some unknown error.", is(catalog.ServerError)},
	}
}

// The errors of single parameters and actions, which no situation of the catalogue covers.

func alibabaBadValue(parameter string) *apiError {
	return &apiError{code: "InvalidParameter", status: http.StatusBadRequest, message: `The specified parameter "` + parameter + `" is not valid.`}
}

func tencentError(code, message string) *apiError {
	return &apiError{code: code, status: http.StatusOK, message: message}
}
