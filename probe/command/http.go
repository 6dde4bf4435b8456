package command

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"prober/limit"
)

// Request is an HTTP/1.1 request as a command line sends it.
type Request struct {
	Scheme string // "https" or "http"
	CAFile string // empty: the system's authorities
	// ServerName is asked for in the handshake, where it is not the host of the request.
	ServerName string
	// Wire is the request as it goes over the wire: curl sends these bytes, but for the order
	// of the header fields.
	Wire string
	// Values are those that marks in Wire stand for; see [Mark].
	Values []Value
}

// Curl sends r to an address under its own name and shows the reply.
func Curl(to netip.AddrPort, r Request) string { return curl(to, r, "-i") }

// Size sends r, and shows the head of the reply and the size of its decoded body, up to most
// bytes. curl decodes what it can, though it asks for no coding unless r does.
func Size(to netip.AddrPort, r Request, most int) string {
	flags := "-D /dev/stderr --compressed"
	if !strings.Contains(r.Wire, "\r\nAccept-Encoding:") {
		flags += " -H Accept-Encoding:"
	}
	return fmt.Sprintf("%s | head -c %d | wc -c", curl(to, r, flags), most)
}

// Gzip sends r, shows the head of the reply and tests whether its body is what gzip wrote.
func Gzip(to netip.AddrPort, r Request) string { return curl(to, r, "-D /dev/stderr") + " | gzip -t" }

// Decode sends r, shows the head of the reply, and has curl undo the codings of its body, which says
// what is wrong with them.
func Decode(to netip.AddrPort, r Request) string {
	return curl(to, r, "-D /dev/stderr -o /dev/null --compressed -H Accept-Encoding:")
}

// curl sends r. output says what is shown.
func curl(to netip.AddrPort, r Request, output string) string {
	head, body, _ := strings.Cut(r.Wire, "\r\n\r\n")
	fields := strings.Split(head, "\r\n")
	method, target, _ := strings.Cut(fields[0], " ")
	target, _, _ = strings.Cut(target, " ")
	authority, data := "", ""
	given := map[string]bool{}
	var flags []string
	for _, field := range fields[1:] {
		name, value, _ := strings.Cut(field, ": ")
		given[name] = true
		switch name {
		case "Host":
			authority = value
		case "Content-Length": // curl counts itself
			data = r.data(body)
		default:
			if value == "" {
				field = name + ";"
			}
			flags = append(flags, "-H "+r.word(field))
		}
	}
	// What curl would add of its own accord, to a body above all.
	for _, name := range []string{"User-Agent", "Accept", "Content-Type", "Expect"} {
		if !given[name] && (data != "" || name == "User-Agent" || name == "Accept") {
			flags = append(flags, "-H "+Word(name+":"))
		}
	}
	if r.ServerName != "" {
		flags = append(flags, "-H "+Word("Host: "+authority))
		authority = r.ServerName
	}
	verb := "-X " + Word(method)
	switch {
	case method == http.MethodHead:
		verb = "-I" // curl would wait for a body
	case method == http.MethodGet && data == "":
		verb = ""
	}
	parts := []string{
		"curl -gsS", output, "--http1.1 --path-as-is --noproxy '*' --max-time 5", file("--cacert", r.CAFile),
		"--connect-to " + Word("::"+to.String()), verb,
	}
	return join(append(append(parts, flags...), data, r.word(r.Scheme+"://"+authority+target))...)
}

// HeadSize sends r and shows how many lines and bytes the head of the reply has, up to most
// bytes.
func HeadSize(to netip.AddrPort, host string, r Request, most int) string {
	return fmt.Sprintf(`%s | head -c %d | sed '/^\r*$/q' | wc -lc`, bytesOf(to, host, r), most)
}

// Bytes sends r and shows the reply's first bytes one by one: curl mends some replies, and
// refuses to show others.
func Bytes(to netip.AddrPort, host string, r Request) string {
	return fmt.Sprintf("%s | head -c %d | od -c", bytesOf(to, host, r), mostBytes)
}

// mostBytes is how much of a reply is shown byte by byte: all that is read of one, so that what is
// wrong in it is among them.
const mostBytes = limit.BodyBytes + limit.HeaderBytes

// bytesOf sends r and writes out the reply.
func bytesOf(to netip.AddrPort, host string, r Request) string {
	if r.Scheme == "http" {
		return Plain(to, r)
	}
	return overTLS(to, host, r) + " 2>/dev/null"
}

// Ending sends r, and shows what openssl says of the end of the stream.
func Ending(to netip.AddrPort, host string, r Request) string {
	return overTLS(to, host, r) + " >/dev/null"
}

func overTLS(to netip.AddrPort, host string, r Request) string {
	return join(send(r), "| timeout 10 openssl s_client -quiet -ign_eof -connect", Word(to.String()), serverName(host), file("-CAfile", r.CAFile))
}

// Plain sends r without TLS, and shows what comes back. curl is found more often than netcat,
// of which there are several that end differently.
func Plain(to netip.AddrPort, r Request) string {
	return send(r) + " | curl -gsSN --max-time 10 " + Word("telnet://"+to.String())
}

// Times sends r and shows how long its phases take, each from the beginning on.
func Times(to netip.AddrPort, r Request) string {
	return curl(to, r, `-o /dev/null -w 'connected %{time_connect} s, TLS %{time_appconnect} s, first byte %{time_starttransfer} s, total %{time_total} s\n'`)
}
