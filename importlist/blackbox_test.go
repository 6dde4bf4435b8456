package importlist

import (
	"strings"
	"testing"

	"prober/catalog"
)

const config = `
modules:
  http_2xx:
    prober: http
    timeout: 5s
    http:
      preferred_ip_protocol: ip4
  api:
    prober: http
    http:
      method: POST
      headers: {Content-Type: application/json, X-Api-Key: sesame, Host: Api.Example.com}
      body: '{"a": 1}'
      valid_status_codes: [200, 204]
      follow_redirects: false
      fail_if_body_not_matches_regexp: ["ok"]
      fail_if_body_matches_regexp: ["down"]
      fail_if_header_matches: [{header: Server, regexp: Apache}]
      fail_if_header_not_matches: [{header: Content-Type, regexp: json}]
      basic_auth: {username: probe, password: hunter2}
      proxy_url: http://proxy:3128
      tls_config: {insecure_skip_verify: true, ca_file: /etc/ca.pem}
  token: {prober: http, http: {authorization: {credentials: sesame}}}
  digest: {prober: http, http: {authorization: {type: Digest, credentials: sesame}}}
  ssh: {prober: tcp, tcp: {query_response: [{expect: "^SSH-2.0-"}]}}
  smtp: {prober: tcp, tcp: {query_response: [{send: "HELO x"}, {expect: "^250"}, {send: QUIT}]}}
  shake: {prober: tcp, tcp: {tls: true, tls_config: {server_name: A.example.com}}}
  names: {prober: dns, dns: {query_name: Example.com., query_type: A, preferred_ip_protocol: ip4, ip_protocol_fallback: false, valid_rcodes: [NOERROR, NXDOMAIN]}}
  any: {prober: dns, dns: {query_name: example.com}}
  chaos: {prober: dns, dns: {query_name: version.bind, query_type: TXT, query_class: CH}}
  dot: {prober: dns, dns: {query_name: example.com, query_type: A, dns_over_tls: true}}
  ping: {prober: icmp}
`

const aims = `
- targets: [https://a.example.com/x, b.example.com, "http://u:hunter2@c.example.com/"]
  labels: {__param_module: http_2xx, region: eu, team: web, name: x, __scheme__: http}
- targets: ["http://192.0.2.1:8080/api?q=1"]
  labels: {module: api}
- {targets: [a.example.com], labels: {module: token}}
- {targets: [a.example.com], labels: {module: digest}}
- {targets: ["a.example.com:22"], labels: {module: ssh}}
- {targets: ["a.example.com:25"], labels: {module: smtp}}
- {targets: ["A.example.com:443", nonsense], labels: {module: shake}}
- {targets: [192.0.2.53, "[2001:db8::1]:5353"], labels: {module: names}}
- {targets: [192.0.2.53], labels: {module: any}}
- {targets: [a.example.com], labels: {module: ping}}
`

const wantList = `# Made of blackbox.yml. "prober explain catalogue.products" says what a product may have.

products:
  - id: http_2xx
    timeout: "5s"
    check: {expect: {status: "2xx"}, redirects: 10}
  - id: api
    ca_file: "/etc/ca.pem"
    check: {request: {method: POST, basic: {user: probe, password: "env:PROBER_API_HTTP_BASIC_AUTH_PASSWORD"}, headers: {Content-Type: application/json, X-Api-Key: "env:PROBER_API_HTTP_HEADERS_X_API_KEY"}, body: {text: "{\"a\": 1}"}}, expect: {status: [200, 204], headers: [{name: Server, not_matches: Apache}, {name: Server, matches: "^"}, {name: Content-Type, matches: json}], body: {matches: [ok], not_matches: [down]}}}
  - id: token
    check: {request: {bearer: "env:PROBER_TOKEN_HTTP_AUTHORIZATION_CREDENTIALS"}, expect: {status: "2xx"}, redirects: 10}
  - id: digest
    check: {request: {headers: {Authorization: "env:PROBER_DIGEST_HTTP_AUTHORIZATION"}}, expect: {status: "2xx"}, redirects: 10}
  - id: ssh
    kind: tcp
    tcp: {expect: SSH-2}
  - id: smtp
    kind: tcp
    tcp: {send: "HELO x\n", expect: "250"}
  - id: shake
    kind: tls
    server_name: a.example.com
  - id: names
    kind: dns
    dns: {name: example.com, type: A, rcode: NOERROR}
    family: 4
endpoints:
  - {product: http_2xx, url: "https://a.example.com/x", region: eu, labels: {team: web}}
  - {product: http_2xx, url: "http://b.example.com", region: eu, labels: {team: web}}
  - {product: api, scheme: http, host: "192.0.2.1", ports: {http: 8080}, path: "/api?q=1", authority: api.example.com}
  - {product: token, url: "http://a.example.com"}
  - {product: digest, url: "http://a.example.com"}
  - {product: ssh, host: a.example.com, ports: {tcp: 22}}
  - {product: smtp, host: a.example.com, ports: {tcp: 25}}
  - {product: shake, host: a.example.com, ports: {tls: 443}}
  - {product: names, host: "192.0.2.53", ports: {dns: 53}}
`

const wantNotes = `blackbox.yml:7: modules.http_2xx.http.preferred_ip_protocol: not carried over: every address is probed, of both families
blackbox.yml:12: modules.api.http.headers.X-Api-Key: a secret is not written out: the list takes it from the variable PROBER_API_HTTP_HEADERS_X_API_KEY
blackbox.yml:20: modules.api.http.basic_auth.password: a secret is not written out: the list takes it from the variable PROBER_API_HTTP_BASIC_AUTH_PASSWORD
blackbox.yml:21: modules.api.http.proxy_url: not carried over: no proxy is used: what is measured is the endpoint
blackbox.yml:22: modules.api.http.tls_config.insecure_skip_verify: not carried over: certificates are always verified; a ca_file makes one of your own trusted
blackbox.yml:23: modules.token.http.authorization.credentials: a secret is not written out: the list takes it from the variable PROBER_TOKEN_HTTP_AUTHORIZATION_CREDENTIALS
blackbox.yml:24: modules.digest.http.authorization: a secret is not written out: the list takes it from the variable PROBER_DIGEST_HTTP_AUTHORIZATION, which is to begin with the type, Digest
blackbox.yml:25: modules.ssh.tcp.query_response[0].expect: carried over in part: what is to come is to begin with "SSH-2", and no more is looked at
blackbox.yml:26: modules.smtp.tcp.query_response[1].expect: carried over in part: the first bytes that come are to be "250", where a later line would do: of a server that speaks first, expect what it says first
blackbox.yml:26: modules.smtp.tcp.query_response[2].send: not carried over: a list has one text that is sent and the first bytes that are to come then
blackbox.yml:28: modules.names.dns.valid_rcodes: not carried over: a list expects one response code: NOERROR
blackbox.yml:29: modules.any.dns: not carried over: a list asks for one of the types A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, SRV, TXT, and so has no endpoints of this module
blackbox.yml:30: modules.chaos.dns.query_class: not carried over: a list asks for the class IN, and so has no endpoints of this module
blackbox.yml:31: modules.dot.dns.dns_over_tls: not carried over: a list asks over UDP and TCP, and so has no endpoints of this module; kind tls looks at the handshake of such a server
blackbox.yml:32: modules.ping.prober: not carried over: a list has no endpoints of the prober "icmp", and so none of this module
targets.yml:3: [0].labels.name: not carried over: every endpoint has a label of this name
targets.yml:2: [0].targets[2]: not carried over: URL with user information: leave out what stands before the @
targets.yml:10: [6].targets[1]: not carried over: want HOST:PORT
targets.yml:11: [7].targets[1]: not carried over: host: 2001:db8::1 is not of family 4, which alone is to be probed
targets.yml:12: [8].targets[0]: not carried over: nor is its module "any"
targets.yml:13: [9].targets[0]: not carried over: nor is its module "ping"
`

// Modules and targets become a list that is valid, and whatever it does not say as they do is told with
// its line. No secret of theirs is in either.
func TestBlackbox(t *testing.T) {
	list, notes, err := Blackbox(Source{"blackbox.yml", []byte(config)}, &Source{"targets.yml", []byte(aims)})
	if err != nil {
		t.Fatal(err)
	}
	if list != wantList {
		t.Errorf("the list is\n%s", list)
	}
	var told strings.Builder
	for _, n := range notes {
		told.WriteString(n.String() + "\n")
	}
	if told.String() != wantNotes {
		t.Errorf("told is\n%s", told.String())
	}
	for _, secret := range []string{"sesame", "hunter2"} {
		if strings.Contains(list+told.String(), secret) {
			t.Errorf("%q shows", secret)
		}
	}
	if _, err := catalog.DecodeList("list.yaml", []byte(list)); err != nil {
		t.Error(err)
	}
}

// Without targets each module has an endpoint that stands for them.
func TestBlackboxWithoutTargets(t *testing.T) {
	list, _, err := Blackbox(Source{"blackbox.yml", []byte(config)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.DecodeList("list.yaml", []byte(list))
	if err != nil || len(c.Endpoints) != 8 {
		t.Errorf("%v\n%s", err, list)
	}
}

// What cannot be read is refused with its place.
func TestBlackboxRefuses(t *testing.T) {
	for _, c := range []struct{ config, targets, want string }{
		{"", "", "blackbox.yml: the file is empty"},
		{"a: [", "", "blackbox.yml: yaml: line 1: did not find expected node content"},
		{"scrape_configs: []", "", "blackbox.yml: there are no modules in it; want a configuration of blackbox_exporter; this is one of Prometheus: give it as --targets, beside that of blackbox_exporter"},
		{"config: {modules: {}}", "", "blackbox.yml: there are no modules in it; want a configuration of blackbox_exporter; these are values of a chart: put what stands below config into a file of its own"},
		{"a: b", "", "blackbox.yml: there are no modules in it; want a configuration of blackbox_exporter"},
		{"modules: {a: {prober: http}}", "scrape_configs: []", "targets.yml: none of its jobs has a target that blackbox_exporter probes; want one with the path /probe and static_configs"},
		{"probe {\n  name: \"a\"\n}\n", "", "blackbox.yml: this is a configuration of cloudprober, which is not read; want endpoints: [URL, ...] of its targets"},
		{"endpoints: [{url: x, conditions: []}]", "", "blackbox.yml: there are no modules in it; want a configuration of blackbox_exporter; this is a configuration of Gatus, which is not read; want endpoints: [URL, ...], and what its conditions say as check.expect"},
		{"modules: {a: {prober: http}}\n---\n", "", "blackbox.yml: there is more than one document, or something behind the first"},
		{"modules:\n  A: {prober: http}\n  a: {prober: http}", "", `blackbox.yml:3: the modules "A" and "a" would both be the product "a"; rename one`},
		{"modules: {a: {prober: http}}", "a: b", "targets.yml:1: want a list of {targets, labels}, as Prometheus' file_sd and static_configs have it, or a configuration of Prometheus"},
		{"modules: {a: {prober: http}}", "- {targets: [x], labels: {module: b}}", `targets.yml:1: there is no module "b"; the label module, or __param_module, names one`},
		{"modules: {a: {prober: http}, b: {prober: http}}", "- {targets: [x]}", "targets.yml:1: its labels name no module; a label module, or __param_module, says which one"},
		{"modules: {a: {prober: icmp}}", "- {targets: [x]}", "targets.yml: no endpoint can be made of its targets"},
	} {
		var targets *Source
		if c.targets != "" {
			targets = &Source{"targets.yml", []byte(c.targets)}
		}
		if _, _, err := Blackbox(Source{"blackbox.yml", []byte(c.config)}, targets); err == nil || err.Error() != c.want {
			t.Errorf("%s\n%s\n got %v\nwant %s", c.config, c.targets, err, c.want)
		}
	}
}

// Whatever is in the files, it is read to its end or refused.
func FuzzBlackbox(f *testing.F) {
	for _, module := range []string{ // small ones: what is new in a large one is made smaller for a minute
		"http: [1]", "http: {headers: {A: b, Cookie: c}}", "http: {method: POST, body: '{}'}", "http: {valid_status_codes: [200]}", "http: {basic_auth: {username: u}}",
		"http: {authorization: {type: T}}", "http: {fail_if_body_matches_regexp: [a]}", "http: {fail_if_header_matches: [{header: A, regexp: b}]}", "http: {tls_config: {ca_file: a}}",
		"timeout: 1s", "tcp: {query_response: [{expect: a}, {send: b}]}", "tcp: {tls: true}", "dns: {query_name: a, query_type: A}", "icmp: {}",
	} {
		f.Add("modules: {a: {prober: http, "+module+"}}", "[{targets: [a.example], labels: {module: a}}]")
	}
	f.Add("modules: {a: *b}", "[1, {labels: [x], targets: {}}]")
	f.Add("modules: {a: &b {prober: http}, c: {<<: *b}}", "scrape_configs: [{static_configs: [{targets: [a]}], relabel_configs: [{source_labels: [a], regexp: b}]}]")
	f.Fuzz(func(_ *testing.T, config, targets string) {
		_, _, _ = Blackbox(Source{"blackbox.yml", []byte(config)}, &Source{"targets.yml", []byte(targets)})
	})
}

// Each line of a configuration is carried over or told, and what a list does not take keeps nothing else from
// being carried over.
func TestBlackboxLines(t *testing.T) {
	for name, c := range map[string]struct{ module, product, told string }{
		"a body by GET":        {"{prober: http, http: {body: x}}", `check: {expect: {status: "2xx"}, redirects: 10}`, "a.http: not carried over: its body: a list sends none by GET"},
		"a body by POST":       {"{prober: http, http: {method: post, body: x}}", `check: {request: {method: POST, body: {text: x}}, expect: {status: "2xx"}, redirects: 10}`, ""},
		"a body with a secret": {`{prober: http, http: {method: POST, body: 'user=a&password=sesame'}}`, `check: {request: {method: POST, body: {text: "env:PROBER_A_HTTP_BODY"}}, expect: {status: "2xx"}, redirects: 10}`, "a.http.body: a secret is not written out: the list takes it from the variable PROBER_A_HTTP_BODY, with the whole body"},
		"no password":          {"{prober: http, http: {basic_auth: {username: u}}}", `check: {expect: {status: "2xx"}, redirects: 10}`, "a.http.basic_auth: not carried over: a list wants a user and a password"},
		"a short time":         {"{prober: http, timeout: 1ms}", `check: {expect: {status: "2xx"}, redirects: 10}`, "a.timeout: not carried over: want a time from 10ms to 1m0s, as 10s"},
		"no status":            {"{prober: http, http: {valid_status_codes: [200, 999]}}", "check: {expect: {status: 200}, redirects: 10}", "a.http.valid_status_codes: not carried over: 999 is no status"},
		"no expression":        {`{prober: http, http: {fail_if_body_matches_regexp: ["("]}}`, "", "a: not carried over: nothing of this module: check.expect.body.not_matches[0]: \"(\" is not a regular expression of RE2: missing closing ): `(`"},
		"a field of every one": {"{prober: http, http: {headers: {Connection: close, A.B: c, D: ''}}}", `check: {request: {headers: {A.B: c, D: ""}}, expect: {status: "2xx"}, redirects: 10}`, "a.http.headers.Connection: not carried over: each connection carries one request"},
		"authorization before": {"{prober: http, http: {authorization: {type: Token, credentials: c}, headers: {A: b}}}", `check: {request: {headers: {A: b, Authorization: "env:PROBER_A_HTTP_AUTHORIZATION"}}, expect: {status: "2xx"}, redirects: 10}`, "a.http.authorization: a secret is not written out: the list takes it from the variable PROBER_A_HTTP_AUTHORIZATION, which is to begin with the type, Token"},
		"no prober":            {"{http: {}}", "", `a.prober: not carried over: a list has no endpoints of the prober "", and so none of this module`},
	} {
		t.Run(name, func(t *testing.T) {
			text, notes, err := Blackbox(Source{"blackbox.yml", []byte("modules:\n  z: {prober: http}\n  a: " + c.module)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, product, is := strings.Cut(text, "  - id: a\n")
			if product, _, _ = strings.Cut(strings.TrimSpace(product), "\n"); is != (c.product != "") || product != c.product {
				t.Errorf("got  %s\nwant %s", product, c.product)
			}
			var told []string
			for _, n := range notes {
				told = append(told, n.String())
			}
			want := ""
			if c.told != "" {
				want = "blackbox.yml:3: modules." + c.told
			}
			if got := strings.Join(told, "\n"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	_, notes, err := Blackbox(Source{"blackbox.yml", []byte("modules: {a: {prober: http}}")}, &Source{"t.yml", []byte("- targets: [a.example]\n  labels: {a-b: c}")})
	if err != nil || len(notes) != 1 || notes[0].String() != "t.yml:2: [0].labels.a-b: not carried over: a label of a list is letters, digits and '_'" {
		t.Errorf("%v, %v", notes, err)
	}
}
