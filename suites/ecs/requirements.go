package ecs

import (
	"slices"

	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// product is ECS as package groups needs to know it.
func product() groups.Product {
	return groups.Product{Prefix: "ECS", Rules: "ecs", Document: groups.Document{
		Source: "ecs-2020-09", Date: "2020-09-14", Endpoints: "Endpoints", Protocols: "Protocols",
		Methods: "Request syntax", Parameters: "Request parameters", Encoding: "Encoding",
		Older: &groups.Document{
			Source: "ecs-2019-06", Endpoints: "Service endpoints", Protocols: "Communication protocol",
			Methods: "Request structure", Parameters: "Request Parameters", Encoding: "Character encoding",
		},
		Replies: groups.Replies{
			Source: "ecs-docs-2021-07", Since: "2021-07-19", Codes: "Client error codes",
			ShapeSource: "ecs-docs-2021-07", ShapeSince: "2021-07-19", Shape: "Common parameters",
		},
	}}
}

// Requirements are the statements that ECS is judged by. Ids are never given to another.
func Requirements() []kit.Requirement {
	p := product()
	const must, report = kit.Must, kit.Report
	return slices.Concat(
		p.DNSRequirements(),
		p.TLSRequirements([6]kit.Level{report, report, report, report, must, report}, nil),
		p.ProtocolRequirements(kit.Should),
		p.AlibabaRequirements(),
		p.CharsetRequirements(),
		[]kit.Requirement{{
			ID: "ECS-CHARSET-06", Level: must, Text: "Names in Chinese, English and Japanese come back in UTF-8, each in its own script.",
			Source: "ecs-2020-09", Section: "Encoding", Since: "2020-09-14", Rules: []string{"ecs/encoding"},
			Rationale: "DescribeRegions gives the same names in three languages, so that a hop that damages one shows",
		}},
	)
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	return []kit.Unchecked{
		{
			Text: "Operations take parameters of their own besides the common ones.", Source: "ecs-2020-09", Section: "Request parameters",
			Why: "DescribeRegions, the one that is called, needs none; most others need resources of a customer's",
		},
		{
			Text: "Requests are encoded in UTF-8.", Source: "ecs-2020-09", Section: "Encoding",
			Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is ECS-CHARSET-03 and ECS-CHARSET-05",
		},
		{
			Text: "HTTPS is recommended over HTTP, above all for passwords and keys.", Source: "ecs-2020-09", Section: "Protocols",
			Why: "it is advice to callers; that both are served is ECS-PROTO-01 and ECS-PROTO-02",
		},
		{
			Text: "The default endpoint is accelerated worldwide.", Source: "ecs-2020-09", Section: "Endpoints",
			Why: "no figure is promised; the monitor shows the latency from where it stands",
		},
		{
			Text: "Callers should choose the endpoint of their region.", Source: "ecs-2020-09", Section: "Endpoints",
			Why: "it is advice to callers",
		},
		{
			Text: "The endpoints of Virginia, Silicon Valley, Hong Kong and Singapore are accelerated.", Source: "ecs-2019-06", Section: "Service endpoints",
			Why: "no figure is promised",
		},
		{
			Text: "Instances without internet access call the API over the internal network.", Source: "ecs-2020-09", Section: "Endpoints",
			Why: "the document gives no internal host name for it",
		},
	}
}
