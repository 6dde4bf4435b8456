// Package jsonquery finds values in a JSON text: by JSONPath (RFC 9535), or by JSON pointer (RFC 6901).
//
// Who writes a query is trusted, the text that it is asked of is not: texts are bounded in the number and
// in the depth of their values, and queries to those whose work grows with the text, not with its square.
package jsonquery
