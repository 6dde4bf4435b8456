package command

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Request is a GET request as a command line can send it.
type Request struct {
	Scheme    string // "https" or "http"
	Authority string // Host and the name in the certificate; may have a port
	Target    string // path and query, as sent
	CAFile    string // empty: the system's authorities
}

// Curl sends r to an address under its own name and shows the reply.
func Curl(to netip.AddrPort, r Request) string { return curl(to, r, "-i") }

// CurlExactly is Curl for a request as it goes over the wire: curl sends these bytes, but for
// the order of the header fields. The method, the target and the fields of wire stand in for
// those of r.
func CurlExactly(to netip.AddrPort, r Request, wire string) string {
	head, body, _ := strings.Cut(wire, "\r\n\r\n")
	fields := strings.Split(head, "\r\n")
	start := strings.Split(fields[0], " ")
	r.Target = start[1]
	given := map[string]bool{}
	var flags []string
	data := ""
	for _, field := range fields[1:] {
		name, value, _ := strings.Cut(field, ": ")
		given[name] = true
		switch name {
		case "Host":
			r.Authority = value
		case "Content-Length": // curl counts itself
			data = "--data-raw " + Word(body)
		default:
			if value == "" {
				field = name + ";"
			}
			flags = append(flags, "-H "+Word(field))
		}
	}
	// What curl would add of its own accord, to a body above all.
	for _, name := range []string{"User-Agent", "Accept", "Content-Type", "Expect"} {
		if !given[name] && (data != "" || name == "User-Agent" || name == "Accept") {
			flags = append(flags, "-H "+Word(name+":"))
		}
	}
	method := "-X " + Word(start[0])
	switch {
	case start[0] == http.MethodHead:
		method = "-I" // curl would wait for a body
	case start[0] == http.MethodGet && data == "":
		method = ""
	}
	return curl(to, r, "-i", method, join(append(flags, data)...))
}

// curl sends r. output says what is shown; flags are further ones.
func curl(to netip.AddrPort, r Request, output string, flags ...string) string {
	parts := []string{
		"curl -gsS", output, "--http1.1 --path-as-is --noproxy '*' --max-time 5", file("--cacert", r.CAFile),
		"--connect-to " + Word("::"+to.String()),
	}
	return join(append(append(parts, flags...), Word(fmt.Sprintf("%s://%s%s", r.Scheme, r.Authority, r.Target)))...)
}

// Size sends r, and shows the size of the decoded reply instead of the reply, up to most
// bytes.
func Size(to netip.AddrPort, r Request, most int) string {
	return fmt.Sprintf("%s | head -c %d | wc -c", curl(to, r, "--compressed"), most)
}

// Gzip sends r, shows the head of the reply and tests whether its body is what gzip wrote.
func Gzip(to netip.AddrPort, r Request) string { return curl(to, r, "-D /dev/stderr") + " | gzip -t" }

// HeadSize sends a GET request as it is and shows how many lines and bytes the head of the
// reply has, up to most bytes.
func HeadSize(to netip.AddrPort, host string, r Request, most int) string {
	return fmt.Sprintf(`%s | head -c %d | sed '/^\r*$/q' | wc -lc`, bytesOf(to, host, r), most)
}

// Bytes sends a GET request as it is and shows the reply's first bytes one by one: curl
// mends some replies, and refuses to show others.
func Bytes(to netip.AddrPort, host string, r Request) string {
	return bytesOf(to, host, r) + " | head -c 4096 | od -c"
}

// bytesOf sends a GET request as it is and writes out the reply.
func bytesOf(to netip.AddrPort, host string, r Request) string {
	via := plainPipe(to)
	if r.Scheme != "http" {
		via = join("timeout 10 openssl s_client -quiet -ign_eof -connect", Word(to.String()), serverName(host), file("-CAfile", r.CAFile), "2>/dev/null")
	}
	return send(r.Target, r.Authority) + " | " + via
}

// Plain sends a GET request without TLS, and shows what comes back.
func Plain(to netip.AddrPort, target, authority string) string {
	return send(target, authority) + " | " + plainPipe(to)
}

// send writes a request to its output.
func send(target, authority string) string {
	return fmt.Sprintf(`printf 'GET %%s HTTP/1.1\r\nHost: %%s\r\nConnection: close\r\n\r\n' %s %s`, Word(target), Word(authority))
}

// plainPipe connects its input and output to an address. curl is found more often than
// netcat, of which there are several that end differently.
func plainPipe(to netip.AddrPort) string {
	return "curl -gsSN --max-time 10 " + Word("telnet://"+to.String())
}
