package suites_test

import (
	"strings"
	"testing"

	"prober/catalog"
	"prober/suites"
)

// The limits that a list sets are judged of documented products as of any other, at the endpoints that have
// them; without limits a suite is as it is.
func TestLimitsOfDocumentedProducts(t *testing.T) {
	for name, tt := range map[string]struct{ product, first, second, want string }{
		"none":            {"{}", "{}", "{}", " / "},
		"of an endpoint":  {"{}", "{limits: {certificate_days: 14}}", "{}", "ECS-TLS-30 / "},
		"of the product":  {"{limits: {total: 2s}}", "{limits: {tls_version: TLS1.2}}", "{}", "ECS-TLS-31 ECS-PROTO-35 / ECS-PROTO-35"},
		"time of a phase": {"{}", "{limits: {connect: 2s}}", "{limits: {total: 1s}}", "ECS-PROTO-35 / ECS-PROTO-35"},
	} {
		c, err := catalog.DecodeList("mine.yaml", []byte("products:\n- {id: ecs, provider: alibaba, api_style: alibaba-rpc, api_version: '2014-05-26', read_only_action: DescribeRegions, check: "+tt.product+"}\n"+
			"endpoints:\n- {host: a.example, check: "+tt.first+"}\n- {host: b.example, check: "+tt.second+"}"))
		if err != nil {
			t.Fatal(err)
		}
		s := suites.Of(c)[0]
		if s.Product != "ecs" {
			t.Fatal(s.Product)
		}
		product, _ := c.Product("ecs")
		plain := suites.All()[0]
		var found []string
		for _, e := range c.Endpoints {
			all := s.Requirements(product)
			if s.At != nil {
				all = s.At(e)
			}
			var ids []string
			for _, q := range all[len(plain.Requirements(product)):] {
				ids = append(ids, q.ID)
			}
			found = append(found, strings.Join(ids, " "))
		}
		if got := strings.Join(found, " / "); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
