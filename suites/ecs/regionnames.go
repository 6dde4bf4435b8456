package ecs

import (
	"net/url"

	"prober/cloudapi"
	"prober/report"
	"prober/suites/alibaba"
	"prober/suites/common"
	"prober/suites/kit"
)

// regionNames judges the names of the regions in every value of AcceptLanguage, each by the
// script that names in it are written in.
func regionNames(d common.Document, q alibaba.Questions) kit.Requirement {
	var names []kit.Judgement
	for _, l := range []kit.Language{kit.Chinese("zh-CN"), kit.English("en-US"), kit.Japanese("ja")} {
		questions := alibaba.Signed("regions-"+l.Tag, cloudapi.AlibabaCall{
			Action: d.Product.Action(), Version: d.Product.APIVersion, Params: url.Values{"AcceptLanguage": {l.Tag}},
		})
		names = append(names, kit.EachReplyBy(questions, func(c *kit.Case, a kit.Answer) {
			d.Permitted(c, a)
			c.Expect(a, kit.Succeed(), kit.BeUTF8(), kit.HaveMembersIn("LocalName", l))
		}))
	}
	names = append(names, kit.EachReplyBy(q.SignedXML, func(c *kit.Case, a kit.Answer) {
		d.Permitted(c, a)
		c.Expect(a, kit.Succeed(), kit.BeXMLInUTF8(), kit.HaveMembersIn("LocalName", kit.Chinese("zh-CN")))
	}))
	return kit.Requirement{
		ID: d.ID("CHARSET-06"), Line: kit.Here(), Level: report.Must, Rules: d.Rules("encoding"),
		In:        kit.Place{Reference: kit.Reference{Source: d.Source, Section: d.Encoding}, Since: d.Date},
		Text:      "Names in Chinese, English and Japanese come back in UTF-8, each in its own script.",
		Rationale: "DescribeRegions gives the same names in three languages, so that a hop that damages one shows; those in Chinese come in XML too",
		It:        "names its regions in three languages",
		Judge:     d.WithKey(q.Questions, kit.All(names...)),
	}
}
