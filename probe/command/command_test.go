package command

import (
	"net/netip"
	"os/exec"
	"testing"

	"prober/needs"
)

// TestWord has a real shell read what was quoted.
func TestWord(t *testing.T) {
	sh := needs.Program(t, "sh")
	for _, s := range []string{
		"", "plain", "-flag", "a b", "it's", `"`, `\`, "$(id)", "`id`", "a;b", "a&b", "*", "[::1]:443", "#", "~", "ä", "!x", "\t", "%s", "a'b'c", "''",
	} {
		out, err := exec.Command(sh, "-c", "printf '%s' "+Word(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("Word(%q) = %s reads as %q, %v", s, Word(s), out, err)
		}
	}
	if got := Word("good.test"); got != "good.test" {
		t.Errorf("quoted without need: %s", got)
	}
}

// TestFinalDot: a host that ends in a dot is the same one, and has none in TLS.
func TestFinalDot(t *testing.T) {
	to := netip.MustParseAddrPort("192.0.2.1:443")
	for _, line := range []func(host string) string{
		func(host string) string { return Handshake(to, host, "", VerifyName(host)) },
		func(host string) string { return Names(to, host, "") },
		func(host string) string { return GnuTLS(to, host, "ca.pem") },
		func(host string) string { return ChainOld(to, host, "", "Subject:") },
		func(host string) string { return Scan(to, host) },
		func(host string) string {
			return Bytes(to, host, Request{Scheme: "https", Wire: "GET / HTTP/1.1\r\n\r\n"})
		},
	} {
		if got, want := line("api.test."), line("api.test"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
