package cloudapi

import (
	"strings"

	"prober/catalog"
)

// Class is what a well-formed reply means for its sender.
type Class uint8

// The classes.
const (
	// Unclear: status and code contradict each other, such as a code for a request that
	// cannot be carried out with Alibaba's status 200, or any reply of Tencent's with a
	// status that is neither 200 nor a 5xx.
	Unclear Class = iota
	// Success: the call was carried out.
	Success
	// OrdinaryError: the API refused for a reason that lies in the request. To a call
	// without credentials it is the expected answer.
	OrdinaryError
	// Throttled: the sender, or everybody, asked too often. Says nothing about the
	// endpoint's health.
	Throttled
	// Credentials: the key is unknown, disabled, expired or without permission, or its
	// account may not call: not subscribed, terms not agreed to, payments overdue.
	Credentials
	// Clock: the time stamp is too far from the server's clock.
	Clock
	// SignatureMismatch: the server computed another signature: wrong secret, or text
	// that changed on the way.
	SignatureMismatch
	// NeedSSL: the API wants HTTPS.
	NeedSSL
	// ServerError: a 5xx status or a code for a failure inside the service.
	ServerError
)

// String returns the class in words.
func (c Class) String() string {
	return map[Class]string{
		Unclear: "unclear", Success: "success", OrdinaryError: "ordinary error", Throttled: "throttled", Credentials: "credentials refused",
		Clock: "clock skew", SignatureMismatch: "signature mismatch", NeedSSL: "HTTPS required", ServerError: "server error",
	}[c]
}

// AnswersUnsigned reports whether a reply of this class to a call without credentials
// shows a working API: one that looked at the request and decided about it.
func (c Class) AnswersUnsigned() bool {
	return c == OrdinaryError || c == Success || c == Credentials || c == SignatureMismatch
}

// ClassOf returns the class of a reply with the given HTTP status and code. Codes are looked
// at before the status, because throttling comes with 400, 429 and 503 alike. The code of a
// success is empty; some of Alibaba's say "200" or "OK", and there the status decides.
func ClassOf(style catalog.APIStyle, status int, code string) Class {
	var class Class
	switch style {
	case catalog.StyleAlibabaRPC:
		class = alibabaClass(code)
	case catalog.StyleTencent3:
		class = tencentClass(code)
	default:
		return Unclear
	}
	switch {
	case class != Unclear:
		return class
	case status == 429:
		return Throttled
	case 500 <= status && status <= 599:
		return ServerError
	case code == "" && 200 <= status && status <= 299,
		style == catalog.StyleAlibabaRPC && 200 <= status && status <= 299 && !faultsRequest(code):
		return Success
	case code != "" && style == catalog.StyleAlibabaRPC && 400 <= status && status <= 499,
		code != "" && style == catalog.StyleTencent3 && status == 200:
		return OrdinaryError
	}
	return Unclear
}

// Contradiction says why a reply of class [Unclear], or [NeedSSL] over HTTPS, is none that the API
// documents.
func Contradiction(style catalog.APIStyle, status int, code string) string {
	switch {
	case ClassOf(style, status, code) == NeedSSL:
		return "which is for plain HTTP, and the request came over HTTPS"
	case code == "" && status/100 == 2:
		return "which is no answer to such a call"
	case code == "":
		return "which an error must have"
	case style == catalog.StyleTencent3:
		return "where this API answers errors with status 200"
	case status/100 == 2:
		return "which faults the request, with the status of a success"
	}
	return "a status that this API does not give with a code"
}

// faultsRequest reports whether a code of Alibaba's says that a request cannot be carried out:
// with it, status 200 contradicts itself.
func faultsRequest(code string) bool {
	for _, start := range []string{"Illegal", "Invalid", "Missing", "NotSupported", "Signature", "Unsupported"} {
		if strings.HasPrefix(code, start) {
			return true
		}
	}
	return false
}

// alibabaClass knows the codes whose meaning does not depend on the status. Sources: the
// common error codes of the gateway, the client and server error codes of ECS and KMS,
// and for KMS the codes on which its client libraries back off.
func alibabaClass(code string) Class {
	switch code {
	case "Rejected.Throttling", "RequestLimitExceeded":
		return Throttled
	case "InvalidTimeStamp.Expired", "IllegalTimestamp":
		// InvalidTimeStamp.Format is not here: it is about notation, not about time.
		return Clock
	case "SignatureDoesNotMatch", "IncompleteSignature":
		return SignatureMismatch
	case "InvalidProtocol.NeedSsl":
		return NeedSSL
	case "InternalError", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableTemporary":
		return ServerError
	}
	switch head, _, _ := strings.Cut(code, "."); head {
	case "Throttling":
		return Throttled
	case "Forbidden": // Forbidden.KeyNotFound is about what the call names, not about who calls
		if strings.HasSuffix(code, "NotFound") {
			return Unclear
		}
		return Credentials
	case "InvalidAccessKeyId", "InvalidSecurityToken", "NoPermission", "NotAuthorized", "Unauthorized", "ImplicitDeny", "ExplicitDeny",
		"InvalidAccountStatus", "RealNameAuthenticationError":
		return Credentials
	}
	if ofAccount(code) {
		return Credentials
	}
	return Unclear
}

// ofAccount reports whether a code, whatever family of codes it is of, says that the account may not
// call as it stands: it owes, or has not said who it is.
func ofAccount(code string) bool {
	for _, word := range []string{"Arrear", "InsufficientBalance", "NotEnoughBalance", "OverdueBill", "RealName"} {
		if strings.Contains(code, word) {
			return true
		}
	}
	return false
}

// tencentClass knows the codes whose meaning does not depend on the status. Source: the
// common error codes of Tencent Cloud API 3.0 and those of GAAP. A code may be refined
// by a dot and a further word.
func tencentClass(code string) Class {
	switch code {
	case "AuthFailure.SignatureExpire":
		return Clock
	case "AuthFailure.SignatureFailure":
		// Also the answer to an oversize body signed with version 1.
		return SignatureMismatch
	case "AuthFailure.InvalidAuthorization":
		return OrdinaryError // the header is not as it is signed, whoever's the key
	case "FailedOperation.UserNotConfirmProtocol": // the account has not agreed to the terms of GAAP
		return Credentials
	}
	switch head, _, _ := strings.Cut(code, "."); head {
	case "RequestLimitExceeded":
		return Throttled
	case "AuthFailure", "UnauthorizedOperation", "OperationDenied", "IpInBlacklist", "IpNotInWhitelist":
		return Credentials
	case "InternalError", "ServiceUnavailable":
		return ServerError
	}
	if ofAccount(code) {
		return Credentials
	}
	return Unclear
}
