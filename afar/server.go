package afar

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"prober/cloudapi"
	"prober/limit"
	"prober/prose"
)

// Server is the HTTP API of a Prometheus server, or of whatever speaks it.
type Server struct {
	URL    *url.URL // up to /api/v1
	Client *http.Client
	Header http.Header // of each request; may hold a secret
	// Secrets are those of Header, which the server may repeat in what it says.
	Secrets cloudapi.Redactor

	bytes  int64 // of one answer; 0: limit.AfarBytes
	series int   // in one answer; 0: limit.AfarSeries
}

// labels are those of a series.
type labels map[string]string

// point is a value at a time.
type point struct {
	at    time.Time
	value float64
}

// series is one of an answer: of a query with one point.
type series struct {
	labels labels
	points []point
}

// now asks for the values of an expression at this time. What is no finite number is left out.
func (s *Server) now(ctx context.Context, expr string) ([]series, error) {
	return s.ask(ctx, "query", url.Values{"query": {expr}})
}

// over asks for the values from one time to another.
func (s *Server) over(ctx context.Context, expr string, from, to time.Time, step time.Duration) ([]series, error) {
	return s.ask(ctx, "query_range", url.Values{"query": {expr}, "start": {stamp(from)}, "end": {stamp(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)}})
}

func stamp(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1e3, 'f', 3, 64) }

// ask posts a question, because an expression may be long.
func (s *Server) ask(ctx context.Context, path string, form url.Values) ([]series, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL.JoinPath("api/v1", path).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	for name, values := range s.Header {
		q.Header[name] = values
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, err := s.Client.Do(q)
	if err != nil {
		return nil, s.plainly(err)
	}
	defer r.Body.Close() //nolint:errcheck // what is wanted of it is read
	if r.StatusCode != http.StatusOK {
		return nil, s.refusal(r)
	}
	bytes, most := cmp.Or(s.bytes, limit.AfarBytes), cmp.Or(s.series, limit.AfarSeries)
	body := &bounded{from: r.Body, left: bytes}
	var answer struct {
		Data struct {
			Result []struct {
				Metric labels              `json:"metric"`
				Value  *[2]json.RawMessage `json:"value"`
				Values [][2]json.RawMessage
			}
		}
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		if body.left <= 0 {
			return nil, fmt.Errorf("an answer is longer than %d bytes", bytes)
		}
		return nil, fmt.Errorf("an answer is no JSON of a Prometheus server: %w", s.plainly(err))
	}
	if n := len(answer.Data.Result); n > most {
		return nil, fmt.Errorf("an answer has %d series, and more than %d are not read", n, most)
	}
	all := make([]series, 0, len(answer.Data.Result))
	for _, x := range answer.Data.Result {
		one := series{labels: x.Metric}
		if x.Value != nil {
			x.Values = append(x.Values, *x.Value)
		}
		for _, pair := range x.Values {
			if p, ok := pointOf(pair); ok {
				one.points = append(one.points, p)
			}
		}
		if len(one.points) > 0 {
			all = append(all, one)
		}
	}
	return all, nil
}

func pointOf(pair [2]json.RawMessage) (p point, finite bool) {
	var at float64
	var text string
	if json.Unmarshal(pair[0], &at) != nil || json.Unmarshal(pair[1], &text) != nil {
		return p, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return point{time.UnixMilli(int64(at * 1e3)).UTC(), value}, err == nil && !math.IsNaN(value) && !math.IsInf(value, 0)
}

// refusal is what a server says that does not answer.
func (s *Server) refusal(r *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(r.Body, limit.AfarError)) // what came of it is enough
	var said struct{ Error string }
	if json.Unmarshal(text, &said) == nil && said.Error != "" {
		return fmt.Errorf("%d: %s", r.StatusCode, prose.Brief(s.Secrets.Redact(said.Error)))
	}
	line, _, _ := strings.Cut(strings.TrimSpace(s.Secrets.RedactCut(string(text))), "\n")
	if line == "" {
		line = http.StatusText(r.StatusCode)
	}
	return fmt.Errorf("%d: %s", r.StatusCode, prose.Brief(line))
}

// plainly is an error without the URL, which is said elsewhere. What is no HTTP is quoted in it.
func (s *Server) plainly(err error) error {
	if bare := (*url.Error)(nil); errors.As(err, &bare) {
		err = bare.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %v", limit.AfarTime)
	}
	if text := s.Secrets.Redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// bounded reads so many bytes and no more.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
