package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The exit code says what a script needs to know.
func TestCheckExitCode(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want exitCode
	}{
		{"all is well", nil, exitOK},
		{"one fails", []string{"--fault", "kms/cn-hangzhou/public=cert_expired"}, exitFailed},
		{"one is degraded", []string{"--fault", "kms/cn-hangzhou/public=weak_key"}, exitOK},
		{"one is degraded, strictly", []string{"--strict", "--fault", "kms/cn-hangzhou/public=weak_key"}, exitFailed},
		{"a closed one fails", []string{"--strict", "--fault", "ecs/ap-south-1/public=nxdomain"}, exitOK},
		{"a doubtful one fails", []string{"--fault", "gaap/eu-moscow/public=connect_refused"}, exitOK},
		{"only closed ones", []string{"ecs/ap-south-1/public"}, exitUndecided},
		{"one is throttled", []string{"--fault", "ecs/default/public=rate_limited"}, exitUndecided},
		{"one is throttled and one fails", []string{"--fault", "ecs/default/public=rate_limited", "--fault", "kms/cn-beijing/vpc=nxdomain"}, exitFailed},
		{"nothing in common", []string{"--product", "ecs", "--network", "vpc"}, exitUndecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"check", "--sandbox"}, c.args...)
			if len(c.args) > 0 { // few are enough
				args = append(args, "--region", "default,nearest,cn-hangzhou,cn-beijing,ap-south-1,eu-moscow")
			}
			r := runApp(t, nil, args...)
			if r.code != int(c.want) {
				t.Errorf("exit code %d, want %d\n%s%s", r.code, c.want, r.stdout, r.stderr)
			}
		})
	}
}

// A clean sandbox is healthy before and after the dated rules come into force.
func TestCheckCleanSandbox(t *testing.T) {
	r := runAppAt(t, clockFrom(afterNotice), nil, "check", "--sandbox", "--tls-versions", "--scheme", "all", "--signed", "--strict", "--output", "json")
	if r.code != 0 {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	var observations []seen
	if err := json.Unmarshal([]byte(r.stdout), &observations); err != nil {
		t.Fatal(err)
	}
	if len(observations) != 2*85 {
		t.Errorf("%d observations, want 170: 85 endpoints over two schemes", len(observations))
	}
	for _, o := range observations {
		if o.Outcome != "ok" {
			t.Errorf("%s over %s: %s %s/%s: %s", o.Endpoint.ID, o.Scheme, o.Outcome, o.Phase, o.Reason, o.Detail)
		}
	}
}

// A VPC endpoint that is probed from outside is skipped, and nothing is decided.
func TestCheckPrivateNetworkFromOutside(t *testing.T) {
	r := runApp(t, nil, "check", "--sandbox", "--inside", "cn-beijing", "--network", "vpc", "--region", "cn-hangzhou", "--region", "cn-beijing")
	if r.code != 0 {
		t.Fatalf("exit code %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, want := range []string{"kms/cn-hangzhou/vpc  unknown", "prober/private_network", "kms/cn-beijing/vpc   ok"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, r.stdout)
		}
	}
}

// Proxy variables are not used, which is said once, without their values.
func TestCheckMentionsProxy(t *testing.T) {
	r := runApp(t, map[string]string{"HTTPS_PROXY": "http://user:canary-password@127.0.0.1:1"}, "check", "--timeout", "1ms", "--address", "127.0.0.1", "https://example.test")
	if n := strings.Count(r.stderr, "HTTPS_PROXY"); n != 1 {
		t.Errorf("stderr mentions HTTPS_PROXY %d times, want once: %q", n, r.stderr)
	}
	if strings.Contains(r.stderr+r.stdout, "canary") {
		t.Error("the proxy's password is shown")
	}
}

// An address that the user named is refused unless it is public or --allow-private is given.
func TestCheckRefusesPrivateAddress(t *testing.T) {
	r := runApp(t, nil, "check", "--address", "127.0.0.1", "https://example.test")
	if r.code != int(exitUndecided) || !strings.Contains(r.stdout, "prober/address_refused") {
		t.Errorf("exit code %d, stdout %q", r.code, r.stdout)
	}
	r = runApp(t, nil, "check", "--allow-private", "--address", "169.254.169.254", "https://example.test")
	if r.code != int(exitUndecided) || !strings.Contains(r.stdout, "prober/address_refused") {
		t.Errorf("a metadata service: exit code %d, stdout %q", r.code, r.stdout)
	}
}

// A fault that no probed endpoint has is mentioned once; a pattern that matches others too is
// not.
func TestCheckMentionsIdleFaults(t *testing.T) {
	r := runApp(t, nil, "check", "--sandbox", "--fault", "kms/cn-beijing/public=charset", "--fault", "ecs/*=charset", "ecs/default/public")
	if want := "note: --fault kms/cn-beijing/public=charset: none of its endpoints is selected"; strings.Count(r.stderr, "none of its endpoints") != 1 || !strings.Contains(r.stderr, want) {
		t.Errorf("stderr %q, want %q once", r.stderr, want)
	}
}

// The Host header of a URL has the port where it is not the scheme's own.
func TestURLAuthority(t *testing.T) {
	for url, want := range map[string]string{
		"https://example.test":             "example.test",
		"https://example.test:443/a":       "example.test",
		"https://example.test:80/a":        "example.test:80",
		"http://example.test:80":           "example.test",
		"https://[2001:db8::1]:443/":       "[2001:db8::1]",
		"http://[2001:db8::1]:8080/?a=:80": "[2001:db8::1]:8080",
	} {
		target, err := parseURL(url)
		if err != nil || target.Authority != want {
			t.Errorf("%s: %q, %v, want %q", url, target.Authority, err, want)
		}
	}
}
