package dns

import "testing"

// Names in records lead backwards, and never on and on.
func TestNamesInData(t *testing.T) {
	message := []byte("............\x03www\x07example\x00\xc0\x0c\xc0\x19\xc0\x1d\xff\xff")
	for data, want := range map[string]string{
		"\x00": ".", "\x04a.\"b\x01\x80\x00": `a\.\"b.\128.`, "\x01A\xc0\x10": "a.example.", "\xc0\x0c": "www.example.", "\xc0\x19": "www.example.", "\xc0\x1b": "www.example.",
		"": "", "\xc0": "", "\x05ab": "", "\x40a\x00": "", "\xc0\x1d": "", "\xc0\x1f": "", "\xcf\xff": "", "\x02ab": "",
	} {
		r := rdata{message: message, data: []byte(data)}
		if got := r.name(); got != want || (r.err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", data, got, r.err, want)
		}
	}
	after := rdata{message: message, data: []byte("\xc0\x0c\x01\x02")}
	if name, n := after.name(), after.number(2); name != "www.example." || n != 258 || after.err != nil {
		t.Errorf("%q, %d, %v", name, n, after.err)
	}
	if after.number(1); after.err == nil {
		t.Error("a number is read beyond the end")
	}
	long := ""
	for range 5 {
		long += "\x3f" + string(make([]byte, 63))
	}
	if r := (rdata{data: []byte(long + "\x00")}); r.name() != "" || r.err == nil {
		t.Error("a name of more than 255 bytes is read")
	}
}
