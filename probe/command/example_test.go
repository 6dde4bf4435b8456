package command_test

import (
	"fmt"
	"net/netip"

	"prober/probe/command"
)

func Example() {
	fmt.Println(command.Dig(netip.MustParseAddrPort("192.0.2.53:53"), "kms.cn-hangzhou.aliyuncs.com", "A"))
	// Output:
	// dig @192.0.2.53 kms.cn-hangzhou.aliyuncs.com. A +tries=1 +time=5
}
