package cloudapi

import (
	"bytes"
	"strings"

	"prober/catalog"
)

// ReadTencent reads a reply of Tencent Cloud API 3.0: one JSON object whose member
// Response holds a RequestId in UUID form and, for an error, Error with Code and
// Message. Everything else in Response belongs to the action and is left alone.
//
// A byte order mark and bytes that are not UTF-8 are read over: whoever judges
// encodings looks at the raw body first. The caller bounds the size of
// body; what is deeper or has more parts than package limit says is an [ErrLimit].
func ReadTencent(body []byte) (Reply, error) {
	text := WithoutBOM(body)
	switch err := NotAPI(catalog.StyleTencent3, "", text); {
	case len(bytes.TrimSpace(text)) == 0:
		return Reply{}, notAPI("the body is empty", nil)
	case err != nil:
		if _, other := readAlibabaXML(text); begin(text) == '<' && other == nil {
			return Reply{}, wrongShape("found a reply of Alibaba's RPC style", text)
		}
		return Reply{}, orScalar(text, err)
	}
	outer, err := jsonObject(text, "Response")
	if err != nil {
		return Reply{}, err
	}
	raw, ok := outer["Response"]
	if !ok {
		if _, ok := outer["RequestId"]; ok {
			return Reply{}, wrongShape("found a reply of Alibaba's RPC style", text)
		}
		return Reply{}, wrongShape("there is no Response", text)
	}
	if raw[0] != '{' {
		return Reply{}, wrongShape("Response is not an object", text)
	}
	inner, err := jsonObject(raw, "RequestId", "Error")
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Format: JSON, Root: "Response"}
	if err := jsonStrings(inner, map[string]*string{"RequestId": &r.RequestID}, text); err != nil {
		return Reply{}, err
	}
	switch {
	case r.RequestID == "":
		return Reply{}, wrongShape("there is no RequestId", text)
	case !IsUUID(r.RequestID):
		return Reply{}, wrongShape("the RequestId is not a UUID", text)
	}
	rawError, ok := inner["Error"]
	if !ok {
		return r, nil
	}
	r.IsError = true
	if rawError[0] != '{' {
		return Reply{}, wrongShape("Error is not an object", text)
	}
	members, err := jsonObject(rawError, "Code", "Message")
	if err != nil {
		return Reply{}, err
	}
	if err := jsonStrings(members, map[string]*string{"Code": &r.Code, "Message": &r.Message}, text); err != nil {
		return Reply{}, err
	}
	for _, name := range []string{"Code", "Message"} {
		if _, ok := members[name]; !ok {
			return Reply{}, wrongShape("the Error has no "+name, text)
		}
	}
	switch {
	case strings.TrimSpace(r.Code) == "":
		return Reply{}, wrongShape("the Code is empty", text)
	case strings.TrimSpace(r.Message) == "":
		return Reply{}, wrongShape("the Message is empty", text)
	}
	return r, nil
}
