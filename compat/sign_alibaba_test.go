package compat_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"reflect"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/openapi-util/service"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"prober/cloudapi"
)

// alibabaInput is what one random call is made of.
type alibabaInput struct {
	product alibabaProduct
	method  string
	key     cloudapi.AlibabaKey
	query   map[string]string
	form    map[string]string // of POST calls
}

func randomAlibabaInput(r *rand.Rand) alibabaInput {
	in := alibabaInput{
		product: []alibabaProduct{ecs(), kms()}[r.IntN(2)],
		method:  []string{requests.GET, requests.POST}[r.IntN(2)],
		key:     cloudapi.AlibabaKey{ID: "LTAI" + randomWord(r, 20), Secret: randomText(r, 1, 30), Token: randomToken(r)},
		query:   randomParams(r, 6),
	}
	if in.method == requests.POST {
		in.form = randomParams(r, 6)
		for name := range in.query {
			delete(in.form, name) // what a name in both places means nobody says
		}
	}
	return in
}

// send makes the vendor's client sign and send the call into r.
func (in alibabaInput) send(t testing.TB, r *recorder) sentRequest {
	t.Helper()
	request := in.product.describeRegions(in.method)
	maps.Copy(request.QueryParams, in.query)
	maps.Copy(request.FormParams, in.form)
	client := newAlibabaClient(t, r, in.key)
	if _, err := client.ProcessCommonRequest(request); err != nil {
		t.Fatal(err)
	}
	return r.last(t)
}

// signed is the same call made by cloudapi, with the time and the nonce of params.
func (in alibabaInput) signed(t testing.TB, params url.Values) url.Values {
	t.Helper()
	at, err := time.Parse(cloudapi.AlibabaTimeLayout, params.Get("Timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	call := cloudapi.AlibabaCall{
		Action: "DescribeRegions", Version: in.product.version, RegionID: alibabaRegion,
		// The vendor's client sends this empty parameter with every key but bearer tokens.
		Params: url.Values{"SignatureType": {""}},
	}
	for _, own := range []map[string]string{in.query, in.form} {
		for name, value := range own {
			call.Params.Set(name, value)
		}
	}
	return call.SignedValues(in.method, in.key, at, params.Get("SignatureNonce"))
}

// TestAlibabaSignatures compares whole parameter sets, so that the texts which were signed
// are known to be the same too.
func TestAlibabaSignatures(t *testing.T) {
	r, rec := newRandom(), &recorder{next: canned(`{"RequestId":"4C467B38-3910-447D-87BC-AC049166F216"}`)}
	for i := range samples {
		in := randomAlibabaInput(r)
		theirs := in.send(t, rec).params(t)
		if ours := in.signed(t, theirs); !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("input %d, %s with query %q and form %q:\n ours   %q\n theirs %q",
				i, in.method, in.query, in.form, ours, theirs)
		}
	}
}

func TestAlibabaThirdOpinion(t *testing.T) {
	r := newRandom()
	for i := range samples {
		params, method, secret := randomParams(r, 12), []string{"GET", "POST"}[r.IntN(2)], randomText(r, 1, 30)
		values, pointers := url.Values{}, make(map[string]*string)
		for name, value := range params {
			values.Set(name, value)
			pointers[name] = tea.String(value)
		}
		ours := cloudapi.SignRPC(method, values, secret)
		theirs := tea.StringValue(openapi.GetRPCSignature(pointers, tea.String(method), tea.String(secret)))
		if ours != theirs {
			t.Fatalf("input %d, %s with %q: ours %s, theirs %s", i, method, params, ours, theirs)
		}
	}
}

// TestAlibabaSignaturesOverTheWire sends random texts to the sandbox: what it decodes from
// the bytes must be what the client signed.
func TestAlibabaSignaturesOverTheWire(t *testing.T) {
	c, r := startCloud(t, 0), newRandom()
	for i := range 100 {
		in := randomAlibabaInput(r)
		in.key = alibabaKey(c)
		t.Run(fmt.Sprint(i), func(t *testing.T) { in.send(t, c.recorder) })
	}
}
