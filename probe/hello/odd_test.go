package hello_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"prober/probe/hello"
)

// TestOddServers runs servers that do something else than the table of answers foresees.
// None of it may lead to a wrong verdict.
func TestOddServers(t *testing.T) {
	const tls10, tls11, tls12, tls13 = hello.TLS10, hello.TLS11, hello.TLS12, hello.TLS13
	for _, b := range []behaviour{
		{
			name: "tarpit that sends an endless text", server: always(reply{data: bytes.Repeat([]byte("x"), 1<<20)}), want: "IIIIII",
			about: tls12, evidence: "not TLS", tries: 1,
		},
		{
			name: "tarpit that sends one record header and no more", server: always(reply{data: []byte{22, 3, 3}, end: nil}), want: "IIIIII",
			about: tls12, evidence: "16 03 03, then silence", tries: 1,
		},
		{
			name: "ServerHello that stops in its extensions", server: modern().but(tls12, func(question) reply {
				r := choose(tls12).send()
				r.data = r.data[:len(r.data)-2]
				return r
			}),
			want: "RRRRAA", about: tls12, evidence: "cut short by silence",
		},
		{
			name: "ServerHello of a 1 MiB message", server: modern().but(tls12, always(reply{data: record(22, append([]byte{2, 16, 0, 0}, make([]byte, 64<<10)...), 16384)})),
			want: "RRRRIA", about: tls12, evidence: "ServerHello of 1048576 bytes",
		},
		{
			name: "ServerHello spread thin over more than 64 records", server: modern().but(tls12, always(reply{data: record(22, append(choose(tls12).message(), make([]byte, 99)...), 1)})),
			want: "RRRRAA", about: tls12,
		},
		{
			name: "SSH banner", server: always(reply{data: []byte("SSH-2.0-OpenSSH_9.2p1\r\n")}), want: "IIIIII",
			about: hello.SSLv2, evidence: `text "SSH-2.0-OpenSSH_9.2p1\r\n"`,
		},
		{
			name: "MySQL greeting whose length byte looks like a handshake record", server: always(reply{data: []byte{22, 0, 0, 0, 10, '8'}}), want: "IIIIII",
			about: tls12, evidence: "16 00 00 00 0a 38",
		},
		{
			name: "DTLS ServerHello", server: always(reply{data: append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0}, choose(tls12).message()...)}), want: "IIIIII",
			about: tls12, evidence: "16 fe fd", tries: 1,
		},
		{name: "an echo server", server: echo, want: "IIIIII", about: tls12, evidence: "type 1 in place of a ServerHello"},
		{name: "TLS, and then text", server: modern().but(tls12, always(reply{data: append(alert(1, 112), "HTTP/1.1"...)})), want: "RRRRIA", about: tls12, evidence: "after records of TLS"},
		{
			name:   "HelloRetryRequest for a group that was not offered",
			server: modern().but(tls13, always(retry(0x1234).send())), want: "RRRRAI",
			about: tls13, evidence: "group 0x1234, which was not offered", tries: 2,
		},
		{
			name: "the same until there is a key share", server: modern().but(tls13, func(q question) reply {
				if len(q.shares) == 0 {
					return retry(0x1234).send()
				}
				return choose(tls13).send()
			}),
			want: "RRRRAA", about: tls13, tries: 2,
		},
		{
			name:   "HelloRetryRequest in answer to a hello for 1.2",
			server: modern().but(tls12, always(retry(29).send())), want: "RRRRRA",
			about: tls12, evidence: "HelloRetryRequest TLS1.3", note: "breaks the protocol",
		},
		{
			name: "HelloRetryRequest without supported_versions", server: modern().but(tls13, func(question) reply {
				f := retry(29)
				f.extensions = f.extensions[1:]
				return f.send()
			}),
			want: "RRRRAI", about: tls13, evidence: "HelloRetryRequest without supported_versions", tries: 2,
		},
		{
			name: "fatal alert in two records of one byte", server: modern().but(tls11, always(reply{data: record(21, []byte{2, 70}, 1), end: endEOF})),
			want: "RRRRAA", about: tls11, evidence: "fatal protocol_version", tries: 1,
		},
		{
			name: "a warning and a fatal alert in one record", server: modern().but(tls11, always(reply{data: record(21, []byte{1, 112, 2, 70}, 0)})),
			want: "RRRRAA", about: tls11, evidence: "fatal protocol_version", tries: 1,
		},
		{
			name: "a mere warning to SSLv2, and silence", server: modern().but(hello.SSLv2, always(reply{data: alert(1, 112)})),
			want: "RRRRAA", about: hello.SSLv2, evidence: "warning unrecognized_name (112)", tries: 1,
		},
		{
			name: "silence to SSLv3 is not about the default host", server: modern().but(hello.SSLv3, always(reply{})),
			want: "RIRRAA", about: hello.SSLv3, evidence: "silence", noNote: "default host",
		},
		{
			name: "two resets and an alert are no refusal without a control", server: sequence(reply{end: endReset}, reply{end: endReset}, fatal(40)).orOpen(),
			want: "RIIIII", about: tls12, note: "no version was accepted",
		},
		{
			name: "a session id of 33 bytes", server: modern().but(tls12, func(question) reply {
				f := choose(tls12)
				f.session = make([]byte, 33)
				return f.send()
			}),
			want: "RRRRIA", about: tls12, evidence: "lengths",
		},
		{
			name: "bytes behind the extensions", server: modern().but(tls12, func(question) reply {
				m := append(choose(tls12).message(), 1, 2, 3)
				m[3] += 3
				return reply{data: record(22, m, 0)}
			}),
			want: "RRRRIA", about: tls12, evidence: "lengths",
		},
		{
			name: "a server that wavers, and drops the accepted version again once SSLv3 was looked at",
			server: modern().but(tls12, func(q question) reply {
				if q.asked == 1 || q.asked > 4 {
					return fatal(80)
				}
				return choose(tls12).send()
			}).but(hello.SSLv3, always(reply{end: endReset})),
			want: "RIRRAA", about: hello.SSLv3, note: "asked again with the short hello, TLS1.2 got: fatal internal_error",
		},
		{
			name: "SSLv2 SERVER-HELLO too short for its fields", server: modern().but(hello.SSLv2, always(reply{data: []byte{0x80, 5, 4, 0, 1, 0, 2}})),
			want: "IRRRAA", about: hello.SSLv2, evidence: "SERVER-HELLO of 5 bytes",
		},
		{
			name: "SSLv2 SERVER-HELLO with a third of a cipher", server: modern().but(hello.SSLv2, func(question) reply {
				b := serverHelloSSLv2(0x010080)
				b[10]++ // one byte more for the ciphers
				b[12]-- // and one less for the connection id
				return reply{data: b}
			}),
			want: "IRRRAA", about: hello.SSLv2, evidence: "lengths",
		},
		{
			name: "SSLv2 ERROR with more than a code", server: modern().but(hello.SSLv2, always(reply{data: []byte{0x80, 9, 0, 0, 1, 0, 0, 0, 0, 0, 0}})),
			want: "IRRRAA", about: hello.SSLv2, evidence: "not TLS",
		},
		{
			name: "half an alert", server: modern().but(tls11, always(reply{data: record(21, []byte{2, 70}, 1)[:6], end: endEOF})),
			want: "RRRIAA", about: tls11, evidence: "02, then EOF", tries: 2,
		},
		{
			name: "alert of an unknown level", server: modern().but(tls11, always(reply{data: alert(9, 70), end: endEOF})),
			want: "RRRIAA", about: tls11, evidence: "alert of level 9",
		},
		{
			name: "warning protocol_version and EOF", server: modern().but(tls11, always(reply{data: alert(1, 70), end: endEOF})),
			want: "RRRRAA", about: tls11, evidence: "warning protocol_version (70), then EOF",
		},
		{
			name:   "warning unrecognized_name and EOF",
			server: modern().but(tls12, always(reply{data: alert(1, 112), end: endEOF})), want: "RRRRIA",
			about: tls12, evidence: "warning unrecognized_name (112), then EOF", note: "server name", withoutSNI: "inconclusive",
		},
		{
			name:   "warning and silence",
			server: modern().but(tls12, always(reply{data: alert(1, 90)})), want: "RRRRIA", about: tls12, evidence: "then silence", tries: 2,
		},
		{
			name:   "application data",
			server: modern().but(tls12, always(reply{data: record(23, make([]byte, 64), 0)})), want: "RRRRIA", about: tls12, evidence: "application data",
		},
		{
			name:   "Certificate without a ServerHello",
			server: modern().but(tls12, always(reply{data: record(22, []byte{11, 0, 0, 3, 0, 0, 0}, 0)})), want: "RRRRIA", about: tls12, evidence: "type 11",
		},
		{
			name:   "TLCP of China's GM/T standard",
			server: modern().but(tls12, always(helloFields{version: 0x0101, suite: 0xe013}.send())), want: "RRRRIA", about: tls12, evidence: "version 0x0101",
		},
		{
			name:   "supported_versions in answer to a hello for 1.2",
			server: modern().but(tls12, always(helloFields{version: 0x0303, suite: 0xc02f, extensions: []extension{{43, []byte{3, 3}}}}.send())),
			want:   "RRRRIA", about: tls12, evidence: "not asked for",
		},
		{
			name: "an extension twice", server: modern().but(tls13, always(helloFields{
				version: 0x0303, suite: 0x1301, extensions: []extension{{43, []byte{3, 4}}, {43, []byte{3, 3}}},
			}.send())),
			want: "RRRRAI", about: tls13, evidence: "lengths",
		},
		{
			name: "the right version one time in two", server: modern().but(tls12, func(q question) reply {
				if q.asked%2 == 1 {
					return fatal(40)
				}
				return choose(tls12).send()
			}),
			want: "RRRRAA", about: tls12,
		},
		{
			name: "an SSLv2 server and nothing else", server: func(q question) reply {
				if q.version == hello.SSLv2 {
					return accepting(hello.SSLv2)(q)
				}
				return reply{end: endEOF}
			},
			want: "ARRRRR", about: tls12,
		},
		{
			name:   "SSLv2 SERVER-HELLO in answer to a TLS hello",
			server: modern().but(tls12, always(reply{data: serverHelloSSLv2(0x010080)})), want: "RRRRIA", about: tls12, evidence: "not TLS",
		},
		{
			name: "SSLv2 SERVER-HELLO cut short", server: modern().but(hello.SSLv2, always(reply{data: serverHelloSSLv2(0x010080)[:9], end: endEOF})),
			want: "IRRRAA", about: hello.SSLv2, evidence: "80 26 04 00 01 00 02 00 ...", tries: 2,
		},
		{
			name: "a name without a certificate: HelloRetryRequest, and internal_error later", server: func(q question) reply {
				switch {
				case q.version == tls13 && len(q.shares) == 0:
					return retry(29).send()
				case q.version >= tls12:
					return fatal(80)
				}
				return fatal(70)
			},
			want: "RRRRIA", about: tls12, note: "asked again with the key-share hello, TLS1.3 got: fatal internal_error",
		},
		{
			name: "the same, as 1.3 shows it", server: func(q question) reply {
				if q.version == tls13 && len(q.shares) == 0 {
					return retry(29).send()
				}
				return fatal(80)
			},
			want: "RIIIIA", about: tls13, evidence: "HelloRetryRequest", note: "TLS1.3 got: fatal internal_error",
		},
		{
			name: "1.3 alone, and handshake_failure to the rest", server: func(q question) reply {
				if q.version < tls13 {
					return fatal(40)
				}
				if len(q.shares) == 0 {
					return retry(29).send()
				}
				return choose(tls13).send()
			},
			want: "RRRRRA", about: tls12, evidence: "handshake_failure",
		},
		{
			name: "handshake_failure for an unknown name, without a word about the name", server: func(q question) reply {
				if q.sni != "" {
					return fatal(40)
				}
				return accepting(tls12, tls13)(q)
			},
			want: "RRRRII", about: tls12, note: "the refusal is about the name", withoutSNI: "accepted: ServerHello TLS1.2",
		},
		{
			name: "resets for an unknown name", server: func(q question) reply {
				if q.asked > 0 && q.sni != "" {
					return reply{end: endReset}
				}
				return accepting(tls12, tls13)(q)
			},
			want: "RRIIII", about: tls13, withoutSNI: "accepted: ServerHello TLS1.3",
		},
		{
			name: "reset while the connection is being opened", server: func(question) reply { return reply{dial: errReset} }, want: "IIIIII",
			about: tls12, evidence: "reset before any byte, 3 times", tries: 3,
		},
		{
			name: "an error nobody foresaw", server: always(reply{end: errOdd}), want: "IIIIII",
			about: tls12, evidence: "lost connection (something else)", tries: 1,
		},
	} {
		t.Run(b.name, b.run)
	}
}

// TestDemandedExtension asks servers that refuse each hello without some extension of common clients.
func TestDemandedExtension(t *testing.T) {
	for name, number := range map[string]uint16{
		"status_request": 5, "ALPN": 16, "SCT": 18, "encrypt_then_mac": 22, "extended_master_secret": 23, "session_ticket": 35, "record_size_limit": 28,
	} {
		for how, refusal := range map[string]reply{"handshake_failure": fatal(40), "missing_extension": fatal(109), "reset": {end: endReset}} {
			table, _ := scan(t, func(q question) reply {
				if _, has := q.data[number]; !has && q.asked > 0 {
					return refusal
				}
				return modern()(q)
			})
			if tls12, tls13 := table[hello.TLS12].Verdict, table[hello.TLS13].Verdict; tls12 != hello.Accepted || tls13 != hello.Accepted {
				t.Errorf("%s, %s:%s", name, how, describe(table))
			}
		}
	}
}

// TestShaken takes the word of a whole handshake for its version, and takes no refusal for one of a version where that of
// the handshake is refused alike.
func TestShaken(t *testing.T) {
	for _, tt := range []struct {
		name   string
		server script
		shaken hello.Version
		want   string
	}{
		{"refused by alerts", always(fatal(40)), hello.TLS12, "RIIIAI"},
		{"refused by resets", always(reply{end: endReset}), hello.TLS13, "IIIIIA"},
		{"silent", always(reply{}), hello.TLS12, "IIIIAI"},
		{"refused, others by protocol_version", modern().but(hello.TLS12, always(fatal(40))), hello.TLS12, "RRRRAA"},
		{"answered", modern(), hello.TLS12, "RRRRAA"},
		{"answered with another version", modern(), hello.TLS11, "RRRAAA"},
	} {
		server := &fakeServer{t: t, script: tt.server, asked: map[hello.Version]int{}}
		scanner := server.scanner()
		scanner.Shaken = tt.shaken
		table := scanner.Scan(t.Context(), anyAddress, "kms.example.com")
		if got := verdicts(table); got != tt.want {
			t.Errorf("%s: %s, want %s:%s", tt.name, got, tt.want, describe(table))
		}
		for _, r := range table {
			if strings.Contains(r.Note, "no version was accepted") {
				t.Errorf("%s: %s: %s", tt.name, r.Version, r.Note)
			}
		}
	}
}

// orOpen makes a script of answers that says nothing while the connection is being opened.
func (s answering) orOpen() script {
	return func(q question) reply {
		if q.asked == 0 {
			return reply{}
		}
		return s(q)
	}
}

// echo sends every hello back.
func echo(q question) reply {
	if q.asked == 0 {
		return reply{}
	}
	if q.version == hello.SSLv2 {
		return reply{data: hello.Hello(hello.SSLv2, hello.Main, "", nil)}
	}
	return reply{data: hello.Hello(q.version, hello.Main, q.sni, nil)}
}

// TestAddressAsName checks that an address is scanned without a server name and that
// nothing is then asked about names.
func TestAddressAsName(t *testing.T) {
	for _, name := range []string{"", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "fe80::1%eth0"} {
		table, server := scanName(t, name, modern().but(hello.TLS12, always(fatal(112))))
		if got := verdicts(table); got != "RRRRIA" {
			t.Errorf("%q: verdicts are %s", name, got)
		}
		if r := table[hello.TLS12]; r.WithoutSNI != "" || table[hello.SSLv3].Note != "" {
			t.Errorf("%q: speaks of a name that was not sent:%s", name, describe(table))
		}
		if slices.ContainsFunc(server.asks, func(q question) bool { return q.sni != "" }) {
			t.Errorf("%q was sent as a server name", name)
		}
	}
}
