package cloudapi

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
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

// The beginnings of secretNames, and of secretHeaders.
var (
	nameStems   = []string{"accesskey", "signature", "securitytoken", "secret", "token", "credential"}
	headerStems = []string{"authorization", "x-tc-token", "x-acs-"}
)

var (
	// Authorization: value to the end of the line, also as a JSON member.
	headerForm = newNamed(secretHeaders+`[\\"']*\s*[:=]\s*[\[\\"']*)([^\r\n"]+)`, headerStems...)
	// Name=value, "Name": "value", Name:[value].
	plainForm = newNamed(secretNames+`[\\"']*\s*(?:[:=]|\\u003[dD])\s*[\[\\"']*)((?:[^&"'<>\s\\\]]|\\/|\\u00(?:2[bBfF]|3[dD]))+)`, nameStems...)
	// <Name>value</Name>
	elementForm = newNamed(secretNames+`>)([^<]+)`, nameStems...)
	// Name%3Dvalue%26 and Name%253Dvalue%2526, and JSON so encoded: %22Name%22%3A%22value%22.
	encodedForm = newNamed(secretNames+
		`(?:%(?:25)*22)?(?:%(?:25)*20|\+|\s)*%(?:25)*3[AD](?:%(?:25)*20|\+|\s)*(?:%(?:25)*22)?)(.*?)(%(?:25)*2[26]|[&"'<>\s\\]|$)`, nameStems...)
	// A word that others follow, such as stand behind an error code or a colon in a sentence. Keys,
	// signatures and tokens are longer, or hold digits.
	sentence = regexp.MustCompile(`^(?:[A-Z]?[a-z]{1,15}|[A-Z][A-Za-z]{1,15}|[A-Z]{2,8})[,;]? [A-Za-z0-9]`)
	// Key ids are recognizable by themselves.
	keyIDForm = regexp.MustCompile(`(AKID|LTAI|STS\.)[0-9A-Za-z*]{8,}`)
	// One that is cut off is recognizable sooner.
	cutKeyIDForm = regexp.MustCompile(`(AKID|LTAI|STS\.)[0-9A-Za-z*]{1,7}$`)
	// The escapes of RFC 3986, whose digits may be small too.
	smallEscapes = regexp.MustCompile(`%(?:25)*[0-9A-F]{2}`)
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
// NextToken goes too: too much is better than too little. What stays is a sentence behind such a
// name and a colon: the message of an error code, words of the prober's own. For a secret that stands
// somewhere by itself use a [Redactor].
func Redact(text string) string {
	text = headerForm.replace(text, "${1}"+Redacted)
	if !plainForm.places(text).none() {
		if strings.Contains(text, "%") {
			text = encodedForm.replace(text, "${1}"+Redacted+"${3}")
		}
		text = redactPlain(text)
		if strings.Contains(text, ">") {
			text = elementForm.replace(text, "${1}"+Redacted)
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
	at := plainForm.places(text)
	for from := 0; ; {
		m := plainForm.find(text, at, from)
		if m == nil {
			break
		}
		begin, end := m[4], m[5]
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

// beginsSentence reports whether before ends in a word that has no value, and what stands behind it
// is meant for people: a message behind an error code, or words of the prober's own.
func beginsSentence(before, behind string) bool {
	return strings.HasSuffix(before, "tls/weak_signature: ") || strings.HasSuffix(before, ": ") && sentence.MatchString(behind)
}

func hasAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Redactor removes the values of keys from text. The zero value knows none and goes by names
// alone, as [Redact] does.
type Redactor struct {
	forms []string // the values in every way in which they may be written
}

// NewRedactor returns one that knows the ids, secrets and tokens of two keys. Values shorter
// than four bytes are left to the names beside them: they would occur by chance.
func NewRedactor(a AlibabaKey, t TencentKey) Redactor {
	var r Redactor
	for _, v := range []string{a.Secret, a.Token, a.ID, t.Secret, t.Token, t.ID} {
		if len(v) >= 4 {
			r.add(v)
		}
	}
	return r
}

// With returns one that knows further values, under the same bound.
func (r Redactor) With(values ...string) Redactor {
	out := Redactor{slices.Clone(r.forms)}
	for _, v := range values {
		if len(v) >= 4 {
			out.add(v)
		}
	}
	return out
}

// longestCutKeyID is the length of the longest match of cutKeyIDForm.
const longestCutKeyID = len("AKID") + 7

// add lists the ways of writing v: as it is, percent-encoded once or twice, in JSON, in XML
// and in base64.
func (r *Redactor) add(v string) {
	once := PercentEncode(v)
	quoted, _ := json.Marshal(v) // text cannot fail
	inJSON := strings.Trim(string(quoted), `"`)
	forms := []string{
		v, once, PercentEncode(once), url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v),
		inJSON, strings.ReplaceAll(inJSON, "/", `\/`), strings.ReplaceAll(inJSON, "=", `\u003d`),
		strings.NewReplacer("/", `\u002f`, "=", `\u003d`, "+", `\u002b`).Replace(inJSON),
	}
	for _, form := range forms {
		forms = append(forms, smallEscapes.ReplaceAllStringFunc(form, strings.ToLower))
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, encoding.EncodeToString([]byte(v)))
	}
	for _, form := range forms {
		if !slices.Contains(r.forms, form) {
			r.forms = append(r.forms, form)
		}
	}
}

// Redact removes the keys' values wherever and however they stand in text, and then does what
// the function [Redact] does. Lines about requests of a made-up key stay as they are.
func (r Redactor) Redact(text string) string {
	for _, form := range r.forms {
		text = strings.ReplaceAll(text, form, Redacted)
	}
	return redactUnlessMadeUp(text)
}

// RedactCut is Redact for the beginning of a longer text. What may be the beginning of one of
// the keys' values, or of any key id, goes from its end too.
func (r Redactor) RedactCut(text string) string {
	longest := 0
	for _, form := range r.forms {
		for n := min(len(form)-1, len(text)); n > longest; n-- {
			if strings.HasSuffix(text, form[:n]) {
				longest = n
			}
		}
	}
	if longest > 0 {
		text = text[:len(text)-longest] + Redacted
	}
	tail := max(0, len(text)-longestCutKeyID) // of megabytes that the search need not go through
	return r.Redact(text[:tail] + cutKeyIDForm.ReplaceAllString(text[tail:], "${1}…(redacted)"))
}
