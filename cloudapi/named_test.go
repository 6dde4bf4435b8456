package cloudapi

import (
	"slices"
	"strings"
	"testing"
)

// FuzzNamed: where the beginnings of names are looked for, what is found is what the expression finds.
func FuzzNamed(f *testing.F) {
	for _, seed := range []string{
		"", "Token", "token=x", "AccessKeySecretKey=x&Token=y", "x-acs-x-tc-token: [v]\r\nAuthorization: w", "<secretid>x</secretid>",
		"\u017fignature=x", "Access\u212aeyId=x", "Signature%253Dx%2526Token%3D%22y", "токен Token\":\"é\"", "tokentoken=token=token", "X-Acs-Authorization=y",
		"Signature=\"SecretKey\":\"x\"",
	} {
		f.Add(seed)
	}
	forms := []named{headerForm, plainForm, elementForm, encodedForm}
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range forms {
			template := "${1}" + Redacted
			if got, want := n.replace(text, template), n.anywhere.ReplaceAllString(text, template); got != want {
				t.Errorf("%s in %q: %q, want %q", n.anywhere, text, got, want)
			}
			for from := range len(text) {
				if strings.ContainsAny(text[:from], "\u017f\u212a") {
					break // cut within a letter, perhaps
				}
				want := shifted(n.anywhere.FindStringSubmatchIndex(text[from:]), from)
				if got := n.find(text, n.places(text), from); !slices.Equal(got, want) {
					t.Errorf("%s in %q from %d: %v, want %v", n.anywhere, text, from, got, want)
				}
			}
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	head := "HTTP/1.1 400 Bad Request\r\nDate: Thu, 26 Nov 2026 21:22:24 GMT\r\nContent-Type: application/json;charset=utf-8\r\nX-Acs-Request-Id: EA7E627F-A0CD-42B2-917B-7B6BF46802FA\r\n\r\n"
	for _, c := range []struct{ name, text string }{
		{"nothing", head + strings.Repeat(`{"Name":"value"}`, 256)},
		{"signature", head + `{"Message":"AccessKeyId=LTAI4xxxxxxxx&Signature=abc%3D"}` + strings.Repeat(`{"Name":"value"}`, 256)},
		{"names", strings.Repeat("token", 1<<15)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Redact(c.text)
			}
		})
	}
}
