package sandbox

import (
	"encoding/json"
	"fmt"
	"io"

	"prober/cloudapi"
	"prober/sandbox/imitation"
)

// KMSKeyID is an encryption key that the credentials may use, by its alias.
const KMSKeyID = imitation.KMSKeyID

// Credentials are the keys that the imitated APIs accept. They are made at random for
// each sandbox, open nothing else, and are encoded whole in JSON so that a client can be
// given them.
type Credentials struct {
	Alibaba cloudapi.AlibabaKey
	Tencent cloudapi.TencentKey
}

// MarshalJSON writes each key in the words of its cloud.
func (c Credentials) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]map[string]string{
		"alibaba": {"access_key_id": c.Alibaba.ID, "access_key_secret": c.Alibaba.Secret},
		"tencent": {"secret_id": c.Tencent.ID, "secret_key": c.Tencent.Secret},
	})
}

// newCredentials makes keys of the shape and length of real ones.
func newCredentials(random io.Reader) (Credentials, error) {
	var c Credentials
	for _, w := range []struct {
		to     *string
		prefix string
		length int
	}{
		{&c.Alibaba.ID, "LTAI", 20},
		{&c.Alibaba.Secret, "", 30},
		{&c.Tencent.ID, "AKID", 32},
		{&c.Tencent.Secret, "", 32},
	} {
		word, err := randomWord(random, w.length)
		if err != nil {
			return Credentials{}, fmt.Errorf("making credentials: %w", err)
		}
		*w.to = w.prefix + word
	}
	return c, nil
}

// randomWord returns n letters and digits.
func randomWord(random io.Reader, n int) (string, error) {
	// 64 characters, so that a byte modulo 64 favours none; two occur twice.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AB"
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = alphabet[b[i]%64]
	}
	return string(b), nil
}
