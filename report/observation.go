package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
)

// The shapes below are what the writers show of the documented JSON of a
// probe.Observation. Fields that a newer program has added are passed over.

type observation struct {
	Scheme    string     `json:"scheme"`
	Outcome   string     `json:"outcome"`
	Phase     string     `json:"phase"`
	Reason    string     `json:"reason"`
	Blame     string     `json:"blame"`
	Detail    string     `json:"detail"`
	Reproduce string     `json:"reproduce"`
	Started   time.Time  `json:"started"`
	Duration  Seconds    `json:"duration_seconds"`
	DNS       *lookup    `json:"dns"`
	Addresses []measured `json:"addresses"`
}

type lookup struct {
	Resolver  string   `json:"resolver"`
	RCode     string   `json:"rcode"`
	CNAME     []string `json:"cname"`
	Addresses []string `json:"addresses"`
	MinTTL    Seconds  `json:"min_ttl_seconds"`
	Queries   []query  `json:"queries"`
}

type query struct {
	Resolver  string   `json:"resolver"`
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	RCode     string   `json:"rcode"`
	Addresses []string `json:"addresses"`
	Duration  Seconds  `json:"duration_seconds"`
	Detail    string   `json:"detail"`
}

type measured struct {
	Address   string             `json:"address"`
	Outcome   string             `json:"outcome"`
	Phase     string             `json:"phase"`
	Reason    string             `json:"reason"`
	Detail    string             `json:"detail"`
	Reproduce string             `json:"reproduce"`
	Phases    map[string]Seconds `json:"phases"`
	TLS       *tlsFacts          `json:"tls"`
	HTTP      *httpFacts         `json:"http"`
}

type tlsFacts struct {
	Version      string                    `json:"version"`
	Cipher       string                    `json:"cipher"`
	ALPN         string                    `json:"alpn"`
	Versions     map[string]versionVerdict `json:"versions"`
	Certificates []certificate             `json:"certificates"`
	Verified     bool                      `json:"verified"`
}

type versionVerdict struct {
	Verdict  string `json:"verdict"`
	Evidence string `json:"evidence"`
}

type certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"dns_names"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"`
	Key       string    `json:"key"`
	Signature string    `json:"signature_algorithm"`
}

type httpFacts struct {
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

func readObservation(data []byte) (*observation, error) {
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil, errors.New("not a JSON object")
	}
	o := &observation{}
	if err := json.Unmarshal(data, o); err != nil {
		return nil, err
	}
	return o, nil
}

// finding is "phase/word", as tables show it, or "".
func finding(phase, word string) string {
	if word == "" {
		return ""
	}
	return phase + "/" + word
}
