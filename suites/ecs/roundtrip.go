package ecs

import (
	"net/http"
	"net/url"
	"unicode/utf8"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// languages are the values of AcceptLanguage, with a test of the script that names in it
// are written in.
func languages() []kit.Language {
	return []kit.Language{kit.Chinese("zh-CN"), kit.English("en-US"), kit.Japanese("ja")}
}

// regionQuestions ask for the names of the regions in every language.
func regionQuestions(p catalog.Product) []kit.Question {
	var questions []kit.Question
	for _, l := range languages() {
		call := cloudapi.AlibabaCall{Action: p.Action(), Version: p.APIVersion, Params: url.Values{"AcceptLanguage": {l.Tag}}}
		questions = append(questions, kit.Question{
			Name: "regions-" + l.Tag, Needs: kit.Credentials,
			Make: func(a *kit.Asking) (cloudapi.Request, error) {
				nonce, err := a.Nonce()
				return call.Signed(http.MethodGet, a.Host(), a.Alibaba, a.Now, nonce), err
			},
		})
	}
	return questions
}

// regionNames judges the names of the regions in every language.
func regionNames(e *kit.Subject) {
	var names []string
	for _, l := range languages() {
		names = append(names, "regions-"+l.Tag)
	}
	e.It("ECS-CHARSET-06", "names its regions in three languages", kit.Asked(append(names, groups.SignedCall)...), func(c *kit.Case) {
		for i, l := range languages() {
			groups.MayDo(c, e, names[i])
			a := c.Answer(names[i])
			c.Expect(a).To(kit.Succeed())
			c.Expect(utf8.Valid(a.Exchange.Body)).To(kit.BeSo("valid UTF-8"))
			c.Expect(a).To(kit.HaveMembersIn("LocalName", l))
		}
	})
}
