// Package prober holds the catalogue that the program and the suites are built with, and the
// description of such lists.
//
// It exists because an embedded file must lie beside the code that embeds it, or below. The
// catalogue is data like any other: package catalog decodes it.
//
//	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
package prober

import _ "embed"

//go:embed endpoints.json
var endpoints string

//go:embed docs/endpoints.schema.json
var schema string

// Endpoints returns the text of endpoints.json as it was when the program was built.
// The caller owns the copy.
func Endpoints() []byte { return []byte(endpoints) }

// Schema returns the JSON Schema of lists, which says what each field means.
// The caller owns the copy.
func Schema() []byte { return []byte(schema) }
