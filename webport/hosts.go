package webport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
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
	host := header
	if name, _, err := net.SplitHostPort(header); err == nil {
		host = name
	} else if inner, ok := strings.CutPrefix(header, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return h.names[plain(host)]
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
		if !h.Own(r.Host) {
			http.Error(w, "this Host is not known to be this machine's; start with "+h.flag+" NAME if it is", http.StatusForbidden)
			return
		}
		sameOrigin.ServeHTTP(w, r)
	})
}
