package monitor

import (
	"strings"
	"testing"

	"prober/probe"
)

// A filter's value that there is nothing of is said: a kept link with a slip in it must not look as if it worked.
func TestFilterSaysWhatItIgnores(t *testing.T) {
	m := scene(t, nil)
	for path, want := range map[string]string{
		"/?product=nosuch":          "here: product “nosuch”.",
		"/?state=odd&network=odd":   "here: network “odd”, state “odd”.",
		"/?page=99":                 "here: page “99”.",
		"/?page=odd":                "here: page “odd”.",
		"/?region=nowhere":          "No endpoint has the region “nowhere”.",
		"/?product=<b>":             "product “&lt;b&gt;”",
		"/?product=kms&region=&x=y": "",
		"/?product=kms&page=1":      "",
		"/":                         "", // nor what the page before it ignored
	} {
		body := get(t, m, path).Body.String()
		if says := strings.Contains(body, "Ignored, as") || strings.Contains(body, "has the region"); says != (want != "") || !strings.Contains(body, want) {
			t.Errorf("%s does not say %q, or says too much", path, want)
		}
	}
}

// What a product's heading counts is of all its endpoints, whatever the filter.
func TestHeadingCountsAllOfAProduct(t *testing.T) {
	m := scene(t, nil)
	heading := func(path string) string {
		_, after, _ := strings.Cut(get(t, m, path).Body.String(), `<table class="rows">`)
		_, after, _ = strings.Cut(after, `<span class="note">`)
		said, _, _ := strings.Cut(after, " up")
		return said
	}
	if all, some := heading("/?product=kms"), heading("/?product=kms&state=unknown"); all == "" || all != some {
		t.Errorf("%q within a filter, %q without", some, all)
	}
}

// Rows that look alike show the id, and others do not.
func TestRowsThatLookAlikeShowTheirIDs(t *testing.T) {
	x, other := testTarget(), testTarget()
	other.Endpoint.ID = testID + "/api-2"
	m, _ := monitorOf(t, []probe.Target{x, other}, nil)
	tell := `<span class="note">` + other.Endpoint.ID + `</span>`
	if body := get(t, m, "/").Body.String(); !strings.Contains(body, tell) {
		t.Errorf("nothing tells %s from %s", testID, other.Endpoint.ID)
	}
	alone, _ := monitorOf(t, []probe.Target{other}, nil)
	if strings.Contains(get(t, alone, "/").Body.String(), tell) {
		t.Error("the id of an endpoint that is like no other")
	}
}
