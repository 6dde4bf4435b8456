package own_test

import (
	"fmt"

	"prober/catalog"
	"prober/report"
	"prober/suites/own"
)

// What a list of one line is judged by as a MUST. docs/own-endpoints.md shows a test of your own with
// these specs and others beside them.
func ExampleSuite() {
	list, err := catalog.DecodeList("mine.yaml", []byte("endpoints: [https://api.example.com/healthz]"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list.Products {
		for _, q := range own.Suite(list, p).Statements() {
			if q.Level == report.Must {
				fmt.Printf("%s (%s) %s\n", q.ID, q.In.Section, q.Text)
			}
		}
	}
	// Output:
	// MINE-DNS-01 (mine.yaml:1) The host name of the endpoint resolves to an address.
	// MINE-TLS-07 (mine.yaml:1) The certificate is valid, covers the host and comes with its chain.
	// MINE-PROTO-01 (mine.yaml:1) Requests over HTTPS are answered.
}
