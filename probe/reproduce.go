package probe

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe/certs"
	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/exchange"
	"prober/probe/hello"
	"prober/probe/reason"
)

// reproduce returns a command line with standard tools that shows one thing found at an
// address. It carries no key and no signature: what a signed request found is shown by
// prober itself.
func (p *Prober) reproduce(t Target, r *AddressResult, f reason.Finding) string {
	return t.asClient(p.shown(t, r, f))
}

func (p *Prober) shown(t Target, r *AddressResult, f reason.Finding) string {
	to, host := t.to(r.Address), t.Endpoint.Host
	if f.Reason == reason.VerifySlow {
		return p.slowCommand(t, to, f)
	}
	if shown, is := p.ownCommand(t, to, f.Reason); is {
		return shown
	}
	switch f.Reason.Tool() {
	case reason.Dig:
		return p.dig(netip.AddrPort{}, host, typeOf(r.Address))
	case reason.Ping:
		return command.Ping(r.Address)
	case reason.ProberItself:
		if f.Reason == reason.TLSVersion {
			return p.showTable(t, to)
		}
		return p.self(t, r.Address, "--signed")
	case reason.OpenSSL:
		if f.Reason == reason.TLSClientCertRequired && afterHandshake(r) || brokeTLS(r, f) {
			return p.httpCommand(t, to, reason.VerifyBadStatus.Found(f.Detail))
		}
		return p.tlsCommand(t, to, r, f)
	case reason.Curl, reason.RawBytes:
		if t.signs() && f.Reason.Phase() > reason.TLS { // who has no key may be answered otherwise
			return p.self(t, r.Address, "--signed")
		}
		return p.httpCommand(t, to, f)
	case reason.NoTool:
	}
	return ""
}

// slowCommand shows how long it takes what took too long.
func (p *Prober) slowCommand(t Target, to netip.AddrPort, f reason.Finding) string {
	switch {
	case strings.HasPrefix(f.Detail, reason.Resolve.String()):
		return p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(to.Addr()))
	case t.signs():
		return p.self(t, to.Addr(), "--signed")
	case t.Scheme == catalog.SchemeDNS:
		return command.Dig(to, t.Own.DNS.Name, typeOfQuestion(t.Own.DNS).String())
	case t.Scheme == catalog.SchemeTLS:
		return command.HandshakeTimes(to, t.name(), p.cfg.RootsFile)
	case t.Scheme == catalog.SchemeTCP && (t.Until == reason.Connect || strings.HasPrefix(f.Detail, reason.Connect.String())):
		return command.ConnectTime(to)
	case t.Scheme == catalog.SchemeTCP: // what a standard tool shows of a talk, it shows without a clock
		return p.self(t, to.Addr())
	}
	return p.httpCommand(t, to, f)
}

// afterHandshake reports whether the complaint about a missing client certificate came once the
// handshake was done: by a page, or as TLS 1.3 has it, where openssl would hang up before it comes.
func afterHandshake(r *AddressResult) bool {
	return r.HTTP != nil || r.TLS != nil && r.TLS.Version == hello.TLS13.String()
}

// brokeTLS reports whether TLS broke once the request was out: a handshake alone shows nothing of it.
func brokeTLS(r *AddressResult, f reason.Finding) bool {
	return (f.Reason == reason.TLSMalformed || f.Reason == reason.TLSAlertOther) && r.TLS != nil && r.TLS.shaken && r.Phases.Reached > reason.TLS
}

// reproduceLookup returns a command line that asks the resolver the question whose answer
// l complains about; empty when l is fine.
func (p *Prober) reproduceLookup(t Target, l *dns.Lookup) string {
	if l == nil || l.Outcome == reason.OK || l.Reason.Tool() == reason.NoTool {
		return ""
	}
	if len(p.cfg.Resolvers) == 0 && !l.Resolver.IsValid() { // dig would ask one of its own choice
		return ""
	}
	kind, name, resolver := "A", t.Endpoint.Host, l.Resolver
	of := slices.IndexFunc(l.Families, func(f dns.FamilyVerdict) bool { return f.Reason == l.Reason })
	for _, q := range l.Queries {
		if of >= 0 && q.Type != l.Families[of].Type { // it may have failed alike once, and been answered since
			continue
		}
		if q.Reason != reason.None && q.Reason == l.Reason {
			kind, name, resolver = q.Type.String(), q.Name, q.Resolver
			break
		}
	}
	if c := l.Canary; c != nil && l.Reason == reason.ResolveHijacked {
		kind, name, resolver = c.Type.String(), c.Name, c.Resolver
	}
	shown := p.dig(resolver, name, kind)
	if last := len(l.Queries) - 1; l.Reason == reason.ProberResolverUnavailable && last > 0 {
		if c := l.Queries[last]; c.Resolver == resolver && c.Name != name { // the control question that fares no better
			shown += "; " + p.dig(c.Resolver, c.Name, c.Type.String())
		}
	}
	return shown
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

// tlsCommand shows what a handshake shows.
func (p *Prober) tlsCommand(t Target, to netip.AddrPort, r *AddressResult, f reason.Finding) string {
	host, roots := t.name(), p.cfg.RootsFile
	facts, kind := r.TLS, sameKind(r.TLS)
	if facts != nil && len(facts.Other) > 0 && strings.HasPrefix(f.Detail, otherWords) {
		facts = &TLSFacts{Certificates: facts.Other}
		kind = "-tls1_2 -cipher a" + strings.Split(facts.Certificates[0].Key, "-")[0] + ":@SECLEVEL=0"
		if r.TLS.sealed {
			kind = "-tls1_3 " + cmp.Or(sameKind(facts), "-sigalgs ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448")
		}
	}
	handshake, names, chain := command.Handshake, command.Names, command.Chain
	if needsOldSuites(r.TLS) {
		handshake, names, chain = command.HandshakeOld, command.NamesOld, command.ChainOld
	}
	switch why := f.Reason; {
	case why == reason.TLSVersionAccepted:
		accepted, _ := p.brokenVersions(t, r.TLS.Versions)
		return p.showFirst(t, to, accepted)
	case why == reason.TLSVersionLow && r.TLS != nil && len(t.Check.tooLow(r.TLS.Versions)) > 0:
		return p.showFirst(t, to, t.Check.tooLow(r.TLS.Versions))
	case why == reason.TLSVersionLow:
		return command.Handshake(to, host, roots, "")
	case why == reason.TLSCertEndsSoon:
		return chain(to, host, kind, "Subject:|Not Before|Not After")
	case why == reason.TLSVersionMissing:
		_, missing := p.brokenVersions(t, r.TLS.Versions)
		return p.showFirst(t, to, missing)
	case why == reason.TLSHelloIntolerant:
		return command.Handshake(to, host, roots, "-alpn http/1.1") + " ; " + // which the hello that met with nothing has, too
			command.Handshake(to, host, roots, cmp.Or(r.TLS.taken, smallFlags))
	case why == reason.TLSCertWildcard && strings.Contains(f.Detail, certs.Excluded):
		return chain(to, host, kind, "Subject:|Name Constraints|Permitted|Excluded|DNS:")
	case why == reason.TLSCertWildcard, why == reason.TLSCertCommonName, why == reason.TLSCertHostname && namesTell(facts):
		return names(to, host, kind) // openssl itself would accept it
	case why == reason.TLSCertHostname:
		return handshake(to, host, roots, command.Flags(command.VerifyName(host), partial(roots), kind)) // openssl goes on beyond what else is wrong
	case why == reason.TLSStapleMissing && strings.Contains(f.Detail, certs.OfIssued):
		return chain(to, host, kind, "Subject:|TLS Feature|status_request")
	case why == reason.TLSStapleInvalid && !certs.StatusShows(f.Detail):
		return command.GnuTLS(to, host, roots) // openssl does not compare it with the certificate
	case why == reason.TLSCertRevoked, why == reason.TLSStapleMissing, why == reason.TLSStapleInvalid:
		return handshake(to, host, roots, command.Flags("-status", kind))
	case why == reason.TLSCertKeyUsage, why == reason.TLSCertUsage && needsOldSuites(r.TLS): // GnuTLS does not say which usage it misses
		return chain(to, host, kind, "Subject:|Usage|Digital Signature|Non Repudiation|Encipherment|Agreement| Sign|TLS Web")
	case (why == reason.TLSCertExpired || why == reason.TLSCertNotYetValid) && p.leafInDates(facts):
		return chain(to, host, kind, "Subject:|Not Before|Not After") // openssl may find another path, or another fault first
	case why == reason.TLSWeakKey && roots != "" && strings.Contains(f.Detail, certs.TrustedRoot):
		return command.Roots(roots, "Subject:|Public-Key:")
	case why == reason.TLSVersionOld:
		old := hello.TLS11
		if facts != nil && facts.Version == hello.TLS10.String() {
			old = hello.TLS10
		}
		return command.Handshake(to, host, roots, "") + " ; " + p.showVersion(t, to, old)
	case why == reason.TLSWeakRenegotiation:
		return command.Handshake(to, host, roots, "")
	case why == reason.TLSWeakCipher:
		return command.Handshake(to, host, roots, "-msg -state")
	case why == reason.ProberHTTPUnsupported:
		return command.Handshake(to, host, roots, "-alpn http/1.1") + " ; " + command.Handshake(to, host, roots, "-alpn h2")
	case why == reason.ProberTLSUnsupported && facts != nil && facts.taken != "":
		return command.Handshake(to, host, roots, facts.taken)
	case why == reason.ProberTLSUnsupported && facts != nil && versionFlags[facts.beyond] != "":
		flags := versionFlags[facts.beyond]
		if strings.Contains(f.Detail, "_ECDHE_") { // the curve may be what this program lacks
			flags = command.Flags(flags, allCurves)
		}
		return command.Handshake(to, host, roots, flags)
	case why.Kind() == reason.Strength:
		return chain(to, host, kind, "Subject:|Signature Algorithm:|Public-Key:")
	case why == reason.TLSCertUsage && strings.Contains(f.Detail, certs.Policies):
		return handshake(to, host, roots, command.Flags("-policy_check", partial(roots), kind))
	case why.Kind() == reason.Certificate, why == reason.ProberCertUnsupported:
		return handshake(to, host, roots, command.Flags("-showcerts -purpose sslserver", partial(roots), kind, despiteKeys(facts)))
	}
	if t.Scheme == catalog.SchemeTLS { // for which the probe asks no protocol
		return command.Handshake(to, host, roots, "-msg -state")
	}
	return command.Handshake(to, host, roots, "-alpn http/1.1 -msg -state")
}

// needsOldSuites reports whether the server chose a suite that common builds of openssl do not have, so that what
// they would show is a refused handshake.
func needsOldSuites(t *TLSFacts) bool {
	return t != nil && (strings.Contains(t.Cipher, "_RC4_") || strings.Contains(t.Cipher, "_3DES_"))
}

// partial lets openssl trust an intermediate certificate in the file of roots, as this program
// does.
func partial(roots string) string {
	if roots == "" {
		return ""
	}
	return "-partial_chain"
}

// sameKind makes openssl ask for a certificate with the kind of key that the prober was shown,
// where it might be shown another: servers can have one of each, and openssl prefers ECDSA.
func sameKind(t *TLSFacts) string {
	if t == nil || len(t.Certificates) == 0 || !strings.HasPrefix(t.Certificates[0].Key, "RSA-") {
		return ""
	}
	return "-sigalgs RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512"
}

// despiteKeys keeps openssl from stopping at a key that is too weak for it, where there may be one.
func despiteKeys(t *TLSFacts) string {
	if t != nil && slices.ContainsFunc(t.Certificates, func(c Certificate) bool {
		bits, err := strconv.Atoi(strings.TrimPrefix(c.Key, "RSA-"))
		return err == nil && bits < 2048
	}) {
		return "-auth_level 0"
	}
	return ""
}

// namesTell reports whether the names in the certificate show the fault and openssl would not:
// it makes do with a common name where there is no DNS name, and takes a wildcard for part of
// a label.
func namesTell(t *TLSFacts) bool {
	if t == nil || len(t.Certificates) == 0 {
		return false
	}
	names := t.Certificates[0].DNSNames
	return len(names) == 0 || slices.ContainsFunc(names, func(n string) bool {
		return strings.Contains(n, "*") && !strings.HasPrefix(n, "*.")
	})
}

// leafInDates reports whether it is not the leaf whose dates are wrong, but another
// certificate that was sent.
func (p *Prober) leafInDates(t *TLSFacts) bool {
	now := p.cfg.Clock.Now()
	inside := func(c Certificate) bool { return !now.Before(c.NotBefore) && !now.After(c.NotAfter) }
	return t != nil && len(t.Certificates) > 1 && inside(t.Certificates[0]) &&
		slices.ContainsFunc(t.Certificates[1:], func(c Certificate) bool { return !inside(c) })
}

// versionCommands show for each protocol version whether it is accepted.
func (p *Prober) versionCommands(t Target, to netip.AddrPort) []string {
	var all []string
	for _, v := range hello.Versions() {
		all = append(all, t.asClient(p.showVersion(t, to, v)))
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
	if f, ok := versionFlags[v]; ok {
		return command.Handshake(to, t.name(), p.cfg.RootsFile, f)
	}
	return p.showTable(t, to)
}

// allCurves makes openssl offer curves that it has, and does not offer of itself.
const allCurves = "-groups X25519:P-256:P-384:P-521:X448:P-224:secp256k1:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1"

// versionFlags make openssl offer one version, with every suite that it has.
var versionFlags = map[hello.Version]string{
	hello.TLS10: "-tls1 -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0", hello.TLS11: "-tls1_1 -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0",
	hello.TLS12: "-tls1_2 -cipher ALL:COMPLEMENTOFALL:@SECLEVEL=0", hello.TLS13: "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256",
}

// showTable shows which of all protocol versions are accepted.
func (p *Prober) showTable(t Target, to netip.AddrPort) string {
	return p.self(t, to.Addr(), "--tls-versions") + "   # or: " + command.Scan(to, t.name())
}

// httpCommand shows a connection that is none, or a reply to the request that was sent; to an
// unsigned one in place of one that a customer's key signed.
func (p *Prober) httpCommand(t Target, to netip.AddrPort, f reason.Finding) string {
	if f.Reason.Phase() == reason.Connect {
		return command.Connect(to)
	}
	t.Signed = false
	var values []command.Value
	s, err := p.request(t)
	if !t.Product.APIStyle.IsAPI() {
		s, values, err = p.plain(t, true)
	}
	if err != nil {
		return ""
	}
	wire, err := exchange.Write(s.http)
	if err != nil {
		return ""
	}
	r := p.asCommand(t, wire)
	r.Values = values
	unveiled(&r)
	if t.Check != nil && len(t.Check.body) > 0 {
		if !t.Check.veil(&r) {
			return ""
		}
	}
	return shows(to, t.name(), r, f)
}

// shows is a command line that sends r and shows a finding about the reply.
func shows(to netip.AddrPort, host string, r command.Request, f reason.Finding) string {
	switch why := f.Reason; {
	case why == reason.TLSPlaintext:
		return command.Plain(to, r)
	case why == reason.HeadersTooLarge:
		return command.HeadSize(to, host, r, muchTooLarge)
	case why == reason.ProberLimit && !strings.Contains(f.Detail, "body"): // which the reply itself shows
		return command.Curl(to, r)
	case why == reason.VerifySlow:
		return command.Times(to, r)
	case why == reason.BodyTooLarge, why == reason.ProberLimit, why == reason.VerifyBodySize:
		return command.Size(to, r, muchTooLarge)
	case why == reason.BodyBadEncoding && strings.Contains(f.Detail, `"gzip"`):
		return command.Gzip(to, r)
	case why == reason.BodyBadEncoding && !strings.Contains(f.Detail, "no coding has that name"): // which the head shows
		return command.Decode(to, r)
	case unended(f):
		return command.Ending(to, host, r)
	case why.Tool() == reason.RawBytes:
		return command.Bytes(to, host, r)
	}
	return command.Curl(to, r)
}

// unended reports whether a finding is that close_notify is missing, which curl does without.
func unended(f reason.Finding) bool {
	return f.Reason == reason.BodyTruncated && strings.Contains(f.Detail, "close_notify")
}

// asCommand is a request on its way to t as a command line sends it.
func (p *Prober) asCommand(t Target, wire []byte) command.Request {
	r := command.Request{Scheme: string(t.Scheme), CAFile: p.cfg.RootsFile, Wire: string(wire)}
	if name := t.name(); name != t.Endpoint.Host {
		r.ServerName = name
	}
	return r
}

// muchTooLarge is how much of a reply without end a command line takes, in bytes: clearly more
// than what is too large, and no more than comes over a slow line before curl gives up.
const muchTooLarge = 2 * limit.BodyBytes

// Command returns a command line that sends the request that [Prober.Ask] sends, but for the
// order of its header fields, and shows what was found. It holds whatever the request holds: one that a customer's key
// signed is not to be shown. It is empty for a request that no command line can hold.
func (p *Prober) Command(t Target, addr netip.Addr, r cloudapi.Request, found reason.Finding) string {
	const most = 4096 // bytes
	p, t = p.as(t)
	if len(r.Body) > most || len(r.Target()) > most || bytes.IndexByte(r.Body, 0) >= 0 {
		return ""
	}
	s, err := p.sending(t, r, r.Target(), "")
	if err != nil {
		return ""
	}
	wire, err := exchange.Write(s.http)
	if err != nil {
		return ""
	}
	return t.asClient(shows(t.to(addr), t.name(), p.asCommand(t, wire), found))
}

// self is prober's own command, for what standard tools cannot show.
func (p *Prober) self(t Target, addr netip.Addr, flags ...string) string {
	words := []string{"prober", "check"}
	if p.cfg.Self != nil {
		words = append(words, p.cfg.Self(t.Endpoint, addr)...)
		return command.Line(append(words, flags...)...)
	}
	name := t.Endpoint.ID
	if port := t.Endpoint.Port(t.Scheme); name == "" || port != 443 && port != 80 && !slices.Contains(flags, "--signed") {
		name = fmt.Sprintf("%s://%s", t.Scheme, net.JoinHostPort(t.Endpoint.Host, strconv.Itoa(int(port))))
	}
	words = append(words, name, "--address", addr.String())
	if p.cfg.Guard.class(addr) != classPublic || p.cfg.Guard.closed() {
		words = append(words, "--allow-private")
	}
	if p.cfg.RootsFile != "" {
		words = append(words, "--ca-file", p.cfg.RootsFile)
	}
	return command.Line(append(words, flags...)...)
}
