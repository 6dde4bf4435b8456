package kms

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// plaintext is what is encrypted: nothing that anybody needs again.
const plaintext = "a round trip of prober 华北1（青岛）😀"

// encryptionQuestions encrypt a text and decrypt it again, both under a context of texts of
// every kind. They make and change no key.
func encryptionQuestions(p catalog.Product) []kit.Question {
	return []kit.Question{
		{Name: "encrypt", Needs: kit.EncryptionKey, Make: func(a *kit.Asking) (cloudapi.Request, error) {
			return call(a, p, "Encrypt", context(), url.Values{
				"KeyId": {a.KMSKeyID}, "Plaintext": {base64.StdEncoding.EncodeToString([]byte(plaintext))},
			})
		}},
		decryption("decrypt", p, context()),
		decryption("decrypt-under-another-context", p, almostTheContext()),
	}
}

// decryption asks to decrypt what was encrypted.
func decryption(name string, p catalog.Product, under map[string]string) kit.Question {
	return kit.Question{Name: name, Needs: kit.EncryptionKey, After: "encrypt", Make: func(a *kit.Asking) (cloudapi.Request, error) {
		var reply struct{ CiphertextBlob string }
		if err := json.Unmarshal(a.Earlier.Exchange.Body, &reply); err != nil || reply.CiphertextBlob == "" {
			return cloudapi.Request{}, fmt.Errorf("the reply to Encrypt holds no CiphertextBlob")
		}
		return call(a, p, "Decrypt", under, url.Values{"CiphertextBlob": {reply.CiphertextBlob}})
	}}
}

// context is what the ciphertext is bound to: a text of every kind.
func context() map[string]string {
	texts := map[string]string{"Accent": "\u00e9"}
	for _, text := range kit.Texts() {
		texts[text.Name] = text.Value
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

// call makes a signed POST call under a context.
func call(a *kit.Asking, p catalog.Product, action string, under map[string]string, params url.Values) (cloudapi.Request, error) {
	encoded, err := json.Marshal(under)
	if err != nil {
		return cloudapi.Request{}, fmt.Errorf("encoding the context: %w", err)
	}
	params.Set("EncryptionContext", string(encoded))
	nonce, err := a.Nonce()
	c := cloudapi.AlibabaCall{Action: action, Version: p.APIVersion, Params: params}
	return c.Signed(http.MethodPost, a.Host(), a.Alibaba, a.Now, nonce), err
}

// encryptionContext judges the round trip.
func encryptionContext(e *kit.Subject) {
	round := kit.Asked(groups.SignedCall, "encrypt").And("decrypt", "decrypt-under-another-context")
	e.It("KMS-CHARSET-06", "binds a ciphertext to a context in UTF-8", round, func(c *kit.Case) {
		groups.MayDo(c, e, "encrypt")
		a := c.Answer("encrypt")
		usableKey(c, a)
		c.Expect(a).To(kit.Succeed())
		c.Each([]string{"decrypt"}, func(a kit.Answer) {
			usableKey(c, a)
			c.Expect(a).To(kit.Succeed())
			c.Expect(a).To(kit.HaveMember("Plaintext", base64.StdEncoding.EncodeToString([]byte(plaintext))))
		})
		c.Each([]string{"decrypt-under-another-context"}, func(a kit.Answer) {
			if failing, err := kit.BeServerFailure(e.ErrorRule(catalog.ServerError)).Match(a); err == nil && failing {
				c.Skip(kit.Inconclusive, "the service itself fails: "+a.Exchange.API.String())
			}
			c.Expect(a).NotTo(kit.Succeed())
		})
	})
}

// usableKey skips the spec when the encryption key is not here, or disabled, or when the
// customer's key may not use it.
func usableKey(c *kit.Case, a kit.Answer) {
	switch api := a.Exchange.API; {
	case api == nil || !api.IsError:
	case a.Exchange.Class == cloudapi.Credentials:
		c.Skip(kit.NoCredentials, "the key may not do this: "+api.String())
	case strings.HasPrefix(api.Code, "Forbidden.") && strings.HasSuffix(api.Code, "NotFound"), strings.HasPrefix(api.Code, "Rejected."):
		c.Skip(kit.NoKey, "the encryption key cannot be used here: "+api.String())
	}
}
