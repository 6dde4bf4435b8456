package monitor

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteMetricsDoc writes the documentation of every metric as Markdown.
func WriteMetricsDoc(w io.Writer) error {
	var b strings.Builder
	b.WriteString(metricsDocHead)
	for _, m := range metrics() {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n- Type: %s\n", m.Name, m.Help, strings.ToLower(m.Type.String()))
		if m.Unit != "" {
			fmt.Fprintf(&b, "- Unit: %s\n", m.Unit)
		}
		labels, _ := m.labels(DetailEndpoint)
		switch inRegion, shown := m.labels(DetailRegion); {
		case !shown:
			fmt.Fprintf(&b, "- Labels with detail `endpoint`: %s\n- Left out with detail `region`\n", codeList(labels))
		case len(inRegion) != len(labels):
			fmt.Fprintf(&b, "- Labels with detail `endpoint`: %s\n- Labels with detail `region`: %s\n", codeList(labels), codeList(inRegion))
		default:
			fmt.Fprintf(&b, "- Labels: %s\n", codeList(labels))
		}
		if m.Absent != "" {
			fmt.Fprintf(&b, "- %s\n", m.Absent)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const metricsDocHead = `# Metrics

What ` + "`prober serve`" + ` shows at ` + "`/metrics`" + `, besides the metrics of its process.

Detail ` + "`endpoint`" + ` is the default for lists of up to 1,000 endpoints; in longer ones, or with
` + "`--metrics.detail region`" + `, latencies and reasons are shown by product, region and network, and an
endpoint has ten series. ` + "`phase`" + ` and ` + "`reason`" + ` are those of docs/reasons.md.
`

func codeList(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(slices.Sorted(slices.Values(names)), "`, `") + "`"
}
