package monitor

import (
	"net/netip"
	"strings"
	"testing"

	"prober/probe/reason"
)

// Where no IPv6 address of any provider answers any more and IPv4 serves, the page says first that this machine's IPv6 is suspected; not where one
// of them says anything, nor where all are one provider's, nor of a few.
func TestASilentFamilyIsTheProbersOwn(t *testing.T) {
	for _, tt := range []struct {
		name      string
		endpoints int
		one       bool          // provider
		last      reason.Reason // of the IPv6 address of the last endpoint
		told      bool
	}{
		{"all are silent", 4, false, reason.ConnectTimeout, true},
		{"there is no way to one", 4, false, reason.ConnectUnreachable, true},
		{"one refuses", 4, false, reason.ConnectRefused, false},
		{"one serves", 4, false, reason.None, false},
		{"of one provider", 4, true, reason.ConnectTimeout, false},
		{"two", 2, false, reason.ConnectTimeout, false},
	} {
		list := targets(tt.endpoints)
		for i := range list {
			list[i].Product.Provider = []string{"one", "two"}[i%2]
			if tt.one {
				list[i].Product.Provider = "one"
			}
		}
		m, c := monitorOf(t, list, nil)
		for i, x := range list {
			o := okObservation(x, c.Now())
			six := o.Addresses[0]
			six.Address = netip.MustParseAddr("2001:db8::1")
			why := reason.ConnectTimeout
			if i == len(list)-1 {
				why = tt.last
			}
			if why != reason.None {
				six.Outcome, six.Reason = reason.Fail, why
				o.Outcome, o.Reason, o.Detail = reason.Degraded, why, "1 of 2 addresses: it did not answer"
			}
			o.Addresses = append(o.Addresses, six)
			feed(t, m, o)
		}
		headline, causes := toldBy(t, m, "/")
		if told := strings.Contains(headline, "The prober's own IPv6 is suspected; "); told != tt.told {
			t.Errorf("%s: %s", tt.name, headline)
		}
		if want := "No IPv6 address answers, of 4 endpoints of 2 providers, and IPv4 addresses do."; tt.told && !strings.Contains(causes, want) {
			t.Errorf("%s: %q is not in\n%s", tt.name, want, causes)
		}
	}
}
