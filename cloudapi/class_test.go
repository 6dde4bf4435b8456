package cloudapi

import "testing"

func TestClassOf(t *testing.T) {
	for _, tt := range []struct {
		family Family
		status int
		code   string
		want   Class
	}{
		{Alibaba, 400, "MissingParameter", OrdinaryError},
		{Alibaba, 400, "MissingAccessKeyId", OrdinaryError},
		{Alibaba, 404, "InvalidAction.NotFound", OrdinaryError},
		{Alibaba, 404, "Forbidden.KeyNotFound", OrdinaryError},
		{Alibaba, 400, "InvalidTimeStamp.Format", OrdinaryError},
		{Alibaba, 400, "SignatureNonceUsed", OrdinaryError},
		{Alibaba, 200, "", Success},
		{Alibaba, 200, "MissingParameter", Unclear},
		{Alibaba, 404, "", Unclear},
		{Alibaba, 302, "", Unclear},
		{Alibaba, 400, "Throttling", Throttled},
		{Alibaba, 400, "Throttling.User", Throttled},
		{Alibaba, 503, "Throttling.Api", Throttled},
		{Alibaba, 400, "Rejected.Throttling", Throttled},
		{Alibaba, 429, "SomethingNew", Throttled},
		{Alibaba, 404, "InvalidAccessKeyId.NotFound", Credentials},
		{Alibaba, 400, "InvalidAccessKeyId.Inactive", Credentials},
		{Alibaba, 400, "InvalidSecurityToken.Expired", Credentials},
		{Alibaba, 403, "Forbidden.RAM", Credentials},
		{Alibaba, 403, "Forbidden.NoPermission", Credentials},
		{Alibaba, 403, "Unauthorized.EmptyRegion", Credentials},
		{Tencent, 200, "FailedOperation.UserNotConfirmProtocol", Credentials},
		{Alibaba, 400, "InvalidTimeStamp.Expired", Clock},
		{Alibaba, 400, "IllegalTimestamp", Clock},
		{Alibaba, 400, "SignatureDoesNotMatch", SignatureMismatch},
		{Alibaba, 400, "IncompleteSignature", SignatureMismatch},
		{Alibaba, 403, "InvalidProtocol.NeedSsl", NeedSSL},
		{Alibaba, 500, "InternalError", ServerError},
		{Alibaba, 503, "ServiceUnavailableTemporary", ServerError},
		{Alibaba, 500, "MissingParameter", ServerError},
		{Alibaba, 502, "", ServerError},

		{Tencent, 200, "MissingParameter", OrdinaryError},
		{Tencent, 200, "InvalidAction", OrdinaryError},
		{Tencent, 200, "RequestSizeLimitExceeded", OrdinaryError},
		{Tencent, 200, "", Success},
		{Tencent, 400, "MissingParameter", Unclear},
		{Tencent, 200, "RequestLimitExceeded", Throttled},
		{Tencent, 200, "RequestLimitExceeded.IPLimitExceeded", Throttled},
		{Tencent, 200, "AuthFailure.SecretIdNotFound", Credentials},
		{Tencent, 200, "AuthFailure.TokenFailure", Credentials},
		{Tencent, 200, "UnauthorizedOperation.NoMFA", Credentials},
		{Tencent, 200, "AuthFailure.SignatureExpire", Clock},
		{Tencent, 200, "AuthFailure.SignatureFailure", SignatureMismatch},
		{Tencent, 200, "InternalError", ServerError},
		{Tencent, 200, "InternalError.DbError", ServerError},
		{Tencent, 200, "ServiceUnavailable", ServerError},
		{Tencent, 500, "", ServerError},

		// One family's word is not the other's.
		{Alibaba, 400, "AuthFailure.SignatureExpire", OrdinaryError},
		{Tencent, 200, "Throttling.User", OrdinaryError},
		{0, 200, "", Unclear},
	} {
		if got := ClassOf(tt.family, tt.status, tt.code); got != tt.want {
			t.Errorf("ClassOf(%s, %d, %q) = %s, want %s", tt.family, tt.status, tt.code, got, tt.want)
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
		{Alibaba.String(), "alibaba-rpc"},
		{Tencent.String(), "tencent-3"},
		{Family(9).String(), "unknown API family"},
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
