package kms

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"prober/catalog"
	"prober/cloudapi"
	"prober/report"
	"prober/suites/alibaba"
	"prober/suites/common"
	"prober/suites/kit"
)

// encryptionContext judges a round trip: a text is encrypted and decrypted again, both under a
// context of texts of every kind. It makes and changes no key.
func encryptionContext(d common.Document, q alibaba.Questions) kit.Requirement {
	encrypt := &kit.Question{Name: "encrypt", Needs: kit.EncryptionKey, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		return call(a, "Encrypt", context(), url.Values{
			"KeyId": {a.KMSKeyID}, "Plaintext": {base64.StdEncoding.EncodeToString([]byte(plaintext))},
		})
	}}
	decrypt := decryption("decrypt", encrypt, context())
	var underOthers []*kit.Question
	for _, o := range otherContexts() {
		underOthers = append(underOthers, decryption("decrypt-under-"+o.name, encrypt, o.texts))
	}
	return kit.Requirement{
		ID: d.ID("CHARSET-06"), Line: func(here func()) { here() }, Level: report.Must, Rules: d.Rules("encoding"),
		In:        kit.At(d.Source, d.Encoding[0], d.Date),
		Text:      "An EncryptionContext in UTF-8 binds a ciphertext: it decrypts under the same texts, and under no others.",
		Rationale: "each other context differs in what one kind of loss leaves out, so that a service that loses it takes both for one",
		It:        "binds a ciphertext to a context in UTF-8",
		Judge: d.WithKey(q.Questions, kit.Given(encrypt, func(c *kit.Case, a kit.Answer) {
			d.Permitted(c, a)
			usableKey(c, a)
			c.Expect(a, kit.Succeed())
		}, kit.All(
			kit.ReplyBy(decrypt, func(c *kit.Case, a kit.Answer) {
				usableKey(c, a)
				c.Expect(a, kit.Succeed(), kit.HaveMember("Plaintext", base64.StdEncoding.EncodeToString([]byte(plaintext))))
			}),
			kit.EachReplyBy(underOthers, func(c *kit.Case, a kit.Answer) {
				if a.ServerFailed(d.Error(catalog.ServerError)) {
					c.Skip(kit.CannotTell("the service itself fails: " + a.Exchange.API.String()))
				}
				c.Expect(a, kit.Not(kit.Succeed()))
			}),
		))),
	}
}

// plaintext is what is encrypted: nothing that anybody needs again.
const plaintext = "a round trip of prober 华北1（青岛）😀"

func decryption(name string, encrypt *kit.Question, under map[string]string) *kit.Question {
	return &kit.Question{Name: name, Needs: kit.EncryptionKey, After: encrypt, Make: func(a *kit.Asking) (cloudapi.Request, error) {
		var reply struct{ CiphertextBlob string }
		if err := json.Unmarshal(cloudapi.WithoutBOM(a.Earlier.Exchange.Body), &reply); err != nil || reply.CiphertextBlob == "" {
			return cloudapi.Request{}, fmt.Errorf("the reply to Encrypt holds no CiphertextBlob")
		}
		return call(a, "Decrypt", under, url.Values{"CiphertextBlob": {reply.CiphertextBlob}})
	}}
}

// longest is how many characters of a text go into a context, whose size is bounded.
const longest = 260

// context is what the ciphertext is bound to: a text of every kind.
func context() map[string]string {
	texts := map[string]string{"Accent": "\u00e9"}
	for _, text := range common.Texts() {
		texts[text.Name] = string([]rune(text.Value)[:min(longest, utf8.RuneCountInString(text.Value))])
	}
	return texts
}

// otherContext is one under which no ciphertext may open that is bound to [context].
type otherContext struct {
	name  string
	texts map[string]string
}

// otherContexts differ each in what one kind of loss leaves out: what is bound to no more than is left takes it
// for the right one.
func otherContexts() []otherContext {
	// Another text in each place, made of the one that stands there.
	each := func(to func(string) string) map[string]string {
		texts := context()
		for name, text := range texts {
			texts[name] = to(text)
		}
		return texts
	}
	moved := func(by, from, to rune) func(string) string {
		return func(s string) string {
			return strings.Map(func(r rune) rune {
				if from <= r && r <= to {
					r += by
				}
				return r
			}, s)
		}
	}
	const name, long, plane = "Accent", "Long", 1 << 16
	accent, named, fewer, ended := context(), context(), context(), context()
	accent[name] = "e\u0301" // which looks the same
	named[name+"s"] = named[name]
	delete(named, name)
	ended[long] = string([]rune(ended[long])[:longest-1]) + "!" // the others end where buffers do not
	delete(fewer, slices.Max(slices.Collect(maps.Keys(fewer))))
	return []otherContext{
		{"another-context", accent},
		{"another-name", named},
		{"one-text-less", fewer},
		{"another-end", ended},
		{"another-plane", each(moved(plane, plane, 2*plane-1))},      // sixteen bits of each character stay
		{"another-ideograph", each(moved(1<<8, '\u4e00', '\u9dff'))}, // eight bits do
		{"another-case", each(moved('A'-'a', 'a', 'z'))},
		{"a-blank-more", each(func(s string) string { return s + " " })},
		{"a-control-character", each(func(s string) string { return s + "\u0001" })},
		{"a-mark-of-no-width", each(func(s string) string { return s + "\u200b" })},
	}
}

func call(a *kit.Asking, action string, under map[string]string, params url.Values) (cloudapi.Request, error) {
	encoded, err := json.Marshal(under)
	if err != nil {
		return cloudapi.Request{}, fmt.Errorf("encoding the context: %w", err)
	}
	params.Set("EncryptionContext", string(encoded))
	nonce, err := a.Nonce()
	c := cloudapi.AlibabaCall{Action: action, Version: a.Product.APIVersion, Params: params}
	return c.Signed(http.MethodPost, a.Host(), a.Alibaba, a.Now, nonce), err
}

// usableKey skips the requirement when the encryption key is not here, or disabled, or when
// the customer's key may not use it.
func usableKey(c *kit.Case, a kit.Answer) {
	switch api := a.Exchange.API; {
	case api == nil || !api.IsError:
	case a.Exchange.Class == cloudapi.Credentials:
		c.Skip(kit.Skip(report.NoCredentials, "the key may not do this: "+api.String()))
	case strings.HasPrefix(api.Code, "Forbidden.") && strings.HasSuffix(api.Code, "NotFound"), strings.HasPrefix(api.Code, "Rejected."):
		c.Skip(kit.Skip(report.NoKey, "the encryption key cannot be used here: "+api.String()))
	}
}
