package probe

import (
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// TestReproduceEveryReason asks for a command for each reason there is: those that nothing
// outside the prober shows have none, all others have one that a shell can parse.
func TestReproduceEveryReason(t *testing.T) {
	none := map[reason.Reason]bool{
		reason.ProberCanceled: true, reason.ProberInternal: true, reason.ProberFDExhausted: true, reason.ProberPortsExhausted: true,
		reason.ProberCredentials: true, reason.ProberClock: true, reason.ProberRateLimited: true, reason.ProberAddressRefused: true,
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
				"address": p.reproduce(tg, &AddressResult{Address: addr, Outcome: why.Outcome(), Reason: why, Detail: "accepts SSLv3"}),
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

// TestReproduceCommands spells some out.
func TestReproduceCommands(t *testing.T) {
	p := New(Config{Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, RootsFile: "ca.pem"})
	addr := netip.MustParseAddr("192.0.2.7")
	tg := target("good.test", catalog.HTTPS, 8443)
	tg.Endpoint.ID = "shop/office/public"
	for why, want := range map[reason.Reason]string{
		reason.ResolveBogon:              "dig @192.0.2.53 good.test. A +tries=1 +time=5",
		reason.ConnectRefused:            "curl -gsv -o /dev/null --connect-timeout 5 telnet://192.0.2.7:8443 </dev/null",
		reason.TLSCertHostname:           "timeout 10 openssl s_client -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem -verify_hostname good.test -verify_return_error </dev/null",
		reason.TLSVersionAccepted:        "timeout 10 openssl s_client -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem -tls1 -cipher ALL:@SECLEVEL=0 </dev/null",
		reason.VerifyBadStatus:           "curl -gsS -i --http1.1 --path-as-is --noproxy '*' --max-time 5 --cacert ca.pem --connect-to ::192.0.2.7:8443 https://good.test/",
		reason.VerifyMangledText:         "prober check shop/office/public --address 192.0.2.7 --allow-private --ca-file ca.pem --signed",
		reason.TLSVersion:                "prober check https://good.test:8443 --address 192.0.2.7 --allow-private --ca-file ca.pem --tls-versions   # or: sslscan --sni-name=good.test 192.0.2.7:8443",
		reason.ProberVantageNoIPv4:       "ping -c 1 192.0.2.7",
		reason.VerifySurplusBytes:        `printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' / good.test | timeout 10 openssl s_client -quiet -ign_eof -connect 192.0.2.7:8443 -servername good.test -CAfile ca.pem 2>/dev/null | head -c 4096 | od -c`,
		reason.TLSPlaintext:              `printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' / good.test | curl -gsSN --max-time 10 telnet://192.0.2.7:8443`,
		reason.ProberResolverUnavailable: "ping -c 1 192.0.2.7",
	} {
		if got := p.reproduce(tg, &AddressResult{Address: addr, Outcome: why.Outcome(), Reason: why}); got != want {
			t.Errorf("%s:\n got %s\nwant %s", why, got, want)
		}
	}
	for version, flag := range map[string]string{"TLS1.0": "-tls1 ", "TLS1.1": "-tls1_1 "} {
		got := p.reproduce(tg, &AddressResult{Address: addr, Reason: reason.TLSVersionAccepted, Detail: "accepts " + version + ", which"})
		if !strings.Contains(got, flag) {
			t.Errorf("%s: %q lacks %q", version, got, flag)
		}
	}
	l := &dns.Lookup{Outcome: reason.Degraded, Reason: reason.ResolveServFail, Queries: []dns.Answer{
		{Name: "good.test", Type: dns.A}, {Name: "good.test", Type: dns.AAAA, Reason: reason.ResolveServFail},
	}}
	if got, want := p.reproduceLookup(tg, l), "dig @192.0.2.53 good.test. AAAA +tries=1 +time=5"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	l.Reason = reason.ResolveHijacked
	if got := p.reproduceLookup(tg, l); !strings.Contains(got, " good-") {
		t.Errorf("hijacked: %q", got)
	}
}

// TestWord has a real shell read what was quoted.
func TestWord(t *testing.T) {
	sh := tool(t, "sh")
	for _, s := range []string{
		"", "plain", "-flag", "a b", "it's", `"`, `\`, "$(id)", "`id`", "a;b", "a&b", "*", "[::1]:443", "#", "~", "ä", "!x", "\t", "%s", "a'b'c", "''",
	} {
		out, err := exec.Command(sh, "-c", "printf '%s' "+word(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("word(%q) = %s reads as %q, %v", s, word(s), out, err)
		}
	}
	if got := word("good.test"); got != "good.test" {
		t.Errorf("quoted without need: %s", got)
	}
}
