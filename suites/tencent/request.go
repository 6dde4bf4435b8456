package tencent

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"prober/cloudapi"
	"prober/suites/common"
	"prober/suites/kit"
)

// v1 makes a call signed by a key that nobody owns, with version 1 of the signature. change
// is applied to the parameters before they are signed; nil changes nothing.
func v1(method string, call cloudapi.TencentCall, change func(url.Values)) func(*kit.Asking) (cloudapi.Request, error) {
	return func(a *kit.Asking) (cloudapi.Request, error) {
		return signV1(a, method, call, cloudapi.MadeUpTencent(), change)
	}
}

func signV1(a *kit.Asking, method string, call cloudapi.TencentCall, key cloudapi.TencentKey, change func(url.Values)) (cloudapi.Request, error) {
	var nonce [4]byte
	if _, err := a.Random.Read(nonce[:]); err != nil {
		return cloudapi.Request{}, fmt.Errorf("making a nonce: %w", err)
	}
	// Always ten digits, so that the size of a request does not depend on it.
	v := call.V1Values(cloudapi.HmacSHA1, key, a.Now, binary.BigEndian.Uint32(nonce[:])|1<<31)
	if change != nil {
		change(v)
	}
	return cloudapi.SignedV1(method, a.Host(), v, key.Secret), nil
}

// inParts makes a call in multipart/form-data, which has one file.
func inParts(a *kit.Asking, call cloudapi.TencentCall) (cloudapi.Request, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	if err := parts.WriteField(common.ProbeText, common.BeyondASCII); err != nil {
		return cloudapi.Request{}, fmt.Errorf("writing a part: %w", err)
	}
	if err := parts.Close(); err != nil {
		return cloudapi.Request{}, fmt.Errorf("writing the last part: %w", err)
	}
	r := call.UnsignedHeaders(a.Host())
	r.Body = body.Bytes()
	r = set(r, "Content-Type", parts.FormDataContentType())
	signature := cloudapi.SignTC3(cloudapi.TC3Input{
		Method: r.Method, Path: r.Path, Payload: r.Body, Service: a.Product.ID, Timestamp: a.Now,
		Headers: []cloudapi.Field{{Name: "Content-Type", Value: parts.FormDataContentType()}, {Name: "Host", Value: a.Host()}, {Name: "X-TC-Action", Value: call.Action}},
	}, cloudapi.MadeUpTencent())
	r = set(r, "X-TC-Timestamp", strconv.FormatInt(a.Now.Unix(), 10))
	return set(r, "Authorization", signature.Authorization), nil
}

// without removes a header field.
func without(r cloudapi.Request, name string) cloudapi.Request {
	r.Header = slices.DeleteFunc(slices.Clone(r.Header), func(f cloudapi.Field) bool { return strings.EqualFold(f.Name, name) })
	return r
}

// set replaces a header field, or adds it.
func set(r cloudapi.Request, name, value string) cloudapi.Request {
	r.Header = slices.Clone(r.Header)
	for i, f := range r.Header {
		if strings.EqualFold(f.Name, name) {
			r.Header[i].Value = value
			return r
		}
	}
	r.Header = append(r.Header, cloudapi.Field{Name: name, Value: value})
	return r
}
