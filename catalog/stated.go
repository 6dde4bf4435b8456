package catalog

// recordName is what a source, a region or a product is called among all records of a list.
func recordName(section Section, id string) string { return string(section) + " " + id }

// statedIn are the lines of the records that a file has, endpoints aside, of whose list somebody else
// keeps the lines.
func statedIn(root *node, at lines) map[string]int {
	said := map[string]int{}
	for section, key := range map[Section]string{SectionSource: "sources", SectionRegion: "regions", SectionProduct: "products"} {
		list := root.member(key)
		for i := range list.holds {
			n := &list.holds[i].value
			id := n.word("id")
			if section == SectionRegion {
				id = n.word("provider") + "/" + id
			}
			if !n.filled {
				said[recordName(section, id)] = at.line(int(n.offset))
			}
			if rules := n.member("rules"); section == SectionProduct && rules != nil {
				statedRules(rules, at, said)
			}
		}
	}
	return said
}

// statedRules adds the lines of a product's rules.
func statedRules(rules *node, at lines, said map[string]int) {
	for _, kind := range rules.holds {
		all := []member{kind}
		if kind.value.kind == array {
			all = kind.value.holds
		}
		for _, rule := range all {
			said[recordName(SectionRule, rule.value.word("id"))] = at.line(int(rule.value.offset))
		}
	}
}
