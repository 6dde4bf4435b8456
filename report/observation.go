package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
)

// The shapes below are what the writers show of the documented JSON of a
// probe.Observation. Fields that a newer program has added are passed over.

type Observation struct {
	Scheme    string     `json:"scheme"`
	Outcome   string     `json:"outcome"`
	Phase     string     `json:"phase"`
	Reason    string     `json:"reason"`
	Blame     string     `json:"blame"`
	Detail    string     `json:"detail"`
	Reproduce string     `json:"reproduce"`
	Started   time.Time  `json:"started"`
	Duration  Seconds    `json:"duration_seconds"`
	DNS       *Lookup    `json:"dns"`
	Addresses []Measured `json:"addresses"`
}

type Lookup struct {
	Resolver  string   `json:"resolver"`
	RCode     string   `json:"rcode"`
	CNAME     []string `json:"cname"`
	Addresses []string `json:"addresses"`
	MinTTL    Seconds  `json:"min_ttl_seconds"`
	Queries   []Query  `json:"queries"`
}

type Query struct {
	Resolver  string   `json:"resolver"`
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	RCode     string   `json:"rcode"`
	Addresses []string `json:"addresses"`
	Duration  Seconds  `json:"duration_seconds"`
	Detail    string   `json:"detail"`
}

type Measured struct {
	Address   string             `json:"address"`
	Outcome   string             `json:"outcome"`
	Phase     string             `json:"phase"`
	Reason    string             `json:"reason"`
	Detail    string             `json:"detail"`
	Reproduce string             `json:"reproduce"`
	Phases    map[string]Seconds `json:"phases"`
	TLS       *TLSFacts          `json:"tls"`
	HTTP      *HTTPFacts         `json:"http"`
}

type TLSFacts struct {
	Version      string                    `json:"version"`
	Cipher       string                    `json:"cipher"`
	ALPN         string                    `json:"alpn"`
	Versions     map[string]VersionVerdict `json:"versions"`
	Certificates []Certificate             `json:"certificates"`
	Verified     bool                      `json:"verified"`
}

type VersionVerdict struct {
	Verdict  string `json:"verdict"`
	Evidence string `json:"evidence"`
}

type Certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"dns_names"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"`
	Key       string    `json:"key"`
	Signature string    `json:"signature_algorithm"`
}

type HTTPFacts struct {
	Status      int    `json:"status"`
	Proto       string `json:"proto"`
	ContentType string `json:"content_type"`
	BodyBytes   int64  `json:"body_bytes"`
	API         *struct {
		Code      string `json:"code"`
		RequestID string `json:"request_id"`
		Message   string `json:"message"`
	} `json:"api"`
}

func ReadObservation(data []byte) (*Observation, error) {
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil, errors.New("not a JSON object")
	}
	o := &Observation{}
	if err := json.Unmarshal(data, o); err != nil {
		return nil, err
	}
	return o, nil
}

// Day is the date of an instant, as certificates are shown with.
func (Certificate) Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
