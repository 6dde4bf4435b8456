package imitation

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"prober/cloudapi"
)

// alibabaBody is a reply's content; it marshals to JSON and to XML.
type alibabaBody interface{ setRequestID(string) }

// alibabaError is the content of every error reply.
type alibabaError struct {
	XMLName   xml.Name `json:"-" xml:"Error"`
	RequestID string   `json:"RequestId" xml:"RequestId"`
	HostID    string   `json:"HostId" xml:"HostId"`
	Code      string   `json:"Code" xml:"Code"`
	Message   string   `json:"Message" xml:"Message"`
	Recommend cdata    `json:"Recommend" xml:"Recommend"`
}

func (e *alibabaError) setRequestID(id string) { e.RequestID = id }

// cdata is text that XML replies wrap in a CDATA section.
type cdata string

// MarshalXML writes the text as a CDATA section.
func (c cdata) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(struct {
		Text string `xml:",cdata"`
	}{string(c)}, start)
}

// refuse makes the error reply of e.
func (c *alibabaCall) refuse(e *apiError) Reply {
	return c.reply(e.status, &alibabaError{
		HostID: c.r.hostName(c.a.cfg.Host), Code: e.code, Message: e.message,
		Recommend: cdata("https://api.aliyun.com/troubleshoot?q=" + url.QueryEscape(e.code) +
			"&product=" + url.QueryEscape(c.a.productName()) + "&requestId=" + c.requestID),
	})
}

// succeed makes the reply of an action that was carried out.
func (c *alibabaCall) succeed(body alibabaBody) Reply {
	if !c.formatSet {
		c.format = c.product.format
	}
	return c.reply(http.StatusOK, body)
}

// reply marshals content with the header fields that captures show.
func (c *alibabaCall) reply(status int, content alibabaBody) Reply {
	content.setRequestID(c.requestID)
	var body bytes.Buffer
	var err error
	contentType := "application/json;charset=utf-8"
	if c.format == cloudapi.XML {
		contentType = "text/xml;charset=utf-8"
		body.WriteString("<?xml version='1.0' encoding='UTF-8'?>")
		err = xml.NewEncoder(&body).Encode(content)
	} else {
		err = encodeJSON(&body, content)
	}
	if err != nil {
		panic("encoding a reply made of strings: " + err.Error()) // it cannot
	}
	return Reply{Status: status, Body: body.Bytes(), Header: []cloudapi.Field{
		{Name: "Date", Value: c.a.httpDate()},
		{Name: "Content-Type", Value: contentType},
		{Name: "Access-Control-Allow-Origin", Value: "*"},
		{Name: "Access-Control-Expose-Headers", Value: "*"},
		{Name: "X-Acs-Request-Id", Value: c.requestID},
		{Name: "X-Acs-Trace-Id", Value: strings.ReplaceAll(c.a.uuid(), "-", "")},
	}}
}

// encodeJSON writes v as the services do: in one line, with text beyond ASCII and "&" as
// they are.
func encodeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder's newline
	return nil
}
