package exchange

import "syscall"

// icmpErrnos are the error numbers that Linux makes of rare ICMP messages about a connection
// (icmp_err_convert in net/ipv4/icmp.c, tab_unreach in net/ipv6/icmp.c). That of ICMPv6 for what
// a policy prohibits is EACCES, which a policy of this machine's gives when it connects.
func icmpErrnos() []syscall.Errno {
	return []syscall.Errno{
		syscall.ENOPROTOOPT, syscall.EHOSTDOWN, syscall.ENONET, syscall.EOPNOTSUPP, syscall.EMSGSIZE, syscall.EPROTO, syscall.EACCES,
	}
}
