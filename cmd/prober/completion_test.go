package main

import (
	"strings"
	"testing"
)

func TestCompletion(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"serve --log.", "--log.format"},
		{"serve --confi", "--confirm"},
		{"serve --config", "--config.file"},
		{"doctor --contr", "--control"},
		{"health --pass", "--password-file"},
		{"serve --log.level d", "debug"},
		{"serve --log.format j", "json"},
		{"serve --metrics.detail r", "region"},
		{"check --product k", "kms"},
		{"check --region cn-hang", "cn-hangzhou"},
		{"check --inside a", "all"},
		{"check --fault *=resolver", "*=resolver_unavailable_servfail"},
		{"check --fault kms/cn-hangzhou/pub", "kms/cn-hangzhou/public="},
		{"sandbox --fault kms/cn-hangzhou/public=cert_exp", "kms/cn-hangzhou/public=cert_expired"},
		{"conformance --fault *=cert_exp", "*=cert_expired"},
		{"conformance --requirement KMS-TLS-0", "KMS-TLS-02"},
		{"conformance --group t", "tls"},
		{"report render x.json --format code", "codequality"},
		{"report compare a b --output j", "json"},
		{"explain tls/cert_exp", "tls/cert_expired"},
		{"explain KMS-TLS-0", "KMS-TLS-02"},
		{"check kms/cn-hang", "kms/cn-hangzhou/public"},
		{"conformance --fail-on m", "must"},
		{"endpoints list --network v", "vpc"},
		{"doctor --output j", "json"},
		{"d", "doctor"},
		{"hea", "health"},
	} {
		words := strings.Fields(tt.typed)
		got := runApp(t, nil, append([]string{"__complete"}, words...)...)
		if last := words[len(words)-1]; got.code != 0 || !strings.Contains("\n"+got.stdout, "\n"+tt.want) || !strings.HasPrefix(tt.want, last) {
			t.Errorf("%q: exit code %d, %q, want %s", tt.typed, got.code, got.stdout, tt.want)
		}
	}
	if got := runApp(t, nil, "__complete", "check", "--endpoints", "/nowhere", "--product", ""); strings.Contains(got.stdout, "kms") {
		t.Errorf("of a list that cannot be read: %q", got.stdout)
	}
}

// Whatever has a name is guessed when it is misspelt.
func TestDidYouMean(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"chek":                                  "check",
		"report rendr":                          "render",
		"check --sandbx":                        "--sandbox",
		"check --sandbx=true":                   "--sandbox",
		"check --product kmss":                  "kms",
		"check --sandbox --region cn-hangzou":   "cn-hangzhou",
		"check --sandbox --inside cn-hangzou":   "cn-hangzhou",
		"check --sandbox kms/cn-hangzou/public": "kms/cn-hangzhou/public",
		"check --sandbox --fault kms/cn-hangzou/public=cert_expired": "kms/cn-hangzhou/public",
		"check --sandbox --fault kms/cn-hangzhou/public=cert_expird": "cert_expired",
		"report render x --format htm":                               "html",
		"conformance --sandbox --requirement KMS-TLS-2":              "KMS-TLS-02",
		"conformance --sandbox --group tlss":                         "tls",
		"explain cert_expird":                                        "cert_expired",
		"explain tls/cert_expird":                                    "tls/cert_expired",
		"explain KMS-TLS-2":                                          "KMS-TLS-02",
		"explain catalogue.ruls":                                     "rules",
		"explain something-else-altogether":                          "",
	} {
		r := runApp(t, nil, strings.Fields(line)...)
		if hinted := strings.Contains(r.stderr, "did you mean"); r.code != 2 || strings.Count(r.stderr, "\n") != 1 || want != "" && (!hinted || !strings.Contains(r.stderr, `did you mean "`+want+`"?`)) {
			t.Errorf("%s: exit code %d, want %q: %s", line, r.code, want, r.stderr)
		}
	}
}
