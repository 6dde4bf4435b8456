package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox/imitation"
)

// breachesOfReplies spoil the replies to one kind of requests alone: what is said of all
// replies is broken by any of them.
func breachesOfReplies() []spec {
	var all []spec
	for _, r := range replies() {
		on := func(requirement, name, what string, edit func(*exchange)) {
			all = append(all, breachOf(requirement, name+"_"+r.name, what+", in replies "+r.what, when(r.is, edit)).at(r.at))
		}
		all = append(all, breachOf("PROTO-03", "reply_cut_"+r.name, "the connection is closed inside the body, in replies "+r.what,
			behaviour{wire: onlyWhen(r.is, cut(half, leave))}).at(r.at))
		on("CHARSET-01", "gbk", "there is text in GBK", inMessage("\xd6\xd0\xce\xc4"))
		on("CHARSET-02", "labelled_gbk", "Content-Type says GBK", withContentType(";charset=gbk"))
		if r.name == "put" {
			continue // a front end may answer those before the API does
		}
		on("PROTO-11", "page", "a web page comes", become(page(http.StatusNotFound, "Not Found")))
		on("PROTO-12", "internal_error", "the service fails", refuseAs(catalog.ServerError))
		if r.name == "json" {
			continue // whose product has no such field
		}
		all = append(all,
			breachOf("PROTO-15", "other_request_id_"+r.name, "the request id in the header is not that in the body, in replies "+r.what, when(r.is, otherRequestID)).at(alibabaAPI()))
	}
	return append(all,
		breachOf("PROTO-15", "other_request_id_put", "the request id in the header is not that in the body, in replies to PUT and DELETE",
			when(byMethod(http.MethodPut, http.MethodDelete), otherRequestID)).at(alibabaAPI()))
}

// onlyWhen puts some replies on the wire in their own way, and all others in the usual one.
func onlyWhen(is func(*exchange) bool, wire func(*exchange)) func(*exchange) {
	return func(x *exchange) {
		if is(x) {
			wire(x)
			return
		}
		x.say(x.reply.whole())
	}
}

// breachesByWay break by one way alone what is kept by all others.
func breachesByWay() []spec {
	sha1, sha256 := byFormSignedWith(cloudapi.HmacSHA1.String()), byFormSignedWith(cloudapi.HmacSHA256.String())
	alibaba, tencent := []way{byQuery(), byForm()}, []way{byQuery(), sha1, sha256, byJSON()}
	gets := []way{byQuerySignedWith(cloudapi.HmacSHA256.String()), byQuerySignedWith(cloudapi.TC3Algorithm)}
	var all []spec
	on := func(where scope, ways []way, requirement, name, what string, is func(*exchange) bool, edit func(*exchange)) {
		for _, w := range ways {
			all = append(all, breachOf(requirement, name+"_"+w.name, what+", "+w.what, when(both(w.is, is), edit)).at(where))
		}
	}
	for _, family := range []struct {
		prefix string
		at     scope
		ways   []way
		more   []way // by which all but calls without a key can be told
	}{{"", alibabaAPI(), alibaba, nil}, {"tc3_", ofStyle(catalog.StyleTencent3), tencent, gets}} {
		at, ways := family.at, slices.Concat(family.ways, family.more)
		code := func(requirement, name, what string, is func(*exchange) bool) {
			on(at, ways, requirement, family.prefix+name, what+" is refused with an undocumented code", is, refuseOddly)
		}
		code("PROTO-06", "without_action", "a request without an Action", lacking("Action"))
		code("PROTO-07", "unknown_action", "an unknown Action", refusedAs(catalog.UnknownAction))
		on(at, family.ways, "PROTO-08", family.prefix+"without_key", "a call without a key is refused with an undocumented code", withoutKey, refuseOddly)
		code("PROTO-13", "unknown_version", "an unknown version", refusedAs(catalog.UnknownVersion))
		code("PROTO-14", "without_time", "a call without its time", lacking("Timestamp"))
		code("PROTO-09", "unknown_key", "an unknown key", refusedAs(catalog.UnknownKey))
		code("CHARSET-03", "beyond_ascii", "text beyond ASCII", both(beyondASCII, refusedAs(catalog.UnknownKey)))
		on(at, ways, "PROTO-29", family.prefix+"unknown_action_done", "an unknown Action is answered like one that was carried out", refusedAs(catalog.UnknownAction), carryOut)
	}
	on(ofStyle(catalog.StyleTencent3), slices.Concat(tencent, gets), "GAAP-CHARSET-04", "tc3_mojibake", "names come back as UTF-8 that was taken for Latin-1", carriedOut, mojibake)
	on(alibabaAPI(), alibaba, "ECS-CHARSET-06", "mojibake", "names come back as UTF-8 that was taken for Latin-1", both(carriedOut, notXML), mojibake)
	on(alibabaAPI(), alibaba, "ECS-CHARSET-06", "last_name", "the last name comes back in question marks", both(carriedOut, notXML), lastInQuestionMarks)
	alibabaCode := func(requirement, name, what string, s catalog.Situation) {
		on(alibabaAPI(), alibaba, requirement, name, what+" is refused with an undocumented code", refusedAs(s), refuseOddly)
	}
	alibabaCode("PROTO-17", "bad_format", "an unknown format", catalog.BadFormat)
	alibabaCode("PROTO-18", "bad_signature_method", "an unknown signature method", catalog.BadSignatureMethod)
	alibabaCode("PROTO-19", "old_time", "an old time", catalog.ExpiredTimestamp)
	alibabaCode("PROTO-20", "malformed_time", "a malformed time", catalog.MalformedTimestamp)
	alibabaCode("PROTO-21", "replay", "a used nonce", catalog.ReplayedNonce)
	alibabaCode("PROTO-23", "wrong_signature", "a wrong signature", catalog.BadSignature)
	tc3 := ofStyle(catalog.StyleTencent3)
	on(tc3, tencent, "GAAP-PROTO-25", "tc3_unknown_parameter", "an unknown parameter in ASCII is refused with an undocumented code",
		both(refusedAs(catalog.UnknownParameter), inASCIIAlone), refuseOddly)
	tencent = append(tencent, gets...)
	on(tc3, tencent, "GAAP-PROTO-22", "tc3_wrong_signature", "a wrong signature is refused with an undocumented code", refusedAs(catalog.BadSignature), refuseOddly)
	on(tc3, tencent, "GAAP-PROTO-24", "tc3_old_time", "an old time is refused with an undocumented code", refusedAs(catalog.ExpiredTimestamp), refuseOddly)
	on(tc3, tencent, "GAAP-PROTO-27", "tc3_signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibabaAPI(), alibaba[:1], "PROTO-24", "signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibabaAPI(), alibaba, "PROTO-07", "any_case", "the case of an Action does not matter", otherCase, refuseAs(catalog.UnknownKey))
	on(alibabaAPI(), alibaba[1:], "PROTO-05", "signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibabaAPI(), alibaba, "CHARSET-04", "xml_declaration", "replies in XML declare themselves as GBK", anything, inGBK)
	on(tc3, []way{sha1, sha256}, "GAAP-PROTO-16", "tc3_refused", "calls are refused", refusedAs(catalog.UnknownKey), refuseOddly)
	for _, d := range imitation.Damages() {
		for _, w := range []way{byQuery(), byForm(), byJSON()} {
			where := anyAPI()
			if w.name == "json" {
				where = tc3
			}
			all = append(all, breachOf("CHARSET-05", "text_"+d.Name+"_"+w.name, d.What+", "+w.what, behaviour{mangle: d.Of, only: w.is}).at(where))
		}
	}
	// One address of two, which is asked less.
	atIPv6 := func(requirement, name, what string, where scope, is func(*exchange) bool) {
		where.network, where.needsIPv6 = catalog.Public, true
		all = append(all, breachOf(requirement, name, what+" at the IPv6 address alone", when(both(overIPv6, is), become(page(http.StatusBadGateway, "Bad Gateway")))).at(where))
	}
	atIPv6("PROTO-05", "ipv6_page_form", "a page comes to forms", anyAPI(), byForm().is)
	atIPv6("PROTO-24", "ipv6_page_signed", "a page comes to signed calls", alibabaAPI(), withKey)
	atIPv6("GAAP-PROTO-27", "tc3_ipv6_page_signed", "a page comes to signed calls", tc3, withKey)
	all = append(all,
		breachOf("PROTO-05", "unanswered_form", "the connection is closed without a reply to forms", behaviour{wire: onlyWhen(byForm().is, cut(none, leave))}).at(anyAPI()),
		breachOf("PROTO-24", "unanswered_signed", "the connection is closed without a reply to calls of the customer's", behaviour{wire: onlyWhen(withKey, cut(none, leave))}).at(alibabaAPI()),
		breachOf("GAAP-PROTO-27", "tc3_unanswered_signed", "the connection is closed without a reply to calls of the customer's", behaviour{wire: onlyWhen(withKey, cut(none, leave))}).at(tc3),
	)
	all = append(all, silencesByWay()...)
	return append(all,
		breachOf("CHARSET-04", "signed_xml_declaration", "replies in XML to signed calls declare themselves as GBK", when(withKey, inGBK)).at(alibabaAPI()),
		breachOf("ECS-CHARSET-06", "names_in_question_marks_xml", "names in XML come back in question marks", when(both(carriedOut, isXML), questionMarks)).at(alibabaAPI()),
		breachOf("PROTO-07", "action_in_any_case", "the case of an Action does not matter", when(otherCase, refuseAs(catalog.UnknownKey))).at(alibabaAPI()),
		breachOf("PROTO-02", "plain_http_served_form", "the API answers forms over plain HTTP as it does over HTTPS", behaviour{plainServed: true, only: byForm().is}).at(httpsOnly()),
	)
}

// silencesByWay answer whatever goes by other ways, and are silent to one. Silence takes a time-out to
// see: these are where it must not take one a question.
func silencesByWay() []spec {
	var all []spec
	on := func(where scope, requirement, name, what string, is func(*exchange) bool) {
		all = append(all, breachOf(requirement, name, what+" are never answered", behaviour{wire: onlyWhen(is, cut(none, (*connection).hold))}).at(where))
	}
	tc3 := ofStyle(catalog.StyleTencent3)
	on(anyAPI(), "PROTO-05", "silent_form", "forms", byForm().is)
	on(tc3, "GAAP-PROTO-15", "tc3_silent_json", "calls in JSON", byJSON().is)
	on(anyAPI(), "PROTO-10", "silent_put", "PUT and DELETE", byMethod(http.MethodPut, http.MethodDelete))
	on(alibabaAPI(), "PROTO-24", "silent_signed", "calls of the customer's", withKey)
	on(tc3, "GAAP-PROTO-27", "tc3_silent_signed", "calls of the customer's", withKey)
	for _, w := range []way{byQuery(), byForm()} {
		on(alibabaAPI(), "PROTO-24", "silent_signed_"+w.name, "calls of the customer's "+w.what, both(withKey, w.is))
		on(alibabaAPI(), "CHARSET-04", "silent_xml_"+w.name, "calls of anybody's that ask for XML "+w.what, both(both(withoutTheKey, isXML), w.is))
		on(alibabaAPI(), "CHARSET-04", "silent_signed_xml_"+w.name, "calls of the customer's that ask for XML "+w.what, both(both(withKey, isXML), w.is))
	}
	for _, w := range []way{byFormSignedWith(cloudapi.HmacSHA1.String()), byFormSignedWith(cloudapi.HmacSHA256.String()), byJSON(), byQuerySignedWith(cloudapi.HmacSHA256.String()), byQuerySignedWith(cloudapi.TC3Algorithm)} {
		on(tc3, "GAAP-PROTO-27", "tc3_silent_signed_"+w.name, "calls of the customer's "+w.what, both(withKey, w.is))
	}
	return all
}

func withoutTheKey(x *exchange) bool { return !withKey(x) }

func anything(*exchange) bool { return true }

func notXML(x *exchange) bool { return !isXML(x) }

func inASCIIAlone(x *exchange) bool { return !beyondASCII(x) }

func isXML(x *exchange) bool { return strings.HasPrefix(x.reply.get("Content-Type"), "text/xml") }

// otherCase tells whether a request names the read-only action in another case.
func otherCase(x *exchange) bool {
	is, want := x.parameters().Get("Action"), x.c.e.product.Action()
	return is != want && strings.EqualFold(is, want)
}
