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
// # Rules
//
// What a provider documents (which schemes, methods, TLS versions and error codes) is
// data of the product, in [Rules]. Expected values stand there and nowhere else. Each
// rule has an id, by which a requirement refers to it, and names its sources.
package catalog
