//go:build unix

package files

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// isStrangers reports whether a link was put by another user into a folder in which all may make files, as /tmp. Linux
// follows none of those (fs.protected_symlinks, by its rule), where its administrator has it do so.
func isStrangers(link string, is fs.FileInfo) bool {
	dir, err := os.Stat(filepath.Dir(link))
	if err != nil || dir.Mode()&fs.ModeSticky == 0 || dir.Mode().Perm()&0o002 == 0 {
		return false
	}
	of, ok := is.Sys().(*syscall.Stat_t)
	its, known := dir.Sys().(*syscall.Stat_t)
	return ok && known && int64(of.Uid) != int64(os.Geteuid()) && of.Uid != its.Uid
}
