package gaap

import "prober/suites/kit"

// requirements are the statements that the specs judge. Ids are never given to another.
func requirements() []kit.Requirement {
	return []kit.Requirement{
		{ID: "GAAP-DNS-01", Level: kit.Must, Text: "The host name of the endpoint resolves."},
		{ID: "GAAP-DNS-02", Level: kit.Should, Text: "Both address families are answered without an error."},
		{ID: "GAAP-DNS-03", Level: kit.Should, Text: "A name that does not exist is not answered."},
		{ID: "GAAP-TLS-01", Level: kit.Report, Text: "SSLv2 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/SSLv2"},
		{ID: "GAAP-TLS-02", Level: kit.Report, Text: "SSLv3 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/SSLv3"},
		{ID: "GAAP-TLS-03", Level: kit.Must, Text: "TLS1.0 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/TLS1.0"},
		{ID: "GAAP-TLS-04", Level: kit.Must, Text: "TLS1.1 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/TLS1.1"},
		{ID: "GAAP-TLS-05", Level: kit.Must, Text: "TLS1.2 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/TLS1.2"},
		{ID: "GAAP-TLS-06", Level: kit.Report, Text: "TLS1.3 is accepted or refused as the catalogue expects.", Rule: "gaap/tls/TLS1.3"},
		{ID: "GAAP-TLS-07", Level: kit.Must, Text: "The certificate is valid, covers the host and comes with its chain.", Rule: "gaap/schemes"},
		{ID: "GAAP-TLS-08", Level: kit.Should, Text: "The certificates have keys and signatures that are not weak."},
		{ID: "GAAP-PROTO-01", Level: kit.Must, Text: "Requests over HTTPS are answered.", Rule: "gaap/schemes"},
		{ID: "GAAP-PROTO-02", Level: kit.Must, Text: "Requests over plain HTTP are not served.", Rule: "gaap/schemes"},
		{ID: "GAAP-PROTO-03", Level: kit.Must, Text: "Replies are framed as RFC 9112 demands."},
		{ID: "GAAP-CHARSET-01", Level: kit.Must, Text: "Replies are encoded in UTF-8.", Rule: "gaap/encoding"},
		{ID: "GAAP-CHARSET-02", Level: kit.Should, Text: "Replies are labelled as UTF-8 and carry no byte order mark.", Rule: "gaap/encoding"},
	}
}
