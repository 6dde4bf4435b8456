package catalog_test

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"

	"prober"
	"prober/catalog"
)

func ids(endpoints []catalog.Endpoint) string {
	var out []string
	for _, e := range endpoints {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

func TestSelectCounts(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		name string
		s    catalog.Selection
		want int
	}{
		{"everything", catalog.Selection{}, 85},
		{"the word all", catalog.Selection{Networks: []string{"all"}}, 85},
		{"a product", catalog.Selection{Products: []string{"kms"}}, 51},
		{"two products", catalog.Selection{Products: []string{"ecs", "gaap"}}, 34},
		{"a network", catalog.Selection{Networks: []string{"vpc"}}, 25},
		{"both networks", catalog.Selection{Networks: []string{"vpc", "public"}}, 85},
		{"a region of two products", catalog.Selection{Regions: []string{"cn-heyuan"}}, 3},
		{"a region that ECS lacks", catalog.Selection{Products: []string{"ecs"}, Regions: []string{"cn-chengdu"}}, 0},
		{"a network that GAAP lacks", catalog.Selection{Products: []string{"gaap"}, Networks: []string{"vpc"}}, 0},
		{"all three", catalog.Selection{Products: []string{"kms"}, Regions: []string{"cn-beijing", "us-east-1"}, Networks: []string{"public"}}, 2},
	} {
		got, err := c.Select(tt.s)
		if err != nil || len(got) != tt.want {
			t.Errorf("%s: %d endpoints (%v), want %d", tt.name, len(got), err, tt.want)
		}
	}
}

func TestSelectKeepsOrder(t *testing.T) {
	got, err := embedded(t).Select(catalog.Selection{Products: []string{"kms", "ecs"}, Regions: []string{"eu-west-1"}})
	if want := "ecs/eu-west-1/public kms/eu-west-1/public kms/eu-west-1/vpc"; err != nil || ids(got) != want {
		t.Errorf("got %s (%v), want %s", ids(got), err, want)
	}
}

func TestSelectUnknown(t *testing.T) {
	c := decode(t, "valid-full.json")
	got, err := c.Select(catalog.Selection{
		Products: []string{"vault", "vault1"}, Regions: []string{"soth"}, Networks: []string{"privat"},
	})
	want := `unknown product "vault1"; did you mean "vault"? known: vault
unknown region "soth"; did you mean "south"? known: north, south
unknown network "privat"; known: public, vpc, all`
	if got != nil || err == nil || err.Error() != want {
		t.Errorf("got %v, %v\nwant %s", got, err, want)
	}
	if unknown, ok := errors.AsType[*catalog.UnknownError](err); !ok || unknown.Name != "vault1" {
		t.Errorf("%T is no UnknownError of the first name", err)
	}
}

// The notice that Tencent Cloud gave names regions in which no listed product is.
func TestSelectRegionWithoutEndpoints(t *testing.T) {
	c := embedded(t)
	if _, ok := c.Region("tencent", "ap-osaka"); !ok {
		t.Fatal("the catalogue does not know ap-osaka")
	}
	if _, err := c.Select(catalog.Selection{Regions: []string{"ap-osaka"}}); err == nil {
		t.Error("a region without endpoints must be an error, not an empty selection")
	}
}

func TestMatch(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		word string
		want int
		ids  string // compared unless empty
	}{
		{"kms/cn-beijing/vpc", 1, "kms/cn-beijing/vpc"},
		{"kms-vpc.cn-beijing.aliyuncs.com", 1, "kms/cn-beijing/vpc"},
		{"ECS.aliyuncs.com.", 1, "ecs/default/public"},
		{"*", 85, ""},
		{"kms/*", 51, ""},
		{"kms/*/vpc", 25, ""},
		{"*/cn-heyuan/*", 3, "ecs/cn-heyuan/public kms/cn-heyuan/public kms/cn-heyuan/vpc"},
		{"gaap/ap-s?oul/*", 1, "gaap/ap-seoul/public"},
		{"gaap/ap-[a-c]*", 4, ""},
		{"*.tencentcloudapi.com", 17, ""},
	} {
		got, err := c.Match(tt.word)
		if err != nil || len(got) != tt.want {
			t.Errorf("%s: %d endpoints (%v), want %d", tt.word, len(got), err, tt.want)
		}
		if tt.ids != "" && ids(got) != tt.ids {
			t.Errorf("%s: got %s, want %s", tt.word, ids(got), tt.ids)
		}
	}
}

func TestMatchNothing(t *testing.T) {
	c := embedded(t)
	for word, want := range map[string]string{
		"kms/cn-beijng/public":      `no endpoint is named "kms/cn-beijng/public"; did you mean "kms/cn-beijing/public"?`,
		"kms.cn-beijing.aliyun.com": `no endpoint is named "kms.cn-beijing.aliyun.com"; did you mean "kms.cn-beijing.aliyuncs.com"?`,
		"oss/*":                     `no endpoint is named "oss/*"`,
		"":                          `no endpoint is named ""`,
	} {
		if got, err := c.Match(word); got != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, %v\nwant %s", got, err, want)
		}
	}
	if _, err := c.Match("kms/["); !errors.Is(err, path.ErrBadPattern) {
		t.Errorf("a broken pattern gave %v", err)
	}
}

func TestLookups(t *testing.T) {
	c := embedded(t)
	if e, ok := c.Endpoint("gaap/nearest/public"); !ok || c.RegionName(e) != "Local access region" {
		t.Errorf("gaap/nearest/public: %+v in %q", e, c.RegionName(e))
	}
	if _, ok := c.Endpoint("gaap/nearest/vpc"); ok {
		t.Error("gaap/nearest/vpc does not exist")
	}
	if r, ok := c.Rule("gaap/tls/TLS1.0/2026-12"); !ok || r.Sources[0] != "tencent-announcement-2465" {
		t.Errorf("the dated rule is %+v", r)
	}
	if _, ok := c.Rule("gaap/tls/TLS9"); ok {
		t.Error("gaap/tls/TLS9 is no rule")
	}
	if s, ok := c.Source("kms-2021-01"); !ok || s.Date != "2021-01-28" {
		t.Errorf("the source is %+v", s)
	}
	stray := catalog.Endpoint{Product: "none", Region: "somewhere"}
	if got := c.RegionName(stray); got != "somewhere" {
		t.Errorf("an unknown region is called %q", got)
	}
}

func ExampleCatalog_Select() {
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		fmt.Println(err)
		return
	}
	endpoints, err := c.Select(catalog.Selection{Products: []string{"kms"}, Regions: []string{"cn-beijing"}})
	for _, e := range endpoints {
		fmt.Println(e.ID, e.Host)
	}
	fmt.Println(err)
	// Output:
	// kms/cn-beijing/public kms.cn-beijing.aliyuncs.com
	// kms/cn-beijing/vpc kms-vpc.cn-beijing.aliyuncs.com
	// <nil>
}
