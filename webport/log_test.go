package webport_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"prober/limit"
	"prober/webport"
)

func TestStrangersCannotFillTheLog(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_000_000, 0)
	log := slog.NewLogLogger(webport.Sparing(slog.NewTextHandler(&out, nil), func() time.Time { return now }), slog.LevelWarn)
	for range 1000 {
		log.Print("TLS handshake error")
	}
	if n := strings.Count(out.String(), "\n"); n != limit.WebLogLines {
		t.Errorf("%d lines, want %d", n, limit.WebLogLines)
	}
	out.Reset()
	now = now.Add(time.Minute)
	log.Print("another")
	log.Print("and one more")
	if s := out.String(); strings.Count(s, "\n") != 2 || strings.Count(s, "lines_left_out_before=990") != 1 {
		t.Errorf("a minute later:\n%s", s)
	}
}
