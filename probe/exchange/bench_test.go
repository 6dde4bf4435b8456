package exchange

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// apiError is a reply of the usual size: an API that refuses an unsigned call.
func apiError() string {
	body := `{"RequestId":"4C467B38-3910-447D-87BC-AC049166F216","HostId":"ecs.aliyuncs.com",` +
		`"Code":"MissingAccessKeyId","Message":"AccessKeyId is mandatory for this action."}`
	return "HTTP/1.1 400 Bad Request\r\nDate: Mon, 03 Jun 2019 08:00:00 GMT\r\n" +
		"Content-Type: application/json;charset=utf-8\r\nContent-Length: " + itoa(len(body)) + "\r\nConnection: close\r\n" +
		"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, GET, OPTIONS\r\n" +
		"x-acs-request-id: 4C467B38-3910-447D-87BC-AC049166F216\r\n\r\n" + body
}

// replay is a connection that gives the same reply each time it is rewound.
type replay struct {
	script
	wire string
}

func (r *replay) rewind() { r.pieces = append(r.pieces[:0], r.wire) }

func (r *replay) Write(p []byte) (int, error) { return len(p), nil }

func BenchmarkDo(b *testing.B) {
	conn := &replay{wire: apiError(), script: script{end: stalled}}
	req := newRequest(b, "")
	b.ReportAllocs()
	for b.Loop() {
		conn.rewind()
		if r := Do(context.Background(), conn, req, Options{}); len(r.Findings) > 0 {
			b.Fatal(r.Findings)
		}
	}
}

// BenchmarkNetHTTP is the same with what net/http offers for a given connection, which
// judges and times nothing.
func BenchmarkNetHTTP(b *testing.B) {
	conn := &replay{wire: apiError(), script: script{end: stalled}}
	req := newRequest(b, "")
	b.ReportAllocs()
	for b.Loop() {
		conn.rewind()
		if err := req.Write(conn); err != nil {
			b.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), req)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJudgeText(b *testing.B) {
	_, text, _ := strings.Cut(apiError(), "\r\n\r\n")
	header := http.Header{"Content-Type": {"application/json;charset=utf-8"}}
	body := []byte(text)
	b.ReportAllocs()
	for b.Loop() {
		if f := JudgeText(header, body); f != nil {
			b.Fatal(f)
		}
	}
}
