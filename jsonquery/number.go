package jsonquery

import (
	"strconv"
	"strings"
)

// number is a decimal number in its one shortest form: its digits without zeros at either end, and the
// power of ten of the first. Numbers of JSON have any size, so that they are not turned into one of Go's.
type number struct {
	negative bool
	digits   string // empty: 0
	exponent int64
}

// decimal reads a number of JSON's.
func decimal(s string) number {
	var n number
	s, n.negative = strings.CutPrefix(s, "-")
	mantissa, power := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, power = s[:i], s[i+1:]
	}
	exponent, err := strconv.ParseInt(strings.TrimPrefix(power, "+"), 10, 32)
	if err != nil && power != "" {
		return number{n.negative, s, 0} // of an absurd size: the same only where it is written so
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	n.digits = strings.TrimLeft(whole+fraction, "0")
	n.exponent = exponent + int64(len(whole)-(len(whole)+len(fraction)-len(n.digits)))
	if n.digits = strings.TrimRight(n.digits, "0"); n.digits == "" {
		return number{}
	}
	return n
}
