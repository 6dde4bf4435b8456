package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Rewritten returns a copy of r in which rewrite has been applied to every text, the strings
// within the JSON of evidence included. Words of closed lists stay.
func (r *Report) Rewritten(rewrite func(string) string) (*Report, error) {
	out, err := rewritten(*r, rewrite)
	return &out, err
}

// rewritten returns a copy of v in which rewrite has been applied to every string, and to
// the strings within raw JSON. Strings of types of their own are closed enums, which hold
// no text from outside, and stay. A nil rewrite changes nothing.
func rewritten[T any](v T, rewrite func(string) string) (T, error) {
	if rewrite == nil {
		return v, nil
	}
	out, err := rewriteValue(reflect.ValueOf(v), rewrite)
	if err != nil {
		var zero T
		return zero, err
	}
	return out.Interface().(T), nil
}

var (
	stringType = reflect.TypeFor[string]()
	rawType    = reflect.TypeFor[json.RawMessage]()
	timeType   = reflect.TypeFor[time.Time]()
)

func rewriteValue(v reflect.Value, rewrite func(string) string) (reflect.Value, error) {
	switch t := v.Type(); {
	case t == stringType:
		return reflect.ValueOf(rewrite(v.String())), nil
	case t == rawType && !v.IsNil():
		raw, err := rewriteJSON(v.Bytes(), rewrite)
		return reflect.ValueOf(raw), err
	case t.Kind() == reflect.Struct && t != timeType:
		out := reflect.New(t).Elem()
		for i := range t.NumField() {
			field, err := rewriteValue(v.Field(i), rewrite)
			if err != nil {
				return v, err
			}
			out.Field(i).Set(field)
		}
		return out, nil
	case t.Kind() == reflect.Pointer && !v.IsNil():
		to, err := rewriteValue(v.Elem(), rewrite)
		if err != nil {
			return v, err
		}
		out := reflect.New(t.Elem())
		out.Elem().Set(to)
		return out, nil
	case t.Kind() == reflect.Slice && !v.IsNil():
		out := reflect.MakeSlice(t, v.Len(), v.Len())
		for i := range v.Len() {
			item, err := rewriteValue(v.Index(i), rewrite)
			if err != nil {
				return v, err
			}
			out.Index(i).Set(item)
		}
		return out, nil
	}
	return v, nil
}

// jsonString is a string within a valid JSON text.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// rewriteJSON applies rewrite to every string of a JSON value, names of members too. The
// order of members stays, the white space between them goes.
func rewriteJSON(data []byte, rewrite func(string) string) (json.RawMessage, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	var errs []error
	out := jsonString.ReplaceAllFunc(compact.Bytes(), func(literal []byte) []byte {
		if s := string(literal[1 : len(literal)-1]); utf8.ValidString(s) && !strings.Contains(s, `\`) && rewrite(s) == s {
			return literal // as most are
		}
		var s string
		err := json.Unmarshal(literal, &s)
		text, bad := marshal(rewrite(s))
		errs = append(errs, err, bad)
		return text
	})
	return out, errors.Join(errs...)
}
