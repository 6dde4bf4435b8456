package importlist

import (
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

const probing = `
global: {scrape_interval: 30s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: sites
    metrics_path: /probe
    params: {module: [http_2xx], debug: ["true"]}
    static_configs:
      - targets: [https://a.example/healthz, https://b.example]
        labels: {region: EU West 1, team: web}
      - targets: [https://old.example]
        labels: {state: gone}
    relabel_configs:
      - {source_labels: [state], regex: gone, action: drop}
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {source_labels: [__param_target], regex: "https://([^/]*)(/.*)?", target_label: site}
      - {target_label: __address__, replacement: 127.0.0.1:9115}
      - {regex: team, action: labelmap, replacement: owner}
      - {source_labels: [team], action: uppercase, target_label: team}
      - {source_labels: [__address__], modulus: 2, target_label: __tmp, action: hashmod}
  - job_name: ports
    scrape_interval: 1m
    scrape_timeout: 5s
    metrics_path: /probe
    static_configs: [{targets: ["tcp_connect@db.example:5432"]}]
    dns_sd_configs: [{names: [x]}]
    relabel_configs:
      - {source_labels: [__address__], regex: "(.+)@(.+)", target_label: __param_module, replacement: "$1"}
      - {source_labels: [__address__], regex: "(.+)@(.+)", target_label: __param_target, replacement: "${2}"}
  - job_name: node
    static_configs: [{targets: ["localhost:9100"]}]
  - job_name: files
    metrics_path: /probe
    file_sd_configs: [{files: [t.yml]}]
`

const probedEndpoints = `endpoints:
  - {product: http_2xx, url: "https://a.example/healthz", interval: "30s", region: eu-west-1, labels: {team: WEB, site: a.example, owner: web}}
  - {product: http_2xx, url: "https://b.example", interval: "30s", region: eu-west-1, labels: {team: WEB, site: b.example, owner: web}}
  - {product: tcp_connect, host: db.example, ports: {tcp: 5432}}
`

const probedNotes = `p.yml:3: rule_files: not carried over: it says nothing of what is probed
p.yml:21: scrape_configs[0].relabel_configs[7]: not carried over: relabeling by "hashmod" is not followed
p.yml:11: scrape_configs[0].static_configs[1].targets[0]: not carried over: its relabeling drops this target
p.yml:24: scrape_configs[1].scrape_timeout: not carried over: it is of the scrape, and says nothing of what is probed
p.yml:27: scrape_configs[1].dns_sd_configs: not carried over: its targets are found while Prometheus runs; write them into a file for --targets
p.yml:31: scrape_configs[2]: not carried over: nothing is probed by this job, whose metrics are scraped
p.yml:35: scrape_configs[3].file_sd_configs: not carried over: its targets stand in files of their own, each of which --targets takes; their labels are to name the module
p.yml:7: scrape_configs[0].params.debug: not carried over: a list has no parameters of probes
p.yml:10: scrape_configs[0].static_configs[0].labels.region: carried over as eu-west-1: an id is of a-z and 0-9, joined by '-', '_' or '.'
`

const twoModules = "modules:\n  http_2xx: {prober: http}\n  tcp_connect: {prober: tcp}\n"

// What a configuration of Prometheus has probed becomes endpoints, as its relabeling leaves it, and the rest is told.
func TestScraped(t *testing.T) {
	list, notes, err := Blackbox(Source{"blackbox.yml", []byte(twoModules)}, &Source{"p.yml", []byte(probing)})
	if err != nil {
		t.Fatal(err)
	}
	if _, endpoints, _ := strings.Cut(list, "endpoints:\n"); "endpoints:\n"+endpoints != probedEndpoints {
		t.Errorf("the list is\n%s", list)
	}
	if got := lines(notes); got != probedNotes {
		t.Errorf("told is\n%s", got)
	}
	if _, err := catalog.DecodeList("list.yaml", []byte(list)); err != nil {
		t.Error(err)
	}
}

func lines(notes []Note) string {
	var told strings.Builder
	for _, n := range notes {
		told.WriteString(n.String() + "\n")
	}
	return told.String()
}

// A target that a list does not take keeps no other from being carried over, and a label that it does not take no target.
func TestTargetsOneByOne(t *testing.T) {
	for name, c := range map[string]struct{ groups, endpoint, told string }{
		"a region in words":    {"[{targets: [a.example], labels: {region: Asia/Tokyo 1}}]", `{product: http_2xx, url: "http://a.example", region: asia-tokyo-1}`, "t.yml:1: [0].labels.region: carried over as asia-tokyo-1: an id is of a-z and 0-9, joined by '-', '_' or '.'\n"},
		"a region without id":  {"[{targets: [a.example], labels: {region: 東京}}]", `{product: http_2xx, url: "http://a.example"}`, "t.yml:1: [0].labels.region: not carried over: no id can be made of \"東京\", so that its endpoints are of the region default\n"},
		"no network":           {"[{targets: [a.example], labels: {network: dmz}}]", `{product: http_2xx, url: "http://a.example"}`, "t.yml:1: [0].labels.network: not carried over: \"dmz\" is not a network; a list has public and vpc\n"},
		"a long label":         {"[{targets: [a.example], labels: {a: " + strings.Repeat("x", 201) + "}}]", `{product: http_2xx, url: "http://a.example"}`, "t.yml:1: [0].labels.a: not carried over: the name and the value of a label have at most 200 bytes each\n"},
		"a label of two lines": {`[{targets: [a.example], labels: {a: "b\nc"}}]`, `{product: http_2xx, url: "http://a.example"}`, "t.yml:1: [0].labels.a: not carried over: its value has a character that cannot be printed\n"},
		"the same again":       {"- targets: [a.example]\n- targets: ['http://A.example:80/']\n  labels: {region: eu}", `{product: http_2xx, url: "http://a.example"}`, "t.yml:2: [1].targets[0]: not carried over: the target of line 1 is the same\n"},
		"no host":              {"[{targets: [a.example, 'http://a_b.example/'], labels: {a: b}}]", `{product: http_2xx, url: "http://a.example", labels: {a: b}}`, "t.yml:1: [0].targets[1]: not carried over: url: \"a_b.example\" is not a host name: it has a character other than a-z, 0-9, hyphen and dot\n"},
		"another family":       {"[{targets: ['a.example', '192.0.2.1', '2001:db8::1'], labels: {module: http_6}}]", `{product: http_6, url: "http://a.example"}`, "t.yml:1: [0].targets[1]: not carried over: url: 192.0.2.1 is not of family 6, which alone is to be probed\nt.yml:1: [0].targets[2]: not carried over: URL \"http://2001:db8::1\" cannot be parsed\n"},
		"labels of all":        {"[{targets: [a.example, 'b.example:x'], labels: {id: b}}]", `{product: http_2xx, url: "http://a.example"}`, "t.yml:1: [0].labels.id: not carried over: every endpoint has a label of this name\nt.yml:1: [0].targets[1]: not carried over: URL \"http://b.example:x\" cannot be parsed\n"},
	} {
		t.Run(name, func(t *testing.T) {
			list, notes, err := Blackbox(Source{"blackbox.yml", []byte(twoModules + "  http_6: {prober: http, http: {preferred_ip_protocol: ip6, ip_protocol_fallback: false}}\n")}, &Source{"t.yml", []byte(c.groups)})
			if err != nil {
				t.Fatal(err)
			}
			if _, got, _ := strings.Cut(list, "endpoints:\n"); got != "  - "+c.endpoint+"\n" {
				t.Errorf("got  %s\nwant %s", got, c.endpoint)
			}
			if got := lines(notes); got != c.told {
				t.Errorf("got  %s\nwant %s", got, c.told)
			}
		})
	}
}

// Times are those of Prometheus, and what is longer than any is none.
func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "1d": 24 * time.Hour, "1w2h": 170 * time.Hour, "1y": 8760 * time.Hour, "1m30s500ms": 90*time.Second + 500*time.Millisecond,
		"1.5d": -1, "1h1d": -1, "-1d": -1, "1s ": -1,
		"768614336404564651d": -1, "99999999999999999999d": -1, "292y9223372036854775807ms": -1, // the first as a product of 64 bits is eight hours
	} {
		if got, ok := duration(text); ok != (want >= 0) || ok && got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, ok, want)
		}
	}
}

// Shapes in which targets stand elsewhere: each becomes the same endpoint, or is told.
func TestShapesOfTargets(t *testing.T) {
	const relabel = "relabel_configs: [{source_labels: [__address__], target_label: __param_target}, {target_label: __address__, replacement: '127.0.0.1:9115'}]"
	for name, c := range map[string]struct{ targets, endpoints, told string }{
		"jobs in a file of their own": {
			"- job_name: web\n  metrics_path: /probe\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [https://a.example/]}]\n  " + relabel + "\n",
			`  - {product: http_2xx, url: "https://a.example/"}` + "\n", "",
		},
		"an interval of a day": {
			"global: {scrape_interval: 1d}\nscrape_configs:\n- job_name: web\n  metrics_path: /probe\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [https://a.example/]}]\n  " + relabel + "\n",
			`  - {product: http_2xx, url: "https://a.example/", interval: "24h0m0s"}` + "\n", "",
		},
		"an interval of a week": {
			"scrape_configs:\n- job_name: web\n  scrape_interval: 1w2h\n  metrics_path: /probe\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [https://a.example/]}]\n  " + relabel + "\n",
			`  - {product: http_2xx, url: "https://a.example/"}` + "\n", "t.yml:3: scrape_configs[0].scrape_interval: not carried over: want a time from 1s to 24h0m0s, as 30s\n",
		},
		"the target as a parameter": {
			"scrape_configs:\n- job_name: web\n  metrics_path: /probe\n  params: {module: [http_2xx], target: [https://a.example/x]}\n  static_configs: [{targets: ['127.0.0.1:9115']}]\n",
			`  - {product: http_2xx, url: "https://a.example/x"}` + "\n", "",
		},
		"another path of the exporter": {
			"scrape_configs:\n- job_name: web\n  metrics_path: /blackbox/probe\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [https://a.example/]}]\n  " + relabel + "\n",
			`  - {product: http_2xx, url: "https://a.example/"}` + "\n", "",
		},
		"target, module and region in one text": {
			"scrape_configs:\n- job_name: web\n  metrics_path: /probe\n  static_configs: [{targets: ['https://a.example/;http_2xx;eu', 'b.example:22;tcp_connect;us']}]\n  relabel_configs:\n" +
				"  - {source_labels: [__address__], regex: '(.*);(.*);(.*)', target_label: __param_target, replacement: $1}\n" +
				"  - {source_labels: [__address__], regex: '(.*);(.*);(.*)', target_label: __param_module, replacement: $2}\n" +
				"  - {source_labels: [__address__], regex: '(.*);(.*);(.*)', target_label: region, replacement: '${3}-1'}\n" +
				"  - {source_labels: [__param_target], target_label: instance}\n  - {target_label: __address__, replacement: 'exporter:9115'}\n",
			`  - {product: http_2xx, url: "https://a.example/", region: eu-1}` + "\n" + `  - {product: tcp_connect, host: b.example, ports: {tcp: 22}, region: us-1}` + "\n", "",
		},
		"a module in a label": {
			"scrape_configs:\n- job_name: web\n  metrics_path: /probe\n  static_configs: [{targets: ['b.example:22'], labels: {probe_module: tcp_connect, team: web}}]\n  relabel_configs:\n" +
				"  - {source_labels: [probe_module], target_label: __param_module}\n  - {regex: probe_module, action: labeldrop}\n  - {source_labels: [__address__], target_label: __param_target}\n",
			`  - {product: tcp_connect, host: b.example, ports: {tcp: 22}, labels: {team: web}}` + "\n", "",
		},
		"parameters of labels": {
			"scrape_configs:\n- job_name: web\n  metrics_path: /probe\n  static_configs: [{targets: ['exporter:9115'], labels: {url: 'https://a.example/', module: http_2xx}}]\n  relabel_configs:\n" +
				"  - {regex: module, action: labelmap, replacement: __param_module}\n  - {regex: url, action: labelmap, replacement: __param_target}\n  - {regex: url, action: labeldrop}\n",
			`  - {product: http_2xx, url: "https://a.example/"}` + "\n", "",
		},
		"the exporter over TLS with a password": {
			"scrape_configs:\n- job_name: web\n  scheme: https\n  basic_auth: {username: a, password: sesame}\n  metrics_path: /probe\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [https://a.example/]}]\n  " + relabel + "\n",
			`  - {product: http_2xx, url: "https://a.example/"}` + "\n", "t.yml:4: scrape_configs[0].basic_auth: not carried over: it is of the scrape, and says nothing of what is probed\n",
		},
		"targets of a port alone": {
			"- targets: ['https://a.example:8443', 'a.example:80']\n  labels: {__param_module: http_2xx, job: web, instance: one}\n",
			`  - {product: http_2xx, url: "https://a.example:8443", labels: {job: web, instance: one}}` + "\n" + `  - {product: http_2xx, url: "http://a.example:80", labels: {job: web, instance: one}}` + "\n", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			list, notes, err := Blackbox(Source{"blackbox.yml", []byte(twoModules)}, &Source{"t.yml", []byte(c.targets)})
			if err != nil {
				t.Fatal(err)
			}
			if _, got, _ := strings.Cut(list, "endpoints:\n"); got != c.endpoints || lines(notes) != c.told {
				t.Errorf("got\n%s%s\nwant\n%s%s", got, lines(notes), c.endpoints, c.told)
			}
		})
	}
}
