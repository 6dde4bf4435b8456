package cloudapi

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"time"
)

// vector is one signing vector of testdata/vectors.json. The file is neutral of language
// so that other implementations can be run over it.
type vector struct {
	Name            string            `json:"name"`
	Source          string            `json:"source"`
	Signer          string            `json:"signer"`
	SignatureMethod string            `json:"signature_method"`
	Method          string            `json:"method"`
	Host            string            `json:"host"`
	Path            string            `json:"path"`
	Service         string            `json:"service"`
	Timestamp       int64             `json:"timestamp"`
	Params          map[string]string `json:"params"`
	Headers         map[string]string `json:"headers"`
	Payload         string            `json:"payload"`
	Secret          string            `json:"secret"`

	CanonicalRequest string `json:"canonical_request"`
	StringToSign     string `json:"string_to_sign"`
	Expect           string `json:"expect"`
	Misprint         string `json:"misprint"` // what a document prints by mistake
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 12 {
		t.Fatalf("testdata/vectors.json holds %d vectors, want 12 or more", len(list))
	}
	return list
}

func (v vector) values() url.Values {
	values := url.Values{}
	for name, value := range v.Params {
		values.Set(name, value)
	}
	return values
}

// sign returns what this package makes of the vector.
func (v vector) sign(t testing.TB) (canonical, toSign, signature string) {
	t.Helper()
	switch v.Signer {
	case "alibaba-rpc":
		return "", StringToSignRPC(v.Method, v.values()), SignRPC(v.Method, v.values(), v.Secret)
	case "acs3":
		in := ACS3Input{Method: v.Method, Path: v.Path, Query: v.values(), Payload: []byte(v.Payload)}
		for name, value := range v.Headers {
			in.Headers = append(in.Headers, Field{name, value})
		}
		s := SignACS3(in, AlibabaKey{ID: "YourAccessKeyId", Secret: v.Secret})
		return s.CanonicalRequest, s.StringToSign, s.Signature
	case "tencent-v1":
		m := HmacSHA1
		if v.SignatureMethod == HmacSHA256.String() {
			m = HmacSHA256
		}
		return "", StringToSignV1(v.Method, v.Host, v.Path, v.values()),
			SignTencentV1(m, v.Method, v.Host, v.Path, v.values(), v.Secret)
	case "tc3":
		in := TC3Input{
			Method: v.Method, Path: v.Path, Service: v.Service,
			Payload: []byte(v.Payload), Timestamp: time.Unix(v.Timestamp, 0),
		}
		for name, value := range v.Headers {
			in.Headers = append(in.Headers, Field{name, value})
		}
		s := SignTC3(in, TencentKey{ID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", Secret: v.Secret})
		return s.CanonicalRequest, s.StringToSign, s.Signature
	}
	t.Fatalf("signer %q is unknown", v.Signer)
	return "", "", ""
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			if v.Source == "" || v.Expect == "" {
				t.Fatal("a vector needs a source and an expectation")
			}
			canonical, toSign, signature := v.sign(t)
			if v.CanonicalRequest != "" && canonical != v.CanonicalRequest {
				t.Errorf("canonical request\n%s\nwant\n%s", canonical, v.CanonicalRequest)
			}
			if v.StringToSign != "" && toSign != v.StringToSign {
				t.Errorf("string to sign\n%s\nwant\n%s", toSign, v.StringToSign)
			}
			if signature != v.Expect {
				t.Errorf("signature %s, want %s (%s)", signature, v.Expect, v.Source)
			}
			if signature == v.Misprint {
				t.Errorf("signature %s is the misprint", signature)
			}
		})
	}
}

// TestKMSDocumentMisprint shows where the wrong signature of the older KMS document comes
// from: its string to sign leaves the separators of the query unencoded.
func TestKMSDocumentMisprint(t *testing.T) {
	const printed = "GET&%2F&AccessKeyId%3Dtestid&Action%3DCreateKey&Format%3Djson&SignatureMethod%3DHMAC-SHA1" +
		"&SignatureVersion%3D1.0&Timestamp%3D2016-03-28T03%253A13%253A08Z&Version%3D2016-01-20"
	for _, v := range readVectors(t) {
		if v.Misprint == "" {
			continue
		}
		mac := hmac.New(sha1.New, []byte(v.Secret+"&"))
		mac.Write([]byte(printed))
		if got := base64.StdEncoding.EncodeToString(mac.Sum(nil)); got != v.Misprint {
			t.Errorf("the misprinted string to sign gives %s, want %s", got, v.Misprint)
		}
		if got := StringToSignRPC(v.Method, v.values()); got == printed {
			t.Error("StringToSignRPC makes the document's mistake")
		}
		return
	}
	t.Fatal("no vector has a misprint")
}

func TestTC3Authorization(t *testing.T) {
	s := SignTC3(TC3Input{
		Method: "POST", Service: "cvm", Timestamp: time.Unix(1551113065, 0),
		Payload: []byte(`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`),
		Headers: []Field{{" Host ", "CVM.tencentcloudapi.com "}, {"Content-Type", "application/json; charset=UTF-8"}},
	}, TencentKey{ID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", Secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"})
	want := "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, " +
		"SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
	if s.Authorization != want {
		t.Errorf("Authorization\n%s\nwant\n%s", s.Authorization, want)
	}
	if s.String() != s.StringToSign {
		t.Errorf("String() = %q, want the string to sign", s)
	}
}

// TestTC3DateIsUTC: at half past midnight in Beijing it is still yesterday in the scope.
func TestTC3DateIsUTC(t *testing.T) {
	beijing := time.FixedZone("UTC+8", 8*3600)
	s := SignTC3(TC3Input{Method: "POST", Service: "gaap", Timestamp: time.Date(2026, 12, 1, 0, 30, 0, 0, beijing)}, TencentKey{})
	if want := "2026-11-30/gaap/tc3_request"; s.CredentialScope != want {
		t.Errorf("scope %q, want %q", s.CredentialScope, want)
	}
}

// TestTC3UnsignedPayload: the payload must not matter, and the hash must be that of the
// documented words.
func TestTC3UnsignedPayload(t *testing.T) {
	in := TC3Input{Method: "POST", Service: "gaap", Timestamp: time.Unix(1551113065, 0), UnsignedPayload: true}
	in.Payload = []byte("one")
	one := SignTC3(in, TencentKey{Secret: "s"})
	in.Payload = []byte("two")
	two := SignTC3(in, TencentKey{Secret: "s"})
	words := SignTC3(TC3Input{
		Method: in.Method, Service: in.Service, Timestamp: in.Timestamp, Payload: []byte("UNSIGNED-PAYLOAD"),
	}, TencentKey{Secret: "s"})
	if one.Signature != two.Signature || one.Signature != words.Signature {
		t.Errorf("signatures %s, %s and %s differ", one.Signature, two.Signature, words.Signature)
	}
}
