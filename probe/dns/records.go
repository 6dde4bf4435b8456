package dns

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// Types that the prober itself never asks for, with their numbers in the same registry.
const (
	typeCNAME Type = 5
	typePTR   Type = 12
	typeMX    Type = 15
	typeTXT   Type = 16
	typeSRV   Type = 33
)

// QueryRecords is [Client.Query] with the texts of the records that came: as dig +short writes them, but for
// TXT, whose strings are joined and stand without quotes.
func (c *Client) QueryRecords(ctx context.Context, resolver netip.AddrPort, name string, t Type) (Answer, []string) {
	start := c.now()
	q := c.question(ctx, resolver, name, t, isASCII)
	q.texts = true
	answer := q.finish(start, func() time.Time {
		if q.answer.Reason != reason.None {
			return c.now()
		}
		e, ok := q.exchange(true)
		if !ok {
			return c.now()
		}
		q.send(ctx, e)
		return q.conclude(ctx, e, false)
	})
	return answer, q.records
}

// textsOf are the texts of the records at the end of the chain from name.
func (r *reading) textsOf(name string) []string {
	if !r.texts {
		return nil
	}
	end, _ := new(Answer).walk(r.links, name)
	var texts []string
	for _, rec := range r.records {
		if rec.owner == end {
			texts = append(texts, rec.text)
		}
	}
	return texts
}

// recordText is the text of the record at which p stands, which stays there. The resources of package
// dnsmessage do not look whether a record's announced size fits the message.
func recordText(p dnsmessage.Parser, t Type) (string, error) {
	ahead := p
	if err := ahead.SkipAnswer(); err != nil {
		return "", err
	}
	name := func(n dnsmessage.Name) string {
		if text := presentation(fold(&n, "")); text != "" && text != "." {
			return text + "."
		}
		return "."
	}
	switch t {
	case A:
		b, err := p.AResource()
		return netip.AddrFrom4(b.A).String(), err
	case AAAA:
		b, err := p.AAAAResource()
		return netip.AddrFrom16(b.AAAA).String(), err
	case NS:
		b, err := p.NSResource()
		return name(b.NS), err
	case typeCNAME:
		b, err := p.CNAMEResource()
		return name(b.CNAME), err
	case typePTR:
		b, err := p.PTRResource()
		return name(b.PTR), err
	case typeMX:
		b, err := p.MXResource()
		return fmt.Sprintf("%d %s", b.Pref, name(b.MX)), err
	case typeSRV:
		b, err := p.SRVResource()
		return fmt.Sprintf("%d %d %d %s", b.Priority, b.Weight, b.Port, name(b.Target)), err
	case SOA:
		b, err := p.SOAResource()
		return fmt.Sprintf("%s %s %d %d %d %d %d", name(b.NS), name(b.MBox), b.Serial, b.Refresh, b.Retry, b.Expire, b.MinTTL), err
	case typeTXT:
		b, err := p.TXTResource()
		return strings.Join(b.TXT, ""), err
	}
	return "", nil
}

// SameRecord reports whether a record that somebody wrote is the one that came: names without regard to
// case and to the final dot, addresses however they are written, TXT with quotes or without.
func SameRecord(t Type, written, came string) bool {
	return normal(t, written) == normal(t, came)
}

func normal(t Type, s string) string {
	if t == typeTXT {
		if strings.HasPrefix(s, `"`) && strings.HasSuffix(s, `"`) && len(s) > 1 {
			s = strings.ReplaceAll(s[1:len(s)-1], `" "`, "")
		}
		return s
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, ".")
	}
	return strings.Join(words, " ")
}
