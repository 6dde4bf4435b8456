package hello_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/hello"
)

// behaviour is a scripted server and what a scan of it must find.
type behaviour struct {
	name   string
	server script
	want   string // six letters, SSLv2 first
	// about names the version that evidence, note, withoutSNI and tries speak of.
	about      hello.Version
	evidence   string // parts of the result's field
	note       string
	noNote     string // must not be part of the note
	withoutSNI string
	tries      int // 0: any
}

func (b behaviour) run(t *testing.T) {
	t.Helper()
	table, _ := scan(t, b.server)
	if got := verdicts(table); got != b.want {
		t.Errorf("verdicts are %s, want %s:%s", got, b.want, describe(table))
	}
	r := table[b.about]
	for _, c := range []struct{ field, got, want string }{
		{"evidence", r.Evidence, b.evidence}, {"note", r.Note, b.note}, {"without SNI", r.WithoutSNI, b.withoutSNI},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s of %s is %q, which lacks %q", c.field, b.about, c.got, c.want)
		}
	}
	if b.noNote != "" && strings.Contains(r.Note, b.noNote) {
		t.Errorf("note of %s is %q, which speaks of %q", b.about, r.Note, b.noNote)
	}
	if b.tries != 0 && r.Tries != b.tries {
		t.Errorf("%s took %d tries, want %d: %s", b.about, r.Tries, b.tries, r.Evidence)
	}
	for _, v := range hello.Versions() {
		if r := table[v]; r.Evidence == "" || strings.ContainsAny(r.Evidence+r.Note+r.WithoutSNI, "\r\n") {
			t.Errorf("%s: evidence %q and note %q must be one line each, and evidence must be there", v, r.Evidence, r.Note)
		}
		if said := slices.Sorted(strings.SplitSeq(table[v].Note, "; ")); len(slices.Compact(slices.Clone(said))) != len(said) {
			t.Errorf("%s: note says something twice: %q", v, said)
		}
	}
}

// TestDecisionTable runs one server for every row of the table of answers.
func TestDecisionTable(t *testing.T) {
	const tls12 = hello.TLS12
	half := record(22, choose(tls12).message(), 0)
	rows := []behaviour{
		{name: "ServerHello with the version", server: modern(), want: "RRRRAA", about: tls12, evidence: "ServerHello TLS1.2", tries: 1},
		{name: "every version accepted", server: accepting(hello.Versions()...), want: "AAAAAA", about: hello.TLS10, evidence: "ServerHello TLS1.0", tries: 1},
		{
			name: "ServerHello 1.3 with supported_versions", server: accepting(hello.TLS13), want: "RRRRRA",
			about: hello.TLS13, evidence: "ServerHello TLS1.3", tries: 1,
		},
		{
			name: "HelloRetryRequest", server: modern().but(hello.TLS13, always(retry(23).send())), want: "RRRRAA",
			about: hello.TLS13, evidence: "HelloRetryRequest TLS1.3", tries: 1,
		},
		{
			name: "SSLv2 SERVER-HELLO", server: modern().but(hello.SSLv2, always(reply{data: serverHelloSSLv2(0x0700c0, 0x010080)})),
			want: "ARRRAA", about: hello.SSLv2, evidence: "SSLv2 SERVER-HELLO", tries: 1,
		},
		{
			name: "ServerHello with a lower version", server: accepting(hello.TLS10).but(tls12, always(choose(hello.TLS10).send())),
			want: "RRARRR", about: tls12, evidence: "ServerHello TLS1.0", tries: 1,
		},
		{
			name: "draft in supported_versions", server: modern().but(hello.TLS13, always(helloFields{
				version: 0x0303, suite: 0x1301, extensions: []extension{{43, []byte{0x7f, 28}}},
			}.send())),
			want: "RRRRAR", about: hello.TLS13, evidence: "TLS1.3 draft 28", tries: 1,
		},
		{
			name: "draft in the version field, laid out as up to draft 21",
			server: modern().but(hello.TLS13, always(reply{data: record(22, append(
				append([]byte{2, 0, 0, 40, 0x7f, 18}, make([]byte, 32)...), 0x13, 1, 0, 2, 0, 0), 0)})),
			want: "RRRRAR", about: hello.TLS13, evidence: "TLS1.3 draft 18", tries: 1,
		},
		{
			name: "ServerHello with a higher version", server: modern().but(hello.TLS10, always(choose(hello.TLS11).send())),
			want: "RRRRAA", about: hello.TLS10, evidence: "ServerHello TLS1.1", note: "breaks the protocol", tries: 1,
		},
		{
			name:   "suite that was not offered",
			server: modern().but(hello.TLS11, always(helloFields{version: 0x0302, suite: 0xc02f}.send())),
			want:   "RRRIAA", about: hello.TLS11, evidence: "not offered", tries: 2,
		},
		{
			name: "malformed lengths", server: modern().but(hello.TLS11, func(question) reply {
				m := choose(hello.TLS11).message()
				m[4+34] = 200 // length of the session id
				return reply{data: record(22, m, 0)}
			}),
			want: "RRRIAA", about: hello.TLS11, evidence: "lengths", tries: 2,
		},
		{
			name: "malformed once, then good",
			server: modern().but(hello.TLS11, sequence(
				helloFields{version: 0x0302, suite: 0xc02f}.send(), choose(hello.TLS11).send())),
			want: "RRRAAA", about: hello.TLS11, note: "not offered", tries: 2,
		},
		{name: "fatal protocol_version", server: modern(), want: "RRRRAA", about: hello.TLS11, evidence: "fatal protocol_version (70)", tries: 1},
		{
			name: "SSLv2 ERROR", server: modern().but(hello.SSLv2, always(reply{data: []byte{0x80, 3, 0, 0, 1}, end: endEOF})),
			want: "RRRRAA", about: hello.SSLv2, evidence: "SSLv2 ERROR 0x0001", tries: 1,
		},
		{
			name: "reset, then three times reset", server: modern().but(hello.SSLv3, always(reply{end: endReset})), want: "RRRRAA",
			about: hello.SSLv3, evidence: "reset before any byte, 5 times", tries: 5,
		},
		{
			name: "closed without an alert", server: modern().but(hello.SSLv3, always(reply{end: endEOF})), want: "RRRRAA",
			about: hello.SSLv3, evidence: "EOF before any byte", tries: 5,
		},
		{
			name: "reset once, then accepted", server: modern().but(hello.TLS11, sequence(reply{end: endReset}, choose(hello.TLS11).send())),
			want: "RRRAAA", about: hello.TLS11, note: "reset", tries: 2,
		},
		{
			name: "reset on everything", server: always(reply{end: endReset}), want: "IIIIII",
			about: tls12, evidence: "reset", note: "no version was accepted", tries: 3,
		},
		{name: "closed on everything", server: always(reply{end: endEOF}), want: "IIIIII", about: hello.SSLv2, tries: 3},
		{
			name:   "EOF inside a ServerHello that shows version and suite",
			server: modern().but(tls12, always(reply{data: half[:5+4+2+32+1+2], end: endEOF})),
			want:   "RRRRAA", about: tls12, evidence: "cut short by EOF", tries: 1,
		},
		{
			name:   "reset inside a lower ServerHello",
			server: accepting(hello.TLS10).but(tls12, always(reply{data: record(22, choose(hello.TLS10).message(), 0)[:46], end: endReset})),
			want:   "RRARRR", about: tls12, evidence: "cut short by reset", tries: 1,
		},
		{
			name: "EOF before the suite", server: modern().but(tls12, always(reply{data: half[:40], end: endEOF})),
			want: "RRRRIA", about: tls12, evidence: "part of a ServerHello", tries: 2,
		},
		{
			name:   "EOF before supported_versions",
			server: modern().but(hello.TLS13, always(reply{data: record(22, choose(hello.TLS13).message(), 0)[:48], end: endEOF})),
			want:   "RRRRAI", about: hello.TLS13, evidence: "part of a ServerHello", tries: 2,
		},
		{
			name: "silence", server: modern().but(hello.TLS10, always(reply{})), want: "RRIRAA",
			about: hello.TLS10, evidence: "silence", note: "TLS1.2 was answered in", tries: 2,
		},
		// Nothing answers, so that asking once more would measure nothing either.
		{name: "silence on everything", server: always(reply{}), want: "IIIIII", about: tls12, tries: 1},
		{name: "part of an answer to everything", server: always(reply{data: []byte{22, 3, 3}}), want: "IIIIII", about: tls12, tries: 1},
		{name: "part of an answer to everything but an alert", server: script(always(reply{data: []byte{22, 3, 3}})).but(hello.SSLv3, always(reply{data: []byte{21, 3, 0, 0, 2, 2, 40}})), want: "IRIIII", about: tls12, tries: 2},
		{
			name: "HTTP", server: always(reply{data: []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), end: endEOF}), want: "IIIIII",
			about: tls12, evidence: `text "HTTP/1.1 400`, tries: 1,
		},
		{
			name: "garbage", server: always(reply{data: []byte{0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, 5, 6}}), want: "IIIIII",
			about: hello.TLS10, evidence: "de ad be ef", tries: 1,
		},
		{
			name: "record over 18432 bytes", server: always(reply{data: []byte{22, 3, 3, 0x48, 1, 2, 0, 0}}), want: "IIIIII",
			about: tls12, evidence: "16 03 03 48 01", tries: 1,
		},
		{
			name: "connection refused", server: func(question) reply { return reply{dial: errRefused} }, want: "IIIIII",
			about: tls12, evidence: "not reached: dial tcp: connect: connection refused", tries: 1,
		},
		{
			name: "no file descriptors left", server: func(question) reply { return reply{dial: errTooManyFiles} }, want: "IIIIII",
			about: tls12, evidence: "too many open files", tries: 1,
		},
	}
	for _, code := range []byte{40, 71, 80, 50, 47, 10, 109} {
		rows = append(rows, behaviour{
			name: fmt.Sprintf("fatal alert %d to every hello", code), server: modern().but(hello.TLS11, always(fatal(code))), want: "RRRRAA",
			about: hello.TLS11, evidence: fmt.Sprintf("(%d), ", code),
		}, behaviour{
			name:   fmt.Sprintf("fatal alert %d to the main list only", code),
			server: modern().but(hello.TLS11, sequence(fatal(code), fatal(code), choose(hello.TLS11).send())),
			want:   "RRRAAA", about: hello.TLS11, evidence: "ServerHello TLS1.1", note: "an earlier answer was: fatal", tries: 3,
		})
	}
	for _, level := range []byte{1, 2} {
		rows = append(rows, behaviour{
			name:   fmt.Sprintf("close_notify of level %d", level),
			server: modern().but(hello.TLS10, always(reply{data: alert(level, 0), end: endEOF})), want: "RRRRAA",
			about: hello.TLS10, evidence: "close_notify (0)", tries: 5,
		})
	}
	for _, code := range []byte{112, 49} {
		rows = append(rows, behaviour{
			name: fmt.Sprintf("fatal alert %d about the name", code),
			server: func(q question) reply {
				if q.asked > 0 && q.sni != "" {
					return fatal(code)
				}
				return modern()(q)
			},
			want: "RRIIII", about: tls12, evidence: fmt.Sprintf("(%d)", code), note: "server name", withoutSNI: "accepted: ServerHello TLS1.2", tries: 1,
		})
	}
	for _, code := range []byte{86, 42, 20, 120, 115, 90, 200} {
		rows = append(rows, behaviour{
			name: fmt.Sprintf("fatal alert %d, which is not about versions", code), server: modern().but(hello.TLS11, always(fatal(code))),
			want: "RRRIAA", about: hello.TLS11, evidence: fmt.Sprintf("(%d)", code), tries: 2,
		})
	}
	for _, row := range rows {
		t.Run(row.name, row.run)
	}
}

// TestWaits checks that a version is asked about again after 350 ms where a connection was
// dropped, and at once where an alert came.
func TestWaits(t *testing.T) {
	_, server := scan(t, modern().but(hello.SSLv3, always(reply{end: endReset})))
	if want := 2; len(server.sleeps) != want {
		t.Errorf("waited %v, want %d waits", server.sleeps, want)
	}
	for _, d := range server.sleeps {
		if d != 350*time.Millisecond {
			t.Errorf("waited %s, want 350ms", d)
		}
	}
	_, server = scan(t, modern().but(hello.SSLv3, always(fatal(40))))
	if len(server.sleeps) != 0 {
		t.Errorf("waited %v after alerts", server.sleeps)
	}
}

// TestListsInOrder checks which hellos a version is asked about with.
func TestListsInOrder(t *testing.T) {
	_, server := scan(t, always(fatal(40)))
	var got [6][]string
	for _, q := range server.asks {
		got[q.version] = append(got[q.version], fmt.Sprintf("%d suites, %d shares, sni %t", len(q.suites), len(q.shares), q.sni != ""))
	}
	want := [6][]string{
		hello.SSLv2: {"0 suites, 0 shares, sni false"},
		hello.SSLv3: {"83 suites, 0 shares, sni false", "20 suites, 0 shares, sni false", "82 suites, 0 shares, sni false"},
		hello.TLS10: {
			"83 suites, 0 shares, sni true", "20 suites, 0 shares, sni true", "82 suites, 0 shares, sni true", "83 suites, 0 shares, sni false",
		},
		hello.TLS11: {
			"83 suites, 0 shares, sni true", "20 suites, 0 shares, sni true", "82 suites, 0 shares, sni true", "83 suites, 0 shares, sni false",
		},
		hello.TLS12: {
			"121 suites, 0 shares, sni true", "20 suites, 0 shares, sni true", "126 suites, 0 shares, sni true", "121 suites, 0 shares, sni false",
		},
		hello.TLS13: {
			"7 suites, 0 shares, sni true", "7 suites, 2 shares, sni true", "3 suites, 1 shares, sni true", "7 suites, 0 shares, sni false",
		},
	}
	for _, v := range hello.Versions() {
		if fmt.Sprint(got[v]) != fmt.Sprint(want[v]) {
			t.Errorf("%s was asked about with\n%q, want\n%q", v, got[v], want[v])
		}
	}
}
