package report

import "strings"

// LabelKey is the first half of a label, by which a label filter selects specs: "level" in
// "level:MUST".
type LabelKey string

// The keys of labels. Every spec has one label of each.
const (
	ProductLabel     LabelKey = "product"
	RegionLabel      LabelKey = "region"
	NetworkLabel     LabelKey = "network"
	GroupLabel       LabelKey = "group"
	RequirementLabel LabelKey = "req"
	LevelLabel       LabelKey = "level"
)

// HeavyLabel is the label of specs that need a request of up to 10 MB. It has no key.
const HeavyLabel = "heavy"

// Of returns the label with this key and a value.
func (k LabelKey) Of(value string) string { return string(k) + ":" + value }

// Labels returns the labels of the spec that judges q at e, but for [HeavyLabel], which no
// report knows.
func Labels(e Endpoint, q Requirement) []string {
	return []string{
		ProductLabel.Of(e.Product), RegionLabel.Of(e.Region), NetworkLabel.Of(string(e.Network)),
		GroupLabel.Of(q.Group), RequirementLabel.Of(q.ID), LevelLabel.Of(string(q.Level)),
	}
}

// groups are the requirement groups, each after the word for it in ids.
var groups = [][2]string{{"DNS", "dns"}, {"TLS", "tls"}, {"PROTO", "protocol"}, {"CHARSET", "charset"}}

// Groups lists the requirement groups.
func Groups() []string {
	var out []string
	for _, g := range groups {
		out = append(out, g[1])
	}
	return out
}

// Group returns the group that the id of a requirement names, "tls" for "KMS-TLS-02", or ""
// for an id of another form.
func Group(requirementID string) string {
	if parts := strings.Split(requirementID, "-"); len(parts) >= 3 { // a product may have hyphens
		for _, g := range groups {
			if g[0] == parts[len(parts)-2] {
				return g[1]
			}
		}
	}
	return ""
}
