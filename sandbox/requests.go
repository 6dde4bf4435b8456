package sandbox

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe/reason"
	"prober/sandbox/clienthello"
	"prober/sandbox/nameserver"
)

// keptRequests is how many requests the log holds.
const keptRequests = 4096

// Request is one thing that arrived: a DNS question, or a connection and how far it
// came. The second and later requests of a connection are entries of their own. Keys,
// signatures and credentials are redacted.
type Request struct {
	Time     time.Time      `json:"time"` // by the sandbox's clock
	Endpoint string         `json:"endpoint"`
	Scheme   catalog.Scheme `json:"scheme,omitempty"` // empty for DNS
	// Phase is how far it came: resolve, connect, tls (a ClientHello was read), request
	// (a request was read), headers (a reply was begun).
	Phase  reason.Phase   `json:"phase"`
	Local  netip.AddrPort `json:"local,omitzero"`
	Remote netip.AddrPort `json:"remote,omitzero"`

	// Question is "A udp" and so on, for DNS.
	Question string `json:"question,omitempty"`

	ServerName string   `json:"server_name,omitempty"` // SNI
	Versions   []string `json:"versions,omitempty"`    // offered in the ClientHello
	ALPN       []string `json:"alpn,omitempty"`
	HelloBytes int      `json:"hello_bytes,omitempty"`

	Method    string      `json:"method,omitempty"`
	Host      string      `json:"host,omitempty"`
	Target    string      `json:"target,omitempty"`
	Header    http.Header `json:"header,omitempty"`
	BodyBytes int         `json:"body_bytes,omitempty"`
	Status    int         `json:"status,omitempty"` // of the reply
}

// requestLog keeps the latest requests.
type requestLog struct {
	mu   sync.Mutex
	kept []*Request // oldest first
}

// record is a request of the log that is still going on.
type record struct {
	log *requestLog
	r   *Request
}

func (l *requestLog) add(r Request) *record {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, &r)
	if len(l.kept) > keptRequests {
		l.kept = l.kept[1:]
	}
	return &record{l, &r}
}

// all returns copies, oldest first.
func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Request, 0, len(l.kept))
	for _, r := range l.kept {
		out = append(out, *r)
	}
	return out
}

// reset forgets everything.
func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = nil
}

func (l *requestLog) question(now time.Time, id string, q nameserver.Question) {
	transport := " udp"
	if q.TCP {
		transport = " tcp"
	}
	l.add(Request{
		Time: now, Endpoint: id, Phase: reason.Resolve, Host: q.Name,
		Question: strings.TrimPrefix(q.Asked.Type.String(), "Type") + transport,
	})
}

func (l *requestLog) connected(now time.Time, id string, s catalog.Scheme, c *net.TCPConn) *record {
	return l.add(Request{
		Time: now, Endpoint: id, Scheme: s, Phase: reason.Connect,
		Local:  c.LocalAddr().(*net.TCPAddr).AddrPort(),
		Remote: c.RemoteAddr().(*net.TCPAddr).AddrPort(),
	})
}

// again begins the entry of a further request on the connection of earlier.
func (l *requestLog) again(now time.Time, earlier *record) *record {
	l.mu.Lock()
	r := *earlier.r
	l.mu.Unlock()
	r.Time, r.Phase, r.Status = now, reason.TLS, 0
	if r.Scheme == catalog.HTTP {
		r.Phase = reason.Connect
	}
	return l.add(r)
}

func (rec *record) update(f func(*Request)) {
	rec.log.mu.Lock()
	defer rec.log.mu.Unlock()
	f(rec.r)
}

func (rec *record) greeted(h clienthello.Hello) {
	var versions []string
	for v := clienthello.TLS13; v >= clienthello.SSLv3; v-- {
		if h.Offers(v) {
			versions = append(versions, v.String())
		}
	}
	if h.Offers(clienthello.SSLv2) {
		versions = append(versions, clienthello.SSLv2.String())
	}
	rec.update(func(r *Request) {
		r.Phase = reason.TLS
		r.ServerName, r.ALPN, r.Versions, r.HelloBytes = h.ServerName, h.ALPN, versions, h.Size
	})
}

// secured notes that the handshake ended well: what is awaited now is a request.
func (rec *record) secured() { rec.update(func(r *Request) { r.Phase = reason.Request }) }

func (rec *record) asked(req *http.Request, body int) {
	header := req.Header.Clone()
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Tc-Token", "X-Acs-Security-Token"} {
		if header.Get(name) != "" {
			header.Set(name, "(redacted)")
		}
	}
	rec.update(func(r *Request) {
		r.Phase = reason.Request
		r.Method, r.Host, r.Target = req.Method, req.Host, cloudapi.Redact(req.RequestURI)
		r.Header, r.BodyBytes = header, body
	})
}

func (rec *record) answered(status int) {
	rec.update(func(r *Request) { r.Phase, r.Status = reason.Headers, status })
}
