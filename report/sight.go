package report

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Sight is one thing that a run saw at an endpoint of the real services and that no document tells:
// which versions of TLS are accepted, whether there are IPv6 addresses, whether an endpoint answers
// that may not exist. It is neither good nor bad. What could not be told is no sight.
type Sight struct {
	Product  string `json:"product"`
	Endpoint string `json:"endpoint"`
	About    string `json:"about"` // "TLS1.3", "AAAA", "doubtful endpoint"
	// Was is what the earlier of two runs saw there; "" where it saw nothing, or there is none.
	Was string `json:"was,omitempty"`
	Is  string `json:"is"` // "accepted", "none", "answers"
}

// sighted are the versions that sights are about.
func sighted() []string { return []string{"TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"} }

// FirstSeen is what a run of the real services saw that the run before did not, in the order of its
// endpoints. Without a run before, or after one of the sandbox, that is all of it.
func FirstSeen(before, after *Report) []Sight {
	was := map[[2]string]string{}
	if before != nil {
		for _, s := range before.sights() {
			was[[2]string{s.Endpoint, s.About}] = s.Is
		}
	}
	var all []Sight
	for _, s := range after.sights() {
		if s.Was = was[[2]string{s.Endpoint, s.About}]; s.Was != s.Is {
			all = append(all, s)
		}
	}
	return all
}

// sights is what r saw, from its evidence.
func (r *Report) sights() []Sight {
	if r.Environment.Mode != Live {
		return nil
	}
	places, _ := r.places()
	told := map[[2]string]bool{} // of the first of several observations
	var all []Sight
	for _, x := range r.Evidence {
		at, known := places[x.Endpoint]
		if x.Kind != Observed || !known {
			continue
		}
		e := r.Endpoints[at]
		for _, s := range seenIn(e, x.Observation) {
			s.Product, s.Endpoint = e.Product, e.ID
			if key := [2]string{s.Endpoint, s.About}; !told[key] {
				told[key] = true
				all = append(all, s)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Sight) int { return cmp.Compare(places[a.Endpoint], places[b.Endpoint]) })
	return all
}

// seenIn is what one observation shows.
func seenIn(e Endpoint, observation []byte) []Sight {
	var o struct {
		Scheme  string `json:"scheme"`
		Outcome string `json:"outcome"`
		Phase   string `json:"phase"`
		Reason  string `json:"reason"`
		DNS     *struct {
			Queries []struct {
				Name      string   `json:"name"`
				Type      string   `json:"type"`
				Reason    string   `json:"reason"`
				Addresses []string `json:"addresses"`
			} `json:"queries"`
		} `json:"dns"`
		Addresses []struct {
			TLS *struct {
				Versions map[string]struct {
					Verdict string `json:"verdict"`
				} `json:"versions"`
			} `json:"tls"`
		} `json:"addresses"`
	}
	if json.Unmarshal(observation, &o) != nil || o.Scheme != "https" {
		return nil
	}
	var all []Sight
	for _, version := range sighted() {
		verdict := ""
		for _, a := range o.Addresses {
			if a.TLS == nil {
				continue
			}
			switch v := a.TLS.Versions[version].Verdict; {
			case v != "accepted" && v != "rejected":
			case verdict == "":
				verdict = v
			case verdict != v:
				verdict = "accepted at some addresses"
			}
		}
		if verdict != "" {
			all = append(all, Sight{About: version, Is: verdict})
		}
	}
	if o.DNS != nil {
		for _, q := range o.DNS.Queries {
			switch {
			case q.Type != "AAAA" || q.Name != e.Host || q.Reason != "":
				continue
			case len(q.Addresses) > 0:
				all = append(all, Sight{About: "AAAA", Is: "there are records"})
			default:
				all = append(all, Sight{About: "AAAA", Is: "there is none"})
			}
			break
		}
	}
	if !e.Active() {
		switch o.Outcome {
		case "ok", "degraded":
			all = append(all, Sight{About: string(e.Lifecycle) + " endpoint", Is: "answers"})
		case "fail":
			all = append(all, Sight{About: string(e.Lifecycle) + " endpoint", Is: o.Phase + "/" + o.Reason})
		}
	}
	return all
}
