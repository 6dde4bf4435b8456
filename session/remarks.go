package session

import (
	"fmt"
	"strings"
)

// Remarks are what is worth to be told before endpoints are asked: that proxy variables are set, which nothing uses, and
// which certificates of --ca-file cannot be used.
func (c *Choice) Remarks() []string {
	var all []string
	if set := c.Env.Proxies(); len(set) > 0 && !c.Options.Sandbox {
		all = append(all, strings.Join(set, ", ")+" is set and not used: endpoints are probed directly")
	}
	for _, why := range c.Config.Anchors.Told() {
		all = append(all, fmt.Sprintf("--ca-file %s: %v", c.Options.CAFile, why))
	}
	return all
}

// Proxies are the proxy variables that are set. Nothing uses them: an endpoint is to be measured, not a proxy. Their values
// may hold passwords and are not shown.
func (e Environment) Proxies() (set []string) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if e.Getenv(name) != "" {
			set = append(set, name)
		}
	}
	return set
}
