package cloudapi

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
)

// Key is a key of an account with a vendor. The zero value is no key. However it is printed,
// logged or encoded, only the first four characters of ID show.
type Key[V vendor] struct {
	ID     string // Alibaba Cloud: AccessKeyId, Tencent Cloud: SecretId
	Secret string // AccessKeySecret, SecretKey
	Token  string // of temporary keys; empty for permanent ones
}

// AlibabaKey is a key of Alibaba Cloud. Nobody can take it for a [TencentKey].
type AlibabaKey = Key[alibaba]

// TencentKey is a key of Tencent Cloud.
type TencentKey = Key[tencent]

// vendor says what a vendor calls the id of a key.
type vendor interface{ idName() string }

type (
	alibaba struct{}
	tencent struct{}
)

func (alibaba) idName() string { return "AccessKeyId" }
func (tencent) idName() string { return "SecretId" }

// The variables from which keys are read: those of the vendors' own tools.
const (
	EnvAlibabaID     = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	EnvAlibabaSecret = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
	EnvAlibabaToken  = "ALIBABA_CLOUD_SECURITY_TOKEN"
	EnvTencentID     = "TENCENTCLOUD_SECRET_ID"
	EnvTencentSecret = "TENCENTCLOUD_SECRET_KEY"
	EnvTencentToken  = "TENCENTCLOUD_TOKEN"
)

// AlibabaKeyFromEnv reads a key with getenv, usually [os.Getenv]. No variable set gives
// the zero key. An incomplete key, or white space in a value, is an error that names
// the variable and not its value.
func AlibabaKeyFromEnv(getenv func(string) string) (AlibabaKey, error) {
	return fromEnv[alibaba](getenv, EnvAlibabaID, EnvAlibabaSecret, EnvAlibabaToken)
}

// TencentKeyFromEnv is [AlibabaKeyFromEnv] for Tencent Cloud.
func TencentKeyFromEnv(getenv func(string) string) (TencentKey, error) {
	return fromEnv[tencent](getenv, EnvTencentID, EnvTencentSecret, EnvTencentToken)
}

func fromEnv[V vendor](getenv func(string) string, id, secret, token string) (Key[V], error) {
	k := Key[V]{getenv(id), getenv(secret), getenv(token)}
	var errs []error
	for _, name := range []string{id, secret, token} {
		if strings.ContainsFunc(getenv(name), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			errs = append(errs, fmt.Errorf("%s contains white space or control characters", name))
		}
	}
	switch {
	case k.ID != "" && k.Secret == "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", id, secret))
	case k.ID == "" && k.Secret != "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", secret, id))
	case k.ID == "" && k.Token != "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", token, id))
	}
	if len(errs) > 0 {
		return Key[V]{}, errors.Join(errs...)
	}
	return k, nil
}

// IsZero reports whether there is no key.
func (k Key[V]) IsZero() bool { return k == Key[V]{} }

// String names the key without showing it: "AccessKeyId LTAI…(redacted)". It shows four
// characters of an id that is long enough for the rest to stay secret, and none of a shorter
// one.
func (k Key[V]) String() string {
	var v V
	switch name := v.idName(); {
	case k.ID == "":
		return "no " + name
	case len(k.ID) < 12:
		return name + " (redacted)"
	default:
		return name + " " + strings.ToValidUTF8(k.ID[:4], "?") + "…(redacted)"
	}
}

// Format prints what String returns for every verb and flag; a plain %x or %d would
// otherwise print the fields.
func (k Key[V]) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, k.String()) }

// LogValue logs what String returns.
func (k Key[V]) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText encodes what String returns: in JSON, XML and whatever else asks for text.
func (k Key[V]) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
