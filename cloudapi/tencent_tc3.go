package cloudapi

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TC3Algorithm names the signature method TC3-HMAC-SHA256.
const TC3Algorithm = "TC3-HMAC-SHA256"

// TC3Input is what a TC3-HMAC-SHA256 signature covers.
type TC3Input struct {
	Method  string
	Path    string // empty means "/"
	Query   string // as sent, without "?"
	Headers []Field
	Payload []byte
	// UnsignedPayload signs the words UNSIGNED-PAYLOAD in place of the payload's
	// hash; the request then carries the header X-TC-Content-SHA256 with that value.
	UnsignedPayload bool
	Service         string // "gaap"; by the documents the first label of the host
	Timestamp       time.Time
}

// TC3Signature is a signature and everything that was computed on the way to it.
type TC3Signature struct {
	CanonicalRequest string
	CredentialScope  string // date/service/tc3_request
	StringToSign     string
	Signature        string // lower-case hex
	SignedHeaders    string // names, sorted, joined by ";"
	Authorization    string // value of the Authorization header
}

// String returns the string to sign, which holds no secret: the request is in it as a
// hash only.
func (s TC3Signature) String() string { return s.StringToSign }

// SignTC3 signs in with key. Headers must name content-type and host; their names and
// values are lower-cased and trimmed as the document demands, and sorted by name.
//
// Source: "Signature v3" of the Tencent Cloud API 3.0 documents.
func SignTC3(in TC3Input, key TencentKey) TC3Signature {
	unix := strconv.FormatInt(in.Timestamp.Unix(), 10)
	date := in.Timestamp.UTC().Format(time.DateOnly)

	names, headers := canonicalHeaders(in.Headers)
	payload := "UNSIGNED-PAYLOAD"
	if !in.UnsignedPayload {
		payload = string(in.Payload)
	}
	s := TC3Signature{
		SignedHeaders:   names,
		CredentialScope: date + "/" + in.Service + "/tc3_request",
	}
	s.CanonicalRequest = strings.Join([]string{
		strings.ToUpper(in.Method), cmp.Or(in.Path, "/"), in.Query, headers, names, hexSHA256(payload),
	}, "\n")
	s.StringToSign = strings.Join([]string{
		TC3Algorithm, unix, s.CredentialScope, hexSHA256(s.CanonicalRequest),
	}, "\n")

	k := hmacSHA256([]byte("TC3"+key.Secret), date)
	k = hmacSHA256(k, in.Service)
	k = hmacSHA256(k, "tc3_request")
	s.Signature = hex.EncodeToString(hmacSHA256(k, s.StringToSign))
	s.Authorization = TC3Algorithm + " Credential=" + key.ID + "/" + s.CredentialScope +
		", SignedHeaders=" + names + ", Signature=" + s.Signature
	return s
}

// canonicalHeaders returns the names joined by ";" and the block of "name:value"
// lines, each ended by a newline.
func canonicalHeaders(fields []Field) (names, block string) {
	sorted := make([]Field, len(fields))
	for i, f := range fields {
		sorted[i] = Field{strings.ToLower(strings.TrimSpace(f.Name)), strings.ToLower(strings.TrimSpace(f.Value))}
	}
	slices.SortStableFunc(sorted, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	list := make([]string, len(sorted))
	var b strings.Builder
	for i, f := range sorted {
		list[i] = f.Name
		b.WriteString(f.Name + ":" + f.Value + "\n")
	}
	return strings.Join(list, ";"), b.String()
}

func hexSHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
