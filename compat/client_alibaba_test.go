package compat_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"prober/cloudapi"
)

func TestAlibabaDescribeRegions(t *testing.T) {
	c := startCloud(t, 0)
	for _, p := range []alibabaProduct{ecs(), kms()} {
		for _, method := range []string{requests.GET, requests.POST} {
			for _, format := range []string{"JSON", "XML"} {
				t.Run(p.name+" "+method+" "+format, func(t *testing.T) {
					request := p.describeRegions(method)
					request.AcceptFormat = format
					reply, err := askRegions(newAlibabaClient(t, c, alibabaKey(c)), request)
					if err != nil {
						t.Fatal(err)
					}
					if _, ok := reply.names()[alibabaRegion]; !ok {
						t.Errorf("%s is not among %q", alibabaRegion, reply.names())
					}
					id := http.Header(reply.GetHttpHeaders()).Get("X-Acs-Request-Id")
					if !cloudapi.IsUUID(reply.RequestID) || id != reply.RequestID {
						t.Errorf("request id %q in the body, %q in the header", reply.RequestID, id)
					}
					if sent := c.last(t); sent.host != p.host || sent.method != method {
						t.Errorf("the client sent %s to %s", sent.method, sent.host)
					}
				})
			}
		}
	}
}

// TestAlibabaFindsTheHost lets the client look up the host in the tables that it comes
// with.
func TestAlibabaFindsTheHost(t *testing.T) {
	c := startCloud(t, 0)
	for _, test := range []struct {
		product      alibabaProduct
		region, host string
	}{
		{ecs(), "cn-huhehaote", "ecs.cn-huhehaote.aliyuncs.com"},
		{ecs(), "ap-southeast-5", "ecs.ap-southeast-5.aliyuncs.com"},
		{kms(), "cn-hangzhou", "kms.cn-hangzhou.aliyuncs.com"},
		{kms(), "eu-central-1", "kms.eu-central-1.aliyuncs.com"},
	} {
		request := test.product.call(requests.GET, "DescribeRegions")
		request.RegionId = test.region
		if _, err := askRegions(newAlibabaClient(t, c, alibabaKey(c)), request); err != nil {
			t.Errorf("%s in %s: %v", test.product.name, test.region, err)
			continue
		}
		if got := c.last(t).host; got != test.host {
			t.Errorf("%s in %s: asked %s, want %s", test.product.name, test.region, got, test.host)
		}
	}
}

func TestAlibabaRefusals(t *testing.T) {
	c, late := startCloud(t, 0), startCloud(t, 20*time.Minute)
	good := alibabaKey(c)
	for _, test := range []struct {
		name   string
		at     *cloud
		key    cloudapi.AlibabaKey
		codes  []string
		status int
		advice string // of the vendor's client, in place of the server's
	}{
		{
			"wrong secret", c,
			cloudapi.AlibabaKey{ID: good.ID, Secret: good.Secret + "x"},
			[]string{"SignatureDoesNotMatch", "IncompleteSignature"},
			http.StatusBadRequest,
			// The client says this only if the server signed the very same text.
			"InvalidAccessKeySecret: Please check you AccessKeySecret",
		},
		{
			"unknown key", c,
			cloudapi.AlibabaKey{ID: "LTAIunknownunknown", Secret: good.Secret},
			[]string{"InvalidAccessKeyId.NotFound"},
			http.StatusNotFound, "",
		},
		{
			"clock", late, alibabaKey(late),
			[]string{"InvalidTimeStamp.Expired", "IllegalTimestamp"},
			http.StatusBadRequest, "",
		},
	} {
		for _, p := range []alibabaProduct{ecs(), kms()} {
			for _, method := range []string{requests.GET, requests.POST} {
				t.Run(test.name+" "+p.name+" "+method, func(t *testing.T) {
					request := p.describeRegions(method)
					request.QueryParams["Note"] = "华北1（青岛） ~*é😀"
					if method == requests.POST {
						request.FormParams["Remark"] = "a b+c&d=ü"
					}
					_, err := askRegions(newAlibabaClient(t, test.at, test.key), request)
					got := serverError(t, err)
					if !slices.Contains(test.codes, got.ErrorCode()) || got.HttpStatus() != test.status {
						t.Errorf("refused with %s, status %d", got.ErrorCode(), got.HttpStatus())
					}
					if got.HostId() != p.host || !cloudapi.IsUUID(got.RequestId()) || got.Message() == "" {
						t.Errorf("host %q, request %q, message %q", got.HostId(), got.RequestId(), got.Message())
					}
					if test.advice == "" && !strings.Contains(got.Recommend(), got.ErrorCode()) ||
						test.advice != "" && test.advice != got.Recommend() {
						t.Errorf("recommended: %q", got.Recommend())
					}
				})
			}
		}
	}
}

// TestAlibabaNames compares names in three languages byte for byte.
func TestAlibabaNames(t *testing.T) {
	c := startCloud(t, 0)
	for language, want := range map[string]map[string]string{
		"zh-CN": {"cn-qingdao": "华北1（青岛）", "eu-central-1": "德国（法兰克福）"},
		"en-US": {"cn-qingdao": "China (Qingdao)", "eu-central-1": "Germany (Frankfurt)"},
		"ja":    {"cn-qingdao": "中国 (青島)", "eu-central-1": "ドイツ (フランクフルト)"},
	} {
		for _, format := range []string{"JSON", "XML"} {
			request := ecs().describeRegions(requests.GET)
			request.AcceptFormat = format
			request.QueryParams["AcceptLanguage"] = language
			reply, err := askRegions(newAlibabaClient(t, c, alibabaKey(c)), request)
			if err != nil {
				t.Errorf("%s, %s: %v", language, format, err)
				continue
			}
			for region, name := range want {
				if got := reply.names()[region]; got != name {
					t.Errorf("%s, %s: %s is called %q, want %q", language, format, region, got, name)
				}
			}
		}
	}
}

// TestAlibabaMangledText shows the fault from the vendor's side: names that cannot be
// right, and a signature that fails although the secret is right.
func TestAlibabaMangledText(t *testing.T) {
	c := startCloud(t, 0)
	c.withFault(t, ecs().endpoint, "mangled_text")
	client := newAlibabaClient(t, c, alibabaKey(c))

	reply, err := askRegions(client, ecs().describeRegions(requests.GET))
	if err != nil {
		t.Fatalf("with ASCII parameters: %v", err)
	}
	if name := reply.names()["cn-qingdao"]; !strings.ContainsRune(name, '\uFFFD') {
		t.Errorf("cn-qingdao is called %q", name)
	}

	request := ecs().describeRegions(requests.GET)
	request.QueryParams["Note"] = "青岛"
	_, err = askRegions(client, request)
	if got := serverError(t, err); !strings.HasPrefix(got.Recommend(), "This may be a bug with the SDK") {
		t.Errorf("the client saw no other string to sign: %v", got)
	}
}

// TestKMSEncryptionContext encrypts and decrypts with a context beyond ASCII.
func TestKMSEncryptionContext(t *testing.T) {
	c := startCloud(t, 0)
	client := newAlibabaClient(t, c, alibabaKey(c))
	const context = `{"城市":"青島","où":"là","😀":"~*+ &"}`
	plain := base64.StdEncoding.EncodeToString([]byte("text"))
	sealed, err := askCipher(client, "Encrypt", map[string]string{
		"KeyId": "alias/sandbox", "Plaintext": plain, "EncryptionContext": context,
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := askCipher(client, "Decrypt", map[string]string{
		"CiphertextBlob": sealed.CiphertextBlob, "EncryptionContext": context,
	})
	if err != nil {
		t.Fatal(err)
	}
	if opened.Plaintext != plain {
		t.Errorf("decrypted %q, want %q", opened.Plaintext, plain)
	}
	_, err = askCipher(client, "Decrypt", map[string]string{
		"CiphertextBlob": sealed.CiphertextBlob, "EncryptionContext": `{"城市":"青岛"}`,
	})
	if got := serverError(t, err); got.HttpStatus() < 400 || got.ErrorCode() == "" {
		t.Errorf("with another context: %v", got)
	}
}

// TestAlibabaPlainHTTP uses the scheme that the vendor's client has by default. KMS takes
// HTTPS only; its fault shows what the client would see otherwise.
func TestAlibabaPlainHTTP(t *testing.T) {
	c := startCloud(t, 0)
	for _, test := range []struct {
		product alibabaProduct
		fault   string
		served  bool
	}{
		{ecs(), "", true},
		{kms(), "", false},
		{kms(), "plain_http_served", true},
	} {
		t.Run(test.product.name+" "+test.fault, func(t *testing.T) {
			if test.fault != "" {
				c.withFault(t, test.product.endpoint, test.fault)
			}
			request := test.product.describeRegions(requests.GET)
			request.Scheme = "" // of the request, so that the client's default is taken
			reply, err := askRegions(newAlibabaClient(t, c, alibabaKey(c)), request)
			if served := err == nil && len(reply.names()) > 0; served != test.served {
				t.Errorf("served: %v, want %v; error: %v", served, test.served, err)
			}
		})
	}
}
