package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	core "k8s.io/api/core/v1"
)

// Node is scheduler and kubelet of one namespace: see the package's comment.
type Node struct {
	Cluster   *Cluster
	Namespace string
	Programs  map[string]string // by image
	dir       string
	mu        sync.Mutex
	running   map[string]*container // by the pod's UID
	addresses int
}

// container is the process of a pod.
type container struct {
	cmd     *exec.Cmd
	address string
	ended   chan struct{}
	ready   bool
	told    bool
}

// Run lets pods run until the test ends.
func (n *Node) Run(t testing.TB) {
	n.dir, n.running = t.TempDir(), map[string]*container{}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(300 * time.Millisecond):
				if err := n.look(); err != nil {
					t.Logf("node: %v", err)
				}
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-done
		for uid, c := range n.running {
			_ = c.cmd.Process.Kill()
			<-c.ended
			if t.Failed() {
				t.Logf("the end of what pod %s said:\n%s", uid, tail(filepath.Join(n.dir, uid+".log")))
			}
		}
	})
}

// Kill ends the process of a pod as a lack of memory would, forgets the pod, as a node that is gone does, and waits until
// another one of its name is ready: the status of its set is the old one until its controller has looked.
func (n *Node) Kill(t testing.TB, pod string) {
	t.Helper()
	var p core.Pod
	n.Cluster.get(t, n.path("pods", pod), &p)
	n.mu.Lock()
	c := n.running[string(p.UID)]
	n.mu.Unlock()
	_ = c.cmd.Process.Kill()
	<-c.ended
	if err := n.Cluster.do(http.MethodDelete, n.path("pods", pod), "application/json", []byte(`{"gracePeriodSeconds": 0}`), nil); err != nil {
		t.Fatal(err)
	}
	until(t, pod+" again", func() string {
		var next core.Pod
		if err := n.Cluster.do(http.MethodGet, n.path("pods", pod), "", nil, &next); err != nil {
			return err.Error()
		}
		if next.UID == p.UID || !slices.ContainsFunc(next.Status.Conditions, func(c core.PodCondition) bool { return c.Type == core.PodReady && c.Status == core.ConditionTrue }) {
			return fmt.Sprintf("%s: %+v", next.UID, next.Status.Conditions)
		}
		return ""
	})
}

func (n *Node) path(kind, name string) string {
	return "/api/v1/namespaces/" + n.Namespace + "/" + kind + "/" + name
}

// look brings what runs and what should run together.
func (n *Node) look() error {
	var pods core.PodList
	if err := n.Cluster.do(http.MethodGet, n.path("pods", ""), "", nil, &pods); err != nil {
		return err
	}
	there := map[string]bool{}
	for _, p := range pods.Items {
		there[string(p.UID)] = true
		if _, ours := n.Programs[p.Spec.Containers[0].Image]; !ours {
			continue
		}
		if err := n.tend(&p); err != nil {
			return fmt.Errorf("pod %s: %w", p.Name, err)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for uid, c := range n.running {
		if !there[uid] {
			_ = c.cmd.Process.Kill()
			<-c.ended
			delete(n.running, uid)
		}
	}
	return nil
}

func (n *Node) tend(p *core.Pod) error {
	n.mu.Lock()
	c := n.running[string(p.UID)]
	n.mu.Unlock()
	switch {
	case p.DeletionTimestamp != nil:
		if c != nil {
			_ = c.cmd.Process.Signal(syscall.SIGTERM)
			select {
			case <-c.ended:
			case <-time.After(time.Duration(*p.Spec.TerminationGracePeriodSeconds) * time.Second):
				_ = c.cmd.Process.Kill()
				<-c.ended
			}
		}
		return n.Cluster.do(http.MethodDelete, n.path("pods", p.Name), "application/json", fmt.Appendf(nil, `{"gracePeriodSeconds": 0, "preconditions": {"uid": %q}}`, p.UID), nil)
	case p.Spec.NodeName == "":
		return n.Cluster.do(http.MethodPost, n.path("pods", p.Name)+"/binding", "application/json", fmt.Appendf(nil, `{"apiVersion": "v1", "kind": "Binding", "metadata": {"name": %q}, "target": {"kind": "Node", "name": "node"}}`, p.Name), nil)
	case c == nil:
		c, err := n.begin(p)
		if err != nil || c == nil {
			return err
		}
		n.mu.Lock()
		n.running[string(p.UID)] = c
		n.mu.Unlock()
		return n.tell(p, c)
	}
	select {
	case <-c.ended:
		return fmt.Errorf("ended: %s", tail(filepath.Join(n.dir, string(p.UID)+".log")))
	default:
	}
	probe := p.Spec.Containers[0].ReadinessProbe.HTTPGet
	status, _, err := get(fmt.Sprintf("http://%s:%d%s", c.address, p.Spec.Containers[0].Ports[0].ContainerPort, probe.Path))
	if ready := err == nil && status == http.StatusOK; ready != c.ready || !c.told {
		c.ready = ready
		return n.tell(p, c)
	}
	return nil
}

// tell writes the status of a pod.
func (n *Node) tell(p *core.Pod, c *container) error {
	word, now := core.ConditionFalse, time.Now().UTC().Format(time.RFC3339)
	if c.ready {
		word = core.ConditionTrue
	}
	conditions := []map[string]any{}
	for _, kind := range []core.PodConditionType{core.PodReady, core.ContainersReady} {
		conditions = append(conditions, map[string]any{"type": kind, "status": word, "lastTransitionTime": now})
	}
	body, err := json.Marshal(map[string]any{"status": map[string]any{
		"phase": core.PodRunning, "podIP": c.address, "podIPs": []any{map[string]any{"ip": c.address}}, "startTime": now, "conditions": conditions,
		"containerStatuses": []any{map[string]any{
			"name": p.Spec.Containers[0].Name, "image": p.Spec.Containers[0].Image, "imageID": "", "ready": c.ready, "started": true, "restartCount": 0,
			"state": map[string]any{"running": map[string]any{"startedAt": now}},
		}},
	}})
	if err != nil {
		return err
	}
	c.told = true
	return n.Cluster.do(http.MethodPatch, n.path("pods", p.Name)+"/status", "application/strategic-merge-patch+json", body, nil)
}

// inside runs the program in a file system of the pod's own: what is mounted ends with the process.
const inside = `set -e
mount --bind "$ROOT" "$ROOT"
for m in $MOUNTS; do mount --bind "${m%%:*}" "$ROOT${m#*:}"; done
for m in $READONLY; do mount -o remount,ro,bind "$ROOT$m"; done
mount -o remount,ro,bind "$ROOT"
exec env -i "${VARIABLES[@]}" "$(command -v chroot)" --userspec="$OWNER" "$ROOT" /prober "$@"
`

var variable = regexp.MustCompile(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)

// begin starts the process of a pod; nil while a volume is awaited.
func (n *Node) begin(p *core.Pod) (*container, error) {
	spec, of := p.Spec, p.Spec.Containers[0]
	n.addresses++
	c := &container{address: fmt.Sprintf("127.10.%d.%d", n.addresses/250, 1+n.addresses%250), ended: make(chan struct{})}
	root := filepath.Join(n.dir, string(p.UID))
	sources := map[string]string{}
	for _, v := range spec.Volumes {
		source, err := n.volume(root+".volumes", v, c.address)
		if err != nil || source == "" {
			return nil, err
		}
		sources[v.Name] = source
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, err
	}
	_ = os.Remove(filepath.Join(root, "prober"))
	if err := os.Link(n.Programs[of.Image], filepath.Join(root, "prober")); err != nil {
		return nil, err
	}
	var mounts, readonly, environment []string
	for _, m := range of.VolumeMounts {
		if err := os.MkdirAll(filepath.Join(root, m.MountPath), 0o755); err != nil {
			return nil, err
		}
		mounts = append(mounts, sources[m.Name]+":"+m.MountPath)
		if m.ReadOnly {
			readonly = append(readonly, m.MountPath)
		}
	}
	values := map[string]string{}
	for _, e := range of.Env {
		values[e.Name] = e.Value
		if e.ValueFrom != nil {
			if e.ValueFrom.FieldRef == nil || e.ValueFrom.FieldRef.FieldPath != "metadata.name" {
				return nil, fmt.Errorf("variable %s is of a kind that is not known here", e.Name)
			}
			values[e.Name] = p.Name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		environment = append(environment, fmt.Sprintf("%s=%s", name, values[name]))
	}
	script := fmt.Sprintf("VARIABLES=(%s)\n", quoted(environment)) + inside
	args := []string{"--mount", "--uts", "bash", "-c", script, "prober"}
	for _, a := range of.Args {
		args = append(args, variable.ReplaceAllStringFunc(a, func(v string) string { return values[v[2:len(v)-1]] }))
	}
	user := fmt.Sprintf("%d:%d", *spec.SecurityContext.RunAsUser, *spec.SecurityContext.RunAsGroup)
	c.cmd = exec.Command("unshare", args...)
	c.cmd.Env = append(os.Environ(), "ROOT="+root, "OWNER="+user, "MOUNTS="+strings.Join(mounts, " "), "READONLY="+strings.Join(readonly, " "))
	log, err := os.Create(root + ".log")
	if err != nil {
		return nil, err
	}
	c.cmd.Stdout, c.cmd.Stderr = log, log
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = c.cmd.Wait(); _ = log.Close(); close(c.ended) }()
	return c, nil
}

func quoted(list []string) string {
	for i, s := range list {
		list[i] = "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return strings.Join(list, " ")
}

// volume is the folder of a volume; empty while its claim is not bound.
func (n *Node) volume(dir string, v core.Volume, address string) (string, error) {
	dir = filepath.Join(dir, v.Name)
	if v.PersistentVolumeClaim != nil {
		var claim core.PersistentVolumeClaim
		if err := n.Cluster.do(http.MethodGet, n.path("persistentvolumeclaims", v.PersistentVolumeClaim.ClaimName), "", nil, &claim); err != nil || claim.Status.Phase != core.ClaimBound {
			return "", err
		}
		var volume core.PersistentVolume
		err := n.Cluster.do(http.MethodGet, "/api/v1/persistentvolumes/"+claim.Spec.VolumeName, "", nil, &volume)
		if err != nil {
			return "", err
		}
		return volume.Spec.HostPath.Path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	names := []string{}
	switch {
	case v.ConfigMap != nil:
		names = append(names, v.ConfigMap.Name)
	case v.Projected != nil:
		for _, s := range v.Projected.Sources {
			names = append(names, s.ConfigMap.Name)
		}
	case v.EmptyDir != nil:
		return dir, os.Chown(dir, 65532, 65532)
	default:
		return "", fmt.Errorf("volume %s is of a kind that is not known here", v.Name)
	}
	for _, name := range names {
		var m core.ConfigMap
		if err := n.Cluster.do(http.MethodGet, n.path("configmaps", name), "", nil, &m); err != nil {
			return "", err
		}
		for file, text := range m.Data {
			text = strings.Replace(text, "web.listen-address: :", "web.listen-address: "+address+":", 1)
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil { //nolint:gosec // as a ConfigMap is mounted
				return "", err
			}
		}
	}
	return dir, nil
}
