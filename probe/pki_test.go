package probe

import "prober/probe/certs/certstest"

// The certificates of package certstest under short names.
type entity = certstest.Entity

const (
	goodHost = certstest.Host
	day      = certstest.Day
)

var (
	now              = certstest.Now()
	newEntity        = certstest.New
	newEntityWithKey = certstest.NewWithKey
	rsaKey           = certstest.RSAKey
	authority        = certstest.Authority
	forHosts         = certstest.ForHosts
	pool             = certstest.Pool
	served           = certstest.Served
	valid            = certstest.Valid
	staple           = certstest.Staple
)

// pki is a root, an intermediate and a leaf for goodHost.
type pki struct{ root, intermediate, leaf *entity }

func newPKI() pki {
	p := certstest.NewPKI()
	return pki{p.Root, p.Intermediate, p.Leaf}
}
