package sdkhosts_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"prober/catalog"
	"prober/sdkhosts"
)

func builtIn(t *testing.T) *catalog.Catalog {
	t.Helper()
	text, err := os.ReadFile("../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode("endpoints.json", text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The tables say where each host comes from, and when that was.
func TestCommitted(t *testing.T) {
	tables, err := sdkhosts.Committed()
	if err != nil || len(tables.Sources) != 3 || len(tables.Hosts) < 100 {
		t.Fatal(err, len(tables.Sources), len(tables.Hosts))
	}
	c := builtIn(t)
	ids := map[string]bool{}
	for _, s := range tables.Sources {
		ids[s.ID] = true
		if !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(s.Date) || s.Revision == "" || !strings.HasPrefix(s.File, "https://") || !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("%+v", s)
		}
	}
	for i, h := range tables.Hosts {
		if _, ok := c.Product(h.Product); !ok || !strings.HasPrefix(h.Host, h.Product) || len(h.Sources) == 0 || i > 0 && tables.Hosts[i-1].Host >= h.Host {
			t.Errorf("%+v", h)
		}
		for _, id := range h.Sources {
			if !ids[id] {
				t.Errorf("%s: no source %s", h.Host, id)
			}
		}
	}
}

// Every active endpoint of Alibaba Cloud in the built-in list is one that the SDKs still name.
func TestTheListHasNotAged(t *testing.T) {
	tables, err := sdkhosts.Committed()
	if err != nil {
		t.Fatal(err)
	}
	n := map[sdkhosts.Kind]int{}
	for _, d := range sdkhosts.Compare(builtIn(t), tables, nil) {
		n[d.Kind]++
		if d.Kind == sdkhosts.NotNamed {
			t.Errorf("%+v", d)
		}
	}
	if n[sdkhosts.NotActive] == 0 || n[sdkhosts.NotListed] == 0 {
		t.Errorf("%v", n)
	}
}

func TestCompare(t *testing.T) {
	c, err := catalog.DecodeList("l.json", []byte(`{"endpoints": [{"url": "https://shop.eu.acme.example/"}, {"url": "https://shop.old.acme.example/", "lifecycle": "closed"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Endpoints {
		c.Endpoints[i].Product = "shop"
	}
	tables := sdkhosts.Tables{
		Sources: []sdkhosts.Source{{ID: "a"}, {ID: "b"}},
		Hosts: []sdkhosts.Host{
			{Host: "shop.old.acme.example", Product: "shop", Sources: []string{"a"}},
			{Host: "shop.us.acme.example", Product: "shop", Sources: []string{"a", "b"}},
			{Host: "shop-vpc.us.acme.example", Product: "shop", Sources: []string{"b"}},
		},
	}
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"the list", nil, "not-named shop.eu.acme.example, not-active shop.old.acme.example, not-listed shop-vpc.us.acme.example, not-listed shop.us.acme.example"},
		{"nothing new", map[string][]byte{"x/a.go": []byte(`"shop.old.acme.example" "shop.us.acme.example", "shop.eu.acme.example"`)}, ""},
		{"another", map[string][]byte{"a.go": []byte(`shop.old.acme.example shop.us.acme.example {"host":"shop-vpc.new.acme.example"} https://shop.elsewhere.example/ other.eu.acme.example`)}, "new shop-vpc.new.acme.example"},
		{"one less, in one of two tables", map[string][]byte{"a.go": []byte(`shop.old.acme.example`)}, ""},
		{"one less, in both", map[string][]byte{"a.go": []byte(`shop.old.acme.example`), "b.json": []byte(`shop-vpc.us.acme.example`)}, "gone shop.us.acme.example"},
		{"no table by its name", map[string][]byte{"something": nil}, ""},
	} {
		var got []string
		for _, d := range sdkhosts.Compare(c, tables, tt.files) {
			got = append(got, fmt.Sprint(d.Kind, " ", d.Host))
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	tables := sdkhosts.Tables{Sources: []sdkhosts.Source{{ID: "a", Title: "acme/sdk", Revision: "1f", Date: "2026-01-02"}}}
	all := []sdkhosts.Difference{
		{Kind: sdkhosts.New, Host: "shop.b", Sources: []string{"a.go"}},
		{Kind: sdkhosts.New, Host: "shop.c"},
		{Kind: sdkhosts.NotActive, Host: "shop.d", Endpoint: "shop/d/public", Lifecycle: catalog.Closed, Sources: []string{"a"}},
	}
	if err := sdkhosts.Write(&b, tables, all); err != nil {
		t.Fatal(err)
	}
	const want = "a: acme/sdk, revision 1f of 2026-01-02\n\n2 hosts named now, in no table before and not in the list:\n  shop.b  (a.go)\n  shop.c\n\n" +
		"1 host not active in the list, and yet named by tables:\n  shop.d  shop/d/public closed  (a)\n"
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
}
