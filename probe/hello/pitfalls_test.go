package hello_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"prober/probe/hello"
)

// TestPitfalls runs a server for each way in which scanners of TLS versions were seen to go
// wrong; most have a report in the trackers of sslscan, testssl.sh, sslyze, nmap or
// SSL Labs. By number:
//
//	 1 a lower version in the answer is no acceptance, and the record's version means nothing
//	 2 a higher version in the answer
//	 3 which alert means "not this version" differs from server to server
//	 4 a close without an alert is a usual refusal
//	 5 and means nothing when everything is closed or reset
//	 6 silence may be the network's
//	 7 a warning before the ServerHello, or before the alert that counts
//	 8 an alert about the server name is not about the version
//	 9 the ServerHello in pieces, or with other messages in its record
//	10 records before it, possibly without end
//	11 another protocol in plain text
//	12 TLS 1.3 is told by an extension, and a HelloRetryRequest is acceptance
//	13 servers with unusual suites only, or that drop long lists
//	14 a choice that was not offered proves nothing
//	15 which extensions belong into which version (TestHelloPitfalls)
//	16 lengths of the hello that load balancers hang on (TestLengths)
//	17 the record version of the hello, and no GREASE (TestHelloPitfalls)
//	18 no fallback signalling value
//	19 SSLv2, and the SSLv2 form of a TLS hello
//	20 a demanded client certificate does not matter
//	21 limits on connections (TestRateLimits)
//	22 addresses of one name differ (TestEveryAddressIsItsOwn)
//	23 the downgrade sentinel as a cross-check
func TestPitfalls(t *testing.T) {
	const tls10, tls11, tls12, tls13 = hello.TLS10, hello.TLS11, hello.TLS12, hello.TLS13
	whole := choose(tls12).message()
	certificate := append([]byte{11, 0, 8, 0}, make([]byte, 2048)...)
	for _, b := range []behaviour{
		{
			name:   "1: answered lower under a record version that says otherwise",
			server: accepting(tls10).but(tls12, func(question) reply { r := choose(tls10).send(); r.data[2] = 3; return r }),
			want:   "RRARRR", about: tls12, evidence: "ServerHello TLS1.0",
		},
		{
			name:   "1: accepted under a low record version",
			server: modern().but(tls12, func(question) reply { r := choose(tls12).send(); r.data[2] = 1; return r }),
			want:   "RRRRAA", about: tls12,
		},
		{
			name: "2: answered higher", server: modern().but(hello.SSLv3, always(choose(tls12).send())),
			want: "RRRRAA", about: hello.SSLv3, note: "answers a hello for SSLv3 with TLS1.2",
		},
		{
			name:   "3: internal_error of a server whose security level forbids the version",
			server: modern().but(tls10, always(fatal(80))).but(tls11, always(fatal(80))),
			want:   "RRRRAA", about: tls10, evidence: "internal_error",
		},
		{
			name: "3: unexpected_message, insufficient_security and handshake_failure to SSLv2",
			server: modern().but(hello.SSLv2, func(q question) reply {
				return fatal([]byte{10, 71, 40, 80}[q.n%4])
			}),
			want: "RRRRAA", about: hello.SSLv2, evidence: "fatal", tries: 1,
		},
		{
			name: "3: warning close_notify to SSLv2", server: modern().but(hello.SSLv2, always(reply{data: alert(1, 0), end: endEOF})),
			want: "RRRRAA", about: hello.SSLv2, evidence: "close_notify", tries: 1,
		},
		{
			name:   "4: closed without an alert",
			server: modern().but(hello.SSLv2, always(reply{end: endEOF})).but(hello.SSLv3, always(reply{end: endEOF})),
			want:   "RRRRAA", about: hello.SSLv2, evidence: "EOF",
		},
		{name: "5: a server with a bad configuration resets all", server: always(reply{end: endReset}), want: "IIIIII"},
		{
			name: "5: alerts for some and resets for the rest are no control",
			server: func(q question) reply {
				if q.version == tls12 {
					return fatal(70)
				}
				return reply{end: endReset}
			},
			want: "IIIIRI", about: tls13, note: "no version was accepted",
		},
		{
			name: "6: silence for some versions", server: modern().but(tls10, always(reply{})).but(tls11, always(reply{})),
			want: "RRIIAA", about: tls11, evidence: "silence", note: "TLS1.2 was answered",
		},
		{
			name:   "7: warning unrecognized_name, then a ServerHello",
			server: modern().but(tls12, always(reply{data: append(alert(1, 112), record(22, whole, 0)...)})),
			want:   "RRRRAA", about: tls12, tries: 1,
		},
		{
			name:   "7: warning unrecognized_name, then fatal handshake_failure",
			server: modern().but(tls12, always(reply{data: append(alert(1, 112), alert(2, 40)...), end: endEOF})),
			want:   "RRRRRA", about: tls12, evidence: "fatal handshake_failure", tries: 5,
		},
		{
			name: "8: strict SNI for all versions, SSLv3 included",
			server: func(q question) reply {
				if q.version != hello.SSLv2 && q.sni != "other.example.com" {
					return fatal(112)
				}
				return modern()(q)
			},
			want: "RIIIII", about: tls12, evidence: "unrecognized_name", withoutSNI: "inconclusive: fatal unrecognized_name",
		},
		{
			name: "8: a name refused, and protocol_version for versions that are off",
			server: func(q question) reply {
				if q.version >= tls12 && q.sni != "" {
					return fatal(112)
				}
				return modern()(q)
			},
			want: "RRRRII", about: tls13, withoutSNI: "accepted: ServerHello TLS1.3",
		},
		{
			name: "8: SSLv2 and SSLv3 are about the default host", server: modern(),
			want: "RRRRAA", about: hello.SSLv3, note: "default host",
		},
		{
			name: "9: ServerHello one byte a segment", server: modern().but(tls12, always(reply{data: record(22, whole, 0), chunk: 1})),
			want: "RRRRAA", about: tls12, tries: 1,
		},
		{
			name: "9: ServerHello split over records", server: modern().but(tls12, always(reply{data: record(22, whole, 7)})),
			want: "RRRRAA", about: tls12, tries: 1,
		},
		{
			name:   "9: ServerHello and Certificate in one record",
			server: modern().but(tls12, always(reply{data: record(22, append(slices.Clone(whole), certificate...), 0)})),
			want:   "RRRRAA", about: tls12, tries: 1,
		},
		{
			name:   "10: alert, ChangeCipherSpec and an empty record first",
			server: modern().but(tls13, always(reply{data: slices.Concat(alert(1, 112), record(20, []byte{1}, 0), record(22, nil, 0), record(22, retry(29).message(), 0))})),
			want:   "RRRRAA", about: tls13, tries: 1,
		},
		{
			name: "10: warnings without end", server: modern().but(tls12, always(reply{data: bytes.Repeat(alert(1, 112), 4000)})),
			want: "RRRRIA", about: tls12, evidence: "64 records", tries: 2,
		},
		{
			name: "10: empty records without end", server: modern().but(tls12, always(reply{data: bytes.Repeat(record(22, nil, 0), 4000)})),
			want: "RRRRIA", about: tls12, evidence: "64 records", tries: 2,
		},
		{
			name: "11: SMTP banner", server: always(reply{data: []byte("220 mail\r\n")}), want: "IIIIII",
			about: hello.SSLv2, evidence: `text "220 mail\r\n"`,
		},
		{
			name:   "12: only TLS 1.2 in answer to a hello for 1.3 alone",
			server: accepting(tls12).but(tls13, always(choose(tls12).send())), want: "RRRRAR",
			about: tls13, evidence: "ServerHello TLS1.2", tries: 2,
		},
		{
			name:   "12: 1.3 in the version field, and no supported_versions",
			server: modern().but(tls13, always(helloFields{version: 0x0304, suite: 0x1301, extensions: []extension{}}.send())),
			want:   "RRRRAI", about: tls13, evidence: "without the supported_versions extension",
		},
		{
			name: "12: missing_extension until there is a key share",
			server: modern().but(tls13, func(q question) reply {
				if len(q.shares) == 0 {
					return fatal(109)
				}
				return choose(tls13).send()
			}),
			want: "RRRRAA", about: tls13, tries: 2,
		},
		{
			name: "13: a server that drops more than 100 suites",
			server: modern().but(tls12, func(q question) reply {
				if len(q.suites) > 100 {
					return reply{end: endReset}
				}
				return choose(tls12).send()
			}),
			want: "RRRRAA", about: tls12, tries: 2,
		},
		{
			name:   "13: 1.0 with RC4 only",
			server: accepting(tls10).but(tls10, always(helloFields{version: 0x0301, suite: 0x0005}.send())), want: "RRARRR", about: tls10,
		},
		{
			name:   "13: 1.0 with an export suite only",
			server: accepting(tls10).but(tls10, always(helloFields{version: 0x0301, suite: 0x0003}.send())), want: "RRARRR", about: tls10,
		},
		{
			name:   "13: 1.2 with CCM only",
			server: accepting(tls12).but(tls12, always(helloFields{version: 0x0303, suite: 0xc0ae}.send())), want: "RRRRAR", about: tls12,
		},
		{
			name: "13: 1.2 with a pre-shared key only",
			server: accepting(tls12).but(tls12, func(q question) reply {
				if slices.Contains(q.suites, 0x00a8) {
					return helloFields{version: 0x0303, suite: 0x00a8}.send()
				}
				return fatal(40)
			}),
			want: "RRRRAR", about: tls12, tries: 3,
		},
		{
			name:   "14: a suite that was not offered",
			server: modern().but(tls12, always(helloFields{version: 0x0303, suite: 0x1301}.send())),
			want:   "RRRRIA", about: tls12, evidence: "TLS_AES_128_GCM_SHA256, which was not offered",
		},
		{
			name:   "14: the signalling value as the suite",
			server: modern().but(tls12, always(helloFields{version: 0x0303, suite: 0x00ff}.send())), want: "RRRRIA", about: tls12,
		},
		{
			name:   "14: a compression that was not offered",
			server: modern().but(tls12, always(helloFields{version: 0x0303, suite: 0xc02f, compression: 1}.send())),
			want:   "RRRRIA", about: tls12, evidence: "compression method 1",
		},
		{
			name: "18: no hello holds the fallback value",
			server: func(q question) reply {
				if slices.Contains(q.suites, 0x5600) {
					return fatal(86)
				}
				return accepting(tls10, tls11, tls12, tls13)(q)
			},
			want: "RRAAAA", about: tls10, tries: 1,
		},
		{
			name:   "19: TLS in answer to an SSLv2 hello",
			server: accepting(tls10).but(hello.SSLv2, always(choose(tls10).send())), want: "RRARRR",
			about: hello.SSLv2, evidence: "ServerHello TLS1.0",
		},
		{
			name:   "19: SERVER-HELLO without ciphers",
			server: modern().but(hello.SSLv2, always(reply{data: serverHelloSSLv2()})), want: "ARRRAA",
			about: hello.SSLv2, note: "CVE-2015-3197",
		},
		{
			name:   "19: SERVER-HELLO with another version",
			server: modern().but(hello.SSLv2, func(question) reply { b := serverHelloSSLv2(0x010080); b[6] = 3; return reply{data: b} }),
			want:   "IRRRAA", about: hello.SSLv2, evidence: "version 0x0003",
		},
		{
			name:   "19: SERVER-HELLO whose lengths do not add up",
			server: modern().but(hello.SSLv2, func(question) reply { b := serverHelloSSLv2(0x010080); b[8]++; return reply{data: b} }),
			want:   "IRRRAA", about: hello.SSLv2, evidence: "lengths",
		},
		{
			name:   "20: a client certificate is demanded",
			server: modern().but(tls12, always(reply{data: record(22, slices.Concat(whole, certificate, []byte{13, 0, 0, 4, 1, 1, 0, 0}), 0), end: endReset})),
			want:   "RRRRAA", about: tls12, tries: 1,
		},
		{
			name:   "23: 1.3 refused although the sentinel shows that it is on",
			server: accepting(tls12).but(tls12, always(choose(tls12).withRandomTail("DOWNGRD\x01").send())), want: "RRRRAI",
			about: tls13, note: "downgrade sentinel of a server that has TLS 1.3",
		},
		{
			name:   "23: 1.2 and 1.3 refused although the sentinel shows that one is on",
			server: accepting(tls11).but(tls11, always(choose(tls11).withRandomTail("DOWNGRD\x00").send())), want: "RRRAII",
			about: tls12, note: "TLS 1.2 or 1.3",
		},
		{
			name:   "23: answered lower with a sentinel",
			server: accepting(tls12).but(tls13, always(choose(tls12).withRandomTail("DOWNGRD\x01").send())), want: "RRRRAI",
			about: tls13, note: "downgrade sentinel",
		},
		{
			name:   "23: the sentinel agrees with the table",
			server: accepting(tls11, tls13).but(tls11, always(choose(tls11).withRandomTail("DOWNGRD\x00").send())), want: "RRRARA",
			about: tls12,
		},
		{
			name: "holes are not filled in", server: accepting(tls10, tls12).but(tls11, always(choose(tls10).send())).but(tls13, always(choose(tls12).send())),
			want: "RRARAR", about: tls11, evidence: "ServerHello TLS1.0",
		},
		{
			name: "breaks off where it could answer lower", server: accepting(tls10), want: "RRARRR",
			about: tls12, note: "could answer with TLS1.0",
		},
	} {
		t.Run(b.name, b.run)
	}
}

// TestEveryAddressIsItsOwn is pitfall 22: hosts behind one name differ.
func TestEveryAddressIsItsOwn(t *testing.T) {
	first := &fakeServer{t: t, script: modern(), asked: map[hello.Version]int{}}
	second := &fakeServer{t: t, script: accepting(hello.TLS10), asked: map[hello.Version]int{}}
	scanner := first.scanner()
	scanner.Dial = func(_ context.Context, addr netip.AddrPort) (net.Conn, error) {
		if addr.Addr() == netip.MustParseAddr("127.0.0.2") {
			return second.dial()
		}
		return first.dial()
	}
	for addr, want := range map[string]string{"127.0.0.1:443": "RRRRAA", "127.0.0.2:443": "RRARRR"} {
		if got := verdicts(scanner.Scan(context.Background(), netip.MustParseAddrPort(addr), "kms.example.com")); got != want {
			t.Errorf("verdicts of %s are %s, want %s", addr, got, want)
		}
	}
}

// TestHelloPitfalls checks what no hello may or must hold: pitfalls 13 and 15 to 18.
func TestHelloPitfalls(t *testing.T) {
	for _, v := range hello.Versions()[1:] {
		for _, x := range hello.Variants() {
			p, err := parseHello(hello.Hello(v, x, "kms.example.com", nil))
			if err != nil {
				t.Fatalf("%s %s: %v", v, x, err)
			}
			_, signatures := p.data[13]
			groups, hasGroups := p.data[10]
			checks := map[string]bool{
				"13: at most 128 suites":                             len(p.suites) <= 128,
				"13: renegotiation signalling below 1.3":             slices.Contains(p.suites, 0x00ff) == (v < hello.TLS13),
				"15: signature_algorithms from 1.2 on":               signatures == (v >= hello.TLS12),
				"15: groups from 1.0 on":                             hasGroups == (v >= hello.TLS10),
				"15: P-521 among the groups":                         !hasGroups || bytes.Contains(groups[2:], []byte{0, 25}),
				"16: the last extension is not empty":                len(p.extensions) == 0 || len(p.data[p.extensions[len(p.extensions)-1]]) > 0,
				"17: record version":                                 p.record == map[bool]uint16{true: 0x0300, false: 0x0301}[v == hello.SSLv3],
				"18: no fallback value":                              !slices.Contains(p.suites, 0x5600),
				"17: no GREASE":                                      !slices.ContainsFunc(append(p.suites, p.extensions...), grease),
				"12: psk_key_exchange_modes with 1.3":                (p.data[45] != nil) == (v == hello.TLS13),
				"SSLv3 without extensions":                           (len(p.extensions) == 0) == (v == hello.SSLv3),
				"null compression alone":                             bytes.Equal(p.compress, []byte{0}),
				"server name where it can be and is wanted":          (p.sni != "") == (v >= hello.TLS10 && x != hello.NoSNI),
				"a session id for middleboxes with 1.3 and no other": (len(p.sessionID) == 32) == (v == hello.TLS13 && x != hello.Small),
			}
			for what, ok := range checks {
				if !ok {
					t.Errorf("%s %s: %s does not hold", v, x, what)
				}
			}
			if bytes.Contains(signatures12(p), []byte{8, 4}) != (v >= hello.TLS12) {
				t.Errorf("%s %s: 15: RSA-PSS among the signatures", v, x)
			}
		}
	}
}

func signatures12(p parsedHello) []byte { return p.data[13] }

func grease(n uint16) bool { return n&0x0f0f == 0x0a0a && n>>8 == n&0xff }

// TestRateLimits is pitfall 21: whatever the order in which a limit on connections hits
// the versions, none that is on may be called rejected and none that is off accepted.
func TestRateLimits(t *testing.T) {
	on := []hello.Version{hello.TLS10, hello.TLS11, hello.TLS12, hello.TLS13}
	limits := map[string]func(n int) bool{}
	for n := range 12 {
		limits[fmt.Sprintf("only the first %d", n)] = func(i int) bool { return i <= n }
		limits[fmt.Sprintf("none of the first %d", n)] = func(i int) bool { return i > n }
	}
	for n := 2; n < 5; n++ {
		limits[fmt.Sprintf("every one but the %d-th", n)] = func(i int) bool { return i%n != 0 }
		limits[fmt.Sprintf("every %d-th", n)] = func(i int) bool { return i%n == 0 }
	}
	for n := range 40 {
		limits[fmt.Sprintf("connections 3 to %d are not", n)] = func(i int) bool { return i < 3 || i > n }
	}
	endings := map[string]reply{
		"reset": {end: endReset}, "EOF": {end: endEOF}, "silence": {}, "refused": {dial: errRefused},
		"internal_error": fatal(80), "close_notify": {data: alert(1, 0), end: endEOF},
		"banner": {data: []byte("too many connections\n"), end: endEOF},
	}
	for limit, allows := range limits {
		for ending, r := range endings {
			table, _ := scan(t, func(q question) reply {
				if !allows(q.n) {
					return r
				}
				return accepting(on...)(q)
			})
			served := slices.ContainsFunc(table[:], func(r hello.Result) bool { return r.Verdict == hello.Accepted })
			for _, v := range hello.Versions() {
				got, isOn := table[v].Verdict, slices.Contains(on, v)
				alertOnly := strings.Contains(ending, "_") && !served // alerts need no control
				if got == hello.Rejected && isOn && !alertOnly || got == hello.Accepted && !isOn {
					t.Errorf("%s answered, then %s: %s is %s:%s", limit, ending, v, got, describe(table))
				}
			}
		}
	}
}
