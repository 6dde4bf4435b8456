package common

import (
	"cmp"
	"fmt"

	"prober/catalog"
	"prober/probe"
	"prober/report"
	"prober/suites/kit"
)

// Version is what a product's documents say of a TLS version otherwise than the others'. The
// zero Version, and a version that is left out, is one that is only reported.
type Version struct {
	Level     report.Level // empty: REPORT
	In        kit.Place    // zero: where the document speaks of protocols
	Rationale string       // empty: the common one
	Rules     []string     // further ones, which are dated or of some regions
	Text      string       // empty: the common one
	// Otherwise is what is expected where no rule speaks of the version: by a standard alone.
	Otherwise catalog.Expectation
}

// TLS are the requirements about TLS.
func TLS(d Document, versions map[catalog.TLSVersion]Version) []kit.Requirement {
	var all []kit.Requirement
	for i, v := range catalog.TLSVersions() {
		all = append(all, version(d, fmt.Sprintf("TLS-%02d", i+1), v, versions[v]))
	}
	return append(all, []kit.Requirement{
		{
			ID: d.ID("TLS-07"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Protocols), Rules: d.Rules("schemes"),
			Text:      "The certificate is valid, covers the host and comes with its chain.",
			Rationale: "a client of HTTPS goes no further otherwise (RFC 5280, section 6; RFC 9525, section 6)",
			It:        "shows a certificate that is valid, for this host, with its whole chain", Judge: kit.EachAddress(catalog.HTTPS, kit.HaveGoodCertificate()),
		},
		{
			ID: d.ID("TLS-08"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("9325", "4.5", "2022-11"),
			Text:      "The certificates have keys and signatures that are not weak, and there is a cipher that is not.",
			Rationale: "the same advice as NIST SP 800-57: RSA of 2048 bits, SHA-256; section 4.1 forbids RC4, and RFC 8429 advises against 3DES",
			It:        "uses keys, signatures and ciphers that are strong enough", Judge: kit.EachAddress(catalog.HTTPS, kit.HaveStrongKeys()),
		},
		{
			ID: d.ID("TLS-09"), Line: func(here func()) { here() }, Level: report.Info, In: kit.RFC("8996", "2", "2021-03"),
			Text:      "TLS 1.0 and 1.1 are not served any more.",
			Rationale: "a finding of its own: the RFC advises against what the documents still allow",
			It:        "follows the advice to serve neither TLS 1.0 nor 1.1",
			Judge:     kit.EachAddress(catalog.HTTPS, kit.RefuseTLS(catalog.TLS10), kit.RefuseTLS(catalog.TLS11)),
		},
		{
			ID: d.ID("TLS-10"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("9325", "7.1", "2022-11"),
			Text:      "The certificates have a third of their lifetime left, or 30 days.",
			Rationale: "providers do renew later: one announced in 2025 that 5 to 17 days would be left; the less is left, the less time there is to mend a renewal that fails",
			It:        "shows certificates that are not about to run out", Judge: kit.EachAddress(catalog.HTTPS, kit.HaveTimeLeft()),
		},
		{
			ID: d.ID("TLS-11"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("9325", "3.1.1", "2022-11"),
			Text: "All addresses of the name accept the same protocol versions.",
			It:   "accepts the same versions at every address", Judge: kit.Whole(catalog.HTTPS, compared),
		},
		{
			ID: d.ID("TLS-12"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("1034", "3.6", "1987-11"),
			Text:      "Every address of the name takes connections and completes the handshake.",
			Rationale: "clients pick any of the addresses",
			It:        "shakes hands at every address", Judge: kit.EachAddress(catalog.HTTPS, kit.ShakeHands()),
		},
	}...)
}

func version(d Document, number string, v catalog.TLSVersion, says Version) kit.Requirement {
	const refused = " is refused where the provider has announced it, from the announced day on."
	demands := map[catalog.TLSVersion]string{
		catalog.SSLv2: " is not supported.", catalog.SSLv3: " is not supported.", catalog.TLS10: refused, catalog.TLS11: refused,
	}
	q := kit.Requirement{
		ID: d.ID(number), Line: func(here func()) { here() }, Level: cmp.Or(says.Level, report.Info), In: says.In, Rationale: says.Rationale,
		Rules: append(d.Rules("tls/"+string(v)), says.Rules...),
		Text:  cmp.Or(says.Text, string(v)+cmp.Or(demands[v], " is supported.")),
		ItAt:  kit.ProtocolVersionText(v, says.Otherwise), Judge: kit.ProtocolVersion(v, says.Otherwise),
	}
	if q.In.Source == "" {
		q.In = d.At(d.Protocols)
	}
	switch {
	case d.List != nil && q.Level != report.Info: // which says it all
	case v == catalog.TLS12 && !d.SpeaksOfTLS:
		q.In, q.Rationale = kit.RFC("9325", "3.1.1", "2022-11"), "no document of the product speaks of TLS versions; this is the one that every client of today has"
	case q.Level == report.Info:
		q.Rationale = "no document demands anything of " + string(v) + " here, or both ways keep it"
	case v == catalog.TLS12:
		q.Rationale = "the one version that every client of today has (RFC 9325, section 3.1.1)"
	}
	if q.Level == report.Info {
		q.Text = "Whether " + string(v) + " is accepted is written down."
	}
	return q
}

func compared(c *kit.Case, o probe.Observation) {
	if o.DNS != nil && len(o.DNS.Addresses) == 1 {
		c.Skip(kit.NotApplicable("the name has one address"))
	}
	c.Expect(o, kit.AgreeOnVersions(catalog.TLSVersions()...))
}
