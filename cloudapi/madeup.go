package cloudapi

import "strings"

// MadeUpAlibaba is a key of the form of a real one that nobody owns. Requests that it signs
// are no secret, and stay as they are in what is shown.
func MadeUpAlibaba() AlibabaKey {
	return AlibabaKey{ID: "LTAI5tThisKeyIsOwnedByNo", Secret: "and-this-is-its-secret-text-30"}
}

// MadeUpTencent is a key of the form of a real one that nobody owns.
func MadeUpTencent() TencentKey {
	return TencentKey{ID: "AKIDthisSecretIdIsOwnedByNobody0000", Secret: "andThisIsItsSecretKey00000000000"}
}

// ElsewhereOf is a host that there is not (RFC 6761, section 6.4), of the service that another one is of: what a
// call can be signed for that is sent to that other one.
func ElsewhereOf(host string) string {
	service, _, _ := strings.Cut(host, ".")
	return service + ".elsewhere.invalid"
}

// redactUnlessMadeUp is [Redact], except for lines about a request of a made-up key, which
// hold nothing of a customer's: those that the customer's own values were taken out of do.
func redactUnlessMadeUp(text string) string {
	if !hasAny(text, MadeUpAlibaba().ID, MadeUpTencent().ID) {
		return Redact(text)
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, Redacted) || !hasAny(line, MadeUpAlibaba().ID, MadeUpTencent().ID) {
			line = Redact(line)
		}
		out.WriteString(line)
	}
	return out.String()
}
