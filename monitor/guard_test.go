package monitor

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe/reason"
)

// hidden reports whether a text holds characters that a terminal obeys or that have no shape.
func hidden(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point))
	})
}

// Whoever puts characters that hide, or that turn text around, into a certificate, a reply, a list
// or a query: none of them leaves the prober as it is, and JSON still says what was there.
func TestNothingThatHidesLeavesThePort(t *testing.T) {
	const evil = "a\u202eb\u200bc\x1b[31md\u2066e\u00ade\U000e0041f"
	x := testTarget()
	x.Product.Name = "Name " + evil
	y := target("kms/y/public", "y.example.com")
	m, c := monitorOf(t, append(targets(2), x, y), func(c *Config) {
		c.RegionName = func(catalog.Endpoint) string { return "Region " + evil }
		c.Speaker = Speaker{Host: evil, Vantage: evil}
		c.Notes = func() []view.Note { return []view.Note{{What: evil, Why: evil, Advice: evil, Since: c.Now()}} }
	})
	o := badObservation(x, c.Now(), reason.VerifyServerError)
	o.Detail, o.Reproduce = evil, evil
	o.Addresses[0].TLS.Certificates[0].Subject, o.Addresses[0].TLS.Certificates[0].Issuer = evil, evil
	o.Addresses[0].HTTP.ContentType = evil
	feed(t, m, o)
	id := x.Endpoint.ID
	for _, path := range []string{
		"/", "/?text=" + url.QueryEscape(evil), "/?region=" + url.QueryEscape(evil), "/endpoints/" + id, "/api/v1/endpoints", "/api/v1/endpoints/" + id,
		"/api/v1/incidents", "/api/v1/history/" + id, "/api/v1/prober", "/incidents.atom", "/badges/state.svg", "/-/ready", "/metrics", "/nowhere", "/endpoints/" + url.PathEscape(evil),
	} {
		body := get(t, m, path).Body.String()
		if hidden(body) {
			t.Errorf("%s holds what hides: %+q", path, around(body))
		}
		if strings.HasPrefix(path, "/api/") && !json.Valid([]byte(body)) {
			t.Errorf("%s is not JSON: %s", path, body)
		}
	}
	var s view.Status
	if err := json.Unmarshal(get(t, m, "/api/v1/endpoints/"+id).Body.Bytes(), &s); err != nil || s.RegionName != "Region "+evil {
		t.Errorf("JSON says %+q, %v", s.RegionName, err)
	}
}

// around is what stands about the first hidden character.
func around(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return hidden(string(r)) })
	return text[max(0, i-80):min(len(text), i+40)]
}
