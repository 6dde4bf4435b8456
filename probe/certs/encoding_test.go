package certs

import (
	"slices"
	"testing"
	"time"

	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// TestEncoding judges certificates that crypto/x509 reads, and OpenSSL reads otherwise or not at all.
func TestEncoding(t *testing.T) {
	root := craft("Root", newKey(), nil, craftedAuthority)
	end := func(date string) func(*crafted) {
		return func(c *crafted) { c.notAfter = tlv(utcTime, []byte(date)) }
	}
	year := time.Now().AddDate(1, 0, 0).Format("06")
	for name, tt := range map[string]struct {
		change func(*crafted)
		want   []reason.Reason
	}{
		"usual":                     {func(*crafted) {}, nil},
		"a date of another zone":    {end(year + "0101000000+0100"), []reason.Reason{reason.TLSCertMalformed}},
		"a date without seconds":    {end(year + "01010000Z"), []reason.Reason{reason.TLSCertMalformed}},
		"a date in GeneralizedTime": {func(c *crafted) { c.notAfter = tlv(generalTime, []byte("20"+year+"0101000000Z")) }, nil},
		"something behind it all":   {func(c *crafted) { c.behind = []byte{5, 0} }, []reason.Reason{reason.TLSCertMalformed}},
		"unique identifiers":        {func(c *crafted) { c.uniqueIDs = tlv(0x81, []byte{0, 1}) }, nil},
		"version 1 with extensions": {func(c *crafted) { c.version = nil }, []reason.Reason{reason.TLSCertMalformed}},
	} {
		leaf := craft("Leaf", newKey(), root, craftedFor(certstest.Host), tt.change)
		f := judged{chain: [][]byte{leaf.der}, roots: [][]byte{root.der}, host: certstest.Host}
		var got []reason.Reason
		for _, x := range f.findings(t) {
			got = append(got, x.Reason)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
