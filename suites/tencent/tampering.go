package tencent

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"prober/cloudapi"
	"prober/suites/common"
)

// signedFor is the host that a call to another is signed for.
func (s situation) signedFor(host string) string {
	if s.tampered == common.ForOtherHost {
		return cloudapi.ElsewhereOf(host)
	}
	return host
}

// tamperV1 does to a request with signed parameters what a situation says. What is added is a common parameter: one
// that no action has is refused for that.
func (w way) tamperV1(r cloudapi.Request, s situation, v url.Values) cloudapi.Request {
	switch s.tampered {
	case common.Changed:
		v.Set("Language", "en-US")
	case common.ForOtherMethod:
		v.Set("Signature", cloudapi.SignTencentV1(cloudapi.V1Method(w.signature), common.OtherMethod(w.method), r.Host, r.Path, v, s.key.Secret))
	case common.Unsigned:
		v.Del("Signature")
	default:
		return r
	}
	if w.method == http.MethodPost {
		r.Body = []byte(cloudapi.EncodeParams(v))
	} else {
		r.Query = cloudapi.EncodeParams(v)
	}
	return r
}

// tamperTC3 does to a request that is signed by TC3-HMAC-SHA256 what a situation says. What is added means nothing: a
// blank in a body of JSON; where there is none, a second to the time.
func tamperTC3(r cloudapi.Request, s situation) cloudapi.Request {
	switch s.tampered {
	case common.Changed:
		if len(r.Body) > 0 {
			r.Body = bytes.Replace(r.Body, []byte("{"), []byte("{ "), 1)
			return r
		}
		r = r.With("X-TC-Timestamp", strconv.FormatInt(s.at.Add(time.Second).Unix(), 10))
	case common.ForOtherMethod:
		service, _, _ := strings.Cut(r.Host, ".")
		r = r.With("Authorization", cloudapi.SignTC3(cloudapi.TC3Input{
			Method: common.OtherMethod(r.Method), Path: r.Path, Query: r.Query, Payload: r.Body, Service: service, Timestamp: s.at,
			Headers: []cloudapi.Field{{Name: "Content-Type", Value: r.Get("Content-Type")}, {Name: "Host", Value: r.Host}, {Name: "X-TC-Action", Value: r.Get("X-TC-Action")}},
		}, s.key).Authorization)
	case common.Unsigned:
		before, _, _ := strings.Cut(r.Get("Authorization"), ", Signature=")
		r = r.With("Authorization", before)
	}
	return r
}
