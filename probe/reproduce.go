package probe

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"prober/cloudapi"
	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// reproduce returns a command line with standard tools that shows one thing found at an
// address. It carries no key and no signature: what a signed request found is shown by
// the same request unsigned, or by prober itself.
func (p *Prober) reproduce(t Target, r *AddressResult, f reason.Finding) string {
	to, host := netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme)), t.Endpoint.Host
	switch {
	case ownTrouble(f.Reason):
		return ""
	case f.Reason == reason.TLSWeakKey && outcome(f, r.Phases) == reason.Fail: // openssl would not shake hands either
		return command.Handshake(to, host, p.cfg.RootsFile, "-msg")
	}
	switch f.Reason {
	case reason.ResolveBogon, reason.ResolveNotPrivate, reason.ProberPrivateNetwork:
		return p.dig(netip.AddrPort{}, host, typeOf(r.Address))
	case reason.TLSVersionAccepted:
		accepted, _ := p.brokenVersions(t, r.TLS.Versions)
		return p.showFirst(t, to, accepted)
	case reason.TLSVersionMissing:
		_, missing := p.brokenVersions(t, r.TLS.Versions)
		return p.showFirst(t, to, missing)
	case reason.TLSHelloIntolerant:
		return command.Handshake(to, host, p.cfg.RootsFile, "") + " ; " + command.Handshake(to, host, p.cfg.RootsFile, "-tls1_2 -cipher AES128-GCM-SHA256 -no_etm")
	case reason.VerifyMangledText:
		return p.self(t, r.Address, "--signed")
	}
	switch f.Reason.Phase() {
	case reason.Connect:
		return command.Connect(to)
	case reason.TLS:
		return p.tlsCommand(t, to, r, f.Reason)
	case reason.Prober:
		return command.Ping(r.Address)
	}
	return p.httpCommand(t, to, f.Reason)
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
	if c := l.Canary; c != nil && l.Reason == reason.ResolveHijacked {
		kind, name, resolver = c.Type.String(), c.Name, c.Resolver
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
	return command.Dig(resolver, name, kind)
}

func (p *Prober) tlsCommand(t Target, to netip.AddrPort, r *AddressResult, why reason.Reason) string {
	host, roots := t.Endpoint.Host, p.cfg.RootsFile
	switch why {
	case reason.TLSPlaintext:
		return command.Plain(to, "/", host)
	case reason.TLSVersion:
		return p.self(t, to.Addr(), "--tls-versions") + orScan(to, host)
	case reason.TLSCertHostname:
		if r.TLS != nil && len(r.TLS.Certificates) > 0 && len(r.TLS.Certificates[0].DNSNames) == 0 {
			return command.Names(to, host) // openssl itself would make do with the common name
		}
		return command.Handshake(to, host, roots, "-verify_hostname "+command.Word(host)+" -verify_return_error")
	case reason.TLSCertRevoked:
		return command.Handshake(to, host, roots, "-status")
	case reason.TLSWeakKey, reason.TLSWeakSignature:
		return command.Chain(to, host, "Subject:|Signature Algorithm:|Public-Key:")
	case reason.TLSCertExpired, reason.TLSCertNotYetValid, reason.TLSCertSelfSigned, reason.TLSCertUntrusted,
		reason.TLSCertIncompleteChain, reason.TLSCertUsage, reason.TLSCertMalformed:
		return command.Handshake(to, host, roots, "-showcerts -purpose sslserver -verify_return_error")
	}
	return command.Handshake(to, host, roots, "-msg -state")
}

// versionCommands show for each protocol version whether it is accepted.
func (p *Prober) versionCommands(t Target, to netip.AddrPort) []string {
	var all []string
	for _, v := range hello.Versions() {
		all = append(all, p.showVersion(t, to, v))
	}
	return all
}

// showFirst shows the first of several versions.
func (p *Prober) showFirst(t Target, to netip.AddrPort, versions []hello.Version) string {
	if len(versions) == 0 { // a dated rule began to hold just now
		return ""
	}
	return p.showVersion(t, to, versions[0])
}

// showVersion shows whether a protocol version is accepted. Common builds of openssl cannot
// speak SSLv2 and SSLv3, so those are shown by prober or sslscan.
func (p *Prober) showVersion(t Target, to netip.AddrPort, v hello.Version) string {
	flags := map[hello.Version]string{
		hello.TLS10: "-tls1 -cipher ALL:@SECLEVEL=0", hello.TLS11: "-tls1_1 -cipher ALL:@SECLEVEL=0",
		hello.TLS12: "-tls1_2", hello.TLS13: "-tls1_3",
	}
	if f, ok := flags[v]; ok {
		return command.Handshake(to, t.Endpoint.Host, p.cfg.RootsFile, f)
	}
	return p.self(t, to.Addr(), "--tls-versions") + orScan(to, t.Endpoint.Host)
}

func orScan(to netip.AddrPort, host string) string { return "   # or: " + command.Scan(to, host) }

// httpCommand shows a reply. curl hides what it mends, so that findings about single
// bytes are shown by the bytes.
func (p *Prober) httpCommand(t Target, to netip.AddrPort, why reason.Reason) string {
	target, authority := p.unsignedTarget(t)
	r := command.Request{Scheme: string(t.Scheme), Authority: authority, Target: target, CAFile: p.cfg.RootsFile}
	switch why {
	case reason.HeadersBareLF, reason.HeadersConflictingLength, reason.HeadersMalformed, reason.HeadersBadStatus, reason.HeadersBadLength,
		reason.HeadersProtocol, reason.HeadersTooManyInformational, reason.BodyBadChunking, reason.BodyTruncated,
		reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous, reason.VerifyInvalidUTF8, reason.VerifyBOM:
		return command.Bytes(to, t.Endpoint.Host, r)
	case reason.HeadersTooLarge:
		return command.HeadSize(to, t.Endpoint.Host, r, muchTooLarge)
	case reason.BodyTooLarge:
		return command.Size(to, r, muchTooLarge)
	case reason.BodyBadEncoding:
		return command.Gzip(to, r)
	}
	return command.Curl(to, r)
}

// muchTooLarge is how much of a reply without end a command line takes, in bytes.
const muchTooLarge = 20_000_000

// Command returns a command line that sends a request as [Prober.Ask] does. It holds
// whatever the request holds: one that a customer's key signed is not to be shown. It is
// empty for a request that is too large for a command line.
func (p *Prober) Command(t Target, addr netip.Addr, r cloudapi.Request) string {
	const most = 4096 // bytes
	if len(r.Body) > most || len(r.Target()) > most {
		return ""
	}
	c := command.Request{
		Scheme: string(t.Scheme), Method: r.Method, Authority: r.Host, Target: r.Target(), Body: string(r.Body), CAFile: p.cfg.RootsFile,
	}
	for _, f := range r.Header {
		c.Header = append(c.Header, [2]string{f.Name, f.Value})
	}
	return command.Curl(netip.AddrPortFrom(addr, t.Endpoint.Port(t.Scheme)), c)
}

// self is prober's own command, for what standard tools cannot show.
func (p *Prober) self(t Target, addr netip.Addr, flag string) string {
	words := []string{"prober", "check"}
	if p.cfg.Self != nil {
		words = append(words, p.cfg.Self(t.Endpoint, addr)...)
		return command.Line(append(words, flag)...)
	}
	name := t.Endpoint.ID
	if port := t.Endpoint.Port(t.Scheme); name == "" || port != 443 && port != 80 && flag != "--signed" {
		name = fmt.Sprintf("%s://%s", t.Scheme, net.JoinHostPort(t.Endpoint.Host, strconv.Itoa(int(port))))
	}
	words = append(words, name, "--address", addr.String())
	if p.cfg.Guard.class(addr) != classPublic || p.cfg.Guard.closed() {
		words = append(words, "--allow-private")
	}
	if p.cfg.RootsFile != "" {
		words = append(words, "--ca-file", p.cfg.RootsFile)
	}
	return command.Line(append(words, flag)...)
}
