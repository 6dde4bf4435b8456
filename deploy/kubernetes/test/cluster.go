package test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"prober/needs"
)

// Cluster is a control plane, and whoever may do everything in it.
type Cluster struct {
	URL        string
	Kubeconfig string
	CA         string // files: the server's certificate, the certificate and the key of who asks
	Cert, Key  string
	client     *http.Client
}

// StartCluster starts etcd, the API server and the controllers from the folder with these programs.
func StartCluster(t testing.TB, programs string) *Cluster {
	t.Helper()
	dir := t.TempDir()
	keys := makeKeys(t, dir)
	store, peer, address := "http://"+needs.FreeAddress(t), "http://"+needs.FreeAddress(t), needs.FreeAddress(t)
	host, port, _ := net.SplitHostPort(address)
	start(t, exec.Command("etcd", "--data-dir", filepath.Join(dir, "etcd"), "--listen-client-urls", store, "--advertise-client-urls", store,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer))
	certs := filepath.Join(dir, "certs")
	start(t, exec.Command(filepath.Join(programs, "kube-apiserver"), "--etcd-servers", store, "--bind-address", host, "--secure-port", port, "--cert-dir", certs,
		"--client-ca-file", keys.ca, "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file", keys.account, "--service-account-signing-key-file", keys.account))
	c := &Cluster{URL: "https://" + address, CA: filepath.Join(certs, "apiserver.crt"), Cert: keys.cert, Key: keys.key}
	pair, err := tls.LoadX509KeyPair(keys.cert, keys.key)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the API server", func() string {
		text, err := os.ReadFile(c.CA)
		if err != nil {
			return err.Error()
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
		c.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}}}
		if err := c.do(http.MethodGet, "/readyz", "", nil, nil); err != nil {
			return err.Error()
		}
		return ""
	})
	config := fmt.Sprintf(`{"apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
 "clusters": [{"name": "c", "cluster": {"server": %q, "certificate-authority": %q}}], "users": [{"name": "c", "user": {"client-certificate": %q, "client-key": %q}}]}`, c.URL, c.CA, c.Cert, c.Key)
	c.Kubeconfig = write(t, filepath.Join(dir, "kubeconfig"), []byte(config))
	start(t, exec.Command(filepath.Join(programs, "kube-controller-manager"), "--kubeconfig", c.Kubeconfig, "--leader-elect=false", "--secure-port=0", "--service-account-private-key-file", keys.account,
		"--controllers=statefulset-controller,serviceaccount-controller,namespace-controller,persistentvolume-binder-controller,disruption-controller,garbage-collector-controller"))
	return c
}

type keyFiles struct{ ca, cert, key, account string }

// makeKeys makes an authority of clients, a client that may do everything, and the key of service accounts.
func makeKeys(t testing.TB, dir string) keyFiles {
	t.Helper()
	files := keyFiles{filepath.Join(dir, "ca.crt"), filepath.Join(dir, "client.crt"), filepath.Join(dir, "client.key"), filepath.Join(dir, "account.key")}
	key := func(path string) *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalECPrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		if path != "" {
			write(t, path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
		}
		return k
	}
	now := time.Now()
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "clients"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	client := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test", Organization: []string{"system:masters"}}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	signer, own := key(""), key(files.key)
	key(files.account)
	for path, of := range map[string]struct {
		template *x509.Certificate
		key      *ecdsa.PrivateKey
	}{files.ca: {authority, signer}, files.cert: {client, own}} {
		der, err := x509.CreateCertificate(rand.Reader, of.template, authority, of.key.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return files
}

// do asks the API server. What it refuses is an error with its reason.
func (c *Cluster) do(method, path, contentType string, body []byte, into any) error {
	q, err := http.NewRequest(method, c.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if contentType != "" {
		q.Header.Set("Content-Type", contentType)
	}
	r, err := c.client.Do(q)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if r.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %.600s", method, path, r.Status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// get reads an object.
func (c *Cluster) get(t testing.TB, path string, into any) {
	t.Helper()
	if err := c.do(http.MethodGet, path, "", nil, into); err != nil {
		t.Fatal(err)
	}
}

// apply brings an object about, held strictly against its schema.
func (c *Cluster) apply(t testing.TB, path string, yaml []byte) {
	t.Helper()
	if err := c.do(http.MethodPatch, path+"?fieldManager=test&fieldValidation=Strict", "application/apply-patch+yaml", yaml, nil); err != nil {
		t.Fatal(err)
	}
}
