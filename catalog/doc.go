// Package catalog holds the typed list of endpoints and of the rules that the
// providers document for them.
//
// The list is data: endpoints.json at the top of the repository, embedded by the
// program, or a file that the user names. This package decodes it strictly,
// validates it, selects from it and compares two of them. It never reads a file or
// the network by itself.
//
// # The file
//
// The file is JSON as RFC 8259 has it, in UTF-8, with nothing that this package does
// not know: a misspelt field is an error, and so is a field given twice. The
// example of this package is a small one.
//
// Fields that the Go types mark with omitempty may be left out; docs/endpoints.schema.json
// says the same to editors. [Encode] writes the one layout that endpoints.json has, a
// record to a line, so that a difference between two versions shows whole records and a
// line number names exactly one.
//
// # How a list is read
//
// [Decode] and [DecodeList] take a text through these steps, each in files of its own:
//
//   - to a tree of nodes that know where they stand, so that errors can say so: tree.go, lines.go; from JSON in
//     readjson.go, from YAML in yaml.go and yamlpieces.go, from bare URLs in urllines.go. What is no list is told in
//     foreign.go, and what to do about a slip of notation in remedy.go;
//   - of a list of somebody's own what it leaves out is filled in, in the tree: fill.go, fill_address.go,
//     fill_references.go, and filesd.go for lists of Prometheus;
//   - into the types of this package, strictly: bind.go, by the struct tags that structfields.go reads;
//   - checked for what no single value shows: validator.go, and validate.go to validate_rules.go by what is checked.
//     findings.go collects what is wrong.
//
// A list that was read is asked (lookup.go, select.go), made one with others (merge.go), compared (diff.go), written
// (encode.go) and shown (rows.go). The types stand in files that are called as the fields of a list: endpoint.go,
// product.go, check.go, own.go, rules.go, maintenance.go.
//
// # Rules
//
// What a provider documents (which schemes, methods, TLS versions and error codes) is
// data of the product, in [Rules]. Expected values stand there and nowhere else. Each
// rule has an id, by which a requirement refers to it, and names its sources.
package catalog
