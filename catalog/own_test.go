package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

// ownList is a list of one endpoint that says something of how it is probed.
func ownList(kind, said string) string {
	url := map[string]string{
		"http": "https://a.example.com/", "tls": "tls://a.example.com:636", "tcp": "tcp://a.example.com:25", "dns": "dns://192.0.2.1/example.com",
	}[kind]
	return fmt.Sprintf("endpoints:\n  - url: %q\n    %s\n", url, said)
}

// Each field has a good value, which is read and written again, and bad ones, each with its message.
func TestOwnFields(t *testing.T) {
	for _, tt := range []struct{ kind, said, problem string }{
		{"http", `interval: 5m`, ""},
		{"http", `interval: 500ms`, "endpoints[0].interval: 500ms is out of range; want 1s to 24h0m0s"},
		{"http", `interval: 5`, "endpoints[0].interval: 5 is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s"},
		{"http", `timeout: 2s`, ""},
		{"http", `timeout: 2h`, "endpoints[0].timeout: 2h0m0s is out of range; want 10ms to 1m0s"},
		{"http", `resolvers: [192.0.2.53, "[2001:db8::1]:5353"]`, ""},
		{"http", `resolvers: [dns.example.com]`, `endpoints[0].resolvers[0]: "dns.example.com" is not a resolver; want an IP address with or without a port, as 192.0.2.1:53 or [2001:db8::1]:53`},
		{"http", `addresses: [192.0.2.1, "2001:db8::1"]`, ""},
		{"http", `addresses: [a]`, `endpoints[0].addresses[0]: "a" is not an IP address`},
		{"http", `addresses: [192.0.2.1, 192.0.2.1]`, `endpoints[0].addresses[1]: 192.0.2.1 is listed twice`},
		{"http", `{family: 6, addresses: [192.0.2.1]}`, "endpoints[0].addresses[0]: 192.0.2.1 is not of family 6, which alone is to be probed"},
		{"http", `family: 4`, ""},
		{"http", `family: 5`, "endpoints[0].family: 5 is not a family of addresses; want 4 or 6"},
		{"tls", `ca_file: ca.pem`, ""},
		{"tcp", `ca_file: ca.pem`, "endpoints[0].ca_file: an endpoint of kind tcp makes no handshake; leave it out"},
		{"tls", `server_name: b.example.com`, ""},
		{"tls", `server_name: B`, `endpoints[0].server_name: "B" is not a host name: it is not in lower case`},
		{"http", `{client_certificate: c.pem, client_key: k.pem}`, ""},
		{"http", `client_certificate: c.pem`, "endpoints[0].client_certificate: a certificate needs its key; give client_key too"},
		{"http", `client_key: c.pem`, "endpoints[0].client_key: a key needs its certificate; give client_certificate too"},
		{"http", `kind: udp`, `endpoints[0].kind: "udp" is not a kind; known: http, tls, tcp, dns`},
		{"tls", `kind: tcp`, `endpoints[0].url: the URL says that the kind is "tls"; leave the field kind out`},
		{"http", `kind: tls`, "endpoints[0].url: an endpoint of kind tls has none; leave it out"},
		{"tcp", `tcp: {send: "hex:0d 0a", expect: "220 "}`, ""},
		{"tcp", `tcp: {expect: "hex:0"}`, `endpoints[0].tcp.expect: "hex:0": behind hex: stand digits in pairs, as hex:0d0a`},
		{"tcp", `tcp: {}`, "endpoints[0].tcp: says nothing; give send, expect or both, or leave it out"},
		{"tls", `tcp: {expect: "220 "}`, "endpoints[0].tcp: an endpoint of kind tls has none; leave it out, or give kind: tcp"},
		{"dns", `why: a word`, ""},
		{"dns", `dns: {name: b.example.com}`, "endpoints[0].url: the URL says what is asked for already; give host and dns in its place"},
		{"http", `dns: {name: b.example.com}`, "endpoints[0].dns: an endpoint of kind http has none; leave it out, or give kind: dns"},
		{"http", `why: "a\tb"`, "endpoints[0].why: it has a character that cannot be printed"},
		{"http", `maintenance: [{from: "2026-12-01T22:00:00+08:00", to: "2026-12-02T02:00:00+08:00", why: moving}]`, ""},
		{"http", `maintenance: [{days: [sat, sun], start: "22:00", for: 4h, time_zone: Asia/Shanghai}]`, ""},
		{"http", `maintenance: [{from: "2026-12-01T22:00:00", to: "2026-12-02T02:00:00+08:00"}]`, `endpoints[0].maintenance[0].from: "2026-12-01T22:00:00" has no offset from UTC; write it as in 2026-12-01T00:00:00+08:00`},
		{"http", `maintenance: [{from: "2026-12-01T22:00:00+08:00"}]`, "endpoints[0].maintenance[0]: it needs both from and to"},
		{"http", `maintenance: [{from: "2026-12-02T22:00:00Z", to: "2026-12-02T22:00:00Z"}]`, "endpoints[0].maintenance[0].to: it ends before it begins"},
		{"http", `maintenance: [{from: "2026-12-02T22:00:00Z", to: "2026-12-03T22:00:00Z", days: [sat]}]`, "endpoints[0].maintenance[0]: it is either once, with from and to, or weekly, with days, start and for"},
		{"http", `maintenance: [{days: [sat]}]`, "endpoints[0].maintenance[0]: want from and to, or days, start and for"},
		{"http", `maintenance: [{days: [sabbath], start: "22:00", for: 1h}]`, `endpoints[0].maintenance[0].days[0]: "sabbath" is not a day; known: mon, tue, wed, thu, fri, sat, sun`},
		{"http", `maintenance: [{days: [sat], start: "24:00", for: 1h}]`, `endpoints[0].maintenance[0].start: "24:00" is not a time of the day; want one as 22:00`},
		{"http", `maintenance: [{days: [sat], start: "22:00", for: 200h}]`, "endpoints[0].maintenance[0].for: 200h0m0s is out of range; want at most 168h0m0s"},
		{"http", `maintenance: [{days: [sat], start: "22:00", for: 1h, time_zone: Beijing}]`, `endpoints[0].maintenance[0].time_zone: "Beijing" is not a time zone; want one as Asia/Shanghai or Europe/Berlin`},
	} {
		text := ownList(tt.kind, tt.said)
		if strings.HasPrefix(tt.said, "{") { // two fields, on lines of their own
			text = ownList(tt.kind, strings.Replace(strings.Trim(tt.said, "{}"), ", ", "\n    ", 1))
		}
		c, err := catalog.DecodeList("mine.yaml", []byte(text))
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) || !strings.HasPrefix(err.Error(), "mine.yaml:") {
				t.Errorf("%s\n%v\nwant\n%s", text, err, tt.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s\n%v", text, err)
			continue
		}
		again, err := catalog.DecodeList("again.json", catalog.Encode(c))
		if err != nil || !reflect.DeepEqual(again.Endpoints, c.Endpoints) || again.Digest() != c.Digest() {
			t.Errorf("%s\nis written as\n%s\n%v", text, catalog.Encode(c), err)
		}
		plain, err := catalog.DecodeList("mine.yaml", []byte(ownList(tt.kind, "note: a")))
		if err != nil || plain.Digest() == c.Digest() || len(catalog.Diff(plain, c)) == 0 {
			t.Errorf("%s\nis not told from a list without it: %v", text, err)
		}
	}
}

// Fields of kind dns and tcp without a URL.
func TestKindsWithoutURL(t *testing.T) {
	for text, problem := range map[string]string{
		`{host: ns1.example.com, kind: dns, dns: {name: example.com, type: MX, rcode: NOERROR, records: ["10 mail.example.com."]}}`: "",
		`{host: ns1.example.com, kind: dns}`:                                                          "endpoints[0].dns: missing; say what is asked for, as {name: example.com, type: A}",
		`{host: ns1.example.com, kind: dns, dns: {name: "a b"}}`:                                      `endpoints[0].dns.name: "a b" cannot be asked for: the name has a character other than a-z, 0-9, '-', '_', '*' and dot`,
		`{host: ns1.example.com, kind: dns, dns: {name: example.com, type: SPF}}`:                     `endpoints[0].dns.type: "SPF" is not a type of records that can be asked for; known: A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, SRV, TXT`,
		`{host: ns1.example.com, kind: dns, dns: {name: example.com, rcode: OK}}`:                     `endpoints[0].dns.rcode: "OK" is not a response code; known: NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, NOTAUTH`,
		`{host: ns1.example.com, kind: dns, dns: {name: a.test, rcode: NXDOMAIN, records: [a.test]}}`: "endpoints[0].dns.records: an answer of NXDOMAIN has no records",
		`{host: a.example.com, kind: tcp, ports: {tcp: 25}}`:                                          "",
		`{host: a.example.com, kind: tcp}`:                                                            "endpoints[0].ports: missing; an endpoint of kind tcp needs a port, as {tcp: 5432}",
		`{host: a.example.com, kind: tls, check: {redirects: 2}}`:                                     "endpoints[0].check: an endpoint of kind tls sends no request; leave out request, expect and redirects",
		`{host: a.example.com, kind: tls, path: /x}`:                                                  "endpoints[0].path: an endpoint of kind tls has none; leave it out",
		`"tcp://a.example.com"`:                                                                       `endpoints[0]: URL "tcp://a.example.com": a tcp endpoint needs a port, as tcp://a.example.com:5432`,
		`"tls://a.example.com:1/x"`:                                                                   `endpoints[0]: URL "tls://a.example.com:1/x": tls has a host and a port alone`,
		`"dns://192.0.2.1/?type=A"`:                                                                   `endpoints[0]: URL "dns://192.0.2.1/?type=A": want one as dns://192.0.2.1/example.com?type=A: the name is missing`,
		`"dns://192.0.2.1/a.test?type=https"`:                                                         `endpoints[0]: URL "dns://192.0.2.1/a.test?type=https": "https" is not a type of records that can be asked for; known: A, AAAA, CAA,`,
		`"dns://192.0.2.1/a.test?type=spf"`:                                                           `endpoints[0]: URL "dns://192.0.2.1/a.test?type=spf": "spf" is not a type of records that can be asked for; known: A, AAAA`,
		`"tls://user:secret@a.example.com/"`:                                                          "endpoints[0]: URL with user information: leave out what stands before the @",
	} {
		_, err := catalog.DecodeList("mine.yaml", []byte("endpoints:\n  - "+text+"\n"))
		if (err == nil) != (problem == "") || err != nil && !strings.HasPrefix(err.Error(), "mine.yaml:2: "+problem) {
			t.Errorf("%s\n%v\nwant\n%s", text, err, problem)
		}
	}
}

// What an endpoint says stands over what its product says, field by field; maintenance is that of both.
func TestOwnOverTheProducts(t *testing.T) {
	c, err := catalog.DecodeList("mine.yaml", []byte(`
products:
  - id: shop
    interval: 5m
    timeout: 2s
    maintenance: [{days: [sat], start: "22:00", for: 1h}]
endpoints:
  - url: https://a.example.com/
  - url: https://b.example.com/
    timeout: 3s
    maintenance: [{days: [sun], start: "22:00", for: 1h}]
`))
	if err != nil {
		t.Fatal(err)
	}
	p, a, b := &c.Products[0], &c.Endpoints[0], &c.Endpoints[1]
	if p.OwnOf(a) != p.Own {
		t.Error("an endpoint that says nothing does not share what its product says")
	}
	own := p.OwnOf(b)
	if time.Duration(own.Interval) != 5*time.Minute || time.Duration(own.Timeout) != 3*time.Second || len(own.Maintenance) != 2 || len(p.Maintenance) != 1 {
		t.Errorf("%+v", own)
	}
	if none := (&catalog.Product{}).OwnOf(&catalog.Endpoint{}); none != nil {
		t.Errorf("%+v of nothing", none)
	}
}

// A file is looked for from the folder of the list, and an error of it has its line.
func TestOwnFile(t *testing.T) {
	c, err := catalog.DecodeList(filepath.Join("lists", "mine.yaml"), []byte("products:\n  - id: shop\n    ca_file: ca.pem\nendpoints:\n  - https://a.example.com/\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := c.OwnFile(&c.Products[0], &c.Endpoints[0], "ca_file")
	if f.Name != filepath.Join("lists", "ca.pem") {
		t.Error(f.Name)
	}
	if got, want := f.Error(os.ErrNotExist).Error(), "lists/mine.yaml:3: products[0].ca_file: file does not exist"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if f := c.OwnFile(&c.Products[0], &c.Endpoints[0], "client_key"); f.Name != "" {
		t.Error(f.Name)
	}
}

// A time of maintenance holds from its beginning until its end, in its own time zone.
func TestCalendar(t *testing.T) {
	from, to := time.Date(2026, 12, 1, 22, 0, 0, 0, time.UTC), time.Date(2026, 12, 2, 2, 0, 0, 0, time.UTC)
	weekly := catalog.Window{Days: []catalog.Day{"sat"}, Start: "22:00", For: catalog.Duration(4 * time.Hour), Zone: "Asia/Shanghai", Why: "patches"}
	week := catalog.Window{Days: []catalog.Day{"mon"}, Start: "00:00", For: catalog.Duration(7 * 24 * time.Hour)}
	summer := catalog.Window{Days: []catalog.Day{"sun"}, Start: "01:30", For: catalog.Duration(time.Hour), Zone: "Europe/Berlin"}
	for _, tt := range []struct {
		w  catalog.Window
		at string
		in bool
	}{
		{catalog.Window{From: &from, To: &to}, "2026-12-01T21:59:59Z", false},
		{catalog.Window{From: &from, To: &to}, "2026-12-01T22:00:00Z", true},
		{catalog.Window{From: &from, To: &to}, "2026-12-02T02:00:00Z", false},
		{weekly, "2026-11-28T21:59:59+08:00", false}, // a Saturday
		{weekly, "2026-11-28T22:00:00+08:00", true},
		{weekly, "2026-11-29T01:59:59+08:00", true},
		{weekly, "2026-11-29T02:00:00+08:00", false},
		{weekly, "2026-11-28T22:00:00Z", false}, // in Shanghai it is Sunday, 06:00
		{week, "2026-11-29T23:59:59Z", true},
		{summer, "2026-03-29T01:30:00+01:00", true}, // the clock goes from two to three
		{summer, "2026-03-29T03:29:59+02:00", true},
		{summer, "2026-03-29T03:30:00+02:00", false},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if m, in := catalog.CalendarOf([]catalog.Window{tt.w}).At(at); in != tt.in || m.Why != map[bool]string{true: tt.w.Why}[in] {
			t.Errorf("%s: at %s: %v, %+v", tt.w, tt.at, in, m)
		}
	}
	if m, _ := catalog.CalendarOf([]catalog.Window{{From: &from, To: &to}, {From: &from, To: new(to.Add(time.Hour))}}).At(from); !m.Until.Equal(to.Add(time.Hour)) {
		t.Errorf("of two windows at once: %v", m.Until)
	}
}

// Where clocks are changed a window begins when RFC 5545 has it: at the first of two times that are called the same, and
// at one that there is not by the offset from before. A day stays its day where it has no midnight; ends of months are days
// like any others.
func TestCalendarWhereClocksChange(t *testing.T) {
	for _, tt := range []struct {
		zone, day, start string
		hours            time.Duration
		begins           string // and not a second before
	}{
		{"Europe/Berlin", "sun", "02:30", 1, "2026-03-29T03:30:00+02:00"},       // there is no 02:30
		{"Europe/Berlin", "sun", "02:30", 1, "2026-10-25T02:30:00+02:00"},       // there are two
		{"America/New_York", "sun", "01:30", 1, "2026-11-01T01:30:00-04:00"},    // there are two
		{"America/New_York", "sun", "02:30", 1, "2026-03-08T03:30:00-04:00"},    // there is none
		{"America/Havana", "sun", "00:00", 4, "2026-03-08T01:00:00-04:00"},      // there is no midnight
		{"America/Santiago", "sun", "00:00", 4, "2026-09-06T01:00:00-03:00"},    // there is no midnight
		{"Africa/Cairo", "fri", "00:30", 4, "2026-04-24T01:30:00+03:00"},        // there is no midnight
		{"America/Havana", "sun", "00:30", 4, "2026-11-01T00:30:00-04:00"},      // there are two
		{"Australia/Lord_Howe", "sun", "02:15", 1, "2026-10-04T02:45:00+11:00"}, // half an hour is missing
		{"Pacific/Kiritimati", "sun", "23:59", 1, "2026-11-29T23:59:00+14:00"},
		{"Pacific/Pago_Pago", "sun", "00:00", 1, "2026-11-29T00:00:00-11:00"},
		{"Asia/Kathmandu", "sat", "22:00", 1, "2026-11-28T22:00:00+05:45"},
		{"", "tue", "22:00", 4, "2028-02-29T22:00:00Z"}, // a leap day, into March
		{"", "sat", "23:30", 4, "2026-01-31T23:30:00Z"}, // into February
		{"", "thu", "20:00", 168, "2026-12-31T20:00:00Z"},
	} {
		begins, err := time.Parse(time.RFC3339, tt.begins)
		if err != nil {
			t.Fatal(err)
		}
		c := catalog.CalendarOf([]catalog.Window{{Days: []catalog.Day{catalog.Day(tt.day)}, Start: tt.start, For: catalog.Duration(tt.hours * time.Hour), Zone: tt.zone}})
		for after, want := range map[time.Duration]bool{-time.Second: tt.hours == 168, 0: true, tt.hours*time.Hour - time.Second: true} {
			if _, in := c.At(begins.Add(after)); in != want {
				t.Errorf("%s %s %s: %v after %s: %v", tt.zone, tt.day, tt.start, after, tt.begins, in)
			}
		}
		if m, in := c.At(begins.Add(tt.hours * time.Hour)); in && tt.hours < 168 {
			t.Errorf("%s %s %s: it goes on until %v", tt.zone, tt.day, tt.start, m.Until)
		}
	}
}

// Windows that overlap, or follow each other, are one time: until the last of them ends.
func TestCalendarOfSeveral(t *testing.T) {
	at := func(hour int) *time.Time { return new(time.Date(2026, 12, 1, hour, 0, 0, 0, time.UTC)) }
	c := catalog.CalendarOf([]catalog.Window{
		{From: at(1), To: at(3), Why: "first"},
		{From: at(2), To: at(5), Why: "second"},
		{Days: []catalog.Day{"tue"}, Start: "05:00", For: catalog.Duration(time.Hour), Why: "third"},
		{From: at(7), To: at(8), Why: "fourth"},
	})
	for hour, want := range map[int]catalog.Maintenance{1: {*at(6), "first"}, 2: {*at(6), "second"}, 5: {*at(6), "third"}, 6: {}, 7: {*at(8), "fourth"}} {
		if m, _ := c.At(*at(hour)); !m.Until.Equal(want.Until) || m.Why != want.Why {
			t.Errorf("at %d: %+v, want %+v", hour, m, want)
		}
	}
	always := catalog.CalendarOf([]catalog.Window{{Days: catalog.Days(), Start: "00:00", For: catalog.Duration(24 * time.Hour)}})
	if m, in := always.At(*at(1)); !in || m.Until.Before(*at(1)) {
		t.Errorf("of every day: %+v", m)
	}
}
