package report_test

import (
	"slices"
	"testing"

	"prober/catalog"
	"prober/report"
)

func TestGroup(t *testing.T) {
	for id, want := range map[string]string{
		"ECS-DNS-01": "dns", "KMS-TLS-02": "tls", "GAAP-PROTO-10": "protocol", "KMS-CHARSET-01": "charset",
		"KMS-SPEED-01": "", "KMS-TLS": "", "KMS-TLS-02-A": "", "": "",
	} {
		if got := report.Group(id); got != want {
			t.Errorf("group of %q: %q, want %q", id, got, want)
		}
		if want != "" && !slices.Contains(report.Groups(), want) {
			t.Errorf("%q is not among the groups", want)
		}
	}
}

// Label filters of users name these words.
func TestLabels(t *testing.T) {
	got := report.Labels(
		report.Endpoint{ID: "kms/cn-beijing/vpc", Product: "kms", Region: "cn-beijing", Network: catalog.VPC},
		report.Requirement{ID: "KMS-TLS-02", Level: report.Info, Group: "tls"},
	)
	want := []string{"product:kms", "region:cn-beijing", "network:vpc", "group:tls", "req:KMS-TLS-02", "level:REPORT"}
	if !slices.Equal(got, want) || report.HeavyLabel != "heavy" {
		t.Errorf("%q, want %q", got, want)
	}
}
