package webport

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// Hosts are the names by which this port is called. A page of any site can send its visitors'
// requests here under the site's own name, by letting that name lead to this machine (DNS
// rebinding); what keeps it out is that the name is none of ours.
type Hosts struct {
	names map[string]bool
	flag  string // with which more names are given, as the refusal has it
}

// NewHosts takes the names besides addresses, localhost and this machine's own name; flag is what
// the refusal tells people to use.
func NewHosts(machine string, more []string, flag string) (Hosts, error) {
	h := Hosts{names: map[string]bool{"localhost": true}, flag: flag}
	machine = plain(machine)
	short, _, _ := strings.Cut(machine, ".")
	for _, name := range []string{machine, short} {
		if name != "" {
			h.names[name] = true
		}
	}
	for _, name := range more {
		if err := bare(name); err != nil {
			return Hosts{}, fmt.Errorf("%s %q: %w", flag, name, err)
		}
		h.names[plain(name)] = true
	}
	return h, nil
}

// bare says whether name is a host name and nothing else.
func bare(name string) error {
	switch {
	case name == "":
		return errors.New("want a host name")
	case strings.Contains(name, "*"):
		return errors.New("want one host name, without a pattern")
	case strings.ContainsAny(name, "/:@?# \t"):
		return errors.New("want a host name alone, without scheme, port or path")
	}
	return nil
}

// Own says whether a Host header names this port: an address, localhost, this machine, or a name
// that was given.
func (h Hosts) Own(header string) bool {
	host, err := hostOf(header)
	if err != nil {
		return false
	}
	_, err = netip.ParseAddr(host)
	return err == nil || h.names[plain(host)]
}

// hostOf takes the host out of a Host header: a name, an IPv4 address or an IPv6 address in brackets,
// with a port or none (RFC 9110, section 7.2, and RFC 3986, section 3.2.2).
func hostOf(header string) (string, error) {
	host, rest, _ := strings.Cut(header, ":")
	if inner, ok := strings.CutPrefix(header, "["); ok {
		if host, rest, ok = strings.Cut(inner, "]"); !ok {
			return "", errors.New("a bracket is not closed")
		}
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() {
			return "", errors.New("what is in brackets is no IPv6 address")
		}
		if rest, ok = strings.CutPrefix(rest, ":"); rest != "" && !ok {
			return "", errors.New("want a colon and a port behind the bracket, or nothing")
		}
	}
	if _, err := strconv.ParseUint(rest, 10, 16); rest != "" && err != nil {
		return "", errors.New("want a port up to 65535 behind the colon, and an IPv6 address in brackets")
	}
	return host, nil
}

// plain is a name as it is compared.
func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// guard refuses what would change something, when a page of another site may be behind it: by the
// name it was asked under, and by what browsers say of where a request comes from.
func (h Hosts) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			next.ServeHTTP(w, r)
			return
		}
		if _, err := hostOf(r.Host); err != nil {
			http.Error(w, "the Host is malformed: "+err.Error(), http.StatusBadRequest)
			return
		}
		// Of a whole URL as the target the host counts, and net/http drops a Host header beside it
		// (RFC 9112, section 3.2.2). Nobody can tell then whether the two agree.
		if r.URL.IsAbs() {
			http.Error(w, "a change is asked for by its path alone: a whole URL is for a proxy, which this is not", http.StatusForbidden)
			return
		}
		if !h.Own(r.Host) {
			http.Error(w, "this Host is not known to be this machine's; start with "+h.flag+" NAME if it is", http.StatusForbidden)
			return
		}
		sameOrigin.ServeHTTP(w, r)
	})
}
