package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prober/sdkhosts"
)

// diff --sdk tells of the built-in list, or of newer tables, and is never a failure.
func TestDiffSDK(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "openapi-meta.json")
	if err := os.WriteFile(file, []byte(`"kms.xx-new-1.aliyuncs.com"`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		kind sdkhosts.Kind
		says string
	}{
		{nil, sdkhosts.NotListed, "revision d024e14 of 2026-07-16"},
		{[]string{file}, sdkhosts.New, "  kms.xx-new-1.aliyuncs.com  ("},
	} {
		table := runApp(t, nil, append([]string{"endpoints", "diff", "--sdk"}, c.args...)...)
		if table.code != 0 || !strings.Contains(table.stdout, c.says) {
			t.Errorf("exit code %d, want %q: %s%s", table.code, c.says, table.stdout, table.stderr)
		}
		var all []sdkhosts.Difference
		r := runApp(t, nil, append([]string{"endpoints", "diff", "--sdk", "-o", "json"}, c.args...)...)
		if err := json.Unmarshal([]byte(r.stdout), &all); err != nil || !strings.Contains(r.stdout, `"`+string(c.kind)+`"`) {
			t.Errorf("%v: %s", err, r.stdout)
		}
	}
	for _, args := range [][]string{{"endpoints", "diff"}, {"endpoints", "diff", "--sdk", "/nowhere"}} {
		if r := runApp(t, nil, args...); r.code != 2 || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%q: exit code %d, %s", args, r.code, r.stderr)
		}
	}
}
