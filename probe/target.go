package probe

import (
	"net/http"
	"net/netip"

	"prober/catalog"
	"prober/probe/command"
	"prober/probe/reason"
)

// Target is what one probe is aimed at, and how deep it looks.
type Target struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product // the zero Product means StyleNone and no rules
	Scheme   catalog.Scheme  // empty: HTTPS

	// Address, when valid, is probed under the endpoint's name without any DNS.
	Address netip.Addr
	// Path is the request target of an endpoint of style none; empty means "/".
	Path string
	// Authority is the Host header of an endpoint of style none, where it is not the bare
	// host: a URL with a port of its own. Empty means the bare host.
	Authority string
	// Check is what its list says that healthy means here, of style none; of an API its limits alone.
	Check *Check
	// Only2xx asks of an endpoint of style none what blackbox_exporter asks: no other status than 2xx
	// is healthy, and a redirect is verify/redirect, with [HTTPFacts.Next] for who follows it.
	Only2xx bool
	// Cookies go with the request of an endpoint of style none: those that a redirect before this
	// one set.
	Cookies []*http.Cookie
	// Own is how the endpoint is probed, where its list says so; nil: as all others.
	Own *Own
	// Until is the last phase to go through, when it is [reason.Connect] or [reason.TLS]; else the
	// whole probe is made.
	Until reason.Phase
	// TLSVersions asks for the version table of every address.
	TLSVersions bool
	// Canary asks DNS for a random name beside the endpoint's, which must not exist.
	Canary bool
	// EachResolver asks every resolver, not only until one answers: a resolver that
	// contradicts the first degrades the endpoint.
	EachResolver bool
	// BothKinds looks for a second certificate of the server's, with the other kind of key.
	BothKinds bool
	// Diagnose asks again, with ten or so other ClientHellos, thirty at most, when a handshake is refused or breaks: to tell
	// intolerance of the full one from a dead server, and what this program lacks from what nobody
	// takes.
	Diagnose bool
	// Brief leaves the version table open where two hellos met silence, the small one of
	// Diagnose among them: each version would wait as long again. Where one was answered, the others
	// are waited for no longer than some times as long.
	Brief bool
	// Text judges the text of a reply of style none as well: see [HTTPFacts.Text].
	Text bool
	// Signed makes the request a signed read-only call that carries non-ASCII text. Over
	// plain HTTP nothing is ever signed: anybody on the way could read the key id and the
	// token.
	Signed bool
}

// name is that by which the server is asked for in a handshake, and which its certificate is to have.
func (t Target) name() string {
	if t.Own != nil && t.Own.ServerName != "" {
		return t.Own.ServerName
	}
	return t.Endpoint.Host
}

// asClient makes a command show the certificate that the prober shows.
func (t Target) asClient(line string) string {
	if t.Own == nil {
		return line
	}
	return command.AsClient(line, t.Own.CertificateFile, t.Own.KeyFile)
}

// Over returns the target over a scheme. A Host with the port of the endpoint's own scheme is not that
// of another one.
func (t Target) Over(s catalog.Scheme) Target {
	if own := t.Endpoint.Scheme; own != "" && own != s {
		t.Authority = ""
	}
	t.Scheme = s
	return t
}

// to is where the endpoint is reached at an address.
func (t Target) to(addr netip.Addr) netip.AddrPort {
	return netip.AddrPortFrom(addr, t.Endpoint.Port(t.Scheme))
}

// signs reports whether the request is signed.
func (t Target) signs() bool { return t.Signed && t.Scheme == catalog.HTTPS }

// follows reports whether redirects are followed. One by which plain HTTP is refused, as documented, is not.
func (t Target) follows() bool {
	return t.Check != nil && t.Check.follow > 0 && (t.Scheme != catalog.HTTP || !t.Product.Refuses(catalog.HTTP))
}

// ExpectsClientError reports whether a healthy endpoint answers with a status of 4xx, or may: the
// API that refuses an unsigned call, or one that does not serve plain HTTP.
func (t Target) ExpectsClientError() bool {
	unsigned := t.Product.APIStyle == catalog.StyleAlibabaRPC && !t.signs()
	return unsigned || t.Scheme == catalog.HTTP && t.Product.Refuses(catalog.HTTP)
}
