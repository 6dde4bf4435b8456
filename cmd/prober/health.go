package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"prober/catalog"
	"prober/cloudapi"
	"prober/files"
	"prober/limit"
	"prober/probe/certs"
	"prober/prose"
	"prober/report"
)

// defaultHealth is where prober serve answers unless it is told otherwise.
const defaultHealth = "http://127.0.0.1:9115/-/healthy"

// healthOptions are the flags of health.
type healthOptions struct {
	timeout      time.Duration
	caFile       string
	user         string
	passwordFile string
}

func (a *app) healthCommand() *cobra.Command {
	o := &healthOptions{}
	cmd := &cobra.Command{
		Use:   "health [URL]",
		Short: "Ask a running prober whether it is well, where there is no curl",
		Long: `Asks URL, by default ` + defaultHealth + `, once, and prints a line. A URL
without a path gets /-/healthy; /-/ready says whether every endpoint has a result.

Exit code: 0 it answered with 200; 1 it did not; 2 wrong usage.`,
		Example: `  prober health
  prober health https://prober.example.com:9115/-/ready --ca-file ca.pem`,
		Args: argsBetween(0, 1, "health takes one URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.health(cmd.Context(), o, append(args, defaultHealth)[0])
		},
	}
	f := cmd.Flags()
	f.DurationVar(&o.timeout, "timeout", 3*time.Second, "bound on all of it")
	f.StringVar(&o.caFile, "ca-file", "", "trust the authorities in this PEM `FILE` instead of the system's")
	f.StringVar(&o.user, "user", "", "`NAME` to give, where --web.config.file of the prober asks for one")
	f.StringVar(&o.passwordFile, "password-file", "", "`FILE` with the password of that name")
	return cmd
}

func (a *app) health(ctx context.Context, o *healthOptions, text string) error {
	request, transport, secrets, err := o.request(a.files, text)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, o.timeout)
	defer stop()
	client := http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	status, said, err := answerOf(client.Do(request.WithContext(ctx)))
	said = prose.Brief(secrets.Redact(said)) // which an answer may repeat
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", o.timeout)
	case err == nil && status != http.StatusOK:
		said = strings.TrimPrefix(said, fmt.Sprint(status, " ")) // as Go's own page for what is not there begins
		err = fmt.Errorf("%d %s", status, cmp.Or(said, http.StatusText(status)))
	case err == nil:
		_, err = fmt.Fprintf(a.out, "%s: %d %s\n", request.URL.Redacted(), status, said)
		return fail(err)
	}
	fmt.Fprintf(a.out, "%s: not well: %s\n", request.URL.Redacted(), prose.Brief(secrets.Redact(err.Error())))
	return &exitError{code: report.ExitFail}
}

// answerOf returns the status of a reply and the first line of its body.
func answerOf(reply *http.Response, err error) (status int, said string, _ error) {
	if err != nil {
		if bare := (*url.Error)(nil); errors.As(err, &bare) {
			err = bare.Err // the URL is said already
		}
		return 0, "", err
	}
	defer reply.Body.Close() //nolint:errcheck // what is wanted of it is read
	body, err := io.ReadAll(io.LimitReader(reply.Body, limit.HealthBytes))
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	return reply.StatusCode, line, err
}

// request makes the request, the way by which it goes, and the secrets in it.
func (o *healthOptions) request(from files.Reader, text string) (_ *http.Request, _ *http.Transport, secrets cloudapi.Redactor, _ error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, nil, secrets, usage("URL %q cannot be parsed: want http or https and a host, as %s", catalog.HideUserinfo(text), defaultHealth)
	case u.User != nil:
		return nil, nil, secrets, usage("URL with user information: give it with --user and --password-file")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, nil, secrets, usage("URL %q: want http or https and a host, as %s", text, defaultHealth)
	case o.timeout <= 0:
		return nil, nil, secrets, usage("--timeout %s: want more than 0", o.timeout)
	case (o.user == "") != (o.passwordFile == ""):
		return nil, nil, secrets, usage("--user and --password-file need each other")
	}
	if u.Path == "" {
		u.Path = "/-/healthy"
	}
	request := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}}
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{}} // and no proxy
	if o.passwordFile != "" {
		password, err := readPassword(from, o.passwordFile)
		if err != nil {
			return nil, nil, secrets, usage("--password-file: %w", err)
		}
		request.SetBasicAuth(o.user, password)
		secrets = secrets.With(password, o.user+":"+password)
	}
	if o.caFile != "" {
		data, err := from.Read(o.caFile, limit.AuthoritiesBytes)
		if err != nil {
			return nil, nil, secrets, usage("--ca-file: %w", err)
		}
		anchors := certs.ReadAnchors(data)
		if len(anchors.Usable) == 0 {
			return nil, nil, secrets, usage("--ca-file %s: holds no certificate that can be used", o.caFile)
		}
		transport.TLSClientConfig.RootCAs = anchors.Pool()
	}
	return request, transport, secrets, nil
}

// readPassword reads a password, which stands alone in a file, on one line.
func readPassword(from files.Reader, path string) (string, error) {
	data, err := from.Read(path, limit.HealthBytes)
	if err != nil {
		return "", err
	}
	password := strings.TrimRight(string(data), "\r\n")
	switch {
	case password == "":
		return "", fmt.Errorf("%s: is empty", path)
	case strings.ContainsFunc(password, unicode.IsControl), strings.HasPrefix(password, "\ufeff"):
		return "", fmt.Errorf("%s: want one line of plain text; a password has no control characters (RFC 7617, section 2)", path)
	}
	return password, nil
}
