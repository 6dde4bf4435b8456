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
	first, doubled := doc.First()
	for _, rule := range r.json {
		wrong, err := rule.judge(j, doc)
		if err == nil && doubled {
			var other string
			if other, err = rule.judge(j, first); (wrong == "") != (other == "") {
				wrong = parted(wrong, other)
			}
		}
		switch {
		case err != nil:
			j.found = append(j.found, reason.ProberInternal.Found(rule.Path+": "+err.Error()))
		case wrong != "":
			j.fails(reason.VerifyJSONMismatch, "%s", wrong)
		}
	}
}

// parted says of a text that it is as expected to some of its readers alone.
func parted(last, first string) string {
	const how = "a name stands twice in an object, of which readers take what they like (RFC 8259, section 4): "
	if first == "" {
		return how + last + ", where the last one is taken; where the first one is, it is as expected"
	}
	return how + first + ", where the first one is taken; where the last one is, it is as expected"
}

// judge says what of a document is not as expected; empty where it is.
func (r *jsonRule) judge(j *judgement, doc jsonquery.Document) (wrong string, _ error) {
	found, err := r.query.Select(doc)
	if err != nil {
		return "", err
	}
	value := func(v any) string { return cut(j.secrets.Redact(jsonquery.Text(v))) }
	if r.Absent {
		if len(found) > 0 {
			return fmt.Sprintf("%s is there: %s, expected nothing", r.Path, value(found[0])), nil
		}
		return "", nil
	}
	want, fits := "something", func(any) bool { return true }
	switch {
	case r.Equals != "":
		want, fits = cut(string(r.Equals)), func(v any) bool { return jsonquery.Equal(v, r.equals) }
	case r.pattern != nil:
		want, fits = fmt.Sprintf("a match of %s", expected(r.Matches)), r.matches
	}
	if len(found) == 0 {
		return fmt.Sprintf("there is no %s, expected %s", r.Path, want), nil
	}
	for _, v := range found {
		if !fits(v) {
			return fmt.Sprintf("%s is %s, expected %s", r.Path, value(v), want), nil // of many the first tells enough
		}
	}
	return "", nil
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
