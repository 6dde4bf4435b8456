package dns

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"prober/needs"
)

// The records that a server gives are the lines of dig +short, each of one of them, whatever is in them.
func TestRecordsBesideDig(t *testing.T) {
	at := startUnbound(t, true)
	for question, n := range map[string]int{
		"zone.test SOA": 1, "zone.test NS": 1, "zone.test MX": 2, "www.zone.test A": 2, "www.zone.test AAAA": 1, "alias.zone.test CNAME": 1,
		"text2.zone.test TXT": 3, "_sip._tcp.zone.test SRV": 1, "2.zone.test PTR": 1, "3.zone.test PTR": 1, "zone.test CAA": 2, "caa.zone.test CAA": 1, "large.zone.test A": 100,
	} {
		name, word, _ := strings.Cut(question, " ")
		var kind Type
		if err := kind.UnmarshalText([]byte(word)); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(needs.Program(t, "dig"), "+short", "@"+at.Addr().String(), "-p", strconv.Itoa(int(at.Port())), name+".", word).Output()
		if err != nil {
			t.Fatal(err)
		}
		theirs := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		c := &Client{Timeout: patience}
		_, ours := c.QueryRecords(t.Context(), at, name, kind)
		if len(ours) != n || len(theirs) != n {
			t.Errorf("%s: %q, dig %q", question, ours, theirs)
			continue
		}
		for _, line := range theirs {
			i := slices.IndexFunc(ours, func(came string) bool { return SameRecord(kind, line, came) })
			if i < 0 {
				t.Errorf("%s: %q is not among %q", question, line, ours)
				continue
			}
			ours = slices.Delete(ours, i, i+1)
		}
	}
}

// What differs is told apart, and what is written otherwise and means the same is not.
func TestSameRecord(t *testing.T) {
	for _, tt := range []struct {
		kind          Type
		written, came string
		same          bool
	}{
		{typeTXT, `"a" "b"`, "ab", true},
		{typeTXT, "ab", "ab", true},
		{typeTXT, "Ab", "ab", false},
		{typeTXT, `"say \"hi\""`, `say "hi"`, true},
		{typeTXT, `"x"`, `"x"`, true}, // which has quotes in it
		{typeTXT, `"\200"`, "\xc8", true},
		{typeTXT, `"\300"`, "\xc8", false},
		{typeTXT, `"a`, "a", false},
		{typeTXT, `""`, "", true},
		{typeCAA, `0 issue ca.test`, `0 issue "ca.test"`, true},
		{typeCAA, `0 ISSUE "ca.test"`, `0 issue "ca.test"`, true},
		{typeCAA, `0 issue "CA.test"`, `0 issue "ca.test"`, false},
		{typeCAA, `128 issue "ca.test"`, `0 issue "ca.test"`, false},
		{typeCAA, `0 issue`, `0 issue ""`, true},
		{typeCAA, ` 0  issue	 "ca.test" `, `0 issue "ca.test"`, true},
		{typeCAA, `0 issue "ca  test"`, `0 issue "ca test"`, false},
		{typeMX, "10 MAIL.test", "10 mail.test.", true},
		{typeMX, "20 mail.test.", "10 mail.test.", false},
		{AAAA, "2001:db8:0:0::1", "2001:db8::1", true},
	} {
		if SameRecord(tt.kind, tt.written, tt.came) != tt.same {
			t.Errorf("%s: %s and %s: want the same: %v", tt.kind, tt.written, tt.came, tt.same)
		}
	}
	for _, s := range []string{"", `a"b\c`, "\x00\xff é", "plain"} {
		if text, quoted := Unquoted(Quoted(s)); !quoted || text != s {
			t.Errorf("%q is written %s, and read as %q", s, Quoted(s), text)
		}
	}
}
