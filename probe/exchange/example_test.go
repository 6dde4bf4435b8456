package exchange_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"prober/cloudapi"
	"prober/probe/exchange"
)

// oddServer answers one request with a reply that clients take and should not.
func oddServer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\n"+
		"Content-Type: application/json\r\n"+
		"Content-Length: 2\r\n"+
		"\r\n"+
		"{}<!-- cached -->")
}

func Example() {
	conn, server := net.Pipe()
	go oddServer(server)

	req, err := http.NewRequest(http.MethodGet, "http://ecs.aliyuncs.com/", nil)
	if err != nil {
		panic(err)
	}
	reply := exchange.Do(context.Background(), conn, req, exchange.Options{Keep: 16})
	fmt.Printf("%d %s\n", reply.Status, reply.Body)
	for _, f := range reply.Findings {
		fmt.Println(f.Reason, "-", f.Detail)
	}
	received := reply.Evidence(cloudapi.Redactor{}).Received
	fmt.Printf("%d bytes, the first %d: %q\n", received.Bytes, received.Shown, received.Text)
	// Output:
	// 200 {}
	// headers/bare_lf - line 1 ends in LF alone
	// verify/surplus_bytes - 15 bytes behind the end of the reply, beginning "<!-- cached -->"
	// 86 bytes, the first 16: "HTTP/1.1 200 OK\n"
}

func ExampleWrite() {
	req, err := http.NewRequest(http.MethodHead, "https://kms.cn-hangzhou.aliyuncs.com/?Action=DescribeRegions", nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("User-Agent", "prober")
	wire, err := exchange.Write(req)
	fmt.Printf("%q %v\n", wire, err)
	// Output:
	// "HEAD /?Action=DescribeRegions HTTP/1.1\r\nHost: kms.cn-hangzhou.aliyuncs.com\r\nUser-Agent: prober\r\nConnection: close\r\n\r\n" <nil>
}

func ExampleJudgeText() {
	header := http.Header{"Content-Type": {"application/json; charset=gbk"}}
	for _, f := range exchange.JudgeText(header, []byte("{\"Message\":\"\xb4\xed\xce\xf3\"}")) {
		fmt.Println(f.Reason, "-", f.Detail)
	}
	// Output:
	// verify/charset - Content-Type says charset "gbk"
	// verify/invalid_utf8 - continuation byte 0xb4 without a start at offset 0xc
}
