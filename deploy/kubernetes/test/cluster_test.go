package test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"prober/deploy/kubernetes"
	"prober/needs"
)

const (
	root      = "../../.."
	chart     = root + "/deploy/helm/prober"
	namespace = "watch"
	image     = "registry.example.com/prober"
)

var vantages = []string{"berlin", "oslo"}

// scene is all that the test has started.
type scene struct {
	*Cluster
	t        *testing.T
	programs string
	node     *Node
	values   string // of the release
}

// The chart in a real control plane: see doc.go. The script run beside this file builds what it needs.
func TestChartInACluster(t *testing.T) {
	programs := os.Getenv("PROBER_CONTROL_PLANE")
	if programs == "" {
		t.Skip("PROBER_CONTROL_PLANE names no folder of programs; deploy/kubernetes/test/run builds them")
	}
	if os.Getuid() != 0 {
		t.Fatal("file systems of pods want root")
	}
	s := &scene{t: t, programs: programs}
	builds := s.buildProbers("0.1.0", "0.2.0")
	sandbox := startCloud(t, builds[image+":0.1.0"], root+"/docs/examples/hosts-1000.yaml")
	s.Cluster = StartCluster(t, programs)
	s.prepare(sandbox)
	s.node = &Node{Cluster: s.Cluster, Namespace: namespace, Programs: builds}
	s.node.Run(t)
	resolver, stopResolver := forward(t, sandbox.Resolvers[0])
	s.values = s.write("values.yaml", map[string]any{
		"image":     map[string]any{"repository": image, "tag": "0.1.0"},
		"endpoints": map[string]any{"builtin": false, "configMaps": []string{"list"}, "count": 1000},
		"shards":    2,
		"vantages":  []any{map[string]any{"name": "berlin"}, map[string]any{"name": "oslo", "config": map[string]any{"resolver": []string{resolver}}}},
		"config": map[string]any{
			"allow-private": true, "network": "all", "inside": []string{"all"}, "interval": "20s", "ca-file": "/ca/ca.pem", "resolver": sandbox.Resolvers, "control": sandbox.Controls,
		},
		"volumes":      []any{map[string]any{"name": "ca", "configMap": map[string]any{"name": "ca"}}},
		"volumeMounts": []any{map[string]any{"name": "ca", "mountPath": "/ca", "readOnly": true}},
		"history":      map[string]any{"sizeMiB": 64},
		"monitor":      map[string]any{"kind": "PodMonitor", "interval": "10s", "timeout": "9s"},
		"rules":        map[string]any{"enabled": true},
		"dashboards":   map[string]any{"enabled": true},
	})
	s.strictly()
	s.helm("install", "prober", chart, "--values", s.values)
	s.rolledOut(2, "0.1.0")
	two := s.owners(2)

	prometheus := StartOperated(t, s.Cluster, programs, os.Getenv("PROBER_PROMETHEUS"), namespace)
	prometheus.await(t, "four probers scraped", "count(prober_build_info)", 4)
	prometheus.await(t, "every endpoint judged from two places", "count(endpoint:vantages_fresh:count == 2)", 1000)

	prometheus.await(t, "two shards on record", "count(count_over_time(endpoint:state:code[1h]) >= 2)", 1000)

	first := s.ask("prober-berlin-0", "/metrics")
	alone := time.Now()
	s.helm("upgrade", "prober", chart, "--values", s.values, "--set", "shards=3")
	s.rolledOut(3, "0.1.0")
	three := s.owners(3)
	s.moved(two, three)
	prometheus.await(t, "six probers scraped", "count(prober_build_info)", 6)
	prometheus.await(t, "every endpoint judged from two places, by three shards", "count(endpoint:vantages_fresh:count == 2)", 1000)
	stays, leaves := s.ofFirst(two, three)
	s.page(prometheus, builds[image+":0.1.0"], leaves, alone)

	before := s.probes("prober-berlin-0", stays)
	s.helm("upgrade", "prober", chart, "--values", s.values, "--set", "shards=3", "--set", "image.tag=0.2.0")
	s.rolledOut(3, "0.2.0")
	upgraded := s.probes("prober-berlin-0", stays)
	// To the release before, and to two shards: what left the first shard comes back to where its history stayed.
	s.helm("rollback", "prober", "1")
	s.rolledOut(2, "0.1.0")
	back, home := s.probes("prober-berlin-0", stays), s.probes("prober-berlin-0", leaves)
	s.node.Kill(t, "prober-berlin-0")
	s.rolledOut(2, "0.1.0")
	killed := s.probes("prober-berlin-0", stays)
	t.Logf("probes of %s: %v before, %v after the upgrade, %v after the rollback, %v after the pod was killed", stays, before, upgraded, back, killed)
	if before <= 0 || upgraded <= before || back <= upgraded || killed <= back {
		t.Error("counters did not go on")
	}
	left := probesOf(t, first, leaves)
	t.Logf("probes of %s by the first shard: %v before it left, %v after it came back", leaves, left, home)
	if left <= 0 || home <= left {
		t.Error("what moved had lost its counters on the shard that it came from")
	}
	for _, v := range vantages {
		var claim core.PersistentVolumeClaim
		s.get(t, "/api/v1/namespaces/"+namespace+"/persistentvolumeclaims/history-prober-"+v+"-2", &claim)
	}

	sandbox.manage(t, http.MethodPut, "/endpoints/"+stays+"/fault", "connect_refused")
	prometheus.await(t, "an endpoint that is down from both places is down", "count(endpoint:up:quorum == 0)", 1)
	sandbox.manage(t, http.MethodPost, "/reset", "")
	prometheus.await(t, "it is up again", "count(endpoint:up:quorum == 1)", 1000)
	stopResolver()
	prometheus.await(t, "a place whose resolver is gone says so of itself", `count(prober_vantage_offline{vantage="oslo"} == 1)`, 2)
	prometheus.await(t, "nothing is known from there", "count(endpoint:vantages_fresh:count == 1)", 1000)
	for expr, what := range map[string]string{
		"endpoint:vantages_down:count > 0":                                              "an endpoint is down because a place is offline",
		`prober_vantage_offline{vantage="berlin"} == 1`:                                 "the other place calls itself offline",
		`ALERTS{alertname=~"Prober(Endpoint|Region|Product)Down", alertstate="firing"}`: "somebody is called",
	} {
		if got, err := prometheus.query(expr); err != nil || len(got) > 0 {
			t.Errorf("%s: %v %v", what, got, err)
		}
	}
}

// buildProbers builds the program in versions, by image.
func (s *scene) buildProbers(versions ...string) map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for _, v := range versions {
		path := filepath.Join(s.t.TempDir(), "prober")
		cmd := exec.Command("go", "build", "-C", root, "-ldflags", "-X main.stampedVersion="+v, "-o", path, "./cmd/prober")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			s.t.Fatalf("building the prober: %v\n%s", err, out)
		}
		all[image+":"+v] = path
	}
	return all
}

func (s *scene) write(name string, values any) string {
	s.t.Helper()
	text, err := yaml.Marshal(values)
	if err != nil {
		s.t.Fatal(err)
	}
	return write(s.t, filepath.Join(s.t.TempDir(), name), text)
}

// prepare makes what the chart takes for granted: the operator's types, a namespace that takes no pod with more rights
// than it needs, the list, and volumes.
func (s *scene) prepare(sandbox *cloud) {
	t := s.t
	t.Helper()
	source := output(t, "go", "list", "-C", "clients", "-m", "-f", "{{.Dir}}", "github.com/prometheus-operator/prometheus-operator")
	found, err := filepath.Glob(filepath.Join(source, "example", "prometheus-operator-crd", "*.yaml"))
	if err != nil || len(found) == 0 {
		t.Fatalf("the operator has no types (%v)", err)
	}
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := regexp.MustCompile(`(?m)^  name: (\S+)`).FindSubmatch(text)
		s.apply(t, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"+string(name[1]), text)
	}
	s.apply(t, "/api/v1/namespaces/"+namespace, []byte(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "watch", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}`))
	for name, file := range map[string][2]string{"list": {"list.json", sandbox.List}, "ca": {"ca.pem", sandbox.CAFile}} {
		text, err := os.ReadFile(file[1])
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name}, "data": map[string]any{file[0]: string(text)}})
		if err != nil {
			t.Fatal(err)
		}
		s.apply(t, "/api/v1/namespaces/"+namespace+"/configmaps/"+name, body)
	}
	for i := range 6 {
		dir := t.TempDir()
		if err := os.Chown(dir, 65532, 65532); err != nil { // as fsGroup asks
			t.Fatal(err)
		}
		s.apply(t, fmt.Sprintf("/api/v1/persistentvolumes/v%d", i), fmt.Appendf(nil, `{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v%d"}, "spec": {"capacity": {"storage": "128Mi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": %q}}}`, i, dir))
	}
	until(t, "the operator's types", func() string {
		if err := s.do(http.MethodGet, "/apis/monitoring.coreos.com/v1/namespaces/watch/podmonitors", "", nil, nil); err != nil {
			return err.Error()
		}
		return ""
	})
}

// strictly has the API server judge all that the chart makes, without making it: unknown and doubled members are errors.
func (s *scene) strictly() {
	s.t.Helper()
	values, err := os.ReadFile(s.values)
	if err != nil {
		s.t.Fatal(err)
	}
	docs, err := kubernetes.Release{Dir: chart, Name: "prober", Namespace: namespace, Values: string(values)}.Render()
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.t.TempDir(), "all.yaml")
	text := ""
	for _, d := range docs {
		text += "---\n" + d.Text
	}
	write(s.t, path, []byte(text))
	objects, err := kubernetes.Decode(docs)
	if err != nil {
		s.t.Fatal(err)
	}
	account := "/api/v1/namespaces/" + namespace + "/serviceaccounts/default"
	until(s.t, "the account that every namespace has", func() string {
		if err := s.do(http.MethodGet, account, "", nil, nil); err != nil {
			return err.Error()
		}
		return ""
	})
	for i, o := range objects {
		if o.Kind == "Pod" { // it is judged by an account that is there
			docs[i].Text = strings.Replace(docs[i].Text, "serviceAccountName: prober", "serviceAccountName: default", 1)
		}
		gvk := o.Value.GetObjectKind().GroupVersionKind()
		base := "/apis/" + gvk.Group + "/" + gvk.Version
		if gvk.Group == "" {
			base = "/api/" + gvk.Version
		}
		plural := map[string]string{"NetworkPolicy": "networkpolicies"}[o.Kind]
		if plural == "" {
			plural = strings.ToLower(o.Kind) + "s"
		}
		if err := s.do(http.MethodPost, base+"/namespaces/"+namespace+"/"+plural+"?dryRun=All&fieldValidation=Strict", "application/yaml", []byte(docs[i].Text), nil); err != nil {
			s.t.Errorf("%s %s: %v", o.Kind, o.Name, err)
		}
	}
	// That the server can refuse is part of what it says.
	for i, o := range objects {
		for kind, path := range map[string]string{"StatefulSet": "/apis/apps/v1/namespaces/watch/statefulsets", "PodMonitor": "/apis/monitoring.coreos.com/v1/namespaces/watch/podmonitors"} {
			if o.Kind != kind {
				continue
			}
			wrong := strings.Replace(docs[i].Text, "\nspec:\n", "\nspec:\n  nobody: knows\n", 1)
			if err := s.do(http.MethodPost, path+"?dryRun=All&fieldValidation=Strict", "application/yaml", []byte(wrong), nil); err == nil || !strings.Contains(err.Error(), `unknown field \"spec.nobody\"`) {
				s.t.Errorf("%s with an unknown member: %v", kind, err)
			}
		}
	}
	s.t.Logf("%d objects judged strictly by the API server", len(objects))
}

func (s *scene) helm(args ...string) {
	s.t.Helper()
	output(s.t, filepath.Join(s.programs, "helm"), append(args, "--kubeconfig", s.Kubeconfig, "--namespace", namespace)...)
}

// rolledOut waits until the controllers say that all pods of all vantages are of one version, and ready.
func (s *scene) rolledOut(shards int32, version string) {
	s.t.Helper()
	for _, v := range vantages {
		until(s.t, fmt.Sprintf("%d shards of %s at %s ready", shards, version, v), func() string {
			var set apps.StatefulSet
			if err := s.do(http.MethodGet, "/apis/apps/v1/namespaces/"+namespace+"/statefulsets/prober-"+v, "", nil, &set); err != nil {
				return err.Error()
			}
			st := set.Status
			if *set.Spec.Replicas != shards || st.ObservedGeneration != set.Generation || st.UpdatedReplicas != shards || st.ReadyReplicas != shards || st.Replicas != shards || st.CurrentRevision != st.UpdateRevision {
				return fmt.Sprintf("%+v", st)
			}
			return ""
		})
		for i := range shards {
			pod := fmt.Sprintf("prober-%s-%d", v, i)
			var p core.Pod
			s.get(s.t, "/api/v1/namespaces/"+namespace+"/pods/"+pod, &p)
			if _, body, err := get("http://" + p.Status.PodIP + ":9115/metrics"); err != nil || !strings.Contains(string(body), `version="`+version+`"`) {
				s.t.Errorf("%s is not version %s: %v", pod, version, err)
			}
		}
	}
}

// ask is what a pod's port answers.
func (s *scene) ask(pod, path string) []byte {
	s.t.Helper()
	var p core.Pod
	s.get(s.t, "/api/v1/namespaces/"+namespace+"/pods/"+pod, &p)
	status, body, err := get("http://" + p.Status.PodIP + ":9115" + path)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("%s%s: %d %v", pod, path, status, err)
	}
	return body
}

// owners are the shards of all endpoints, the same at each vantage; each endpoint has one.
func (s *scene) owners(shards int) map[string]int {
	s.t.Helper()
	var first map[string]int
	for _, v := range vantages {
		all := map[string]int{}
		for i := range shards {
			var list []struct{ ID string }
			if err := json.Unmarshal(s.ask(fmt.Sprintf("prober-%s-%d", v, i), "/api/v1/endpoints"), &list); err != nil {
				s.t.Fatal(err)
			}
			for _, e := range list {
				if other, twice := all[e.ID]; twice {
					s.t.Errorf("%s is probed by shards %d and %d of %s", e.ID, other, i, v)
				}
				all[e.ID] = i
			}
		}
		if len(all) != 1000 {
			s.t.Errorf("the %d shards of %s have %d of 1,000 endpoints", shards, v, len(all))
		}
		for id, i := range first {
			if all[id] != i {
				s.t.Fatalf("%s is of shard %d at one place and of %d at %s", id, i, all[id], v)
			}
		}
		first = all
	}
	return first
}

// moved says how many endpoints changed their shard.
func (s *scene) moved(before, after map[string]int) {
	s.t.Helper()
	n := 0
	for id, i := range before {
		if after[id] != i {
			n++
		}
	}
	s.t.Logf("of 2 to 3 shards %d of %d endpoints moved", n, len(before))
	if n == 0 || n > 400 {
		s.t.Errorf("%d endpoints moved, want at most 400", n)
	}
}

// ofFirst are an endpoint that stayed with the first shard, and one that left it.
func (s *scene) ofFirst(before, after map[string]int) (stays, leaves string) {
	s.t.Helper()
	for id, i := range before {
		switch {
		case i == 0 && after[id] == 0:
			stays = id
		case i == 0:
			leaves = id
		}
	}
	if stays == "" || leaves == "" {
		s.t.Fatalf("of the first shard %q stayed and %q left", stays, leaves)
	}
	return stays, leaves
}

var probes = regexp.MustCompile(`(?m)^endpoint_probes_total\{(.*)\} ([0-9.e+]+)$`)

// probes is how many probes of an endpoint a pod has counted.
func (s *scene) probes(pod, id string) float64 {
	s.t.Helper()
	return probesOf(s.t, s.ask(pod, "/metrics"), id)
}

// probesOf is how many probes of an endpoint metrics tell.
func probesOf(t testing.TB, metrics []byte, id string) (sum float64) {
	t.Helper()
	for _, m := range probes.FindAllStringSubmatch(string(metrics), -1) {
		if strings.Contains(m[1], `host="`+hostOf(id)+`"`) {
			v, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += v
		}
	}
	return sum
}

// hostOf is the host of an endpoint of the list, all of which are asked for /healthz.
func hostOf(id string) string {
	return strings.TrimSuffix(id[strings.LastIndex(id, "/")+1:], "_healthz")
}

// shown is what the page of an endpoint says of its past: since when that is known, and the minutes of the last hour.
var shown = regexp.MustCompile(`(?s)minute by minute: (\d+) ok, 0 degraded, 0 fail, 0 unknown.*known since ([-0-9: ]+) UTC`)

// page shows that an endpoint which moved has one history: both shards' in Prometheus, and one line on the page, which
// goes back to when the shard that it left was the only one that probed it.
func (s *scene) page(prometheus *Operated, prober, moved string, alone time.Time) {
	t := s.t
	t.Helper()
	address := needs.FreeAddress(t)
	start(t, exec.Command(prober, "page", "--prometheus", prometheus.URL, "--web.listen-address", address))
	until(t, "both shards of an endpoint that moved", func() string {
		got, err := prometheus.query(fmt.Sprintf(`count by (vantage) (count by (vantage, pod) (count_over_time(endpoint_probes_total{host=%q}[1h])))`, hostOf(moved)))
		if err != nil || len(got) != 2 || got[0].Value != 2 || got[1].Value != 2 {
			return fmt.Sprint(got, err)
		}
		return ""
	})
	until(t, "the page of all shards", func() string {
		_, body, err := get("http://" + address + "/api/v1/endpoints")
		var all []struct {
			ID, Outcome string
			Stale       bool
		}
		if err == nil {
			err = json.Unmarshal(body, &all)
		}
		ok := 0
		for _, e := range all {
			if e.Outcome == "ok" && !e.Stale {
				ok++
			}
		}
		if err != nil || ok != 1000 || len(all) != 1000 {
			return fmt.Sprint(len(all), ok, err)
		}
		return ""
	})
	until(t, "one history of an endpoint that moved", func() string {
		_, body, err := get("http://" + address + "/endpoints/" + moved)
		if err != nil {
			return err.Error()
		}
		for _, v := range vantages {
			if n := strings.Count(string(body), `<th scope="row">`+v+`</th>`); n != 1 {
				return fmt.Sprintf("%d rows of %s", n, v)
			}
		}
		m := shown.FindStringSubmatch(string(body))
		if m == nil {
			return "it says nothing of the past, or of trouble"
		}
		minutes, _ := strconv.Atoi(m[1])
		since, err := time.Parse(time.DateTime, m[2])
		if err != nil || !since.Before(alone) || minutes < int(time.Since(since).Minutes()) {
			return fmt.Sprintf("%d minutes, known since %v (%v), and it moved after %v", minutes, since, err, alone)
		}
		t.Logf("the page of %s knows each of %d minutes, since %v before it moved", moved, minutes, alone.Sub(since).Round(time.Second))
		return ""
	})
}
