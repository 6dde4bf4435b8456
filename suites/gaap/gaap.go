// Package gaap judges the documented endpoints of Tencent Cloud GAAP: what [Suite] lists, top
// to bottom, is what docs/requirements.md says of it. What it shares with other products is in
// packages common and tencent. Expected values stand in the catalogue alone.
//
//	go test ./suites/gaap                                        against the sandbox
//	go tool ginkgo ./suites/gaap -- --live --region REGION       against the real services
package gaap

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"prober/catalog"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
	"prober/suites/tencent"
)

// Suite is everything that GAAP is judged by.
func Suite() kit.Suite {
	return kit.Suite{Product: "gaap", Requirements: requirements, Unchecked: unchecked()}
}

func document(p catalog.Product) common.Document {
	return common.Document{
		Product: p, Source: "gaap-2021-08", Date: "2021-08-16",
		Endpoints: common.Heading{"1. Service Address"}, Protocols: common.Heading{"2. Communications Protocol"},
		Methods: common.Heading{"3. Request Methods"}, Encoding: common.Heading{"4. Character Encoding"},
		Bare:   "a capture of 2025-09-11 shows status 200 and MissingParameter, which names Timestamp; which of the missing ones is named first may differ",
		Codes:  kit.At("tencent-errors", "Common error codes", ""),
		Shape:  kit.At("tencent-responses", "Responses", "2026-03-18"),
		Result: "AccessRegionSet",
	}
}

// requirements are the statements that GAAP is judged by. Ids are never given to another.
func requirements(p catalog.Product) []kit.Requirement {
	d, q := document(p), tencent.Ask(p)
	announced := func(v string) common.Version {
		return common.Version{
			Level:     report.Must,
			In:        kit.At("tencent-announcement-2465", "the announcement", "2026-12-01"),
			Rationale: "refused outside mainland China from midnight in Beijing; before, and elsewhere, what is seen is written down",
			Rules:     d.Rules("tls/"+v+"/2026-12", "tls/"+v+"/nearest"),
		}
	}
	return slices.Concat(
		common.DNS(d),
		[]kit.Requirement{nearest(d)},
		common.TLS(d, map[catalog.TLSVersion]common.Version{
			catalog.TLS10: announced("TLS1.0"), catalog.TLS11: announced("TLS1.1"), catalog.TLS12: {Level: report.Must},
		}),
		common.HTTP(d, q.Questions, report.Must, common.PlainHTTP{}),
		// The nearest host and one more are sent large requests.
		tencent.Protocol(d, q, kit.Scope{Regions: []string{"nearest", "ap-guangzhou"}}),
		common.Charset(d, q.Questions),
		tencent.Charset(d, q, "RegionName", "RegionAreaName"),
	)
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	at := func(section string) kit.Reference { return kit.Reference{Source: "gaap-2021-08", Section: section} }
	return []kit.Unchecked{
		{Text: "The nearest host leads to the region nearest to the caller.", In: at("1. Service Address"), Why: "it takes a caller in every region; from one place GAAP-DNS-09 says which region's addresses it got"},
		{Text: "Callers who need low latency should name the region.", In: at("1. Service Address"), Why: "it is advice to callers"},
		{Text: "Calling the nearest host is recommended, and gives the same result as naming the region.", In: at("1. Service Address"), Why: "it is advice to callers; that the results are the same takes resources of a customer's to look at"},
		{Text: "POST and application/json are recommended.", In: at("3. Request Methods"), Why: "it is advice to callers; that they are served is GAAP-PROTO-05 and GAAP-PROTO-15"},
		{Text: "A media type must be used with its own signature methods alone.", In: at("3. Request Methods"), Why: "it binds callers: what a server answers to another pair is not stated"},
		{Text: "Requests are encoded in UTF-8.", In: at("4. Character Encoding"), Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is GAAP-CHARSET-03 and GAAP-CHARSET-05"},
		{Text: "The nearest host is for zones other than those of finance.", In: at("1. Service Address"), Why: "the product has no host in a finance zone"},
	}
}

// nearest says which region the nearest host leads to.
func nearest(d common.Document) kit.Requirement {
	return kit.Requirement{
		ID: d.ID("DNS-09"), Line: func(here func()) { here() }, Level: report.Info, In: d.At(d.Endpoints),
		Text:      "The nearest host leads to the addresses of a regional one.",
		Rationale: "the document says that the name resolves to a server of the nearest region; providers may give it addresses of its own",
		Scope:     kit.Scope{Regions: []string{"nearest"}},
		It:        "is seen to lead to a region",
		Judge: kit.NameBy(func(c *kit.Case, l kit.Lookup) {
			c.Expect(l, kit.LeadToNothing("")) // whatever has addresses
			surveys := c.Plan.Surveys.All(context.Background())
			var regions []string
			compared := 0
			for _, other := range c.Plan.Catalog.Endpoints {
				s := surveys[other.ID]
				if other.Product != c.Endpoint.Product || other.ID == c.Endpoint.ID || s == nil || s.HTTPS.DNS == nil {
					continue
				}
				compared++
				if overlap(l.DNS.Addresses, s.HTTPS.DNS.Addresses) && !slices.Contains(regions, other.Region) {
					regions = append(regions, other.Region)
				}
			}
			switch {
			case compared == 0:
				c.Skip(kit.NotApplicable("no regional host is in the selection"))
			case len(regions) == 0:
				c.Notef("the nearest host has addresses that no regional host has")
			default:
				c.Notef("the nearest host shares an address with %s", strings.Join(regions, ", "))
			}
		}),
	}
}

func overlap(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}
