package kms

import "prober/suites/kit"

// requirements are the statements that the specs judge. Ids are never given to another.
func requirements() []kit.Requirement {
	return []kit.Requirement{
		{ID: "KMS-DNS-01", Level: kit.Must, Text: "The host name of the endpoint resolves."},
		{ID: "KMS-DNS-02", Level: kit.Should, Text: "Both address families are answered without an error."},
		{ID: "KMS-DNS-03", Level: kit.Should, Text: "A name that does not exist is not answered."},
		{ID: "KMS-TLS-01", Level: kit.Must, Text: "SSLv2 is accepted or refused as the catalogue expects.", Rule: "kms/tls/SSLv2"},
		{ID: "KMS-TLS-02", Level: kit.Must, Text: "SSLv3 is accepted or refused as the catalogue expects.", Rule: "kms/tls/SSLv3"},
		{ID: "KMS-TLS-03", Level: kit.Should, Text: "TLS1.0 is accepted or refused as the catalogue expects.", Rule: "kms/tls/TLS1.0"},
		{ID: "KMS-TLS-04", Level: kit.Should, Text: "TLS1.1 is accepted or refused as the catalogue expects.", Rule: "kms/tls/TLS1.1"},
		{ID: "KMS-TLS-05", Level: kit.Must, Text: "TLS1.2 is accepted or refused as the catalogue expects.", Rule: "kms/tls/TLS1.2"},
		{ID: "KMS-TLS-06", Level: kit.Report, Text: "TLS1.3 is accepted or refused as the catalogue expects.", Rule: "kms/tls/TLS1.3"},
		{ID: "KMS-TLS-07", Level: kit.Must, Text: "The certificate is valid, covers the host and comes with its chain.", Rule: "kms/schemes"},
		{ID: "KMS-TLS-08", Level: kit.Should, Text: "The certificates have keys and signatures that are not weak."},
		{ID: "KMS-PROTO-01", Level: kit.Must, Text: "Requests over HTTPS are answered.", Rule: "kms/schemes"},
		{ID: "KMS-PROTO-02", Level: kit.Must, Text: "Requests over plain HTTP are not served.", Rule: "kms/schemes"},
		{ID: "KMS-PROTO-03", Level: kit.Must, Text: "Replies are framed as RFC 9112 demands."},
		{ID: "KMS-CHARSET-01", Level: kit.Must, Text: "Replies are encoded in UTF-8.", Rule: "kms/encoding"},
		{ID: "KMS-CHARSET-02", Level: kit.Should, Text: "Replies are labelled as UTF-8 and carry no byte order mark.", Rule: "kms/encoding"},
	}
}
