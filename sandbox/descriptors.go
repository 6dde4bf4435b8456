package sandbox

import (
	"errors"
	"fmt"
	"syscall"

	"prober/files"
)

// Files is how many files a sandbox of so many endpoints has open at most, connections and faults
// aside: each endpoint listens for two schemes on two addresses.
func Files(endpoints int) int { return 16 + 4*endpoints }

// roomFiles are enough for the connections of those who ask a sandbox, in the same process too.
const roomFiles = 1024

// enoughFiles says of an error which limit it met, and what to do, if that is the process's on open
// files. Others stay what they are.
func enoughFiles(err error, endpoints int) error {
	if !errors.Is(err, syscall.EMFILE) {
		return err
	}
	most, known := files.Openable()
	if !known {
		return err
	}
	need := Files(endpoints)
	return fmt.Errorf("this process may have %d files open, and to listen for %d endpoints takes up to %d, connections aside: "+
		"raise the limit (ulimit -n %d, or LimitNOFILE=%[4]d in a unit of systemd) or serve a shorter list (--endpoints): %[5]w",
		most, endpoints, need, need+roomFiles, syscall.EMFILE)
}

// noneLeft reports whether nothing more can be opened, at whatever port.
func noneLeft(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
