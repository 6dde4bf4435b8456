package imitation

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/cloudapi"
)

// Config says what is imitated. Product, with an API style, is needed; the rest may be
// left at its zero value.
type Config struct {
	Product catalog.Product
	Host    string // the endpoint's own host name
	Region  string // the endpoint's own region
	Keys    []Key
	Now     func() time.Time // nil: time.Now
}

// Key is a key of a customer of the imitated cloud.
type Key struct {
	ID     string
	Secret string
	Token  string // of temporary keys; requests must then carry it
	State  KeyState
}

// KeyState is what a key is good for.
type KeyState uint8

// The states. The zero value is a key that works.
const (
	Active KeyState = iota
	// Inactive: disabled by its owner.
	Inactive
	// Powerless: without any permission.
	Powerless
)

// API is one imitated endpoint. Its methods may be called concurrently.
type API struct {
	cfg     Config
	regions []string // the ids of those that it lists and knows
	shared  *state
	mangle  func(string) string // nil: text stays as it is
	// bound is what a ciphertext is bound to of its EncryptionContext; nil: to all of it.
	bound func(map[string]string) map[string]string
}

// state is what requests have in common, and what survives [API.Mangled].
type state struct {
	nonces nonces
	kms    *kmsKey
}

// New returns an API. It fails if the product has no API style that can be imitated.
func New(cfg Config) (*API, error) {
	if !cfg.Product.APIStyle.IsAPI() {
		return nil, fmt.Errorf("imitating product %q: API style %q has no imitation", cfg.Product.ID, cfg.Product.APIStyle)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &API{cfg: cfg, regions: knownRegions(cfg.Product.APIStyle, cfg.Region), shared: &state{kms: newKMSKey()}}, nil
}

// Serve answers one request.
func (a *API) Serve(r Request) Reply {
	if a.cfg.Product.APIStyle == catalog.StyleTencent3 {
		return a.serveTencent(r)
	}
	return a.serveAlibaba(r)
}

// Refuse answers a request with the error of a situation, whatever it asks for.
func (a *API) Refuse(r Request, s catalog.Situation) Reply { return a.answer(r, a.refusal(s, "")) }

// RefuseWith answers a request with an error that the API does not have by itself. The
// status of Tencent's errors is 200 all the same.
func (a *API) RefuseWith(r Request, status int, code, message string) Reply {
	return a.answer(r, &apiError{code: code, status: status, message: message})
}

func (a *API) answer(r Request, e *apiError) Reply {
	if a.cfg.Product.APIStyle == catalog.StyleTencent3 {
		e.status = http.StatusOK
		return a.tencentRefusal(e)
	}
	return a.newAlibabaCall(r).refuse(e)
}

// first makes checks in their order, up to the first that fails.
func first(checks ...func() *apiError) *apiError {
	for _, check := range checks {
		if e := check(); e != nil {
			return e
		}
	}
	return nil
}

// key returns the key with that id.
func (a *API) key(id string) (Key, bool) {
	i := slices.IndexFunc(a.cfg.Keys, func(k Key) bool { return k.ID == id })
	if i < 0 {
		return Key{}, false
	}
	return a.cfg.Keys[i], true
}

// uuid returns a new UUID in lower case.
func uuid() string {
	id, _ := cloudapi.NewUUID(rand.Reader) // which cannot fail
	return id
}

// serves tells whether the rules let method through.
func (a *API) serves(method string) bool {
	m := a.cfg.Product.Rules.Methods
	if m == nil {
		return method == "GET" || method == "POST"
	}
	return slices.Contains(m.Served, method) || slices.Contains(m.Allowed, method)
}

// versionKnown tells whether version is that of the product.
func (a *API) versionKnown(version string) bool {
	return a.cfg.Product.APIVersion == "" || version == a.cfg.Product.APIVersion
}

// productName is the product's id as replies write it: Ecs, Kms.
func (a *API) productName() string {
	id := a.cfg.Product.ID
	if id == "" {
		return ""
	}
	return strings.ToUpper(id[:1]) + id[1:]
}
