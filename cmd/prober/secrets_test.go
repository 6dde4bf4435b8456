package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/cloudapi"
	"prober/probe/certs/certstest"
	"prober/report/render"
)

// canaries are planted secrets, each in the way in which that one is given. No output may hold one of them.
const (
	canaryID, canarySecret, canaryToken       = "LTAIcanaryKeyId/+1", "canarySecret/+=2", "canaryToken/+=3"
	canaryTencentID, canaryTencent, canarySTS = "AKIDcanarySecretId4", "canarySecretKey5", "canaryTencentToken6"
	canaryBearer, canaryKey, canaryPassword   = "canary-t0ken/+1", "canary-k3y\"<2>", "canary-p4ssword"
	canaryBody, canaryProxy, canaryPush       = "canary b0dy & more", "canary-pr0xy", "canary-0tlp"
	canaryAsked, canaryImported, canaryURL    = "canary-h3alth", "canary-imp0rted", "canary-ur1"
	canaryHash, canaryHashedWord              = "$2b$04$TQtJhpd7JLLpvwRKGBLUtuuKIXcGCJ8eHdh2rJ2OGXpYrO5p9bQKu", "canary-w3b"
)

// secretGround has servers that repeat what they are sent in each place that somebody quotes, and files and
// variables in which every kind of secret is given.
type secretGround struct {
	dir     string
	env     map[string]string
	secrets []string // none of which may be seen
	echo    *httptest.Server

	mu    sync.Mutex
	heard strings.Builder // what the server was sent
}

func newSecretGround(t *testing.T) *secretGround {
	t.Helper()
	g := &secretGround{dir: t.TempDir()}
	pki := certstest.NewPKI()
	client := certstest.New("client", pki.Root, certstest.Valid(time.Now().Add(-time.Hour), time.Now().Add(time.Hour)))
	der, err := x509.MarshalPKCS8PrivateKey(client.Key)
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	g.echo = httptest.NewUnstartedServer(g)
	g.echo.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	g.echo.Config.ErrorLog = log.New(io.Discard, "", 0)
	g.echo.StartTLS()
	t.Cleanup(g.echo.Close)
	g.env = map[string]string{
		cloudapi.EnvAlibabaID: canaryID, cloudapi.EnvAlibabaSecret: canarySecret, cloudapi.EnvAlibabaToken: canaryToken,
		credentialsVariable: g.dir, "CANARY_TOKEN": canaryBearer, "CANARY_KEY": canaryKey,
		"OTEL_EXPORTER_OTLP_CERTIFICATE": g.path("ca.pem"),
	}
	for _, proxy := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"} {
		g.env[proxy] = "http://me:" + canaryProxy + "@127.0.0.1:9/"
	}
	for name, value := range g.env {
		t.Setenv(name, value) // for what libraries read by themselves
	}
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20"+canaryPush)
	g.secrets = []string{
		canaryID, canarySecret, canaryToken, canaryTencentID, canaryTencent, canarySTS, canaryBearer, canaryKey, canaryPassword, canaryBody, canaryProxy,
		canaryPush, canaryAsked, canaryImported, canaryURL, canaryHash, canaryHashedWord,
		key[60:100],                                     // a line of it
		"me:" + canaryPassword, "reader:" + canaryAsked, // as basic authentication joins them
	}
	for name, text := range map[string]string{
		"ca.pem":                  string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: g.echo.Certificate().Raw})),
		"client.pem":              string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: client.Cert.Raw})),
		"client.key":              key,
		cloudapi.EnvTencentID:     canaryTencentID,
		cloudapi.EnvTencentSecret: canaryTencent,
		cloudapi.EnvTencentToken:  canarySTS,
		"password":                canaryPassword + "\n",
		"body":                    canaryBody,
		"asked":                   canaryAsked + "\n",
		"wrong-web.yaml":          "basic_auth_users: {reader: '" + canaryHash + "', reader: x}\ntls_server_config: {key: '" + canaryHashedWord + "'}\n",
		"prober.yaml":             "endpoints: " + g.path("list.yaml") + "\nallow-private: true\nca-file: " + g.path("ca.pem") + "\n",
		"wrong.yaml":              "otlp.endpoint: [\"https://me:" + canaryURL + "@127.0.0.1/\"]\nendpoints: \"https://me:" + canaryURL + "@127.0.0.1/list\"\n",
		"blackbox.yml": `
modules:
  api:
    prober: http
    http:
      method: POST
      headers: {X-Api-Key: ` + canaryImported + `, Cookie: s=` + canaryImported + `}
      body: 'password=` + canaryImported + `'
      basic_auth: {username: probe, password: ` + canaryImported + `}
      proxy_url: http://me:` + canaryImported + `@proxy:3128
  token: {prober: http, http: {authorization: {credentials: ` + canaryImported + `}}}
`,
		"targets.yml": "- {targets: ['https://me:" + canaryImported + "@a.example/'], labels: {module: api}}\n- {targets: [b.example], labels: {module: token}}\n",
		"list.yaml": `
products:
  - id: l
    client_certificate: client.pem
    client_key: client.key
    check:
      request: {headers: {X-Key: env:CANARY_KEY}}
      expect: {status: 200, content_type: a/b, headers: [{name: X-Echo, absent: true}], body: {contains: nothing, not_contains: '"error"'}, json: [{path: $.error, equals: 1}]}
      redirects: 2
  - {id: sts, provider: alibaba, api_style: alibaba-rpc, api_version: "2015-04-01", read_only_action: GetCallerIdentity}
  - {id: ram, provider: alibaba, api_style: alibaba-rpc, api_version: "2015-05-01", read_only_action: ListUsers, signature: ACS3-HMAC-SHA256}
  - {id: cvm, provider: tencent, api_style: tencent-3, api_version: "2017-03-12", read_only_action: DescribeRegions}
endpoints:
  - {id: bearer, product: l, url: "` + g.echo.URL + `/a", check: {request: {bearer: env:CANARY_TOKEN, body: {file: body}}}}
  - {id: basic, product: l, url: "` + g.echo.URL + `/b", check: {request: {basic: {user: me, password: file:password}, body: {text: file:body}}}}
  - {id: query, product: l, url: "` + g.echo.URL + `/c", check: {request: {query: {key: env:CANARY_KEY, t: env:CANARY_TOKEN}, body: {json: {a: env:CANARY_KEY, b: [file:password]}}}}}
  - {id: raw, product: l, url: "` + g.echo.URL + `/raw", check: {request: {bearer: env:CANARY_TOKEN}}}
  - {id: sts, product: sts, url: "` + g.echo.URL + `"}
  - {id: ram, product: ram, url: "` + g.echo.URL + `"}
  - {id: cvm, product: cvm, url: "` + g.echo.URL + `"}
`,
		"wrong-list.yaml": "endpoints: [\"https://me:" + canaryURL + "@a.example/\", {url: \"me:" + canaryURL + "@b.example:x\"}, {host: \"me:" + canaryURL + "@b.example\"}]\n",
	} {
		if err := os.WriteFile(g.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func (g *secretGround) path(name string) string { return filepath.Join(g.dir, name) }

// ServeHTTP repeats what it was sent, as it was and decoded, in its header, as JSON and as text.
func (g *secretGround) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, _ := io.ReadAll(r.Body)
	said := r.URL.RequestURI() + " " + string(sent)
	for _, values := range r.Header {
		said += " " + strings.Join(values, " ")
	}
	if user, password, ok := r.BasicAuth(); ok {
		said += " " + user + " " + password
	}
	for _, values := range r.URL.Query() {
		said += " " + strings.Join(values, " ")
	}
	if len(r.TLS.PeerCertificates) > 0 {
		said += " with a certificate"
	}
	said = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(said, "?"))
	g.mu.Lock()
	g.heard.WriteString(said + "\n")
	g.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/raw") { // and as what is no HTTP
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_, _ = io.WriteString(c, said+"\r\n\r\n")
			_ = c.Close()
		}
		return
	}
	for _, field := range []string{"X-Echo", "Location", "Server", "Content-Type"} {
		w.Header().Set(field, said)
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	inJSON, _ := json.Marshal(map[string]string{"error": said, "Message": said, "Code": "Busy", "RequestId": said})
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/v1/"): // as a Prometheus server says it
		_, _ = w.Write(inJSON)
	default:
		fmt.Fprintf(w, "%s\n%s %s %s %s", said, inJSON, url.QueryEscape(said), html.EscapeString(said), base64.StdEncoding.EncodeToString([]byte(r.Header.Get("X-Key"))))
	}
}

// heardOf says whether a server was sent something.
func (g *secretGround) heardOf(secret string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Contains(g.heard.String(), secret)
}

// clean reports each secret that a text shows, in whatever notation.
func (g *secretGround) clean(t *testing.T, what, text string) {
	t.Helper()
	for _, s := range g.secrets {
		quoted, _ := json.Marshal(s)
		for _, form := range []string{
			s, url.QueryEscape(s), url.PathEscape(s), url.QueryEscape(url.QueryEscape(s)), cloudapi.PercentEncode(s), html.EscapeString(s), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
		} {
			if at := strings.Index(text, form); at >= 0 {
				t.Errorf("%s shows %q: ...%s...", what, form, text[max(0, at-80):min(len(text), at+80)])
				break
			}
		}
	}
}

// cleanFiles is clean for all files of a folder, of which there is one at least.
func (g *secretGround) cleanFiles(t *testing.T, dir string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		seen++
		g.clean(t, path, string(text))
		return err
	})
	if err != nil || seen == 0 {
		t.Errorf("%s: %d files, %v", dir, seen, err)
	}
}

// lines are command lines of each command that has an end, with secrets in what they are given. They need not be right.
func (g *secretGround) lines() map[string][]string {
	list := "--endpoints " + g.path("list.yaml") + " --allow-private --ca-file " + g.path("ca.pem") + " "
	echo := g.echo.URL
	withUser := "https://me:" + canaryURL + "@127.0.0.1:9/?x=1"
	asked := " --user reader --password-file " + g.path("asked") + " --ca-file " + g.path("ca.pem")
	out := g.path("out")
	return map[string][]string{
		"prober": {"", "--version", withUser},
		"prober check": {
			list, list + "--output json", list + "--signed", list + "--signed --output json", withUser, "me:" + canaryURL + "@127.0.0.1:9",
			"--signed --allow-private --address 127.0.0.1 --timeout 1s ecs/default/public",
			"--signed --allow-private --address 127.0.0.1 --timeout 1s --output json kms/cn-hangzhou/public gaap/nearest/public",
			"--signed --resolver 127.0.0.1:1 --timeout 1s gaap/nearest/public",
			"--sandbox --signed --output json --product kms,gaap --region cn-hangzhou,nearest --fault *=mangled_text", "--timeout soon",
			"--endpoints " + g.path("wrong-list.yaml"), "--config.file " + g.path("wrong.yaml"),
		},
		"prober conformance": {
			list + "--product l --report-dir " + out + "/reports --metrics-file " + out + "/metrics.prom", list + "--list",
			list + "--product l --rerun-failed " + out + "/reports/report.json --report-dir " + out + "/again --output json --level MUST",
			"--resolver 127.0.0.1:1 --timeout 1s --region nearest --group charset",
		},
		"prober doctor":                {list, list + "--output json --control me:" + canaryURL + "@127.0.0.1:9"},
		"prober health":                {echo + asked, echo + "/raw" + asked, withUser, "me:" + canaryURL + "@127.0.0.1:9", "http://%zz" + withUser},
		"prober explain":               {"credentials", withUser, "L-TLS-02 --endpoints " + g.path("list.yaml")},
		"prober version":               {"", "--output json"},
		"prober report":                {"", withUser},
		"prober report render":         {withUser},
		"prober report compare":        {out + "/reports/report.json " + out + "/again/report.json", out + "/reports/report.json " + out + "/again/report.json --output json", withUser + " " + withUser},
		"prober endpoints":             {"", withUser},
		"prober endpoints list":        {"", "--endpoints " + g.path("list.yaml"), "--output json --endpoints " + g.path("list.yaml"), "--endpoints " + withUser},
		"prober endpoints validate":    {g.path("list.yaml"), g.path("wrong-list.yaml"), withUser},
		"prober endpoints diff":        {g.path("list.yaml"), g.path("list.yaml") + " --output json", g.path("wrong-list.yaml"), withUser},
		"prober endpoints import":      {g.path("blackbox.yml") + " --targets " + g.path("targets.yml"), g.path("blackbox.yml"), withUser, g.path("blackbox.yml") + " --targets " + withUser},
		"prober endpoints new":         {"--allow-private --ca-file " + g.path("ca.pem") + " " + echo + "/x", withUser, "me:" + canaryURL + "@127.0.0.1:9"},
		"prober sandbox":               {"--list-faults", "--list-faults --output json", "--endpoints " + withUser, "--config.file " + g.path("wrong.yaml")},
		"prober serve":                 {"--otlp.endpoint " + withUser, "--endpoints " + withUser, "--config.file " + g.path("wrong.yaml"), "--web.config.file " + g.path("wrong-web.yaml") + " " + list},
		"prober page":                  {"--prometheus " + withUser, "--prometheus me:" + canaryURL + "@127.0.0.1:9", "--prometheus " + echo + " --web.config.file " + g.path("wrong-web.yaml")},
		"prober help":                  {"", "check", withUser},
		"prober package-files":         {out + "/package"},
		"prober completion":            {""},
		"prober completion bash":       {""},
		"prober completion fish":       {""},
		"prober completion zsh":        {""},
		"prober completion powershell": {""},
	}
}

// No output of any command shows a secret, however that is given, and however an endpoint, a receiver or another server
// repeats it: not on the terminal, in the log, on a page, in a metric, a report or a file that is kept. A command that is
// new has to be named here.
func TestSecretsNeverAppear(t *testing.T) {
	g := newSecretGround(t)
	out := g.path("out")
	if err := os.MkdirAll(out+"/package", 0o700); err != nil {
		t.Fatal(err)
	}
	root := (&app{out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }}).root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	lines := g.lines()
	for _, cmd := range commandsBelow(root) {
		all, ok := lines[cmd.CommandPath()]
		if !ok {
			t.Errorf("%s is not looked at", cmd.CommandPath())
		}
		if cmd.CommandPath() == "prober report render" {
			for _, f := range render.Formats() {
				all = append(all, "--format "+string(f)+" "+out+"/reports/report.json")
			}
		}
		for _, line := range all {
			args := append(strings.Fields(cmd.CommandPath())[1:], strings.Fields(line)...)
			r := runApp(t, g.env, args...)
			if r.stdout+r.stderr == "" && cmd.Name() != "package-files" {
				t.Errorf("%q says nothing", args)
			}
			g.clean(t, strings.Join(args, " "), r.stdout+r.stderr)
			if cmd.Name() == "check" && strings.HasPrefix(line, "--endpoints "+g.path("list.yaml")) && !strings.Contains(r.stdout, "unexpected_status") {
				t.Errorf("%q does not tell what is wrong: %s %s", args, r.stdout, r.stderr)
			}
		}
	}
	g.cleanFiles(t, out)
	for tries := 0; tries < 5 && !g.heardOf(canaryPush); tries++ { // the last push has little time, on a busy machine too little
		g.served(t)
	}
	g.drawn(t)
	for _, secret := range []string{
		canaryID, canaryTencentID, canaryBearer, canaryKey, canaryPassword, canaryBody, canaryAsked, canaryPush, "with a certificate",
	} {
		if !g.heardOf(secret) {
			t.Errorf("nobody was sent %s, so that nobody repeated it", secret)
		}
	}
	missing := runApp(t, nil, "check", "--endpoints", g.path("list.yaml"))
	if missing.code != 2 || !strings.Contains(missing.stderr, "endpoint bearer: check.request.bearer: the variable CANARY_TOKEN is not set, or empty") {
		t.Errorf("exit code %d: %s", missing.code, missing.stderr)
	}
}

// served looks at all that serve shows, logs and keeps.
func (g *secretGround) served(t *testing.T) {
	t.Helper()
	var openapi struct {
		Paths map[string]struct{}
	}
	env := maps.Clone(g.env) // where nobody reads the files of a service manager
	env[cloudapi.EnvTencentID], env[cloudapi.EnvTencentSecret], env[cloudapi.EnvTencentToken] = canaryTencentID, canaryTencent, canarySTS
	address, end := servedWithin(t, time.Minute, env, "--config.file", g.path("prober.yaml"), "--signed", "--interval", "1s", "--state-dir", g.path("state"), "--log.level", "debug",
		"--otlp.endpoint", g.echo.URL, "--web.enable-lifecycle")
	ids := []string{"bearer", "basic", "query", "raw", "sts", "ram", "cvm"}
	failing, incident := regexp.MustCompile(`"outcome": ?"fail"`), regexp.MustCompile(`"id": ?"?([0-9a-zA-Z-]+)`)
	paths := []string{"/", "/metrics", "/incidents.atom", "/-/ready", "/-/healthy", "/nosuch"}
	if err := json.Unmarshal([]byte(get(t, address, "/api/v1/openapi.json")), &openapi); err != nil || len(openapi.Paths) < 5 {
		t.Errorf("%v: %d paths", err, len(openapi.Paths))
	}
	for _, id := range ids {
		for !failing.MatchString(get(t, address, "/api/v1/endpoints/"+id)) {
			<-time.After(20 * time.Millisecond)
		}
		paths = append(paths, "/endpoints/"+id, "/badges/"+id+".svg", "/probe?target="+id+"&debug=true", "/probe?target="+id)
	}
	number := ""
	for ; number == ""; <-time.After(20 * time.Millisecond) { // of an incident
		if m := incident.FindStringSubmatch(get(t, address, "/api/v1/incidents")); m != nil {
			number = m[1]
		}
	}
	for path := range openapi.Paths {
		if strings.Contains(path, "{id}") {
			for _, id := range ids {
				paths = append(paths, strings.ReplaceAll(path, "{id}", id))
			}
			continue
		}
		paths = append(paths, strings.ReplaceAll(path, "{incident}", number))
	}
	for _, path := range paths {
		text := get(t, address, path)
		if strings.Contains(path, "{") || text == "" {
			t.Errorf("%s: %q", path, text)
		}
		g.clean(t, path, text)
	}
	reply, err := http.Post("http://"+address+"/-/reload", "", nil) //nolint:noctx // of this process
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	said, err := end()
	if err != nil || !strings.Contains(said, "level=DEBUG") || !strings.Contains(said, "metrics cannot be pushed") {
		t.Errorf("%v: the log is not as it has to be: %.2000s", err, said)
	}
	g.clean(t, "the log", said)
	g.cleanFiles(t, g.path("state"))
}

// drawn looks at the pages that are drawn from a server which answers with what it was sent.
func (g *secretGround) drawn(t *testing.T) {
	t.Helper()
	for _, path := range []string{"", "/plain", "/raw"} {
		address, end := servedBy(t, (*app).pageCommand, time.Second/2, g.env, "--prometheus", g.echo.URL+path, "--user", "reader", "--password-file", g.path("asked"),
			"--ca-file", g.path("ca.pem"), "--log.level", "debug")
		for said := ""; !strings.Contains(said, "does not answer: ") || strings.Contains(said, "not asked yet"); said = get(t, address, "/-/ready") {
			<-time.After(20 * time.Millisecond)
		}
		for _, path := range []string{"/", "/-/ready", "/api/v1/endpoints", "/metrics"} {
			g.clean(t, "page "+path, get(t, address, path))
		}
		said, err := end()
		if err != nil || said == "" {
			t.Errorf("%v: %s", err, said)
		}
		g.clean(t, "the log of page", said)
	}
}

// get returns the body of a page of serve.
func get(t *testing.T, address, path string) string {
	t.Helper()
	resp, err := http.Get("http://" + address + path) //nolint:noctx // of this process
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
