package settings

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	one := func(name, value string) []Setting { return []Setting{{Name: name, Values: []string{value}, Line: 1}} }
	for name, tt := range map[string]struct {
		text string
		want []Setting
		err  string
	}{
		"empty":              {"", nil, ""},
		"comments":           {"# nothing\n", nil, ""},
		"a null":             {"~", nil, ""},
		"a value":            {"interval: 30s", one("interval", "30s"), ""},
		"as it is written":   {"timeout: 0x10", one("timeout", "0x10"), ""},
		"quoted":             {`"shard": "1/3"`, one("shard", "1/3"), ""},
		"empty text":         {`shard: ""`, one("shard", ""), ""},
		"a switch":           {"sandbox: true", one("sandbox", "true"), ""},
		"a list":             {"a: 1\nproduct:\n  - ecs\n  - kms\n", []Setting{{"a", []string{"1"}, false, 1}, {"product", []string{"ecs", "kms"}, true, 2}}, ""},
		"a short list":       {"product: [ecs]", []Setting{{"product", []string{"ecs"}, true, 1}}, ""},
		"twice":              {"interval: 1s\ntimeout: 1s\ninterval: 2s", nil, `line 3: "interval" stands in line 1 as well`},
		"no value":           {"interval:\n", nil, `line 1: "interval" has no value`},
		"no value in a list": {"product: [ecs, ]\nregion: [~]", nil, `line 2: "region" has no value`},
		"an empty list":      {"product: []", nil, `line 1: "product" has an empty list`},
		"nested":             {"web:\n  listen-address: :1", nil, "line 2: want one value or a list of them, and nothing nested"},
		"nested in a list":   {"product: [[ecs]]", nil, "line 1: want one value"},
		"an odd name":        {"[a]: b", nil, "line 1: want one value"},
		"a list alone":       {"- interval", nil, "line 1: want names of flags"},
		"a word alone":       {"interval", nil, "line 1: want names of flags"},
		"an anchor":          {"interval: &a 30s\ntimeout: *a", nil, "line 1: anchors and aliases"},
		"an anchored list":   {"product: &a [ecs]", nil, "line 1: anchors and aliases"},
		"a merge":            {"<<: {interval: 1s}", nil, "line 1:"},
		"a tag":              {"interval: !!str 30s", nil, "line 1: the tag !!str"},
		"a tagged list":      {"product: !x [ecs]", nil, "line 1:"},
		"two documents":      {"interval: 1s\n---\ntimeout: 1s", nil, "more than one document"},
		"no YAML":            {"a: b: c", nil, "mapping values are not allowed"},
		"a tab":              {"a:\n\t- b", nil, "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(tt.text))
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%v, %v; want %v, %q", got, err, tt.want, tt.err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"interval: 30s", "product: [ecs, kms]", "a: &x 1\nb: *x", "a: {b: c}", "? a\n: b", "--- \na: |\n  x\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := Parse([]byte(text))
		if err != nil {
			if len(all) > 0 || err.Error() == "" {
				t.Fatalf("%v with %v", all, err)
			}
			return
		}
		// What was read, written plainly, is read as the same.
		var plain strings.Builder
		for _, s := range all {
			if len(s.Values) == 0 || s.Line < 1 {
				t.Fatalf("%+v", s)
			}
			fmt.Fprintf(&plain, "%q: [", s.Name)
			for _, v := range s.Values {
				fmt.Fprintf(&plain, "%q, ", v)
			}
			plain.WriteString("]\n")
		}
		again, err := Parse([]byte(plain.String()))
		if err != nil || len(again) != len(all) {
			t.Fatalf("%v of %q", err, plain.String())
		}
		for i := range all {
			if again[i].Name != all[i].Name || !reflect.DeepEqual(again[i].Values, all[i].Values) {
				t.Fatalf("%+v is read again as %+v", all[i], again[i])
			}
		}
	})
}
