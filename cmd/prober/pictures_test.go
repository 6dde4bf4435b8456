package main

import (
	"bytes"
	"context"
	"html"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// pictured are the pages that docs/pictures shows, each of the sandbox with the same things broken. A picture is of what
// the reader of a document sees who does as it says.
var pictured = map[string][]string{
	"status": {"--fault", "kms/cn-hangzhou/public=cert_expired", "--fault", "gaap/ap-*/public=connect_refused", "--fault", "kms/cn-beijing/public=not_api_blocked"},
	"report": {"--product", "kms", "--region", "cn-hangzhou", "--fault", "kms/cn-hangzhou/public=version_accepted"},
}

// TestPictures holds the pages as they are now against the text beside their pictures: headings, fields, and the titles
// and columns of tables, for these are what a picture shows, and numbers and times do not matter.
// With -update it makes pictures and text anew, in Chromium.
func TestPictures(t *testing.T) {
	needs.Patience(t, "runs a service and a conformance run for their pages")
	dir := t.TempDir()
	program := filepath.Join(dir, "prober")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	t.Run("status", func(t *testing.T) {
		line := append([]string{program, "serve", "--sandbox", "--vantage", "berlin", "--interval", "20s", "--web.listen-address", "127.0.0.1:0"}, pictured["status"]...)
		if *update { // no machine's name in a picture
			line = append([]string{"unshare", "--map-root-user", "--uts", "sh", "-c", `hostname prober-1 && exec "$@"`, "sh"}, line...)
		}
		url := needs.Started(t, exec.Command(line[0], line[1:]...), regexp.MustCompile(`page=(http://\S+)`))[1]
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		page := read(t, url)
		for !settled(page) {
			select {
			case <-ctx.Done():
				t.Fatalf("the page does not show what is broken, and nothing else:\n%s", page)
			case <-time.After(200 * time.Millisecond):
				page = read(t, url)
			}
		}
		hold(t, "status", page, url)
	})
	t.Run("report", func(t *testing.T) {
		line := append([]string{"conformance", "--sandbox", "--report-dir", dir}, pictured["report"]...)
		if got := runApp(t, nil, line...); got.code != 1 {
			t.Fatalf("exit code %d: %s", got.code, got.stderr)
		}
		path := filepath.Join(dir, "report.html")
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, "report", page, "file://"+path)
	})
}

// read is the page at a URL.
func read(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url) //nolint:gosec,noctx // our own, just started
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// settled says whether the status page shows all that is broken, confirmed, and nothing that comes of a busy machine.
func settled(page []byte) bool {
	for _, word := range []string{"tls/cert_expired", "connect/refused", "verify/not_api"} {
		if !bytes.Contains(page, []byte(word)) {
			return false
		}
	}
	for _, word := range []string{"being confirmed", "cannot be told", "overloaded", "further apart", "not probed yet"} {
		if bytes.Contains(page, []byte(word)) {
			return false
		}
	}
	return true
}

// hold compares a page with the text beside its picture, or makes both anew.
func hold(t *testing.T, name string, page []byte, url string) {
	t.Helper()
	base := filepath.Join("..", "..", "docs", "pictures", name)
	text := skeleton(page)
	if *update {
		if err := os.WriteFile(base+".txt", []byte(text), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
		photograph(t, base+".png", url)
	}
	want, err := os.ReadFile(base + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("docs/pictures/%s.png is of an older page; PROBER_REQUIRE_TOOLS=1 go test ./cmd/prober -run Pictures -update makes it anew. It says\n%s\nand the page\n%s", name, want, text)
	}
	picture, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = picture.Close() }()
	if size, err := png.DecodeConfig(picture); err != nil || size.Width != pictureWidth {
		t.Errorf("the picture %s: %v, %d pixels wide, want %d", name, err, size.Width, pictureWidth)
	}
}

var (
	parts = regexp.MustCompile(`(?s)<(h1|h2|caption|label|th)(?: [^>]*scope="col"| (?:id|class)=[^>]*)?>(.*?)<(?:/h1|/h2|/caption|select|input|/th|button)`)
	tags  = regexp.MustCompile(`<[^>]*>`)
	turns = regexp.MustCompile(`[0-9][0-9.,:-]*`)
)

// skeleton is what a page is made of, each once, without numbers.
func skeleton(page []byte) string {
	var lines []string
	for _, m := range parts.FindAllSubmatch(page, -1) {
		text := html.UnescapeString(tags.ReplaceAllString(string(m[2]), " "))
		line := string(m[1]) + " " + strings.Join(strings.Fields(turns.ReplaceAllString(text, "N")), " ")
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

const pictureWidth = 1200

// photograph makes the picture of a page.
func photograph(t *testing.T, path, url string) {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	profile := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, needs.Program(t, "chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir="+profile, "--window-size=1200,900", "--screenshot="+absolute, url)
	cmd.Env = append(os.Environ(), "HOME="+profile, "TMPDIR="+profile)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
}
