package main

import (
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe"
	"prober/report"
	"prober/session"
)

// checkTargets returns the targets that the arguments name, as far as narrow covers them, or without arguments those
// that the flags select.
func checkTargets(s *session.Session, args []string, narrow catalog.Selection) ([]probe.Target, error) {
	if len(args) == 0 {
		return s.Targets(), nil
	}
	var targets []probe.Target
	for _, arg := range args {
		if strings.Contains(arg, "://") {
			t, err := parseURL(arg)
			if err != nil {
				return nil, err
			}
			targets = append(targets, t)
			continue
		}
		endpoints, err := s.Catalog.Match(arg)
		if err != nil && isList(arg) {
			return nil, usage("no endpoint is named %q; did you mean \"--endpoints %s\"?", arg, arg)
		}
		if err != nil && isHost(arg) {
			t, err := parseURL("https://" + arg)
			if err != nil {
				return nil, err
			}
			targets = append(targets, t)
			continue
		}
		if first, _, _ := strings.Cut(arg, "/"); err != nil && isHost(first) {
			return nil, usage("%w; did you mean %q?", err, "https://"+arg)
		}
		if err != nil {
			return nil, usage("%w; \"prober endpoints list\" shows them, and a URL starts with https://", err)
		}
		covered := slices.DeleteFunc(slices.Clone(endpoints), func(e catalog.Endpoint) bool { return !narrow.Covers(e.Product, e.Region, e.Network) })
		if len(covered) == 0 {
			return nil, usage("%q names nothing that is selected, which is %s: leave one of them out", arg, report.Selection{Products: narrow.Products, Regions: narrow.Regions, Networks: narrow.Networks})
		}
		targets = append(targets, s.TargetsOf(covered)...)
	}
	return targets, nil
}

// isList reports whether an argument that names no endpoint has the name of a file of them.
func isList(arg string) bool {
	if first, _, inPath := strings.Cut(arg, "/"); inPath && isHost(first) {
		return false
	}
	switch path.Ext(arg) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// isHost reports whether an argument that names no endpoint can only be a host, for which https is
// meant: it has a dot or a port, and nothing of an id or a pattern.
func isHost(arg string) bool {
	arg, _, _ = strings.Cut(arg, "?") // a query, where nothing before it belongs to an id
	if strings.ContainsAny(arg, "/*[") && !strings.HasPrefix(arg, "[") {
		return false
	}
	if _, port, err := net.SplitHostPort(arg); err == nil && port != "" && strings.Trim(port, "0123456789") == "" {
		return true
	}
	return strings.ContainsAny(arg, ".。") && !strings.ContainsAny(arg, "[:")
}

// parseURL makes a target of style none from a URL.
func parseURL(s string) (probe.Target, error) {
	if site, is, err := catalog.ParseSite(s); err != nil {
		return probe.Target{}, usage("%w", err)
	} else if is {
		e := catalog.Endpoint{ID: site.URL(), Host: site.Host, Network: catalog.Public, Lifecycle: catalog.Active, Ports: site.Ports()}
		return probe.Target{Endpoint: e, Scheme: site.Kind.Scheme(), Own: &probe.Own{DNS: site.DNS}}, nil
	}
	u, err := catalog.ParseURL(s)
	if err != nil {
		return probe.Target{}, usage("%w", err)
	}
	e := catalog.Endpoint{ID: u.Text, Host: u.Host, Network: catalog.Public, Lifecycle: catalog.Active}
	if u.Port != 0 {
		e.Ports = &catalog.Ports{HTTPS: u.Port, HTTP: u.Port}
	}
	return probe.Target{Endpoint: e, Scheme: u.Scheme, Path: u.Target, Authority: u.Authority}, nil
}

// parseAddress reads --address.
func parseAddress(s string) (netip.Addr, error) {
	if s == "" {
		return netip.Addr{}, nil
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		if _, _, perr := net.SplitHostPort(s); perr == nil {
			return netip.Addr{}, usage("--address %q: give the IP address alone; the port belongs to the URL or the catalogue", s)
		}
		return netip.Addr{}, usage("--address %q: not an IP address", s)
	}
	return addr, nil
}
