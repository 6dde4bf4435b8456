package sandbox_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"prober/probe/reason"
	"prober/sandbox"
)

// Every breach is named, described and made for a requirement.
func TestBreaches(t *testing.T) {
	requirement := regexp.MustCompile(`^((ECS|KMS|GAAP)-)?(DNS|TLS|PROTO|CHARSET)-[0-9]{2}$`)
	taken := map[string]bool{}
	for _, f := range slices.Concat(sandbox.Faults(embedded(t)), sandbox.Variants(embedded(t))) {
		taken[f.Name] = true
	}
	breaches := sandbox.Breaches(embedded(t))
	if len(breaches) == 0 {
		t.Fatal("no breach")
	}
	for _, f := range breaches {
		if taken[f.Name] {
			t.Errorf("%s: the name is taken", f.Name)
		}
		taken[f.Name] = true
		if !requirement.MatchString(f.Requirement) || len(f.Products) == 0 || f.Variant || f.Reason != reason.None {
			t.Errorf("%s: made for %q of %v, reason %q", f.Name, f.Requirement, f.Products, f.Reason)
		}
		if f.Way != (sandbox.Way{}) && (!strings.HasSuffix(f.Name, "_"+f.Way.String()) || !strings.Contains(f.Description, f.Way.What())) {
			t.Errorf("%s (%s) is about requests %s", f.Name, f.Description, f.Way.What())
		}
		if f.Description == "" || strings.HasSuffix(f.Description, ".") {
			t.Errorf("%s: description %q", f.Name, f.Description)
		}
		if product, rest, ok := strings.Cut(f.Requirement, "-"); ok && strings.Contains(rest, "-") && !slices.Contains(f.Products, strings.ToLower(product)) {
			t.Errorf("%s: made for %s, and for products %v", f.Name, f.Requirement, f.Products)
		}
	}
}

// Faults that a product can have break a requirement; those about the client may do without.
func TestFaultsBreakRequirements(t *testing.T) {
	for _, f := range sandbox.Faults(embedded(t)) {
		about := f.Reason.Phase() == reason.Prober || len(f.Products) == 0
		if f.Requirement == "" && !about {
			t.Errorf("%s (%s) is made for %q", f.Name, f.Reason, f.Requirement)
		}
	}
	for _, f := range sandbox.Variants(embedded(t)) {
		if f.Requirement != "" {
			t.Errorf("%s is harmless and made for %s", f.Name, f.Requirement)
		}
	}
}
