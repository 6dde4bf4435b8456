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
