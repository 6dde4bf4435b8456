package imitation

import (
	"net/http"
	"testing"

	"prober/cloudapi"
)

// asServed is a request as the imitation takes it.
func asServed(r cloudapi.Request) Request {
	header := http.Header{}
	for _, f := range r.Header {
		header.Set(f.Name, f.Value)
	}
	return Request{Method: r.Method, Host: r.Host, Path: r.Path, Query: r.Query, Header: header, Body: r.Body}
}

// TestACS3 breaks one thing of a good call that is signed with ACS3-HMAC-SHA256.
func TestACS3(t *testing.T) {
	for _, tt := range []struct {
		name, method string
		change       func(*Request)
		status       int
		code         string
	}{
		{"GET", "GET", func(*Request) {}, 200, ""},
		{"POST", "POST", func(*Request) {}, 200, ""},
		{"another parameter", "GET", func(r *Request) { r.Query += "&More=1" }, 400, "SignatureDoesNotMatch"},
		{"another form", "POST", func(r *Request) { r.Body = append(r.Body, "&More=1"...) }, 400, "SignatureDoesNotMatch"},
		{"another hash of it too", "POST", func(r *Request) { r.Header.Set("X-Acs-Content-Sha256", "e3b0") }, 400, "SignatureDoesNotMatch"},
		{"another time", "GET", func(r *Request) { r.Header.Set("X-Acs-Date", "2026-11-22T00:00:01Z") }, 400, "SignatureDoesNotMatch"},
		{"old time", "GET", func(r *Request) { r.Header.Set("X-Acs-Date", "2026-11-21T23:44:59Z") }, 400, "InvalidTimeStamp.Expired"},
		{"another action", "GET", func(r *Request) { r.Header.Set("X-Acs-Action", "Nonsense") }, 404, "InvalidAction.NotFound"},
		{"no nonce", "GET", func(r *Request) { r.Header.Del("X-Acs-Signature-Nonce") }, 400, "MissingParameter"},
		{"another host", "GET", func(r *Request) { r.Host = "kms.aliyuncs.com" }, 400, "SignatureDoesNotMatch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			call := describeRegions()
			call.RegionID = "cn-beijing"
			r := asServed(call.SignedACS3(tt.method, "ecs.aliyuncs.com", goodKey(), now(), "nonce"))
			tt.change(&r)
			reply := newAPI(t, ecs()).Serve(r)
			expect(t, reply, readAlibaba(t, reply), tt.status, tt.code)
		})
	}
}

// A header that has to be signed is refused where it is sent along and not signed.
func TestACS3SignsEverythingThatCounts(t *testing.T) {
	signed := describeRegions().SignedACS3("GET", "ecs.aliyuncs.com", goodKey(), now(), "nonce")
	r := asServed(signed)
	var fields []cloudapi.Field
	for _, f := range append([]cloudapi.Field{{Name: "Host", Value: r.Host}}, signed.Header...) {
		if f.Name != "X-Acs-Action" && f.Name != "Authorization" {
			fields = append(fields, f)
		}
	}
	r.Header.Set("Authorization", cloudapi.SignACS3(cloudapi.ACS3Input{Method: "GET", Headers: fields}, goodKey()).Authorization)
	reply := newAPI(t, ecs()).Serve(r)
	expect(t, reply, readAlibaba(t, reply), 400, "SignatureDoesNotMatch")
}
