package expect

import (
	"encoding/json"
	"errors"
	"fmt"

	"prober/jsonquery"
	"prober/probe/reason"
)

func (r *Rules) judgeJSON(j *judgement) {
	if len(r.json) == 0 {
		return
	}
	if j.missing != "" {
		j.unknown("JSON")
		return
	}
	doc, err := jsonquery.Read(j.reply.Body)
	if errors.Is(err, jsonquery.ErrLimit) {
		j.missing = "the JSON of the body is " + err.Error()
		j.unknown("JSON")
		return
	}
	if len(j.reply.Body) == 0 {
		j.fails(reason.VerifyJSONMismatch, "the body is no JSON: %s", j.begins())
		return
	}
	if err != nil {
		j.fails(reason.VerifyJSONMismatch, "the body is no JSON, %v: %s", err, j.begins())
		return
	}
	for _, rule := range r.json {
		rule.judge(j, doc)
	}
}

func (r *jsonRule) judge(j *judgement, doc jsonquery.Document) {
	found, err := r.query.Select(doc)
	if err != nil {
		j.found = append(j.found, reason.ProberInternal.Found(r.Path+": "+err.Error()))
		return
	}
	value := func(v any) string { return cut(j.secrets.Redact(jsonquery.Text(v))) }
	if r.Absent {
		if len(found) > 0 {
			j.fails(reason.VerifyJSONMismatch, "%s is there: %s, expected nothing", r.Path, value(found[0]))
		}
		return
	}
	want, fits := "something", func(any) bool { return true }
	switch {
	case r.Equals != "":
		want, fits = cut(string(r.Equals)), func(v any) bool { return jsonquery.Equal(v, r.equals) }
	case r.pattern != nil:
		want, fits = fmt.Sprintf("a match of %s", expected(r.Matches)), r.matches
	}
	if len(found) == 0 {
		j.fails(reason.VerifyJSONMismatch, "there is no %s, expected %s", r.Path, want)
		return
	}
	for _, v := range found {
		if !fits(v) {
			j.fails(reason.VerifyJSONMismatch, "%s is %s, expected %s", r.Path, value(v), want)
			return // of many the first tells enough
		}
	}
}

// matches reports whether a value, which is no list and no object, matches the pattern.
func (r *jsonRule) matches(v any) bool {
	switch v := v.(type) {
	case string:
		return r.pattern.MatchString(v)
	case json.Number:
		return r.pattern.MatchString(string(v))
	case bool:
		return r.pattern.MatchString(fmt.Sprint(v))
	}
	return false
}
