package cloudapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
)

// ReadAlibaba reads a reply of Alibaba's RPC style, in JSON or XML. The body itself
// decides which; contentType only says what something that is neither was meant to be.
//
// Required is a RequestId that has the form of a UUID, and for an error Code and
// Message. HostId, Recommend and everything unknown may be there or not, in any order.
// The XML root is Error, or KMS as older documents print it, and that of what is no error <Action>Response.
//
// A byte order mark and bytes that are not UTF-8 are read over: whoever judges
// encodings looks at the raw body first. The caller bounds the size of
// body; what is deeper or has more parts than package limit says is an [ErrLimit].
func ReadAlibaba(contentType string, body []byte) (Reply, error) {
	text := WithoutBOM(body)
	switch err := NotAPI(catalog.StyleAlibabaRPC, contentType, text); {
	case len(bytes.TrimSpace(text)) == 0:
		return Reply{}, notAPI("the body is empty", nil)
	case err != nil:
		return Reply{}, orScalar(text, err)
	case begin(text) == '<':
		return readAlibabaXML(text)
	}
	return readAlibabaJSON(text)
}

// maxXMLDeclaration bounds how far a tag of HTML is looked for behind an XML declaration.
const maxXMLDeclaration = 1 << 10

// alibabaStart is how XML of the API begins, whatever its label says.
var alibabaStart = regexp.MustCompile(`^(<\?xml[^>]*>\s*)?<(Error|KMS|\w+Response)\b`)

// htmlStart is how pages begin; those that were made small leave the space out behind the doctype, which browsers take.
var htmlStart = regexp.MustCompile(`^\s*(<\?xml[^>]*>\s*)?(?i)<(!doctype\s*html|html|head|body)`)

// IsHTML reports whether text begins as a web page does.
func IsHTML(text []byte) bool { return htmlStart.Match(text[:min(len(text), maxXMLDeclaration)]) }

// looksLikeHTML is true for pages, however sloppy, that no XML parser would accept.
func looksLikeHTML(contentType string, text []byte) bool {
	declared := strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "text/html")
	text = bytes.TrimLeft(text, xmlSpace)
	start := text[:min(len(text), maxXMLDeclaration)]
	return declared && begin(text) != '{' && !alibabaStart.Match(start) || htmlStart.Match(start)
}

func readAlibabaJSON(text []byte) (Reply, error) {
	r := Reply{Format: JSON}
	members, err := jsonObject(text, slices.Sorted(maps.Keys(r.texts()))...)
	if err != nil {
		return Reply{}, err
	}
	if _, ok := members["Response"]; ok && members["RequestId"] == nil {
		return Reply{}, wrongShape("found a reply of Tencent Cloud API 3.0", text)
	}
	for _, name := range []string{"HostId", "Recommend"} { // which may be left out, and null says the same
		if string(members[name]) == "null" {
			delete(members, name)
		}
	}
	if err := jsonStrings(members, r.texts(), text); err != nil {
		return Reply{}, err
	}
	_, hasCode := members["Code"]
	_, hasMessage := members["Message"]
	return judgeAlibaba(r, hasCode, hasMessage, text)
}

// jsonObject decodes text into its members. Decoding into a struct would not do: it
// matches names in any case, and "requestid" is not the documented member. One of the names that
// stands there twice is an error: parsers differ in which of the two they take (RFC 8259,
// section 4).
func jsonObject(text []byte, names ...string) (map[string]json.RawMessage, error) {
	if err := withinJSON(text); err != nil {
		return nil, err
	}
	if begin(text) == '[' && json.Valid(text) {
		return nil, wrongShape("found a JSON array", text)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, unparseable("JSON", jsonProblem(err), text)
	}
	for _, name := range names {
		if members[name] != nil && standsTwice(text, name) {
			return nil, wrongShape(name+" stands there twice", text)
		}
	}
	return members, nil
}

// standsTwice reports whether an object, which can be parsed, has two members of a name.
func standsTwice(object []byte, name string) bool {
	if bytes.Count(object, []byte(`"`+name+`"`)) < 2 {
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	_, err := dec.Token()
	seen := 0
	for err == nil && dec.More() {
		var key json.Token
		var value json.RawMessage
		if key, err = dec.Token(); err == nil {
			err = dec.Decode(&value)
		}
		if key == name {
			seen++
		}
	}
	return seen > 1
}

// jsonProblem describes err without quoting the text.
func jsonProblem(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("%v at byte %d", syntax, syntax.Offset)
	}
	return "no object"
}

// jsonStrings stores members by their names. They may be missing, but not of another type
// than string.
func jsonStrings(members map[string]json.RawMessage, fields map[string]*string, text []byte) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		raw, ok := members[name]
		switch {
		case !ok:
		case len(raw) == 0 || raw[0] != '"':
			return wrongShape(name+" is not a string", text)
		case json.Unmarshal(raw, fields[name]) != nil:
			return wrongShape(name+" cannot be read", text)
		}
	}
	return nil
}

// readAlibabaXML reads the root element and the text of its direct children.
func readAlibabaXML(text []byte) (Reply, error) {
	r := Reply{Format: XML}
	dec := xmlReader{text: strings.ToValidUTF8(string(text), "\uFFFD")}
	fields, seen := r.texts(), map[string]bool{}
	depth, child := 0, ""
	for {
		token, err := dec.next()
		switch {
		case errors.Is(err, io.EOF):
			return judgeAlibabaXML(r, seen, text)
		case errors.Is(err, ErrLimit):
			return Reply{}, err
		case errors.Is(err, errDocumentType):
			return Reply{}, wrongShape(err.Error(), text)
		case err != nil:
			return Reply{}, unparseable("XML", err.Error(), text)
		}
		switch token.kind {
		case xmlDeclaration:
			r.Charset = token.text
		case xmlStart:
			depth++
			switch depth {
			case 1:
				r.Root = token.text
			case 2:
				if child = token.text; seen[child] && fields[child] != nil {
					return Reply{}, wrongShape("the element "+child+" stands there twice", text)
				}
				seen[child] = true
			}
		case xmlEnd:
			depth--
		case xmlText:
			if depth == 2 && fields[child] != nil {
				*fields[child] += token.text // which may come in pieces, as around a CDATA section
			}
		}
	}
}

// judgeAlibabaXML checks the elements that were seen below the root.
func judgeAlibabaXML(r Reply, seen map[string]bool, text []byte) (Reply, error) {
	switch {
	case strings.EqualFold(r.Root, "html"):
		return Reply{}, notAPI("found HTML", text)
	case r.Root != "Error" && r.Root != "KMS" && !strings.HasSuffix(r.Root, "Response"):
		return Reply{}, wrongShape("the root element is "+brief(r.Root), text)
	case faultsRequest(strings.TrimSpace(r.Code)) && r.Root != "Error" && r.Root != "KMS":
		return Reply{}, wrongShape("the root element of an error is "+brief(r.Root), text)
	case r.Root == "Error" && !seen["Code"]:
		return Reply{}, wrongShape("the element Error has no Code", text)
	}
	return judgeAlibaba(r, seen["Code"], seen["Message"], text)
}

// texts are the fields of r by the names of the members or elements that hold them.
func (r *Reply) texts() map[string]*string {
	return map[string]*string{
		"RequestId": &r.RequestID, "HostId": &r.HostID, "Code": &r.Code, "Message": &r.Message, "Recommend": &r.Recommend,
	}
}

// judgeAlibaba checks what both notations have in common.
func judgeAlibaba(r Reply, hasCode, hasMessage bool, text []byte) (Reply, error) {
	r.RequestID = strings.TrimSpace(r.RequestID)
	r.Code = strings.TrimSpace(r.Code)
	r.IsError = hasCode
	switch {
	case r.RequestID == "":
		return Reply{}, wrongShape("there is no RequestId", text)
	case !IsUUID(r.RequestID):
		return Reply{}, wrongShape("the RequestId is not a UUID", text)
	case hasCode && r.Code == "":
		return Reply{}, wrongShape("the Code is empty", text)
	case hasCode && !hasMessage:
		return Reply{}, wrongShape("the error has no Message", text)
	case hasCode && strings.TrimSpace(r.Message) == "" && !saysSuccess(r.Code):
		return Reply{}, wrongShape("the Message is empty", text)
	}
	return r, nil
}

// saysSuccess reports whether a code is one that some replies to calls that were carried out have.
func saysSuccess(code string) bool {
	return code == "200" || strings.EqualFold(code, "OK") || strings.EqualFold(code, "Success")
}
