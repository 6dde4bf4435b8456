package suites_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
	"prober/sandbox"
	"prober/sandbox/imitation"
	"prober/suites/kit"
)

// hop is an imitated API behind one that answers some requests in its place.
type hop struct {
	imitated
	way     sandbox.Way
	answers func(r cloudapi.Request) (probe.Exchange, bool)
}

func (h hop) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	if w, is := wayOf(r, t.Signed); is && covers(h.way, w) {
		if x, does := h.answers(r); does {
			return x
		}
	}
	return h.imitated.Ask(ctx, t, a, named, r)
}

// A hop that hangs up on texts which look like an attack breaks the requirement about texts, by whatever way. One that
// refuses all that goes its way says nothing of texts.
func TestTextsThatDoNotArrive(t *testing.T) {
	c := embedded(t)
	hangsUp := func(r cloudapi.Request) (probe.Exchange, bool) {
		attack := strings.Contains(r.Query+string(r.Body), "script")
		return probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestReset, Detail: "so it was"}, attack
	}
	refuses := func(cloudapi.Request) (probe.Exchange, bool) {
		api := &cloudapi.Reply{IsError: true, Code: "AuthFailure.SignatureFailure", Message: "m"}
		return probe.Exchange{Outcome: reason.OK, Status: 200, Class: cloudapi.SignatureMismatch, API: api}, true
	}
	form := sandbox.Way{Carrier: sandbox.CarrierForm, Signature: "HmacSHA1", Key: sandbox.CustomersKey}
	for name, test := range map[string]struct {
		endpoint string
		way      sandbox.Way
		answers  func(cloudapi.Request) (probe.Exchange, bool)
		want     report.Outcome
		says     string
	}{
		"in a query":         {"ecs/default/public", sandbox.Way{Carrier: sandbox.CarrierQuery}, hangsUp, report.Fail, `"wrong-secret" to be answered`},
		"in a form":          {"kms/cn-hangzhou/public", sandbox.Way{Carrier: sandbox.CarrierForm}, hangsUp, report.Fail, `"wrong-secret-form" to be answered`},
		"in JSON":            {"gaap/nearest/public", sandbox.Way{Carrier: sandbox.CarrierJSON}, hangsUp, report.Fail, `"texts-json-tc3-hmac-sha256" to be answered`},
		"nothing in a form":  {"gaap/nearest/public", form, refuses, report.Inconclusive, "the call in ASCII that goes the same way is not carried out"},
		"all arrive at ECS":  {"ecs/default/public", sandbox.Way{Carrier: sandbox.CarrierJSON}, hangsUp, report.Pass, ""},
		"all arrive at GAAP": {"gaap/nearest/public", sandbox.Way{Signature: "none"}, hangsUp, report.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := c.Endpoint(test.endpoint)
			p, _ := c.Product(e.Product)
			v := judgedTexts(t, c, p, e, func(api *imitation.API) kit.Prober { return hop{imitated{api}, test.way, test.answers} })
			if v.Outcome != test.want || !strings.Contains(v.Message, test.says) {
				t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
			}
		})
	}
}
