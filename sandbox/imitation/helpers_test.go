package imitation

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// now is the imitated clouds' time in every test.
func now() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }

const secret = "imitated/secret+text"

func keys() []Key {
	return []Key{
		{ID: "LTAIsandbox0000000001", Secret: secret},
		{ID: "LTAIinactive000000001", Secret: secret, State: Inactive},
		{ID: "LTAIpowerless00000001", Secret: secret, State: Powerless},
		{ID: "LTAItemporary00000001", Secret: secret, Token: "token+/="},
		{ID: "AKIDsandbox0000000001", Secret: secret},
		{ID: "AKIDpowerless00000001", Secret: secret, State: Powerless},
		{ID: "AKIDtemporary00000001", Secret: secret, Token: "token"},
		{ID: "AKIDinactive000000001", Secret: secret, State: Inactive},
	}
}

func ecs() catalog.Product {
	return catalog.Product{ID: "ecs", Provider: "alibaba", APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2014-05-26"}
}

// kms refuses plain HTTP, and has the words for it of the common gateway.
func kms() catalog.Product {
	return catalog.Product{ID: "kms", Provider: "alibaba", APIStyle: catalog.StyleAlibabaRPC, APIVersion: "2016-01-20", Rules: catalog.Rules{
		Schemes: &catalog.SchemeRule{Served: []catalog.Scheme{catalog.HTTPS}, Refused: []catalog.Scheme{catalog.HTTP}},
		Errors: []catalog.ErrorRule{
			{Situation: catalog.MissingKey, Codes: []string{"MissingAccessKeyId", "MissingParameter"}, Statuses: []int{400}},
			{Situation: catalog.PlainHTTP, Codes: []string{"InvalidProtocol.NeedSsl"}, Statuses: []int{403, 400}},
			{Situation: catalog.Forbidden, Codes: []string{"Forbidden.NoPermission"}, Statuses: []int{403}},
		},
	}}
}

func gaap() catalog.Product {
	hmac := []string{"HmacSHA1", "HmacSHA256"}
	tc3 := []string{"TC3-HMAC-SHA256"}
	return catalog.Product{ID: "gaap", Provider: "tencent", APIStyle: catalog.StyleTencent3, APIVersion: "2018-05-29", Rules: catalog.Rules{
		Schemes: &catalog.SchemeRule{Served: []catalog.Scheme{catalog.HTTPS}, Refused: []catalog.Scheme{catalog.HTTP}},
		ContentTypes: []catalog.ContentTypeRule{
			{ContentType: "application/json", SignatureMethods: tc3},
			{ContentType: cloudapi.FormType, SignatureMethods: hmac},
		},
		SizeLimits: []catalog.SizeLimitRule{
			{Method: "GET", Bytes: 32 << 10},
			{Method: "POST", SignatureMethods: hmac, Bytes: 1 << 20},
			{Method: "POST", SignatureMethods: tc3, Bytes: 10 << 20},
		},
	}}
}

func newAPI(t testing.TB, p catalog.Product) *API {
	t.Helper()
	host := p.ID + ".aliyuncs.com"
	if p.APIStyle == catalog.StyleTencent3 {
		host = p.ID + ".tencentcloudapi.com"
	}
	a, err := New(Config{Product: p, Host: host, Region: "cn-qingdao", Keys: keys(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// received is what a server makes of a request that was built to be sent.
func received(r cloudapi.Request) Request {
	header := http.Header{}
	for _, f := range r.Header {
		header.Add(f.Name, f.Value)
	}
	return Request{Method: r.Method, Host: r.Host, Path: r.Path, Query: r.Query, Header: header, Body: r.Body}
}

// alibabaGET returns a GET request with these parameters as they are.
func alibabaGET(params url.Values) Request {
	return Request{Method: "GET", Host: "ecs.aliyuncs.com", Path: "/", Query: cloudapi.EncodeParams(params)}
}

func readAlibaba(t testing.TB, r Reply) cloudapi.Reply {
	t.Helper()
	reply, err := cloudapi.ReadAlibaba(r.Get("Content-Type"), r.Body)
	if err != nil {
		t.Fatalf("status %d: %v", r.Status, err)
	}
	if r.Get("X-Acs-Request-Id") != reply.RequestID {
		t.Errorf("request id %q in the header, %q in the body", r.Get("X-Acs-Request-Id"), reply.RequestID)
	}
	return reply
}

func readTencent(t testing.TB, r Reply) cloudapi.Reply {
	t.Helper()
	reply, err := cloudapi.ReadTencent(r.Body)
	if err != nil {
		t.Fatalf("status %d: %v", r.Status, err)
	}
	return reply
}

// expect compares status and code; an empty code is a success.
func expect(t testing.TB, r Reply, got cloudapi.Reply, status int, code string) {
	t.Helper()
	if r.Status != status || got.Code != code {
		t.Errorf("status %d, code %q (%s); want %d, %q", r.Status, got.Code, got.Message, status, code)
	}
}
