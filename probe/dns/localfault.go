package dns

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"prober/errno"
	"prober/probe/reason"
)

// faultReason says what an error of a socket means for the question. A timeout is the
// resolver's silence; the other errors arise on this machine or in the network before the
// resolver, which says nothing about the name.
func faultReason(ctx context.Context, err error) reason.Reason {
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return reason.ProberCanceled
	case ctx.Err() != nil, isTimeout(err): // the context's own deadline is the end of the wait too
		return reason.ResolveTimeout
	case errno.Is(err, syscall.EMFILE), errno.Is(err, syscall.ENFILE):
		return reason.ProberFDExhausted
	case errno.Is(err, syscall.EADDRNOTAVAIL), errno.Is(err, syscall.EADDRINUSE),
		errno.Is(err, syscall.EAGAIN): // what Linux says when no UDP port is free
		return reason.ProberPortsExhausted
	}
	// ECONNREFUSED, the ICMP message that nobody listens; ENETUNREACH, EHOSTUNREACH; EPERM,
	// a local packet filter; and whatever else keeps the question from getting there.
	return reason.ProberResolverUnavailable
}

func isTimeout(err error) bool {
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	// EAGAIN calls itself a timeout, but of a dial it means that no port is free.
	var nerr net.Error
	return errors.As(err, &nerr) && nerr.Timeout() && !errno.Is(err, syscall.EAGAIN)
}

// cause returns what is wrong without the addresses that net's errors repeat; the detail
// names the resolver itself.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return err
}
