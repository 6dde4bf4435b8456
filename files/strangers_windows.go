package files

import "io/fs"

// isStrangers reports whether a link was put by another user into a folder in which all may make files. This system has
// no such folders, and lets few make links.
func isStrangers(string, fs.FileInfo) bool { return false }
