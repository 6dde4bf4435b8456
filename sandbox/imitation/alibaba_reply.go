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

// alibabaError is the content of every error reply.
type alibabaError struct {
	XMLName   xml.Name `json:"-" xml:"Error"`
	RequestID string   `json:"RequestId" xml:"RequestId"`
	HostID    string   `json:"HostId" xml:"HostId"`
	Code      string   `json:"Code" xml:"Code"`
	Message   string   `json:"Message" xml:"Message"`
	Recommend cdata    `json:"Recommend" xml:"Recommend"`
}

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
	return c.reply(e.status, alibabaError{
		RequestID: c.requestID, HostID: c.r.hostName(c.a.cfg.Host), Code: e.code, Message: e.message,
		Recommend: cdata("https://api.aliyun.com/troubleshoot?q=" + url.QueryEscape(e.code) +
			"&product=" + url.QueryEscape(c.a.productName()) + "&requestId=" + c.requestID),
	})
}

// succeed makes the reply of an action that was carried out.
func (c *alibabaCall) succeed(body any) Reply {
	if !c.formatSet {
		c.format = c.product.format
	}
	return c.reply(http.StatusOK, body)
}

// reply marshals content with the header fields that captures show.
func (c *alibabaCall) reply(status int, content any) Reply {
	contentType, body := "application/json;charset=utf-8", jsonOf(content)
	if c.format == cloudapi.XML {
		contentType, body = "text/xml;charset=utf-8", xmlOf(content)
	}
	return Reply{Status: status, Body: body, Header: []cloudapi.Field{
		{Name: "Date", Value: c.a.httpDate()},
		{Name: "Content-Type", Value: contentType},
		{Name: "Access-Control-Allow-Origin", Value: "*"},
		{Name: "Access-Control-Expose-Headers", Value: "*"},
		{Name: "X-Acs-Request-Id", Value: c.requestID},
		{Name: "X-Acs-Trace-Id", Value: strings.ReplaceAll(uuid(), "-", "")},
	}}
}

// jsonOf writes v as the services do: in one line, with text beyond ASCII and "&" as they are.
func jsonOf(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("encoding a reply made of strings: " + err.Error()) // it cannot
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func xmlOf(v any) []byte {
	body, err := xml.Marshal(v)
	if err != nil {
		panic("encoding a reply made of strings: " + err.Error()) // it cannot
	}
	return append([]byte("<?xml version='1.0' encoding='UTF-8'?>"), body...)
}
