package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prober/limit"
	"prober/prose"
	"prober/report"
)

// healthPath is asked for where a URL has none, and defaultHealth where prober serve answers unless it is told otherwise.
const (
	healthPath    = "/-/healthy"
	defaultHealth = "http://" + defaultListen + healthPath
)

func (a *app) healthCommand() *cobra.Command {
	o := &inquiry{}
	cmd := &cobra.Command{
		Use:   "health [URL]",
		Short: "Ask a running prober whether it is well, where there is no curl",
		Long: `Asks URL, by default ` + defaultHealth + `, once, and prints a line. A URL
without a path gets /-/healthy; /-/ready says whether every endpoint has a result.

Exit code: 0 it answered with 200; 1 it did not; 2 wrong usage.`,
		Example: `  prober health
  prober health https://prober.example.com:9115/-/ready --ca-file ca.pem`,
		Args: argsBetween(0, 1, "health takes one URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.health(cmd.Context(), o, append(args, defaultHealth)[0])
		},
	}
	f := cmd.Flags()
	f.DurationVar(&o.timeout, "timeout", 3*time.Second, "bound on all of it")
	f.StringVar(&o.caFile, "ca-file", "", "trust the authorities in this PEM `FILE` instead of the system's")
	f.StringVar(&o.user, "user", "", "`NAME` to give, where --web.config.file of the prober asks for one")
	f.StringVar(&o.passwordFile, "password-file", "", "`FILE` with the password of that name")
	return cmd
}

func (a *app) health(ctx context.Context, o *inquiry, text string) error {
	asked, err := o.of(a.files, text)
	if err != nil {
		return err
	}
	if asked.URL.Path == "" {
		asked.URL.Path = healthPath
	}
	ctx, stop := context.WithTimeout(ctx, o.timeout)
	defer stop()
	status, said, err := answerOf(asked.client().Do(asked.WithContext(ctx)))
	said = prose.Brief(asked.secrets.Redact(said)) // which an answer may repeat
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", o.timeout)
	case err == nil && status != http.StatusOK:
		said = strings.TrimPrefix(said, fmt.Sprint(status, " ")) // as Go's own page for what is not there begins
		err = fmt.Errorf("%d %s", status, cmp.Or(said, http.StatusText(status)))
	case err == nil:
		_, err = fmt.Fprintf(a.out, "%s: %d %s\n", asked.URL.Redacted(), status, said)
		return fail(err)
	}
	fmt.Fprintf(a.out, "%s: not well: %s\n", asked.URL.Redacted(), prose.Brief(asked.secrets.Redact(err.Error())))
	return &exitError{code: report.ExitFail}
}

// answerOf returns the status of a reply and the first line of its body.
func answerOf(reply *http.Response, err error) (status int, said string, _ error) {
	if err != nil {
		if bare := (*url.Error)(nil); errors.As(err, &bare) {
			err = bare.Err // the URL is said already
		}
		return 0, "", err
	}
	defer reply.Body.Close() //nolint:errcheck // what is wanted of it is read
	body, err := io.ReadAll(io.LimitReader(reply.Body, limit.HealthBytes))
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	return reply.StatusCode, line, err
}
