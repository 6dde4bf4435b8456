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
	w := &rewriter{rewrite: rewrite}
	w.value(reflect.ValueOf(&v).Elem())
	return v, errors.Join(w.errs...)
}

type rewriter struct {
	rewrite func(string) string
	errs    []error
}

var (
	stringType = reflect.TypeFor[string]()
	rawType    = reflect.TypeFor[json.RawMessage]()
	timeType   = reflect.TypeFor[time.Time]()
)

// value rewrites what is in v. What others hold too, behind a pointer or in a list, is copied
// first.
func (w *rewriter) value(v reflect.Value) {
	t := v.Type()
	switch {
	case t == stringType:
		if is := v.String(); is != "" {
			v.SetString(w.rewrite(is))
		}
	case t == rawType && !v.IsNil():
		v.SetBytes(w.json(v.Bytes()))
	case t.Kind() == reflect.Struct && t != timeType:
		for i := range t.NumField() {
			w.value(v.Field(i))
		}
	case t.Kind() == reflect.Pointer && !v.IsNil():
		copied := reflect.New(t.Elem())
		copied.Elem().Set(v.Elem())
		v.Set(copied)
		w.value(v.Elem())
	case t.Kind() == reflect.Slice && !v.IsNil():
		copied := reflect.MakeSlice(t, v.Len(), v.Len())
		reflect.Copy(copied, v)
		v.Set(copied)
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	}
}

// jsonString is a string within a valid JSON text.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// json applies rewrite to every string of a JSON value, names of members too. The order of
// members stays, the white space between them goes.
func (w *rewriter) json(data []byte) []byte {
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		w.errs = append(w.errs, fmt.Errorf("reading JSON: %w", err))
		return nil
	}
	return jsonString.ReplaceAllFunc(compact.Bytes(), func(literal []byte) []byte {
		if s := string(literal[1 : len(literal)-1]); utf8.ValidString(s) && !strings.Contains(s, `\`) && w.rewrite(s) == s {
			return literal // as most are
		}
		var s string
		err := json.Unmarshal(literal, &s)
		text, bad := marshal(w.rewrite(s))
		w.errs = append(w.errs, err, bad)
		return text
	})
}
