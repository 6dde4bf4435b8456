package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/strict"
)

// maxManageBody bounds the body of a management request, in bytes.
const maxManageBody = 4096

// openManagement serves the management API that [Sandbox.Management] describes.
func (s *Sandbox) openManagement() error {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("opening the management port: %w", err)
	}
	s.manage = &http.Server{
		Addr: l.Addr().String(), Handler: fromProgramsOnly(s.routes()), ReadHeaderTimeout: 10 * time.Second,
	}
	s.wg.Go(func() { _ = s.manage.Serve(l) }) // returns http.ErrServerClosed on close
	return nil
}

// closeManagement gives requests that are being answered a second.
func (s *Sandbox) closeManagement() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.manage.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.manage.Close()
	}
	return err
}

// fromProgramsOnly refuses what a browser sends on behalf of a page.
func fromProgramsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, port, _ := strings.Cut(r.Host, ":")
		_, err := strconv.ParseUint(port, 10, 16)
		host, _ := netip.ParseAddrPort(r.Host)
		loopback := host.Addr().IsLoopback() || name == "localhost" && err == nil
		if r.Header.Get("Origin") != "" || r.URL.IsAbs() || !loopback {
			fail(w, http.StatusForbidden, errors.New("requests of web pages are refused"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Sandbox) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		now := s.served.Load()
		show(w, slices.Concat(Faults(now.catalog), Outages(now.catalog)))
	})
	mux.HandleFunc("GET /variants", func(w http.ResponseWriter, _ *http.Request) { show(w, Variants(s.served.Load().catalog)) })
	mux.HandleFunc("GET /endpoints", func(w http.ResponseWriter, _ *http.Request) { show(w, s.Endpoints()) })
	const fault = " /endpoints/{fault...}" // an id may have any number of words
	mux.HandleFunc("GET"+fault, s.faultHandler(func(id string, _ io.Reader) (string, error) { return s.Fault(id), nil }))
	mux.HandleFunc("PUT"+fault, s.faultHandler(s.putFault))
	mux.HandleFunc("POST"+fault, s.faultHandler(s.putFault))
	mux.HandleFunc("DELETE"+fault, s.faultHandler(func(id string, _ io.Reader) (string, error) { return "", s.ClearFault(id) }))
	mux.HandleFunc("GET /requests", s.showRequests)
	mux.HandleFunc("POST /reset", s.reset)
	return mux
}

// faultBody is the body of a reply about one endpoint's fault.
type faultBody struct {
	Fault string `json:"fault"`
}

// faultHandler answers a request about one endpoint's fault with the name that do returns for
// the endpoint's id and the request's body.
func (s *Sandbox) faultHandler(do func(id string, body io.Reader) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, is := strings.CutSuffix(r.PathValue("fault"), "/fault")
		if !is {
			fail(w, http.StatusNotFound, errors.New("there is nothing here; the fault of an endpoint is at /endpoints/ID/fault"))
			return
		}
		if _, err := s.endpoint(id); err != nil {
			fail(w, http.StatusNotFound, err)
			return
		}
		name, err := do(id, http.MaxBytesReader(w, r.Body, maxManageBody))
		if err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		show(w, faultBody{name})
	}
}

func (s *Sandbox) putFault(id string, body io.Reader) (string, error) {
	name, err := readFault(body)
	switch {
	case err != nil:
		return "", err
	case name == "":
		return "", s.ClearFault(id)
	}
	return name, s.SetFault(id, name)
}

// readFault reads a name, bare or in JSON; "" only where that is said, as GET says it.
func readFault(r io.Reader) (string, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("reading the request: %w", err)
	}
	name := strings.TrimSpace(string(text))
	if name == "" {
		return "", errors.New("reading the request: it is empty, and names no fault")
	}
	if !strings.HasPrefix(name, "{") {
		return name, nil
	}
	var body struct {
		Fault *string `json:"fault"`
	}
	err = strict.Unmarshal("reading the request", []byte(name), &body)
	switch {
	case err != nil:
		return "", err
	case body.Fault == nil:
		return "", errors.New("reading the request: fault: missing")
	}
	return *body.Fault, nil
}

func (s *Sandbox) showRequests(w http.ResponseWriter, r *http.Request) {
	list := s.Requests()
	if id := r.URL.Query().Get("endpoint"); id != "" {
		list = slices.DeleteFunc(list, func(r Request) bool { return r.Endpoint != id })
	}
	show(w, list)
}

func (s *Sandbox) reset(w http.ResponseWriter, _ *http.Request) {
	if err := s.Reset(); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	show(w, struct{}{})
}

// show writes a JSON document. The client may be gone; there is nobody to tell.
func show(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(v)
}

func fail(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Error string `json:"error"`
	}{err.Error()})
}
