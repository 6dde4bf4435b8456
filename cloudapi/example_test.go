package cloudapi_test

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

func Example() {
	product := catalog.Product{ID: "ecs", APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2014-05-26"}
	req := cloudapi.UnsignedProbe(product, "ecs.aliyuncs.com")
	fmt.Println(req)

	// What came back:
	status, contentType := 400, "application/json;charset=utf-8"
	body := []byte(`{"RequestId":"8A2D9C1E-1B7C-4D7C-9E6A-0F3B5B1C2D3E","HostId":"ecs.aliyuncs.com",
		"Code":"MissingParameter","Message":"The input parameter \"AccessKeyId\" that is mandatory for processing this request is not supplied."}`)

	reply, err := cloudapi.Read(product.APIStyle, contentType, body)
	if errors.Is(err, cloudapi.ErrNotAPI) {
		fmt.Println("a portal or a proxy answered:", err)
		return
	}
	class := cloudapi.ClassOf(product.APIStyle, status, reply.Code)
	fmt.Println(reply.Code, "is an", class, "- healthy:", class.AnswersUnsigned())
	// Output:
	// GET ecs.aliyuncs.com/?Action=DescribeRegions&Format=JSON&Version=2014-05-26
	// MissingParameter is an ordinary error - healthy: true
}

func ExampleReadTencent() {
	_, err := cloudapi.ReadTencent([]byte("<html><title>Please log in</title></html>"))
	fmt.Println(errors.Is(err, cloudapi.ErrNotAPI))
	fmt.Println(err)
	// Output:
	// true
	// not an API reply: found HTML: <html><title>Please log in</title></html>
}

func ExampleStringToSignRPC() {
	params := url.Values{"Action": {"DescribeRegions"}, "Note": {"华北"}}
	fmt.Println(cloudapi.StringToSignRPC("GET", params))
	fmt.Println(cloudapi.SignRPC("GET", params, "testsecret"))
	// Output:
	// GET&%2F&Action%3DDescribeRegions%26Note%3D%25E5%258D%258E%25E5%258C%2597
	// T7gsPEjmz9giX6rJvBLl2MLIpo0=
}

func ExampleTencentCall_SignedTC3() {
	call := cloudapi.TencentCall{Action: "DescribeAccessRegions", Version: "2018-05-29"}
	key := cloudapi.TencentKey{ID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", Secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}
	req, signature := call.SignedTC3("gaap.tencentcloudapi.com", key, time.Unix(1551113065, 0))
	fmt.Println(req, string(req.Body))
	fmt.Println(signature.CanonicalRequest)
	fmt.Println(key)
	// Output:
	// POST gaap.tencentcloudapi.com/ {}
	// POST
	// /
	//
	// content-type:application/json; charset=utf-8
	// host:gaap.tencentcloudapi.com
	// x-tc-action:describeaccessregions
	//
	// content-type;host;x-tc-action
	// 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
	// SecretId AKID…(redacted)
}

func ExampleEchoedStringToSign() {
	message := "Specified signature is not matched with our calculation. " +
		"server string to sign is:GET&%2F&AccessKeyId%3Dtestid%26Note%3D%25E5%258D%258E"
	echo, ok := cloudapi.EchoedStringToSign(message)
	fmt.Println(ok, cloudapi.Redact(echo))
	// Output:
	// true GET&%2F&AccessKeyId%3DREDACTED%26Note%3D%25E5%258D%258E
}

func ExampleRedact() {
	fmt.Println(cloudapi.Redact("Get https://ecs.aliyuncs.com/?AccessKeyId=testid&Action=DescribeRegions&Signature=abc%3D: EOF"))
	fmt.Println(cloudapi.Redact("Authorization: TC3-HMAC-SHA256 Credential=id/2026-11-22/gaap/tc3_request, Signature=00"))
	// Output:
	// Get https://ecs.aliyuncs.com/?AccessKeyId=REDACTED&Action=DescribeRegions&Signature=REDACTED EOF
	// Authorization: REDACTED
}
