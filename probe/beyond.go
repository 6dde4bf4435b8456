package probe

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"prober/probe/hello"
	"prober/probe/reason"
)

// beyond tells a server that nobody can shake hands with from one that crypto/tls cannot: after
// a handshake that was refused, or ended at a certificate that it does not parse, it sends a
// hello that offers nearly everything. A server that goes on works with others, so its failure
// is this program's; what its certificates say for themselves still counts against it.
func (p *Prober) beyond(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	switch v.Reason {
	case reason.TLSAlertHandshakeFailure, reason.TLSAlertOther, reason.TLSVersion, reason.TLSCertMalformed, reason.TLSMalformed:
	default:
		return v
	}
	if !t.Diagnose || r.HTTP != nil || r.TLS == nil || len(r.TLS.Certificates) > 0 {
		return v
	}
	scan, to, host := p.scan(t.Endpoint.Host), t.to(r.Address), t.Endpoint.Host
	version := hello.TLS12
	a, chain := scan.Flight(ctx, to, host, version)
	if a.Kind != hello.Chosen {
		version = hello.TLS13
		a = scan.Ask(ctx, to, host, version, hello.Main)
	}
	if a.Kind != hello.Chosen && a.Kind != hello.Retry || !strong(a.Suite) {
		return v
	}
	if version == hello.TLS13 {
		chain = scan.Sealed(ctx, to, host, hello.AnyKey)
	}
	if v.Reason == reason.TLSCertMalformed && chain == nil && strings.HasSuffix(v.Detail, "malformed certificate") {
		return v
	}
	facts, findings := p.chains.Load().JudgeDER(ctx, chain, host, p.cfg.Clock.Now())
	for _, f := range findings {
		if f.Reason == reason.TLSCertMalformed && v.Reason == reason.TLSCertMalformed {
			return v // it is not this program's parser
		}
	}
	r.TLS.Certificates, r.TLS.LeftOff = facts, len(chain)-len(facts)
	lacks := reason.ProberTLSUnsupported.Found(fmt.Sprintf("this program cannot shake hands with the server (%s), which answers a wider offer with %s and %s", v.Detail, version, a.Suite))
	return worst(append(findings, lacks)...)
}

// weak matches suites that common clients refuse as well.
var weak = regexp.MustCompile(`anon|NULL|EXPORT|_RC4|_DES_|_3DES|IDEA|SEED|CAMELLIA|ARIA|GOST|SM4|_DSS_|PSK|SRP|KRB5|TLS_DH_|TLS_ECDH_`)

func strong(suite string) bool { return !weak.MatchString(suite) }
