package catalog

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// URL is a web address, taken apart into what an endpoint is made of.
type URL struct {
	Scheme Scheme
	Host   string // lower case; an address without brackets
	Port   uint16 // 0: the scheme's own
	Target string // of the request: path and query, "/" at least
	// Authority is the Host header: the host, and the port unless it is the scheme's own.
	Authority string
	Text      string // the whole as it goes over the wire, without the query
}

// ParseURL takes a URL of http or https apart. Errors do not quote what stands before an "@".
func ParseURL(s string) (URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return URL{}, fmt.Errorf("URL %q cannot be parsed", HideUserinfo(s))
	case u.User != nil:
		return URL{}, errors.New("URL with user information: leave out what stands before the @")
	case u.Scheme != string(HTTPS) && u.Scheme != string(HTTP):
		return URL{}, fmt.Errorf("URL %q: want https or http (tls, tcp and dns are other kinds)", s)
	case u.Hostname() == "":
		return URL{}, fmt.Errorf("URL %q names no host", s)
	}
	if err := toWire(u); err != nil {
		return URL{}, fmt.Errorf("URL %q: %w", s, err)
	}
	out := URL{
		Scheme: Scheme(u.Scheme), Host: strings.ToLower(u.Hostname()), Target: u.RequestURI(), Authority: u.Host,
		Text: u.Scheme + "://" + u.Host + u.EscapedPath(),
	}
	if p := u.Port(); p != "" {
		port, err := strconv.ParseUint(p, 10, 16)
		if err != nil || port == 0 {
			return URL{}, fmt.Errorf("URL %q: the port must be from 1 to 65535", s)
		}
		out.Port = uint16(port)
		if out.Port == (Endpoint{}).Port(out.Scheme) {
			out.Authority = strings.TrimSuffix(u.Host, ":"+p)
		}
	}
	return out, nil
}

// toWire writes the host of a URL, which may have letters of any script, as DNS does (RFC 5891),
// and what no request line can hold in its query as %XX.
func toWire(u *url.URL) error {
	if host := u.Hostname(); strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return fmt.Errorf("the host is no internationalised domain name: %w", err)
		}
		u.Host = strings.Replace(u.Host, host, ascii, 1)
	}
	if i := strings.IndexFunc(u.Hostname(), notInHost); i >= 0 && !strings.HasPrefix(u.Host, "[") {
		return fmt.Errorf("the host has the character %q, which no server takes for one of a name", u.Hostname()[i])
	}
	name := strings.TrimSuffix(u.Hostname(), ".")
	if _, err := netip.ParseAddr(name); err != nil && endsInNumber(name) {
		return errors.New("the host ends in a number and is no IPv4 address, which is four numbers from 0 to 255 with dots between them")
	}
	if slices.ContainsFunc(strings.Split(name, "."), func(label string) bool { return label == "" || len(label) > 63 }) || len(name) > 253 {
		return errors.New("the host has an empty label, or one longer than 63 characters, or is longer than 253")
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	return nil
}

// escapeQuery writes what no request line can hold as %XX.
func escapeQuery(raw string) string {
	var query strings.Builder
	for i := range len(raw) {
		if c := raw[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&query, "%%%02X", c)
		} else {
			query.WriteByte(c)
		}
	}
	return query.String()
}

// endsInNumber reports whether the last label of a host is a number, as some clients read it: such
// hosts are addresses, or mistakes.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(strings.ToLower(last), "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// notInHost reports whether a character stands in no registered name (RFC 3986, section 3.2.2).
func notInHost(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("-._~!$&'()*+,;=", r)
}

// HideUserinfo leaves out of a text what stands before an "@", which may be a password.
func HideUserinfo(s string) string {
	if at := strings.LastIndex(s, "@"); at >= 0 {
		return "..." + s[at:]
	}
	return s
}
