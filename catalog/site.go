package catalog

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"prober/suggest"
)

// Site is an endpoint of another kind than http, as a URL has it: tls://HOST:PORT, tcp://HOST:PORT or
// dns://SERVER/NAME?type=TYPE.
type Site struct {
	Kind Kind
	Host string // lower case; an address without brackets
	Port uint16 // 0: the kind's own
	DNS  *DNSQuestion
}

// ParseSite takes the URL of a site apart; false where s is none.
func ParseSite(s string) (site Site, is bool, err error) {
	word, _, _ := strings.Cut(s, "://")
	site.Kind = Kind(strings.ToLower(word))
	if site.Kind == KindHTTP || !slices.Contains(Kinds(), site.Kind) || len(word) == len(s) {
		return site, false, nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return site, true, fmt.Errorf("URL %q cannot be parsed", HideUserinfo(s))
	case u.User != nil:
		return site, true, fmt.Errorf("URL with user information: leave out what stands before the @")
	case u.Hostname() == "":
		return site, true, fmt.Errorf("URL %q names no host", s)
	case site.Kind != KindDNS && (u.Path != "" && u.Path != "/" || u.RawQuery != ""):
		return site, true, fmt.Errorf("URL %q: %s has a host and a port alone", s, site.Kind)
	case u.Fragment != "":
		return site, true, fmt.Errorf("URL %q: nothing is asked for by what stands behind a #", s)
	}
	if err := toWire(&url.URL{Host: u.Host}); err != nil {
		return site, true, fmt.Errorf("URL %q: %w", s, err)
	}
	site.Host = strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if p := u.Port(); p != "" {
		port, err := strconv.ParseUint(p, 10, 16)
		if err != nil || port == 0 {
			return site, true, fmt.Errorf("URL %q: the port must be from 1 to 65535", s)
		}
		site.Port = uint16(port)
	}
	switch site.Kind {
	case KindTCP:
		if site.Port == 0 {
			return site, true, fmt.Errorf("URL %q: a tcp endpoint needs a port, as tcp://%s:5432", s, u.Hostname())
		}
	case KindDNS:
		site.DNS, err = questionOf(s, u)
	case KindHTTP, KindTLS:
	}
	return site, true, err
}

// questionOf reads the question of a URL.
func questionOf(s string, u *url.URL) (*DNSQuestion, error) {
	name := strings.TrimSuffix(strings.ToLower(strings.TrimPrefix(u.Path, "/")), ".")
	q := &DNSQuestion{Name: name}
	if problem := questionProblem(name); problem != "" {
		return nil, fmt.Errorf("URL %q: want one as dns://192.0.2.1/example.com?type=A: %s", s, problem)
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("URL %q: its query cannot be parsed", s)
	}
	for key, value := range values {
		if key != "type" || len(value) != 1 {
			return nil, fmt.Errorf("URL %q: a question has a type alone, once, as ?type=A", s)
		}
		q.Type = RecordType(strings.ToUpper(value[0]))
		if !slices.Contains(RecordTypes(), q.Type) {
			return nil, fmt.Errorf("URL %q: %q is not a type of records that can be asked for%s", s, value[0], suggest.HintAndKnown(value[0], texts(RecordTypes())))
		}
	}
	return q, nil
}

// questionProblem says why a name cannot be asked for; "" for one that can. Names of DNS may have other
// letters than hosts: _dmarc and the like.
func questionProblem(name string) string {
	switch {
	case name == "":
		return "the name is missing"
	case name == ".":
		return ""
	case len(name) > 253:
		return "the name is longer than 253 characters"
	case strings.HasSuffix(name, "."):
		return "leave out the final dot"
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.*") != "":
		return "the name has a character other than a-z, 0-9, '-', '_', '*' and dot"
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return "the name has an empty label, or one longer than 63 characters"
		}
	}
	return ""
}

// name is what a site is called among others of its host: every kind has a name of its own.
func (s Site) name(port uint16) string {
	name := s.Host + "_" + strconv.Itoa(int(port)) + "_" + string(s.Kind)
	if s.DNS != nil {
		name += "_" + s.DNS.Name
		if s.DNS.Type != "" {
			name += "_" + strings.ToLower(string(s.DNS.Type))
		}
	}
	return name
}

// URL writes the site again.
func (s Site) URL() string {
	host := s.Host
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	if s.Port != 0 {
		host += ":" + strconv.Itoa(int(s.Port))
	}
	text := string(s.Kind) + "://" + host
	if s.DNS != nil {
		text += "/" + s.DNS.Name
		if s.DNS.Type != "" {
			text += "?type=" + string(s.DNS.Type)
		}
	}
	return text
}

// Ports are those of an endpoint that is the site; nil where it has the kind's own.
func (s Site) Ports() *Ports {
	switch {
	case s.Port == 0:
		return nil
	case s.Kind == KindTLS:
		return &Ports{TLS: s.Port}
	case s.Kind == KindTCP:
		return &Ports{TCP: s.Port}
	}
	return &Ports{DNS: s.Port}
}
