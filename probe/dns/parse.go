package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// record is a record of the type asked for.
type record struct {
	owner string
	ttl   time.Duration
	addr  netip.Addr // of A and AAAA
	text  string     // of all, where that is wanted
}

// link is a CNAME record.
type link struct {
	owner, target string
	ttl           time.Duration
}

// reading is what a whole message says, as far as a question about addresses goes.
type reading struct {
	header  dnsmessage.Header
	rcode   dnsmessage.RCode   // with the upper bits of the OPT record
	links   []link             // in the order of the message
	records []record           // in the order of the message
	others  []dnsmessage.Class // of records that answer in another class than was asked
	soa     string             // the owner of the SOA in the authority section
	hasSOA  bool
	hasNS   bool // NS records in the authority section
	edns    bool
	ede     string
	admits  admission
	texts   bool // of the records are wanted
	message []byte
}

var errAddressSize = errors.New("address of the wrong size")

// read parses the answer to a question for records of type t of asked. Records of other
// types are stepped over, and of those of other classes no more is taken than that, but a message that cannot be walked to its end is an
// error. Bytes after the end are ignored.
func read(message []byte, asked string, t Type, texts bool) (reading, error) {
	var (
		r   = reading{texts: texts, message: message}
		p   dnsmessage.Parser
		err error
	)
	if r.header, err = p.Start(message); err != nil {
		return r, err
	}
	r.rcode = r.header.RCode
	if err := p.SkipAllQuestions(); err != nil {
		return r, err
	}
	if err := r.answers(&p, asked, t); err != nil {
		return r, fmt.Errorf("answer section: %w", err)
	}
	if err := r.authorities(&p); err != nil {
		return r, fmt.Errorf("authority section: %w", err)
	}
	if err := r.additionals(&p); err != nil {
		return r, fmt.Errorf("additional section: %w", err)
	}
	return r, nil
}

// unlessDone is err unless it only says that a section is at its end.
func unlessDone(err error) error {
	if errors.Is(err, dnsmessage.ErrSectionDone) {
		return nil
	}
	return err
}

func (r *reading) answers(p *dnsmessage.Parser, asked string, t Type) error {
	for {
		h, err := p.AnswerHeader()
		if err != nil {
			return unlessDone(err)
		}
		switch {
		case h.Class != dnsmessage.ClassINET:
			if h.Type == dnsmessage.TypeCNAME || h.Type == dnsmessage.Type(t) {
				r.others = append(r.others, h.Class)
			}
			err = p.SkipAnswer()
		case h.Type == dnsmessage.TypeCNAME && t != typeCNAME:
			err = r.cname(p, &h, asked)
		case h.Type == dnsmessage.Type(t):
			err = r.record(p, &h, asked, t)
		default:
			err = p.SkipAnswer()
		}
		if err != nil {
			return err
		}
	}
}

func (r *reading) cname(p *dnsmessage.Parser, h *dnsmessage.ResourceHeader, asked string) error {
	// CNAMEResource does not look whether the record's announced size fits the message.
	ahead := *p
	if err := ahead.SkipAnswer(); err != nil {
		return err
	}
	body, err := p.CNAMEResource()
	if err != nil {
		return err
	}
	r.links = append(r.links, link{fold(&h.Name, r.lastName(asked)), fold(&body.CNAME, asked), seconds(h.TTL)})
	return nil
}

func (r *reading) record(p *dnsmessage.Parser, h *dnsmessage.ResourceHeader, asked string, t Type) error {
	rec := record{owner: fold(&h.Name, r.lastName(asked)), ttl: seconds(h.TTL)}
	if r.texts {
		var err error
		if rec.text, err = recordText(r.message, *p, t); err != nil {
			return err
		}
	}
	switch t {
	case A:
		if h.Length != 4 {
			return errAddressSize
		}
		body, err := p.AResource()
		if err != nil {
			return err
		}
		rec.addr = netip.AddrFrom4(body.A)
	case AAAA:
		if h.Length != 16 {
			return errAddressSize
		}
		body, err := p.AAAAResource()
		if err != nil {
			return err
		}
		rec.addr = netip.AddrFrom16(body.AAAA)
	default:
		if err := p.SkipAnswer(); err != nil {
			return err
		}
	}
	r.records = append(r.records, rec)
	return nil
}

// lastName is the most likely owner of the next record: the target of the last link.
func (r *reading) lastName(asked string) string {
	if n := len(r.links); n > 0 {
		return r.links[n-1].target
	}
	return asked
}

func (r *reading) authorities(p *dnsmessage.Parser) error {
	for {
		h, err := p.AuthorityHeader()
		if err != nil {
			return unlessDone(err)
		}
		switch h.Type {
		case dnsmessage.TypeSOA:
			r.hasSOA, r.soa = true, fold(&h.Name, "")
		case dnsmessage.TypeNS:
			r.hasNS = true
		}
		if err := p.SkipAuthority(); err != nil {
			return err
		}
	}
}

func (r *reading) additionals(p *dnsmessage.Parser) error {
	for {
		h, err := p.AdditionalHeader()
		if err != nil {
			return unlessDone(err)
		}
		if h.Type != dnsmessage.TypeOPT || r.edns {
			if err := p.SkipAdditional(); err != nil {
				return err
			}
			continue
		}
		r.edns = true
		r.rcode = h.ExtendedRCode(r.header.RCode)
		options := *p
		if err := p.SkipAdditional(); err != nil {
			return err
		}
		if h.Length == 0 {
			continue
		}
		opt, err := options.OPTResource()
		if err != nil {
			return err
		}
		r.ede, r.admits = extendedErrors(opt.Options), admitted(opt.Options)
	}
}

// seconds is a TTL as a duration. A value with the highest bit set counts as zero (RFC 2181
// section 8).
func seconds(ttl uint32) time.Duration {
	if ttl > 1<<31-1 {
		return 0
	}
	return time.Duration(ttl) * time.Second
}
