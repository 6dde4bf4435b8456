package dns

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

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
	typeCAA   Type = 257
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

// recordText is the text of the record at which p stands in a message, which stays there.
func recordText(message []byte, p dnsmessage.Parser, t Type) (string, error) {
	ahead := p // AResource and its like do not look whether a record's announced size fits the message
	if err := ahead.SkipAnswer(); err != nil {
		return "", err
	}
	switch t {
	case A:
		b, err := p.AResource()
		return netip.AddrFrom4(b.A).String(), err
	case AAAA:
		b, err := p.AAAAResource()
		return netip.AddrFrom16(b.AAAA).String(), err
	case typeTXT:
		b, err := p.TXTResource()
		return strings.Join(b.TXT, ""), err
	}
	b, err := p.UnknownResource()
	if err != nil {
		return "", err
	}
	d := rdata{message: message, data: b.Data}
	text := ""
	switch t {
	case NS, typeCNAME, typePTR:
		text = d.name()
	case typeMX:
		text = fmt.Sprintf("%d %s", d.number(2), d.name())
	case typeSRV:
		text = fmt.Sprintf("%d %d %d %s", d.number(2), d.number(2), d.number(2), d.name())
	case SOA:
		text = fmt.Sprintf("%s %s %d %d %d %d %d", d.name(), d.name(), d.number(4), d.number(4), d.number(4), d.number(4), d.number(4))
	case typeCAA: // flags, the length of the tag, the tag, and the value up to the end: RFC 8659, section 4.1
		if len(b.Data) < 2 || len(b.Data) < 2+int(b.Data[1]) {
			return "", errShortCAA
		}
		tag, value := b.Data[2:2+int(b.Data[1])], b.Data[2+int(b.Data[1]):]
		text = fmt.Sprintf("%d %s %s", b.Data[0], tag, Quoted(string(value)))
	}
	return text, d.err
}

var errShortCAA = errors.New("a CAA record that ends before its tag does")

// Quoted is a text as dig writes that of TXT and CAA records: what is no printable character of ASCII by its digits.
func Quoted(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&out, "\\%03d", c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// Unquoted is a text that was written as [Quoted] writes it, in one piece or in several; false where it was not.
func Unquoted(s string) (string, bool) {
	var out []byte
	inside, wasInside := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"':
			inside, wasInside = !inside, true
		case !inside && c != ' ':
			return "", false
		case !inside:
		case c == '\\' && i+3 < len(s) && isDigits(s[i+1:i+4]):
			n, err := strconv.ParseUint(s[i+1:i+4], 10, 8)
			if err != nil {
				return "", false
			}
			out = append(out, byte(n))
			i += 3
		case c == '\\' && i+1 < len(s):
			i++
			out = append(out, s[i])
		default:
			out = append(out, c)
		}
	}
	return string(out), wasInside && !inside
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// SameRecord reports whether a record that somebody wrote is the one that came: names without regard to
// case and to the final dot, addresses however they are written, TXT as dig writes it or without quotes, the value of CAA with quotes or
// without.
func SameRecord(t Type, written, came string) bool {
	switch t {
	case typeTXT:
		text, quoted := Unquoted(written)
		return written == came || quoted && text == came
	case typeCAA:
		return sameCAA(written, came)
	}
	return normal(written) == normal(came)
}

// sameCAA compares flags and tags, whose case is none, and values.
func sameCAA(written, came string) bool {
	parts := func(s string) [3]string {
		flags, rest := firstWord(s)
		tag, value := firstWord(rest)
		if text, quoted := Unquoted(value); quoted {
			value = text
		}
		return [3]string{flags, strings.ToLower(tag), value}
	}
	return parts(written) == parts(came)
}

// firstWord is the first word of a text, and what follows it, with no white space around either.
func firstWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	return s[:end], strings.TrimSpace(s[end:])
}

func normal(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, ".")
	}
	return strings.Join(words, " ")
}
