package exchange

import (
	"io"
	"strings"
	"testing"

	"prober/limit"
)

// A body that comes byte by byte costs as much as one that is a thousand times as long.
func TestPiecesOfABodyAreBounded(t *testing.T) {
	for _, row := range []struct {
		name, head, piece, foot string
	}{
		{"length", "Content-Length: 32768\r\n\r\n", "x", ""},
		{"chunks", "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "0\r\n\r\n"},
		{"until close", "\r\n", "x", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			most := limit.BodyPieces
			if row.foot != "" {
				most-- // the last chunk is a piece of the body too
			}
			head, foot := []string{ok200 + row.head}, pieces(row.foot, 0)
			end := stalled
			if row.name == "until close" {
				end, most = io.EOF, most-2 // the end is read twice
			}
			within := append(append(head, repeated(row.piece, most)...), foot...)
			r := Do(t.Context(), &script{pieces: within, end: end}, newRequest(t, ""), Options{})
			if wantReasons(t, r.Findings); len(r.Body) != most {
				t.Errorf("%d bytes of the body, want %d", len(r.Body), most)
			}
			if row.name == "length" {
				return // it cannot have more
			}
			conn := &script{pieces: append(append(head, repeated(row.piece, 2*most)...), foot...), end: end}
			r = Do(t.Context(), conn, newRequest(t, ""), Options{})
			wantReasons(t, r.Findings, "prober/limit")
			if !r.Headed() || len(conn.pieces) < most-2 {
				t.Errorf("head read: %v; %d pieces were not read", r.Headed(), len(conn.pieces))
			}
		})
	}
}

// What TLS sends beside the content costs as well, and its own layer counts it.
func TestBytesOfTLSBesideTheContentAreBounded(t *testing.T) {
	for _, row := range []struct {
		pieces []string
		headed bool
		reads  int
	}{
		{repeated("HTTP/1.1 200 OK\r\nX: ", 1), false, 1},
		{append([]string{ok200 + "\r\n"}, repeated("x", 9)...), true, 2},
	} {
		conn := &busy{script: script{pieces: row.pieces, end: stalled}, each: limit.RecordsBeside/row.reads + 100}
		r := Do(t.Context(), conn, newRequest(t, ""), Options{})
		wantReasons(t, r.Findings, "prober/limit")
		if want := "beside the content"; !strings.Contains(r.Findings[0].Detail, want) || r.Headed() != row.headed {
			t.Errorf("head read: %v; %s", r.Headed(), r.Findings[0].Detail)
		}
		if conn.reads != row.reads {
			t.Errorf("%d reads, want %d", conn.reads, row.reads)
		}
	}
}

// busy is a script below which much more comes than it gives.
type busy struct {
	script
	each, reads int
}

func (b *busy) Read(p []byte) (int, error) {
	b.reads++
	return b.script.Read(p)
}

func (b *busy) Came() int64 { return int64(b.reads * b.each) }

func repeated(piece string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = piece
	}
	return all
}
