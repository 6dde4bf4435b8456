package kubernetes

import (
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	network "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
	"prober/settings"
)

// everything asks for all that the chart can make.
const everything = `
monitor: {kind: PodMonitor, labels: {release: stack}}
rules: {enabled: true, labels: {release: stack}, runbooks: "https://git.example.com/prober/", objective: {ratio: 0.999, seconds: 1.5}}
dashboards: {enabled: true, annotations: {folder: Prober}}
probe: {enabled: true, targets: [ecs/cn-hongkong/public], labels: {release: stack}}
vantages:
  - {name: berlin, nodeSelector: {region: berlin}, tolerations: [{key: edge, operator: Exists}]}
  - {name: oslo, config: {interval: 15s}, affinity: {nodeAffinity: {}}}
endpoints: {builtin: false, list: ["https://a.example.com/", {url: "https://b.example.com/"}], listOptions: {}}
credentials: {secrets: [keys]}
config: {interval: 30s, signed: true, resolver: ["192.0.2.53:53"]}
web: {configSecret: web, tls: true, basicAuth: {name: web-user}}
hostNetwork: true
nodeSelector: {kubernetes.io/os: linux}
priorityClassName: high
podAnnotations: {a: b}
labels: {team: edge}
env: [{name: A, value: b}]
volumes: [{name: ca, configMap: {name: ca}}]
volumeMounts: [{name: ca, mountPath: /ca}]
image: {repository: registry.example.com/prober, digest: "sha256:0123456789012345678901234567890123456789012345678901234567890123", pullSecrets: [{name: pull}]}
`

// Over a table of values everything that is made is what the API takes, to the last member.
func TestChartIsWhatTheAPITakes(t *testing.T) {
	for name, tt := range map[string]struct {
		values string
		kinds  string
	}{
		"nothing said":        {"", "ConfigMap NetworkPolicy Pod PodDisruptionBudget Service ServiceAccount StatefulSet"},
		"everything":          {everything, "ConfigMap NetworkPolicy Pod PodDisruptionBudget PodMonitor Probe PrometheusRule Service ServiceAccount StatefulSet"},
		"a ServiceMonitor":    {"monitor: {kind: ServiceMonitor}", "ConfigMap NetworkPolicy Pod PodDisruptionBudget Service ServiceAccount ServiceMonitor StatefulSet"},
		"as little as can be": {"networkPolicy: {enabled: false}\nmaxUnavailable: 0\nhistory: {enabled: false}\ntopologySpread: {keys: []}\nresources: null", "ConfigMap Pod Service ServiceAccount StatefulSet"},
		"lists elsewhere":     {"endpoints: {configMaps: [one, two], volume: {persistentVolumeClaim: {claimName: lists}}, count: 250000}", "ConfigMap NetworkPolicy Pod PodDisruptionBudget Service ServiceAccount StatefulSet"},
	} {
		t.Run(name, func(t *testing.T) {
			var kinds []string
			for _, o := range objects(t, tt.values) {
				kinds = append(kinds, o.Kind)
			}
			slices.Sort(kinds)
			if got := strings.Join(slices.Compact(kinds), " "); got != tt.kinds {
				t.Errorf("it makes %s\nwant     %s", got, tt.kinds)
			}
		})
	}
}

// The number of shards is that of the endpoints by how many a shard takes, rounded up.
func TestShardsAreComputed(t *testing.T) {
	for _, tt := range []struct {
		values string
		want   int32
	}{
		{"", 1},
		{"endpointsPerShard: 85", 1},
		{"endpointsPerShard: 84", 2},
		{"endpointsPerShard: 1", 85},
		{"shards: 7", 7},
		{"endpoints: {configMaps: [a], count: 9915}", 1},
		{"endpoints: {configMaps: [a], count: 9916}", 2},
		{"endpoints: {builtin: false, volume: {emptyDir: {}}, count: 1000000}", 100},
		{"endpoints: {builtin: false, list: [\"https://a/\", \"https://b/\", \"https://c/\"]}\nendpointsPerShard: 2", 2},
	} {
		set := one[*apps.StatefulSet](t, objects(t, tt.values), "StatefulSet/prober")
		env := set.Spec.Template.Spec.Containers[0].Env
		if *set.Spec.Replicas != tt.want || env[1].Name != "SHARDS" || env[1].Value != yamlText(t, tt.want) {
			t.Errorf("%q: %d replicas, %v, want %d", tt.values, *set.Spec.Replicas, env, tt.want)
		}
	}
}

func yamlText(t *testing.T, v any) string {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// What is wrong is told by the name of the value, with what to do.
func TestBadValuesAreToldWell(t *testing.T) {
	for _, tt := range []struct{ values, want string }{
		{"replicas: 3", "additional properties 'replicas' not allowed"},
		{"shards: two", "at '/shards': got string, want integer"},
		{"shards: 10001", "at '/shards': maximum: got 10,001, want 10,000"},
		{"endpointsPerShard: 0", "at '/endpointsPerShard': minimum: got 0, want 1"},
		{"config: {intervall: 30s}", "at '/config': additional properties 'intervall' not allowed"},
		{"config: {shard: 1/2}", "at '/config': additional properties 'shard' not allowed"},
		{"config: {interval: 30}", "at '/config/interval': got number, want string"},
		{"vantages: [{name: Berlin}]", "at '/vantages/0/name': 'Berlin' does not match pattern"},
		{"vantages: [{}]", "at '/vantages/0': missing property 'name'"},
		{"vantages: [{name: a}, {name: a}]", `vantages: "a" stands there twice.`},
		{"monitor: {kind: Monitor}", "at '/monitor/kind': value must be one of 'PodMonitor', 'ServiceMonitor', 'none'"},
		{"history: {retention: 90}", "at '/history/retention': got number, want string"},
		{"image: {repository: ''}", "image.repository: say where you keep the image"},
		{"image: {repository: 'registry.example.com/prober:1.0'}", "at '/image/repository'"},
		{"endpoints: {builtin: false}", "endpoints: there is nothing to probe. Set endpoints.builtin, endpoints.list, endpoints.configMaps or endpoints.volume."},
		{"endpoints: {configMaps: [a]}", "endpoints.count: how many endpoints are in your ConfigMaps or volume cannot be seen from here. Say it, or set shards."},
		{"endpoints: {count: 5}", "endpoints.count: it counts what is in endpoints.configMaps and endpoints.volume, and there are none."},
		{"endpoints: {builtin: false, volume: {emptyDir: {}}, count: 20000}\nendpointsPerShard: 1", "20000 endpoints would make 20000 shards"},
		{"probe: {enabled: true, targets: [a]}\nshards: 2", "/probe answers for endpoints of its own shard alone, and there are 2 shards. Set shards to 1"},
		{"probe: {enabled: true}", "probe.targets: name the endpoints"},
		{"fullnameOverride: a-name-that-is-longer-than-what-a-stateful-set-can-have", "at '/fullnameOverride'"},
		{"fullnameOverride: a-name-that-is-nearly-too-long-for-a-stateful-set\nvantages: [{name: berlin}]", "has 56 characters; 52 is the most"},
		{"rules: {objective: {ratio: 99.5}}", "at '/rules/objective/ratio'"},
		{"vantages: [{name: list}]", `what belongs to "list" would be called as the list is`},
		{"labels: {app.kubernetes.io/name: shop}", "labels: the chart sets app.kubernetes.io/name itself. Take another name."},
		{"rules: {enabled: true, labels: {vantage: berlin}}", "labels: the chart sets vantage itself. Take another name."},
		{"monitor: {kind: PodMonitor, interval: 15s}", "monitor.timeout: 25s is longer than monitor.interval, which is 15s"},
		{"monitor: {kind: ServiceMonitor, interval: 1m30s, timeout: 100s}", "monitor.timeout: 100s is longer"},
		{"web: {tls: true}", "web.tls: nothing makes it TLS. Set web.configSecret."},
		{"web: {basicAuth: {name: user}}", "web.basicAuth: nothing asks for a password. Set web.configSecret."},
		{"web: {configSecret: web, basicAuth: {usernameKey: u}}", "at '/web/basicAuth'"},
	} {
		_, err := release(tt.values).Render()
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v\nwant %s", tt.values, err, tt.want)
		}
	}
}

// A name is the name that was given, though YAML would take it for a number, a truth or nothing: of a place in Norway, say.
func TestNamesAreText(t *testing.T) {
	for _, name := range []string{"no", "on", "true", "null", "123", "1e3", "0x1f"} {
		values := strings.ReplaceAll(`
fullnameOverride: "NAME"
vantages: [{name: "NAME"}]
monitor: {kind: PodMonitor}
rules: {enabled: true}
dashboards: {enabled: true}
probe: {enabled: true, targets: ["NAME"]}
endpoints: {configMaps: ["NAME"], list: ["https://a.example.com/"], count: 1}
credentials: {secrets: ["NAME"]}
web: {configSecret: "NAME", basicAuth: {name: "NAME", usernameKey: "NAME", passwordKey: "NAME"}}
history: {storageClass: "NAME"}
priorityClassName: "NAME"
topologySpread: {keys: ["NAME"]}
labels: {team: "NAME"}
podAnnotations: {team: "NAME"}
`, "NAME", name)
		r := release(values)
		r.Name, r.Namespace = name, name
		docs, err := r.Render()
		if err != nil {
			t.Fatal(err)
		}
		all, err := Decode(docs)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, o := range all {
			if o.Namespace != name || o.Labels["app.kubernetes.io/instance"] != name || o.Labels["team"] != name {
				t.Errorf("%s: %s %s is in %q with %v", name, o.Kind, o.Name, o.Namespace, o.Labels)
			}
			set, is := o.Value.(*apps.StatefulSet)
			if !is {
				continue
			}
			pod := set.Spec.Template
			if pod.Labels["vantage"] != name || set.Spec.Selector.MatchLabels["vantage"] != name || set.Spec.ServiceName != name || pod.Spec.PriorityClassName != name ||
				*set.Spec.VolumeClaimTemplates[0].Spec.StorageClassName != name || pod.Spec.TopologySpreadConstraints[0].TopologyKey != name ||
				pod.Spec.Containers[0].EnvFrom[0].SecretRef.Name != name {
				t.Errorf("%s: %+v", name, set.Spec)
			}
		}
	}
}

// Labels of one kind go before those of everything, and a long tag is cut to what a label holds.
func TestLabels(t *testing.T) {
	tag := "main-" + strings.Repeat("0123456789abcdef", 4)
	all := objects(t, "image: {repository: prober, tag: "+tag+"}\nlabels: {release: all, team: edge}\nmonitor: {kind: PodMonitor, labels: {release: stack}}\nrules: {enabled: true, labels: {release: rules}}")
	for key, want := range map[string]string{"PodMonitor/prober": "stack", "PrometheusRule/prober-state": "rules", "StatefulSet/prober": "all"} {
		labels := all[key].Labels
		if labels["release"] != want || labels["team"] != "edge" {
			t.Errorf("%s: %v", key, labels)
		}
		if v := labels["app.kubernetes.io/version"]; len(v) != 63 || !strings.HasPrefix(tag, v) {
			t.Errorf("%s: version %q", key, v)
		}
	}
	if set := one[*apps.StatefulSet](t, all, "StatefulSet/prober"); !strings.HasSuffix(set.Spec.Template.Spec.Containers[0].Image, ":"+tag) {
		t.Errorf("the image is %s", set.Spec.Template.Spec.Containers[0].Image)
	}
}

// The settings are what the program reads, and say what the values say.
func TestSettingsAreThoseOfTheProgram(t *testing.T) {
	all := objects(t, "vantages: [{name: berlin}, {name: oslo, config: {interval: 15s, inside: [cn-hongkong]}}]\nconfig: {interval: 30s, product: [kms, ecs], sandbox: true, fault: [a=tls_eof, b=tls_eof]}\nendpoints: {list: ['https://a.example.com/'], volume: {emptyDir: {}}, count: 3}\nweb: {configSecret: web}")
	for vantage, interval := range map[string]string{"berlin": "30s", "oslo": "15s"} {
		text := one[*core.ConfigMap](t, all, "ConfigMap/prober-"+vantage).Data["prober.yaml"]
		read, err := settings.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got := map[string]string{}
		for _, s := range read {
			got[s.Name] = strings.Join(s.Values, ",")
		}
		for name, want := range map[string]string{
			"vantage": vantage, "interval": interval, "product": "kms,ecs", "fault": "a=tls_eof,b=tls_eof", "endpoints": "builtin,/etc/prober/lists,/etc/prober/volume",
			"web.listen-address": ":9115", "state-dir": "/var/lib/prober", "state.size": "1024MiB", "state.retention": "90d", "web.config.file": "/etc/prober/web/web.yml",
		} {
			if got[name] != want {
				t.Errorf("%s: %s is %q, want %q", vantage, name, got[name], want)
			}
		}
	}
	list := one[*core.ConfigMap](t, all, "ConfigMap/prober-list").Data["list.yaml"]
	if read, err := catalog.DecodeList("list.yaml", []byte(list)); err != nil || len(read.Endpoints) != 1 {
		t.Errorf("%v\n%s", err, list)
	}
}

// Pods have no more rights than they need.
func TestPodsAreKeptIn(t *testing.T) {
	for key, o := range objects(t, "") {
		var pod core.PodSpec
		switch v := o.Value.(type) {
		case *apps.StatefulSet:
			pod = v.Spec.Template.Spec
		case *core.Pod:
			pod = v.Spec
		default:
			continue
		}
		s, c := pod.SecurityContext, pod.Containers[0].SecurityContext
		switch {
		case !*s.RunAsNonRoot || *s.RunAsUser == 0 || s.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault,
			!*c.ReadOnlyRootFilesystem || *c.AllowPrivilegeEscalation || !slices.Equal(c.Capabilities.Drop, []core.Capability{"ALL"}),
			*pod.AutomountServiceAccountToken || *pod.EnableServiceLinks || pod.Containers[0].Resources.Limits.Memory().IsZero():
			t.Errorf("%s: %+v %+v", key, s, c)
		}
	}
}

// The network lets a prober go where its own guard does, and no further.
func TestNetworkPolicyIsTheGuards(t *testing.T) {
	addresses := []string{
		"1.1.1.1", "47.88.0.1", "2606:4700::1111", "10.1.2.3", "172.20.0.1", "192.168.1.1", "100.64.0.1", "fd12::1",
		"169.254.169.254", "100.100.100.200", "169.254.0.23", "169.254.170.2", "169.254.170.23", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23",
	}
	for _, private := range []bool{false, true} {
		values := ""
		if private {
			values = "config: {allow-private: true}"
		}
		p := one[*network.NetworkPolicy](t, objects(t, values), "NetworkPolicy/prober")
		guard := probe.Guard{AllowPrivate: private}
		for _, text := range addresses {
			a := netip.MustParseAddr(text)
			if got, want := leaves(t, p, a), guard.Answer(a, catalog.Public) == reason.None; got != want {
				t.Errorf("private %v: the network lets %s pass: %v; the guard: %v", private, a, got, want)
			}
		}
	}
}

// leaves says whether a policy lets traffic to any port of an address out.
func leaves(t *testing.T, p *network.NetworkPolicy, a netip.Addr) bool {
	t.Helper()
	for _, rule := range p.Spec.Egress {
		for _, peer := range rule.To {
			if len(rule.Ports) > 0 || peer.IPBlock == nil || !netip.MustParsePrefix(peer.IPBlock.CIDR).Contains(a) {
				continue
			}
			if !slices.ContainsFunc(peer.IPBlock.Except, func(e string) bool { return netip.MustParsePrefix(e).Contains(a) }) {
				return true
			}
		}
	}
	return false
}

// What selects pods selects those of its own vantage, or all where it is about all.
func TestSelectorsSelect(t *testing.T) {
	all := objects(t, "vantages: [{name: berlin}, {name: oslo}]\nmonitor: {kind: PodMonitor}")
	pods := map[string]map[string]string{}
	for _, v := range []string{"berlin", "oslo"} {
		pods[v] = one[*apps.StatefulSet](t, all, "StatefulSet/prober-"+v).Spec.Template.Labels
	}
	selected := func(selector map[string]string) (list []string) {
		for v, labels := range pods {
			if !slices.ContainsFunc(slices.Collect(mapKeys(selector)), func(k string) bool { return labels[k] != selector[k] }) {
				list = append(list, v)
			}
		}
		slices.Sort(list)
		return list
	}
	for _, v := range []string{"berlin", "oslo"} {
		own := []string{v}
		set := one[*apps.StatefulSet](t, all, "StatefulSet/prober-"+v)
		for what, selector := range map[string]map[string]string{
			"StatefulSet":         set.Spec.Selector.MatchLabels,
			"NetworkPolicy":       one[*network.NetworkPolicy](t, all, "NetworkPolicy/prober-"+v).Spec.PodSelector.MatchLabels,
			"PodDisruptionBudget": one[*policy.PodDisruptionBudget](t, all, "PodDisruptionBudget/prober-"+v).Spec.Selector.MatchLabels,
			"topology":            set.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
		} {
			if got := selected(selector); !slices.Equal(got, own) {
				t.Errorf("%s of %s selects %v", what, v, got)
			}
		}
	}
	for what, selector := range map[string]map[string]string{
		"Service":    one[*core.Service](t, all, "Service/prober").Spec.Selector,
		"PodMonitor": one[*monitoring.PodMonitor](t, all, "PodMonitor/prober").Spec.Selector.MatchLabels,
	} {
		if got := selected(selector); len(got) != 2 {
			t.Errorf("%s selects %v", what, got)
		}
	}
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Rules are those of deploy/prometheus, with what values change of them and nothing else.
func TestRulesAreTold(t *testing.T) {
	plain := objects(t, "rules: {enabled: true}")
	changed := objects(t, "rules: {enabled: true, runbooks: 'https://git.example.com/', objective: {ratio: 0.999, seconds: 1.5}}")
	alerts, count := 0, 0
	for _, file := range []string{"alerts", "state", "windows"} {
		a, b := one[*monitoring.PrometheusRule](t, plain, "PrometheusRule/prober-"+file), one[*monitoring.PrometheusRule](t, changed, "PrometheusRule/prober-"+file)
		for i, group := range a.Spec.Groups {
			for j, rule := range group.Rules {
				count++
				now := b.Spec.Groups[i].Rules[j]
				want := rule.Expr.String()
				switch rule.Record {
				case "prober:objective:ratio":
					want = "vector(0.999)"
				case "prober:objective:seconds":
					want = "vector(1.5)"
				}
				if now.Expr.String() != want {
					t.Errorf("%s%s: %s", rule.Record, rule.Alert, now.Expr.String())
				}
				if rule.Alert != "" {
					alerts++
					if url := now.Annotations["runbook_url"]; url != "https://git.example.com/"+rule.Annotations["runbook_url"] || !strings.HasPrefix(rule.Annotations["runbook_url"], "docs/runbooks/") {
						t.Errorf("%s: runbook %q", rule.Alert, url)
					}
				}
			}
		}
	}
	if alerts < 15 || count < 60 {
		t.Errorf("only %d alerts of %d rules", alerts, count)
	}
}

// Whoever installs it is told where to look.
func TestNotes(t *testing.T) {
	notes, err := release("shards: 3\nvantages: [{name: berlin}, {name: oslo}]").Notes()
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "what is told", notes, "85 endpoints at most, in 3 shards, from each of 2 vantages.", "kubectl --namespace watch port-forward prober-berlin-0 9115", "helm --namespace watch test prober --logs", "Nothing scrapes it yet", "prober page --prometheus URL")
}

// The values that the README and docs/sizing.md show are values, and make what the text beside them says.
func TestDocumentedValues(t *testing.T) {
	text, err := os.ReadFile(inChart("README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, part := range strings.Split(string(text), "```yaml\n")[1:] {
		values, _, _ := strings.Cut(part, "```")
		if !strings.HasPrefix(values, "#") {
			shown++
			objects(t, values)
		}
	}
	sizing, err := os.ReadFile(root + "/docs/sizing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, values, _ := strings.Cut(string(sizing), "```yaml\n# sizing\n")
	values, _, _ = strings.Cut(values, "```")
	if n := *one[*apps.StatefulSet](t, objects(t, values), "StatefulSet/prober").Spec.Replicas; n != 10 {
		t.Errorf("the values of docs/sizing.md make %d shards, want 10", n)
	}
	if shown != 2 {
		t.Errorf("the README shows %d blocks of values, want 2", shown)
	}
}
