package session

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path/filepath"
	"strings"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
)

// checks makes ready what lists say that healthy means, once for all endpoints that share it.
type checks struct {
	choice *Choice
	ready  map[*catalog.Check]*probe.Check
	wrong  []error
}

// of returns the check of an endpoint. What cannot be read is kept as an error, and told by each probe.
func (c *checks) of(p catalog.Product, e catalog.Endpoint) *probe.Check {
	said := p.CheckOf(e)
	if said == nil {
		return nil
	}
	if ready, known := c.ready[said]; known {
		return ready
	}
	ready, err := probe.NewCheck(said, c.choice.sources(said.Folder()))
	if err != nil && len(c.wrong) < limit.ShownErrors {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			file, at := c.choice.Catalog.StatedAt(catalog.SectionEndpoint, e.ID)
			c.wrong = append(c.wrong, fmt.Errorf("%s:%d: endpoint %s: check.request.%s", file, at, e.ID, line))
		}
	}
	c.ready[said] = ready
	return ready
}

// sources read what a check of a list in a folder names. In the sandbox, which has none of the secrets, the
// texts of variables and files are made up.
func (c *Choice) sources(folder string) probe.Sources {
	path := func(name string) string {
		if !filepath.IsAbs(name) {
			name = filepath.Join(folder, name)
		}
		return absolute(name)
	}
	read := func(name string, most int64) ([]byte, error) {
		data, err := c.Env.Files.Read(path(name), most)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s", path(name))
		}
		return data, trimPath(err)
	}
	return probe.Sources{
		Path: path,
		File: func(name string) ([]byte, error) { return read(name, limit.RequestBytes) },
		Text: func(t catalog.Text) (string, error) {
			from, name := t.Place()
			if c.Options.Sandbox {
				return "made-up-in-the-sandbox", nil
			}
			if from == catalog.FromEnv {
				value := c.Env.Getenv(name)
				switch {
				case value == "":
					return "", fmt.Errorf("the variable %s is not set, or empty", name)
				case len(value) > limit.SecretBytes:
					return "", fmt.Errorf("the variable %s has %d bytes; at most %d", name, len(value), limit.SecretBytes)
				}
				return value, nil
			}
			data, err := read(name, limit.SecretBytes)
			if err != nil {
				return "", err
			}
			text := strings.TrimRight(string(data), "\r\n")
			if text == "" {
				return "", fmt.Errorf("the file %s is empty", path(name))
			}
			return text, nil
		},
	}
}

// checked returns a target for every given endpoint and every selected scheme, and what of their checks could
// not be read.
func (c *Choice) checked(endpoints []catalog.Endpoint) ([]probe.Target, error) {
	of := checks{choice: c, ready: map[*catalog.Check]*probe.Check{}}
	targets := make([]probe.Target, 0, len(endpoints)*len(c.Schemes))
	for _, e := range endpoints {
		product, _ := c.Catalog.Product(e.Product)
		schemes := c.Schemes
		if e.Scheme != "" {
			schemes = []catalog.Scheme{e.Scheme}
		}
		own, over := c.owns.of(&product, &e)
		if over != "" {
			schemes = []catalog.Scheme{over}
		}
		if c.standIns != nil {
			own = standingIn(own, e.Host, func() []netip.Addr { return c.standIns(e.ID) })
		}
		check := of.of(product, e)
		for _, scheme := range schemes {
			targets = append(targets, probe.Target{Endpoint: e, Product: product, Scheme: scheme, Path: e.Path, Authority: e.Authority, Own: own, Check: check})
		}
	}
	if len(of.wrong) > 0 {
		return targets, &UsageError{errors.Join(of.wrong...)}
	}
	return targets, nil
}
