package main

import (
	"strings"
	"testing"
)

// A product of a known API family, of which no code knows anything, is served by the
// sandbox and measured by check: what it needs stands in the catalogue.
func TestCheckOfANewProduct(t *testing.T) {
	t.Parallel()
	const file = "../../sandbox/testdata/new-products.json"
	r := runApp(t, nil, "check", "--sandbox", "--endpoints", file, "--signed", "--scheme", "all")
	if r.code != 0 || !strings.HasSuffix(r.stdout, "\n6 ok\n") {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	r = runApp(t, nil, "check", "--sandbox", "--endpoints", file, "--fault", "sts/*=server_error")
	if r.code != 1 || !strings.Contains(r.stdout, "?Action=DescribeNothing&Format=JSON&Version=2015-04-01") ||
		!strings.HasSuffix(r.stdout, "\n1 ok, 2 failed\n") {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}
