package prose_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"prober/prose"
)

func folded(t *testing.T, text string, columns int) string {
	t.Helper()
	var b strings.Builder
	f := prose.Fold(&b, columns)
	for _, c := range []byte(text) { // however it comes
		if _, err := f.Write([]byte{c}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFold(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"what fits": {"twenty nine columns, no more.\n", "twenty nine columns, no more.\n"},
		"text goes on a little further in": {
			"prober: note: the sandbox ended with this command, and so\n",
			"prober: note: the sandbox ended with\n  this command, and so\n",
		},
		"a table goes on below its last column": {
			"ab  ok  tls/cert_expired: it ended on a day in spring\n",
			"ab  ok  tls/cert_expired: it ended on a\n        day in spring\n",
		},
		"but not where there is no room": {
			"kms/cn-hangzhou/public  kms.aliyuncs.com  active\n",
			"kms/cn-hangzhou/public  kms.aliyuncs.com\n  active\n",
		},
		"and without the gaps of the table": {
			"kms/cn-hangzhou/public      kms.cn-hangzhou.aliyuncs.com      Hangzhou      active\n",
			"kms/cn-hangzhou/public\n  kms.cn-hangzhou.aliyuncs.com  Hangzhou\n  active\n",
		},
		"a text without room is below its row": {
			"kms/eu  KMS-TLS-01  MUST  refuses the second version\n",
			"kms/eu  KMS-TLS-01  MUST\n  refuses the second version\n",
		},
		"a URL is one word": {
			"see https://example.com/a/path/that/is/longer/than/all/of/it for more\n",
			"see\n  https://example.com/a/path/that/is/longer/than/all/of/it\n  for more\n",
		},
		"what is quoted stays together": {
			"no such endpoint here at all; (\"prober endpoints list\") tells\n",
			"no such endpoint here at all;\n  (\"prober endpoints list\") tells\n",
		},
		"unless it is too much, or has no end": {
			"\"one two three four five six seven eight nine ten\" 5\" and more words here\n",
			"\"one two three four five six seven eight\n  nine ten\" 5\" and more words here\n",
		},
		"a command to copy stays as it is": {
			"    $ timeout 10 openssl s_client -connect 127.0.0.1:4433 -servername a\n",
			"    $ timeout 10 openssl s_client -connect 127.0.0.1:4433 -servername a\n",
		},
		"behind a word as well": {
			"try   prober check --endpoints cloud/endpoints.json --ca-file cloud/ca.pem\n",
			"try   prober check --endpoints cloud/endpoints.json --ca-file cloud/ca.pem\n",
		},
		"colours take no room": {
			"ab  \x1b[31;1mfail\x1b[0m  thirty four of forty columns\n",
			"ab  \x1b[31;1mfail\x1b[0m  thirty four of forty columns\n",
		},
		"wide characters take two columns, marks none": {
			"\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d \u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d e\u0301\n",
			"\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\n  \u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d e\u0301\n",
		},
		"a line without an end": {"so far", "so far"},
	} {
		if got := folded(t, c.in, 40); got != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", name, got, c.want)
		}
		if got := folded(t, c.in, 0); got != c.in {
			t.Errorf("%s: of any width: got %q, want %q", name, got, c.in)
		}
	}
}

// Nothing but spaces and line ends is added or lost, and nothing stands further right than it must.
func FuzzFold(f *testing.F) {
	f.Add("ab  ok  tls/cert_expired: \"it ended\" on a day in spring", uint8(30))
	f.Add("    $ a b\n\n \"x\ty\x1b[1mz", uint8(1))
	f.Fuzz(func(t *testing.T, text string, columns uint8) {
		if !utf8.ValidString(text) || columns == 0 {
			return
		}
		got := folded(t, text, int(columns))
		bare := strings.NewReplacer(" ", "", "\n", "", "\r", "")
		if bare.Replace(got) != bare.Replace(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestFoldPassesErrorsOn(t *testing.T) {
	broken, w := io.Pipe()
	_ = broken.CloseWithError(io.ErrNoProgress)
	f := prose.Fold(w, 40)
	if _, err := f.Write([]byte("a line\n")); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v", err)
	}
}
