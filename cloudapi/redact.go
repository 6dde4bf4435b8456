package cloudapi

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
)

// Redacted stands in the place of a removed value.
const Redacted = "REDACTED"

// The forms in which a secret value follows its name. Values end where their notation
// ends them; base64, which signatures and tokens are made of, contains none of these
// ends.
const (
	secretNames   = `(?i)((?:AccessKeyId|AccessKeySecret|Signature|SecurityToken|SecretId|SecretKey|Token|Credential)`
	secretHeaders = `(?i)((?:Authorization|X-TC-Token|X-Acs-Security-Token|X-Acs-AccessKey-Id)`
)

var (
	// Authorization: value to the end of the line, also as a JSON member.
	headerForm = regexp.MustCompile(secretHeaders + `[\\"']*\s*[:=]\s*[\[\\"']*)([^\r\n"]+)`)
	// Name=value, "Name": "value", Name:[value].
	plainForm = regexp.MustCompile(secretNames + `[\\"']*\s*[:=]\s*[\[\\"']*)([^&"'<>\s\\\]]+)`)
	// <Name>value</Name>
	elementForm = regexp.MustCompile(secretNames + `>)([^<]+)`)
	// Name%3Dvalue%26 and Name%253Dvalue%2526, and JSON so encoded: %22Name%22%3A%22value%22.
	encodedForm = regexp.MustCompile(secretNames +
		`(?:%(?:25)*22)?(?:%(?:25)*20|\+|\s)*%(?:25)*3[AD](?:%(?:25)*20|\+|\s)*(?:%(?:25)*22)?)(.*?)(%(?:25)*2[26]|[&"'<>\s\\]|$)`)
	// What stands behind the error code IncompleteSignature and its like. A signature is 28
	// characters of base64 or more, and no capitalized word with others behind it.
	sentence = regexp.MustCompile(`^[A-Z][a-z]{0,15} [a-z]{1,15} [a-z]{1,15}[ .,;:]`)
	// Key ids are recognizable by themselves.
	keyIDForm = regexp.MustCompile(`(AKID|LTAI|STS\.)[0-9A-Za-z*]{8,}`)
)

// Redact removes key ids, signatures, tokens and secrets from text, which may be a URL, a
// query, header lines, a body or a whole transcript. It removes
//
//   - the values of AccessKeyId, AccessKeySecret, Signature, SecurityToken, SecretId,
//     SecretKey, Token and Credential, written as query or form parameters, JSON members
//     or XML elements, as they are or percent-encoded any number of times, which is how
//     strings to sign hold them;
//   - the values of the header fields Authorization, X-TC-Token, X-Acs-Security-Token and
//     X-Acs-AccessKey-Id, to the end of their line;
//   - words that look like a key id: LTAI, AKID or "STS." and eight or more letters and
//     digits; the first four characters stay.
//
// Names match in any case and also as the end of a longer name, so that the value of a
// NextToken goes too: too much is better than too little. What stays is a word that only ends
// in "signature" and begins a sentence: the reason tls/weak_signature, an error code. For a secret that stands
// somewhere by itself use the method Redact of its key.
func Redact(text string) string {
	// Searching for a form is slow and most text holds none: words that every match of it
	// must have are looked for first.
	lower := strings.ReplaceAll(strings.ToLower(text), "ſ", "s") // which the forms take for an s too
	if hasAny(lower, "authorization", "x-tc-token", "x-acs-") {
		text = headerForm.ReplaceAllString(text, "${1}"+Redacted)
	}
	if hasAny(lower, "accesskey", "signature", "token", "secret", "credential") {
		if strings.Contains(text, "%") {
			text = encodedForm.ReplaceAllString(text, "${1}"+Redacted+"${3}")
		}
		text = redactPlain(text)
		if strings.Contains(text, ">") {
			text = elementForm.ReplaceAllString(text, "${1}"+Redacted)
		}
	}
	if hasAny(text, "AKID", "LTAI", "STS.") {
		text = keyIDForm.ReplaceAllString(text, "${1}…(redacted)")
	}
	return text
}

// redactPlain removes the values of plainForm. A value may end in a name, whose own value is
// behind it: Signature="SecretKey":"...". The search therefore goes on a little before the end
// of each value, where such a name begins; all of the value again would be quadratic.
func redactPlain(text string) string {
	const longestName = 32 // bytes, with a separator, and letters that fold to longer ones
	var out strings.Builder
	done := 0 // how much of text is dealt with
	for from := 0; ; {
		m := plainForm.FindStringSubmatchIndex(text[from:])
		if m == nil {
			break
		}
		begin, end := from+m[4], from+m[5]
		if beginsSentence(text[:begin], text[begin:]) {
			from = begin
			continue
		}
		if begin >= done {
			out.WriteString(text[done:begin] + Redacted)
		}
		done = max(done, end)
		name := len(strings.TrimRight(text[begin:end], "[")) // brackets may stand behind a name
		from = begin + max(0, name-longestName)
	}
	out.WriteString(text[done:])
	return out.String()
}

// beginsSentence reports whether before ends in a word that has no value, and what stands
// behind it is meant for people: the prober's own reason, which the name of a certificate
// follows, or an error code of an API, which a message follows.
func beginsSentence(before, behind string) bool {
	if strings.HasSuffix(before, "tls/weak_signature: ") {
		return true
	}
	code, ok := strings.CutSuffix(before, "Signature: ")
	return ok && code != "" && 'a' <= code[len(code)-1] && code[len(code)-1] <= 'z' && sentence.MatchString(behind)
}

func hasAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// RedactKeys removes both keys' own ids, secrets and tokens from text, as their methods
// Redact do. Lines about requests of a made-up key stay as they are.
func RedactKeys(text string, a AlibabaKey, t TencentKey) string {
	return redactValues(text, a.Secret, a.Token, a.ID, t.Secret, t.Token, t.ID)
}

// redactValues removes the given values wherever and however they stand in text, then
// redacts by name. Values shorter than four bytes are left to the names: they would
// occur by chance.
func redactValues(text string, values ...string) string {
	for _, v := range values {
		if len(v) < 4 {
			continue
		}
		once := PercentEncode(v)
		for _, form := range []string{
			v, once, PercentEncode(once), url.QueryEscape(v), url.PathEscape(v),
			base64.StdEncoding.EncodeToString([]byte(v)),
		} {
			text = strings.ReplaceAll(text, form, Redacted)
		}
	}
	return redactUnlessMadeUp(text)
}
