package common

import (
	"prober/catalog"
	"prober/report"
	"prober/suites/kit"
)

// Refusal is the requirement that a question is refused as documented for one of several
// situations: with a code, and a status, that the product's rules about them list.
func (d Document) Refusal(number, text, it string, q *kit.Question, situations ...catalog.Situation) kit.Requirement {
	return kit.Requirement{
		ID: d.ID(number), Line: kit.Here(1), Level: report.Should, In: d.Codes, Rules: d.errorRules(situations),
		Text: text, It: it, Judge: d.Refused(q, situations...),
	}
}

func (d Document) errorRules(situations []catalog.Situation) []string {
	var ids []string
	for _, s := range situations {
		ids = append(ids, d.Rules("errors/"+string(s))...)
	}
	return ids
}

// Refused demands that a question is refused as documented for one of several situations.
func (d Document) Refused(q *kit.Question, situations ...catalog.Situation) kit.Judgement {
	var rules []catalog.ErrorRule
	for _, s := range situations {
		rules = append(rules, d.Error(s))
	}
	return kit.Reply(q, kit.BeAPIError(rules...))
}

// RefusalWithKey is [Document.Refusal] of a question that needs the customer's key, at a place.
func (d Document) RefusalWithKey(number string, in kit.Place, text, it string, q Questions, question *kit.Question, s catalog.Situation) kit.Requirement {
	return kit.Requirement{
		ID: d.ID(number), Line: kit.Here(1), Level: report.Should, In: in, Rules: d.Rules("errors/" + string(s)),
		Text: text, It: it, Judge: d.RefusedWithKey(q, question, s),
	}
}
