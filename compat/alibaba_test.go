package compat_test

import (
	"errors"
	"maps"
	"net/http"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"

	"prober/cloudapi"
)

// alibabaRegion is the region that the clients are made for.
const alibabaRegion = "cn-hangzhou"

// alibabaProduct is a product as the vendor's client wants it named.
type alibabaProduct struct{ name, version, host, endpoint string }

func ecs() alibabaProduct {
	return alibabaProduct{"Ecs", "2014-05-26", "ecs.aliyuncs.com", "ecs/default/public"}
}

func kms() alibabaProduct {
	return alibabaProduct{"Kms", "2016-01-20", "kms.cn-hangzhou.aliyuncs.com", "kms/cn-hangzhou/public"}
}

// describeRegions is the read-only call that both products have.
func (p alibabaProduct) describeRegions(method string) *requests.CommonRequest {
	r := p.call(method, "DescribeRegions")
	r.Domain = p.host
	return r
}

// call is a call that leaves it to the client to find the host.
func (p alibabaProduct) call(method, action string) *requests.CommonRequest {
	r := requests.NewCommonRequest()
	r.Product, r.Version, r.ApiName = p.name, p.version, action
	r.Method, r.Scheme = method, requests.HTTPS
	return r
}

// newAlibabaClient returns the vendor's client with a key and a transport of our own.
func newAlibabaClient(t testing.TB, transport http.RoundTripper, key cloudapi.AlibabaKey) *sdk.Client {
	t.Helper()
	config := sdk.NewConfig()
	config.Transport = transport
	var credential auth.Credential = credentials.NewStaticAKCredentialsProvider(key.ID, key.Secret)
	if key.Token != "" {
		credential = credentials.NewStaticSTSCredentialsProvider(key.ID, key.Secret, key.Token)
	}
	client, err := sdk.NewClientWithOptions(alibabaRegion, config, credential)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// alibabaKey is the key that the sandbox accepts.
func alibabaKey(c *cloud) cloudapi.AlibabaKey {
	return c.Credentials().Alibaba
}

// alibabaRegions is the reply to DescribeRegions with the fields and tags of the vendor's
// own ecs.DescribeRegionsResponse and kms.DescribeRegionsResponse.
type alibabaRegions struct {
	*responses.BaseResponse
	RequestID string `json:"RequestId" xml:"RequestId"`
	Regions   struct {
		Region []struct {
			RegionEndpoint string `json:"RegionEndpoint" xml:"RegionEndpoint"`
			LocalName      string `json:"LocalName" xml:"LocalName"`
			RegionID       string `json:"RegionId" xml:"RegionId"`
		} `json:"Region" xml:"Region"`
	} `json:"Regions" xml:"Regions"`
}

// names returns the local names by region id.
func (r *alibabaRegions) names() map[string]string {
	names := make(map[string]string)
	for _, region := range r.Regions.Region {
		names[region.RegionID] = region.LocalName
	}
	return names
}

// cipherReply is the reply to Encrypt and Decrypt of KMS.
type cipherReply struct {
	*responses.BaseResponse
	CiphertextBlob string `json:"CiphertextBlob" xml:"CiphertextBlob"`
	Plaintext      string `json:"Plaintext" xml:"Plaintext"`
}

// askRegions sends DescribeRegions; the vendor's code decodes the reply.
func askRegions(client *sdk.Client, request *requests.CommonRequest) (*alibabaRegions, error) {
	reply := &alibabaRegions{BaseResponse: &responses.BaseResponse{}}
	request.TransToAcsRequest()
	return reply, client.DoAction(request, reply)
}

// askCipher sends Encrypt or Decrypt with params in the form body.
func askCipher(client *sdk.Client, action string, params map[string]string) (*cipherReply, error) {
	request := kms().call(requests.POST, action)
	maps.Copy(request.FormParams, params)
	reply := &cipherReply{BaseResponse: &responses.BaseResponse{}}
	request.TransToAcsRequest()
	return reply, client.DoAction(request, reply)
}

// serverError is the vendor's view of an error reply.
func serverError(t testing.TB, err error) *sdkerrors.ServerError {
	t.Helper()
	var refusal *sdkerrors.ServerError
	if !errors.As(err, &refusal) {
		t.Fatalf("%v is no error of the API", err)
	}
	return refusal
}
