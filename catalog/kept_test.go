package catalog_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"prober/catalog"
)

// What is kept of a list does not hold on to its text, and says once what comes again and again.
func TestAListLetsGoOfItsText(t *testing.T) {
	inUse := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const space = 16 << 20
	read := func() *catalog.Catalog {
		var b strings.Builder
		b.WriteString(`{"schema_version":1,"sources":[{"id":"own","title":"own list"}],"regions":[{"id":"eu","provider":"own","name":"eu"}],
			"products":[{"id":"shop","name":"shop","provider":"own","api_style":"none"}],"endpoints":[`)
		for i := range 2 {
			fmt.Fprintf(&b, `{"id":"shop/eu/public/%[1]d","product":"shop","region":"eu","network":"public","host":"h%[1]d.example","lifecycle":"active","sources":["own"],"labels":{"team":"web"}},`, i)
		}
		text := strings.TrimSuffix(b.String(), ",") + strings.Repeat(" ", space) + "]}"
		c, err := catalog.Decode("list.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	before := inUse()
	c := read()
	if more := int64(inUse()) - int64(before); more > space/2 {
		t.Errorf("two endpoints take %d bytes: they hold on to their text", more)
	}
	a, b := c.Endpoints[0], c.Endpoints[1]
	if unsafe.StringData(a.Product) != unsafe.StringData(b.Product) || unsafe.StringData(a.Labels["team"]) != unsafe.StringData(b.Labels["team"]) {
		t.Error("the same text is kept twice")
	}
}
