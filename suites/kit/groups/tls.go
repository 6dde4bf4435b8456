package groups

import (
	"fmt"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suites/kit"
)

// TLSRequirements are the statements about TLS. levels holds one for each protocol version,
// oldest first; further are the ids of dated and regional rules by version.
func (p Product) TLSRequirements(levels [6]kit.Level, further map[catalog.TLSVersion][]string) []kit.Requirement {
	var all []kit.Requirement
	for i, v := range catalog.TLSVersions() {
		id := fmt.Sprintf("TLS-%02d", i+1)
		q := p.stated(id, levels[i], p.Document.Protocols, versionText(v, levels[i]), "tls/"+string(v))
		q.Rules = append(q.Rules, further[v]...)
		q.Rationale = versionRationale(v, levels[i])
		if v == catalog.TLS12 && !p.Document.SpeaksOfTLS {
			q.Source, q.Section, q.Since, q.Also = "RFC 9325", "3.1.1", "2022-11", nil
			q.Rationale = "no document of the product speaks of TLS versions; this is the one that every client of today has"
		}
		all = append(all, q)
	}
	return append(all,
		because(p.stated("TLS-07", kit.Must, p.Document.Protocols, "The certificate is valid, covers the host and comes with its chain.", "schemes"),
			"a client of HTTPS goes no further otherwise (RFC 5280, section 6; RFC 9525, section 6)"),
		because(p.from("RFC 9325", "4.5", "2022-11", "TLS-08", kit.Should, "The certificates have keys and signatures that are not weak."),
			"the same advice as NIST SP 800-57: RSA of 2048 bits, SHA-256"),
		because(p.from("RFC 8996", "2", "2021-03", "TLS-09", kit.Report, "TLS 1.0 and 1.1 are not served any more."),
			"a finding of its own: the RFC advises against what the documents still allow"),
		because(p.from("RFC 9325", "7.1", "2022-11", "TLS-10", kit.Should, "The certificates have a third of their lifetime left, or 30 days."),
			"whoever renews in time never shows less"),
		p.from("RFC 9325", "3.1.1", "2022-11", "TLS-11", kit.Should, "All addresses of the name accept the same protocol versions."),
		because(p.from("RFC 1034", "3.6", "1987-11", "TLS-12", kit.Should, "Every address of the name takes connections and completes the handshake."),
			"clients pick any of the addresses"),
	)
}

func versionRationale(v catalog.TLSVersion, l kit.Level) string {
	switch {
	case l == kit.Report:
		return "no document demands anything of " + string(v) + " here, or both ways keep it"
	case v == catalog.TLS12:
		return "the one version that every client of today has (RFC 9325, section 3.1.1)"
	}
	return ""
}

// TLS states the specs of the group tls.
func (p Product) TLS(e *kit.Subject) {
	for i, v := range catalog.TLSVersions() {
		e.Version(p.ID(fmt.Sprintf("TLS-%02d", i+1)), v)
	}
	e.It(p.ID("TLS-07"), "shows a certificate that is valid, for this host, with its whole chain", kit.ShownCertificate(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("wrong with the certificate", kit.CertificateFaults()...))
	})
	e.It(p.ID("TLS-08"), "uses keys and signatures that are strong enough", kit.ReadCertificate(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("weak", reason.TLSWeakKey, reason.TLSWeakSignature))
	})
	e.It(p.ID("TLS-09"), "follows the advice to serve neither TLS 1.0 nor 1.1", kit.VersionDecided(catalog.TLS11), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.RefuseTLS(catalog.TLS10))
		c.Expect(c.HTTPS).To(kit.RefuseTLS(catalog.TLS11))
	})
	e.It(p.ID("TLS-10"), "shows certificates that are not about to run out", kit.ReadCertificate(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.HaveTimeLeft())
	})
	e.It(p.ID("TLS-11"), "accepts the same versions at every address", kit.VersionsCompared(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.AgreeOnVersions())
	})
	e.It(p.ID("TLS-12"), "shakes hands at every address", kit.Connected(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("that keeps clients from a handshake", kit.ConnectionFaults()...))
	})
}

// versionText says what is demanded of a protocol version.
func versionText(v catalog.TLSVersion, level kit.Level) string {
	switch {
	case level == kit.Report:
		return "Whether " + string(v) + " is accepted is written down."
	case v == catalog.SSLv2 || v == catalog.SSLv3:
		return string(v) + " is not supported."
	case v == catalog.TLS12 || v == catalog.TLS13:
		return string(v) + " is supported."
	}
	return string(v) + " is refused where the provider has announced it, from the announced day on."
}
