package tencent

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"

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
	if err := errors.Join(parts.WriteField(common.ProbeText, common.BeyondASCII), parts.Close()); err != nil {
		return cloudapi.Request{}, fmt.Errorf("writing the parts: %w", err)
	}
	call.Payload, call.ContentType = body.Bytes(), parts.FormDataContentType()
	r, _ := call.SignedTC3(a.Host(), cloudapi.MadeUpTencent(), a.Now)
	return r, nil
}
