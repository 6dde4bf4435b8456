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
	switch r.Reason {
	case reason.ProberCanceled, reason.ProberInternal, reason.ProberFDExhausted, reason.ProberPortsExhausted,
		reason.ProberCredentials, reason.ProberClock, reason.ProberRateLimited, reason.ProberAddressRefused:
		return ""
	case reason.ResolveBogon, reason.ResolveNotPrivate, reason.ProberPrivateNetwork:
		return p.dig(t.Endpoint.Host, typeOf(r.Address))
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
		return fmt.Sprintf("curl -sS -o /dev/null --connect-timeout 5 telnet://%s </dev/null", to)
	case reason.TLS:
		return p.tlsCommand(t, to, r)
	case reason.Prober:
		return fmt.Sprintf("ping -c 1 %s", r.Address)
	}
	return p.httpCommand(t, to, r)
}

// reproduceLookup returns a command line that asks the resolver the question whose answer
// l complains about; empty when l is fine.
func (p *Prober) reproduceLookup(t Target, l *dns.Lookup) string {
	if l == nil || l.Outcome == reason.OK {
		return ""
	}
	kind := "A"
	name := t.Endpoint.Host
	for _, q := range l.Queries {
		if q.Reason != reason.None && q.Reason == l.Reason {
			kind, name = q.Type.String(), q.Name
			break
		}
	}
	if l.Reason == reason.ResolveHijacked {
		kind, name = "A", canaryName(t.Endpoint.Host, p.cfg.Random)
	}
	return p.dig(strings.TrimSuffix(name, "."), kind)
}

func typeOf(a netip.Addr) string {
	if a.Unmap().Is4() {
		return "A"
	}
	return "AAAA"
}

func (p *Prober) dig(name, kind string) string {
	cmd := "dig"
	if len(p.cfg.Resolvers) > 0 {
		r := p.cfg.Resolvers[0]
		cmd += " @" + r.Addr().String()
		if r.Port() != 53 {
			cmd += " -p " + strconv.Itoa(int(r.Port()))
		}
	}
	return fmt.Sprintf("%s %s. %s +tries=1 +time=5", cmd, name, kind)
}

// sClient is openssl's client, as far as the handshake goes.
func (p *Prober) sClient(to netip.AddrPort, host, flags string) string {
	return join("timeout 10 openssl s_client -connect", to.String(), serverName(host), p.caFlag("-CAfile"), flags, "</dev/null")
}

func serverName(host string) string {
	if net.ParseIP(host) != nil {
		return "-noservername"
	}
	return "-servername " + host
}

func (p *Prober) caFlag(flag string) string {
	if p.cfg.RootsFile == "" {
		return ""
	}
	return flag + " " + shellQuote(p.cfg.RootsFile)
}

func (p *Prober) tlsCommand(t Target, to netip.AddrPort, r *AddressResult) string {
	host := t.Endpoint.Host
	switch r.Reason {
	case reason.TLSPlaintext:
		return fmt.Sprintf("printf 'GET / HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' | timeout 10 nc %s %d", host, to.Addr(), to.Port())
	case reason.TLSVersion:
		return p.self(t, r, "--tls-versions") + "   # or: sslscan --show-client-cas --sni-name=" + host + " " + to.String()
	case reason.TLSCertHostname:
		return p.sClient(to, host, "-verify_hostname "+host+" -verify_return_error")
	case reason.TLSCertRevoked:
		return p.sClient(to, host, "-status")
	case reason.TLSWeakKey, reason.TLSWeakSignature:
		return p.sClient(to, host, "-showcerts") + " | openssl x509 -noout -text"
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
		return p.self(t, r, "--tls-versions") + "   # or: sslscan --sni-name=" + t.Endpoint.Host + " " + to.String()
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
	defaultPort := 443
	if t.Scheme == catalog.HTTP {
		defaultPort = 80
	}
	if _, port, err := net.SplitHostPort(authority); err == nil {
		defaultPort, _ = strconv.Atoi(port)
	}
	return join("curl -sS -i --http1.1 --noproxy '*' --max-time 5 --max-filesize 1048576", p.caFlag("--cacert"),
		fmt.Sprintf("--connect-to ::%s:%d", bracket(to.Addr()), to.Port()), "-H 'Accept-Encoding: identity'",
		shellQuote(fmt.Sprintf("%s://%s%s", t.Scheme, authority, target)), fmt.Sprintf("# port %d goes to %s", defaultPort, to))
}

// rawCommand sends the request as it is and shows the reply's first bytes.
func (p *Prober) rawCommand(t Target, to netip.AddrPort) string {
	target, authority := p.unsignedTarget(t)
	get := fmt.Sprintf("printf 'GET %%s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' %s", authority, shellQuote(target))
	via := fmt.Sprintf("timeout 10 nc %s %d", to.Addr(), to.Port())
	if t.Scheme != catalog.HTTP {
		via = join("timeout 10 openssl s_client -quiet -ign_eof -connect", to.String(), serverName(t.Endpoint.Host), p.caFlag("-CAfile"), "2>/dev/null")
	}
	return get + " | " + via + " | head -c 4096 | od -c"
}

// self is prober's own command, for what standard tools cannot show.
func (p *Prober) self(t Target, r *AddressResult, flags string) string {
	name := t.Endpoint.ID
	if name == "" {
		name = fmt.Sprintf("%s://%s:%d", t.Scheme, t.Endpoint.Host, t.Endpoint.Port(t.Scheme))
	}
	private := ""
	if p.cfg.Guard.class(r.Address) != classPublic || p.cfg.Guard.closed() {
		private = "--allow-private"
	}
	return join("prober check", name, "--address", r.Address.String(), private, p.caFlag("--ca-file"), flags)
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

// shellQuote quotes s for a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
