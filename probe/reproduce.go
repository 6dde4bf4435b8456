package probe

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// reproduce returns a command line with standard tools that shows what was found at one
// address. It carries no key and no signature: what a signed request found is shown by
// the same request unsigned, or by prober itself.
func (p *Prober) reproduce(t Target, r *AddressResult) string {
	to := netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme))
	switch {
	case ownTrouble(r.Reason):
		return ""
	case r.Reason == reason.TLSWeakKey && r.Outcome == reason.Fail: // openssl would not shake hands either
		return p.sClient(to, t.Endpoint.Host, "-msg")
	}
	switch r.Reason {
	case reason.ResolveBogon, reason.ResolveNotPrivate, reason.ProberPrivateNetwork:
		return p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(r.Address))
	case reason.TLSVersionAccepted:
		return p.oldVersionCommand(t, to, r)
	case reason.TLSVersionMissing:
		return p.sClient(to, t.Endpoint.Host, "-tls1_2")
	case reason.TLSHelloIntolerant:
		return p.sClient(to, t.Endpoint.Host, "") + " ; " + p.sClient(to, t.Endpoint.Host, "-tls1_2 -cipher AES128-GCM-SHA256 -no_etm")
	case reason.VerifyMangledText:
		return p.self(t, r, "--signed")
	}
	switch r.Reason.Phase() {
	case reason.Connect:
		return fmt.Sprintf("curl -gsv -o /dev/null --connect-timeout 5 %s </dev/null", word("telnet://"+to.String()))
	case reason.TLS:
		return p.tlsCommand(t, to, r)
	case reason.Prober:
		return fmt.Sprintf("ping -c 1 %s", word(r.Address.String()))
	}
	return p.httpCommand(t, to, r)
}

// ownTrouble reports whether nothing outside the prober shows a finding.
func ownTrouble(r reason.Reason) bool {
	switch r {
	case reason.ProberCanceled, reason.ProberInternal, reason.ProberFDExhausted, reason.ProberPortsExhausted,
		reason.ProberCredentials, reason.ProberClock, reason.ProberRateLimited, reason.ProberAddressRefused:
		return true
	}
	return false
}

// reproduceLookup returns a command line that asks the resolver the question whose answer
// l complains about; empty when l is fine.
func (p *Prober) reproduceLookup(t Target, l *dns.Lookup) string {
	if l == nil || l.Outcome == reason.OK || ownTrouble(l.Reason) {
		return ""
	}
	kind, name, resolver := "A", t.Endpoint.Host, l.Resolver
	for _, q := range l.Queries {
		if q.Reason != reason.None && q.Reason == l.Reason {
			kind, name, resolver = q.Type.String(), q.Name, q.Resolver
			break
		}
	}
	if l.Reason == reason.ResolveHijacked {
		kind, name = "A", canaryName(t.Endpoint.Host, p.cfg.Random)
	}
	return p.dig(resolver, name, kind)
}

func typeOf(a netip.Addr) string {
	if a.Unmap().Is4() {
		return "A"
	}
	return "AAAA"
}

// dig asks one resolver; the first of the configured ones where none is given.
func (p *Prober) dig(resolver netip.AddrPort, name, kind string) string {
	if !resolver.IsValid() && len(p.cfg.Resolvers) > 0 {
		resolver = p.cfg.Resolvers[0]
	}
	cmd := "dig"
	if resolver.IsValid() {
		cmd += " " + word("@"+resolver.Addr().String())
		if resolver.Port() != 53 {
			cmd += " -p " + strconv.Itoa(int(resolver.Port()))
		}
	}
	return fmt.Sprintf("%s %s %s +tries=1 +time=5", cmd, word(strings.TrimSuffix(name, ".")+"."), kind)
}

// sClient is openssl's client, as far as the handshake goes.
func (p *Prober) sClient(to netip.AddrPort, host, flags string) string {
	return join("timeout 10 openssl s_client -connect", word(to.String()), serverName(host), p.caFlag("-CAfile"), flags, "</dev/null")
}

func serverName(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return "-noservername"
	}
	return "-servername " + word(host)
}

func (p *Prober) caFlag(flag string) string {
	if p.cfg.RootsFile == "" {
		return ""
	}
	return flag + " " + word(p.cfg.RootsFile)
}

func (p *Prober) tlsCommand(t Target, to netip.AddrPort, r *AddressResult) string {
	host := t.Endpoint.Host
	switch r.Reason {
	case reason.TLSPlaintext:
		return sendRaw("/", host) + " | " + plainPipe(to)
	case reason.TLSVersion:
		return p.self(t, r, "--tls-versions") + sslscan(host, to)
	case reason.TLSCertHostname:
		return p.sClient(to, host, "-verify_hostname "+word(host)+" -verify_return_error")
	case reason.TLSCertRevoked:
		return p.sClient(to, host, "-status")
	case reason.TLSWeakKey, reason.TLSWeakSignature:
		return p.sClient(to, host, "-cipher DEFAULT:@SECLEVEL=0") + " | openssl x509 -noout -text"
	case reason.TLSCertExpired, reason.TLSCertNotYetValid, reason.TLSCertSelfSigned, reason.TLSCertUntrusted,
		reason.TLSCertIncompleteChain, reason.TLSCertUsage, reason.TLSCertMalformed:
		return p.sClient(to, host, "-showcerts -purpose sslserver -verify_return_error")
	}
	return p.sClient(to, host, "-msg -state")
}

// oldVersionCommand shows that a version is accepted which the rules refuse. Common
// builds of openssl cannot speak SSLv2 and SSLv3, so those are shown by sslscan or prober.
func (p *Prober) oldVersionCommand(t Target, to netip.AddrPort, r *AddressResult) string {
	switch {
	case strings.Contains(r.Detail, "SSLv"):
		return p.self(t, r, "--tls-versions") + sslscan(t.Endpoint.Host, to)
	case strings.Contains(r.Detail, "TLS1.1"):
		return p.sClient(to, t.Endpoint.Host, "-tls1_1 -cipher ALL:@SECLEVEL=0")
	}
	return p.sClient(to, t.Endpoint.Host, "-tls1 -cipher ALL:@SECLEVEL=0")
}

// httpCommand shows a reply. curl hides what it mends, so that findings about single
// bytes are shown by the bytes.
func (p *Prober) httpCommand(t Target, to netip.AddrPort, r *AddressResult) string {
	switch r.Reason {
	case reason.HeadersBareLF, reason.HeadersConflictingLength, reason.HeadersMalformed, reason.HeadersBadStatus, reason.HeadersBadLength,
		reason.HeadersProtocol, reason.HeadersTooManyInformational, reason.BodyBadChunking, reason.BodyTruncated,
		reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous, reason.VerifyInvalidUTF8, reason.VerifyBOM:
		return p.rawCommand(t, to)
	}
	return p.curl(t, to)
}

func (p *Prober) curl(t Target, to netip.AddrPort) string {
	target, authority := p.unsignedTarget(t)
	return join("curl -gsS -i --http1.1 --path-as-is --noproxy '*' --max-time 5", p.caFlag("--cacert"),
		"--connect-to "+word(fmt.Sprintf("::%s:%d", bracket(to.Addr()), to.Port())),
		word(fmt.Sprintf("%s://%s%s", t.Scheme, authority, target)))
}

// rawCommand sends the request as it is and shows the reply's first bytes.
func (p *Prober) rawCommand(t Target, to netip.AddrPort) string {
	target, authority := p.unsignedTarget(t)
	via := plainPipe(to)
	if t.Scheme != catalog.HTTP {
		via = join("timeout 10 openssl s_client -quiet -ign_eof -connect", word(to.String()), serverName(t.Endpoint.Host), p.caFlag("-CAfile"), "2>/dev/null")
	}
	return sendRaw(target, authority) + " | " + via + " | head -c 4096 | od -c"
}

// sendRaw writes a request to its output.
func sendRaw(target, authority string) string {
	return fmt.Sprintf(`printf 'GET %%s HTTP/1.1\r\nHost: %%s\r\nConnection: close\r\n\r\n' %s %s`, word(target), word(authority))
}

// plainPipe connects its input and output to an address. curl is found more often than
// netcat, of which there are several that end differently.
func plainPipe(to netip.AddrPort) string {
	return "curl -gsSN --max-time 10 " + word("telnet://"+to.String())
}

func sslscan(host string, to netip.AddrPort) string {
	return "   # or: sslscan " + word("--sni-name="+host) + " " + word(to.String())
}

// self is prober's own command, for what standard tools cannot show. An endpoint on a port
// of its own is named by URL, which needs no catalogue, unless the call is signed.
func (p *Prober) self(t Target, r *AddressResult, flags string) string {
	name := t.Endpoint.ID
	if port := t.Endpoint.Port(t.Scheme); name == "" || port != 443 && port != 80 && flags != "--signed" {
		name = fmt.Sprintf("%s://%s", t.Scheme, net.JoinHostPort(t.Endpoint.Host, strconv.Itoa(int(t.Endpoint.Port(t.Scheme)))))
	}
	private := ""
	if p.cfg.Guard.class(r.Address) != classPublic || p.cfg.Guard.closed() {
		private = "--allow-private"
	}
	return join("prober check", word(name), "--address", word(r.Address.String()), private, p.caFlag("--ca-file"), flags)
}

func bracket(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

func join(parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// word is s as one word of a POSIX shell, in quotes if it needs them. Host names and paths
// are the user's own, and may hold anything.
func word(s string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_./:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
