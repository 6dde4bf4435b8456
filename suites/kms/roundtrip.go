package kms

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

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
			return call(a, p, "Encrypt", url.Values{
				"KeyId": {a.KMSKeyID}, "Plaintext": {base64.StdEncoding.EncodeToString([]byte(plaintext))},
			})
		}},
		{Name: "decrypt", Needs: kit.EncryptionKey, After: "encrypt", Make: func(a *kit.Asking) (cloudapi.Request, error) {
			var reply struct{ CiphertextBlob string }
			if err := json.Unmarshal(a.Earlier.Exchange.Body, &reply); err != nil || reply.CiphertextBlob == "" {
				return cloudapi.Request{}, fmt.Errorf("the reply to Encrypt holds no CiphertextBlob")
			}
			return call(a, p, "Decrypt", url.Values{"CiphertextBlob": {reply.CiphertextBlob}})
		}},
	}
}

// call makes a signed POST call under the context.
func call(a *kit.Asking, p catalog.Product, action string, params url.Values) (cloudapi.Request, error) {
	context := map[string]string{}
	for _, text := range kit.Texts() {
		context[text.Name] = text.Value
	}
	encoded, err := json.Marshal(context)
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
	e.It("KMS-CHARSET-06", "binds a ciphertext to a context in UTF-8", kit.Asked("encrypt", "decrypt"), func(c *kit.Case) {
		groups.GoodKey(c, e, "encrypt")
		c.Expect(c.Answer("encrypt")).To(kit.Succeed())
		c.Expect(c.Answer("decrypt")).To(kit.Succeed())
		c.Expect(c.Answer("decrypt")).To(kit.HaveMember("Plaintext", base64.StdEncoding.EncodeToString([]byte(plaintext))))
	})
}
