package compat_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"prober/cloudapi"
)

// recorder is the transport below a vendor's client: it notes each request as the client
// hands it to HTTP and passes it on.
type recorder struct {
	next http.RoundTripper
	sent []sentRequest
}

// sentRequest is what a client sent.
type sentRequest struct {
	method, host, path, query string
	header                    http.Header
	body                      []byte
}

// RoundTrip implements http.RoundTripper. The clients send one request at a time.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, fmt.Errorf("reading the request body: %w", err)
		}
		if err := req.Body.Close(); err != nil {
			return nil, fmt.Errorf("closing the request body: %w", err)
		}
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.sent = append(r.sent, sentRequest{
		method: req.Method, host: req.Host, path: req.URL.Path, query: req.URL.RawQuery,
		header: req.Header.Clone(), body: body,
	})
	return r.next.RoundTrip(req)
}

// last returns the newest request.
func (r *recorder) last(t testing.TB) sentRequest {
	t.Helper()
	if len(r.sent) == 0 {
		t.Fatal("the client sent nothing")
	}
	return r.sent[len(r.sent)-1]
}

// params returns the parameters of query and form body together.
func (s sentRequest) params(t testing.TB) url.Values {
	t.Helper()
	params, err := url.ParseQuery(s.query)
	if err != nil {
		t.Fatalf("reading the query %q: %v", s.query, err)
	}
	if s.header.Get("Content-Type") != cloudapi.FormType {
		return params
	}
	form, err := url.ParseQuery(string(s.body))
	if err != nil {
		t.Fatalf("reading the form %q: %v", s.body, err)
	}
	for name, values := range form {
		params[name] = append(params[name], values...)
	}
	return params
}

// canned answers every request with the same JSON text and uses no network.
type canned string

// RoundTrip implements http.RoundTripper.
func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {"application/json"}},
		Body:    io.NopCloser(strings.NewReader(string(c))),
		Request: req,
	}, nil
}
