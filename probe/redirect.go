package probe

import (
	"net/http"
	"time"

	"prober/probe/exchange"
)

// leads returns the URL to which a reply to req sends the client (RFC 9110, section 10.2.2), and
// what it sets of cookies; empty where that is no URL. It is not cut for people as the other
// facts are: the bound on header sections holds for it.
func leads(req *http.Request, reply *exchange.Reply) (string, []string) {
	where := reply.Header.Get("Location")
	if where == "" {
		return "", nil
	}
	to, err := req.URL.Parse(where)
	if err != nil {
		return "", nil
	}
	return to.String(), reply.Header.Values("Set-Cookie")
}

// modified is when the content of a reply was last changed, as its head says.
func modified(reply *exchange.Reply) time.Time {
	said := reply.Header.Get("Last-Modified")
	if said == "" {
		return time.Time{} // as nearly always
	}
	at, err := http.ParseTime(said)
	if err != nil {
		return time.Time{}
	}
	return at
}
