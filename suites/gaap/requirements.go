package gaap

import (
	"slices"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

const (
	source = "gaap-2021-08"
	date   = "2021-08-16"

	methods  = "3. Request Methods"
	encoding = "4. Character Encoding"
)

// product is GAAP as package groups needs to know it.
func product() groups.Product {
	return groups.Product{Prefix: "GAAP", Rules: "gaap", Document: groups.Document{
		Source: source, Date: date, Endpoints: "1. Service Address", Protocols: "2. Communications Protocol",
		Methods: methods, Encoding: encoding,
		Replies: groups.Replies{
			Source: "tencent-errors", Codes: "Common error codes",
			ShapeSource: "tencent-responses", ShapeSince: "2026-03-18", Shape: "Responses",
		},
	}}
}

// sized are the regions where large requests are sent: the nearest host and one more.
func sized() []string { return []string{"nearest", "ap-guangzhou"} }

// Requirements are the statements that GAAP is judged by. Ids are never given to another.
func Requirements() []kit.Requirement {
	p := product()
	const must, report = kit.Must, kit.Report
	all := slices.Concat(
		p.DNSRequirements(),
		[]kit.Requirement{{
			ID: "GAAP-DNS-09", Level: report, Text: "The nearest host leads to the addresses of a regional one.",
			Source: source, Section: "1. Service Address", Since: date,
			Rationale: "the document says that the name resolves to a server of the nearest region; providers may give it addresses of its own",
			Scope:     kit.Scope{Regions: []string{"nearest"}},
		}},
		p.TLSRequirements([6]kit.Level{report, report, must, must, must, report}, map[catalog.TLSVersion][]string{
			catalog.TLS10: {"gaap/tls/TLS1.0/2026-12", "gaap/tls/TLS1.0/nearest"},
			catalog.TLS11: {"gaap/tls/TLS1.1/2026-12", "gaap/tls/TLS1.1/nearest"},
		}),
		p.ProtocolRequirements(must),
		protocolRequirements(),
		p.CharsetRequirements(),
		[]kit.Requirement{
			stated("GAAP-CHARSET-04", must, encoding, "Names in Chinese come back in UTF-8, in their own script.", "gaap/encoding"),
			stated("GAAP-CHARSET-05", must, encoding, "A body in UTF-8 beyond ASCII is verified as it was signed.", "gaap/encoding", "gaap/errors/unknown-parameter"),
		},
	)
	for i, q := range all {
		if q.ID == "GAAP-TLS-03" || q.ID == "GAAP-TLS-04" {
			all[i].Source, all[i].Section, all[i].Since = "tencent-announcement-2465", "the announcement", "2026-12-01"
			all[i].Rationale = "refused outside mainland China from midnight in Beijing; before, and elsewhere, what is seen is written down"
		}
	}
	return all
}

// protocolRequirements are those of GAAP alone.
func protocolRequirements() []kit.Requirement {
	const must, should, report = kit.Must, kit.Should, kit.Report
	limits := []kit.Requirement{
		stated("GAAP-PROTO-18", should, methods, "GET requests of up to 32 KB are served, and larger ones refused.", "gaap/size-limits/get", "gaap/errors/too-large"),
		stated("GAAP-PROTO-19", should, methods, "POST requests of up to 1 MB are served with HmacSHA1 or HmacSHA256, and larger ones refused.", "gaap/size-limits/post-hmac", "gaap/errors/too-large-hmac"),
		stated("GAAP-PROTO-20", should, methods, "POST requests of up to 10 MB are served with TC3-HMAC-SHA256, and larger ones refused.", "gaap/size-limits/post-tc3", "gaap/errors/too-large"),
	}
	for i := range limits {
		limits[i].Scope.Regions = sized()
		limits[i].Rationale = "KB and MB are read as 1024 and 1024*1024 bytes; the front end may answer before the API does, or hang up"
	}
	return slices.Concat([]kit.Requirement{
		stated("GAAP-PROTO-15", must, methods, "POST with application/json is served, signed with TC3-HMAC-SHA256.", "gaap/content-types/json"),
		stated("GAAP-PROTO-16", must, methods, "POST with application/x-www-form-urlencoded is served, signed with HmacSHA1 or HmacSHA256.", "gaap/content-types/form"),
		stated("GAAP-PROTO-17", report, methods, "POST with multipart/form-data is served by some actions, signed with TC3-HMAC-SHA256.", "gaap/content-types/multipart"),
	}, limits, []kit.Requirement{
		coded("GAAP-PROTO-21", "An Authorization header that cannot be read is refused with the documented code.", "gaap/errors/bad-authorization"),
		coded("GAAP-PROTO-22", "A wrong signature is refused with the documented code.", "gaap/errors/bad-signature"),
		coded("GAAP-PROTO-23", "A token that is not valid is refused with the documented code.", "gaap/errors/bad-token"),
		coded("GAAP-PROTO-24", "A time more than five minutes off is refused with the documented code.", "gaap/errors/expired-timestamp"),
		coded("GAAP-PROTO-25", "A parameter that the action does not have is refused with the documented code.", "gaap/errors/unknown-parameter"),
		reported(coded("GAAP-PROTO-26", "A region that does not exist is refused with the documented code.", "gaap/errors/unsupported-region"),
			"the region is optional for DescribeAccessRegions, and no source shows that it looks at it"),
		stated("GAAP-PROTO-27", must, methods, "A signed read-only call is carried out.", "gaap/errors/forbidden"),
	})
}

func stated(id string, level kit.Level, section, text string, rules ...string) kit.Requirement {
	return kit.Requirement{ID: id, Level: level, Text: text, Source: source, Section: section, Since: date, Rules: rules}
}

// reported makes a requirement one that demands nothing.
func reported(q kit.Requirement, why string) kit.Requirement {
	q.Level, q.Rationale = kit.Report, why
	return q
}

func coded(id, text string, rules ...string) kit.Requirement {
	q := stated(id, kit.Should, "Common error codes", text, rules...)
	q.Source, q.Since = "tencent-errors", ""
	return q
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	return []kit.Unchecked{
		{
			Text: "The nearest host leads to the region nearest to the caller.", Source: source, Section: "1. Service Address",
			Why: "it takes a caller in every region; from one place GAAP-DNS-09 says which region's addresses it got",
		},
		{
			Text: "Callers who need low latency should name the region.", Source: source, Section: "1. Service Address",
			Why: "it is advice to callers",
		},
		{
			Text: "Calling the nearest host is recommended, and gives the same result as naming the region.", Source: source, Section: "1. Service Address",
			Why: "it is advice to callers; that the results are the same takes resources of a customer's to look at",
		},
		{
			Text: "POST and application/json are recommended.", Source: source, Section: methods,
			Why: "it is advice to callers; that they are served is GAAP-PROTO-05 and GAAP-PROTO-15",
		},
		{
			Text: "A media type must be used with its own signature methods alone.", Source: source, Section: methods,
			Why: "it binds callers: what a server answers to another pair is not stated",
		},
		{
			Text: "Requests are encoded in UTF-8.", Source: source, Section: encoding,
			Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is GAAP-CHARSET-03 and GAAP-CHARSET-05",
		},
		{
			Text: "The nearest host is for zones other than those of finance.", Source: source, Section: "1. Service Address",
			Why: "the product has no host in a finance zone",
		},
	}
}
