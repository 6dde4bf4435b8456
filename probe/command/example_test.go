package command_test

import (
	"fmt"
	"net/netip"

	"prober/probe/command"
)

func Example() {
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	fmt.Println(command.Dig(resolver, "kms.cn-hangzhou.aliyuncs.com", "A"))
	address := netip.MustParseAddrPort("[2001:db8::1]:443")
	fmt.Println(command.Curl(address, command.Request{
		Scheme: "https", Wire: "GET /it's HTTP/1.1\r\nHost: example.com\r\nUser-Agent: me\r\n\r\n",
	}))
	// Output:
	// dig @192.0.2.53 kms.cn-hangzhou.aliyuncs.com. A +tries=1 +time=5
	// curl -gsS -i --http1.1 --path-as-is --noproxy '*' --max-time 5 --connect-to '::[2001:db8::1]:443' -H 'User-Agent: me' -H Accept: 'https://example.com/it'\''s'
}
