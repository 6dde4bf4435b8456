package catalog_test

import (
	"testing"

	"prober/catalog"
)

// A site is written again as a URL that is read as the same one.
func TestSitesAreWrittenAgain(t *testing.T) {
	for text, want := range map[string]string{
		"tcp://DB.example.com:5432":                       "tcp://db.example.com:5432",
		"TLS://ldap.example.com.":                         "tls://ldap.example.com",
		"tls://[2001:DB8::1]:636":                         "tls://[2001:db8::1]:636",
		"dns://192.0.2.53/Example.com.":                   "dns://192.0.2.53/example.com",
		"dns://[2001:db8::1]:5353/_dmarc.a.test?type=txt": "dns://[2001:db8::1]:5353/_dmarc.a.test?type=TXT",
	} {
		for range 2 {
			site, is, err := catalog.ParseSite(text)
			if !is || err != nil || site.URL() != want {
				t.Errorf("%s: %q (%v, %v), want %s", text, site.URL(), is, err, want)
			}
			text = site.URL()
		}
	}
}
