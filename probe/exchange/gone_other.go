//go:build !linux

package exchange

import "syscall"

// icmpErrnos are those of Linux that other systems have too, and what Windows says of a time to live that ran out.
func icmpErrnos() []syscall.Errno {
	return []syscall.Errno{syscall.EHOSTDOWN, syscall.EMSGSIZE, syscall.ENETRESET}
}
