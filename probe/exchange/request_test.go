package exchange

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"prober/probe/reason"
)

func TestWriteAsksForWhatTheRequestAsks(t *testing.T) {
	req, err := http.NewRequest("POST", "http://api.example/path?q=a%20b", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "other.example"
	req.Header.Set("User-Agent", "prober/1")
	const want = "POST /path?q=a%20b HTTP/1.1\r\nHost: other.example\r\nUser-Agent: prober/1\r\n" +
		"Connection: close\r\nContent-Length: 5\r\n\r\nhello"
	for range 2 { // evidence is written again after the request was sent
		got, err := Write(req)
		if err != nil || string(got) != want {
			t.Fatalf("got %q, %v; want %q", got, err, want)
		}
	}
	if req.Close {
		t.Error("the caller's request was changed")
	}
}

func TestDoSendsWhatWriteSays(t *testing.T) {
	conn := &script{end: io.EOF}
	req := newRequest(t, "")
	Do(t.Context(), conn, req, Options{})
	want, err := Write(req)
	if err != nil || conn.written.String() != string(want) {
		t.Errorf("sent %q, want %q, %v", conn.written.String(), want, err)
	}
}

func TestRequestThatCannotBeWritten(t *testing.T) {
	broken := errors.New("no body today")
	for name, spoil := range map[string]func(*http.Request){
		"no host":            func(r *http.Request) { r.Host, r.URL = "", nil },
		"body cannot rewind": func(r *http.Request) { r.GetBody = func() (io.ReadCloser, error) { return nil, broken } },
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(t, "")
			spoil(req)
			if _, err := Write(req); err == nil {
				t.Error("no error")
			}
			conn := &script{end: io.EOF}
			r := Do(t.Context(), conn, req, Options{})
			wantReasons(t, r.Findings, "prober/internal")
			wantReached(t, r, reason.Request)
			if conn.written.Len() > 0 {
				t.Errorf("%q was sent", conn.written.String())
			}
		})
	}
}
