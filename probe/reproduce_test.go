package probe

import (
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// TestReproduceEveryReason asks for a command for each reason there is: those that nothing
// outside the prober shows have none, all others have one that a shell can parse.
func TestReproduceEveryReason(t *testing.T) {
	none := map[reason.Reason]bool{
		reason.ProberStalled: true, reason.ProberMaintenance: true, reason.ProberCanceled: true, reason.ProberInternal: true, reason.ProberFDExhausted: true, reason.ProberPortsExhausted: true,
		reason.ProberCredentials: true, reason.ProberClock: true, reason.ProberAddressRefused: true,
	}
	p := New(Config{
		Alibaba: alibabaKey, Tencent: tencentKey, RootsFile: "/tmp/it's a file.pem",
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:5353")},
	})
	nasty := target(`$(id>&2);"'.test`, catalog.HTTPS, 8443)
	nasty.Path, nasty.Endpoint.ID = "/a b'c?d=`id`&e=%41[1-9]", ""
	six := at(goodHost, catalog.HTTP, netip.MustParseAddrPort("[2001:db8::7]:8080"))
	api := target("kms.cn-hangzhou.aliyuncs.com", catalog.HTTPS, 443)
	api.Product, api.Signed = httpsOnly(catalog.StyleAlibabaRPC), true
	address := target("192.0.2.7", catalog.HTTPS, 443)
	for _, why := range reason.All() {
		for _, tg := range []Target{nasty, six, api, address} {
			addr := netip.MustParseAddr("192.0.2.7")
			if tg.Address.IsValid() {
				addr = tg.Address
			}
			commands := map[string]string{
				"address": p.reproduce(breaking(tg, hello.SSLv3, hello.TLS12), accepting(addr, hello.SSLv3), why.Found("")),
				"lookup":  p.reproduceLookup(tg, &dns.Lookup{Outcome: reason.Fail, Reason: why}),
			}
			for kind, command := range commands {
				if command == "" != none[why] {
					t.Errorf("%s, %s of %s: %q", why, kind, tg.Endpoint.Host, command)
				}
				if leak := leaked(command); leak != "" {
					t.Errorf("%s: %q holds %s", why, command, leak)
				}
				if strings.Contains(command, "\n") {
					t.Errorf("%s: more than a line: %q", why, command)
				}
			}
		}
	}
	if got := p.reproduceLookup(nasty, nil); got != "" {
		t.Errorf("without a lookup: %q", got)
	}
	if got := p.reproduceLookup(nasty, &dns.Lookup{Outcome: reason.OK}); got != "" {
		t.Errorf("of a good lookup: %q", got)
	}
}

// breaking is a target whose rules refuse one version and require another.
func breaking(t Target, refused, required hello.Version) Target {
	t.Product.Rules = withRules(map[catalog.TLSVersion]catalog.Expectation{
		catalog.TLSVersion(required.String()): catalog.Required, catalog.TLSVersion(refused.String()): catalog.Refused,
	}).Rules
	return t
}

// accepting is an address that accepts one version alone.
func accepting(addr netip.Addr, version hello.Version) *AddressResult {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Verdict: hello.Rejected}
	}
	table[version].Verdict = hello.Accepted
	return &AddressResult{Address: addr, TLS: &TLSFacts{Versions: &table}}
}

// TestReproduceCommands spells some out.
func TestReproduceCommands(t *testing.T) {
	p := New(Config{Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, RootsFile: "ca.pem"})
	addr := netip.MustParseAddr("192.0.2.7")
	tg := target("good.test", catalog.HTTPS, 8443)
	tg.Endpoint.ID = "shop/office/public"
	for why, want := range map[reason.Reason]string{
		reason.ResolveBogon:              "dig @192.0.2.53 good.test. A +tries=1 +time=5",
		reason.ConnectRefused:            "curl -gsv -o /dev/null --connect-timeout 5 telnet://192.0.2.7:8443 </dev/null",
		reason.TLSCertHostname:           "timeout 10 openssl s_client -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem -verify_hostname good.test -partial_chain </dev/null",
		reason.TLSVersionAccepted:        "timeout 10 openssl s_client -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem -tls1 -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0 </dev/null",
		reason.TLSVersionMissing:         "timeout 10 openssl s_client -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem -tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256 </dev/null",
		reason.VerifyBadStatus:           "curl -gsS -i --http1.1 --path-as-is --noproxy '*' --max-time 5 --cacert ca.pem --connect-to ::192.0.2.7:8443 -H 'User-Agent: prober' -H 'Connection: close' -H 'Accept: */*' https://good.test/",
		reason.VerifyMangledText:         "prober check shop/office/public --address 192.0.2.7 --allow-private --ca-file ca.pem --signed",
		reason.TLSVersion:                "prober check https://good.test:8443 --address 192.0.2.7 --allow-private --ca-file ca.pem --tls-versions   # or: sslscan --sni-name=good.test 192.0.2.7:8443",
		reason.ProberVantageNoIPv4:       "ping -c 1 192.0.2.7",
		reason.VerifySurplusBytes:        `printf 'GET / HTTP/1.1\r\nHost: good.test\r\nUser-Agent: prober\r\nConnection: close\r\nAccept: */*\r\n\r\n' | timeout 10 openssl s_client -quiet -ign_eof -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem 2>/dev/null | head -c 1310720 | od -c`,
		reason.TLSPlaintext:              `printf 'GET / HTTP/1.1\r\nHost: good.test\r\nUser-Agent: prober\r\nConnection: close\r\nAccept: */*\r\n\r\n' | curl -gsSN --max-time 10 telnet://192.0.2.7:8443`,
		reason.ProberResolverUnavailable: "dig @192.0.2.53 good.test. A +tries=1 +time=5",
	} {
		if got := p.reproduce(breaking(tg, hello.TLS10, hello.TLS13), accepting(addr, hello.TLS10), why.Found("")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", why, got, want)
		}
	}
	for version, flag := range map[hello.Version]string{
		hello.SSLv2: "--tls-versions", hello.SSLv3: "sslscan", hello.TLS10: "-tls1 ", hello.TLS11: "-tls1_1 ", hello.TLS12: "-tls1_2 ", hello.TLS13: "-tls1_3 ",
	} {
		if got := p.reproduce(breaking(tg, version, 0), accepting(addr, version), reason.TLSVersionAccepted.Found("")); !strings.Contains(got, flag) {
			t.Errorf("%s: %q lacks %q", version, got, flag)
		}
	}
	l := &dns.Lookup{Outcome: reason.Degraded, Reason: reason.ResolveServFail, Queries: []dns.Answer{
		{Name: "good.test", Type: dns.A}, {Name: "good.test", Type: dns.AAAA, Reason: reason.ResolveServFail},
	}}
	if got, want := p.reproduceLookup(tg, l), "dig @192.0.2.53 good.test. AAAA +tries=1 +time=5"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	l.Reason, l.Canary = reason.ResolveHijacked, &dns.Answer{Resolver: netip.MustParseAddrPort("192.0.2.53:5353"), Name: "good-1.test", Type: dns.A}
	if got, want := p.reproduceLookup(tg, l), "dig @192.0.2.53 -p 5353 good-1.test. A +tries=1 +time=5"; got != want {
		t.Errorf("hijacked: %q, want %q", got, want)
	}
}
