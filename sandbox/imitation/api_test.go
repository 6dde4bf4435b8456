package imitation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

func TestNewRefuses(t *testing.T) {
	for _, style := range []catalog.APIStyle{"", catalog.StyleNone, "rest"} {
		if _, err := New(Config{Product: catalog.Product{ID: "x", APIStyle: style}}); err == nil || !strings.Contains(err.Error(), `"x"`) {
			t.Errorf("style %q: error %v", style, err)
		}
	}
}

// TestDefaults: a product and nothing else will do.
func TestDefaults(t *testing.T) {
	a, err := New(Config{Product: catalog.Product{ID: "sts", APIStyle: catalog.StyleAlibabaRPC}, Keys: keys()})
	if err != nil {
		t.Fatal(err)
	}
	call := cloudapi.AlibabaCall{Action: "DescribeRegions", Version: "2015-04-01"}
	r := a.Serve(received(call.Signed("GET", "sts.aliyuncs.com", goodKey(), time.Now(), "n")))
	expect(t, r, readAlibaba(t, r), 200, "")
	other := a.Serve(Request{Method: "GET"})
	if one, two := readAlibaba(t, r).RequestID, readAlibaba(t, other).RequestID; one == two {
		t.Errorf("request id %s twice", one)
	}
}

func TestRegionsOfConfig(t *testing.T) {
	for _, tt := range []struct {
		region string
		want   string // the last of the list
	}{
		{"cn-hangzhou", "cn-shenzhen-finance-1"},
		{"default", "cn-shenzhen-finance-1"},
		{"", "cn-shenzhen-finance-1"},
		{"cn-new", "cn-new"},
	} {
		a, err := New(Config{Product: ecs(), Region: tt.region, Keys: keys(), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		var body regionsBody
		r := a.Serve(received(describeRegions().Signed("GET", "h", goodKey(), now(), "n")))
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		if last := body.Regions.Region[len(body.Regions.Region)-1]; last.RegionID != tt.want || last.LocalName == "" {
			t.Errorf("region %q: the last is %v, want %q", tt.region, last, tt.want)
		}
	}
	if got := knownRegions(catalog.StyleTencent3, "nearest"); slices.Contains(got, "nearest") || !slices.Contains(got, "ap-guangzhou") {
		t.Errorf("regions of Tencent: %v", got)
	}
}

// TestConcurrentUse is for the race detector, and for request ids that must not recur.
func TestConcurrentUse(t *testing.T) {
	a := newAPI(t, kms())
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				call := cloudapi.AlibabaCall{Action: "Encrypt", Version: "2016-01-20", Params: map[string][]string{"KeyId": {"alias/sandbox"}, "Plaintext": {"AAAA"}}}
				got := readAlibaba(t, a.Serve(received(call.Signed("POST", "h", goodKey(), now(), fmt.Sprint(i, "-", j)))))
				mu.Lock()
				if got.IsError || seen[got.RequestID] {
					t.Errorf("%s, request id seen before: %t", got, seen[got.RequestID])
				}
				seen[got.RequestID] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestNoncesAreBounded(t *testing.T) {
	var n nonces
	later := now().Add(time.Hour)
	for i := range maxNonces + 10 {
		if !n.use(fmt.Sprint(i), now(), later) {
			t.Fatalf("nonce %d counts as used", i)
		}
	}
	if len(n.until) > maxNonces {
		t.Errorf("%d nonces are kept, want %d or fewer", len(n.until), maxNonces)
	}
	if !n.use("fresh", later, later.Add(time.Hour)) || n.use("fresh", later, later.Add(time.Hour)) {
		t.Error("after forgetting, a fresh nonce is not told from a used one")
	}
	// What has run out goes first.
	var m nonces
	for i := range maxNonces {
		m.use(fmt.Sprint(i), now(), now().Add(time.Minute))
	}
	m.use("new", now().Add(time.Minute), later)
	if len(m.until) != 1 {
		t.Errorf("%d nonces are kept, want the new one alone", len(m.until))
	}
}
