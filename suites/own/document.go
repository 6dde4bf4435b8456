package own

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// documents makes of what a list says of a product the document that its requirements are stated in.
type documents struct {
	list    *catalog.Catalog
	product catalog.Product
}

// document is that of the endpoints of a kind.
func (l documents) document(k kind) common.Document {
	source, at := l.first()
	d := common.Document{
		Product: l.product, Source: source, SpeaksOfTLS: true,
		Endpoints: common.Heading{at}, Protocols: common.Heading{at}, Methods: common.Heading{at}, Parameters: common.Heading{at}, Encoding: common.Heading{at},
		Codes: kit.At(source, at, ""), Shape: kit.At(source, at, ""),
		List: &common.List{Rules: map[string][]string{}, Sources: map[string]string{}, PlainOnly: k.of == "" && !k.https},
	}
	states := func(r catalog.Rule, about string, heading *common.Heading) {
		d.List.Rules[about] = append(d.List.Rules[about], r.ID)
		if where := l.at(r); heading != nil && len(d.List.Rules[about]) == 1 {
			*heading = common.Heading{where.Section}
			d.List.Sources[where.Section] = where.Source
		}
	}
	r := l.product.Rules
	if r.Schemes != nil {
		states(r.Schemes.Rule, "schemes", &d.Protocols)
	}
	if r.Methods != nil {
		states(r.Methods.Rule, "methods", &d.Methods)
	}
	if r.Encoding != nil {
		states(r.Encoding.Rule, "encoding", &d.Encoding)
	}
	for _, x := range r.SizeLimits {
		states(x.Rule, "size_limits", &d.Parameters)
	}
	for _, x := range r.TLS {
		states(x.Rule, "tls/"+string(x.Version), nil)
	}
	var codes common.Heading
	for _, x := range r.Errors {
		states(x.Rule, "errors/"+string(x.Situation), &codes)
		d.Codes = kit.At(cmp.Or(d.List.Sources[codes[0]], source), codes[0], "")
	}
	if l.product.APIStyle.IsAPI() { // parameters are a rule of its own there
		d.Parameters = common.Heading{}
		if r.Parameters != nil {
			states(r.Parameters.Rule, "parameters", &d.Parameters)
		}
	}
	return d
}

// first is where the list first says something of the product: the record of it, or of an endpoint.
func (l documents) first() (source, at string) {
	source, at = "own", line(l.list, catalog.SectionProduct, l.product.ID)
	i := slices.IndexFunc(l.list.Endpoints, func(e catalog.Endpoint) bool { return e.Product == l.product.ID })
	if i >= 0 {
		e := l.list.Endpoints[i]
		source, at = e.Sources[0], cmp.Or(at, line(l.list, catalog.SectionEndpoint, e.ID))
	}
	return source, cmp.Or(at, "endpoints")
}

// limits is where the list first sets some: the record of the product, or of an endpoint.
func (l documents) limits() kit.Place {
	source, at := l.first()
	none := common.Limited{}
	if common.LimitsOf(l.product, catalog.Endpoint{}) == none {
		for _, e := range l.list.Endpoints {
			if e.Product == l.product.ID && common.LimitsOf(l.product, e) != none {
				source, at = e.Sources[0], cmp.Or(line(l.list, catalog.SectionEndpoint, e.ID), at)
				break
			}
		}
	}
	return kit.At(source, at, "")
}

// at is where the list states a rule, in the first of the sources that it names.
func (l documents) at(r catalog.Rule) kit.Place {
	return kit.At(r.Sources[0], cmp.Or(line(l.list, catalog.SectionRule, r.ID), r.ID), "")
}

// versions are what the list says of protocol versions, and of those that it says nothing of what the
// standards do.
func (l documents) versions() map[catalog.TLSVersion]common.Version {
	const neither = "the list does not speak of it, and every client of today has a newer version"
	refused := func(number, section, since string) common.Version {
		return common.Version{Level: report.Should, In: kit.RFC(number, section, since), Rationale: neither, Otherwise: catalog.Refused}
	}
	says := map[catalog.TLSVersion]common.Version{
		catalog.SSLv2: refused("6176", "3", "2011-03"),
		catalog.SSLv3: refused("7568", "3", "2015-06"),
		catalog.TLS10: refused("8996", "4", "2021-03"),
		catalog.TLS11: refused("8996", "5", "2021-03"),
		catalog.TLS12: {
			Level: report.Should, In: kit.RFC("9325", "3.1.1", "2022-11"), Otherwise: catalog.Required,
			Rationale: "the list does not speak of it, and it is the version that every client of today has",
		},
		catalog.TLS13: {},
	}
	for v, one := range says {
		if one.Otherwise == catalog.Refused {
			one.Text = string(v) + " is not supported."
		} else {
			one.Text = string(v) + " is supported."
		}
		if stated, ok := l.version(v); ok {
			one = stated
		}
		says[v] = one
	}
	return says
}

// version is what the rules of the list say of a protocol version.
func (l documents) version(v catalog.TLSVersion) (common.Version, bool) {
	words := map[catalog.Expectation]string{
		catalog.Required: "is accepted", catalog.Refused: "is not supported", catalog.Allowed: "may be accepted or refused", catalog.Reported: "is looked at",
	}
	says := common.Version{Level: report.Info}
	var texts []string
	for _, r := range l.product.Rules.TLS {
		if r.Version != v {
			continue
		}
		if len(texts) == 0 {
			says.In = l.at(r.Rule)
		}
		if r.Expect == catalog.Required || r.Expect == catalog.Refused {
			says.Level = report.Must
		}
		text := words[r.Expect]
		if r.From != nil {
			text += " from " + r.From.Format(time.RFC3339) + " on"
		}
		if len(r.Regions) > 0 {
			text += " in " + strings.Join(r.Regions, ", ")
		}
		texts = append(texts, text)
	}
	says.Text = fmt.Sprintf("%s %s.", v, strings.Join(texts, "; "))
	return says, len(texts) > 0
}
