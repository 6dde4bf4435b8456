// Package kms judges the documented endpoints of Alibaba Cloud KMS: what [Suite] lists, top to
// bottom, is what docs/requirements.md says of it. What it shares with other products is in
// packages common and alibaba. Expected values stand in the catalogue alone.
//
//	go test ./suites/kms                                        against the sandbox
//	go tool ginkgo ./suites/kms -- --live --region REGION       against the real services
package kms

import (
	"slices"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/alibaba"
	"prober/suites/common"
	"prober/suites/kit"
)

// Suite is everything that KMS is judged by.
func Suite() kit.Suite {
	return kit.Suite{Product: "kms", Requirements: requirements, Unchecked: unchecked()}
}

func document(p catalog.Product) common.Document {
	return common.Document{
		Product: p, Source: "kms-2021-01", Date: "2021-01-28", Older: "kms-2019-08", SpeaksOfTLS: true,
		Endpoints:  common.Heading{"Endpoints", "Service endpoints"},
		Protocols:  common.Heading{"Protocols", "Interaction protocol"},
		Methods:    common.Heading{"Request methods", "Request method"},
		Parameters: common.Heading{"Request parameters", "Request parameters"},
		Encoding:   common.Heading{"Character encoding", "Character encoding"},
		Codes:      kit.At("kms-docs-2021-07", "Error codes", "2021-07-12"),
		Shape:      kit.At("kms-docs-2021-07", "Common parameters", "2021-07-12"),
		Result:     "Regions",
	}
}

// requirements are the statements that KMS is judged by. Ids are never given to another.
func requirements(p catalog.Product) []kit.Requirement {
	d, q := document(p), alibaba.Ask(p)
	return slices.Concat(
		common.DNS(d),
		[]kit.Requirement{{
			ID: d.ID("DNS-08"), Line: func(here func()) { here() }, Level: report.Must, In: kit.At(d.Source, d.Endpoints[0], d.Date),
			Text:      "The name of a VPC endpoint leads to addresses of the provider's private network only.",
			Rationale: "the names are in public DNS and lead to addresses of 100.64.0.0/10 (RFC 6598)",
			Scope:     kit.Scope{Network: catalog.VPC},
			It:        "leads to private addresses only",
			Judge:     kit.Name(kit.LeadToNothing("that is not private", reason.ResolveNotPrivate, reason.ResolveBogon)),
		}},
		common.TLS(d, map[catalog.TLSVersion]common.Version{
			catalog.SSLv2: {Level: report.Must}, catalog.SSLv3: {Level: report.Must}, catalog.TLS12: {Level: report.Must},
		}),
		common.HTTP(d, q.Questions, report.Must, common.PlainHTTP{
			Rules:     d.Rules("errors/plain-http"),
			Rationale: "public sources show port 80 silent, closed, redirecting, or answering InvalidProtocol.NeedSsl: each keeps the rule",
		}),
		alibaba.Protocol(d, q),
		common.Charset(d, q.Questions),
		alibaba.Charset(d, q),
		[]kit.Requirement{encryptionContext(d, q)},
	)
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	at := func(section string) kit.Reference { return kit.Reference{Source: "kms-2021-01", Section: section} }
	return []kit.Unchecked{
		{Text: "Requests are encoded in UTF-8.", In: at("Character encoding"), Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is KMS-CHARSET-03 and KMS-CHARSET-05"},
		{Text: "The finance zone of Hangzhou has no VPC endpoint.", In: at("Endpoints"), Why: "no name is given that could be asked about"},
		{Text: "Operations take parameters of their own besides the common ones.", In: at("Request parameters"), Why: "most operations create or change keys; of the read-only ones those that need parameters are judged by KMS-CHARSET-06"},
	}
}
