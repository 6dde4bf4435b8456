package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"prober/catalog"
)

// A document's table of endpoints, transcribed row by row into testdata.
type document struct {
	source  string // id of the document, and name of its file
	product string
	rows    int // as counted in the document
}

func documents() []document {
	return []document{
		{"ecs-2020-09", "ecs", 13},
		{"ecs-2019-06", "ecs", 15},
		{"kms-2021-01", "kms", 26},
		{"kms-2019-08", "kms", 22},
		{"gaap-2021-08", "gaap", 17},
	}
}

// table returns the heading of a document's file, the names of its columns and its rows.
func (d document) table(t *testing.T) (heading string, columns []string, rows [][]string) {
	t.Helper()
	for line := range strings.Lines(string(read(t, d.source+".tsv"))) {
		line = strings.TrimSuffix(line, "\n")
		comment, isComment := strings.CutPrefix(line, "# ")
		switch {
		case isComment && heading == "":
			heading = comment
		case isComment:
			columns = strings.Split(comment, "\t") // the last comment names the columns
		default:
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	if len(rows) != d.rows {
		t.Fatalf("%s.tsv has %d rows, the document %d", d.source, len(rows), d.rows)
	}
	return heading, columns, rows
}

// hosts returns network and host of each cell of the table; "N/A" and "None" say that
// there is no such host.
func (d document) hosts(t *testing.T) map[[2]string][]string {
	_, columns, rows := d.table(t)
	out := map[[2]string][]string{}
	for _, row := range rows {
		for i, column := range columns {
			if (column == "public" || column == "vpc") && row[i] != "N/A" && row[i] != "None" {
				key := [2]string{column, row[i]}
				if out[key] != nil {
					t.Errorf("%s.tsv lists %s twice", d.source, row[i])
				}
				out[key] = row
			}
		}
	}
	return out
}

func TestEndpointsOfDocuments(t *testing.T) {
	c := embedded(t)
	for _, d := range documents() {
		t.Run(d.source, func(t *testing.T) {
			heading, columns, _ := d.table(t)
			s, ok := c.Source(d.source)
			if want := s.Title + ", " + s.Date; !ok || heading != want {
				t.Errorf("the table is that of %q, the source says %q", heading, want)
			}
			hosts := d.hosts(t)
			for key, row := range hosts {
				i := slices.IndexFunc(c.Endpoints, func(e catalog.Endpoint) bool {
					return e.Product == d.product && string(e.Network) == key[0] && e.Host == key[1]
				})
				if i < 0 {
					t.Errorf("%s is not in the catalogue", key[1])
					continue
				}
				e := c.Endpoints[i]
				if !slices.Contains(e.Sources, d.source) {
					t.Errorf("%s does not name %s as its source", e.ID, d.source)
				}
				if col := slices.Index(columns, "region_id"); col >= 0 && row[col] != e.Region {
					t.Errorf("%s: the document says region %q", e.ID, row[col])
				}
			}
			for _, e := range c.Endpoints {
				if slices.Contains(e.Sources, d.source) && hosts[[2]string{string(e.Network), e.Host}] == nil {
					t.Errorf("%s names %s as its source, which does not list %s", e.ID, d.source, e.Host)
				}
			}
		})
	}
}

// Every endpoint stands in one of the five documents, and their number is as counted by
// hand: 13 and 4 more, 26 with 25 VPC hosts, 17.
func TestEndpointCounts(t *testing.T) {
	c := embedded(t)
	count := map[string]int{}
	for _, e := range c.Endpoints {
		count[e.Product+"/"+string(e.Network)]++
		if !slices.ContainsFunc(documents(), func(d document) bool { return slices.Contains(e.Sources, d.source) }) {
			t.Errorf("%s stands in none of the documents", e.ID)
		}
	}
	want := map[string]int{"ecs/public": 17, "kms/public": 26, "kms/vpc": 25, "gaap/public": 17}
	for key, n := range want {
		if count[key] != n {
			t.Errorf("%d endpoints of %s, want %d", count[key], key, n)
		}
	}
	if len(c.Endpoints) != 85 || len(count) != len(want) {
		t.Errorf("%d endpoints in all of %v, want 85", len(c.Endpoints), count)
	}
}

func TestEndpointsOfOneRevisionOnly(t *testing.T) {
	var newer, older []string
	for _, e := range embedded(t).Endpoints {
		has := func(s string) bool { return slices.Contains(e.Sources, s) }
		if has("ecs-2020-09") && !has("ecs-2019-06") || has("kms-2021-01") && !has("kms-2019-08") {
			newer = append(newer, e.ID)
		}
		if has("ecs-2019-06") && !has("ecs-2020-09") || has("kms-2019-08") && !has("kms-2021-01") {
			older = append(older, e.ID)
		}
	}
	slices.Sort(newer)
	slices.Sort(older)
	wantNewer := []string{
		"ecs/cn-heyuan/public", "ecs/cn-wulanchabu/public",
		"kms/cn-chengdu/public", "kms/cn-chengdu/vpc", "kms/cn-guangzhou/public", "kms/cn-guangzhou/vpc",
		"kms/cn-heyuan/public", "kms/cn-heyuan/vpc", "kms/cn-wulanchabu/public", "kms/cn-wulanchabu/vpc",
	}
	wantOlder := []string{"ecs/ap-southeast-1/public", "ecs/cn-hongkong/public", "ecs/us-east-1/public", "ecs/us-west-1/public"}
	if !slices.Equal(newer, wantNewer) {
		t.Errorf("only in the newer revision: %v", newer)
	}
	if !slices.Equal(older, wantOlder) {
		t.Errorf("only in the older revision: %v", older)
	}
}

func TestLifecycles(t *testing.T) {
	want := map[string]catalog.Lifecycle{
		"ecs/ap-south-1/public": catalog.Closed, "ecs/ap-southeast-2/public": catalog.Closed,
		"kms/ap-south-1/public": catalog.Closed, "kms/ap-southeast-2/public": catalog.Closed,
		"kms/ap-south-1/vpc": catalog.Closed, "kms/ap-southeast-2/vpc": catalog.Closed,
		"gaap/ap-mumbai/public": catalog.Doubtful, "gaap/na-toronto/public": catalog.Doubtful,
		"gaap/eu-moscow/public": catalog.Doubtful,
	}
	for _, e := range embedded(t).Endpoints {
		w, ok := want[e.ID]
		if !ok {
			w = catalog.Active
		}
		if e.Lifecycle != w {
			t.Errorf("%s is %s, want %s", e.ID, e.Lifecycle, w)
		}
		if w != catalog.Active && e.Note == "" {
			t.Errorf("%s is %s without a note that says why", e.ID, w)
		}
	}
}

// Regions that a host names are the ones the endpoint says.
func TestHostsNameTheirRegion(t *testing.T) {
	for _, e := range embedded(t).Endpoints {
		var want string
		switch e.Product + "/" + string(e.Network) {
		case "ecs/public", "kms/public":
			want = e.Product + "." + e.Region + ".aliyuncs.com"
		case "kms/vpc":
			want = "kms-vpc." + e.Region + ".aliyuncs.com"
		case "gaap/public":
			want = "gaap." + e.Region + ".tencentcloudapi.com"
		}
		switch e.Region {
		case "default":
			want = "ecs.aliyuncs.com"
		case "nearest":
			want = "gaap.tencentcloudapi.com"
		}
		if e.Host != want {
			t.Errorf("%s has host %s, want %s", e.ID, e.Host, want)
		}
	}
}

func TestEverySourceIsUsed(t *testing.T) {
	c := embedded(t)
	used := map[string]bool{}
	for _, e := range c.Endpoints {
		for _, s := range e.Sources {
			used[s] = true
		}
	}
	for _, p := range c.Products {
		for _, r := range p.Rules.All() {
			for _, s := range r.Sources {
				used[s] = true
			}
		}
	}
	for _, s := range c.Sources {
		if !used[s.ID] {
			t.Errorf("source %s supports nothing", s.ID)
		}
	}
}
