package kit

import (
	"net/http"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// observation makes an observation with one change.
func observation(change func(o *probe.Observation)) probe.Observation {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Verdict: hello.Rejected, Evidence: "alert 70"}
	}
	table[hello.TLS12].Verdict = hello.Accepted
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o := probe.Observation{
		Endpoint: catalog.Endpoint{ID: "kms/here/public", Host: "kms.example.test"}, Scheme: catalog.HTTPS,
		Outcome: reason.OK, Started: now,
		DNS: &dns.Lookup{Outcome: reason.OK, Addresses: []netip.Addr{loopback}, MinTTL: reason.Seconds(time.Minute)},
		Addresses: []probe.AddressResult{{Address: loopback, Outcome: reason.OK, HTTP: &probe.HTTPFacts{Status: 400}, Phases: probe.Phases{Reached: reason.Body}, TLS: &probe.TLSFacts{
			Versions: &table,
			Certificates: []probe.Certificate{{
				Subject: "CN=kms.example.test", NotBefore: now.AddDate(0, 0, -30), NotAfter: now.AddDate(0, 0, 60),
			}},
		}}},
	}
	if change != nil {
		change(&o)
	}
	return o
}

// replied makes an answer with one change.
func replied(change func(a *Answer)) Answer {
	a := Answer{Name: "unknown-action", Reproduce: "curl 'https://kms.example.test/'", Exchange: probe.Exchange{
		Address: loopback, Outcome: reason.OK, Status: 404, Class: cloudapi.OrdinaryError,
		Header: http.Header{"X-Acs-Request-Id": {"4C467B38-3910-447D-87BC-AC049166F216"}},
		Body:   []byte(`{"Code":"InvalidAction.NotFound","LocalName":"青岛"}`),
		API: &cloudapi.Reply{
			IsError: true, Code: "InvalidAction.NotFound", Message: "no such action",
			RequestID: "4c467b38-3910-447d-87bc-ac049166f216", HostID: "kms.example.test",
		},
	}}
	if change != nil {
		change(&a)
	}
	return a
}

func unknownActionRule() catalog.ErrorRule {
	return catalog.ErrorRule{Situation: catalog.UnknownAction, Codes: []string{"InvalidAction.NotFound"}, Statuses: []int{404}}
}

// address is the one address of an observation, with one change.
func address(change func(a *probe.AddressResult)) Address {
	o := observation(func(o *probe.Observation) {
		if change != nil {
			change(&o.Addresses[0])
		}
	})
	return Address{o.Addresses[0], o}
}

func lookup(change func(o *probe.Observation)) Lookup { return Lookup{observation(change)} }

// found changes an address into one that got as far as a phase, with findings.
func found(reached reason.Phase, reasons ...reason.Reason) func(a *probe.AddressResult) {
	return func(a *probe.AddressResult) {
		a.Phases.Reached, a.Outcome, a.Reason, a.Detail = reached, reasons[0].Outcome(), reasons[0], "so it is"
		for _, r := range reasons {
			a.Findings = append(a.Findings, reason.Finding{Reason: r, Detail: "so it is", Reproduce: "show it"})
		}
		if reached < reason.Headers {
			a.HTTP = nil
		}
	}
}

// wrote changes an address into one whose reply is labelled as JSON, with findings about its text.
func wrote(reasons ...reason.Reason) func(a *probe.AddressResult) {
	return func(a *probe.AddressResult) {
		a.HTTP = &probe.HTTPFacts{Status: 200, ContentType: "application/json"}
		for _, r := range reasons {
			a.HTTP.Text = append(a.HTTP.Text, reason.Finding{Reason: r, Detail: "so it is", Reproduce: "show it"})
		}
	}
}

// status is an answer of style none, of which no more than the status is read.
func status(status int) Answer {
	return replied(func(a *Answer) { a.Exchange.Status, a.Exchange.API, a.Exchange.Class = status, nil, 0 })
}

// noRoute changes an address into one that could not be dialled from here.
func noRoute(a *probe.AddressResult) {
	found(reason.Connect, reason.ProberVantageNoIPv6)(a)
	a.TLS = nil
}

// withVersion changes the verdict on a protocol version.
func withVersion(v catalog.TLSVersion, verdict hello.Verdict) func(a *probe.AddressResult) {
	return func(a *probe.AddressResult) {
		for i := range a.TLS.Versions {
			if r := &a.TLS.Versions[i]; r.Version.String() == string(v) {
				r.Verdict, r.Evidence = verdict, "seen to be "+verdict.String()
			}
		}
	}
}
