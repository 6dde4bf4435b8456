// Package command writes command lines of standard tools, with which anybody can see for
// themselves what the prober found: dig, openssl, curl, and a POSIX shell around them.
//
// Every word that is not the package's own is quoted: host names, paths and files are the
// user's, and may hold anything. No command waits longer than about ten seconds.
package command

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// join joins parts of a command line with spaces and leaves out the empty ones.
func join(parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// Line is a command line of the given words, each quoted if it needs to be.
func Line(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Word(w)
	}
	return strings.Join(quoted, " ")
}

// Word is s as one word of a POSIX shell, in quotes if it needs them.
func Word(s string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_./:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Dig asks a resolver for the records of a type; the system's where resolver is the zero
// value.
func Dig(resolver netip.AddrPort, name, kind string) string {
	cmd := "dig"
	if resolver.IsValid() {
		cmd += " " + Word("@"+resolver.Addr().String())
		if resolver.Port() != 53 {
			cmd += " -p " + strconv.Itoa(int(resolver.Port()))
		}
	}
	return fmt.Sprintf("%s %s %s +tries=1 +time=5", cmd, Word(strings.TrimSuffix(name, ".")+"."), kind)
}

// Connect connects and says how that went.
func Connect(to netip.AddrPort) string {
	return fmt.Sprintf("curl -gsv -o /dev/null --connect-timeout 5 %s </dev/null", Word("telnet://"+to.String()))
}

// Open connects to what takes connections, says so, and goes away after three seconds: most that are told nothing wait for longer.
func Open(to netip.AddrPort) string {
	return fmt.Sprintf("curl -gsv -o /dev/null --max-time 3 %s </dev/null", Word("telnet://"+to.String()))
}

// ConnectTime connects and says how long that took, up to the time that a probe waits. It goes away a second later.
func ConnectTime(to netip.AddrPort) string {
	return fmt.Sprintf(`curl -gs -o /dev/null -w 'connected %%{time_connect} s\n' --max-time 6 %s </dev/null`, Word("telnet://"+to.String()))
}

// HandshakeTimes connects, makes a handshake and says how long each took, from the beginning on. A request follows, which may
// stay without a reply.
func HandshakeTimes(to netip.AddrPort, host, caFile string) string {
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	return join(`curl -gsS -o /dev/null -w 'connected %{time_connect} s, TLS %{time_appconnect} s\n' --no-alpn --noproxy '*' --max-time 5`,
		file("--cacert", caFile), "--connect-to "+Word("::"+to.String()), Word("https://"+host+"/"))
}

// Talk connects, sends some bytes, and shows the first that come back one by one. A greeting may take its
// time: the input stays open for a moment.
func Talk(to netip.AddrPort, send []byte) string {
	said := ""
	if len(send) > 0 {
		said = "printf " + Word(escaped(send)) + "; "
	}
	return fmt.Sprintf("(%ssleep 3) | curl -gsSN --max-time 10 %s | head -c 512 | od -c", said, Word("telnet://"+to.String()))
}

// escaped is a format of printf that writes some bytes.
func escaped(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		switch {
		case c == '%':
			out.WriteString("%%")
		case c < ' ' || c >= 0x7f || c == '\\':
			fmt.Fprintf(&out, `\%03o`, c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// AsClient makes a command line show a certificate to a server that asks for one.
func AsClient(line, certificate, key string) string {
	if certificate == "" {
		return line
	}
	c, k := Word(certificate), Word(key)
	return strings.NewReplacer(
		"openssl s_client ", "openssl s_client -cert "+c+" -key "+k+" ",
		"gnutls-cli ", "gnutls-cli --x509certfile "+c+" --x509keyfile "+k+" ",
		"curl -gsS ", "curl -gsS --cert "+c+" --key "+k+" ",
	).Replace(line)
}

// Ping asks whether this machine has a route to an address.
func Ping(a netip.Addr) string { return "ping -c 1 " + Word(a.String()) }

// Handshake is openssl's client as far as the handshake goes. caFile are the authorities to
// trust; empty for the system's. flags go to openssl as they are.
func Handshake(to netip.AddrPort, host, caFile, flags string) string {
	return join("timeout 10 openssl s_client -connect", Word(to.String()), serverName(host), file("-CAfile", caFile), flags, "</dev/null")
}

// Names are the subject and the names of the leaf certificate. flags go to openssl's client as
// they are.
func Names(to netip.AddrPort, host, flags string) string {
	return Handshake(to, host, "", flags) + leafNames
}

// What reads certificates in the output of a client.
const (
	leafNames = " | openssl x509 -noout -subject -ext subjectAltName"
	fromStdin = " | openssl crl2pkcs7 -nocrl -certfile /dev/stdin"
)

// Flags joins flags with spaces and leaves out the empty ones.
func Flags(flags ...string) string { return join(flags...) }

// VerifyName makes openssl compare the certificate with a host name or an address.
func VerifyName(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return "-verify_ip " + Word(a.String())
	}
	return "-verify_hostname " + Word(inTLS(host))
}

// inTLS is a host as TLS and certificates write it: without the dot at its end (RFC 6066, section 3), which openssl and
// gnutls-cli would send, and some servers refuse.
func inTLS(host string) string { return strings.TrimSuffix(host, ".") }

// Chain is every certificate in text, whatever their keys and signatures; pattern selects
// the lines. flags go to openssl's client as they are; where they name ciphers, those are to
// permit weak keys.
func Chain(to netip.AddrPort, host, flags, pattern string) string {
	if !strings.Contains(flags, "-cipher ") {
		flags = join(flags, "-cipher DEFAULT:@SECLEVEL=0")
	}
	return Handshake(to, host, "", join("-showcerts", flags)) + fromStdin + text(pattern)
}

// Roots is every certificate of a file in text; pattern selects the lines.
func Roots(name, pattern string) string {
	return "openssl crl2pkcs7 -nocrl -certfile " + Word(name) + text(pattern)
}

func text(pattern string) string {
	return " | openssl pkcs7 -print_certs -text -noout | grep -E " + Word(pattern)
}

// GnuTLS is a handshake of GnuTLS's client, which looks at stapled OCSP responses.
func GnuTLS(to netip.AddrPort, host, caFile string) string { return gnuTLS(to, host, caFile, "") }

// oldSuites make GnuTLS offer RC4 and 3DES as well, which common builds of openssl do not have, and the versions that
// go with them.
const oldSuites = "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+RSA:+3DES-CBC:+ARCFOUR-128:%VERIFY_ALLOW_BROKEN"

// HandshakeOld is GnuTLS's client in place of [Handshake], for servers that have RC4 or 3DES alone. The flags are
// openssl's, and left out.
func HandshakeOld(to netip.AddrPort, host, caFile, _ string) string {
	return gnuTLS(to, host, caFile, "--priority "+Word(oldSuites))
}

// NamesOld are [Names] of such a server.
func NamesOld(to netip.AddrPort, host, _ string) string { return sentOld(to, host) + leafNames }

// ChainOld is [Chain] of such a server.
func ChainOld(to netip.AddrPort, host, _, pattern string) string {
	return sentOld(to, host) + fromStdin + text(pattern)
}

func sentOld(to netip.AddrPort, host string) string {
	return gnuTLS(to, host, "", "--insecure --print-cert --priority "+Word(oldSuites))
}

func gnuTLS(to netip.AddrPort, host, caFile, flags string) string {
	name := "--disable-sni"
	if _, err := netip.ParseAddr(host); err != nil {
		name = "--sni-hostname " + Word(inTLS(host))
	}
	return join("timeout 10 gnutls-cli", flags, file("--x509cafile", caFile), "-p", strconv.Itoa(int(to.Port())), name, "--verify-hostname", Word(inTLS(host)), to.Addr().String(), "</dev/null")
}

func serverName(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return "-noservername"
	}
	return "-servername " + Word(inTLS(host))
}

func file(flag, name string) string {
	if name == "" {
		return ""
	}
	return flag + " " + Word(name)
}

// Scan lists the protocol versions that a server accepts, SSLv2 and SSLv3 included, which
// common builds of openssl cannot speak.
func Scan(to netip.AddrPort, host string) string {
	return "sslscan " + Word("--sni-name="+inTLS(host)) + " " + Word(to.String())
}
