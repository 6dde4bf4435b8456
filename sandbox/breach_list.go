package sandbox

import (
	"net/http"
	"slices"

	"prober/catalog"
	"prober/cloudapi"
	"prober/sandbox/clienthello"
	"prober/sandbox/imitation"
	"prober/sandbox/nameserver"
	"prober/sandbox/pki"
)

// breaches are wrong in a way that one probe does not show.
func breaches() []spec {
	servesHTTP := scope{
		suits: func(p catalog.Product) bool { return p.APIStyle.IsAPI() && !p.Refuses(catalog.HTTP) },
		wants: "rules that serve plain HTTP",
	}
	return slices.Concat(
		[]spec{
			breachOf("GAAP-TLS-04", "tls11_served", "TLS 1.1 is served whatever the date",
				behaviour{versions: []clienthello.Version{clienthello.TLS11, clienthello.TLS12, clienthello.TLS13}}).
				at(withTLSRule(catalog.TLS11, catalog.Refused)).needing(NeedLater),
			breachOf("DNS-06", "ttl_of_a_week", "the records may be kept for a week", behaviour{dns: nameserver.Lasting(7 * 24 * 3600)}),
			breachOf("DNS-06", "ttl_of_nothing", "the records may not be kept at all", behaviour{dns: nameserver.Lasting(0)}),
			breachOf("TLS-10", "cert_runs_out", "five of the certificate's 90 days are left", behaviour{certificate: pki.RunningOut}),
			breachOf("TLS-11", "versions_differ", "the name has a second address, where TLS 1.2 alone is served",
				behaviour{dns: spareToo(), spare: spareServes, spareVersions: []clienthello.Version{clienthello.TLS12}}).
				at(scope{network: catalog.Public}),
			breachOf("ECS-PROTO-02", "plain_http_forbidden", "plain HTTP is answered with a page of status 403",
				when(overPlainHTTP, become(page(http.StatusForbidden, "Forbidden")))).at(servesHTTP),
		},
		within(anyAPI(), protocolBreaches()...),
		within(alibabaAPI(), alibabaBreaches()...),
		within(ofStyle(catalog.StyleTencent3), tencentBreaches()...),
		breachesOfReplies(), breachesByWay(),
	)
}

// codeOf is a breach in which an error has another code than the documented one.
func codeOf(requirement, name, what string, s catalog.Situation) spec {
	return breachOf(requirement, name, what+" is refused with an undocumented code", when(refusedAs(s), refuseOddly))
}

// protocolBreaches are about requests that every product knows.
func protocolBreaches() []spec {
	noPage := become(page(http.StatusNotFound, "Not Found"))
	return []spec{
		breachOf("PROTO-04", "get_refused", "GET is refused as a method that is not served", when(byMethod(http.MethodGet), refuseAs(catalog.UnsupportedMethod))),
		breachOf("PROTO-05", "post_refused", "POST is refused as a method that is not served", when(byMethod(http.MethodPost), refuseAs(catalog.UnsupportedMethod))),
		breachOf("PROTO-06", "action_optional", "a request without an Action gets as far as its key", when(lacking("Action"), refuseAs(catalog.UnknownKey))),
		codeOf("PROTO-07", "unknown_action_code", "an unknown Action", catalog.UnknownAction),
		breachOf("PROTO-08", "missing_key_code", "a call without a key is refused with an undocumented code", when(withoutKey, refuseOddly)),
		codeOf("PROTO-09", "unknown_key_code", "an unknown key", catalog.UnknownKey),
		breachOf("PROTO-10", "put_served", "PUT and DELETE get as far as their key", when(byMethod(http.MethodPut, http.MethodDelete), refuseAs(catalog.UnknownKey))),
		breachOf("PROTO-11", "unknown_action_page", "an unknown Action is answered with a web page", when(refusedAs(catalog.UnknownAction), noPage)),
		breachOf("PROTO-11", "empty_message", "errors have an empty message", behaviour{edit: withoutMessage("")}),
		breachOf("PROTO-11", "blank_message", "errors have a message of blanks", behaviour{edit: withoutMessage("   ")}),
		breachOf("PROTO-11", "code_twice", "errors in JSON have a second code", behaviour{edit: secondCode}),
		breachOf("PROTO-30", "same_request_id", "every reply has one and the same request id", behaviour{edit: sameRequestID}),
		breachOf("PROTO-12", "unknown_action_fails", "an unknown Action is answered with an internal error", when(refusedAs(catalog.UnknownAction), refuseAs(catalog.ServerError))),
		codeOf("PROTO-13", "unknown_version_code", "an unknown version", catalog.UnknownVersion),
		breachOf("PROTO-14", "missing_parameter_code", "a missing time is refused with an undocumented code", when(lacking("Timestamp"), refuseOddly)),
		breachOf("PROTO-29", "unknown_action_served", "an unknown Action is answered like one that was carried out", when(refusedAs(catalog.UnknownAction), carryOut)),
		breachOf("PROTO-28", "bare_code", "a request without parameters is refused with an undocumented code", when(bare, refuseOddly)),
		breachOf("PROTO-37", "signature_of_another_call", "a call is carried out that was changed after it was signed", when(both(refusedAs(catalog.BadSignature), fitsOtherwise(unsignedParts)), carryOut)),
		breachOf("PROTO-37", "signature_optional", "a call is carried out that has no signature", when(withoutSignature, carryOut)),
		breachOf("CHARSET-03", "text_refused", "text beyond ASCII is refused", when(beyondASCII, refuseOddly)),
	}
}

// alibabaBreaches are about what ECS and KMS share.
func alibabaBreaches() []spec {
	var bindings []spec
	for _, b := range imitation.Bindings() {
		bindings = append(bindings, breachOf("KMS-CHARSET-06", "context_"+b.Name, b.What, behaviour{bound: &b}))
	}
	return append(bindings, []spec{
		breachOf("PROTO-15", "second_request_id", "the header has the request id twice, the second time another one", behaviour{edit: func(x *exchange) {
			x.reply.Header = append(x.reply.Header, field{Name: "x-acs-request-id", Value: newUUID()})
		}}),
		breachOf("PROTO-16", "host_id", "errors name another host", behaviour{edit: otherHostID}),
		codeOf("PROTO-17", "bad_format_code", "an unknown format", catalog.BadFormat),
		codeOf("PROTO-18", "bad_signature_method_code", "an unknown signature method", catalog.BadSignatureMethod),
		codeOf("PROTO-19", "expired_timestamp_code", "an old time", catalog.ExpiredTimestamp),
		breachOf("PROTO-19", "future_time_served", "a time to come is answered like one that was carried out", when(both(refusedAs(catalog.ExpiredTimestamp), toCome), carryOut)),
		breachOf("PROTO-19", "time_window_of_an_hour", "a time up to an hour off is answered like one that was carried out", when(both(refusedAs(catalog.ExpiredTimestamp), withinAnHour), carryOut)),
		codeOf("PROTO-20", "malformed_timestamp_code", "a malformed time", catalog.MalformedTimestamp),
		codeOf("PROTO-21", "replayed_nonce_code", "a used nonce", catalog.ReplayedNonce),
		codeOf("PROTO-23", "bad_signature_code", "a wrong signature", catalog.BadSignature),
		breachOf("PROTO-36", "other_format", "calls for JSON are answered in XML, and those for XML in JSON", when(carriedOut, otherFormat)),
		breachOf("PROTO-24", "signed_call_refused", "signed calls are refused", when(carriedOut, refuseOddly)),
		breachOf("PROTO-11", "xml_late", "an empty line comes ahead of the XML declaration", when(asXML, lineFirst)),
		breachOf("PROTO-11", "xml_attribute_twice", "the root of replies in XML has an attribute twice", when(asXML, attributeTwice)),
		breachOf("PROTO-11", "xml_root", "errors in XML have the root element of a success", when(asXML, rootOfSuccess)),
		breachOf("CHARSET-04", "xml_declaration", "replies in XML declare themselves as GBK", behaviour{edit: inGBK}),
		breachOf("ECS-CHARSET-06", "names_cut", "the last character of names is lost, whatever the way", when(carriedOut, inNames(cutName))),
		breachOf("ECS-CHARSET-06", "names_as_gb18030", "names come back as UTF-8 that was taken for GB 18030, whatever the way", when(carriedOut, inNames(asGB18030))),
		breachOf("ECS-CHARSET-06", "names_in_question_marks", "names come back in question marks", when(carriedOut, questionMarks)),
		breachOf("KMS-CHARSET-06", "context_lost", "a ciphertext does not open under a context beyond ASCII", when(doing("Decrypt"), refuseOddly)),
	}...)
}

// byFormOf serves forms of any size that a method signs.
func byFormOf(method cloudapi.V1Method, ignoring func(*exchange) bool, served func(*exchange)) spec {
	w := Way{Carrier: CarrierForm, Signature: method.String()}
	return breachOf("GAAP-PROTO-19", "size_limit_ignored_"+w.String(), "forms of any size are served, "+w.What(), when(both(w.is, ignoring), served)).by(w)
}

// tencentBreaches are about GAAP alone.
func tencentBreaches() []spec {
	media := func(is string) func(*exchange) bool {
		return func(x *exchange) bool { return x.req.Method == http.MethodPost && hasMediaType(x, is) }
	}
	// A limit that is ignored lets the request through to the check of its parameters.
	ignoring := func(x *exchange) bool { return refusedAs(catalog.TooLarge)(x) || x.overHMACLimit() }
	served := refuseAs(catalog.UnknownParameter)
	return []spec{
		breachOf("GAAP-PROTO-15", "json_refused", "POST with a JSON body is refused", when(media("application/json"), refuseOddly)),
		breachOf("GAAP-PROTO-16", "form_refused", "POST with a form is refused", when(media("application/x-www-form-urlencoded"), refuseOddly)),
		breachOf("GAAP-PROTO-18", "size_limit_get_ignored", "GET requests of any size are served", when(both(ignoring, byMethod(http.MethodGet)), served)),
		breachOf("GAAP-PROTO-19", "size_limit_hmac_ignored", "forms of any size are served", when(both(ignoring, media("application/x-www-form-urlencoded")), served)),
		byFormOf(cloudapi.HmacSHA1, ignoring, served), byFormOf(cloudapi.HmacSHA256, ignoring, served),
		breachOf("GAAP-PROTO-20", "size_limit_tc3_ignored", "JSON bodies of any size are served", when(both(ignoring, media("application/json")), served)),
		breachOf("GAAP-PROTO-18", "size_limit_get_low", "GET requests above 16 KB are refused", when(both(byMethod(http.MethodGet), largerThan(16<<10)), refuseAs(catalog.TooLarge))),
		codeOf("GAAP-PROTO-21", "bad_authorization_code", "an unreadable Authorization", catalog.BadAuthorization),
		codeOf("GAAP-PROTO-22", "tc3_signature_code", "a wrong signature", catalog.BadSignature),
		codeOf("GAAP-PROTO-23", "bad_token_code", "an invalid token", catalog.BadToken),
		codeOf("GAAP-PROTO-24", "tc3_timestamp_code", "an old time", catalog.ExpiredTimestamp),
		breachOf("GAAP-PROTO-24", "tc3_future_time_served", "a time to come is answered like one that was carried out", when(both(refusedAs(catalog.ExpiredTimestamp), toCome), carryOut)),
		breachOf("GAAP-PROTO-24", "tc3_time_window_of_an_hour", "a time up to an hour off is answered like one that was carried out", when(both(refusedAs(catalog.ExpiredTimestamp), withinAnHour), carryOut)),
		codeOf("GAAP-PROTO-25", "unknown_parameter_code", "an unknown parameter", catalog.UnknownParameter),
		breachOf("GAAP-PROTO-27", "tc3_call_refused", "signed calls are refused", when(carriedOut, refuseOddly)),
		breachOf("GAAP-CHARSET-04", "tc3_names_as_gb18030", "names come back as UTF-8 that was taken for GB 18030, whatever the way", when(carriedOut, inNames(asGB18030))),
		breachOf("GAAP-CHARSET-04", "tc3_names_in_question_marks", "names come back in question marks", when(carriedOut, questionMarks)),
		breachOf("GAAP-CHARSET-04", "tc3_area_in_question_marks", "the name of one area comes back in question marks", when(carriedOut, areaInQuestionMarks)),
	}
}
