//go:build !unix || aix

package exchange

import "net"

// bytesWaiting reports false: without a way to ask, only bytes that are already in a
// buffer of the process count as surplus.
func bytesWaiting(net.Conn) bool { return false }
