package dns

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseResolvConf(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
		wantErr    string // substring
	}{
		{name: "one", text: "nameserver 192.0.2.53\n", want: []string{"192.0.2.53:53"}},
		{name: "last line without an end", text: "nameserver 192.0.2.53", want: []string{"192.0.2.53:53"}},
		{name: "everything else is ignored", text: "# comment\n; comment\n\ndomain example.com\nsearch example.com\noptions ndots:5 timeout:1\n" +
			"sortlist 192.0.2.0\nnameserver\t192.0.2.53 # local\r\n", want: []string{"192.0.2.53:53"}},
		{name: "commented out", text: "#nameserver 192.0.2.1\n# nameserver 192.0.2.2\n;nameserver 192.0.2.3\nnameserver 192.0.2.4", want: []string{"192.0.2.4:53"}},
		{
			name: "IPv6", text: "nameserver 2001:db8::53\nnameserver fe80::1%eth0\nnameserver ::1",
			want: []string{"[2001:db8::53]:53", "[fe80::1%eth0]:53", "[::1]:53"},
		},
		{name: "IPv4-mapped", text: "nameserver ::ffff:192.0.2.53\nnameserver 192.0.2.53", want: []string{"192.0.2.53:53"}},
		{
			name: "more than three", text: "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4",
			want: []string{"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"},
		},
		{
			name: "bad lines are skipped", text: "nameserver\nnameserver dns.example\nnameserver 192.0.2.300\nnameservers 192.0.2.1\nnameserver 192.0.2.2",
			want: []string{"192.0.2.2:53"},
		},
		{name: "empty", wantErr: "no usable nameserver line"},
		{name: "none", text: "search example.com\n", wantErr: "no usable nameserver line"},
		{name: "half-written", text: "nameserver 192.0.2", wantErr: `no usable nameserver line: nameserver "192.0.2" is not an IP address`},
		{name: "without an address", text: "nameserver", wantErr: `nameserver "" is not an IP address`},
		{name: "no text file", text: strings.Repeat("x", 100_000), wantErr: "no usable nameserver line"},
		{name: "a long line before", text: strings.Repeat("x", 4096) + "nameserver 192.0.2.1\n" + strings.Repeat("nameserver 192.0.2.2 ", 100_000) + "\nnameserver 192.0.2.53", want: []string{"192.0.2.2:53", "192.0.2.53:53"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseResolvConf(strings.NewReader(test.text))
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Fatalf("%v, error %v, want %q in it", got, err, test.wantErr)
				}
				return
			}
			var want []netip.AddrPort
			for _, s := range test.want {
				want = append(want, netip.MustParseAddrPort(s))
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v, error %v, want %v", got, err, want)
			}
		})
	}
}

func TestSystemResolvers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "resolv.conf")
	if _, err := SystemResolvers(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := SystemResolvers(filepath.Dir(path)); !errors.Is(err, errNoPlainFile) || !strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Errorf("a directory: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := SystemResolvers(path); !errors.Is(err, ErrNoNameserver) || !strings.Contains(err.Error(), path) {
		t.Errorf("empty file: %v", err)
	}
	if err := os.WriteFile(path, []byte("nameserver 192.0.2.53\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := SystemResolvers(path); err != nil || len(got) != 1 {
		t.Errorf("%v, error %v", got, err)
	}
}

func FuzzParseResolvConf(f *testing.F) {
	f.Add("nameserver 192.0.2.53\nnameserver fe80::1%eth0 # x\nsearch a\n")
	f.Add("nameserver ::ffff:192.0.2.53\n\x00nameserver 1.2.3.4\r\n")
	f.Add("nameserver 1")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseResolvConf(strings.NewReader(text))
		if (err == nil) != (len(got) > 0) || len(got) > maxNameservers {
			t.Fatalf("%v, error %v", got, err)
		}
		var again strings.Builder
		for _, r := range got {
			if r.Port() != 53 || r.Addr().Is4In6() {
				t.Errorf("resolver %v", r)
			}
			fmt.Fprintf(&again, "nameserver %s\n", r.Addr())
		}
		if err != nil {
			return
		}
		if back, err := ParseResolvConf(strings.NewReader(again.String())); err != nil || !slices.Equal(back, got) {
			t.Errorf("%v, written and read again %v, error %v", got, back, err)
		}
	})
}

func ExampleParseResolvConf() {
	resolvers, err := ParseResolvConf(strings.NewReader("search example.com\nnameserver 192.0.2.53\nnameserver fe80::1%eth0\n"))
	fmt.Println(resolvers, err)
	_, err = ParseResolvConf(strings.NewReader("nameserver 192.0.2\n"))
	fmt.Println(err)
	// Output:
	// [192.0.2.53:53 [fe80::1%eth0]:53] <nil>
	// no usable nameserver line: nameserver "192.0.2" is not an IP address
}
