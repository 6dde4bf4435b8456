package run

import (
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/files"
	"prober/limit"
	"prober/report"
	"prober/session"
	"prober/suites/kit"
)

// readWaivers reads the waivers in a file; none without one. They are judged by the day of the
// plan.
func readWaivers(from files.Reader, file string, p *kit.Plan) (report.Waivers, error) {
	if file == "" {
		return nil, nil
	}
	data, err := from.Read(file, limit.WaiversBytes)
	if err != nil {
		return nil, session.Usagef("--waivers: %w", err)
	}
	waivers, err := report.ReadWaivers(file, data, p.At, func(requirement, endpoint string) (string, []string, error) {
		return waived(p.Catalog, requirement, endpoint)
	})
	if err != nil {
		return nil, session.Usagef("--waivers: %w", err)
	}
	return waivers, nil
}

// waived is what a waiver is about, in any case of its words.
func waived(c *catalog.Catalog, requirement, endpoint string) (id string, endpoints []string, err error) {
	q, product, err := Requirement(c, requirement)
	if err != nil {
		return "", nil, err
	}
	found, err := c.Match(endpoint)
	if lower, again := c.Match(strings.ToLower(endpoint)); err != nil && again == nil {
		found, err = lower, nil
	}
	var others []string
	for _, e := range found {
		if e.Product == product {
			endpoints = append(endpoints, e.ID)
		} else if !slices.Contains(others, e.Product) {
			others = append(others, e.Product)
		}
	}
	if err == nil && len(endpoints) == 0 {
		err = fmt.Errorf("%s is a requirement of %s, and %q names endpoints of %s only", q.ID, product, endpoint, strings.Join(others, " and "))
	}
	return q.ID, endpoints, err
}
