package nameserver

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Chain puts n aliases between the host and its addresses: hop1.<host>, hop2.<host>
// and so on. The whole chain is in each answer; reversed turns the order of its records.
func Chain(n int, reversed bool) Behaviour {
	answer := func(q Question, h Host) Answer {
		from := hopNumber(q.Name, h)
		if from < 0 || from > n {
			return noSuchName(q)
		}
		var links []dnsmessage.Resource
		for i := from; i < n; i++ {
			links = append(links, alias(hop(i, h), hop(i+1, h)))
		}
		a := addressesOf(q, hop(n, h), h)
		a.Records = append(links, a.Records...)
		if reversed {
			slices.Reverse(a.Records)
		}
		return a
	}
	return Behaviour{Host: answer, Below: answer}
}

// Loop makes the host an alias of a name that is an alias of the host.
func Loop() Behaviour {
	answer := func(q Question, h Host) Answer {
		there, back := alias(h.Name, hop(1, h)), alias(hop(1, h), h.Name)
		switch hopNumber(q.Name, h) {
		case 0:
			return saying(there, back)
		case 1:
			return saying(back, there)
		}
		return noSuchName(q)
	}
	return Behaviour{Host: answer, Below: answer}
}

// Dangling makes the host an alias of a name that does not exist (RFC 2308, section
// 2.1: the response code is about the last name).
func Dangling() Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		a := noSuchName(q)
		a.Records = []dnsmessage.Resource{alias(h.Name, hop(1, h))}
		return a
	}}
}

// DanglingNoData makes the host an alias of a name that exists without an address.
func DanglingNoData() Behaviour {
	return Behaviour{
		Host: func(q Question, h Host) Answer {
			a := noData(q)
			a.Records = []dnsmessage.Resource{alias(h.Name, hop(1, h))}
			return a
		},
		Below: func(q Question, _ Host) Answer { return noData(q) },
	}
}

// hop is the i-th name of a chain; the 0th is the host.
func hop(i int, h Host) string {
	if i == 0 {
		return h.Name
	}
	return "hop" + strconv.Itoa(i) + "." + h.Name
}

// hopNumber is the i of hop, or -1.
func hopNumber(name string, h Host) int {
	if name == h.Name {
		return 0
	}
	digits, ok := strings.CutPrefix(strings.TrimSuffix(name, "."+h.Name), "hop")
	if !ok {
		return -1
	}
	i, err := strconv.Atoi(digits)
	if err != nil || i < 1 {
		return -1
	}
	return i
}
