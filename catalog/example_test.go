package catalog_test

import (
	"fmt"

	"prober/catalog"
)

func Example() {
	c, err := catalog.Decode("own.json", []byte(`{
		"schema_version": 1,
		"sources": [{"id": "own", "title": "Our own services"}],
		"regions": [{"id": "office", "provider": "us", "name": "The office"}],
		"products": [{"id": "shop", "name": "Web shop", "provider": "us", "api_style": "none"}],
		"endpoints": [
			{"id": "shop/office/public", "product": "shop", "region": "office", "network": "public", "host": "shop.example", "sources": ["own"]}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	endpoints, err := c.Select(catalog.Selection{Products: []string{"shop"}})
	fmt.Println(len(endpoints), endpoints[0].Host, endpoints[0].Port(catalog.HTTPS), err)
	// Output:
	// 1 shop.example 443 <nil>
}
