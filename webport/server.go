package webport

import (
	"context"
	"log"
	"net"
	"net/http"
	"time"

	"prober/limit"
)

// Config is what a [Server] is made of.
type Config struct {
	Handler http.Handler
	// Vital tells which requests get a connection before all others, by their path.
	Vital func(path string) bool
	// Hosts are the names, besides those of [Own], under which a browser may ask for a change.
	Hosts    Hosts
	ErrorLog *log.Logger
}

// Server makes the server for a [Listener].
func Server(c Config) *http.Server {
	return &http.Server{
		Handler:           c.bounded(c.Hosts.guard(c.Handler)),
		ReadHeaderTimeout: limit.WebHeaderTime,
		ReadTimeout:       limit.WebReadTime,
		WriteTimeout:      limit.WebWriteTime,
		IdleTimeout:       limit.WebIdleTime,
		MaxHeaderBytes:    limit.WebHeader - headerSlop,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: limit.WebStreams},
		ErrorLog:          c.ErrorLog,
		ConnContext: func(ctx context.Context, nc net.Conn) context.Context {
			if c := connOf(nc); c != nil {
				ctx = context.WithValue(ctx, connKey{}, c)
			}
			return ctx
		},
		ConnState: func(nc net.Conn, state http.ConnState) {
			if c := connOf(nc); c != nil && state == http.StateActive {
				c.wake()
			}
		},
	}
}

// headerSlop is what net/http reads beyond MaxHeaderBytes.
const headerSlop = 4 << 10

// bounded looks at a request before anything else does.
func (c Config) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connKey{}).(*conn); ok {
			s := asking
			if c.Vital != nil && c.Vital(r.URL.Path) {
				s = vital
			}
			defer conn.begin(s)()
		}
		// The whole request is here unless it has a body. The time to read is over then: beyond it
		// net/http would take a client that waits for one that left. Nothing here reads a body.
		var read time.Time
		if r.ContentLength != 0 {
			w.Header().Set("Connection", "close")
			read = time.Now().Add(leftover)
		}
		_ = http.NewResponseController(w).SetReadDeadline(read)
		if len(r.RequestURI) > limit.WebURL {
			http.Error(w, "the path and the query are too long", http.StatusRequestURITooLong)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// leftover is how long the rest of a request's body is waited for, so that a client which sends a
// short one sees the reply.
const leftover = time.Second

// connKey is the key of a request's connection in its context.
type connKey struct{}

// connOf finds the connection of ours in what a server was given, TLS or not.
func connOf(nc net.Conn) *conn {
	for {
		switch c := nc.(type) {
		case *conn:
			return c
		case interface{ NetConn() net.Conn }:
			nc = c.NetConn()
		default:
			return nil
		}
	}
}
