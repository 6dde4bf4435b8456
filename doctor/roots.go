package doctor

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"prober/files"
	"prober/limit"
	"prober/probe/certs"
)

// SystemAuthorities reads the roots of this machine from where crypto/x509 has them, one by one: its
// pool tells neither how many it holds nor what it could not read.
func SystemAuthorities(getenv func(string) string) Authorities {
	pool, err := x509.SystemCertPool()
	some := err == nil && !pool.Equal(x509.NewCertPool())
	if slices.Contains([]string{"darwin", "ios", "windows"}, runtime.GOOS) {
		return Authorities{Source: "the system's", Uncounted: true, Some: err == nil}
	}
	names := []string{
		"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem", "/usr/local/etc/ssl/cert.pem", "/etc/openssl/certs/ca-certificates.crt",
	}
	if name := getenv("SSL_CERT_FILE"); name != "" {
		names = []string{name}
	}
	var all certs.Anchors
	var sources []string
	for _, name := range names { // the first that can be read
		if data, err := files.Read(name, limit.AuthoritiesBytes); err == nil {
			if all = certs.ReadAnchors(data); len(all.Usable) > 0 {
				sources = append(sources, name)
			}
			break
		}
	}
	folders := []string{"/etc/ssl/certs", "/etc/pki/tls/certs"}
	if list := getenv("SSL_CERT_DIR"); list != "" {
		folders = filepath.SplitList(list)
	}
	for _, folder := range folders { // all of them, whatever the file has
		if addFolder(&all, folder) {
			sources = append(sources, folder)
		}
	}
	if len(sources) == 0 {
		return Authorities{Source: "the system's", Uncounted: some, Some: some}
	}
	return Authorities{Source: strings.Join(sources, ", "), Anchors: all}
}

// addFolder adds the roots of a folder that has a file each, and reports whether any was not known before.
func addFolder(all *certs.Anchors, folder string) (added bool) {
	entries, _ := os.ReadDir(folder) // one that cannot be read has none
	for _, entry := range entries[:min(len(entries), limit.AuthorityFiles)] {
		data, err := files.Read(filepath.Join(folder, entry.Name()), limit.AuthoritiesBytes)
		if err != nil {
			continue
		}
		a := certs.ReadAnchors(data)
		for _, c := range a.Usable {
			if !slices.ContainsFunc(all.Usable, c.Equal) {
				all.Usable, added = append(all.Usable, c), true
			}
		}
		for _, u := range a.Unusable {
			if !slices.ContainsFunc(all.Unusable, func(known certs.Unusable) bool { return known.Subject == u.Subject && u.Subject != "" }) {
				all.Unusable = append(all.Unusable, u)
			}
		}
	}
	return added
}
