package catalog

import "testing"

// What can be no record of its type is refused when the list is read, and not told as a fault of a server.
func TestRecordProblem(t *testing.T) {
	for kind, tt := range map[RecordType]struct{ good, bad []string }{
		"":      {[]string{"192.0.2.1"}, []string{"a b c", "", "2001:db8::1", "192.0.2.1.", "192.0.2.1/24"}},
		"A":     {[]string{"192.0.2.1"}, []string{"www.example.com"}},
		"AAAA":  {[]string{"2001:db8::1", "2001:DB8:0::1"}, []string{"192.0.2.1", "fe80::1%eth0", "[2001:db8::1]"}},
		"CNAME": {[]string{"www.example.com.", "www.example.com"}, []string{"", "a b"}},
		"NS":    {[]string{"ns1.example.com"}, []string{"10 ns1.example.com"}},
		"PTR":   {[]string{"a.example"}, []string{"a.example b.example"}},
		"MX":    {[]string{"10 mail.example.com.", "0 ."}, []string{"mail.example.com", "ten mail.example.com", "-1 mail.example.com"}},
		"SRV":   {[]string{"10 5 5060 sip.example.com."}, []string{"10 5060 sip.example.com.", "10 5 sip sip.example.com"}},
		"SOA":   {[]string{"ns.example.com. admin.example.com. 1 7200 900 1209600 86400"}, []string{"ns.example.com."}},
		"CAA":   {[]string{`0 issue "ca.example.com; a=b"`, "128 iodef mailto:a@example.com", `0 issue ""`}, []string{"ca.example.com", "zero issue ca.example.com", "300 issue ca.example.com"}},
		"TXT":   {[]string{"v=spf1 -all", "", `"a" "b"`}, nil},
	} {
		for _, s := range tt.good {
			if example := recordProblem(kind, s); example != "" {
				t.Errorf("%q is no record of %q, but as %s", s, kind, example)
			}
		}
		for _, s := range tt.bad {
			if recordProblem(kind, s) == "" {
				t.Errorf("%q is a record of %q", s, kind)
			}
		}
	}
	for _, kind := range RecordTypes() {
		if example := recordProblem(kind, "a b"); example != "" && recordProblem(kind, unquoted(example)) != "" {
			t.Errorf("the example of %s is none: %s", kind, example)
		}
	}
}

func unquoted(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') {
		return s[1 : len(s)-1]
	}
	return s
}
