package session_test

import (
	"context"
	"fmt"

	endpoints "prober"
	"prober/session"
)

// Choose says what is wrong with options; what it returns can be opened.
func Example() {
	o := session.Defaults()
	o.Sandbox, o.Networks, o.Regions = true, session.List{"vpc"}, session.List{"cn-hangzhou"}
	o.Faults = session.Verbatim{"kms/cn-hangzhou/vpc=cert_expired"}
	choice, err := session.Choose(o, session.Environment{Embedded: endpoints.Endpoints()})
	if err != nil {
		fmt.Println(err) // a *session.UsageError
		return
	}
	s, err := choice.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	for _, t := range s.Targets() {
		seen := s.Prober.Probe(context.Background(), t)
		fmt.Println(seen.Endpoint.ID, seen.Outcome, seen.Reason)
	}
	// Output:
	// kms/cn-hangzhou/vpc fail tls/cert_expired
}
