package board

import (
	"fmt"
	"slices"
	"strings"
)

// What tells endpoints apart, as the recording rules have it.
const identity = "product, region, network, host, port, scheme, name"

// chosen selects what the variables say among the series that have no vantage: those of rules, over all vantages.
const chosen = `product=~"$product",region=~"$region",network=~"$network"`

// seen selects what the variables say among the series of each vantage.
const seen = chosen + `,vantage=~"$vantage"`

// active leaves out closed and doubtful endpoints, which never count.
const active = `lifecycle="active",`

// prober's own series have no product.
const own = `vantage=~"$vantage"`

// inState counts the endpoints in a state of endpoint:state:code; it is 0, not absent, where none is.
func inState(code int, sel string) string {
	return fmt.Sprintf("sum(endpoint:state:code{%s} == bool %d)", sel, code)
}

// down rounds a ratio down to a thousandth of a percent.
func down(ratio string) string { return fmt.Sprintf("floor(100000 * (%s)) / 100000", ratio) }

// availability over a window for which there are rules at level, by labels ("" is all in one). Rules by product and region have
// counts as over half of the vantages see them; of an endpoint there are the counts of each vantage, and a ratio for all.
func availability(level, window, sel, by string) string {
	if level == "endpoint" {
		ratio, decided := fmt.Sprintf("endpoint:failures_per_probe:ratio_rate%s{%s}", window, sel), fmt.Sprintf("sum without (vantage) (endpoint:probes_decided:increase%s{%s})", window, sel)
		return fmt.Sprintf("1 - sum by (%[1]s) (%[2]s * %[3]s) / (sum by (%[1]s) (%[3]s and %[2]s) > 0)", by, ratio, decided)
	}
	return fmt.Sprintf("1 - sum by (%[4]s) (%[1]s:probes_failed:increase%[2]s{%[3]s}) / (sum by (%[4]s) (%[1]s:probes_decided:increase%[2]s{%[3]s}) > 0)",
		level, window, sel, by)
}

// budget is what is left of the error budget, 1 being all of it.
func budget(availability string) string {
	return fmt.Sprintf("1 - (1 - (%s)) / (1 - scalar(max(prober:objective:ratio)))", availability)
}

// labels joins lists of labels, any of which may be empty.
func labels(lists ...string) string {
	return strings.Join(slices.DeleteFunc(lists, func(s string) bool { return s == "" }), ", ")
}

// mean of a histogram's values by labels, whichever form of it Prometheus has. Empty where nothing was measured.
func mean(metric, sel, by string) string {
	return fmt.Sprintf("histogram_sum(sum by (%[3]s) (rate(%[1]s{%[2]s}[$__rate_interval]))) / (histogram_count(sum by (%[3]s) (rate(%[1]s{%[2]s}[$__rate_interval]))) > 0)"+
		" or sum by (%[3]s) (rate(%[1]s_sum{%[2]s}[$__rate_interval])) / (sum by (%[3]s) (rate(%[1]s_count{%[2]s}[$__rate_interval])) > 0)", metric, sel, by)
}

// quantile of a histogram's values by labels: of a native one, or of a classic one with buckets. A comparison leaves out what
// is no number, which a classic histogram without buckets gives.
func quantile(q, metric, sel, by string) string {
	return fmt.Sprintf("histogram_quantile(%[1]s, sum by (%[4]s) (rate(%[2]s{%[3]s}[$__rate_interval]))) >= 0"+
		" or histogram_quantile(%[1]s, sum by (%[5]s) (rate(%[2]s_bucket{%[3]s}[$__rate_interval]))) >= 0",
		q, metric, sel, by, labels(by, "le"))
}

// became is how much a counter of reasons grew, which begins with the first such probe: all of it where Prometheus knew the
// endpoint when the window began, but not the series.
func became(counter, window string) string {
	return fmt.Sprintf("((%[1]s unless %[1]s offset %[2]s) and on (product, region, network, vantage) endpoint_info offset %[2]s"+
		" or increase(%[1]s[%[2]s]) > 0)", counter, window)
}

// why labels a counter of reasons with "phase/reason" and an outcome; phase is "" where the counter has it.
func why(expr, outcome, phase string) string {
	if phase != "" {
		expr = fmt.Sprintf(`label_replace(%s, "phase", "%s", "", "")`, expr, phase)
	}
	return fmt.Sprintf(`label_replace(label_join(label_join(%s, "why", "/", "phase", "reason"), "fault", "/", "phase", "reason"), "outcome", "%s", "", "")`,
		expr, outcome)
}

// reasons are the probes that did not succeed in a window, by labels besides what was wrong with them.
func reasons(sel, window, by string) string {
	return fmt.Sprintf("sum by (%s) (%s or %s or %s) > 0", labels(by, "outcome, why, fault"),
		failed(sel, window), degraded(sel, window),
		why(became("endpoint_unknown_total{"+sel+"}", window), "unknown", "prober"))
}

// failed and degraded are those of them that came out so.
func failed(sel, window string) string {
	return why(became("endpoint_failures_total{"+sel+"}", window), "failed", "")
}

func degraded(sel, window string) string {
	return why(became("endpoint_degradations_total{"+sel+"}", window), "degraded", "")
}

// commonest is the most frequent reason of those of each endpoint that has a state.
func commonest(reasons, state string) string {
	return fmt.Sprintf("topk by (%[1]s) (1, sum by (%[1]s, why, fault) (%[2]s) > 0) and on (%[1]s) (%[3]s)", identity, reasons, state)
}
