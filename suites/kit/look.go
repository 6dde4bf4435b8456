package kit

import "prober/catalog"

// Look is a part of a survey: the observation over a scheme, or the answer to a question.
type Look struct {
	Over     catalog.Scheme // empty for a question
	Question *Question
}

// Name is "https", "http", or the question's name.
func (l Look) Name() string {
	if l.Question != nil {
		return l.Question.Name
	}
	return string(l.Over)
}
