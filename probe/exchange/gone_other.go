//go:build !linux

package exchange

import "syscall"

// icmpErrnos are those of Linux that other systems have too.
func icmpErrnos() []syscall.Errno { return []syscall.Errno{syscall.EHOSTDOWN, syscall.EMSGSIZE} }
