package run

import "github.com/onsi/ginkgo/v2/types"

// Labels reads a label filter in the language of Ginkgo's --label-filter, as a
// [report.LabelFilter] does.
func Labels(filter string) (func(labels []string) bool, error) { return types.ParseLabelFilter(filter) }
