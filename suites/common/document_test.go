package common

import (
	"slices"
	"testing"

	"prober/catalog"
	"prober/report"
	"prober/suites/kit"
)

// Products that share a requirement share its number and its words, each with its own document.
func TestSharedRequirementsAgree(t *testing.T) {
	shared := func(d Document) []kit.Requirement {
		return slices.Concat(DNS(d), TLS(d, nil), HTTP(d, Questions{}, report.Must, PlainHTTP{}), Charset(d, Questions{}))
	}
	first := shared(Document{Product: catalog.Product{ID: "ecs"}, Source: "a", Endpoints: Heading{"E"}})
	second := shared(Document{
		Product: catalog.Product{ID: "kms"}, Source: "b", Older: "c", Endpoints: Heading{"E", "Older E"},
	})
	for i, q := range first {
		if q.ID != "ECS"+second[i].ID[len("KMS"):] || q.Text != second[i].Text || q.It != second[i].It {
			t.Errorf("%s: %s, and %s: %s", q.ID, q.Text, second[i].ID, second[i].Text)
		}
	}
	if at := first[0].In; at.Source != "a" || at.Section != "E" || at.Also != nil {
		t.Errorf("of a single document: %+v", at)
	}
	if at := second[0].In; at.Source != "b" || len(at.Also) != 1 || at.Also[0] != (kit.Reference{Source: "c", Section: "Older E"}) {
		t.Errorf("of one with an older edition: %+v", at)
	}
	if at := second[1].In; at.Also != nil {
		t.Errorf("an RFC's requirement is also in %+v", at.Also)
	}
}
