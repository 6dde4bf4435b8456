package render_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

func TestBadge(t *testing.T) {
	golden(t, "badge.svg", []byte(write(t, sample(t), render.Badge)))
	for want, r := range map[string]*report.Report{
		">passing<":   shaped(t, shape{report.Must, report.Pass, ""}),
		">undecided<": empty(t),
		">2 failing<": shaped(t, shape{report.Must, report.Fail, ""}, shape{report.Should, report.Fail, ""}),
	} {
		text := write(t, r, render.Badge)
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s", text, want)
		}
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", want, err)
				break
			}
		}
	}
}
