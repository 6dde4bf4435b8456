package dns

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"

	"prober/limit"
)

// maxNameservers is how many nameserver lines count, as in the C library (MAXNS).
const maxNameservers = 3

// ErrNoNameserver is returned for a resolver configuration without a usable nameserver
// line. The C library would ask 127.0.0.1 then; for a prober that hides a broken file.
var ErrNoNameserver = errors.New("no usable nameserver line")

// errNoPlainFile is what a resolver configuration can be that has no end, or never comes.
var errNoPlainFile = errors.New("is no plain file")

// SystemResolvers reads the resolvers of this machine from path, usually
// /etc/resolv.conf, which must be a plain file: opening a pipe waits for somebody to write to it.
func SystemResolvers(path string) ([]netip.AddrPort, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err // names the operation and the path
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNoPlainFile}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err // names the operation and the path
	}
	defer func() { _ = f.Close() }() // only read from
	resolvers, err := ParseResolvConf(io.LimitReader(f, limit.ResolvConf))
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", path, err)
	}
	return resolvers, nil
}

// ParseResolvConf returns the first three name servers of a resolver configuration
// (resolv.conf(5)), on port 53, without repetitions. IPv6 addresses may have a zone;
// IPv4-mapped ones are turned into IPv4. Lines it cannot read are skipped as the C library
// does, however long they are, but if no nameserver line is left the error wraps [ErrNoNameserver] and quotes the
// first bad one.
func ParseResolvConf(r io.Reader) ([]netip.AddrPort, error) {
	var (
		resolvers []netip.AddrPort
		bad       string
	)
	lines := bufio.NewReader(r)
	for {
		line, cut, err := lines.ReadLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading lines: %w", err)
		}
		fields := strings.Fields(string(line))
		for cut && err == nil { // the rest of it is no line of its own
			_, cut, err = lines.ReadLine()
		}
		if len(fields) == 0 || fields[0] != "nameserver" {
			continue
		}
		if len(fields) < 2 {
			fields = append(fields, "")
		}
		addr, err := netip.ParseAddr(fields[1])
		if err != nil {
			if bad == "" {
				bad = fmt.Sprintf(": nameserver %.80q is not an IP address", fields[1])
			}
			continue
		}
		server := netip.AddrPortFrom(addr.Unmap(), 53)
		if !slices.Contains(resolvers, server) {
			resolvers = append(resolvers, server)
		}
		if len(resolvers) == maxNameservers {
			return resolvers, nil
		}
	}
	if len(resolvers) == 0 {
		return nil, fmt.Errorf("%w%s", ErrNoNameserver, bad)
	}
	return resolvers, nil
}
