package imitation

import (
	"strings"

	"prober/catalog"
)

// alibabaMessage returns the wording of a code. Captures of real replies and the vendor's
// error tables give the sentences; codes without a known one get a sentence of our own.
func (a *API) alibabaMessage(code, subject string) string {
	switch code {
	case "InvalidAction.NotFound", "InvalidApi.NotFound":
		return "Specified api is not found, please check your url and method."
	case "InvalidVersion":
		return "Specified parameter Version is not valid."
	case "MissingParameter":
		if a.cfg.Product.ID == "kms" {
			return `The parameter "` + subject + `" is needed but not provided.`
		}
		return `The input parameter "` + subject + `" that is mandatory for processing this request is not supplied.`
	case "InvalidAccessKeyId.NotFound":
		return "Specified access key is not found."
	case "InvalidAccessKeyId.Inactive":
		return "Specified access key is disabled."
	case "SignatureDoesNotMatch":
		return "Specified signature is not matched with our calculation. server string to sign is:" + subject
	case "IncompleteSignature":
		return "The request signature does not conform to Aliyun standards. server string to sign is:" + subject
	case "InvalidSignatureMethod":
		return "Specified signature method is not valid."
	case "InvalidTimeStamp.Expired", "IllegalTimestamp":
		return "Specified time stamp or date value is expired."
	case "InvalidTimeStamp.Format":
		return "Specified time stamp or date value is not well formatted."
	case "SignatureNonceUsed":
		return "Specified signature nonce was used already."
	case "InvalidParameter.Format":
		return "Specified parameter format is not valid."
	case "InvalidProtocol.NeedSsl":
		return "Your request is denied as lack of ssl protect."
	case "Forbidden.RAM", "Forbidden.NoPermission":
		return "User not authorized to operate on the specified resource, or this API doesn't support RAM."
	case "UnsupportedHTTPMethod":
		return "This http method is not supported."
	case "NotSupportedEndpoint", "InvalidRegionId", "InvalidRegionId.NotFound":
		return "The specified RegionId does not exist."
	}
	if parameter, ok := strings.CutPrefix(code, "Missing"); ok {
		return parameter + " is mandatory for this action."
	}
	return "The request was refused: " + code + "."
}

// tencentMessage returns the wording of a code in a situation; one code may have several.
func tencentMessage(code string, s catalog.Situation, subject string) string {
	if s == catalog.TooLargeHMAC && code == "AuthFailure.SignatureFailure" {
		return "The provided credentials could not be validated because of exceeding request size limit, " +
			"please use new signature method `TC3-HMAC-SHA256`."
	}
	switch code {
	case "MissingParameter":
		return "The request is missing a required parameter `" + subject + "`."
	case "InvalidAction":
		return "The request `Action` is invalid or not found."
	case "NoSuchVersion":
		return "The request `Version` is invalid or not found."
	case "AuthFailure.SecretIdNotFound":
		return "The SecretId is not found, please ensure that your SecretId is correct."
	case "AuthFailure.InvalidSecretId":
		return "The SecretId is illegal."
	case "AuthFailure.InvalidAuthorization":
		return "The request `Authorization` does not conform to the standard."
	case "AuthFailure.SignatureFailure":
		return "The provided credentials could not be validated. Please check your signature is correct."
	case "AuthFailure.SignatureExpire":
		return "The signature is expired, please request again."
	case "AuthFailure.TokenFailure":
		return "The provided token is invalid."
	case "UnsupportedProtocol":
		return "HTTP(S) request protocol error; only GET and POST requests are supported."
	case "RequestSizeLimitExceeded":
		return "The request size exceeds the limit."
	case "UnknownParameter":
		return "The parameter `" + subject + "` is not recognized."
	case "UnsupportedRegion":
		return "The request region `" + subject + "` is not supported."
	case "InvalidParameter":
		return "Parameter `" + subject + "` type error."
	case "UnauthorizedOperation", "AuthFailure.UnauthorizedOperation":
		return "The operation is not authorized."
	}
	return "The request was refused: " + code + "."
}
