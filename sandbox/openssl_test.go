package sandbox_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/sandbox"
)

// sClient connects to an endpoint with openssl s_client and returns all that it prints.
func sClient(t testing.TB, dir string, e catalog.Endpoint, args ...string) string {
	t.Helper()
	args = append([]string{
		"60", "openssl", "s_client", "-connect", address(e) + ":" + strconv.Itoa(int(e.Port(catalog.HTTPS))), "-servername", e.Host,
		"-CAfile", filepath.Join(dir, "ca.pem"), "-verify_hostname", e.Host,
	}, args...)
	return run(t, "timeout", args...) // with no standard input it ends after the handshake
}

func TestOpenSSLSeesFaults(t *testing.T) {
	t.Parallel()
	needs.Program(t, "openssl")
	s, dir := written(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("kms/cn-beijing/public")
	for _, test := range []struct {
		fault string
		want  string
		args  []string
	}{
		{"", "Verify return code: 0 (ok)", nil},
		{"cert_expired", "certificate has expired", nil},
		{"cert_not_yet_valid", "certificate is not yet valid", nil},
		{"cert_hostname", "hostname mismatch", nil},
		{"cert_hostname_wildcard", "hostname mismatch", nil},
		{"cert_self_signed", "self-signed certificate", nil},
		{"cert_untrusted", "unable to get local issuer certificate", nil},
		{"cert_incomplete_chain", "unable to get local issuer certificate", nil},
		{"cert_usage", "unsuitable certificate purpose|unsupported certificate purpose", nil},
		{"cert_usage_not_ca", "invalid CA certificate", nil},
		{"cert_usage_name_constraint", "permitted subtree violation", nil},
		{"cert_revoked", "Cert Status: revoked", []string{"-status"}},
		{"stapled_good", "Cert Status: good", []string{"-status"}},
		{"cert_malformed", "certificate signature failure", nil},
		{"cert_malformed_der", "asn1|ASN1|bad certificate", nil},
		{"weak_key", "Server public key is 1024 bit|EE key too small", nil},
		{"alert_handshake_failure", "alert handshake failure", nil},
		{"alert_internal_error", "alert internal error", nil},
		{"alert_unrecognized_name", "unrecognized name", nil},
		{"alert_no_application_protocol", "no application protocol", nil},
		{"alert_access_denied", "access denied", nil},
		{"alert_inappropriate_fallback", "inappropriate fallback", nil},
		{"version", "alert protocol version", nil},
		{"version_sslv3_only", "unsupported protocol|wrong version number", nil},
		{"client_cert_required_tls12", "Acceptable client certificate CA names|No client certificate CA names sent", nil},
		{"plaintext", "wrong version number|packet length too long", nil},
		{"tls_eof", "unexpected eof|errno=0|no peer certificate available", nil},
		{"tls_reset", "errno=104|Connection reset", nil},
		{"tls12_only", "Protocol *: TLSv1.2|New, TLSv1.2", nil},
		{"rsa_certificate", "Server public key is 2048 bit", nil},
		{"root_in_chain", "2 s:O = Sandbox, CN = Sandbox Root CA|2 s:.*Root CA", nil},
		{"hello_retry", "Verify return code: 0 \\(ok\\)", nil},
		{"split_records", "Verify return code: 0 \\(ok\\)", []string{"-tls1_2"}},
		{"split_server_hello", "Verify return code: 0 \\(ok\\)", nil},
		{"coalesced_server_hello", "Verify return code: 0 \\(ok\\)", []string{"-tls1_2"}},
		{"disordered_chain", "Verify return code: 0 \\(ok\\)", nil},
		{"thousand_names", "Verify return code: 0 \\(ok\\)", nil},
	} {
		t.Run(test.fault, func(t *testing.T) {
			if test.fault != "" {
				if err := s.SetFault(e.ID, test.fault); err != nil {
					t.Fatal(err)
				}
			} else {
				test.want = regexp.QuoteMeta(test.want)
			}
			out := sClient(t, dir, e, test.args...)
			if !regexp.MustCompile(test.want).MatchString(out) {
				t.Errorf("want %q in %s", test.want, out)
			}
		})
	}
}

// TestOpenSSLMissesCloseNotify: that the alert is not there shows to openssl, which
// insists on it since version 3.
func TestOpenSSLMissesCloseNotify(t *testing.T) {
	t.Parallel()
	needs.Program(t, "openssl")
	s, dir := written(t, sandbox.Config{})
	e := s.Catalog().Endpoints[0]
	get := func() string {
		t.Helper()
		return run(t, "sh", "-c", "printf 'GET / HTTP/1.1\\r\\nHost: "+e.Host+"\\r\\nConnection: close\\r\\n\\r\\n' | timeout 60 openssl s_client -quiet -connect "+
			address(e)+":"+strconv.Itoa(int(e.Port(catalog.HTTPS)))+" -servername "+e.Host+" -CAfile "+filepath.Join(dir, "ca.pem"))
	}
	const missing = "unexpected eof while reading"
	if out := get(); strings.Contains(out, missing) || !strings.Contains(out, "RequestId") {
		t.Errorf("clean: %s", out)
	}
	if err := s.SetFault(e.ID, "no_close_notify"); err != nil {
		t.Fatal(err)
	}
	if out := get(); !strings.Contains(out, missing) || !strings.Contains(out, "RequestId") {
		t.Errorf("with no_close_notify: %s", out)
	}
}

// TestVersionsFollowTheRules connects with each version of TLS, before and after the day
// on which Tencent Cloud is to switch 1.0 and 1.1 off outside mainland China.
func TestVersionsFollowTheRules(t *testing.T) {
	t.Parallel()
	needs.Program(t, "openssl")
	zone := time.FixedZone("+08:00", 8*3600)
	before := time.Date(2026, 11, 30, 23, 59, 59, 0, zone)
	after := time.Date(2026, 12, 1, 0, 0, 0, 0, zone)
	flags := []struct{ flag, version string }{
		{"-tls1", "TLS1.0"}, {"-tls1_1", "TLS1.1"}, {"-tls1_2", "TLS1.2"}, {"-tls1_3", "TLS1.3"},
	}
	for _, now := range []time.Time{before, after} {
		s, dir := written(t, sandbox.Config{Now: func() time.Time { return now }})
		for _, id := range []string{"kms/cn-beijing/public", "ecs/default/public", "gaap/nearest/public", "gaap/ap-seoul/public"} {
			e, ok := s.Catalog().Endpoint(id)
			if !ok {
				t.Fatalf("no endpoint %s", id)
			}
			p, _ := s.Catalog().Product(e.Product)
			for _, f := range flags {
				out := sClient(t, dir, e, f.flag, "-cipher", "ALL:@SECLEVEL=0", "-attime", strconv.FormatInt(now.Unix(), 10))
				served := strings.Contains(out, "Verify return code: 0 (ok)") && !strings.Contains(out, "Cipher is (NONE)")
				expect, _ := p.TLSExpectation(catalog.TLSVersion(f.version), e.Region, now)
				if expect == catalog.Required && !served || expect == catalog.Refused && served {
					t.Errorf("%s at %v: %s is %s, served %v: %s", id, now, f.version, expect, served, out)
				}
				if old := f.version < "TLS1.2"; id == "gaap/ap-seoul/public" && served != (!old || now.Equal(before)) {
					t.Errorf("%s at %v: %s served %v", id, now, f.version, served)
				}
				if !served && !strings.Contains(out, "alert protocol version") {
					t.Errorf("%s: %s is refused without alert protocol_version: %s", id, f.version, out)
				}
			}
		}
	}
}

// TestSSLScanAgrees: the scanner sees SSLv3 and SSLv2 where they are switched on, and only
// there.
func TestSSLScanAgrees(t *testing.T) {
	t.Parallel()
	needs.Program(t, "sslscan")
	s, _ := written(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("kms/cn-beijing/public")
	scan := func() string {
		return run(t, "timeout", "120", "sslscan", "--timeout=60", "--connect-timeout=60", "--no-colour", "--no-ciphersuites", "--no-check-certificate", "--no-groups",
			"--no-heartbleed", "--no-renegotiation", "--no-fallback", "--no-compression", "--sni-name="+e.Host,
			address(e)+":"+strconv.Itoa(int(e.Port(catalog.HTTPS))))
	}
	for _, test := range []struct {
		fault string
		want  map[string]bool
	}{
		{"", map[string]bool{"SSLv2": false, "SSLv3": false, "TLSv1.0": true, "TLSv1.1": true, "TLSv1.2": true, "TLSv1.3": true}},
		{"version_accepted", map[string]bool{"SSLv2": false, "SSLv3": true, "TLSv1.2": true}},
		{"version_accepted_sslv2", map[string]bool{"SSLv2": true, "SSLv3": false, "TLSv1.2": true}},
		{"version_missing", map[string]bool{"TLSv1.0": true, "TLSv1.1": true, "TLSv1.2": false, "TLSv1.3": true}},
		{"version_missing_tls10_only", map[string]bool{"TLSv1.0": true, "TLSv1.1": false, "TLSv1.2": false, "TLSv1.3": false}},
		{"tls12_only", map[string]bool{"TLSv1.0": false, "TLSv1.1": false, "TLSv1.2": true, "TLSv1.3": false}},
	} {
		t.Run(test.fault, func(t *testing.T) {
			if test.fault != "" {
				if err := s.SetFault(e.ID, test.fault); err != nil {
					t.Fatal(err)
				}
			}
			out := scan()
			for version, enabled := range test.want {
				state := "disabled"
				if enabled {
					state = "enabled"
				}
				if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(version) + `\s+` + state + `$`).MatchString(out) {
					t.Errorf("%s is not %s: %s", version, state, out)
				}
			}
		})
	}
}
