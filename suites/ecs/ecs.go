// Package ecs judges the documented endpoints of Alibaba Cloud ECS: what [Suite] lists, top to
// bottom, is what docs/requirements.md says of it. What it shares with other products is in
// packages common and alibaba. Expected values stand in the catalogue alone.
//
//	go test ./suites/ecs                                        against the sandbox
//	go tool ginkgo ./suites/ecs -- --live --region REGION       against the real services
package ecs

import (
	"net/url"
	"slices"

	"prober/catalog"
	"prober/cloudapi"
	"prober/report"
	"prober/suites/alibaba"
	"prober/suites/common"
	"prober/suites/kit"
)

// Suite is everything that ECS is judged by.
func Suite() kit.Suite {
	return kit.Suite{Product: "ecs", Requirements: requirements, Unchecked: unchecked()}
}

func document(p catalog.Product) common.Document {
	return common.Document{
		Product: p, Source: "ecs-2020-09", Date: "2020-09-14", Older: "ecs-2019-06",
		Endpoints:  common.Heading{"Endpoints", "Service endpoints"},
		Protocols:  common.Heading{"Protocols", "Communication protocol"},
		Methods:    common.Heading{"Request syntax", "Request structure"},
		Parameters: common.Heading{"Request parameters", "Request Parameters"},
		Encoding:   common.Heading{"Encoding", "Character encoding"},
		Codes:      kit.At("ecs-docs-2021-07", "Client error codes", "2021-07-19"),
		Shape:      kit.At("ecs-docs-2021-07", "Common parameters", "2021-07-19"),
		Result:     "Regions",
	}
}

// requirements are the statements that ECS is judged by. Ids are never given to another.
func requirements(p catalog.Product) []kit.Requirement {
	d, q := document(p), alibaba.Ask(p)
	return slices.Concat(
		common.DNS(d),
		common.TLS(d, map[catalog.TLSVersion]common.Version{catalog.TLS12: {Level: report.Must}}),
		common.HTTP(d, q.Questions, report.Should, common.PlainHTTP{}),
		alibaba.Protocol(d, q),
		common.Charset(d, q.Questions),
		alibaba.Charset(d, q),
		[]kit.Requirement{regionNames(d, q)},
	)
}

// unchecked are the statements that nobody can check from outside.
func unchecked() []kit.Unchecked {
	at := func(section string) kit.Reference { return kit.Reference{Source: "ecs-2020-09", Section: section} }
	return []kit.Unchecked{
		{Text: "Operations take parameters of their own besides the common ones.", In: at("Request parameters"), Why: "DescribeRegions, the one that is called, needs none; most others need resources of a customer's"},
		{Text: "Requests are encoded in UTF-8.", In: at("Encoding"), Why: "it binds callers: what becomes of bytes that are no UTF-8 is not stated; that UTF-8 is read as such is ECS-CHARSET-03 and ECS-CHARSET-05"},
		{Text: "HTTPS is recommended over HTTP, above all for passwords and keys.", In: at("Protocols"), Why: "it is advice to callers; that both are served is ECS-PROTO-01 and ECS-PROTO-02"},
		{Text: "The default endpoint is accelerated worldwide.", In: at("Endpoints"), Why: "no figure is promised; the monitor shows the latency from where it stands"},
		{Text: "Callers should choose the endpoint of their region.", In: at("Endpoints"), Why: "it is advice to callers"},
		{Text: "The endpoints of Virginia, Silicon Valley, Hong Kong and Singapore are accelerated.", In: kit.Reference{Source: "ecs-2019-06", Section: "Service endpoints"}, Why: "no figure is promised"},
		{Text: "Instances without internet access call the API over the internal network.", In: at("Endpoints"), Why: "the document gives no internal host name for it"},
	}
}

// regionNames judges the names of the regions in every value of AcceptLanguage, each by the
// script that names in it are written in.
func regionNames(d common.Document, q alibaba.Questions) kit.Requirement {
	var names []kit.Judgement
	inChinese := slices.Clone(q.SignedXML)
	for i, l := range []kit.Language{kit.Chinese("zh-CN"), kit.English("en-US"), kit.Japanese("ja")} {
		questions := alibaba.Signed("regions-"+l.Tag, cloudapi.AlibabaCall{
			Action: d.Product.Action(), Version: d.Product.APIVersion, Params: url.Values{"AcceptLanguage": {l.Tag}},
		})
		if i > 0 { // each way is asked for the names in Chinese
			questions = questions[i-1 : i]
		} else {
			inChinese = slices.Concat(questions, inChinese)
		}
		names = append(names, d.EachReply(questions, kit.Succeed(), kit.BeUTF8(), kit.HaveMembersIn(l, "LocalName")))
	}
	names = append(names, d.EachReply(q.SignedXML, kit.Succeed(), kit.BeXMLInUTF8(), kit.HaveMembersIn(kit.Chinese("zh-CN"), "LocalName")),
		kit.WhereShown(kit.TogetherAgain(inChinese, kit.HaveSameNames("LocalName"))))
	return kit.Requirement{
		ID: d.ID("CHARSET-06"), Line: func(here func()) { here() }, Level: report.Must, Rules: d.Rules("encoding"),
		In:        kit.At(d.Source, d.Encoding[0], d.Date),
		Text:      "Names in Chinese, English and Japanese come back in UTF-8, each in its own script.",
		Rationale: "DescribeRegions gives the same names in three languages, so that a hop that damages one shows; those in Chinese come by each way, and in XML too, and are the same",
		It:        "names its regions in three languages",
		Judge:     d.WithKey(q.Questions, kit.All(names...)),
	}
}
