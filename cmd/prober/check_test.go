package main

import (
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"prober/probe/certs/certstest"
	"prober/report"
)

// The exit code says what a script needs to know.
func TestCheckExitCode(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want report.ExitCode
	}{
		{"all is well", nil, report.ExitPass},
		{"one fails", []string{"--fault", "kms/cn-hangzhou/public=cert_expired"}, report.ExitFail},
		{"one is degraded", []string{"--fault", "kms/cn-hangzhou/public=weak_key"}, report.ExitPass},
		{"one is degraded, strictly", []string{"--strict", "--fault", "kms/cn-hangzhou/public=weak_key"}, report.ExitFail},
		{"a closed one fails", []string{"--strict", "--fault", "ecs/ap-south-1/public=nxdomain"}, report.ExitPass},
		{"a doubtful one fails", []string{"--fault", "gaap/eu-moscow/public=connect_refused"}, report.ExitPass},
		{"only closed ones", []string{"ecs/ap-south-1/public"}, report.ExitUndecided},
		{"one is throttled", []string{"--fault", "ecs/default/public=rate_limited"}, report.ExitUndecided},
		{"one is throttled and one fails", []string{"--fault", "ecs/default/public=rate_limited", "--fault", "kms/cn-beijing/vpc=nxdomain"}, report.ExitFail},
		{"one answers in place of all", []string{"--fault", "*=vantage_offline_portal"}, report.ExitUndecided},
		{"everyone sends one alert", []string{"--fault", "*=alert_handshake_failure"}, report.ExitUndecided},
		{"all of one provider send it", []string{"--product", "kms", "--fault", "*=alert_handshake_failure"}, report.ExitFail},
		{"nothing in common", []string{"--product", "ecs", "--network", "vpc"}, report.ExitUndecided},
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

// Flags beside names narrow what these name; those of a file, which serves other commands as well, do not.
func TestCheckNamesAndFlags(t *testing.T) {
	file := write(t, "prober.yaml", "region: cn-shanghai\nproduct: ecs\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"kms/*", "--region", "cn-hangzhou"}, "kms/cn-hangzhou/public kms/cn-hangzhou/vpc"},
		{[]string{"*/cn-hangzhou/*", "--product", "kms", "--network", "vpc"}, "kms/cn-hangzhou/vpc"},
		{[]string{"kms/cn-hangzhou/vpc", "--network", "all"}, "kms/cn-hangzhou/vpc"},
		{[]string{"kms/cn-hangzhou/*", "--config.file", file}, "kms/cn-hangzhou/public kms/cn-hangzhou/vpc"},
		{[]string{"kms/*", "--config.file", file, "--region", "cn-hangzhou"}, "kms/cn-hangzhou/public kms/cn-hangzhou/vpc"},
	} {
		r := runApp(t, nil, append([]string{"check", "--sandbox", "--output", "json"}, c.args...)...)
		var observations []seen
		if err := json.Unmarshal([]byte(r.stdout), &observations); err != nil {
			t.Errorf("%q: %v: %s", c.args, err, r.stderr)
		}
		var ids []string
		for _, o := range observations {
			ids = append(ids, o.Endpoint.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%q: %s, want %s", c.args, got, c.want)
		}
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

// Proxy variables are not used, which is said once, without their values, and so is what of --ca-file cannot be.
func TestProxyAndAuthoritiesAreMentioned(t *testing.T) {
	authorities := write(t, "ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certstest.NewPKI().Root.Cert.Raw})))
	list := write(t, "list.yaml", "endpoints: [{url: 'https://localhost:1/'}]\n")
	for _, args := range [][]string{
		{"check", "--address", "127.0.0.1", "https://example.test"},
		{"check", "--endpoints", list},
		{"conformance", "--endpoints", list, "--group", "tls"},
	} {
		r := runApp(t, map[string]string{"HTTPS_PROXY": "http://user:canary-password@127.0.0.1:1"}, append(args, "--timeout", "1ms", "--allow-private", "--ca-file", authorities)...)
		for _, once := range []string{"HTTPS_PROXY is set and not used", "certificate 1 cannot be used"} {
			if n := strings.Count(r.stderr, once); n != 1 {
				t.Errorf("%s: stderr says %d times, and not once, %q: %s", args, n, once, r.stderr)
			}
		}
		if strings.Contains(r.stderr+r.stdout, "canary") {
			t.Errorf("%s: the proxy's password is shown", args)
		}
	}
}

// An address that the user named is refused unless it is public or --allow-private is given.
func TestCheckRefusesPrivateAddress(t *testing.T) {
	r := runApp(t, nil, "check", "--address", "127.0.0.1", "https://example.test")
	if r.code != int(report.ExitUndecided) || !strings.Contains(r.stdout, "prober/address_refused") {
		t.Errorf("exit code %d, stdout %q", r.code, r.stdout)
	}
	r = runApp(t, nil, "check", "--allow-private", "--address", "169.254.169.254", "https://example.test")
	if r.code != int(report.ExitUndecided) || !strings.Contains(r.stdout, "prober/address_refused") {
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

// Whatever a URL holds goes into the request in the form that the wire has for it, or is refused.
func TestURLToWire(t *testing.T) {
	for url, want := range map[string]struct{ host, path, problem string }{
		"https://bücher.test/":               {"xn--bcher-kva.test", "/", ""},
		"https://BÜCHER.test:8443/":          {"xn--bcher-kva.test", "/", ""},
		"https://中文。测试/":                     {"xn--fiq228c.xn--0zwm56d", "/", ""},
		"https://bücher\u200d.test/":         {"", "", "internationalised"},
		"https://xn--bcher-kva.test/":        {"xn--bcher-kva.test", "/", ""},
		"https://under_score.test/":          {"under_score.test", "/", ""},
		"https://a..test/":                   {"", "", "empty label"},
		"https://" + strings.Repeat("a", 64): {"", "", "longer than 63"},
		"https://a.test/two words?q=a b":     {"a.test", "/two%20words?q=a%20b", ""},
		"https://a.test/?q=中&r=%20+\"<|>":    {"a.test", "/?q=%E4%B8%AD&r=%20+%22%3C%7C%3E", ""},
		"https://a.test/?a[]=1&b=(c)!*'":     {"a.test", "/?a[]=1&b=(c)!*'", ""},
		"https://[2001:db8::1]:443/":         {"2001:db8::1", "/", ""},
	} {
		target, err := parseURL(url)
		if want.problem != "" {
			if err == nil || !strings.Contains(err.Error(), want.problem) {
				t.Errorf("%s: %v, want %q", url, err, want.problem)
			}
			continue
		}
		if err != nil || target.Endpoint.Host != want.host || target.Path != want.path || strings.Contains(target.Authority, "ü") {
			t.Errorf("%s: %q %q of %q, %v", url, target.Endpoint.Host, target.Path, target.Authority, err)
		}
	}
}

// A host stands for https where it can be nothing else; what may be an endpoint stays one.
func TestBareHosts(t *testing.T) {
	for arg, want := range map[string]string{
		"shop.test": "https://shop.test", "shop.test:443?q=2": "https://shop.test:443", "shop:8443": "https://shop:8443", "bücher.test": "https://xn--bcher-kva.test", "[::1]:8443": "https://[::1]:8443",
		"kms.cn-hangzhou.aliyuncs.com": "kms/cn-hangzhou/public",
	} {
		r := runApp(t, nil, "check", arg, "--resolver", "127.0.0.1:1", "--output", "json")
		if !strings.Contains(r.stdout, `"id": "`+want+`"`) {
			t.Errorf("%s: exit code %d, %s%s", arg, r.code, r.stdout, r.stderr)
		}
	}
	for arg, want := range map[string]string{
		"shop": "no endpoint is named", "kms/cn-hangzou/public": `did you mean "kms/cn-hangzhou/public"`, "shop.test/path": `did you mean "https://shop.test/path"`,
		"mine.yaml": `did you mean "--endpoints mine.yaml"?`, "lists/mine.json": `did you mean "--endpoints lists/mine.json"?`, "shop.test/a.json": `did you mean "https://shop.test/a.json"`,
		"*.shop.test": "no endpoint is named", "shop:": "no endpoint is named", "shop:https": "no endpoint is named", "shop.test:0": "port must be",
		"127.1": "is no IPv4 address", "http://1.2.3.256": "is no IPv4 address", "http://0x7f000001:80": "is no IPv4 address", "http://a.1.2.3.4.5./": "is no IPv4 address",
	} {
		r := runApp(t, nil, "check", arg, "--resolver", "127.0.0.1:1")
		if r.code != int(report.ExitUsage) || !strings.Contains(r.stderr, want) {
			t.Errorf("%s: exit code %d, %q, want %q", arg, r.code, r.stderr, want)
		}
	}
}
