package dns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

var errNameInData = errors.New("a name in the data of a record that is none")

// rdata reads the data of a record, whose names may lead anywhere before it in its message. Unlike
// those of package dnsmessage, a label of them may hold a dot, as many a mailbox in a SOA record does
// (RFC 1035, section 8).
type rdata struct {
	message []byte
	data    []byte
	err     error
}

// number takes so many bytes as one number.
func (r *rdata) number(size int) uint32 {
	if len(r.data) < size {
		r.err = errNameInData
		return 0
	}
	var b [4]byte
	copy(b[4-size:], r.data[:size])
	r.data = r.data[size:]
	return binary.BigEndian.Uint32(b[:])
}

// name takes a name, as dig writes it.
func (r *rdata) name() string {
	const (
		longest = 255 // bytes, RFC 1035 section 2.3.4
		leaps   = 10  // pointers, as many as package dnsmessage follows
	)
	var out strings.Builder
	length, leapt := 1, 0
	for at := r.data; r.err == nil; {
		if len(at) == 0 {
			break
		}
		size := int(at[0])
		switch {
		case size == 0:
			if leapt == 0 {
				r.data = at[1:]
			}
			if out.Len() == 0 {
				return "."
			}
			return out.String()
		case size < 0x40 && len(at) > size && length+size+1 <= longest:
			for _, c := range at[1 : 1+size] {
				writeAsDig(&out, c)
			}
			out.WriteByte('.')
			length, at = length+size+1, at[1+size:]
			if leapt == 0 {
				r.data = at
			}
			continue
		case size >= 0xc0 && len(at) > 1:
			to := int(binary.BigEndian.Uint16(at) & 0x3fff)
			if leapt == 0 {
				r.data = at[2:]
			}
			if leapt++; to < len(r.message) && leapt <= leaps {
				at = r.message[to:]
				continue
			}
		}
		break
	}
	r.err = errNameInData
	return ""
}

// writeAsDig writes a byte of a label: what has a meaning in zone files with a backslash before it.
func writeAsDig(out *strings.Builder, c byte) {
	switch {
	case strings.IndexByte(`"().;\@$`, c) >= 0:
		out.WriteByte('\\')
		out.WriteByte(c)
	case c <= ' ' || c >= 0x7f:
		fmt.Fprintf(out, `\%03d`, c)
	case 'A' <= c && c <= 'Z':
		out.WriteByte(lowerASCII(c))
	default:
		out.WriteByte(c)
	}
}
