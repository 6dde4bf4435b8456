package nameserver_test

import (
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func zone() *nameserver.Zone {
	return nameserver.NewZone([]nameserver.Host{
		{Name: "ecs.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.1")}, V6: []netip.Addr{addr("::1")}, Spare: addr("127.0.0.2")},
		{Name: "kms.cn-beijing.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.1")}, Spare: addr("127.0.0.2")},
		{Name: "kms-vpc.cn-beijing.aliyuncs.com", V4: []netip.Addr{addr("127.1.0.1")}, Spare: addr("127.1.0.2")},
		{Name: "gaap.tencentcloudapi.com", V4: []netip.Addr{addr("127.0.0.1")}, Spare: addr("127.0.0.2")},
		{Name: "ecs.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.9")}}, // a second product on one host
	})
}

func TestCleanZone(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	a, aaaa := dnsmessage.TypeA, dnsmessage.TypeAAAA
	for _, test := range []struct {
		q         question
		rcode     dnsmessage.RCode
		answers   string
		authority string
	}{
		{question{name: "ecs.aliyuncs.com.", kind: a}, 0, "A 127.0.0.1", ""},
		{question{name: "ecs.aliyuncs.com.", kind: aaaa}, 0, "AAAA ::1", ""},
		{question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeTXT}, 0, "", "SOA aliyuncs.com."},
		{question{name: "kms-vpc.cn-beijing.aliyuncs.com.", kind: a}, 0, "A 127.1.0.1", ""},
		{question{name: "kms-vpc.cn-beijing.aliyuncs.com.", kind: aaaa}, 0, "", "SOA aliyuncs.com."},
		{question{name: "ECS.aliyunCS.com.", kind: a}, 0, "A 127.0.0.1", ""},
		{question{name: "nothing.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "ecs-x1.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "below.ecs.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "cn-beijing.aliyuncs.com.", kind: a}, 0, "", "SOA aliyuncs.com."}, // an empty non-terminal exists, RFC 8020
		{question{name: "aliyuncs.com.", kind: a}, 0, "", "SOA aliyuncs.com."},
		{question{name: "aliyuncs.com.", kind: dnsmessage.TypeSOA}, 0, "SOA aliyuncs.com.", ""},
		{question{name: "tencentcloudapi.com.", kind: dnsmessage.TypeNS}, 0, "NS ns1.tencentcloudapi.com. NS ns2.tencentcloudapi.com.", ""},
		{question{name: ".", kind: dnsmessage.TypeNS}, 0, "NS ns1.sandbox.test.", ""},
		{question{name: "example.test.", kind: a}, 5, "", ""},
		{question{name: "org.", kind: a}, 5, "", ""},
		{question{name: "com.", kind: dnsmessage.TypeSOA}, 0, "SOA com.", ""},
		{question{name: "made-up.example.com.", kind: a}, 3, "", "SOA example.com."},
		{question{name: "made-up.example.net.", kind: a}, 3, "", "SOA example.net."},
		{question{name: "ecs.aliyuncs.com.", kind: a, class: dnsmessage.ClassCHAOS}, 5, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, op: 4}, 4, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, count: 2}, 1, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, count: -1}, 1, "", ""},
	} {
		for _, network := range []string{"udp", "tcp"} {
			m := ask(t, s, network, test.q)
			if m.RCode != test.rcode || strings.Join(records(m.Answers), " ") != test.answers || strings.Join(records(m.Authorities), " ") != test.authority {
				t.Errorf("%+v over %s: %v %v %v", test.q, network, m.RCode, records(m.Answers), records(m.Authorities))
			}
			if !m.Response || m.ID != 7 || !m.RecursionAvailable || !m.RecursionDesired {
				t.Errorf("%+v over %s: header %+v", test.q, network, m.Header)
			}
		}
	}
}

func TestQuestionComesBackAsAsked(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	m := ask(t, s, "udp", question{name: "eCs.aLiYuNcS.CoM.", kind: dnsmessage.TypeA})
	if m.Questions[0].Name.String() != "eCs.aLiYuNcS.CoM." || m.Answers[0].Header.Name.String() != "eCs.aLiYuNcS.CoM." {
		t.Errorf("%v, %v", m.Questions, m.Answers)
	}
}

func TestEDNS(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	opt := func(m dnsmessage.Message) *dnsmessage.Resource {
		for _, r := range m.Additionals {
			if r.Header.Type == dnsmessage.TypeOPT {
				return &r
			}
		}
		return nil
	}
	if r := opt(ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA})); r != nil {
		t.Errorf("OPT without being asked: %v", r)
	}
	r := opt(ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA, edns: true}))
	if r == nil || r.Header.Class != 1232 {
		t.Errorf("OPT %v", r)
	}
	m := ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA, v1: true})
	if r := opt(m); r == nil || r.Header.ExtendedRCode(m.RCode) != 16 || len(m.Answers) != 0 {
		t.Errorf("EDNS version 1: %v, want BADVERS", m)
	}
}

// TestChainStepByStep asks for each name of a chain by itself.
func TestChainStepByStep(t *testing.T) {
	z := zone()
	z.Set("ecs.aliyuncs.com", nameserver.Chain(3, false))
	s := serve(t, z, nameserver.Config{})
	for name, want := range map[string]int{
		"ecs.aliyuncs.com.": 4, "hop1.ecs.aliyuncs.com.": 3, "hop2.ecs.aliyuncs.com.": 2, "hop3.ecs.aliyuncs.com.": 1,
	} {
		if m := ask(t, s, "udp", question{name: name, kind: dnsmessage.TypeA}); len(m.Answers) != want {
			t.Errorf("%s: %v, want %d records", name, records(m.Answers), want)
		}
	}
	for _, name := range []string{"hop4.ecs.aliyuncs.com.", "hop0.ecs.aliyuncs.com.", "hopx.ecs.aliyuncs.com.", "other.ecs.aliyuncs.com."} {
		if m := ask(t, s, "udp", question{name: name, kind: dnsmessage.TypeA}); m.RCode != dnsmessage.RCodeNameError {
			t.Errorf("%s: %v", name, m.RCode)
		}
	}
	z.Set("ecs.aliyuncs.com", nameserver.Behaviour{})
	if m := ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}); len(m.Answers) != 1 {
		t.Errorf("after it was made clean: %v", records(m.Answers))
	}
}

// TestNamesBelongToHosts: a fault of one host must not touch names of another.
func TestNamesBelongToHosts(t *testing.T) {
	z := zone()
	for name, want := range map[string]string{
		"ecs.aliyuncs.com":                    "ecs.aliyuncs.com",
		"hop1.ecs.aliyuncs.com":               "ecs.aliyuncs.com",
		"ecs-123.aliyuncs.com":                "ecs.aliyuncs.com",
		"kms-123.cn-beijing.aliyuncs.com":     "kms.cn-beijing.aliyuncs.com",
		"kms-vpc-123.cn-beijing.aliyuncs.com": "kms-vpc.cn-beijing.aliyuncs.com",
		"kms-vpc.cn-beijing.aliyuncs.com":     "kms-vpc.cn-beijing.aliyuncs.com",
		"ecsx.aliyuncs.com":                   "",
		"cn-beijing.aliyuncs.com":             "",
		"kms-1.cn-hangzhou.aliyuncs.com":      "",
		"":                                    "",
	} {
		if h, ok := z.HostOf(name); h.Name != want || ok != (want != "") {
			t.Errorf("%q belongs to %q, want %q", name, h.Name, want)
		}
	}
	if h, _ := z.HostOf("ecs.aliyuncs.com"); h.V4[0] != addr("127.0.0.1") {
		t.Errorf("the second of two hosts of one name counts: %v", h)
	}
}

func TestApex(t *testing.T) {
	for name, want := range map[string]string{
		"ecs.cn-hangzhou.aliyuncs.com": "aliyuncs.com", "aliyuncs.com": "aliyuncs.com", "localhost": "localhost", "": "",
	} {
		if got := nameserver.Apex(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
