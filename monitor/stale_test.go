package monitor

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A result that nothing followed for three intervals says nothing of now: neither metrics nor
// page nor JSON show it as if it did.
func TestAnOldResultIsNotShownAsCurrent(t *testing.T) {
	list := targets(3)
	for _, tt := range []struct {
		name     string
		wait     time.Duration
		fresh    int // endpoints that have a new result after that
		ups, old int
		headline string
	}{
		{"just probed", 0, 0, 3, 0, "All 3 active endpoints are up"},
		{"three intervals", 3 * time.Minute, 0, 3, 0, "All 3 active endpoints are up"},
		{"longer", 3*time.Minute + time.Second, 0, 0, 3, "Nothing is known any more about 3 active endpoints: no result is recent"},
		{"one is probed", 4 * time.Minute, 1, 1, 2, "1 of 3 active endpoints is up, 2 are unknown"},
		{"all are", 4 * time.Minute, 3, 3, 0, "All 3 active endpoints are up"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, c := monitorOf(t, list, nil)
			for _, x := range list {
				feed(t, m, okObservation(x, c.Now()))
			}
			expose(t, m)
			c.Advance(tt.wait)
			for _, x := range list[:tt.fresh] {
				feed(t, m, okObservation(x, c.Now()))
			}
			text := expose(t, m)
			if n := strings.Count(text, "\nendpoint_up{"); n != tt.ups {
				t.Errorf("endpoint_up is there %d times, want %d", n, tt.ups)
			}
			if want := "\nprober_endpoints_stale " + string(rune('0'+tt.old)) + "\n"; !strings.Contains(text, want) {
				t.Errorf("no %q", want)
			}
			old := 0
			for _, s := range m.Statuses() {
				if s.Stale {
					old++
				}
				if s.Stale != (s.AgeSeconds > 180) {
					t.Errorf("%s is %v s old, stale: %v", s.ID, s.AgeSeconds, s.Stale)
				}
			}
			if old != tt.old {
				t.Errorf("%d are stale, want %d", old, tt.old)
			}
			page := get(t, m, "/").Body.String()
			unknown := 0
			for _, caption := range regexp.MustCompile(`active endpoints? up(?:, (\d) unknown)?<`).FindAllStringSubmatch(page, -1) {
				n, _ := strconv.Atoi(caption[1])
				unknown += n
			}
			if unknown != tt.old {
				t.Errorf("the tables say that %d are unknown, want %d", unknown, tt.old)
			}
			if n := strings.Count(page, "<td class=\"for\"><time"); n != 3-tt.old {
				t.Errorf("%d rows say for how long it is so, want %d", n, 3-tt.old)
			}
			if !strings.Contains(page, tt.headline) || strings.Count(page, "was ok</td>") != tt.old {
				t.Errorf("the page does not say %q, or shows %d rows as past", tt.headline, strings.Count(page, "was ok</td>"))
			}
		})
	}
}
