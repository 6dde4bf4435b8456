package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"
)

// Redactor removes secrets from a text, which may hold bytes that are no UTF-8. The
// functions and methods called Redact in package cloudapi are such. A nil Redactor removes
// nothing.
type Redactor func(text string) string

// redacted returns a copy of v in which redact has been applied to every string, to the
// keys of maps, and to the strings within raw JSON. Strings of types of their own are
// closed enums, which hold no text from outside, and stay.
func redacted[T any](v T, redact Redactor) (T, error) {
	if redact == nil {
		return v, nil
	}
	out, err := redactValue(reflect.ValueOf(v), redact)
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

func redactValue(v reflect.Value, redact Redactor) (reflect.Value, error) {
	switch t := v.Type(); {
	case t == stringType:
		return reflect.ValueOf(redact(v.String())), nil
	case t == rawType && !v.IsNil():
		raw, err := redactJSON(v.Bytes(), redact)
		return reflect.ValueOf(raw), err
	case t.Kind() == reflect.Struct && t != timeType:
		out := reflect.New(t).Elem()
		for i := range t.NumField() {
			field, err := redactValue(v.Field(i), redact)
			if err != nil {
				return v, err
			}
			out.Field(i).Set(field)
		}
		return out, nil
	case t.Kind() == reflect.Pointer && !v.IsNil():
		to, err := redactValue(v.Elem(), redact)
		if err != nil {
			return v, err
		}
		out := reflect.New(t.Elem())
		out.Elem().Set(to)
		return out, nil
	case t.Kind() == reflect.Slice && !v.IsNil():
		out := reflect.MakeSlice(t, v.Len(), v.Len())
		for i := range v.Len() {
			item, err := redactValue(v.Index(i), redact)
			if err != nil {
				return v, err
			}
			out.Index(i).Set(item)
		}
		return out, nil
	}
	return v, nil
}

// redactJSON applies redact to every string of a JSON value, names of members too. The
// order of members stays, the white space between them goes.
func redactJSON(data []byte, redact Redactor) (json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var out bytes.Buffer
	if err := redactNext(dec, &out, redact); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("reading JSON: more than one value")
	}
	return out.Bytes(), nil
}

// redactNext copies the next value of dec. Its depth is bounded: encoding/json reads no
// more than ten thousand levels.
func redactNext(dec *json.Decoder, out *bytes.Buffer, redact Redactor) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		return writeScalar(out, token, redact)
	}
	out.WriteByte(byte(open))
	for i := 0; dec.More(); i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		if open == '{' {
			name, err := dec.Token()
			if err != nil {
				return err
			}
			if err := writeScalar(out, name, redact); err != nil {
				return err
			}
			out.WriteByte(':')
		}
		if err := redactNext(dec, out, redact); err != nil {
			return err
		}
	}
	end, err := dec.Token()
	if err != nil {
		return err
	}
	out.WriteByte(byte(end.(json.Delim)))
	return nil
}

func writeScalar(out *bytes.Buffer, token json.Token, redact Redactor) error {
	if s, ok := token.(string); ok {
		token = redact(s)
	}
	text, err := marshal(token)
	out.Write(text)
	return err
}
