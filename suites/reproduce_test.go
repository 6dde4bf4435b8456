package suites_test

import (
	"context"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/needs"
	"prober/probe/reason"
	"prober/report"
	"prober/sandbox"
)

// standingCloud is a sandbox that stays up while other programs look at it.
type standingCloud struct {
	dir   string
	cloud *sandbox.Sandbox
}

func (s *standingCloud) ca() string { return filepath.Join(s.dir, "ca.pem") }

// reach are the flags that lead prober to the sandbox.
func (s *standingCloud) flags() []string {
	flags := []string{"--endpoints", filepath.Join(s.dir, "endpoints.json"), "--ca-file", s.ca(), "--allow-private", "--inside", "all"}
	for _, r := range s.cloud.Resolvers() {
		flags = append(flags, "--resolver", r.String())
	}
	return flags
}

// reach are those of the conformance command, which is to use the sandbox's encryption key
// and to try the size limits.
func (s *standingCloud) reach(catalog.Endpoint) []string {
	return append(s.flags(), "--kms-key-id", sandbox.KMSKeyID, "--heavy")
}

func (s *standingCloud) self(e catalog.Endpoint, a netip.Addr) []string {
	return append([]string{e.ID, "--address", a.String()}, s.flags()...)
}

// environment gives commands the sandbox's keys, and prober in their path.
func (s *standingCloud) environment(bin string) []string {
	keys := s.cloud.Credentials()
	return append(os.Environ(), "LC_ALL=C", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"ALIBABA_CLOUD_ACCESS_KEY_ID="+keys.Alibaba.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+keys.Alibaba.Secret,
		"TENCENTCLOUD_SECRET_ID="+keys.Tencent.ID, "TENCENTCLOUD_SECRET_KEY="+keys.Tencent.Secret)
}

// Every fault is reported with its reason and with a command, and the command shows it: it
// is run against the sandbox, with the programs that it names.
func TestCommandsShowTheFault(t *testing.T) {
	needs.Patience(t, "half a minute of waiting for openssl, curl and dig")
	bin := buildProber(t)
	c := embedded(t)
	for _, x := range []struct {
		later, waits bool
		timeout      time.Duration
	}{
		{false, false, unhurried}, {true, false, unhurried}, {false, true, 6 * time.Second}, {true, true, 6 * time.Second},
	} {
		clock := time.Now
		if x.later {
			clock = clockFrom(afterNotice)
		}
		all := slices.DeleteFunc(trials(c, slices.Concat(sandbox.Faults(c), sandbox.Breaches(c))), func(y *trial) bool {
			return y.made() == "" || (y.fault.Needs == sandbox.NeedLater) != x.later || y.waits() != x.waits
		})
		for len(all) > 0 {
			var now []*trial
			now, all = different(all)
			showRound(t, c, now, clock, x.timeout, bin)
		}
	}
}

// buildProber builds the program into a directory of its own.
func buildProber(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "prober"), "prober/cmd/prober").CombinedOutput(); err != nil {
		t.Fatalf("building prober: %v: %s", err, out)
	}
	return bin
}

// showRound puts trials that are all in different places into one sandbox, and runs the
// command of each.
func showRound(t *testing.T, c *catalog.Catalog, trials []*trial, clock func() time.Time, timeout time.Duration, bin string) {
	t.Helper()
	own, faults := stage(c, trials)
	cloud, err := sandbox.Start(sandbox.Config{Catalog: own, Faults: faults, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	s := &standingCloud{t.TempDir(), cloud}
	if err := cloud.WriteDir(s.dir); err != nil {
		t.Fatal(err)
	}
	all := judgeCloud(t, cloud, cloud.Credentials(), clock(), clock, timeout, everything, s)
	shell := &shell{dir: t.TempDir(), env: s.environment(bin)}
	var wg sync.WaitGroup
	slots := make(chan struct{}, 32) // most wait for an answer that does not come
	printed := make([]string, len(trials))
	for i, x := range trials {
		if command := asReported(cloud, all[x.endpoint.ID][x.made()].evidence.Result.Reproduce); command != "" {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				printed[i] = shell.run(t.Context(), command)
			})
		}
	}
	wg.Wait()
	for i, x := range trials {
		t.Run(x.fault.Name+"/"+x.endpoint.Product, func(t *testing.T) { shown(t, x, all[x.endpoint.ID][x.made()].evidence.Result, printed[i]) })
	}
}

// asReported is a command as it stands in a report, without the customer's keys.
func asReported(cloud *sandbox.Sandbox, command string) string {
	keys := cloud.Credentials()
	return cloudapi.NewRedactor(keys.Alibaba, keys.Tencent).Redact(command)
}

// shown looks into what the command of a trial printed for what it must show.
func shown(t *testing.T, x *trial, r report.Result, printed string) {
	t.Helper()
	signed := x.fault.Needs == sandbox.NeedSigned && r.Reason == reason.None // judged by what the API says
	if x.fault.Reason != reason.None && r.Reason != x.fault.Reason && !signed {
		t.Errorf("%s is reported as %q, want %s", r.Requirement, r.Reason, x.fault.Reason)
	}
	want := showing(x)
	switch {
	case r.Reproduce == "":
		t.Errorf("no command shows it; %s: %s", r.Requirement, r.Detail)
	case !containsInOrder(" "+printed+" ", strings.Split(want, " ... ")):
		t.Errorf("$ %s\ndoes not show %q:\n%.3000s", r.Reproduce, want, printed)
	}
}

// showing is what the command of a fault must print. What takes the customer's key is shown by prober alone.
func showing(x *trial) string {
	all, fault := shows(), x.fault.Name
	if want, listed := all[fault]; listed {
		return want
	}
	if x.fault.Way.Key == sandbox.CustomersKey {
		_, number, _ := strings.Cut(x.made(), "-")
		return number + " fail"
	}
	fault = strings.TrimPrefix(fault, "tc3_")
	longest := ""
	for prefix := range all {
		if strings.HasSuffix(prefix, "_") && strings.HasPrefix(fault, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	if longest != "" {
		return all[longest]
	}
	return "RequestWasOdd"
}

func containsInOrder(text string, parts []string) bool {
	for _, part := range parts {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return true
}

// shell runs command lines.
type shell struct {
	dir string
	env []string
}

// run returns what a command printed and how it ended, with runs of spaces as one, and
// without the offsets of od.
func (s *shell) run(ctx context.Context, command string) string {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env, cmd.Dir = s.env, s.dir
	out, err := cmd.CombinedOutput()
	if strings.HasSuffix(command, "od -c") {
		out = regexp.MustCompile(`(?m)^[0-7]{7}`).ReplaceAll(out, nil)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	if err != nil { // most end so: that is what they show
		text += " " + err.Error()
	}
	return text
}
