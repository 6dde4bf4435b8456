package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// What a release is built with: -ldflags "-X main.stampedVersion=1.2.3 -X main.stampedCommit=... -X main.stampedDate=...".
// The linker sets nothing but variables of a package.
var stampedVersion, stampedCommit, stampedDate string

// archived is filled in by "git archive" (see .gitattributes), which is how hosts make their tarballs: the commit, its
// date, and the tags of it. In a checkout it holds placeholders.
//
//go:embed archived.txt
var archived string

// build says what this program was built from.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // of the commit, RFC 3339
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Hint     string `json:"hint,omitempty"` // what to do for a version or a commit, where one is not known
}

// development is the version of a build that has none.
const development = "development"

// builtFrom returns what this program was built from.
func builtFrom() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return buildOf(build{Version: stampedVersion, Commit: stampedCommit, Date: stampedDate}, info, archived)
}

// buildOf takes each thing from the first that knows it: the stamp of a release, what Go wrote into the program, and
// the file that "git archive" fills in.
func buildOf(stamped build, info *debug.BuildInfo, archive string) build {
	seen, packed := checkedOut(info), unpacked(archive)
	b := build{
		Version: strings.TrimPrefix(cmp.Or(stamped.Version, seen.Version, packed.Version, development), "v"),
		Go:      runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	for _, from := range []build{stamped, seen, packed} {
		if from.Commit != "" { // its date and its state are of the same commit
			b.Commit, b.Date, b.Modified = from.Commit, from.Date, from.Modified
			break
		}
	}
	switch {
	case b.Commit == "":
		b.Hint = "to have the commit in the program, build it with git in its checkout and with -buildvcs=true, from a tarball that git archive made, " +
			`or with -ldflags "-X main.stampedVersion=VERSION -X main.stampedCommit=COMMIT -X main.stampedDate=DATE"`
	case b.Version == development:
		b.Hint = `to have a version in the program, build it at a tag, or with -ldflags "-X main.stampedVersion=VERSION"`
	}
	return b
}

// checkedOut is what Go wrote into a program that was built in a checkout.
func checkedOut(info *debug.BuildInfo) (b build) {
	if v := info.Main.Version; v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// unpacked is what "git archive" wrote: lines of a name and a value.
func unpacked(archive string) (b build) {
	for line := range strings.Lines(archive) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.Contains(value, "$Format") {
			continue // nobody has filled it in
		}
		switch name {
		case "commit":
			b.Commit = value
		case "date":
			b.Date = value
		case "refs": // as "HEAD -> main, tag: v1.2.3"
			for ref := range strings.SplitSeq(value, ", ") {
				if tag, is := strings.CutPrefix(ref, "tag: v"); is {
					b.Version = tag
				}
			}
		}
	}
	return b
}

// revision is the commit, or a word where there is none.
func (b build) revision() string { return cmp.Or(b.Commit, "unknown") }

// line is all of it for people.
func (b build) line() string {
	commit := b.revision()
	if b.Modified {
		commit += " with changes"
	}
	if b.Date != "" {
		commit += " of " + b.Date
	}
	return fmt.Sprintf("prober %s (revision %s, %s %s)\n", b.Version, commit, b.Go, b.Platform)
}

func (a *app) versionCommand() *cobra.Command {
	var form output
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version of the program and of Go", Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.printVersion(form) },
	}
	outputFlag(cmd, &form)
	return cmd
}

// printVersion prints the version, and says to people what to do for more.
func (a *app) printVersion(form output) error {
	b := builtFrom()
	if form == outputTable && b.Hint != "" {
		a.say("note: %s", b.Hint)
	}
	return a.print(form, b, func(w io.Writer) error {
		_, err := io.WriteString(w, b.line())
		return err
	})
}
