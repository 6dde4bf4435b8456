package monitor

import _ "embed"

// openAPI describes the JSON of [Monitor.Handler] in OpenAPI 3.1. docs/openapi.json is a copy of it.
//
//go:embed openapi.json
var openAPI []byte
