package probe

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"testing"
	"time"

	"prober/catalog"
	"prober/goldenfile"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

// TestJSON fixes the shape that other people's scripts read.
func TestJSON(t *testing.T) {
	endpoint := catalog.Endpoint{
		ID: "kms/cn-hangzhou/public", Product: "kms", Region: "cn-hangzhou", Network: catalog.Public,
		Host: "kms.cn-hangzhou.aliyuncs.com", Lifecycle: catalog.Active, Sources: []string{"kms-2021"},
	}
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	addr := netip.MustParseAddr("192.0.2.7")
	six := netip.MustParseAddr("2001:db8::7")
	start := time.Date(2026, 6, 15, 20, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	secs := func(n int) reason.Seconds { return reason.Seconds(ms(n)) }
	table := hello.Table{}
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Verdict: hello.Rejected, Evidence: "fatal alert protocol_version", Tries: 1}
	}
	table[hello.TLS12] = hello.Result{Version: hello.TLS12, Verdict: hello.Accepted, Evidence: "ServerHello", Suite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Tries: 1}
	table[hello.SSLv2] = hello.Result{Version: hello.SSLv2, Evidence: "EOF before any byte, 3 times", Tries: 3, Note: "a note"}

	for name, o := range map[string]Observation{
		"ok.json": {
			Endpoint: endpoint, Scheme: catalog.HTTPS, Outcome: reason.OK, Started: start, Duration: secs(104),
			DNS: &dns.Lookup{
				Host: endpoint.Host, Resolver: resolver, RCode: "NOERROR", CNAME: []string{"kms.example"}, Addresses: []netip.Addr{addr},
				MinTTL: secs(60_000), Duration: secs(10), TCPFallback: true, Outcome: reason.OK,
				Queries: []dns.Answer{
					{Resolver: resolver, Name: endpoint.Host, Type: dns.A, RCode: "NOERROR", Addresses: []netip.Addr{addr}, Duration: secs(10), TCPFallback: true},
					{Resolver: resolver, Name: endpoint.Host, Type: dns.AAAA, RCode: "NOERROR", Duration: secs(9), Reason: reason.ResolveNoData, Detail: "no AAAA"},
				},
			},
			Addresses: []AddressResult{{
				Address: addr, Outcome: reason.OK,
				Phases: Phases{Resolve: ms(10), Connect: ms(20), TLS: ms(30), Request: ms(40), Headers: ms(1), Body: ms(2), Total: ms(103), Reached: reason.Body},
				TLS: &TLSFacts{
					Version: "TLS1.2", Cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ALPN: "http/1.1", Verified: true, Versions: &table,
					Certificates: []Certificate{{
						Position: 0, Subject: "CN=*.aliyuncs.com", Issuer: "CN=CA", DNSNames: []string{"*.aliyuncs.com"},
						NotBefore: start.UTC(), NotAfter: start.UTC().AddDate(1, 0, 0), SHA256: "00ff", Key: "RSA-2048", SignatureAlgorithm: "SHA256-RSA",
					}},
				},
				HTTP: &HTTPFacts{
					Status: 400, Proto: "HTTP/1.1", ContentType: "application/json;charset=utf-8", BodyBytes: 240,
					API: &APIFacts{Code: "MissingParameter", RequestID: requestID, Message: "x < y & \u00e9"},
				},
			}},
		},
		"nxdomain.json": {
			Endpoint: endpoint, Scheme: catalog.HTTP, Outcome: reason.Fail, Reason: reason.ResolveNXDomain,
			Detail: "no such name", Reproduce: "dig kms.cn-hangzhou.aliyuncs.com. A", Started: start, Duration: secs(10),
			DNS:       &dns.Lookup{Host: endpoint.Host, RCode: "NXDOMAIN", Duration: secs(10), Outcome: reason.Fail, Reason: reason.ResolveNXDomain},
			Findings:  []reason.Finding{{Reason: reason.ResolveNXDomain, Detail: "no such name", Reproduce: "dig kms.cn-hangzhou.aliyuncs.com. A"}},
			Resolvers: []ResolverVerdict{{resolver, reason.Unknown, reason.ProberResolverUnavailable, "no answer in time", nil, ""}},
		},
		"named.json": {
			Endpoint: endpoint, Scheme: catalog.HTTPS, Outcome: reason.Fail, Reason: reason.TLSEOF,
			Detail: "the server closed the connection", Reproduce: "openssl s_client", Started: start, Duration: secs(51),
			Addresses: []AddressResult{{
				Address: six, Outcome: reason.Fail, Reason: reason.TLSEOF,
				Detail: "the server closed the connection", Reproduce: "openssl s_client",
				Findings: []reason.Finding{{Reason: reason.TLSEOF, Detail: "the server closed the connection", Reproduce: "openssl s_client"}},
				Phases:   Phases{Connect: ms(20), TLS: ms(30), Total: ms(50), Reached: reason.TLS},
				TLS:      &TLSFacts{},
			}},
		},
		"refused_address.json": {
			Endpoint: endpoint, Scheme: catalog.HTTPS, Outcome: reason.Unknown, Reason: reason.ProberAddressRefused, Started: start,
			Addresses: []AddressResult{{Address: netip.MustParseAddr("::ffff:127.0.0.1"), Outcome: reason.Unknown, Reason: reason.ProberAddressRefused}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode([]Observation{o}); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.Bytes())
		})
	}
}

// TestJSONOfHostileText puts bytes of the wire where they can end up: the result is still
// JSON.
func TestJSONOfHostileText(t *testing.T) {
	const hostile = "\xff\xfe\x00\u2028\"\\\x1b[31m"
	o := Observation{Detail: hostile, Addresses: []AddressResult{{
		Detail: hostile, TLS: &TLSFacts{Certificates: []Certificate{{Subject: hostile, DNSNames: []string{hostile}}}},
		HTTP: &HTTPFacts{ContentType: hostile, API: &APIFacts{Message: hostile}},
	}}}
	out, err := json.Marshal(o)
	if err != nil || !json.Valid(out) {
		t.Errorf("%v: %s", err, out)
	}
}
