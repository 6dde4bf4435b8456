package exchange

import "prober/probe/reason"

// lapse is where a line breaks the grammar of HTTP/1.1; the zero lapse is none. All those that
// are not grave have one severity: what the line says and where the reply ends is beyond doubt,
// curl reads it, and stricter clients refuse it.
type lapse struct {
	what  string
	grave bool // curl gives up too, or what the line says about framing is in doubt
}

// lapsed notes a lapse, a grave one for a reason of its own.
func (x *exchange) lapsed(l lapse, grave reason.Reason) {
	switch {
	case l == lapse{}:
	case l.grave:
		x.reply.note(grave, l.what)
	default:
		x.lax(l.what)
	}
}

// lax notes a lapse that is not grave.
func (x *exchange) lax(what string) { x.reply.note(reason.VerifyLaxSyntax, what) }
