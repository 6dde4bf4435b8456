package sandbox

import (
	"net/http"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/imitation"
)

// verifyFaults are wrong in what the reply says of itself and of its text.
func verifyFaults() []spec {
	edit := func(r reason.Reason, suffix, description string, f func(*exchange)) spec {
		return faultOf(r, suffix, description, behaviour{edit: f}).at(anyAPI())
	}
	return []spec{
		faultOf(reason.VerifySurplusBytes, "", "a second reply follows the first, unasked", behaviour{wire: surplus}),
		faultOf(reason.VerifySmugglingAmbiguous, "", "the reply has both Content-Length and Transfer-Encoding", behaviour{wire: bothLengths}),
		edit(reason.VerifyRedirect, "", "the reply redirects to a log-in page", redirect("https://login.sandbox.test/")),
		edit(reason.VerifyRedirect, "no_location", "the reply is a redirect that does not say where to", redirect("")),
		edit(reason.VerifyRedirect, "two_locations", "the reply redirects to two places at once", redirectTwice),
		edit(reason.VerifyRedirect, "loop", "the reply redirects to the same URL", redirectToSelf),
		edit(reason.VerifyCharset, "", "Content-Type says GBK", withContentType(";charset=gbk")),
		edit(reason.VerifyCharset, "latin1", "Content-Type says ISO-8859-1", withContentType("; charset=ISO-8859-1")),
		edit(reason.VerifyBOM, "", "the body starts with a byte order mark", bom),
		edit(reason.VerifyInvalidUTF8, "", "the message holds text in GBK", inMessage("\xd6\xd0\xce\xc4")),
		edit(reason.VerifyInvalidUTF8, "overlong", "the message holds an overlong form of a slash", inMessage("\xc0\xaf")),
		edit(reason.VerifyInvalidUTF8, "surrogate", "the message holds half of a surrogate pair as an escape", inMessage(`\ud800`)),
		faultOf(reason.VerifyMangledText, "", "a hop before the API replaces every byte beyond ASCII", behaviour{mangle: imitation.AsASCII}).at(anyAPI()).needing(NeedSigned),
		faultOf(reason.VerifyMangledText, "latin1", "a hop before the API takes text for ISO 8859-1", behaviour{mangle: imitation.AsLatin1}).at(alibabaAPI()).needing(NeedSigned),
	}
}

var deepList = strings.Repeat("[", 1000) + strings.Repeat("]", 1000)

// apiFaults are replies of something else than the API, and of an API that fails.
func apiFaults() []spec {
	edit := func(r reason.Reason, suffix, description string, f func(*exchange)) spec {
		return faultOf(r, suffix, description, behaviour{edit: f}).at(anyAPI())
	}
	blocked := page(http.StatusMethodNotAllowed, "Not Allowed")
	missing := page(http.StatusNotFound, "Not Found")
	return []spec{
		edit(reason.VerifyNotAPI, "", "an HTML page with status 200 comes", become(welcomePage())),
		edit(reason.VerifyNotAPI, "blocked", "the block page of a web application firewall comes, with status 405", become(blocked)),
		edit(reason.VerifyNotAPI, "missing", "a web server's page that there is nothing comes, with status 404", become(missing)),
		edit(reason.VerifyNotAPI, "empty", "an empty body comes, with status 200", become(document(http.StatusOK, "application/json", ""))),
		edit(reason.VerifyNotAPI, "text", "a line of plain text comes, with status 200", become(document(http.StatusOK, "text/plain", "It works!\n"))),
		edit(reason.VerifyUnparseable, "", "the body is cut off, and announced as long as it is then", cutBody),
		edit(reason.VerifyUnparseable, "space", "a no-break space follows the body", noBreakSpace),
		edit(reason.VerifyWrongShape, "", "an error of the other provider's API comes", otherFamily),
		edit(reason.VerifyWrongShape, "no_request_id", "the API's error lacks its request id", withoutRequestID),
		edit(reason.VerifyWrongShape, "generic", "a well-formed JSON error of no API family comes", genericError),
		edit(reason.VerifyServerError, "", "the API answers with an internal error; Alibaba's with status 500", refuseAs(catalog.ServerError)),
		faultOf(reason.VerifyServerError, "unavailable", "the API answers ServiceUnavailable with status 503", behaviour{edit: refuseWith(http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")}).at(alibabaAPI()),
		faultOf(reason.VerifyBadStatus, "", "the site answers with status 403", behaviour{edit: become(page(http.StatusForbidden, "Forbidden"))}).at(noAPI()),
		faultOf(reason.VerifyBadStatus, "not_found", "the site answers with status 404", behaviour{edit: become(missing)}).at(noAPI()),
		faultOf(reason.VerifyRequestID, "", "the request id in the header is not that in the body", behaviour{edit: otherRequestID}).at(alibabaAPI()),
		faultOf(reason.VerifyPlainHTTPServed, "", "the API answers over plain HTTP as it does over HTTPS", behaviour{plainServed: true}).at(httpsOnly()).needing(NeedPlainHTTP),
		edit(reason.VerifyCallRefused, "", "the API says that signed calls lack a parameter, which they have", toCustomer(refuseAs(catalog.MissingParameter))).needing(NeedSigned).breaking("PROTO-24"),
		edit(reason.VerifyCallRefused, "unknown_action", "the API does not know the action of signed calls", toCustomer(refuseAs(catalog.UnknownAction))).needing(NeedSigned).breaking("PROTO-24"),
		faultOf(reason.ProberCredentials, "acs3", "the API refuses every signature of ACS3-HMAC-SHA256, good ones too", when(byACS3, refuseAs(catalog.BadSignature))).at(signedBy(catalog.SignatureACS3)).needing(NeedACS3),
		edit(reason.ProberLimit, "", "the body is followed by 3 MB of spaces", large),
		edit(reason.ProberLimit, "gzip", "the body is a small gzip stream that decodes to 5 MB", bomb),
		edit(reason.ProberLimit, "brotli", "the body is compressed with Brotli, which nobody asked for and nobody ruled out (RFC 9110, section 12.5.3)", inBrotli),
		edit(reason.ProberLimit, "deep", "the body is a list of a thousand lists inside each other", become(document(http.StatusBadRequest, "application/json", deepList))),
		faultOf(reason.ProberLimit, "fields", "there are 10,000 small header fields", behaviour{wire: withLine(strings.Repeat("X-Odd: x\r\n", 9_999) + "X-Odd: x")}).at(anyAPI()),
		edit(reason.ProberRateLimited, "", "the API throttles every request", refuseAs(catalog.Throttled)),
		edit(reason.ProberCredentials, "", "the API says of the customer's key that it is disabled, or that there is none", toCustomer(refuseAs(catalog.InactiveKey))).needing(NeedSigned),
		edit(reason.ProberClock, "", "the API says of signed calls that their time is too far from its own", toCustomer(refuseAs(catalog.ExpiredTimestamp))).needing(NeedSigned),
	}
}
