package kit

import (
	"slices"

	"github.com/onsi/gomega/types"

	"prober/probe/reason"
)

// located is a finding with the host or the address that it is about.
type located struct {
	at string
	reason.Finding
}

func locate(at string, findings []reason.Finding) []located {
	var out []located
	for _, f := range findings {
		out = append(out, located{at, f})
	}
	return out
}

// found adds a finding to what was seen. The first one is what is behind a mismatch.
func (s *seen) found(f located) {
	if s.Reason == reason.None {
		s.Reason, s.Reproduce = f.Reason, f.Reproduce
	}
	s.addf("%s %s: %s", f.at, f.Reason, f.Detail)
	s.show(f.Reproduce)
}

type observed interface{ subject() string }

func (a Address) subject() string { return a.Of.Endpoint.Host + " over " + string(a.Of.Scheme) }
func (l Lookup) subject() string  { return l.Endpoint.Host + " over " + string(l.Scheme) }

// showingNothing is a matcher of evidence without findings of some reasons. told says why one
// cannot tell.
func showingNothing[E observed](what string, told func(E) error, found func(E) []located, reasons []reason.Reason) types.GomegaMatcher {
	return matcher(E.subject, "show nothing "+what, func(e E, s *seen) error {
		for _, f := range found(e) {
			if slices.Contains(reasons, f.Reason) {
				s.found(f)
			}
		}
		s.fits = len(s.lines) == 0
		return told(e)
	})
}

func (a Address) found() []located { return locate(a.Address.String(), a.Findings) }

func (a Address) shows(reasons []reason.Reason) bool {
	return slices.ContainsFunc(a.Findings, func(f reason.Finding) bool { return slices.Contains(reasons, f.Reason) })
}

// NotShow succeeds for an address whose reply shows none of the given findings.
func NotShow(what string, reasons ...reason.Reason) types.GomegaMatcher {
	return showingNothing(what, func(a Address) error {
		switch {
		case a.HTTP == nil:
			return cannotTell("no reply came: %s", a.Reason)
		case a.Outcome == reason.Unknown:
			return cannotTell("%s: %s", a.Reason, a.Detail)
		}
		return nil
	}, Address.found, reasons)
}

// BeFramedAsHTTP succeeds for an address whose reply HTTP/1.1 can frame. Whatever came after
// a whole request was sent, even bytes that are no HTTP, is a reply that can be judged.
func BeFramedAsHTTP() types.GomegaMatcher {
	return showingNothing("wrong in the framing", func(a Address) error {
		if a.Outcome == reason.Unknown {
			return cannotTell("%s: %s", a.Reason, a.Detail)
		}
		switch a.Phases.Reached {
		case reason.Headers, reason.Body, reason.Verify:
			return nil
		}
		if a.HTTP == nil {
			return cannotTell("no reply came: %s", a.Reason)
		}
		return nil
	}, Address.found, reason.OfKind(reason.Framing))
}

// NotServePlainHTTP succeeds for an address that refuses plain HTTP. A page of somebody else's
// is neither service nor refusal.
func NotServePlainHTTP() types.GomegaMatcher {
	return showingNothing("served over plain HTTP", func(a Address) error {
		if a.Reason != reason.None && a.Reason != reason.VerifyPlainHTTPServed {
			return cannotTell("%s: %s", a.Reason, a.Detail)
		}
		return nil
	}, Address.found, []reason.Reason{reason.VerifyPlainHTTPServed})
}

// ShakeHands succeeds for an address that takes connections and completes the handshake.
func ShakeHands() types.GomegaMatcher {
	return showingNothing("that keeps clients from a handshake", func(a Address) error {
		switch {
		case a.Outcome == reason.Unknown && a.HTTP == nil, a.Phases.Reached < reason.Connect:
			return cannotTell("%s: %s", a.Reason, a.Detail)
		case a.Reason == reason.TLSWeakKey && a.Outcome == reason.Fail: // it is this client that will not shake hands
			return cannotTell("the handshake was given up: %s", a.Detail)
		}
		return nil
	}, Address.found, reason.OfKind(reason.Connection))
}
