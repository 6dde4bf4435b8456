// Command image makes the container image of prober, as an OCI layout with one image for each platform,
// from scratch and without a network: the program, the authorities that the building machine trusts, the
// time zones that come with Go, and a list of what the program is made of. There is no shell and no
// package manager in it, and nothing in it can be written but the folder for the state.
//
// The same programs make the same bytes. It needs libraries of its own, so it is a module of its own.
//
//	go run . -version 1.2.3 -revision COMMIT -created DATE -out DIR PROGRAM...
//	go run . -version 1.2.3 -sbom FILE PROGRAM      the list alone, for what is not an image
//	go run . -push HOST/NAME:TAG -layout DIR        sends a layout to a registry
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"prober/deploy/image/sbom"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "image:", err)
		}
		os.Exit(2)
	}
}

// run makes what the arguments ask for.
func run(args []string, stdout, stderr io.Writer) error {
	var of made
	var created, list, out, to, from string
	fs := flag.NewFlagSet("image", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&of.version, "version", "", "`VERSION` of the programs, without v")
	fs.StringVar(&of.revision, "revision", "", "`COMMIT` that they were built from")
	fs.StringVar(&created, "created", "", "`DATE` of that commit (RFC 3339), which everything in the image gets")
	fs.StringVar(&of.source, "source", "", "`URL` of the repository, if it is known")
	fs.StringVar(&of.authorities, "authorities", "/etc/ssl/certs/ca-certificates.crt", "`FILE` with the authorities to trust, in PEM")
	fs.StringVar(&of.license, "license", filepath.Join("..", "..", "LICENSE"), "`FILE` with the licence of prober")
	fs.StringVar(&of.thirdParty, "third-party", filepath.Join("..", "release", "THIRD-PARTY.txt"), "`FILE` with the licences of what it is linked with")
	fs.StringVar(&out, "out", "", "new `DIR` for the OCI layout")
	fs.StringVar(&list, "sbom", "", "write what one program is made of to `FILE`, and make no image")
	fs.StringVar(&to, "push", "", "send a layout to a registry as `HOST/NAME:TAG`, and make no image")
	fs.StringVar(&from, "layout", "", "`DIR` of the layout to send")
	if err := fs.Parse(args); err != nil {
		return err
	}
	switch {
	case to != "" || from != "":
		digest, err := push(from, to)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(stdout, digest)
		return err
	case of.version == "":
		return errors.New("-version is missing")
	case list != "" && (fs.NArg() != 1 || out != ""):
		return errors.New("-sbom takes one PROGRAM, and no -out")
	case list != "":
		text, err := sbom.Of(fs.Arg(0), of.version)
		if err != nil {
			return err
		}
		return os.WriteFile(list, text, 0o644) //nolint:gosec // for everybody
	case out == "" || fs.NArg() == 0:
		return errors.New("-out and a PROGRAM for each platform are missing")
	}
	var err error
	if of.created, err = time.Parse(time.RFC3339, created); err != nil {
		return fmt.Errorf("-created %q: want a date such as 2026-01-02T03:04:05Z", created)
	}
	of.created = of.created.UTC()
	if of.zones, err = zonesOfGo(); err != nil {
		return err
	}
	digest, err := of.write(out, fs.Args())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, digest)
	return err
}

// zonesOfGo is the file with the time zones that comes with Go.
func zonesOfGo() (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("asking Go for its folder, which has the time zones: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"), nil
}
