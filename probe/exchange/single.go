package exchange

import "fmt"

// single are the fields that may stand once in a reply (RFC 9110, section 5.3) and that change what clients
// make of it. Date is not among them: two hops that each say when they answered differ by chance.
func single() [6]string {
	return [...]string{"Content-Location", "Content-Type", "Etag", "Last-Modified", "Location", "Retry-After"}
}

// judgeSingle reports those that stand there with values that differ: which of them counts is a matter of the
// client.
func (x *exchange) judgeSingle(status int) {
	if status/100 == 1 { // of which no client takes more than hints
		return
	}
	for _, name := range single() {
		values := x.reply.Header[name]
		for _, v := range values {
			if v != values[0] {
				x.lax(fmt.Sprintf("%s stands there %d times, with values that differ, where it may stand once", name, len(values)))
				break
			}
		}
	}
}
