package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"prober/limit"
	"prober/settings"
)

func TestConfigFile(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		args []string
		code int
		want []string // what stdout and stderr say
		not  string
	}{
		"a selection":             {"product: kms\nnetwork: public\nregion: [cn-beijing, cn-hangzhou]", []string{"endpoints", "list"}, 0, []string{"kms/cn-beijing/public", "kms/cn-hangzhou/public"}, "vpc"},
		"as a flag has it":        {"region: cn-beijing,cn-hangzhou", []string{"endpoints", "list"}, 0, []string{"kms/cn-beijing/public", "kms/cn-hangzhou/public"}, "gaap"},
		"flags are on top":        {"product: ecs\nregion: cn-hangzhou", []string{"endpoints", "list", "--product", "kms"}, 0, []string{"kms/cn-hangzhou/public"}, "ecs/"},
		"of another command":      {"interval: 30s\nonly-new: true\nproduct: gaap", []string{"endpoints", "list"}, 0, []string{"gaap/"}, "ecs/"},
		"a switch":                {"sandbox: true\nregion: cn-hangzhou\nproduct: kms\ntimeout: 1m\n", []string{"check"}, 0, []string{"kms/cn-hangzhou/vpc", "ok"}, ""},
		"nothing":                 {"# all defaults\n", []string{"endpoints", "list"}, 0, []string{"ecs/"}, ""},
		"misspelt":                {"product: ecs\nintervall: 30s", []string{"check"}, 2, []string{`prober.yaml: line 2: no command takes the flag "intervall" from a file; did you mean "interval"?`}, ""},
		"all that are misspelt":   {"prodct: ecs\nzzzzzzzzzz: 1", []string{"check"}, 2, []string{`"prodct"`, `"product"`, `"zzzzzzzzzz"`, "docs/configuration.md"}, ""},
		"a file that names one":   {"config.file: other", []string{"check"}, 2, []string{`no command takes the flag "config.file"`}, ""},
		"twice":                   {"product: ecs\nproduct: kms", []string{"check"}, 2, []string{`line 2: "product" stands in line 1 as well`}, ""},
		"a list for one":          {"timeout: [1s]", []string{"check"}, 2, []string{"line 1: timeout: want one value, not a list"}, ""},
		"a wrong value":           {"\ntimeout: soon", []string{"check"}, 2, []string{`line 2: timeout: "soon": `}, ""},
		"a wrong value, no flag":  {"timeout: soon", []string{"check", "--timeout", "-1s"}, 2, []string{"--timeout -1s"}, "soon"},
		"one that does not fit":   {"fault: 'kms/*=cert_expired'", []string{"check"}, 2, []string{"--fault needs --sandbox", "(--fault: from "}, ""},
		"unknown to the list":     {"product: emr", []string{"check"}, 2, []string{`unknown product "emr"`}, ""},
		"larger than it may be":   {strings.Repeat("#\n", limit.ConfigBytes/2+1), []string{"check"}, 2, []string{fmt.Sprintf("holds more than %d bytes", limit.ConfigBytes)}, ""},
		"a command that has none": {"product: ecs", []string{"version"}, 2, []string{"unknown flag: --config.file"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "prober.yaml", tt.file)
			got := runApp(t, nil, append(tt.args, "--config.file", path)...)
			said := got.stdout + got.stderr
			if got.code != tt.code || tt.not != "" && strings.Contains(said, tt.not) {
				t.Errorf("exit code %d, want %d, without %q: %.2000s", got.code, tt.code, tt.not, said)
			}
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in %.2000s", want, said)
				}
			}
		})
	}
	if got := runApp(t, nil, "check", "--config.file", "/nowhere/x.yaml"); got.code != 2 || !strings.Contains(got.stderr, "--config.file /nowhere/x.yaml: no such file") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

// A reload takes the selection from the file anew, says what needs a restart, and keeps what it has
// when the file is broken.
func TestConfigFileAtReload(t *testing.T) {
	const rest = "\nresolver: 127.0.0.1:1\ninterval: 1h\nweb.enable-lifecycle: true\n"
	path := write(t, "prober.yaml", "region: cn-hangzhou"+rest)
	address, end := served(t, "--config.file", path, "--product", "kms")
	for _, step := range []struct{ file, answer string }{
		{"product: gaap\nregion: cn-hangzhou,cn-beijing" + rest, "reloaded: 2 endpoints"}, // --product is on top
		{"region: cn-hangzhou\ntimeout: soon\nregoin: x" + rest, `did you mean "region"?`},
		{"region: [cn-hangzhou, cn-beijing, cn-shanghai]\ntimeout: 7s" + rest, "reloaded: 3 endpoints"},
		{"region: nowhere", `unknown region "nowhere"`},
	} {
		if err := os.WriteFile(path, []byte(step.file), 0o600); err != nil {
			t.Fatal(err)
		}
		reply, err := http.Post("http://"+address+"/-/reload", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if !strings.Contains(string(body), step.answer) {
			t.Errorf("%q, want %q", body, step.answer)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	said, err := end()
	if err != nil || !strings.Contains(said, "needs a restart") || !strings.Contains(said, "settings=timeout") {
		t.Errorf("%v: %s", err, said)
	}
}

// writeConfiguration writes down every flag that a file may name.
func writeConfiguration(b *bytes.Buffer) error {
	fmt.Fprint(b, `# Configuration

<!-- Generated from the code: "go test ./cmd/prober -run Docs -update". -->

Every flag of the commands below can stand in a file, which `+"`--config.file FILE`"+` names. The key is the name of the flag; one that
is repeatable takes a list as well:

    # prober.yaml
    product: [ecs, kms]
    interval: 30s
    web.listen-address: 0.0.0.0:9115
    web.enable-lifecycle: true

Flags on the command line are on top: one that is given there replaces what the file says. One file can serve all commands; each takes
the keys of its own flags. The file is read strictly: a key that no command has, a key that stands there twice, a key without a value,
nesting, anchors and tags are errors, with their lines. Paths in it are relative to the folder in which the
command runs, as those of flags are.

`+"`prober serve`"+` reads the file again when it reloads (SIGHUP, or `+"`POST /-/reload`"+`) and takes from it which endpoints are probed:
`+"`endpoints`, `product`, `region` and `network`"+`. What else has changed is named in the log and needs a restart. A file that is wrong
changes nothing.

| key | commands | default | meaning |
|---|---|---|---|
`)
	root := (&app{}).root()
	type row struct {
		flag     *pflag.Flag
		commands []string
	}
	rows := map[string]*row{} // by name, meaning and default: a flag may be another thing to another command
	for _, cmd := range configurableCommands(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !slices.Contains(configurableFlags(root), f.Name) {
				return
			}
			_, usage := pflag.UnquoteUsage(f)
			key := f.Name + "\x00" + usage + "\x00" + f.DefValue
			if rows[key] == nil {
				rows[key] = &row{flag: f}
			}
			rows[key].commands = append(rows[key].commands, strings.TrimPrefix(cmd.CommandPath(), "prober "))
		})
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		r := rows[key]
		_, usage := pflag.UnquoteUsage(r.flag)
		fallback := ""
		if v := r.flag.DefValue; v != "" && v != "[]" {
			fallback = "`" + v + "`"
		}
		slices.Sort(r.commands)
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", r.flag.Name, strings.Join(r.commands, ", "), fallback, strings.ReplaceAll(usage, "|", `\|`))
	}
	return nil
}

// What has changed is told by its name, once, whichever of the files has it.
func TestChangedSettings(t *testing.T) {
	set := func(pairs ...string) (all []settings.Setting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, settings.Setting{Name: pairs[i], Values: strings.Split(pairs[i+1], ",")})
		}
		return all
	}
	before := set("product", "ecs", "timeout", "5s", "control", "a,b", "interval", "1m")
	now := set("product", "kms", "interval", "1m", "control", "b,a", "shard", "1/2")
	every, late := changed(before, now, func(string) bool { return true }), changed(before, now, func(name string) bool { return !slices.Contains(selecting(), name) })
	if want := []string{"control", "product", "shard", "timeout"}; !slices.Equal(every, want) {
		t.Errorf("%v, want %v", every, want)
	}
	if want := []string{"control", "shard", "timeout"}; !slices.Equal(late, want) {
		t.Errorf("%v, want %v", late, want)
	}
}
