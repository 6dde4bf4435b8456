//go:build !unix

package files_test

import "testing"

// pipe ends the test: this system has no pipes among its files.
func pipe(t *testing.T) string {
	t.Helper()
	t.Skip("needs a named pipe")
	return ""
}
