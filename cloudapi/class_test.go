package cloudapi

import (
	"testing"

	"prober/catalog"
)

func TestClassOf(t *testing.T) {
	for _, tt := range []struct {
		style  catalog.APIStyle
		status int
		code   string
		want   Class
	}{
		{catalog.StyleAlibabaRPC, 400, "MissingParameter", OrdinaryError},
		{catalog.StyleAlibabaRPC, 400, "MissingAccessKeyId", OrdinaryError},
		{catalog.StyleAlibabaRPC, 403, "InvalidAccountStatus.NotEnoughBalance", Credentials},
		{catalog.StyleAlibabaRPC, 403, "RealNameAuthenticationError", Credentials},
		{catalog.StyleAlibabaRPC, 403, "ImplicitDeny", Credentials},
		{catalog.StyleTencent3, 200, "FailedOperation.AccountArrears", Credentials},
		{catalog.StyleTencent3, 200, "FailedOperation.Other", OrdinaryError},
		{catalog.StyleAlibabaRPC, 404, "InvalidAction.NotFound", OrdinaryError},
		{catalog.StyleAlibabaRPC, 404, "Forbidden.KeyNotFound", OrdinaryError},
		{catalog.StyleAlibabaRPC, 400, "InvalidTimeStamp.Format", OrdinaryError},
		{catalog.StyleAlibabaRPC, 400, "SignatureNonceUsed", OrdinaryError},
		{catalog.StyleAlibabaRPC, 200, "", Success},
		{catalog.StyleAlibabaRPC, 200, "MissingParameter", Unclear},
		{catalog.StyleAlibabaRPC, 200, "200", Success},
		{catalog.StyleAlibabaRPC, 200, "OK", Success},
		{catalog.StyleAlibabaRPC, 204, "Success", Success},
		{catalog.StyleAlibabaRPC, 200, "InternalError", ServerError},
		{catalog.StyleAlibabaRPC, 302, "OK", Unclear},
		{catalog.StyleAlibabaRPC, 500, "OK", ServerError},
		{catalog.StyleAlibabaRPC, 404, "", Unclear},
		{catalog.StyleAlibabaRPC, 302, "", Unclear},
		{catalog.StyleAlibabaRPC, 400, "Throttling", Throttled},
		{catalog.StyleAlibabaRPC, 400, "Throttling.User", Throttled},
		{catalog.StyleAlibabaRPC, 503, "Throttling.Api", Throttled},
		{catalog.StyleAlibabaRPC, 400, "Rejected.Throttling", Throttled},
		{catalog.StyleAlibabaRPC, 429, "SomethingNew", Throttled},
		{catalog.StyleAlibabaRPC, 404, "InvalidAccessKeyId.NotFound", Credentials},
		{catalog.StyleAlibabaRPC, 400, "InvalidAccessKeyId.Inactive", Credentials},
		{catalog.StyleAlibabaRPC, 400, "InvalidSecurityToken.Expired", Credentials},
		{catalog.StyleAlibabaRPC, 403, "Forbidden.RAM", Credentials},
		{catalog.StyleAlibabaRPC, 403, "Forbidden.NoPermission", Credentials},
		{catalog.StyleAlibabaRPC, 403, "Unauthorized.EmptyRegion", Credentials},
		{catalog.StyleAlibabaRPC, 403, "Forbidden.AccountOverdue", Credentials},
		{catalog.StyleAlibabaRPC, 403, "Forbidden", Credentials},
		{catalog.StyleAlibabaRPC, 403, "NoPermission.Action", Credentials},
		{catalog.StyleTencent3, 200, "FailedOperation.UserNotConfirmProtocol", Credentials},
		{catalog.StyleAlibabaRPC, 400, "InvalidTimeStamp.Expired", Clock},
		{catalog.StyleAlibabaRPC, 400, "IllegalTimestamp", Clock},
		{catalog.StyleAlibabaRPC, 400, "SignatureDoesNotMatch", SignatureMismatch},
		{catalog.StyleAlibabaRPC, 400, "IncompleteSignature", SignatureMismatch},
		{catalog.StyleAlibabaRPC, 403, "InvalidProtocol.NeedSsl", NeedSSL},
		{catalog.StyleAlibabaRPC, 500, "InternalError", ServerError},
		{catalog.StyleAlibabaRPC, 503, "ServiceUnavailableTemporary", ServerError},
		{catalog.StyleAlibabaRPC, 500, "MissingParameter", ServerError},
		{catalog.StyleAlibabaRPC, 502, "", ServerError},

		{catalog.StyleTencent3, 200, "MissingParameter", OrdinaryError},
		{catalog.StyleTencent3, 200, "InvalidAction", OrdinaryError},
		{catalog.StyleTencent3, 200, "RequestSizeLimitExceeded", OrdinaryError},
		{catalog.StyleTencent3, 200, "", Success},
		{catalog.StyleTencent3, 400, "MissingParameter", Unclear},
		{catalog.StyleTencent3, 200, "RequestLimitExceeded", Throttled},
		{catalog.StyleTencent3, 200, "RequestLimitExceeded.IPLimitExceeded", Throttled},
		{catalog.StyleTencent3, 200, "AuthFailure.SecretIdNotFound", Credentials},
		{catalog.StyleTencent3, 200, "AuthFailure.TokenFailure", Credentials},
		{catalog.StyleTencent3, 200, "UnauthorizedOperation.NoMFA", Credentials},
		{catalog.StyleTencent3, 200, "AuthFailure", Credentials},
		{catalog.StyleTencent3, 200, "OperationDenied.AccountArrears", Credentials},
		{catalog.StyleTencent3, 200, "AuthFailure.InvalidAuthorization", OrdinaryError},
		{catalog.StyleTencent3, 200, "200", OrdinaryError},
		{catalog.StyleTencent3, 200, "AuthFailure.SignatureExpire", Clock},
		{catalog.StyleTencent3, 200, "AuthFailure.SignatureFailure", SignatureMismatch},
		{catalog.StyleTencent3, 200, "InternalError", ServerError},
		{catalog.StyleTencent3, 200, "InternalError.DbError", ServerError},
		{catalog.StyleTencent3, 200, "ServiceUnavailable", ServerError},
		{catalog.StyleTencent3, 500, "", ServerError},

		// One family's word is not the other's.
		{catalog.StyleAlibabaRPC, 400, "AuthFailure.SignatureExpire", OrdinaryError},
		{catalog.StyleTencent3, 200, "Throttling.User", OrdinaryError},
		{catalog.StyleNone, 200, "", Unclear},
	} {
		if got := ClassOf(tt.style, tt.status, tt.code); got != tt.want {
			t.Errorf("ClassOf(%s, %d, %q) = %s, want %s", tt.style, tt.status, tt.code, got, tt.want)
		}
	}
}

func TestAnswersUnsigned(t *testing.T) {
	healthy := map[Class]bool{OrdinaryError: true, Success: true, Credentials: true, SignatureMismatch: true}
	words := map[string]bool{}
	for c := Unclear; c <= ServerError; c++ {
		if got := c.AnswersUnsigned(); got != healthy[c] {
			t.Errorf("%s.AnswersUnsigned() = %t, want %t", c, got, healthy[c])
		}
		if words[c.String()] {
			t.Errorf("two classes are called %q", c)
		}
		words[c.String()] = true
	}
}

func TestEchoedStringToSign(t *testing.T) {
	const echo = "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions"
	for _, tt := range []struct {
		name, message, want string
	}{
		{"gateway", "Specified signature is not matched with our calculation. server string to sign is:" + echo, echo},
		{"ECS", "The request signature does not conform to Aliyun standards. server string to sign is:" + echo, echo},
		{"space around", "…server string to sign is: " + echo + "\n", echo},
		{"ACS3", "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n0011] server CanonicalRequest is [GET\n/]", "ACS3-HMAC-SHA256\n0011"},
		{"nothing echoed", "Specified signature is not matched with our calculation. server string to sign is:", ""},
		{"cut off", "server StringToSign is [ACS3", ""},
		{"another error", "Specified access key is not found.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := EchoedStringToSign(tt.message)
			if ok != (tt.want != "") || ok && got != tt.want {
				t.Errorf("got %q, %t; want %q", got, ok, tt.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{JSON.String(), "JSON"},
		{XML.String(), "XML"},
		{HmacSHA1.String(), "HmacSHA1"},
		{HmacSHA256.String(), "HmacSHA256"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}
