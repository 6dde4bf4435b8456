package kms

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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
	decryptUnderAnother := decryption("decrypt-under-another-context", encrypt, almostTheContext())
	return kit.Requirement{
		ID: d.ID("CHARSET-06"), Line: func(here func()) { here() }, Level: report.Must, Rules: d.Rules("encoding"),
		In:        kit.At(d.Source, d.Encoding[0], d.Date),
		Text:      "An EncryptionContext in UTF-8 binds a ciphertext: it decrypts under the same texts, and under no others.",
		Rationale: "the other context differs in one character that looks the same, so that neither normalisation nor loss goes unseen",
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
			kit.ReplyBy(decryptUnderAnother, func(c *kit.Case, a kit.Answer) {
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

// almostTheContext differs in one character, which looks the same: an e with an accent of
// its own and an é.
func almostTheContext() map[string]string {
	texts := context()
	texts["Accent"] = "e\u0301"
	return texts
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
