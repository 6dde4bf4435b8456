package cloudapi

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
)

// AlibabaKey is a key of an Alibaba Cloud account. The zero value is no key. However it
// is printed, logged or encoded, only the first four characters of ID show.
type AlibabaKey struct {
	ID     string // AccessKeyId
	Secret string // AccessKeySecret
	Token  string // SecurityToken of temporary keys; empty for permanent ones
}

// TencentKey is a key of a Tencent Cloud account. The zero value is no key. However it
// is printed, logged or encoded, only the first four characters of ID show.
type TencentKey struct {
	ID     string // SecretId
	Secret string // SecretKey
	Token  string // of temporary keys; empty for permanent ones
}

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
	id, secret, token, err := fromEnv(getenv, EnvAlibabaID, EnvAlibabaSecret, EnvAlibabaToken)
	return AlibabaKey{id, secret, token}, err
}

// TencentKeyFromEnv is [AlibabaKeyFromEnv] for Tencent Cloud.
func TencentKeyFromEnv(getenv func(string) string) (TencentKey, error) {
	id, secret, token, err := fromEnv(getenv, EnvTencentID, EnvTencentSecret, EnvTencentToken)
	return TencentKey{id, secret, token}, err
}

func fromEnv(getenv func(string) string, idVar, secretVar, tokenVar string) (id, secret, token string, err error) {
	id, secret, token = getenv(idVar), getenv(secretVar), getenv(tokenVar)
	var errs []error
	for _, v := range []struct{ name, value string }{{idVar, id}, {secretVar, secret}, {tokenVar, token}} {
		if strings.ContainsFunc(v.value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			errs = append(errs, fmt.Errorf("%s contains white space or control characters", v.name))
		}
	}
	switch {
	case id != "" && secret == "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", idVar, secretVar))
	case id == "" && secret != "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", secretVar, idVar))
	case id == "" && token != "":
		errs = append(errs, fmt.Errorf("%s is set but %s is not", tokenVar, idVar))
	}
	if len(errs) > 0 {
		return "", "", "", errors.Join(errs...)
	}
	return id, secret, token, nil
}

// IsZero reports whether there is no key.
func (k AlibabaKey) IsZero() bool { return k == AlibabaKey{} }

// IsZero reports whether there is no key.
func (k TencentKey) IsZero() bool { return k == TencentKey{} }

// String names the key without showing it: "AccessKeyId LTAI…(redacted)".
func (k AlibabaKey) String() string { return describeKey("AccessKeyId", k.ID) }

// String names the key without showing it: "SecretId AKID…(redacted)".
func (k TencentKey) String() string { return describeKey("SecretId", k.ID) }

// describeKey shows four characters of an id that is long enough for the rest to stay
// secret, and none of a shorter one.
func describeKey(name, id string) string {
	switch {
	case id == "":
		return "no " + name
	case len(id) < 12:
		return name + " (redacted)"
	}
	return name + " " + strings.ToValidUTF8(id[:4], "?") + "…(redacted)"
}

// Format prints what String returns for every verb and flag; a plain %x or %d would
// otherwise print the fields.
func (k AlibabaKey) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, k.String()) }

// Format prints what String returns for every verb and flag.
func (k TencentKey) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, k.String()) }

// LogValue logs what String returns.
func (k AlibabaKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// LogValue logs what String returns.
func (k TencentKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText encodes what String returns: in JSON, XML and whatever else asks for text.
func (k AlibabaKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalText encodes what String returns: in JSON, XML and whatever else asks for text.
func (k TencentKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
