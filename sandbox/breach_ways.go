package sandbox

import (
	"net/http"
	"strings"

	"prober/catalog"
	"prober/sandbox/imitation"
)

// spoilt is a kind of replies, and the products that send such.
type spoilt struct {
	prefix, name, what string
	at                 scope
	way                Way // zero: none of those of calls
	is                 func(*exchange) bool
	front              bool // something before the API may send them
	noID               bool // the API has no field with their request id, and names no host
}

// replies are kinds of replies that a fault may spoil while it leaves all others as they are.
func replies() []spoilt {
	all := []spoilt{
		{name: "put", what: "to PUT and DELETE", at: anyAPI(), is: byMethod(http.MethodPut, http.MethodDelete), front: true},
		{name: "bare", what: "to requests without parameters", at: anyAPI(), is: func(x *exchange) bool { return bare(x) && x.req.Method == http.MethodGet }},
		{name: "xml", what: "in XML", at: alibabaAPI(), is: asXML},
		{name: "signed", what: "to calls " + signed().What(), at: anyAPI(), way: signed(), is: withKey},
		{name: "form", what: "to calls " + byForm().What(), at: anyAPI(), way: byForm(), is: byForm().is},
		{name: "json", what: "to calls " + byJSON().What(), at: ofStyle(catalog.StyleTencent3), way: byJSON(), is: byJSON().is, noID: true},
	}
	for i, f := range []family{alibabaFamily(), tencentFamily()} {
		for _, w := range f.byKey() {
			all = append(all, spoilt{prefix: f.prefix, name: w.String(), what: "to calls " + w.What(), at: f.at, way: w, is: w.is, noID: i > 0})
		}
	}
	return all
}

// breachesOfReplies spoil the replies to one kind of requests alone: what is said of all
// replies is broken by any of them.
func breachesOfReplies() []spec {
	var all []spec
	for _, r := range replies() {
		on := func(where scope, requirement, name, what string, b behaviour) {
			all = append(all, breachOf(requirement, r.prefix+name+"_"+r.name, what+", in replies "+r.what, b).at(where).by(r.way))
		}
		edit := func(requirement, name, what string, edit func(*exchange)) {
			on(r.at, requirement, name, what, when(r.is, edit))
		}
		on(r.at, "PROTO-03", "reply_cut", "the connection is closed inside the body", behaviour{wire: onlyWhen(r.is, cut(half, leave))})
		edit("CHARSET-01", "gbk", "there is text in GBK", inMessage("\xd6\xd0\xce\xc4"))
		edit("CHARSET-02", "labelled_gbk", "Content-Type says GBK", withContentType(";charset=gbk"))
		if !r.noID {
			on(alibabaAPI(), "PROTO-15", "other_request_id", "the request id in the header is not that in the body", when(r.is, otherRequestID))
		}
		if r.front {
			continue
		}
		edit("PROTO-11", "page", "a web page comes", become(page(http.StatusNotFound, "Not Found")))
		edit("PROTO-12", "internal_error", "the service fails", refuseAs(catalog.ServerError))
		if r.way == (Way{}) {
			continue
		}
		edit("PROTO-30", "same_request_id", "there is one and the same request id", sameRequestID)
		if !r.noID {
			on(alibabaAPI(), "PROTO-16", "host_id", "errors name another host", when(r.is, otherHostID))
			on(alibabaAPI(), "PROTO-11", "error_without_code", "errors in JSON have no code", when(both(r.is, notXML), withoutCode))
		}
	}
	return all
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
	var all []spec
	on := func(f family, ways []Way, requirement, name, what string, is func(*exchange) bool, edit func(*exchange)) {
		for _, w := range ways {
			all = append(all, breachOf(requirement, f.prefix+name+"_"+w.String(), what+", "+w.What(), when(both(w.is, is), edit)).at(f.at).by(w))
		}
	}
	// An exchange that is refused for a situation, by one way with another code.
	code := func(f family, requirement, name, what string, is func(*exchange) bool) {
		on(f, f.ways, requirement, name, what+" is refused with an undocumented code", is, refuseOddly)
	}
	alibaba, tencent := alibabaFamily(), tencentFamily()
	for _, f := range []family{alibaba, tencent} {
		code(f, "PROTO-06", "without_action", "a request without an Action", lacking("Action"))
		code(f, "PROTO-07", "unknown_action", "an unknown Action", refusedAs(catalog.UnknownAction))
		code(f, "PROTO-08", "without_key", "a call without a key", withoutKey)
		code(f, "PROTO-13", "unknown_version", "an unknown version", refusedAs(catalog.UnknownVersion))
		for _, w := range f.ways {
			on(f, []Way{w, w.with(OtherKey), w.with(CustomersKey)}, "PROTO-14", "without_time", "a call without its time is refused with an undocumented code", lacking("Timestamp"), refuseOddly)
		}
		code(f, "PROTO-09", "unknown_key", "an unknown key", refusedAs(catalog.UnknownKey))
		code(f, "CHARSET-03", "beyond_ascii", "text beyond ASCII", both(beyondASCII, refusedAs(catalog.UnknownKey)))
		on(f, f.ways, "PROTO-29", "unknown_action_done", "an unknown Action is answered like one that was carried out", refusedAs(catalog.UnknownAction), carryOut)
		on(f, f.ways, "PROTO-37", "changed_after_signing", "a call is carried out that was changed after it was signed", both(refusedAs(catalog.BadSignature), fitsOtherwise(unsignedParts)), carryOut)
		on(f, f.ways, "PROTO-37", "signed_for_another_method", "a call is carried out that was signed for another method", both(refusedAs(catalog.BadSignature), fitsOtherwise(otherMethod)), carryOut)
		on(f, f.ways, "PROTO-37", "without_signature", "a call is carried out that has no signature", withoutSignature, carryOut)
		on(f, f.ways, "CHARSET-05", "texts_lose_parameters", "calls with text beyond ASCII are refused for a parameter that they have", both(withKey, beyondASCII), refuseAs(catalog.MissingParameter))
		on(f, f.by(CarrierQuery), "PROTO-04", "not_served", "GET is refused as a method that is not served", anything, refuseAs(catalog.UnsupportedMethod))
		for _, w := range f.by(CarrierForm, CarrierJSON) {
			on(f, []Way{w.with(OtherKey), w.with(CustomersKey)}, "PROTO-05", "not_served", "POST is refused as a method that is not served", anything, refuseAs(catalog.UnsupportedMethod))
		}
		for _, w := range f.ways {
			all = append(all, breachOf("CHARSET-05", f.prefix+"mangled_text_"+w.String(), "text beyond ASCII is read as US-ASCII, "+w.What(), behaviour{mangle: imitation.AsASCII, only: w.is}).at(f.at).by(w))
		}
	}
	on(tencent, tencent.ways, "GAAP-CHARSET-04", "mojibake", "names come back as UTF-8 that was taken for Latin-1", carriedOut, mojibake)
	on(alibaba, alibaba.ways, "ECS-CHARSET-06", "mojibake", "names come back as UTF-8 that was taken for Latin-1", both(carriedOut, notXML), mojibake)
	on(alibaba, alibaba.ways, "ECS-CHARSET-06", "last_name", "the last name comes back in question marks", both(carriedOut, notXML), lastInQuestionMarks)
	for _, d := range []struct {
		name, what string
		to         func(string) string
	}{{"names_cut", "the last character of names is lost", cutName}, {"names_compatible", "brackets of full width in names become ASCII", compatible}} {
		on(alibaba, alibaba.ways, "ECS-CHARSET-06", d.name, d.what, both(carriedOut, notXML), inNames(d.to))
		on(alibaba, alibaba.ways, "ECS-CHARSET-06", "xml_"+d.name, d.what+" in XML", both(carriedOut, isXML), inNames(d.to))
	}
	on(tencent, tencent.ways, "GAAP-CHARSET-04", "names_cut", "the last character of names is lost", carriedOut, inNames(cutName)) // its names have no brackets
	on(alibaba, alibaba.ways, "ECS-CHARSET-06", "xml_mojibake", "names in XML come back as UTF-8 that was taken for Latin-1", both(carriedOut, isXML), mojibake)
	for _, w := range alibaba.ways {
		on(alibaba, []Way{w, w.with(OtherKey), w.with(CustomersKey)}, "PROTO-17", "bad_format", "an unknown format is refused with an undocumented code", refusedAs(catalog.BadFormat), refuseOddly)
	}
	on(alibaba, alibaba.ways, "PROTO-36", "json_in_xml", "calls for JSON are answered in XML", both(carriedOut, notXML), otherFormat)
	on(alibaba, alibaba.ways, "PROTO-36", "xml_in_json", "calls for XML are answered in JSON", both(carriedOut, isXML), otherFormat)
	code(alibaba, "PROTO-18", "bad_signature_method", "an unknown signature method", refusedAs(catalog.BadSignatureMethod))
	code(alibaba, "PROTO-19", "old_time", "an old time", refusedAs(catalog.ExpiredTimestamp))
	code(alibaba, "PROTO-20", "malformed_time", "a malformed time", refusedAs(catalog.MalformedTimestamp))
	code(alibaba, "PROTO-21", "replay", "a used nonce", refusedAs(catalog.ReplayedNonce))
	code(alibaba, "PROTO-23", "wrong_signature", "a wrong signature", refusedAs(catalog.BadSignature))
	code(tencent, "GAAP-PROTO-25", "unknown_parameter", "an unknown parameter in ASCII", both(refusedAs(catalog.UnknownParameter), inASCIIAlone))
	code(tencent, "GAAP-PROTO-22", "wrong_signature", "a wrong signature", refusedAs(catalog.BadSignature))
	code(tencent, "GAAP-PROTO-23", "bad_token", "an invalid token", refusedAs(catalog.BadToken))
	code(tencent, "GAAP-PROTO-24", "old_time", "an old time", refusedAs(catalog.ExpiredTimestamp))
	const noResult = "signed calls are answered like those that were carried out, without a result"
	on(tencent, tencent.ways, "GAAP-PROTO-27", "no_result", noResult, carriedOut, carryOut)
	on(alibaba, alibaba.by(CarrierQuery), "PROTO-24", "no_result", noResult, both(carriedOut, notXML), carryOut)
	on(alibaba, alibaba.by(CarrierForm), "KMS-PROTO-24", "no_result", noResult, both(carriedOut, notXML), carryOut)
	on(tencent, tencent.ways, "PROTO-37", "signed_for_another_host", "a call is carried out that was signed for another host", both(refusedAs(catalog.BadSignature), fitsOtherwise(otherHost)), carryOut)
	on(tencent, tencent.ways, "GAAP-PROTO-27", "signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibaba, alibaba.by(CarrierQuery), "PROTO-24", "signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibaba, alibaba.by(CarrierForm), "PROTO-05", "signed_call", "signed calls are refused", carriedOut, refuseOddly)
	on(alibaba, alibaba.by(CarrierForm), "KMS-PROTO-24", "call_refused", "calls that are in order are refused", carriedOut, refuseOddly) // ECS's document states GET alone
	on(alibaba, alibaba.ways, "PROTO-07", "any_case", "the case of an Action does not matter", otherCase, refuseAs(catalog.UnknownKey))
	for _, w := range alibaba.ways {
		on(alibaba, []Way{w, w.with(OtherKey), w.with(CustomersKey)}, "CHARSET-04", "xml_declaration", "replies in XML declare themselves as GBK", anything, inGBK)
	}
	on(tencent, tencent.by(CarrierForm), "GAAP-PROTO-16", "refused", "calls are refused", refusedAs(catalog.UnknownKey), refuseOddly)
	for _, d := range imitation.Damages() {
		for _, w := range []Way{byQuery(), byForm(), byJSON()} {
			where := anyAPI()
			if w.Carrier == CarrierJSON {
				where = tencent.at
			}
			all = append(all, breachOf("CHARSET-05", "text_"+d.Name+"_"+w.String(), d.What+", "+w.What(), behaviour{mangle: d.Of, only: w.is}).at(where).by(w))
		}
	}
	// One address of two, which is asked less.
	atIPv6 := func(requirement, name, what string, where scope, is func(*exchange) bool) {
		where.network, where.needsIPv6 = catalog.Public, true
		all = append(all, breachOf(requirement, name, what+" at the IPv6 address alone", when(both(overIPv6, is), become(page(http.StatusBadGateway, "Bad Gateway")))).at(where))
	}
	atIPv6("PROTO-05", "ipv6_page_form", "a page comes to forms", anyAPI(), byForm().is)
	atIPv6("PROTO-24", "ipv6_page_signed", "a page comes to signed calls", alibaba.at, withKey)
	atIPv6("GAAP-PROTO-27", "tc3_ipv6_page_signed", "a page comes to signed calls", tencent.at, withKey)
	all = append(all,
		breachOf("PROTO-05", "unanswered_form", "the connection is closed without a reply to forms", behaviour{wire: onlyWhen(byForm().is, cut(none, leave))}).at(anyAPI()),
		breachOf("CHARSET-04", "signed_xml_declaration", "replies in XML to signed calls declare themselves as GBK", when(withKey, inGBK)).at(alibaba.at),
		breachOf("PROTO-24", "unanswered_signed", "the connection is closed without a reply to calls of the customer's", behaviour{wire: onlyWhen(withKey, cut(none, leave))}).at(alibaba.at),
		breachOf("GAAP-PROTO-27", "tc3_unanswered_signed", "the connection is closed without a reply to calls of the customer's", behaviour{wire: onlyWhen(withKey, cut(none, leave))}).at(tencent.at),
	)
	all = append(all, silencesByWay()...)
	return append(all,
		breachOf("ECS-CHARSET-06", "names_in_question_marks_xml", "names in XML come back in question marks", when(both(carriedOut, isXML), questionMarks)).at(alibaba.at),
		breachOf("PROTO-07", "action_in_any_case", "the case of an Action does not matter", when(otherCase, refuseAs(catalog.UnknownKey))).at(alibaba.at),
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
	alibaba, tencent := alibabaFamily(), tencentFamily()
	on(anyAPI(), "PROTO-05", "silent_form", "forms", byForm().is)
	on(tencent.at, "GAAP-PROTO-15", "tc3_silent_json", "calls in JSON", byJSON().is)
	on(anyAPI(), "PROTO-10", "silent_put", "PUT and DELETE", byMethod(http.MethodPut, http.MethodDelete))
	on(alibaba.at, "PROTO-24", "silent_signed", "calls of the customer's", withKey)
	on(tencent.at, "GAAP-PROTO-27", "tc3_silent_signed", "calls of the customer's", withKey)
	on(alibaba.at, "PROTO-24", "silent_signed_query", "calls of the customer's in a query", byQuery().with(CustomersKey).is)
	on(alibaba.at, "PROTO-05", "silent_signed_form", "calls of the customer's in a form", byForm().with(CustomersKey).is)
	for _, w := range alibaba.ways {
		on(alibaba.at, "CHARSET-04", "silent_xml_"+w.String(), "calls of anybody's that ask for XML "+w.What(), both(w.with(OtherKey).is, isXML))
		on(alibaba.at, "CHARSET-04", "silent_signed_xml_"+w.String(), "calls of the customer's that ask for XML "+w.What(), both(w.with(CustomersKey).is, isXML))
	}
	for _, w := range tencent.ways {
		on(tencent.at, "GAAP-PROTO-27", "tc3_silent_signed_"+w.String(), "calls of the customer's "+w.What(), w.with(CustomersKey).is)
	}
	return all
}

func anything(*exchange) bool { return true }

func notXML(x *exchange) bool { return !isXML(x) }

func inASCIIAlone(x *exchange) bool { return !beyondASCII(x) }

func isXML(x *exchange) bool { return strings.HasPrefix(x.reply.get("Content-Type"), "text/xml") }

// otherCase tells whether a request names the read-only action in another case.
func otherCase(x *exchange) bool {
	is, want := x.parameters().Get("Action"), x.c.e.product.Action()
	return is != want && strings.EqualFold(is, want)
}
