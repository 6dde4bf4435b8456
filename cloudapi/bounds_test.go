package cloudapi

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"prober/limit"
)

// FuzzWithinJSON counts what encoding/json reads of a text.
func FuzzWithinJSON(f *testing.F) {
	f.Add(`{"a":[{"b":"c:{[\\"}],"d":1}`, 1)
	f.Add(strings.Repeat("[", limit.JSONDepth)+strings.Repeat("]", limit.JSONDepth), 1)
	f.Add(`{"a":`, limit.JSONDepth)
	f.Add(`[":","\"{",1]`, 3)
	f.Fuzz(func(t *testing.T, text string, times int) {
		text = strings.Repeat(text, 1+max(0, times)%(2*limit.JSONDepth))
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return
		}
		depth, members := measure(value)
		err := withinJSON([]byte(text))
		if beyond := depth > limit.JSONDepth || members > limit.JSONMembers; beyond != errors.Is(err, ErrLimit) && members < limit.JSONMembers/2 {
			t.Errorf("depth %d, %d members: %v: %.200q", depth, members, err, text)
		}
	})
}

// measure returns how deep a decoded value is, and how many members it has, of which doubled ones
// count once.
func measure(value any) (depth, members int) {
	var parts []any
	switch v := value.(type) {
	case []any:
		parts = v
	case map[string]any:
		for _, part := range v {
			parts = append(parts, part)
		}
		members = len(v)
	default:
		return 0, 0
	}
	for _, part := range parts {
		d, m := measure(part)
		depth, members = max(depth, d), members+m
	}
	return depth + 1, members
}

// FuzzEcho: what is read of a message was in it.
func FuzzEcho(f *testing.F) {
	for _, message := range []string{"server string to sign is:GET&%2F&x", "server StringToSign is [a\nb]", "server StringToSign is [", "server StringToSign is [a", "server string to sign is: "} {
		f.Add(message)
	}
	f.Fuzz(func(t *testing.T, message string) {
		if echo, ok := EchoedStringToSign(message); ok != (echo != "") || !strings.Contains(message, echo) {
			t.Errorf("%q, %v of %q", echo, ok, message)
		}
	})
}
