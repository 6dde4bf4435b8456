package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
)

// become puts another reply in place of the API's.
func become(r *reply) func(*exchange) {
	return func(x *exchange) {
		x.reply = &reply{status: r.status, header: slices.Clone(r.header), body: r.body}
	}
}

func welcomePage() *reply {
	return &reply{
		status: http.StatusOK,
		header: []field{{"Server", "nginx"}, {"Content-Type", "text/html; charset=utf-8"}},
		body: []byte("<!DOCTYPE html>\n<html>\n<head><title>Welcome</title></head>\n" +
			"<body><form action=\"/login\"><input name=\"user\"></form></body>\n</html>\n"),
	}
}

// redirect makes the reply a redirect; an empty target leaves Location out.
func redirect(to string) func(*exchange) {
	return func(x *exchange) {
		x.reply = page(http.StatusFound, "Found")
		if to != "" {
			x.reply.set("Location", to)
		}
	}
}

func redirectToSelf(x *exchange) {
	redirect("https://" + x.c.e.Host + x.req.URL.RequestURI())(x)
}

// withContentType replaces the parameters of Content-Type.
func withContentType(parameters string) func(*exchange) {
	return func(x *exchange) {
		media, _, _ := strings.Cut(x.reply.get("Content-Type"), ";")
		x.reply.set("Content-Type", media+parameters)
	}
}

func bom(x *exchange) { x.reply.body = append([]byte("\xef\xbb\xbf"), x.reply.body...) }

// label says that the body has a content coding which it does not have.
func label(coding string) func(*exchange) {
	return func(x *exchange) { x.reply.set("Content-Encoding", coding) }
}

func cutGzip(x *exchange) {
	whole := compress(x.reply.body)
	x.reply.body = whole[:len(whole)/2]
	x.reply.set("Content-Encoding", "gzip")
}

func unaskedGzip(x *exchange) {
	x.reply.body = compress(x.reply.body)
	x.reply.set("Content-Encoding", "gzip")
}

// inMessage puts bytes at the start of the first text of the body that can hold them:
// a message rather than a code or an id.
func inMessage(text string) func(*exchange) {
	return func(x *exchange) {
		for _, before := range []string{`"Message":"`, `"Message": "`, "<Message>", `Name":"`, `Name": "`, `":"`, `": "`, "Name>"} {
			if i := bytes.Index(x.reply.body, []byte(before)); i >= 0 {
				at := i + len(before)
				x.reply.body = slices.Concat(x.reply.body[:at], []byte(text), x.reply.body[at:])
				return
			}
		}
		x.reply.body = append(slices.Clip(x.reply.body), text...)
	}
}

// withoutRequestID removes the request id from a JSON or XML body.
func withoutRequestID(x *exchange) {
	id := regexp.MustCompile(`(?s),\s*"RequestId"\s*:\s*"[^"]*"|"RequestId"\s*:\s*"[^"]*"\s*,?|<RequestId>.*?</RequestId>`)
	if at := id.FindIndex(x.reply.body); at != nil {
		x.reply.body = slices.Concat(x.reply.body[:at[0]], x.reply.body[at[1]:])
	}
}

// otherRequestID puts an id into the header that is not the one of the body.
func otherRequestID(x *exchange) { x.reply.set("x-acs-request-id", newUUID(true)) }

func genericError(x *exchange) {
	x.reply.status = http.StatusBadRequest
	x.reply.set("Content-Type", "application/json")
	x.reply.body = []byte(`{"error":{"type":"invalid_request","detail":"no such resource"}}`)
}

// apiWords are what an API error says.
type apiWords struct {
	status        int
	code, message string
}

// apiError replaces the reply by an error of the endpoint's family.
func apiError(alibaba, tencent apiWords) func(*exchange) {
	return func(x *exchange) {
		if x.c.e.product.APIStyle == catalog.StyleTencent3 {
			x.reply = tencentError(tencent)
			return
		}
		asXML := bytes.HasPrefix(bytes.TrimSpace(x.reply.body), []byte("<"))
		x.reply = alibabaError(alibaba, x.c.e.Host, asXML)
	}
}

// otherFamily replaces the reply by an error of the other family.
func otherFamily(x *exchange) {
	if x.c.e.product.APIStyle == catalog.StyleTencent3 {
		x.reply = alibabaError(apiWords{http.StatusBadRequest, "MissingParameter", "The input parameter is not supplied."}, x.c.e.Host, false)
		return
	}
	x.reply = tencentError(apiWords{http.StatusOK, "MissingParameter", "The request is missing a required parameter."})
}

func alibabaError(w apiWords, host string, asXML bool) *reply {
	body := struct {
		XMLName   xml.Name `json:"-" xml:"Error"`
		RequestID string   `json:"RequestId" xml:"RequestId"`
		HostID    string   `json:"HostId" xml:"HostId"`
		Code      string
		Message   string
	}{RequestID: newUUID(true), HostID: host, Code: w.code, Message: w.message}
	r := &reply{status: w.status, header: []field{{"x-acs-request-id", body.RequestID}}}
	if asXML {
		r.set("Content-Type", "text/xml;charset=utf-8")
		text, _ := xml.Marshal(body) // strings alone cannot fail
		r.body = append([]byte(xml.Header), text...)
		return r
	}
	r.set("Content-Type", "application/json;charset=utf-8")
	r.body, _ = json.Marshal(body) // strings alone cannot fail
	return r
}

func tencentError(w apiWords) *reply {
	var body struct {
		Response struct {
			Error     struct{ Code, Message string }
			RequestID string `json:"RequestId"`
		}
	}
	body.Response.Error.Code, body.Response.Error.Message = w.code, w.message
	body.Response.RequestID = newUUID(false)
	text, _ := json.Marshal(body) // strings alone cannot fail
	return &reply{status: w.status, header: []field{{"Server", "nginx"}, {"Content-Type", "application/json"}}, body: text}
}

// newUUID returns a random UUID (RFC 9562, section 5.4), in capitals as Alibaba writes
// them or not.
func newUUID(capitals bool) string {
	b := randomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	format := "%x-%x-%x-%x-%x"
	if capitals {
		format = "%X-%X-%X-%X-%X"
	}
	return fmt.Sprintf(format, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
