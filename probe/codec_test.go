package probe

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// filler fills what it is given with values that differ, and that can occur.
type filler struct {
	*rand.Rand
	whole bool // nothing is left nil, empty or zero
}

func (f filler) fill(v reflect.Value) {
	n := f.IntN(1000) + 1
	switch to := v.Addr().Interface().(type) {
	case *time.Time:
		*to = time.Unix(int64(1_800_000_000+n), int64(n)).UTC()
	case *netip.Addr:
		*to = netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})
	case *netip.AddrPort:
		*to = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}), uint16(n))
	case *reason.Reason:
		*to = reason.All()[n%len(reason.All())]
	case *reason.Outcome:
		*to = reason.Outcome(1 + n%3)
	case *reason.Phase:
		*to = reason.Body
	case *hello.Verdict:
		*to = hello.Verdict(1 + n%2)
	case *dns.Type:
		*to = dns.AAAA
	case *hello.Version: // its place in the table
	case *hello.Table:
		for i := range to {
			f.fill(reflect.ValueOf(&to[i]).Elem())
			to[i].Version = hello.Version(i)
		}
	default:
		f.fillKind(v, n)
	}
}

func (f filler) fillKind(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		if f.whole || n%3 > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem())
		}
	case reflect.Slice:
		for i := n % 3; f.whole && v.Len() == 0 || i > 0; i-- {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			f.fill(v.Index(v.Len() - 1))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := n % 3; f.whole && v.Len() == 0 || i > 0; i-- {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key)
			f.fill(value)
			v.SetMapIndex(key, value)
		}
		if v.Len() == 0 {
			v.SetZero() // as a list without any has it
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("<%d & \u00e9>", n))
	case reflect.Bool:
		v.SetBool(f.whole || n%2 == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n) * 1_000_003)
	case reflect.Uint8:
		v.SetUint(uint64(n % 256))
	case reflect.Uint16:
		v.SetUint(uint64(n))
	default:
		panic("no value for " + v.Type().String())
	}
}

// A parallel run of the suites hands observations from process to process by gob: nothing
// that a suite could look at is lost.
func TestObservationsTravel(t *testing.T) {
	for seed := range uint64(50) {
		var o, back Observation
		filler{rand.New(rand.NewPCG(seed, 1)), seed == 0}.fill(reflect.ValueOf(&o).Elem())
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(o); err != nil {
			t.Fatal(err)
		}
		if err := gob.NewDecoder(&b).Decode(&back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, o) {
			t.Fatalf("seed %d: %+v arrived of %+v", seed, back, o)
		}
	}
}

// What is read of the JSON of an observation is written as the same JSON again.
func TestJSONIsReadBack(t *testing.T) {
	for seed := range uint64(200) {
		var o, back Observation
		filler{rand.New(rand.NewPCG(seed, 2)), seed == 0}.fill(reflect.ValueOf(&o).Elem())
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("seed %d, %v:\n%s\nis read as\n%s", seed, err, text, again)
		}
	}
}

// TestJSONLeavesOut names the fields that are not in the documented JSON; all others come
// back from it.
func TestJSONLeavesOut(t *testing.T) {
	var o, back Observation
	filler{rand.New(rand.NewPCG(1, 3)), true}.fill(reflect.ValueOf(&o).Elem())
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(`
		Endpoint.Sources Endpoint.Ports Endpoint.Scheme Endpoint.Path Endpoint.Authority Endpoint.Check Endpoint.Labels Endpoint.Note Endpoint.Own
		DNS.Host DNS.MaxTTL DNS.Authoritative DNS.Uncached
		DNS.Queries.CNAMEs DNS.Queries.MinTTL DNS.Queries.MaxTTL DNS.Queries.Truncated DNS.Queries.Retransmitted DNS.Queries.PlainRetry
		DNS.Queries.Authoritative DNS.Queries.RecursionAvailable DNS.Queries.AuthenticData DNS.Queries.EDNS DNS.Queries.ExtendedError
		DNS.Queries.Strays
		DNS.Outcome DNS.Reason DNS.Detail DNS.Families DNS.Doubt DNS.Canary DNS.Elsewhere
		Resolvers.Addresses
		Addresses.TLS.Versions.RTT Addresses.TLS.Versions.WithoutSNI Addresses.TLS.Certificates.Serial Addresses.TLS.Other.Serial
		Addresses.TLS.Path Addresses.TLS.Commands
		Addresses.HTTP.Length Addresses.HTTP.Modified Addresses.HTTP.Next Addresses.HTTP.SetCookies Addresses.HTTP.Text Addresses.HTTP.Date
		Vouched BeyondControl Before Alike Stalled`)
	got := lost("", reflect.ValueOf(o), reflect.ValueOf(back))
	if !slices.Equal(got, want) {
		t.Errorf("lost\n%v\nwant\n%v", got, want)
	}
}

// lost lists the fields of a that b lacks, and fails where both differ in another way.
func lost(path string, a, b reflect.Value) []string {
	switch {
	case b.IsZero() && !a.IsZero():
		return []string{strings.TrimPrefix(path, ".")}
	case reflect.DeepEqual(a.Interface(), b.Interface()):
		return nil
	}
	var out []string
	switch a.Kind() {
	case reflect.Pointer:
		return lost(path, a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		return lost(path, a.Index(0), b.Index(0))
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				out = append(out, lost(path+"."+f.Name, a.Field(i), b.Field(i))...)
			}
		}
	default:
		out = append(out, path+" differs")
	}
	return out
}
