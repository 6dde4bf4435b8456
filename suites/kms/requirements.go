package kms

import (
	"slices"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// product is KMS as package groups needs to know it.
func product() groups.Product {
	return groups.Product{Prefix: "KMS", Rules: "kms", Document: groups.Document{
		Source: "kms-2021-01", Date: "2021-01-28", Endpoints: "Endpoints", Protocols: "Protocols",
		Methods: "Request methods", Parameters: "Request parameters", Encoding: "Character encoding", SpeaksOfTLS: true,
		Older: &groups.Document{
			Source: "kms-2019-08", Endpoints: "Service endpoints", Protocols: "Interaction protocol",
			Methods: "Request method", Parameters: "Request parameters", Encoding: "Character encoding",
		},
		Replies: groups.Replies{
			Source: "kms-docs-2021-07", Since: "2021-07-12", Codes: "Error codes",
			ShapeSource: "kms-docs-2021-07", ShapeSince: "2021-07-12", Shape: "Common parameters",
		},
	}}
}

// Requirements are the statements that KMS is judged by. Ids are never given to another.
func Requirements() []kit.Requirement {
	p := product()
	const must, report = kit.Must, kit.Report
	all := slices.Concat(
		p.DNSRequirements(),
		[]kit.Requirement{{
			ID: "KMS-DNS-08", Level: must, Text: "The name of a VPC endpoint leads to addresses of the provider's private network only.",
			Source: "kms-2021-01", Section: "Endpoints", Since: "2021-01-28",
			Rationale: "the names are in public DNS and lead to addresses of 100.64.0.0/10 (RFC 6598)",
			Scope:     kit.Scope{Networks: []catalog.Network{catalog.VPC}},
		}},
		p.TLSRequirements([6]kit.Level{must, must, report, report, must, report}, nil),
		p.ProtocolRequirements(must),
		p.AlibabaRequirements(),
		p.CharsetRequirements(),
		[]kit.Requirement{{
			ID: "KMS-CHARSET-06", Level: must, Text: "An EncryptionContext in UTF-8 binds a ciphertext: it decrypts under the same texts, and under no others.",
			Source: "kms-2021-01", Section: "Character encoding", Since: "2021-01-28", Rules: []string{"kms/encoding"},
			Rationale: "the other context differs in one character that looks the same, so that neither normalisation nor loss goes unseen",
		}},
	)
	for i, q := range all {
		if q.ID == "KMS-PROTO-02" {
			all[i].Rules = append(all[i].Rules, "kms/errors/plain-http")
			all[i].Rationale = "public sources show port 80 silent, closed, redirecting, or answering InvalidProtocol.NeedSsl: each keeps the rule"
		}
	}
	return all
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	return []kit.Unchecked{{
		Text: "Requests are encoded in UTF-8.", Source: "kms-2021-01", Section: "Character encoding",
		Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is KMS-CHARSET-03 and KMS-CHARSET-05",
	}, {
		Text: "The finance zone of Hangzhou has no VPC endpoint.", Source: "kms-2021-01", Section: "Endpoints",
		Why: "no name is given that could be asked about",
	}, {
		Text: "Operations take parameters of their own besides the common ones.", Source: "kms-2021-01", Section: "Request parameters",
		Why: "most operations create or change keys; of the read-only ones those that need parameters are judged by KMS-CHARSET-06",
	}}
}
