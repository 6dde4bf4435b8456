package report

// Redactor removes secrets from a text, which may hold bytes that are no UTF-8. The
// functions and methods called Redact in package cloudapi are such. A nil Redactor removes
// nothing.
type Redactor func(text string) string
