package ci

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestMain is also the stand-in of GitHub's command line program.
func TestMain(m *testing.M) {
	if os.Getenv("STAND_IN") == "gh" {
		if err := gh(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "gh:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	dir, err := os.MkdirTemp("", "prober-ci")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// scratch is a folder that lasts as long as the tests.
var scratch string

// standIns is a folder with gh in it.
func standIns(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nSTAND_IN=gh exec '%s' \"$@\"\n", self)
	if err := os.WriteFile(filepath.Join(dir, "gh"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return dir
}

// without is a PATH with all programs of this machine and the stand-in of gh, but for one of them.
func without(t *testing.T, missing string) string {
	t.Helper()
	dir := t.TempDir()
	for _, from := range append([]string{standIns(t)}, filepath.SplitList(os.Getenv("PATH"))...) {
		programs, _ := os.ReadDir(from) // not each folder of PATH is there
		for _, p := range programs {
			if p.Name() != missing {
				_ = os.Symlink(filepath.Join(from, p.Name()), filepath.Join(dir, p.Name())) // the first of a name is what is found
			}
		}
	}
	return dir
}

// gh does, on the folder HUB, what the real one does on a repository. Flags that it does not know
// are refused, and so is what GitHub refuses.
func gh(args []string) error {
	hub := os.Getenv("HUB")
	if os.Getenv("GH_TOKEN") == "" {
		return errors.New("to use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable")
	}
	if len(args) < 2 {
		return errors.New("no command")
	}
	kind := strings.Replace(args[0], "api", "issue", 1) // nothing else is asked that way
	if _, err := os.Stat(filepath.Join(hub, "no-"+kind)); err == nil {
		return errors.New("HTTP 403: Resource not accessible by integration")
	}
	fs := flag.NewFlagSet(args[0]+" "+args[1], flag.ContinueOnError)
	f := map[string]*string{}
	for _, name := range map[string][]string{
		"run list": {"workflow", "branch", "event", "status", "limit", "json"}, "run download": {"name", "dir"},
		"api graphql": {"query", "owner", "name"}, "issue create": {"title", "body-file"}, "issue edit": {"body-file"},
		"issue close": {"comment"}, "issue comment": {"body"}, "release download": {"repo", "pattern", "dir"},
	}[fs.Name()] {
		f[name] = fs.String(name, "", "")
	}
	args = args[2:]
	switch fs.Name() {
	case "release download":
		fs.Bool("clobber", false, "")
	case "api graphql":
		if !slices.Contains(args, "--paginate") {
			return errors.New("only the first page would be seen")
		}
		args = slices.DeleteFunc(args, func(a string) bool { return a == "--paginate" || a == "-f" })
		for i, field := range args {
			args[i] = "--" + field
		}
	}
	operand := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		operand, args = args[0], args[1:]
	}
	if err := fs.Parse(args); err != nil {
		return err
	}
	switch fs.Name() {
	case "run list":
		return listRuns(hub, *f["event"], *f["workflow"] == "api.yml" && *f["branch"] == "main" && *f["status"] == "completed")
	case "run download":
		return os.CopyFS(*f["dir"], os.DirFS(filepath.Join(hub, "runs", operand, *f["name"])))
	case "release download":
		text, err := os.ReadFile(filepath.Join(hub, "releases", *f["repo"], operand, *f["pattern"])) //nolint:gosec // of the test's own
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(*f["dir"], *f["pattern"]), text, 0o600)
	}
	return onIssues(hub, fs.Name(), operand, f)
}

func listRuns(hub, event string, here bool) error {
	type run struct {
		DatabaseID int `json:"databaseId"`
	}
	found := []run{}
	files, err := filepath.Glob(filepath.Join(hub, "runs", "*", "event"))
	for _, file := range files {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if text, err := os.ReadFile(file); err == nil && string(text) == event && here { //nolint:gosec // of the test's own
			found = append(found, run{n})
		}
	}
	slices.SortFunc(found, func(a, b run) int { return b.DatabaseID - a.DatabaseID })
	return errors.Join(err, json.NewEncoder(os.Stdout).Encode(found))
}

func onIssues(hub, command, operand string, f map[string]*string) error {
	all, err := readIssues(hub)
	if err != nil {
		return err
	}
	body := ""
	if file := f["body-file"]; file != nil {
		text, err := os.ReadFile(*file)
		if err != nil {
			return err
		}
		if body = string(text); !utf8.Valid(text) || utf8.RuneCountInString(body) > 65_536 {
			return errors.New("HTTP 422: body is too long (maximum is 65536 characters)")
		}
	}
	i := -1
	if operand != "" {
		i = slices.IndexFunc(all, func(x issue) bool { return strconv.Itoa(x.Number) == operand })
		if i < 0 {
			return fmt.Errorf("no issue %s", operand)
		}
	}
	switch command {
	case "api graphql":
		query := *f["query"]
		for _, word := range []string{"issues(states: OPEN", "after: $endCursor", "pageInfo { hasNextPage endCursor }", "nodes { number body viewerDidAuthor }"} {
			if !strings.Contains(query, word) || *f["owner"] != "acme" || *f["name"] != "shop" {
				return fmt.Errorf("no stand-in for %q of %s/%s", query, *f["owner"], *f["name"])
			}
		}
		fmt.Println(`{"data":{"repository":{"issues":{"nodes":[]}}}}`)
		for _, x := range all { // a page each
			if x.Open {
				fmt.Printf(`{"data":{"repository":{"issues":{"nodes":[{"number":%d,"body":%s,"viewerDidAuthor":%v}]}}}}`+"\n", x.Number, quote(x.Body), x.Author == "")
			}
		}
		return nil
	case "issue create":
		all = append(all, issue{Number: len(all) + 1, Title: *f["title"], Body: body, Open: true})
	case "issue edit":
		all[i].Body = body
	case "issue comment":
		all[i].Comments = append(all[i].Comments, *f["body"])
	case "issue close":
		all[i].Open = false
		all[i].Comments = append(all[i].Comments, *f["comment"])
	default:
		return fmt.Errorf("no stand-in for %s", command)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(hub, "issues.json"), text, 0o600)
}

// quote is a string as JSON.
func quote(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // no string is refused
	}
	return text
}
