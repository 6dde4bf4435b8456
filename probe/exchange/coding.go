package exchange

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"prober/limit"
	"prober/probe/reason"
)

// errDecodedTooLarge says that a body grows beyond the limit when it is decoded.
var errDecodedTooLarge = errors.New("too large")

// errManyMembers says that a gzip body has more members than are read; one is usual.
var errManyMembers = fmt.Errorf("more than the %d gzip members that are read", limit.GzipMembers)

// errNoDecoder says that a body is in a coding that others can undo.
var errNoDecoder = errors.New("the prober has no decoder for it")

// errRawDeflate says that a "deflate" body is DEFLATE (RFC 1951) without the zlib format
// (RFC 1950) around it, which RFC 9110, section 8.4.1.2, demands. The body was decoded.
var errRawDeflate = errors.New("DEFLATE data without the zlib format around it")

// decode undoes the content codings of a whole body (RFC 9110, section 8.4), the last one
// first. If one cannot be undone, the body stays as it was sent.
func (x *exchange) decode(asked http.Header) {
	codings := contentCodings(x.reply.Header)
	if len(codings) == 0 || len(x.reply.Body) == 0 {
		return
	}
	if len(codings) > limit.ContentCodings {
		x.limit(fmt.Sprintf("%d content codings on top of each other, of which %d are undone", len(codings), limit.ContentCodings))
		return
	}
	body := x.reply.Body
	for i := len(codings) - 1; i >= 0; i-- {
		coding := codings[i]
		if !acceptsCoding(asked, coding) {
			x.reply.note(reason.BodyBadEncoding, fmt.Sprintf("content coding %q was not asked for", shorten(coding)))
		}
		decoded, err := undo(coding, body, x.opt.Limits.DecodedBytes)
		switch {
		case errors.Is(err, errDecodedTooLarge):
			x.limit(fmt.Sprintf("the body grows from %d to more than the %d bytes that are decoded", len(body), x.opt.Limits.DecodedBytes))
			if i == 0 { // whose beginning may tell enough
				x.reply.Body, x.reply.decoded, x.reply.whole = decoded, true, false
			}
			return
		case errors.Is(err, errManyMembers):
			x.limit(err.Error())
			return
		case errors.Is(err, errNoDecoder):
			x.limit(fmt.Sprintf("the body is in content coding %q, which the prober cannot undo", coding))
			return
		case errors.Is(err, errRawDeflate):
			x.reply.note(reason.BodyBadEncoding, err.Error())
		case err != nil:
			x.reply.note(reason.BodyBadEncoding, fmt.Sprintf("labelled %q: %s", shorten(coding), codingWords(err)))
			return
		}
		body = decoded
	}
	x.reply.Body, x.reply.decoded = body, true
}

// codingWords say what is wrong with a body that cannot be decoded.
func codingWords(err error) string {
	var damaged flate.CorruptInputError
	switch {
	case errors.As(err, &damaged):
		return fmt.Sprintf("the compressed data are damaged at byte %d of them", int64(damaged))
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader):
		return "the body does not begin as that coding does"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum):
		return "the checksum of what was decoded is another one"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the compressed data break off"
	}
	return err.Error()
}

func shorten(coding string) string { return coding[:min(len(coding), 24)] }

// contentCodings returns the codings of Content-Encoding in the order in which they were
// applied, in lower case and without "identity".
func contentCodings(header http.Header) []string {
	var codings []string
	for _, field := range header["Content-Encoding"] {
		for coding := range strings.SplitSeq(field, ",") {
			if coding = codingName(coding); coding != "" && coding != "identity" {
				codings = append(codings, coding)
			}
		}
	}
	return codings
}

// codingName returns the name of a coding in lower case; "x-gzip" and "x-compress" are others
// of "gzip" and "compress" (RFC 9110, section 8.4.1).
func codingName(s string) string {
	name := strings.ToLower(trimOWS(s))
	if name == "x-gzip" || name == "x-compress" {
		return name[len("x-"):]
	}
	return name
}

// acceptsCoding reports whether a request with this header takes a reply in coding. One
// without Accept-Encoding takes any (RFC 9110, section 12.5.3).
func acceptsCoding(asked http.Header, coding string) bool {
	fields, restricted := asked["Accept-Encoding"]
	if !restricted {
		return true
	}
	others := false
	for member := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		name, weight, _ := strings.Cut(member, ";")
		accepted := !isZeroWeight(weight)
		switch codingName(name) {
		case coding:
			return accepted
		case "*":
			others = accepted
		}
	}
	return others
}

// isZeroWeight reports whether s is "q=0", in any of its spellings.
func isZeroWeight(s string) bool {
	q, ok := strings.CutPrefix(strings.ToLower(trimOWS(s)), "q=")
	weight, err := strconv.ParseFloat(q, 64)
	return ok && err == nil && weight == 0
}

// undo removes one coding from body. The result has this many bytes at most; with an error it
// is what could be decoded before that.
func undo(coding string, body []byte, most int64) ([]byte, error) {
	in := bytes.NewReader(body)
	switch coding {
	case "gzip":
		return readGzip(in, most)
	case "deflate":
		r, err := zlib.NewReader(in)
		if errors.Is(err, zlib.ErrHeader) {
			in.Reset(body)
			return readRawDeflate(in, most)
		}
		if err != nil {
			return nil, err
		}
		decoded, err := readBounded(r, most)
		if err == nil && in.Len() > 0 {
			return decoded, fmt.Errorf("%d bytes follow the end of the compressed data", in.Len())
		}
		return decoded, err
	case "aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "zstd":
		return nil, errNoDecoder // registered with IANA
	}
	return nil, errors.New("no coding has that name")
}

// readGzip reads the members of a gzip file (RFC 1952, section 2.2), of which one is usual.
func readGzip(in *bytes.Reader, most int64) ([]byte, error) {
	magic := make([]byte, 2)
	if n, _ := in.ReadAt(magic, 0); n < len(magic) || magic[0] != 0x1f || magic[1] != 0x8b { // it may be shorter than a header
		return nil, gzip.ErrHeader
	}
	r, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	var decoded []byte
	for members := 1; ; members++ {
		r.Multistream(false)
		member, err := readBounded(r, most-int64(len(decoded)))
		decoded = append(decoded, member...)
		left := in.Len()
		switch {
		case err != nil || left == 0:
			return decoded, err
		case members == limit.GzipMembers:
			return decoded, errManyMembers
		}
		if r.Reset(in) != nil {
			return decoded, fmt.Errorf("%d bytes follow the end of the compressed data", left)
		}
	}
}

func readRawDeflate(in *bytes.Reader, most int64) ([]byte, error) {
	decoded, err := readBounded(flate.NewReader(in), most)
	switch {
	case errors.Is(err, errDecodedTooLarge):
		return decoded, err
	case err != nil || in.Len() > 0:
		return decoded, zlib.ErrHeader
	}
	return decoded, errRawDeflate
}

func readBounded(r io.Reader, most int64) ([]byte, error) {
	decoded, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(decoded)) > most {
		return decoded[:most], errDecodedTooLarge
	}
	return decoded, err
}
