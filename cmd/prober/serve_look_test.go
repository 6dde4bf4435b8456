package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	endpoints "prober"
	"prober/catalog"
	"prober/needs"
	"prober/sandbox"
)

// What /probe finds to be in order has a command, too, which shows that it is, however far the module goes; and so has an API
// that throttles.
func TestCommandsOfProbesShowWhatTheySaw(t *testing.T) {
	t.Parallel()
	needs.Program(t, "curl")
	needs.Program(t, "openssl")
	list, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := sandbox.Start(sandbox.Config{Catalog: list, Faults: map[string]string{"ecs/cn-hongkong/public": "rate_limited", "gaap/ap-guangzhou/public": "rate_limited"}})
	if err != nil {
		t.Fatal(err)
	}
	defer cloud.Close()
	dir := t.TempDir()
	if err := cloud.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"--endpoints", filepath.Join(dir, "endpoints.json"), "--ca-file", filepath.Join(dir, "ca.pem"), "--allow-private",
		"--region", "cn-hongkong", "--region", "ap-guangzhou", "--network", "public",
	}
	for _, r := range cloud.Resolvers() {
		flags = append(flags, "--resolver", r.String())
	}
	address, end := served(t, flags...)
	for query, want := range map[string]string{
		"target=kms/cn-hongkong/public":                    "MissingAccessKeyId",
		"target=kms/cn-hongkong/public&module=tls_connect": "Verify return code: 0 (ok)",
		"target=kms/cn-hongkong/public&module=tcp_connect": "Connected to",
		"target=ecs/cn-hongkong/public":                    "Throttling",
		"target=gaap/ap-guangzhou/public":                  "RequestLimitExceeded",
	} {
		text := fetched(t, "http://"+address+"/probe?debug=true&"+query)
		_, command, told := strings.Cut(text, "See it with:\n$ ")
		command, _, _ = strings.Cut(command, "\n")
		if !told {
			t.Errorf("%s: no command in\n%.2000s", query, text)
			continue
		}
		if out, _ := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput(); !strings.Contains(string(out), want) {
			t.Errorf("%s: $ %s\nshows no %q:\n%s", query, command, want, out)
		}
	}
	if _, err := end(); err != nil {
		t.Error(err)
	}
}
