// Package disk keeps a history in a folder, as a SQLite database in WAL mode, which survives a
// process that is killed at any moment. It is the store of package history, and nothing reads a page
// from it: whatever the disk does, only the one goroutine that writes waits for it.
//
// What can be asked of the file with sqlite3 stands in docs/history.md. The schema changes by adding
// only. A file that cannot be used is renamed, never changed and never removed.
package disk
