package compat_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"

	"prober/cloudapi"
)

// tencentInput is what one random call is made of.
type tencentInput struct {
	settings tencentSettings
	params   map[string]string // of the query or the form body
	payload  map[string]any    // of TC3 calls by POST
}

func randomTencentInput(r *rand.Rand) tencentInput {
	in := tencentInput{settings: tencentSettings{
		key:        cloudapi.TencentKey{ID: "AKID" + randomWord(r, 32), Secret: randomText(r, 1, 32), Token: randomToken(r)},
		signature:  signatures()[r.IntN(3)],
		method:     []string{"GET", "POST"}[r.IntN(2)],
		regionless: r.IntN(4) == 0,
	}}
	if in.settings.signature == cloudapi.TC3Algorithm && in.settings.method == "POST" {
		in.settings.unsigned = r.IntN(4) == 0
		in.payload = map[string]any{"Limit": float64(r.IntN(100)), "Filters": []any{map[string]any{"Values": []any{randomText(r, 0, 24)}}}}
		for name, value := range randomParams(r, 6) {
			in.payload[name] = value
		}
		return in
	}
	in.params = randomParams(r, 6)
	return in
}

// request returns the vendor's request. Its common request knows no parameters but those
// of a payload; requests of single products write theirs where this one does.
func (in tencentInput) request(t testing.TB) *tchttp.CommonRequest {
	t.Helper()
	request := describeAccessRegions()
	maps.Copy(request.GetParams(), in.params)
	if err := request.SetActionParameters(maps.Clone(in.payload)); err != nil {
		t.Fatal(err)
	}
	return request
}

// TestTencentSignatures signs what the client sent and compares with its signature. What
// it sent must hold the parameters of the input.
func TestTencentSignatures(t *testing.T) {
	r, rec := newRandom(), &recorder{next: canned(`{"Response":{"RequestId":"f9f7d6c2-6d38-4b43-a7b0-1d3b4f5a6c7d"}}`)}
	seen := map[string]int{}
	for i := range samples {
		in := randomTencentInput(r)
		client := newTencentClient(rec, in.settings)
		if err := client.Send(in.request(t), tchttp.NewCommonResponse()); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("%d %s %s", i, in.settings.signature, in.settings.method), func(t *testing.T) {
			if in.settings.signature == cloudapi.TC3Algorithm {
				in.compareTC3(t, rec.last(t))
			} else {
				in.compareV1(t, rec.last(t))
			}
		})
		if t.Failed() {
			t.Fatalf("input %d: parameters %q, payload %q", i, in.params, in.payload)
		}
		seen[in.settings.signature+" "+in.settings.method]++
	}
	if len(seen) != 6 {
		t.Errorf("tried %v", seen)
	}
}

func (in tencentInput) compareTC3(t *testing.T, sent sentRequest) {
	seconds, err := strconv.ParseInt(sent.header.Get("X-TC-Timestamp"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	ours := cloudapi.SignTC3(cloudapi.TC3Input{
		Method: sent.method, Path: sent.path, Query: sent.query, Payload: sent.body,
		Headers: []cloudapi.Field{
			{Name: "Content-Type", Value: sent.header.Get("Content-Type")},
			{Name: "Host", Value: sent.host},
		},
		UnsignedPayload: in.settings.unsigned, Service: "gaap", Timestamp: time.Unix(seconds, 0),
	}, in.settings.key)
	if theirs := sent.header.Get("Authorization"); ours.Authorization != theirs {
		t.Errorf("ours   %s\ntheirs %s", ours.Authorization, theirs)
	}
	in.compareParams(t, sent)
	if sent.method == "GET" {
		return
	}
	var payload map[string]any
	if err := json.Unmarshal(sent.body, &payload); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(payload, in.payload) {
		t.Errorf("sent %q, want %q", payload, in.payload)
	}
}

func (in tencentInput) compareV1(t *testing.T, sent sentRequest) {
	method := cloudapi.HmacSHA1
	if in.settings.signature == common.SHA256 {
		method = cloudapi.HmacSHA256
	}
	params := sent.params(t)
	ours := cloudapi.SignTencentV1(method, sent.method, sent.host, sent.path, params, in.settings.key.Secret)
	if theirs := params.Get("Signature"); ours != theirs {
		t.Errorf("ours %s, theirs %s", ours, theirs)
	}
	if got := params.Get("Token"); got != in.settings.key.Token {
		t.Errorf("sent the token %q, want %q", got, in.settings.key.Token)
	}
	in.compareParams(t, sent)
}

func (in tencentInput) compareParams(t *testing.T, sent sentRequest) {
	t.Helper()
	params := sent.params(t)
	for name, value := range in.params {
		if got := params[name]; len(got) != 1 || got[0] != value {
			t.Errorf("parameter %q is %q, want %q", name, got, value)
		}
	}
}

// TestTencentSignaturesOverTheWire sends random texts to the sandbox. The action takes no
// parameters; that it says so, and no other thing, shows that the signature fitted.
func TestTencentSignaturesOverTheWire(t *testing.T) {
	c, r := startCloud(t, 0), newRandom()
	for i := range 100 {
		in := randomTencentInput(r)
		in.settings.key = tencentKey(c)
		t.Run(fmt.Sprintf("%d %s %s", i, in.settings.signature, in.settings.method), func(t *testing.T) {
			_, err := askAccessRegions(t, newTencentClient(c, in.settings), in.request(t))
			if len(in.params)+len(in.payload) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if got := refusal(t, err); got.Code != "UnknownParameter" {
				t.Errorf("refused with %s: %s", got.Code, got.Message)
			}
		})
	}
}
