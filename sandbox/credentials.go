package sandbox

import (
	"fmt"
	"io"
)

// Credentials are the keys that the imitated APIs accept. They are made at random for
// each sandbox, open nothing else, and are encoded whole so that a client can be given
// them.
type Credentials struct {
	Alibaba AlibabaCredentials `json:"alibaba"`
	Tencent TencentCredentials `json:"tencent"`
}

// AlibabaCredentials is a key in the words of Alibaba Cloud.
type AlibabaCredentials struct {
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
}

// TencentCredentials is a key in the words of Tencent Cloud.
type TencentCredentials struct {
	SecretID  string `json:"secret_id"`
	SecretKey string `json:"secret_key"`
}

// newCredentials makes keys of the shape and length of real ones.
func newCredentials(random io.Reader) (Credentials, error) {
	var c Credentials
	for _, w := range []struct {
		to     *string
		prefix string
		length int
	}{
		{&c.Alibaba.AccessKeyID, "LTAI", 20},
		{&c.Alibaba.AccessKeySecret, "", 30},
		{&c.Tencent.SecretID, "AKID", 32},
		{&c.Tencent.SecretKey, "", 32},
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
