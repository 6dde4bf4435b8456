package compat_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"prober/cloudapi"
)

const (
	gaapHost     = "gaap.tencentcloudapi.com"
	gaapEndpoint = "gaap/nearest/public"
	gaapVersion  = "2018-05-29"
	gaapRegion   = "ap-guangzhou"
)

// tencentSettings says how the vendor's client shall send.
type tencentSettings struct {
	key        cloudapi.TencentKey
	signature  string // TC3-HMAC-SHA256, HmacSHA1 or HmacSHA256
	method     string
	unsigned   bool   // leave the payload out of a TC3 signature
	language   string // empty: the client's default
	plain      bool   // by plain HTTP
	regionless bool
}

// signatures are the signature methods by which both methods of HTTP go.
func signatures() []string { return []string{cloudapi.TC3Algorithm, common.SHA1, common.SHA256} }

// newTencentClient returns the vendor's client with a transport of our own. It finds the
// host by itself, from the name of the service.
func newTencentClient(transport http.RoundTripper, s tencentSettings) *common.Client {
	p := profile.NewClientProfile()
	p.SignMethod, p.UnsignedPayload, p.HttpProfile.ReqMethod = s.signature, s.unsigned, s.method
	if s.language != "" {
		p.Language = s.language
	}
	if s.plain {
		p.HttpProfile.Scheme = "HTTP"
	}
	region := gaapRegion
	if s.regionless {
		region = ""
	}
	credential := common.NewTokenCredential(s.key.ID, s.key.Secret, s.key.Token)
	return common.NewCommonClient(credential, region, p).WithHttpTransport(transport)
}

// describeAccessRegions is the read-only call of GAAP.
func describeAccessRegions() *tchttp.CommonRequest {
	return tchttp.NewCommonRequest("gaap", gaapVersion, "DescribeAccessRegions")
}

// tencentKey is the key that the sandbox accepts.
func tencentKey(c *cloud) cloudapi.TencentKey {
	return c.Credentials().Tencent
}

// tencentRegions is the reply to DescribeAccessRegions with the fields and tags of the
// vendor's own gaap.DescribeAccessRegionsResponse.
type tencentRegions struct {
	Response struct {
		TotalCount      int64
		AccessRegionSet []struct {
			RegionID       string `json:"RegionId"`
			RegionName     string
			RegionArea     string
			RegionAreaName string
			IDCType        string
			FeatureBitmap  int64
		}
		RequestID string `json:"RequestId"`
	}
}

// names returns "name, area" by region id.
func (r tencentRegions) names() map[string]string {
	names := make(map[string]string)
	for _, region := range r.Response.AccessRegionSet {
		names[region.RegionID] = region.RegionName + ", " + region.RegionAreaName
	}
	return names
}

// askAccessRegions sends the request and decodes the reply that the vendor's code accepted.
func askAccessRegions(t testing.TB, client *common.Client, request *tchttp.CommonRequest) (tencentRegions, error) {
	t.Helper()
	reply := tchttp.NewCommonResponse()
	if err := client.Send(request, reply); err != nil {
		return tencentRegions{}, err
	}
	var regions tencentRegions
	if err := json.Unmarshal(reply.GetBody(), &regions); err != nil {
		t.Fatalf("decoding %q: %v", reply.GetBody(), err)
	}
	return regions, nil
}

// refusal is the vendor's view of an error reply.
func refusal(t testing.TB, err error) *sdkerrors.TencentCloudSDKError {
	t.Helper()
	var refused *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &refused) {
		t.Fatalf("%v is no error of the API", err)
	}
	return refused
}
