package hello_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"prober/probe/hello"
)

// answerOf classifies bytes that end with err.
func answerOf(v hello.Version, data []byte, end error) hello.Answer {
	return hello.Classify(v, hello.Offered(v, hello.Main), io.MultiReader(bytes.NewReader(data), iotest.ErrReader(end)))
}

// TestClassifyEverySplit cuts a good answer at every byte, into records and into reads:
// the answer must stay the same.
func TestClassifyEverySplit(t *testing.T) {
	for _, v := range hello.Versions()[1:] {
		message := choose(v).message()
		want := answerOf(v, record(22, message, 0), io.EOF)
		if want.Kind != hello.Chosen || want.Version != v.Wire() {
			t.Fatalf("%s: %+v", v, want)
		}
		for i := 1; i < len(message); i++ {
			split := append(record(22, message[:i], 0), record(22, message[i:], 0)...)
			if got := answerOf(v, split, io.EOF); got != want {
				t.Errorf("%s split into records at %d: %+v", v, i, got)
			}
			whole := record(22, message, 0)
			reads := io.MultiReader(bytes.NewReader(whole[:i]), bytes.NewReader(whole[i:]))
			if got := hello.Classify(v, hello.Offered(v, hello.Main), reads); got != want {
				t.Errorf("%s split into reads at %d: %+v", v, i, got)
			}
		}
	}
}

// TestClassifyEveryCut ends a good answer after every byte. It must never turn into a
// rejection, and be an acceptance only from the byte on that shows version and suite.
func TestClassifyEveryCut(t *testing.T) {
	for _, v := range hello.Versions()[1:] {
		whole := record(22, choose(v).message(), 0)
		shows := 5 + 4 + 2 + 32 + 1 + 2
		if v == hello.TLS13 {
			shows = len(whole) // the version is in the extensions
		}
		for i := range whole {
			for _, end := range []error{endEOF, endReset, endSilence} {
				a := answerOf(v, whole[:i], end)
				if want := i >= shows; (a.Kind == hello.Chosen) != want || a.Kind == hello.Lower || a.Kind == hello.Higher || a.Kind == hello.Alerted {
					t.Errorf("%s cut after %d of %d bytes by %v: %s, %s", v, i, len(whole), end, a.Kind, a.Evidence)
				}
			}
		}
	}
}

// TestClassifyEnds checks that the ways in which nothing comes are told apart.
func TestClassifyEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		end  error
		want hello.Kind
	}{
		{"EOF", io.EOF, hello.Closed},
		{"reset", syscall.ECONNRESET, hello.Reset},
		{"wrapped reset", endReset, hello.Reset},
		{"broken pipe", syscall.EPIPE, hello.Reset},
		{"aborted", syscall.ECONNABORTED, hello.Reset},
		{"deadline", os.ErrDeadlineExceeded, hello.Silence},
		{"TCP gave up", &net.OpError{Op: "read", Err: syscall.ETIMEDOUT}, hello.Silence},
		{"no route any more", &net.OpError{Op: "read", Err: syscall.EHOSTUNREACH}, hello.NotReached},
		{"closed by us", net.ErrClosed, hello.NotReached},
		{"anything else", errors.New("odd"), hello.NotReached},
	} {
		for _, v := range hello.Versions() {
			if a := answerOf(v, nil, c.end); a.Kind != c.want {
				t.Errorf("%s, %s: %s, want %s", v, c.name, a.Kind, c.want)
			}
		}
	}
}

// TestClassifyReadsLittle checks the bounds on what is read of an endless answer, and that
// nothing is read past a ServerHello that came in a segment of its own.
func TestClassifyReadsLittle(t *testing.T) {
	for name, endless := range map[string][]byte{
		"warnings": alert(1, 90), "empty records": record(22, nil, 0), "large empty messages": record(20, make([]byte, 16000), 0),
		"hello requests": record(22, []byte{0, 0, 0, 0}, 0), "zeros": {0}, "ServerHello without end": {22, 3, 3, 0x40, 0, 2, 0, 0x40, 0},
	} {
		for _, v := range hello.Versions() {
			r := &endlessReader{piece: endless}
			a := hello.Classify(v, nil, r)
			if r.given > 68<<10 {
				t.Errorf("%s, %s: %d bytes were read", v, name, r.given)
			}
			if a.ServerHello() {
				t.Errorf("%s, %s: %s", v, name, a.Evidence)
			}
		}
	}
	first := record(22, choose(hello.TLS12).message(), 0)
	fails := iotest.ErrReader(errors.New("read past the ServerHello"))
	a := hello.Classify(hello.TLS12, hello.Offered(hello.TLS12, hello.Main), io.MultiReader(bytes.NewReader(first), fails))
	if a.Kind != hello.Chosen {
		t.Errorf("%s: %s", a.Kind, a.Evidence)
	}
}

type endlessReader struct {
	piece []byte
	given int
}

func (r *endlessReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], r.piece[(r.given+n)%len(r.piece):])
	}
	r.given += n
	return n, nil
}

// TestClassifyReaderWithoutProgress checks that a reader that returns nothing for ever
// does not hang the parser.
func TestClassifyReaderWithoutProgress(t *testing.T) {
	for _, v := range hello.Versions() {
		if a := hello.Classify(v, nil, idleReader{}); a.Kind != hello.NotReached {
			t.Errorf("%s: %s", v, a.Kind)
		}
	}
}

type idleReader struct{}

func (idleReader) Read([]byte) (int, error) { return 0, nil }

// TestEvidence pins the wording that people and scripts see.
func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		v    hello.Version
		data []byte
		end  error
		want string
	}{
		{hello.TLS12, record(22, choose(hello.TLS12).message(), 0), io.EOF, "ServerHello TLS1.2"},
		{hello.TLS13, record(22, retry(23).message(), 0), io.EOF, "HelloRetryRequest TLS1.3"},
		{hello.TLS12, alert(2, 70), io.EOF, "fatal protocol_version (70)"},
		{hello.TLS12, alert(2, 199), io.EOF, "fatal undefined_alert (199)"},
		{hello.TLS12, alert(1, 0), io.EOF, "warning close_notify (0)"},
		{hello.SSLv2, []byte{0x80, 3, 0, 0, 2}, io.EOF, "SSLv2 ERROR 0x0002"},
		{hello.SSLv2, serverHelloSSLv2(0x0700c0), io.EOF, "SSLv2 SERVER-HELLO"},
		{hello.TLS12, nil, endSilence, "silence before any byte"},
		{hello.TLS12, []byte{22}, endReset, "16, then reset"},
		{hello.TLS12, []byte("<html>\n\x1b[31m"), io.EOF, "not TLS: 3c 68 74 6d 6c 3e 0a 1b ..."},
		{hello.TLS12, []byte(strings.Repeat("long ", 50)), io.EOF, `not TLS: text "long long long long long long lo"`},
	} {
		if a := answerOf(c.v, c.data, c.end); a.Evidence != c.want {
			t.Errorf("%s: evidence %q, want %q", c.v, a.Evidence, c.want)
		}
	}
}

// TestAlertNames checks that every alert of the IANA registry has a name.
func TestAlertNames(t *testing.T) {
	named := []uint8{
		0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100,
		109, 110, 111, 112, 113, 115, 116, 120, 121,
	}
	for d := range 256 {
		got := hello.Alert{Level: 2, Description: uint8(d)}.String()
		if has := !strings.Contains(got, "undefined"); has != slices.Contains(named, uint8(d)) {
			t.Errorf("alert %d: %s", d, got)
		}
	}
	if got := (hello.Alert{}).String(); got != "" {
		t.Errorf("no alert: %q", got)
	}
}

// TestSSLv2Suites checks the names of SSLv2 ciphers, known and not.
func TestSSLv2Suites(t *testing.T) {
	for spec, want := range map[uint32]string{0x0700c0: "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", 0x0a0b0c: "0x0a0b0c"} {
		if a := answerOf(hello.SSLv2, serverHelloSSLv2(spec), io.EOF); a.Suite != want {
			t.Errorf("%06x: %q, want %q", spec, a.Suite, want)
		}
	}
}
