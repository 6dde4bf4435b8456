package kit

import (
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe/reason"
)

// KeepLimit succeeds for an address that works within a limit which a list sets: one that is beyond it
// shows the finding r. What does not work is beyond no limit, and within none.
func KeepLimit(what string, r reason.Reason) types.GomegaMatcher {
	return showingNothing("beyond "+what, Address.works, Address.found, []reason.Reason{r})
}

// works says why nothing can be told about the limits of an address: they are of one that works.
func (a Address) works() error {
	if a.Outcome == reason.OK || a.Outcome == reason.Degraded {
		return nil
	}
	return cannotTell("limits are of an endpoint that works: %s: %s", a.Reason, a.Detail)
}

// AcceptNothingBelow succeeds for an address that accepts no protocol version below the lowest one. A
// version below it that could not be decided may be accepted as well.
func AcceptNothingBelow(lowest catalog.TLSVersion) types.GomegaMatcher {
	return showingNothing("accepted below "+string(lowest), func(a Address) error {
		if err := a.works(); err != nil {
			return err
		}
		for _, v := range catalog.TLSVersions() {
			if v == lowest {
				break
			}
			if _, err := a.version(v); err != nil {
				return err
			}
		}
		return nil
	}, Address.found, []reason.Reason{reason.TLSVersionLow})
}
