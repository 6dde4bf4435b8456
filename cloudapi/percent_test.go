package cloudapi

import (
	"net/url"
	"strings"
	"testing"
)

func TestPercentEncode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"AZaz09-_.~", "AZaz09-_.~"},
		{"a b", "a%20b"},
		{"a+b", "a%2Bb"},
		{"*", "%2A"},
		{"!'()", "%21%27%28%29"},
		{"/?:@&=$,", "%2F%3F%3A%40%26%3D%24%2C"},
		{"%41", "%2541"},
		{"华", "%E5%8D%8E"},
		{"é😀", "%C3%A9%F0%9F%98%80"},
		{"\x00\x7f\xff", "%00%7F%FF"},
	} {
		if got := PercentEncode(tt.in); got != tt.want {
			t.Errorf("PercentEncode(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzPercentEncode compares with the standard library, whose form encoding differs in
// nothing but the space.
func FuzzPercentEncode(f *testing.F) {
	for _, s := range []string{"", "a b+c", "华北1（青岛） ~*é😀", "\xff\x00", "%25"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := PercentEncode(s)
		if want := strings.ReplaceAll(url.QueryEscape(s), "+", "%20"); got != want {
			t.Errorf("PercentEncode(%q) = %q, want %q", s, got, want)
		}
		back, err := url.PathUnescape(got)
		if err != nil || back != s {
			t.Errorf("%q decodes to %q, %v; want %q", got, back, err, s)
		}
	})
}

func TestEncodeParams(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   url.Values
		want string
	}{
		{"nothing", nil, ""},
		{"sorted by bytes, not by letters", url.Values{"b": {"1"}, "a": {"2"}, "B": {"3"}, "a.1": {"4"}, "a1": {"5"}}, "B=3&a=2&a.1=4&a1=5&b=1"},
		{"empty value and empty name", url.Values{"x": {""}, "": {"y"}}, "=y&x="},
		{"repeated name keeps its order", url.Values{"x": {"2", "1"}}, "x=2&x=1"},
		{"names are encoded too", url.Values{"名": {"a&b=c d"}}, "%E5%90%8D=a%26b%3Dc%20d"},
	} {
		if got := EncodeParams(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStringToSignLeavesOutOnlySignature(t *testing.T) {
	params := url.Values{"Signature": {"x"}, "": {"empty"}, "SignatureMethod": {"HMAC-SHA1"}}
	if got, want := StringToSignRPC("post", params), "POST&%2F&%3Dempty%26SignatureMethod%3DHMAC-SHA1"; got != want {
		t.Errorf("StringToSignRPC = %q, want %q", got, want)
	}
	if got, want := StringToSignV1("get", "h", "", params), "GETh/?=empty&SignatureMethod=HMAC-SHA1"; got != want {
		t.Errorf("StringToSignV1 = %q, want %q", got, want)
	}
}
