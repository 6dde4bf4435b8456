package doctor

import (
	"fmt"
	"math"
	"strings"

	"prober/prose"
)

// authorities says how many roots there are, and which cannot be used.
func authorities(a Authorities) Finding {
	f := Finding{"authorities", a.Source, Fine, "", ""}
	usable, told := len(a.Anchors.Usable), a.Anchors.Told()
	switch {
	case a.Uncounted && a.Some:
		f.Detail = "there are some, which are not counted here"
	case usable == 0:
		f.Result, f.Detail = Wrong, "there is none that can be used, so that every certificate is untrusted"
		f.Advice = "install the system's authorities (the package ca-certificates), or name a file with --ca-file"
	case len(told) > 0:
		f.Result, f.Detail = Note, fmt.Sprintf("%s, and %d that cannot be used: %v", prose.Plural(usable, "root"), len(a.Anchors.Unusable), told[0])
		f.Advice = "nothing, unless an endpoint's certificate leads to one of these: it is then unknown"
	default:
		f.Detail = prose.Plural(usable, "root")
	}
	return f
}

// proxies says that proxy variables are not used. Their values may hold passwords.
func proxies(set []string) Finding {
	if len(set) == 0 {
		return Finding{"proxy", "", Fine, "no proxy variable is set", ""}
	}
	return Finding{
		"proxy", "", Note, strings.Join(set, ", ") + ": set and not used, because endpoints are probed directly",
		"if this machine reaches the internet through that proxy only, probe from another one",
	}
}

// descriptors says whether the process may have enough files and connections open.
func descriptors(most int, complaint string) Finding {
	f := Finding{"files", "", Fine, fmt.Sprintf("this process may have %d open, which is enough", most), ""}
	switch {
	case complaint != "":
		f.Result, f.Detail = Wrong, complaint
		f.Advice = "raise the limit, or ask less at once"
	case most >= math.MaxInt32:
		f.Detail = "this process may have as many open as it needs"
	}
	return f
}
