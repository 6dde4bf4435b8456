package sandbox

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"prober/catalog"
	"prober/cloudapi"
)

// become puts another reply in place of the API's.
func become(r *reply) func(*exchange) {
	return func(x *exchange) {
		x.reply = &reply{Status: r.Status, Header: slices.Clone(r.Header), Body: r.Body}
	}
}

func welcomePage() *reply {
	return &reply{
		Status: http.StatusOK,
		Header: []field{{Name: "Server", Value: "nginx"}, {Name: "Content-Type", Value: "text/html; charset=utf-8"}},
		Body: []byte("<!DOCTYPE html>\n<html>\n<head><title>Welcome</title></head>\n" +
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

// redirectTwice names two places at once.
func redirectTwice(x *exchange) {
	redirect("https://one.sandbox.test/")(x)
	x.reply.Header = append(x.reply.Header, field{Name: "Location", Value: "https://two.sandbox.test/"})
}

// withContentType replaces the parameters of Content-Type.
func withContentType(parameters string) func(*exchange) {
	return func(x *exchange) {
		media, _, _ := strings.Cut(x.reply.get("Content-Type"), ";")
		x.reply.set("Content-Type", media+parameters)
	}
}

// noBreakSpace puts one, which is white space to neither JSON nor XML, behind the body.
func noBreakSpace(x *exchange) { x.reply.Body = append(slices.Clip(x.reply.Body), "\u00a0"...) }

func bom(x *exchange) { x.reply.Body = append([]byte("\xef\xbb\xbf"), x.reply.Body...) }

// label says that the body has a content coding which it does not have.
func label(coding string) func(*exchange) {
	return func(x *exchange) { x.reply.set("Content-Encoding", coding) }
}

// cutBody leaves out the second half of the body, and a character that this would cut.
func cutBody(x *exchange) {
	x.reply.Body = []byte(strings.ToValidUTF8(string(x.reply.Body[:len(x.reply.Body)/2]), ""))
}

func cutGzip(x *exchange) {
	whole := compress(x.reply.Body)
	x.reply.Body = whole[:len(whole)/2]
	x.reply.set("Content-Encoding", "gzip")
}

func unaskedGzip(x *exchange) {
	x.reply.Body = compress(x.reply.Body)
	x.reply.set("Content-Encoding", "gzip")
}

// inMessage puts bytes at the start of the first text of the body that can hold them:
// a message rather than a code or an id.
func inMessage(text string) func(*exchange) {
	return func(x *exchange) {
		for _, before := range []string{`"Message":"`, `"Message": "`, "<Message>", `Name":"`, `Name": "`, `":"`, `": "`, "Name>"} {
			if i := bytes.Index(x.reply.Body, []byte(before)); i >= 0 {
				at := i + len(before)
				x.reply.Body = slices.Concat(x.reply.Body[:at], []byte(text), x.reply.Body[at:])
				return
			}
		}
		x.reply.Body = append(slices.Clip(x.reply.Body), text...)
	}
}

// withoutRequestID removes the request id from a JSON or XML body.
func withoutRequestID(x *exchange) {
	id := regexp.MustCompile(`(?s),\s*"RequestId"\s*:\s*"[^"]*"|"RequestId"\s*:\s*"[^"]*"\s*,?|<RequestId>.*?</RequestId>`)
	if at := id.FindIndex(x.reply.Body); at != nil {
		x.reply.Body = slices.Concat(x.reply.Body[:at[0]], x.reply.Body[at[1]:])
	}
}

// otherRequestID puts an id into the header that is not the one of the body.
func otherRequestID(x *exchange) { x.reply.set("x-acs-request-id", newUUID()) }

// theRequestID is that of every reply to requests which get no id of their own.
const theRequestID = "11111111-2222-4333-8444-555555555555"

func sameRequestID(x *exchange) {
	if said, ok := x.said(); ok {
		x.reply.Body = bytes.ReplaceAll(x.reply.Body, []byte(said.RequestID), []byte(theRequestID))
		if x.reply.get("x-acs-request-id") != "" {
			x.reply.set("x-acs-request-id", theRequestID)
		}
	}
}

// withoutMessage puts another text in the place of the message of an error.
func withoutMessage(text string) func(*exchange) {
	message := regexp.MustCompile(`("Message":\s*")(?:[^"\\]|\\.)*"|(<Message>)[^<]*<`)
	return func(x *exchange) {
		x.reply.Body = message.ReplaceAllFunc(x.reply.Body, func(all []byte) []byte {
			found := message.FindSubmatch(all)
			return slices.Concat(found[1], found[2], []byte(text), all[len(all)-1:])
		})
	}
}

// secondCode gives errors in JSON another code behind their own.
func secondCode(x *exchange) {
	code := regexp.MustCompile(`"Code":\s*"[^"]*"`)
	x.reply.Body = code.ReplaceAll(x.reply.Body, []byte(`$0,"Code":"Other"`))
}

// withoutCode removes the code from an error in JSON.
func withoutCode(x *exchange) {
	code := regexp.MustCompile(`"Code":\s*"[^"]*",?`)
	x.reply.Body = code.ReplaceAll(x.reply.Body, nil)
}

// withoutEcho removes the string to sign from a message.
func withoutEcho(x *exchange) {
	echo := regexp.MustCompile(` ?server string to sign is:[^"<]*`)
	x.reply.Body = echo.ReplaceAll(x.reply.Body, nil)
}

// withoutRecommend removes the recommendation from an error.
func withoutRecommend(x *exchange) {
	recommend := regexp.MustCompile(`(?s),"Recommend":"[^"]*"|<Recommend>.*?</Recommend>`)
	x.reply.Body = recommend.ReplaceAll(x.reply.Body, nil)
}

func genericError(x *exchange) {
	x.reply.Status = http.StatusBadRequest
	x.reply.set("Content-Type", "application/json")
	x.reply.Body = []byte(`{"error":{"type":"invalid_request","detail":"no such resource"}}`)
}

// carryOut answers as if the request had been carried out.
func carryOut(x *exchange) {
	said, _ := x.said()
	if x.c.e.product.APIStyle == catalog.StyleTencent3 {
		x.reply.Body = []byte(`{"Response":{"RequestId":"` + said.RequestID + `"}}`)
	} else {
		x.reply.Body = []byte(`{"RequestId":"` + said.RequestID + `"}`)
	}
	x.reply.Status = http.StatusOK
}

// otherFormat answers a call that was carried out in XML where it asks for JSON, and the other way round.
func otherFormat(x *exchange) {
	said, _ := x.said()
	if said.Format == cloudapi.XML {
		x.reply.Body = []byte(`{"RequestId":"` + said.RequestID + `"}`)
		x.reply.set("Content-Type", "application/json;charset=utf-8")
		return
	}
	x.reply.Body = []byte(`<DescribeRegionsResponse><RequestId>` + said.RequestID + `</RequestId></DescribeRegionsResponse>`)
	x.reply.set("Content-Type", "text/xml;charset=utf-8")
}

// saySuccess puts Code and Message at the top of a success, as some of Alibaba's APIs do.
func saySuccess(x *exchange) {
	if json, ok := bytes.CutPrefix(x.reply.Body, []byte("{")); ok {
		x.reply.Body = slices.Concat([]byte(`{"Code":"200","Message":"successful",`), json)
	}
}

func otherHostID(x *exchange) {
	x.reply.Body = bytes.ReplaceAll(x.reply.Body, []byte(x.c.e.Host), []byte("somewhere-else.example.test"))
}

// inGBK makes an XML reply declare itself as GBK.
func inGBK(x *exchange) {
	x.reply.Body = bytes.Replace(x.reply.Body, []byte("encoding='UTF-8'"), []byte("encoding='GBK'"), 1)
}

func lineFirst(x *exchange) { x.reply.Body = append([]byte("\r\n"), x.reply.Body...) }

// attributeTwice gives the root element, behind the XML declaration, an attribute twice.
func attributeTwice(x *exchange) {
	head, rest, _ := bytes.Cut(x.reply.Body, []byte("?>"))
	x.reply.Body = slices.Concat(head, []byte("?>"), bytes.Replace(rest, []byte(">"), []byte(" id='1' id='2'>"), 1))
}

// rootOfSuccess gives errors in XML the root element of a success.
func rootOfSuccess(x *exchange) {
	for _, end := range []string{"<Error>", "</Error>"} {
		x.reply.Body = bytes.ReplaceAll(x.reply.Body, []byte(end), []byte(strings.Replace(end, "Error", "DescribeRegionsResponse", 1)))
	}
}

// questionMarks puts a question mark in the place of every byte beyond ASCII.
func questionMarks(x *exchange) {
	x.reply.Body = bytes.Map(inASCII, x.reply.Body)
}

// inASCII puts a question mark in the place of a character beyond ASCII.
func inASCII(r rune) rune {
	if r > 0x7f {
		return '?'
	}
	return r
}

// mojibake takes the bytes of every character beyond ASCII for characters of their own.
func mojibake(x *exchange) {
	var b strings.Builder
	for _, c := range x.reply.Body {
		b.WriteRune(rune(c))
	}
	x.reply.Body = []byte(b.String())
}

// lastInQuestionMarks does what questionMarks does to the last run of such characters alone.
func lastInQuestionMarks(x *exchange) {
	beyond := regexp.MustCompile(`[^\x00-\x7f]+`).FindAllIndex(x.reply.Body, -1)
	if len(beyond) > 0 {
		at := beyond[len(beyond)-1]
		marks := strings.Repeat("?", utf8.RuneCount(x.reply.Body[at[0]:at[1]]))
		x.reply.Body = slices.Concat(x.reply.Body[:at[0]], []byte(marks), x.reply.Body[at[1]:])
	}
}

// area is a member of GAAP's replies beside the names of regions.
var area = regexp.MustCompile(`"RegionAreaName":"[^"]*"`)

// areaInQuestionMarks does what questionMarks does to the first name of an area alone.
func areaInQuestionMarks(x *exchange) {
	if at := area.FindIndex(x.reply.Body); at != nil {
		name := bytes.Map(inASCII, x.reply.Body[at[0]:at[1]])
		x.reply.Body = slices.Concat(x.reply.Body[:at[0]], name, x.reply.Body[at[1]:])
	}
}

// name is a member, or an element, with a name of a region in it.
var name = regexp.MustCompile(`("(?:LocalName|RegionName|RegionAreaName)":")([^"]*)|(<LocalName>)([^<]*)`)

// inNames does something to the names of regions.
func inNames(to func(string) string) func(*exchange) {
	return func(x *exchange) {
		x.reply.Body = name.ReplaceAllFunc(x.reply.Body, func(all []byte) []byte {
			found := name.FindSubmatch(all)
			return slices.Concat(found[1], found[3], []byte(to(string(found[2])+string(found[4]))))
		})
	}
}

// cutName leaves out the last character of a name of several.
func cutName(s string) string {
	if utf8.RuneCountInString(s) < 2 {
		return s
	}
	_, size := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-size]
}

// asGB18030 is a name as those see it who take its bytes for GB 18030, and leave out what is none.
func asGB18030(s string) string {
	text, _ := simplifiedchinese.GB18030.NewDecoder().String(s) // which puts U+FFFD in the place of the rest
	return strings.ReplaceAll(text, "\ufffd", "")
}

// compatible is a name as NFKC makes brackets of full width.
func compatible(s string) string { return strings.NewReplacer("（", "(", "）", ")").Replace(s) }

// newUUID returns a random UUID in capitals, as Alibaba writes them.
func newUUID() string {
	id, _ := cloudapi.NewUUID(rand.Reader) // which cannot fail
	return strings.ToUpper(id)
}
