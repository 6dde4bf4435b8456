package main

import (
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"prober/needs"
	"prober/report"
)

// documents are all documents of the repository by their paths in it.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "bench/*.md", "deploy/*/*.md", "deploy/*/*/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.ToSlash(strings.TrimPrefix(file, filepath.Join("..", "..")+string(filepath.Separator)))] = string(text)
		}
	}
	return all
}

// notRun are the commands of the documents that this test does not run, each by how it begins, and
// why that is. Whatever is none of these is run.
var notRun = map[string]string{
	"go build ./...": "whoever runs this test has built it", "go test ./...": "this is it", "go install ./cmd/prober": "it would install",
	"go test ./monitor ": "a benchmark, of minutes", "go test ./history/disk ": "a benchmark, of minutes", "go test ./catalog ": "a benchmark, of minutes",
	"go test -bench ": "a benchmark, of minutes", "cd bench && ": "a benchmark, of minutes; its own tests run it briefly",
	"go run ./truth": "a benchmark, of minutes", "go run ./soak": "a benchmark, of minutes", "go run . ": "a benchmark, of minutes",
	"go tool ginkgo ./suites/kms -- --live": "it would leave this machine", "go tool ginkgo ./suites/kms -- --sandbox": "suites/kms is tested as the same",
	"go tool ginkgo ./suites/own -- --endpoints mine.yaml --live": "it would leave this machine; suites/own is tested with lists on loopback",
	"curl -X ": "TestManagement of package sandbox asks the same", "curl -s 'http://127.0.0.1:9115/api/v1/": "a server has to stand; package monitor tests what it answers",
	"cp -r deploy/grafana/provisioning/. /etc/": "it would install; deploy/grafana starts a Grafana with those files", "go build -o /tmp/prober ": "the tests that need a program build one",
	"podman ":            "deploy/image loads and runs the image of a release",
	"sha256sum --check ": "a release has to be there; deploy/release checks one", "cosign verify": "a release has to be there, signed by a hosted runner",
	"gh attestation verify ": "the same", "go version -m prober": "a program has to be there", "git tag -a ": "it would make a release",
	"helm install ": "a cluster has to stand; deploy/kubernetes renders the chart", "helm upgrade ": "as helm install", "helm rollback ": "as helm install",
	"sudo apt ": "it would install; deploy/package does, with apt, in a Debian of its own", "sudo dnf ": "it would install; deploy/package installs the rpm with rpm",
	"sudo systemctl ": "a service manager has to run; deploy/package starts the unit's line as that does", "systemctl status ": "a service manager has to run",
	"sudo install ": "it would install", "tar xzf ": "a release has to be there", "prober package-files ": "TestPackageFiles runs it",
	"kubectl apply ": "a cluster has to stand, and deploy/ci runs the command line of the manifest",
	"prober check https://api.example.test:8443 ":   "a server of the reader's has to stand; TestCheckURL has one",
	"prober endpoints new https://api.example.com/": "it would leave this machine; TestNewList has servers on loopback",
	"prober endpoints import blackbox.yml":          "TestImportList has such files",
	"prober endpoints diff --sdk ecs-sdk-go.txt":    "TestDiffSDK has such files",
}

// programs are the first words of lines that are commands.
var programs = []string{
	"prober", "go", "cd", "curl", "kubectl", "helm", "promtool", "docker", "podman", "apt", "apt-get", "dpkg", "systemctl", "echo", "printf", "cp", "mkdir", "openssl", "sudo", "kustomize", "cosign", "tar", "sha256sum", "gh", "git",
}

var fence = regexp.MustCompile("^ *```")

// commandsIn are the command lines of a document, in their order: lines that are indented, or fenced as
// shell or as nothing, and that begin with a program.
func commandsIn(text string) []string {
	var all []string
	language, inside := "", false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if fence.MatchString(line) {
			inside, language = !inside, strings.Trim(line, "` ")
			continue
		}
		shell := inside && slices.Contains([]string{"", "sh", "shell", "bash", "console"}, language)
		if !shell && (inside || !strings.HasPrefix(line, "    ")) {
			continue
		}
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		line, _, _ = strings.Cut(line, "  # ")
		if first, _, _ := strings.Cut(line, " "); slices.Contains(programs, first) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

// Every command of every document is run, in the order of its document and in a folder of its own, or
// stands in the list of those that are not, with the reason. What would leave this machine goes to
// the sandbox instead.
func TestDocumentedCommands(t *testing.T) {
	all, used := documents(t), map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		commands := commandsIn(all[name])
		if len(commands) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			prepare(t)
			for _, line := range commands {
				if begin := exempt(line); begin != "" {
					used[begin] = true
					continue
				}
				runDocumented(t, line)
			}
		})
	}
	for begin := range notRun {
		if !used[begin] {
			t.Errorf("no document has a command that begins with %q any more", begin)
		}
	}
}

// exempt is how a command begins that is not run; empty for one that is.
func exempt(line string) string {
	for begin := range notRun {
		if strings.HasPrefix(line+" ", begin) {
			return begin
		}
	}
	return ""
}

// prepare makes the files that documents take for granted.
func prepare(t *testing.T) {
	t.Helper()
	for name, text := range map[string]string{
		"mine.yaml": "endpoints:\n  - url: https://api.example.com/healthz\n    check: {expect: {json: [{path: $.status, equals: ok}]}}\n",
		"list.yaml": "endpoints: [https://a.example.com/, https://b.example.com/, https://c.example.com/, https://d.example.com/]\n",
		"list.json": `{"endpoints": [{"url": "https://api.example.com/healthz"}]}`,
		"shop.json": `{"endpoints": [{"url": "https://api.example.com/healthz"}]}`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// runDocumented runs one command line of a document. It may come to any verdict, but not to wrong usage.
func runDocumented(t *testing.T, line string) {
	t.Helper()
	words := shellWords(line)
	switch {
	case words[0] == "echo":
		if out, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil { //nolint:gosec // of a document
			t.Errorf("%s: %v: %s", line, err, out)
		}
		return
	case strings.HasPrefix(line, "go run ./cmd/prober "):
		words = words[2:]
	case words[0] != "prober":
		t.Errorf("%s: nothing runs it, and no reason why not stands in notRun", line)
		return
	}
	args := words[1:]
	for i, arg := range args {
		if strings.HasPrefix(arg, "/var/lib/") {
			args[i] = filepath.Join(t.TempDir(), filepath.Base(arg))
		}
		if i > 0 && args[i-1] == "--web.listen-address" {
			args[i] = "127.0.0.1:0" // somebody may be at the other
		}
	}
	asks := slices.Contains([]string{"check", "serve", "conformance", "doctor"}, args[0])
	if asks && !slices.Contains(args, "--sandbox") {
		args = append(args, "--sandbox")
	}
	if args[0] == "page" {
		return // its flags are read by TestMentionedCommandsExist, and deploy/proof starts it beside a Prometheus
	}
	if args[0] == "serve" {
		if !needs.All() {
			return // its flags are read by TestMentionedCommandsExist, and many tests serve
		}
		if _, end := served(t, args[1:]...); true {
			if said, err := end(); err != nil {
				t.Errorf("%s: %v\n%s", line, err, said)
			}
		}
		return
	}
	if args[0] == "conformance" && !needs.All() {
		args = append(args, "--list") // reads and selects all of it
	}
	if r := runApp(t, nil, args...); r.code == int(report.ExitUsage) || r.stdout == "" {
		t.Errorf("%s: exit code %d\n%s", line, r.code, r.stderr)
	}
}

// shellWords takes a command line apart as a shell does, without what it would expand.
func shellWords(line string) []string {
	var words []string
	var word strings.Builder
	inside, quote := false, rune(0)
	for _, c := range line + " " {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inside = c, true
		case quote == 0 && c == ' ':
			if inside {
				words = append(words, word.String())
			}
			inside = false
			word.Reset()
		default:
			inside = true
			word.WriteRune(c)
		}
	}
	return words
}

// mentioned is a command line of the program within a sentence.
var mentioned = regexp.MustCompile("`(prober [a-z][^`]*)`")

// Every command that a document or the program's own help mentions is one that there is, with flags
// that it has.
func TestMentionedCommandsExist(t *testing.T) {
	lines := map[string][]string{}
	for name, text := range documents(t) {
		for _, m := range mentioned.FindAllStringSubmatch(strings.Join(strings.Fields(text), " "), -1) {
			lines[name] = append(lines[name], m[1])
		}
		for _, line := range commandsIn(text) {
			if strings.HasPrefix(line, "prober ") {
				lines[name] = append(lines[name], line)
			}
		}
	}
	root := (&app{out: io.Discard, err: io.Discard}).root()
	for _, cmd := range commandsBelow(root) {
		for line := range strings.Lines(cmd.Example) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "prober ") {
				line, _, _ = strings.Cut(line, "   ")
				lines["help of "+cmd.CommandPath()] = append(lines["help of "+cmd.CommandPath()], line)
			}
		}
	}
	n := 0
	for name, list := range lines {
		for _, line := range list {
			n++
			if problem := commandProblem(root, shellWords(line)[1:]); problem != "" {
				t.Errorf("%s: %s: %s", name, line, problem)
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d commands were found", n)
	}
}

// commandProblem says what is wrong with a command line as it is written; "" for nothing.
func commandProblem(root *cobra.Command, words []string) string {
	root.InitDefaultHelpFlag()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err.Error()
	}
	if cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return "there is no " + rest[0]
	}
	for _, word := range rest {
		name, is := strings.CutPrefix(word, "--")
		name, _, _ = strings.Cut(strings.TrimRight(name, ",.;:"), "=")
		if is && name != "" && name != "help" && name != "version" && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return "it has no flag --" + name
		}
	}
	return ""
}
