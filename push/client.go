package push

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"

	"prober/files"
	"prober/limit"
)

// newClient returns a client that goes nowhere but to the receiver: it follows no redirect, which
// would carry the token along, and uses no proxy.
func newClient(from files.Reader, caFile string) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := from.Read(caFile, limit.AuthoritiesBytes)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: no certificate in it", caFile)
		}
	}
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, MaxIdleConns: 1},
		Timeout:       limit.PushTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}
