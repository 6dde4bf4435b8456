package hello_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"

	"prober/probe/hello"
)

// A server that accepts TLS 1.2 and 1.3, and refuses the rest with protocol_version. Here
// it is in memory; without Dial the Scanner connects over TCP.
func ExampleScanner_Scan() {
	server := &fakeServer{script: modern(), asked: map[hello.Version]int{}}
	s := hello.Scanner{Dial: func(context.Context, netip.AddrPort) (net.Conn, error) { return server.dial() }}

	table := s.Scan(context.Background(), netip.MustParseAddrPort("127.0.0.1:443"), "kms.example.com")
	for _, v := range hello.Versions() {
		fmt.Println(v, table[v].Verdict, table[v].Evidence)
	}
	// Output:
	// SSLv2 rejected fatal protocol_version (70)
	// SSLv3 rejected fatal protocol_version (70)
	// TLS1.0 rejected fatal protocol_version (70)
	// TLS1.1 rejected fatal protocol_version (70)
	// TLS1.2 accepted ServerHello TLS1.2
	// TLS1.3 accepted ServerHello TLS1.3
}

// An answer is classified by itself, without a connection.
func ExampleClassify() {
	protocolVersion := []byte{21, 3, 1, 0, 2, 2, 70}
	a := hello.Classify(hello.TLS10, hello.Offered(hello.TLS10, hello.Main), bytes.NewReader(protocolVersion))
	fmt.Println(a.Kind, a.Evidence)
	// Output: alerted fatal protocol_version (70)
}

// A hello is bytes to be written at once.
func ExampleHello() {
	b := hello.Hello(hello.SSLv2, hello.Main, "", bytes.NewReader(make([]byte, 16)))
	fmt.Printf("% x\n", b[:11])
	// Output: 80 2e 01 00 02 00 15 00 00 00 10
}
