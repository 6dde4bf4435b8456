package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"prober/catalog"
	"prober/cloudapi"
	"prober/files"
	"prober/limit"
	"prober/probe/certs"
)

// inquiry is how a server is asked, by health and by page: for how long, whom to trust, and what name and password to give.
type inquiry struct {
	timeout      time.Duration
	caFile       string
	user         string
	passwordFile string
}

// question is a request that is ready to be sent.
type question struct {
	*http.Request
	transport *http.Transport
	secrets   cloudapi.Redactor // in the request, which an answer may repeat
}

// client sends it, and follows no redirect: the server that was named is the one that is asked.
func (q question) client() *http.Client {
	return &http.Client{
		Transport:     q.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// of makes the question for a URL. Errors are of usage.
func (o *inquiry) of(from files.Reader, text string) (q question, _ error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return q, usage("URL %q cannot be parsed: want http or https and a host, as %s", catalog.HideUserinfo(text), defaultHealth)
	case u.User != nil:
		return q, usage("URL with user information: give it with --user and --password-file")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return q, usage("URL %q: want http or https and a host, as %s", text, defaultHealth)
	case o.timeout <= 0:
		return q, usage("--timeout %s: want more than 0", o.timeout)
	case (o.user == "") != (o.passwordFile == ""):
		return q, usage("--user and --password-file need each other")
	}
	q.Request = &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}}
	q.transport = &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{}} // and no proxy
	if o.passwordFile != "" {
		password, err := readPassword(from, o.passwordFile)
		if err != nil {
			return q, usage("--password-file: %w", err)
		}
		q.SetBasicAuth(o.user, password)
		q.secrets = q.secrets.With(password, o.user+":"+password)
	}
	if o.caFile != "" {
		data, err := from.Read(o.caFile, limit.AuthoritiesBytes)
		if err != nil {
			return q, usage("--ca-file: %w", err)
		}
		anchors := certs.ReadAnchors(data)
		if len(anchors.Usable) == 0 {
			return q, usage("--ca-file %s: holds no certificate that can be used", o.caFile)
		}
		q.transport.TLSClientConfig.RootCAs = anchors.Pool()
	}
	return q, nil
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
