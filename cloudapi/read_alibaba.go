package cloudapi

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// ReadAlibaba reads a reply of Alibaba's RPC style, in JSON or XML. The body itself
// decides which; contentType only settles that something declared as HTML is none.
//
// Required is a RequestId that has the form of a UUID, and for an error Code and
// Message. HostId, Recommend and everything unknown may be there or not, in any order.
// The XML root is Error, <Action>Response, or KMS as older documents print it.
//
// A byte order mark and bytes that are not UTF-8 are read over: whoever judges
// encodings looks at the raw body first. The caller bounds the size of body.
func ReadAlibaba(contentType string, body []byte) (Reply, error) {
	text := trimmed(body)
	switch {
	case len(text) == 0:
		return Reply{}, notAPI("the body is empty", nil)
	case looksLikeHTML(contentType, text):
		return Reply{}, notAPI("found HTML", text)
	case text[0] == '{' || text[0] == '[':
		return readAlibabaJSON(text)
	case text[0] == '<':
		return readAlibabaXML(text)
	}
	return Reply{}, notAPI("found neither JSON nor XML", text)
}

var htmlStart = regexp.MustCompile(`^(?i)<(!doctype html|html|head|body)`)

// looksLikeHTML is true for pages, however sloppy, that no XML parser would accept.
func looksLikeHTML(contentType string, text []byte) bool {
	declared := strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "text/html")
	return declared && text[0] != '{' || htmlStart.Match(text)
}

func readAlibabaJSON(text []byte) (Reply, error) {
	members, err := jsonObject(text)
	if err != nil {
		return Reply{}, err
	}
	if _, ok := members["Response"]; ok && members["RequestId"] == nil {
		return Reply{}, wrongShape("found a reply of Tencent Cloud API 3.0", text)
	}
	r := Reply{Format: JSON}
	if err := jsonStrings(members, r.texts(), text); err != nil {
		return Reply{}, err
	}
	_, hasCode := members["Code"]
	_, hasMessage := members["Message"]
	return judgeAlibaba(r, hasCode, hasMessage, text)
}

// jsonObject decodes text into its members. Decoding into a struct would not do: it
// matches names in any case, and "requestid" is not the documented member.
func jsonObject(text []byte) (map[string]json.RawMessage, error) {
	if text[0] == '[' && json.Valid(text) {
		return nil, wrongShape("found a JSON array", text)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, notAPI("found unparseable JSON ("+jsonProblem(err)+")", text)
	}
	return members, nil
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
	dec := xml.NewDecoder(strings.NewReader(strings.ToValidUTF8(string(text), "\uFFFD")))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		return in, nil // the label is kept in Charset; ASCII text is readable all the same
	}
	fields, seen := r.texts(), map[string]bool{}
	depth, child := 0, ""
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Reply{}, notAPI("found unparseable XML", text)
		}
		switch t := token.(type) {
		case xml.ProcInst:
			if t.Target == "xml" {
				r.Charset = declaredEncoding(string(t.Inst))
			}
		case xml.StartElement:
			depth++
			switch depth {
			case 1:
				if r.Root != "" {
					return Reply{}, notAPI("found XML with two root elements", text)
				}
				r.Root = t.Name.Local
			case 2:
				child = t.Name.Local
				seen[child] = true
			}
		case xml.EndElement:
			depth--
			if depth == 1 {
				child = ""
			}
		case xml.CharData:
			switch {
			case depth == 0 && len(bytes.TrimSpace(t)) > 0:
				return Reply{}, notAPI("found text outside the XML root element", text)
			case depth == 2 && fields[child] != nil:
				*fields[child] += string(t) // which may come in pieces, as around a CDATA section
			}
		}
	}
	switch {
	case r.Root == "":
		return Reply{}, notAPI("found XML without a root element", text)
	case strings.EqualFold(r.Root, "html"):
		return Reply{}, notAPI("found HTML", text)
	case r.Root != "Error" && r.Root != "KMS" && !strings.HasSuffix(r.Root, "Response"):
		return Reply{}, wrongShape("the root element is "+printable(r.Root), text)
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

var encodingForm = regexp.MustCompile(`encoding[ \t\r\n=]*(?:"([^"]*)"|'([^']*)')`)

// declaredEncoding returns the encoding that the content of an XML declaration names.
func declaredEncoding(declaration string) string {
	m := encodingForm.FindStringSubmatch(declaration)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
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
	}
	return r, nil
}
