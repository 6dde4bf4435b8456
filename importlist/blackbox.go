package importlist

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"prober/catalog"
	"prober/limit"
)

// module is a module of blackbox_exporter on its way to a product.
type module struct {
	name, prober string
	of           at
	folder       string
	product      fields
	authority    string // the Host of requests; empty: the target's
	usable       bool   // endpoints can be made of its targets
	used         bool
	notes        []Note
}

// mistaken says what a file without modules is, where that is known, and what to do.
func mistaken(name string, data []byte, root *yaml.Node) string {
	x := at{node: root}
	switch {
	case x.member("scrape_configs").node != nil:
		return "; this is one of Prometheus: give it as --targets, beside that of blackbox_exporter"
	case x.member("config").member("modules").node != nil:
		return "; these are values of a chart: put what stands below config into a file of its own"
	}
	if said := catalog.Foreign(name, data); said != "" {
		return "; " + said
	}
	return ""
}

// Blackbox makes a list of the modules of blackbox_exporter and of targets, which may be none: then each
// module has an endpoint that stands for them. The list is in YAML. Errors say what cannot be read.
func Blackbox(config Source, targets *Source) (list string, notes []Note, err error) {
	root, err := config.read()
	if err != nil {
		if said := catalog.Foreign(config.Name, config.Data); said != "" {
			err = fmt.Errorf("%s: %s", config.Name, said)
		}
		return "", nil, err
	}
	folder, err := filepath.Abs(filepath.Dir(config.Name))
	if err != nil {
		return "", nil, err
	}
	var modules []*module
	ids := map[string]string{}
	for _, x := range (at{file: config.Name, node: root}).members() {
		if x.path != "modules" {
			notes = append(notes, x.note("not carried over: a list has nothing like it"))
			continue
		}
		for _, one := range x.members() {
			m := &module{name: strings.TrimPrefix(one.path, "modules."), of: one, folder: folder}
			id := idOf(m.name)
			if other := ids[id]; other != "" {
				return "", nil, fmt.Errorf("%s:%d: the modules %q and %q would both be the product %q; rename one", config.Name, one.node.Line, other, m.name, id)
			}
			ids[id] = m.name
			m.product.set("id", id)
			m.read()
			m.prove()
			modules = append(modules, m)
		}
	}
	if len(modules) == 0 {
		return "", nil, fmt.Errorf("%s: there are no modules in it; want a configuration of blackbox_exporter%s", config.Name, mistaken(config.Name, config.Data, root))
	}
	endpoints, more, err := aim(modules, targets)
	if err != nil {
		return "", nil, err
	}
	for _, m := range modules {
		notes = append(notes, m.notes...)
	}
	return write(config.Name, modules, endpoints), append(notes, more...), nil
}

// idOf makes the id of a product of the name of a module.
func idOf(name string) string {
	id := strings.Trim(notInID.ReplaceAllString(strings.ToLower(name), "-"), "-._")
	return joined.ReplaceAllString(id, "-")
}

var (
	notInID = regexp.MustCompile(`[^a-z0-9._-]+`)
	joined  = regexp.MustCompile(`[._-]{2,}`)
)

// prove looks whether the list takes what was made of a module: one that it does not take is left out, and
// said, and keeps no other from being carried over.
func (m *module) prove() {
	if !m.usable {
		return
	}
	e, err := m.endpoint(m.placeholder())
	if err == nil {
		m.used = true
		_, err = catalog.DecodeList("list.yaml", []byte(write("", []*module{m}, []fields{e})))
	}
	m.used = false
	if err == nil {
		return
	}
	m.usable = false
	var wrong catalog.Errors
	if errors.As(err, &wrong) {
		err = errors.New(strings.TrimPrefix(wrong[0].Field, "products[0].") + ": " + wrong[0].Problem)
	}
	m.drop(m.of, "nothing of this module: %v", err)
}

// read reads a module.
func (m *module) read() {
	m.prober = m.of.member("prober").text()
	m.usable = true
	switch m.prober {
	case "http", "tcp", "dns":
	default:
		m.usable = false
		m.drop(m.of.member("prober"), "a list has no endpoints of the prober %q, and so none of this module", m.prober)
		return
	}
	for _, x := range m.of.members() {
		switch x.key {
		case "prober":
		case "timeout":
			if d, err := time.ParseDuration(x.text()); err != nil || d > limit.OwnTimeoutMost || d != 0 && d < limit.OwnTimeoutLeast {
				m.drop(x, "want a time from %s to %s, as 10s", limit.OwnTimeoutLeast, limit.OwnTimeoutMost)
			} else if d > 0 {
				m.product.set("timeout", d.String())
			}
		case m.prober:
		default:
			m.drop(x, "it is of another prober than the module's, or nothing that a list has")
		}
	}
	conf := m.of.member(m.prober)
	switch m.prober {
	case "http":
		m.http(conf)
	case "tcp":
		m.tcp(conf)
	case "dns":
		m.dns(conf)
	}
}

// tcp reads what a module of the prober tcp says: a connection, with a handshake or without, and what
// comes first.
func (m *module) tcp(conf at) {
	m.product.set("kind", "tcp")
	shakes := conf.member("tls").isTrue(false)
	if shakes {
		m.product.set("kind", "tls")
	}
	for _, x := range conf.members() {
		switch x.key {
		case "tls", "preferred_ip_protocol", "ip_protocol_fallback":
		case "tls_config":
			if shakes {
				m.tls(x)
			}
		case "query_response":
			if shakes {
				m.drop(x, "an endpoint of kind tls is asked nothing once it has shaken hands")
			} else {
				m.talk(x)
			}
		default:
			m.drop(x, "%s", why(x.key))
		}
	}
	m.family(conf)
}

// talk reads what is sent and what is to come: a list has one of each, in this order.
func (m *module) talk(conf at) {
	var talk fields
	for _, step := range conf.items() {
		for _, x := range step.members() {
			switch literal, whole := beginning(x.text()); {
			case x.key == "send" && len(talk) == 0:
				talk.set("send", m.literal(x, x.text()+"\n")) // which blackbox_exporter puts behind it
			case x.key != "expect" || talk.has("expect"):
				m.drop(x, "a list has one text that is sent and the first bytes that are to come then")
			case literal == "":
				m.drop(x, "a list has the first bytes that are to come, and no regular expression: want one as ^220")
			default:
				switch {
				case !whole:
					m.notes = append(m.notes, x.note("carried over in part: what is to come is to begin with %q, and no more is looked at", literal))
				case talk.has("send"):
					m.notes = append(m.notes, x.note("carried over in part: the first bytes that come are to be %q, where a later line would do: of a server that speaks first, expect what it says first", literal))
				}
				talk.set("expect", literal)
			}
		}
	}
	m.product.set("tcp", talk)
}

// beginning is the text that a regular expression wants at the beginning, and whether that is all that it
// wants.
func beginning(pattern string) (literal string, whole bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	switch parsed = parsed.Simplify(); {
	case parsed.Op != syntax.OpConcat || len(parsed.Sub) < 2:
		return "", false
	case parsed.Sub[0].Op != syntax.OpBeginText && parsed.Sub[0].Op != syntax.OpBeginLine:
		return "", false
	case parsed.Sub[1].Op != syntax.OpLiteral || parsed.Sub[1].Flags&syntax.FoldCase != 0:
		return "", false
	}
	return string(parsed.Sub[1].Rune), len(parsed.Sub) == 2
}

// dns reads what a module of the prober dns asks.
func (m *module) dns(conf at) {
	var asked fields
	asked.set("name", strings.ToLower(strings.TrimSuffix(conf.member("query_name").text(), ".")))
	kind := strings.ToUpper(conf.member("query_type").text())
	if known := catalog.RecordTypes(); !slices.Contains(known, catalog.RecordType(kind)) {
		m.usable = false
		m.drop(conf, "a list asks for one of the types %s, and so has no endpoints of this module", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(known)), ", "), "[]"))
	}
	asked.set("type", kind)
	rcode := "NOERROR"
	for _, x := range conf.members() {
		switch x.key {
		case "query_name", "query_type", "preferred_ip_protocol", "ip_protocol_fallback":
		case "valid_rcodes":
			given := x.texts()
			if len(given) > 0 {
				rcode = given[0]
			}
			if len(given) > 1 {
				m.drop(x, "a list expects one response code: %s", rcode)
			}
		case "query_class":
			if !strings.EqualFold(x.text(), "IN") {
				m.usable = false
				m.drop(x, "a list asks for the class IN, and so has no endpoints of this module")
			}
		case "dns_over_tls":
			if x.isTrue(false) {
				m.usable = false
				m.drop(x, "a list asks over UDP and TCP, and so has no endpoints of this module; kind tls looks at the handshake of such a server")
			}
		case "recursion_desired":
			if !x.isTrue(true) {
				m.drop(x, "recursion is asked for")
			}
		case "transport_protocol":
			if x.text() != "udp" {
				m.drop(x, "it is asked over UDP, and over TCP where the answer does not fit")
			}
		case "validate_answer_rrs", "validate_authority_rrs", "validate_additional_rrs":
			m.drop(x, "a list has all records that are to come, as dns.records, and no regular expressions of them")
		default:
			m.drop(x, "%s", why(x.key))
		}
	}
	asked.set("rcode", rcode)
	m.product.set("kind", "dns")
	m.product.set("dns", asked)
	m.family(conf)
}

// endpoint makes an endpoint of a target of the module.
func (m *module) endpoint(target string) (fields, error) {
	var e fields
	e.set("product", m.product[0].value)
	if m.prober == "http" {
		if !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://") {
			target = "http://" + target
		}
		u, err := catalog.ParseURL(target)
		switch {
		case err != nil:
			return nil, err
		case m.authority == "":
			e.set("url", target)
		default:
			m.taken(&e, u)
		}
		return e, nil
	}
	port := map[string]string{"dns": "53"}[m.prober]
	host := strings.TrimSuffix(strings.TrimPrefix(target, "["), "]")
	if h, p, err := net.SplitHostPort(target); err == nil {
		host, port = h, p
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return nil, fmt.Errorf("want HOST:PORT")
	}
	if _, err := netip.ParseAddr(host); err != nil {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
	}
	kind := m.prober
	for _, f := range m.product {
		if f.name == "kind" {
			kind, _ = f.value.(string)
		}
	}
	e.set("host", host)
	e.set("ports", fields{{kind, int(number)}})
	return e, nil
}

// line is where a node stands.
func line(n *yaml.Node) int {
	if n == nil {
		return 1
	}
	return n.Line
}
