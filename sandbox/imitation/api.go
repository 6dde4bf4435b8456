package imitation

import (
	"crypto/rand"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
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
	// Regions are the ids of the regions that the API lists and knows; nil means all
	// that this package has names for, and Region.
	Regions []string
	Keys    []Key
	Now     func() time.Time // nil: time.Now
	// Random is read once, for the seed of request ids and encryption keys; nil:
	// crypto/rand.
	Random io.Reader
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
	cfg    Config
	shared *state
	mangle func(string) string // nil: text stays as it is
	// contextless: a ciphertext opens under any EncryptionContext.
	contextless bool
}

// state is what requests have in common, and what survives [API.Mangled].
type state struct {
	mu     sync.Mutex
	random *mathrand.ChaCha8
	nonces nonces
	kms    *kmsKey
}

// New returns an API. It fails if the product has no API style that can be imitated, or
// if the random source does.
func New(cfg Config) (*API, error) {
	switch cfg.Product.APIStyle {
	case catalog.StyleAlibabaRPC, catalog.StyleTencent3:
	default:
		return nil, fmt.Errorf("imitating product %q: API style %q has no imitation", cfg.Product.ID, cfg.Product.APIStyle)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Regions == nil {
		cfg.Regions = knownRegions(cfg.Product.APIStyle, cfg.Region)
	}
	var seed [32]byte
	if _, err := io.ReadFull(cfg.Random, seed[:]); err != nil {
		return nil, fmt.Errorf("imitating product %q: reading a random seed: %w", cfg.Product.ID, err)
	}
	s := &state{random: mathrand.NewChaCha8(seed)}
	s.kms = newKMSKey(s.random)
	return &API{cfg: cfg, shared: s}, nil
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
func (a *API) uuid() string {
	a.shared.mu.Lock()
	defer a.shared.mu.Unlock()
	return uuidOf(a.shared.random)
}

func uuidOf(random io.Reader) string {
	id, err := cloudapi.NewUUID(random)
	if err != nil {
		panic("a seeded generator ran dry: " + err.Error()) // it cannot
	}
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
