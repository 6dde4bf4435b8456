package importlist

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/limit"
)

// A goal is a target with its labels, of which those that begin with "__" say how it is asked for.
type goal struct {
	of       at
	labels   []label
	interval string // empty: what is usual
}

type label struct {
	name, value string
	of          at
}

// value is that of a label; empty where there is none.
func (g goal) value(name string) string {
	i := slices.IndexFunc(g.labels, func(l label) bool { return l.name == name })
	if i < 0 {
		return ""
	}
	return g.labels[i].value
}

// set gives a label a value; an empty one takes it away, as Prometheus has it.
func (g *goal) set(name, value string, of at) {
	i := slices.IndexFunc(g.labels, func(l label) bool { return l.name == name })
	switch {
	case value == "" && i >= 0:
		g.labels = slices.Delete(g.labels, i, i+1)
	case value == "":
	case i >= 0:
		g.labels[i].value, g.labels[i].of = value, of
	default:
		g.labels = append(g.labels, label{name, value, of})
	}
}

// address is what is probed.
func (g goal) address() string {
	if asked := g.value("__param_target"); asked != "" {
		return asked
	}
	return g.value("__address__")
}

// module is the one that probes it; empty: it names none.
func (g goal) module() string {
	if asked := g.value("__param_module"); asked != "" {
		return asked
	}
	return g.value("module")
}

// groupGoals are the targets of a group, as static_configs and file_sd have it.
func groupGoals(group at, before goal) []goal {
	var out []goal
	for _, x := range group.member("targets").items() {
		g := goal{of: x, labels: slices.Clone(before.labels), interval: before.interval}
		for _, l := range group.member("labels").members() {
			g.set(l.key, l.text(), l)
		}
		g.set("__address__", x.text(), x)
		out = append(out, g)
	}
	return out
}

// scraped are the targets that a configuration of Prometheus has probed by blackbox_exporter, as its relabeling leaves them.
func scraped(config at) (goals []goal, notes []Note) {
	usual := config.member("global").member("scrape_interval")
	for _, x := range config.members() {
		if x.key != "scrape_configs" && x.key != "global" {
			notes = append(notes, x.note("not carried over: it says nothing of what is probed"))
		}
	}
	found, more := jobsGoals(config.member("scrape_configs"), usual)
	return found, append(notes, more...)
}

// jobsGoals are those of a list of jobs.
func jobsGoals(jobs, usual at) (goals []goal, notes []Note) {
	for _, job := range jobs.items() {
		found, more := jobGoals(job, usual)
		goals, notes = append(goals, found...), append(notes, more...)
	}
	return goals, notes
}

// prometheusTime matches a time as Prometheus has it, which knows days, weeks and years.
var prometheusTime = regexp.MustCompile(`^(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$`)

// duration reads such a time; false where it is none, or longer than a [time.Duration].
func duration(text string) (total time.Duration, ok bool) {
	const day = 24 * time.Hour
	found := prometheusTime.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	for i, unit := range []time.Duration{365 * day, 7 * day, day, time.Hour, time.Minute, time.Second, time.Millisecond} {
		if found[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(found[i+1], 10, 64)
		if err != nil || n > int64((math.MaxInt64-total)/unit) {
			return 0, false
		}
		total += time.Duration(n) * unit
	}
	return total, true
}

// jobGoals are those of one job.
func jobGoals(job, usual at) (goals []goal, notes []Note) {
	told := func(x at, why string, args ...any) { notes = append(notes, x.note("not carried over: "+why, args...)) }
	var before goal
	before.set("job", job.member("job_name").text(), job)
	before.set("__metrics_path__", "/metrics", job)
	interval := usual
	for _, x := range job.members() {
		switch x.key {
		case "job_name", "scheme", "static_configs", "relabel_configs":
		case "metrics_path":
			before.set("__metrics_path__", x.text(), x)
		case "params":
			for _, p := range x.members() {
				if values := p.texts(); len(values) > 0 {
					before.set("__param_"+p.key, values[0], p)
				}
			}
		case "scrape_interval":
			interval = x
		case "file_sd_configs":
			told(x, "its targets stand in files of their own, each of which --targets takes; their labels are to name the module")
		default:
			switch {
			case strings.HasSuffix(x.key, "_sd_configs"):
				told(x, "its targets are found while Prometheus runs; write them into a file for --targets")
			default:
				told(x, "it is of the scrape, and says nothing of what is probed")
			}
		}
	}
	if interval.node != nil {
		d, ok := duration(interval.text())
		switch {
		case !ok || d < limit.OwnIntervalLeast || d > limit.OwnIntervalMost:
			told(interval, "want a time from %s to %s, as 30s", limit.OwnIntervalLeast, limit.OwnIntervalMost)
		case d != time.Minute: // which is usual
			before.interval = d.String()
		}
	}
	steps, more := relabeling(job.member("relabel_configs"))
	notes = append(notes, more...)
	probed := before.value("__metrics_path__") == "/probe"
	for _, group := range job.member("static_configs").items() {
		for _, g := range groupGoals(group, before) {
			kept := g.relabel(steps)
			if !kept {
				told(g.of, "its relabeling drops this target")
			}
			if g.value("__metrics_path__") != "/probe" && g.value("__param_module") == "" {
				continue
			}
			if probed = true; kept {
				goals = append(goals, g)
			}
		}
	}
	if !probed {
		return nil, []Note{job.note("not carried over: nothing is probed by this job, whose metrics are scraped")}
	}
	return goals, notes
}

// params says which parameters of its probes are not carried over.
func (g goal) params() (notes []Note) {
	for _, l := range g.labels {
		switch name, is := strings.CutPrefix(l.name, "__param_"); {
		case !is || name == "module" || name == "target":
		case name == "hostname":
			notes = append(notes, l.of.note("not carried over: another Host is authority of an endpoint, and another name in the handshake its server_name"))
		default:
			notes = append(notes, l.of.note("not carried over: a list has no parameters of probes"))
		}
	}
	return notes
}

// once are notes without those that say the same again, as of each target of a group.
func once(notes []Note) []Note {
	seen := map[Note]bool{}
	return slices.DeleteFunc(notes, func(n Note) bool {
		again := seen[n]
		seen[n] = true
		return again
	})
}

// names are those of labels, in order.
func (g goal) names() []string {
	all := map[string]bool{}
	for _, l := range g.labels {
		all[l.name] = true
	}
	return slices.Sorted(maps.Keys(all))
}
