package cloudapi

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

const requestID = "8A2D9C1E-1B7C-4D7C-9E6A-0F3B5B1C2D3E"

func TestReadAlibaba(t *testing.T) {
	notFound := Reply{
		IsError: true, Code: "InvalidAction.NotFound", Message: "Specified api is not found.",
		RequestID: requestID, HostID: "ecs.aliyuncs.com", Recommend: "https://api.aliyun.com/troubleshoot?q=a&b",
	}
	asXML := notFound
	asXML.Format, asXML.Root, asXML.Charset = XML, "Error", "UTF-8"
	oldKMS := Reply{IsError: true, Format: XML, Root: "KMS", Code: "Forbidden.KeyNotFound", Message: "m", RequestID: requestID}

	for _, tt := range []struct {
		name, contentType, body string
		want                    Reply
	}{
		{
			"JSON", "application/json;charset=utf-8",
			`{"RequestId":"` + requestID + `","HostId":"ecs.aliyuncs.com","Code":"InvalidAction.NotFound","Message":"Specified api is not found.","Recommend":"https://api.aliyun.com/troubleshoot?q=a&b"}`, notFound,
		},
		{
			"JSON in another order, with unknown members", "",
			` {"Recommend":"https://api.aliyun.com/troubleshoot?q=a&b","AccessDeniedDetail":{"x":[1]},"Message":"Specified api is not found.","Code":"InvalidAction.NotFound","HostId":"ecs.aliyuncs.com","RequestId":"` + requestID + `"} `, notFound,
		},
		{
			"XML with CDATA", "text/xml;charset=utf-8",
			`<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>` + requestID + `</RequestId><HostId>ecs.aliyuncs.com</HostId><Code>InvalidAction.NotFound</Code><Message>Specified <![CDATA[api]]> is not found.</Message><Recommend><![CDATA[https://api.aliyun.com/troubleshoot?q=a&b]]></Recommend></Error>`, asXML,
		},
		{
			"XML success", "text/xml",
			`<DescribeRegionsResponse><RequestId>` + requestID + `</RequestId><Regions><Region><Code>no error</Code></Region></Regions></DescribeRegionsResponse>`,
			Reply{Format: XML, Root: "DescribeRegionsResponse", RequestID: requestID},
		},
		{
			"null in place of what may be left out", "",
			`{"RequestId":"` + requestID + `","HostId":null,"Code":"c","Message":"m","Recommend":null}`,
			Reply{IsError: true, Code: "c", Message: "m", RequestID: requestID},
		},
		{"JSON success", "application/json", `{"RequestId":"` + requestID + `","Regions":{"Region":[]}}`, Reply{RequestID: requestID}},
		{
			"XML success with a code", "text/xml", `<DescribeRegionsResponse><RequestId>` + requestID + `</RequestId><Code>200</Code><Message>successful</Message></DescribeRegionsResponse>`,
			Reply{Format: XML, IsError: true, Root: "DescribeRegionsResponse", Code: "200", Message: "successful", RequestID: requestID},
		},
		{"old KMS root", "text/xml", `<KMS><HttpStatus>404</HttpStatus><Code>Forbidden.KeyNotFound</Code><Message>m</Message><RequestId>` + requestID + `</RequestId></KMS>`, oldKMS},
		{"lower-case request id and a byte order mark", "", "\xef\xbb\xbf" + `{"RequestId":"` + strings.ToLower(requestID) + `"}`, Reply{RequestID: strings.ToLower(requestID)}},
		{
			"XML that declares another charset", "text/xml", `<?xml version="1.0" encoding="GBK"?><Error><Code>c</Code><Message>` + "\xd6\xd0" + `</Message><RequestId>` + requestID + `</RequestId></Error>`,
			Reply{Format: XML, IsError: true, Root: "Error", Charset: "GBK", Code: "c", Message: "\uFFFD", RequestID: requestID},
		},
		{
			"text of nested elements is not the field's", "", `<XResponse><RequestId>` + requestID + `<a>b</a></RequestId></XResponse>`,
			Reply{Format: XML, Root: "XResponse", RequestID: requestID},
		},
		{"XML labelled as HTML", "text/html", `<DescribeRegionsResponse><RequestId>` + requestID + `</RequestId></DescribeRegionsResponse>`, Reply{Format: XML, Root: "DescribeRegionsResponse", RequestID: requestID}},
		{"JSON labelled as HTML", "text/html", `{"RequestId":"` + requestID + `"}`, Reply{RequestID: requestID}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadAlibaba(tt.contentType, []byte(tt.body))
			if err != nil || got != tt.want {
				t.Errorf("got\n%s\nerror %v, want\n%s", dump(got), err, dump(tt.want))
			}
		})
	}
}

// dump shows every field of a reply.
func dump(r Reply) string {
	return strings.Join([]string{r.Format.String(), r.Root, r.Charset, r.Code, r.Message, r.RequestID, r.HostID, r.Recommend}, "|")
}

func TestReadAlibabaRefuses(t *testing.T) {
	id := `"RequestId":"` + requestID + `"`
	xmlID := `<RequestId>` + requestID + `</RequestId>`
	for _, tt := range []struct {
		name, contentType, body string
		want                    error
		says                    string
	}{
		{"nothing", "", "", ErrNotAPI, "empty"},
		{"white space", "", " \r\n", ErrNotAPI, "empty"},
		{"HTML page", "text/html", "<!DOCTYPE html><p>login", ErrNotAPI, "HTML"},
		{"HTML without a doctype", "", "<HTML><body>405</body></HTML>", ErrNotAPI, "HTML"},
		{"XHTML", "", `<?xml version="1.0"?><html><body/></html>`, ErrNotAPI, "HTML"},
		{"a page that was made small", "", `<!doctypehtml><html lang=zh-cn><meta charset=utf-8><title>405</title>`, ErrNotAPI, "found HTML"},
		{"XHTML with a doctype", "", "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"\"><html/>", ErrNotAPI, "HTML"},
		{"tag soup labelled HTML", "text/html; charset=utf-8", "<center>nginx", ErrNotAPI, "HTML"},
		{"plain text", "", "404 page not found", ErrNotAPI, "neither a JSON object nor XML"},
		{"bare number", "", "404", ErrWrongShape, "found a JSON number"},
		{"bare text", "", `"error"`, ErrWrongShape, "found a JSON string"},
		{"nothing", "", "null", ErrWrongShape, "found a JSON null"},
		{"broken JSON", "", `{"RequestId":`, ErrUnparseable, "unparseable JSON"},
		{"two JSON values", "", `{` + id + `}{}`, ErrUnparseable, "unparseable JSON"},
		{"broken XML", "", "<Error><Code>", ErrUnparseable, "unparseable XML"},
		{"text behind the XML", "", "<Error/>text", ErrNotAPI, "outside"},
		{"two XML roots", "", "<Error></Error><Error></Error>", ErrUnparseable, "a second root element at byte 16"},
		{"XML declaration alone", "", "<?xml version='1.0'?>", ErrNotAPI, "root"},
		{"broken JSON of somebody else", "", `{"status":`, ErrNotAPI, "unparseable JSON"},
		{"broken XML of somebody else", "", "<status>", ErrNotAPI, "unparseable XML"},
		{"no-break space behind JSON", "", `{` + id + "}\u00a0", ErrUnparseable, "at byte 53"},
		{"call around the JSON", "", "f({" + id + "})", ErrUnparseable, "neither a JSON object nor XML"},
		{"JSON in a string", "", `"{\"RequestId\":1}"`, ErrWrongShape, "found a JSON string"},
		{"JSON in UTF-16 without a mark", "", "{\x00\"\x00R\x00e\x00q\x00u\x00e\x00s\x00t\x00I\x00d\x00", ErrUnparseable, "at byte 2"},
		{"XML cut off inside an end", "", "<Error>" + xmlID[:len(xmlID)-4], ErrUnparseable, "the end of the text inside the end of element RequestId at byte"},
		{"XML with another end", "", "<Error>" + xmlID + "</Err>", ErrUnparseable, "the end of another element than Error at byte"},
		{"page labelled HTML that begins with a tag", "text/html", "<Errors>", ErrNotAPI, "HTML"},
		{"form feed before JSON", "", "\f{" + id + "}", ErrUnparseable, "neither a JSON object nor XML"},
		{"line in front of the XML declaration", "", "\n<?xml version='1.0'?><XResponse>" + xmlID + "</XResponse>", ErrUnparseable, "an XML declaration that is not at the start at byte 2"},
		{"document type", "", "<!DOCTYPE XResponse><XResponse>" + xmlID + "</XResponse>", ErrWrongShape, "document type"},
		{"an error with the root of a success", "", "<DescribeRegionsResponse>" + xmlID + "<Code>InvalidVersion</Code><Message>m</Message></DescribeRegionsResponse>", ErrWrongShape, "the root element of an error is DescribeRegionsResponse"},
		{"deep XML", "", "<XResponse>" + xmlID + strings.Repeat("<a>", 1000), ErrLimit, "more than 64 XML elements inside each other"},
		{"wide XML", "", "<XResponse" + strings.Repeat(" a='b'", 1000) + ">", ErrLimit, "more than 64 attributes of one XML element"},
		{"many XML elements", "", "<XResponse>" + xmlID + strings.Repeat("<a/>", 10_000), ErrLimit, "more than 10000 XML elements"},
		{"deep JSON", "", `{` + id + `,"a":` + strings.Repeat("[", 1000), ErrLimit, "more than 64 JSON objects and arrays inside each other"},
		{"deep JSON in lists", "", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), ErrLimit, "inside each other"},
		{"deep JSON in objects", "", strings.Repeat(`{"a":`, 65), ErrLimit, "inside each other"},
		{"many JSON members", "", `{` + id + strings.Repeat(`,"a":1`, 10_000) + `}`, ErrLimit, "more than 10000 JSON members"},
		{"brackets inside JSON strings", "", `{"a":"` + strings.Repeat(`[\"{`, 1000) + `"}`, ErrWrongShape, "no RequestId"},
		{"many JSON values behind the first", "", `{` + id + `}` + strings.Repeat("[", 1000), ErrUnparseable, "at byte 53"},
		{"JSON array", "", "[]", ErrWrongShape, "array"},
		{"Tencent's reply", "", `{"Response":{` + id + `}}`, ErrWrongShape, "Tencent"},
		{"no request id", "", `{"Code":"x","Message":"y"}`, ErrWrongShape, "no RequestId"},
		{"request id in another case", "", `{"requestid":"` + requestID + `"}`, ErrWrongShape, "no RequestId"},
		{"request id no UUID", "", `{"RequestId":"1"}`, ErrWrongShape, "not a UUID"},
		{"request id a number", "", `{"RequestId":1}`, ErrWrongShape, "RequestId is not a string"},
		{"empty message", "", `{` + id + `,"Code":"x","Message":""}`, ErrWrongShape, "the Message is empty"},
		{"blank message", "", `{` + id + `,"Code":"x","Message":" \n "}`, ErrWrongShape, "the Message is empty"},
		{"blank code", "", `{` + id + `,"Code":"  ","Message":"m"}`, ErrWrongShape, "the Code is empty"},
		{"empty message in XML", "", "<Error><Code>x</Code><Message/>" + xmlID + "</Error>", ErrWrongShape, "the Message is empty"},
		{"two codes", "", `{` + id + `,"Code":"x","Message":"m","Code":"y"}`, ErrWrongShape, "Code stands there twice"},
		{"two codes in XML", "", "<Error><Code>x</Code><Code>y</Code><Message>m</Message>" + xmlID + "</Error>", ErrWrongShape, "Code stands there twice"},
		{"another page in XML", "text/html", "<div></br></div>", ErrNotAPI, "found HTML"},
		{"code a number", "", `{` + id + `,"Code":500,"Message":"m"}`, ErrWrongShape, "Code is not a string"},
		{"code null", "", `{` + id + `,"Code":null,"Message":"m"}`, ErrWrongShape, "Code is not a string"},
		{"code empty", "", `{` + id + `,"Code":"","Message":"m"}`, ErrWrongShape, "Code is empty"},
		{"no message", "", `{` + id + `,"Code":"c"}`, ErrWrongShape, "no Message"},
		{"foreign XML root", "", `<Fault>` + xmlID + `</Fault>`, ErrWrongShape, "root element is Fault"},
		{"XML error without code", "", `<Error>` + xmlID + `<Message>m</Message></Error>`, ErrWrongShape, "no Code"},
		{"request id too deep", "", `<XResponse><A>` + xmlID + `</A></XResponse>`, ErrWrongShape, "no RequestId"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadAlibaba(tt.contentType, []byte(tt.body))
			refused(t, got, err, tt.want, tt.says)
		})
	}
}

// kinds is of how many of the kinds of error an error is.
func kinds(err error) int {
	n := 0
	for _, kind := range []error{ErrNotAPI, ErrUnparseable, ErrWrongShape, ErrLimit} {
		if errors.Is(err, kind) {
			n++
		}
	}
	return n
}

func refused(t *testing.T, got Reply, err, want error, says string) {
	t.Helper()
	if !errors.Is(err, want) || kinds(err) != 1 {
		t.Errorf("error %v, want %v and only that", err, want)
	}
	if err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("error %q does not say %q", err, says)
	}
	if got != (Reply{}) {
		t.Errorf("reply %s together with an error", dump(got))
	}
}

const lowerID = "8a2d9c1e-1b7c-4d7c-9e6a-0f3b5b1c2d3e"

func TestReadTencent(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       Reply
	}{
		{
			"error", `{"Response":{"Error":{"Code":"MissingParameter","Message":"The request is missing a required parameter ` + "`Timestamp`" + `."},"RequestId":"` + lowerID + `"}}`,
			Reply{IsError: true, Root: "Response", Code: "MissingParameter", Message: "The request is missing a required parameter `Timestamp`.", RequestID: lowerID},
		},
		{
			"success", `{"Response":{"RegionSet":[{"RegionName":"中国大陆-华北"}],"TotalCount":1,"RequestId":"` + lowerID + `"}}`,
			Reply{Root: "Response", RequestID: lowerID},
		},
		{"foreign members around", `{"a":1,"Response":{"RequestId":"` + lowerID + `"},"b":null}`, Reply{Root: "Response", RequestID: lowerID}},
		{"byte order mark", "\xef\xbb\xbf" + `{"Response":{"RequestId":"` + lowerID + `"}}`, Reply{Root: "Response", RequestID: lowerID}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadTencent([]byte(tt.body))
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v; want %s", dump(got), err, dump(tt.want))
			}
		})
	}
}

func TestReadTencentRefuses(t *testing.T) {
	id := `"RequestId":"` + lowerID + `"`
	for _, tt := range []struct {
		name, body string
		want       error
		says       string
	}{
		{"nothing", "", ErrNotAPI, "empty"},
		{"a page that was made small", "<!doctypehtml><title>405</title>", ErrNotAPI, "found HTML"},
		{"nginx page", "<html>\r\n<head><title>403 Forbidden</title></head>", ErrNotAPI, "HTML"},
		{"text", "Forbidden", ErrNotAPI, "no JSON"},
		{"truncated", `{"Response":{`, ErrUnparseable, "unparseable JSON (unexpected end of JSON input at byte 13)"},
		{"Alibaba's JSON", `{"RequestId":"` + requestID + `","Code":"c","Message":"m"}`, ErrWrongShape, "Alibaba"},
		{"Alibaba's XML", `<Error><Code>c</Code><Message>m</Message><RequestId>` + requestID + `</RequestId></Error>`, ErrWrongShape, "Alibaba"},
		{"other XML", `<a/>`, ErrNotAPI, "XML"},
		{"array", `[1]`, ErrWrongShape, "array"},
		{"no Response", `{"code":0}`, ErrWrongShape, "no Response"},
		{"Response in another case", `{"response":{` + id + `}}`, ErrWrongShape, "no Response"},
		{"Response null", `{"Response":null}`, ErrWrongShape, "not an object"},
		{"Response an array", `{"Response":[]}`, ErrWrongShape, "not an object"},
		{"no request id", `{"Response":{}}`, ErrWrongShape, "no RequestId"},
		{"request id no UUID", `{"Response":{"RequestId":"abc"}}`, ErrWrongShape, "not a UUID"},
		{"request id a number", `{"Response":{"RequestId":7}}`, ErrWrongShape, "not a string"},
		{"Error a string", `{"Response":{"Error":"x",` + id + `}}`, ErrWrongShape, "Error is not an object"},
		{"Error null", `{"Response":{"Error":null,` + id + `}}`, ErrWrongShape, "Error is not an object"},
		{"no Code", `{"Response":{"Error":{"Message":"m"},` + id + `}}`, ErrWrongShape, "no Code"},
		{"Code a number", `{"Response":{"Error":{"Code":1,"Message":"m"},` + id + `}}`, ErrWrongShape, "Code is not a string"},
		{"Message a list", `{"Response":{"Error":{"Code":"c","Message":[]},` + id + `}}`, ErrWrongShape, "Message is not a string"},
		{"no Message", `{"Response":{"Error":{"Code":"c"},` + id + `}}`, ErrWrongShape, "no Message"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadTencent([]byte(tt.body))
			refused(t, got, err, tt.want, tt.says)
		})
	}
}

// TestErrorsQuoteLittleAndSafely: what a foreign body says must fit into one line of
// evidence and hold neither secrets nor bytes that a terminal obeys.
func TestErrorsQuoteLittleAndSafely(t *testing.T) {
	_, err := ReadAlibaba("", []byte("blocked\x1b[31m \u202e AccessKeyId=LTAIcanarycanary&x "+strings.Repeat("长", 300)))
	checkEvidence(t, err)
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("%q shows the key id", err)
	}
}

func checkEvidence(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	s := err.Error()
	if !utf8.ValidString(s) || len(s) > 250 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x202e }) {
		t.Errorf("%d bytes of evidence: %q", len(s), s)
	}
}

func TestReplyPrintsRedacted(t *testing.T) {
	r := Reply{
		IsError: true, Code: "SignatureDoesNotMatch", RequestID: requestID,
		Message: "server string to sign is:GET&%2F&AccessKeyId%3Dcanary%26Action%3DDescribeRegions",
	}
	if s := r.String(); strings.Contains(s, "canary") || !strings.Contains(s, "SignatureDoesNotMatch") || !strings.Contains(s, "DescribeRegions") {
		t.Errorf("String() = %q", s)
	}
	if s := fmt.Sprintf("%v %+v %#v %s %q", r, r, r, r, r); strings.Contains(s, "canary") {
		t.Errorf("printed as %s", s)
	}
	if s := (Reply{RequestID: requestID}).String(); s != "success, request "+requestID {
		t.Errorf("String() = %q", s)
	}
}

func FuzzReadAlibaba(f *testing.F) {
	for _, body := range []string{
		`{"RequestId":"` + requestID + `","Code":"c","Message":"m"}`, `<Error><Code>c</Code><Message>m</Message><RequestId>` + requestID + `</RequestId></Error>`,
		"<html>", "", "[", `<?xml version="1.0" encoding="GBK"?><a>`, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	} {
		f.Add("text/xml", []byte(body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		r, err := ReadAlibaba(contentType, body)
		checkRead(t, r, err)
	})
}

func FuzzReadTencent(f *testing.F) {
	for _, body := range []string{
		`{"Response":{"Error":{"Code":"c","Message":"m"},"RequestId":"` + lowerID + `"}}`, `{"Response":{}}`, `{"Response":"\ud800"}`, "<html>", "",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := ReadTencent(body)
		checkRead(t, r, err)
	})
}

// checkRead holds for every body: either an error of one kind and nothing else, or a reply
// with a request id, and with a code exactly if it is an error.
func checkRead(t *testing.T, r Reply, err error) {
	if err != nil {
		if kinds(err) != 1 || r != (Reply{}) {
			t.Errorf("error %v with reply %s", err, dump(r))
		}
		checkEvidence(t, err)
		return
	}
	if !IsUUID(r.RequestID) || r.IsError != (r.Code != "") {
		t.Errorf("accepted %s", dump(r))
	}
}
