package monitor

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"prober/monitor/fixture"
	"prober/probe/reason"
)

// toldBy is the text of the page as somebody reads it who knows nothing else: its headline, and what it
// says before the list of endpoints, with single blanks.
func toldBy(t *testing.T, m *Monitor, path string) (headline, causes string) {
	t.Helper()
	body := get(t, m, path).Body.String()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var text func(n *html.Node) string
	text = func(n *html.Node) string {
		if n.Type == html.TextNode {
			return n.Data
		}
		var b strings.Builder
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			b.WriteString(text(c))
		}
		return b.String()
	}
	for n := range doc.Descendants() {
		switch n.Data {
		case "h1":
			headline = strings.Join(strings.Fields(text(n)), " ")
		case "body":
			causes, _, _ = strings.Cut(strings.Join(strings.Fields(text(n)), " "), " Endpoints Product ")
		}
	}
	return headline, causes
}

// Three endpoints break, then a whole region, then the resolver, and all is mended: each time the page tells
// just that, with whose fault it is, since when, and how to see it.
func TestStories(t *testing.T) {
	g := fixture.NewGround(t)
	const unasked = " What cannot be told now ○ kms/us-east-1/vpc: prober/private_network "
	steps := []struct {
		name, faults string
		headline     string
		tells        []string // in this order
		never        []string
	}{
		{
			"all is well", "", "● 6 of 7 active endpoints are up, 1 is unknown",
			[]string{"0 fail", "6 ok", "1 unknown", unasked},
			[]string{"What is wrong now", "suspected"},
		},
		{
			"three endpoints", "ecs/cn-hongkong/public=cert_expired kms/us-east-1/public=connect_refused gaap/na-ashburn/public=server_error",
			"■ 3 of 7 active endpoints are down: ecs/cn-hongkong/public, gaap/na-ashburn/public, kms/us-east-1/public (3 reasons)",
			[]string{"3 fail", "What is wrong now", "■ kms/us-east-1/public: connect/refused Since 2026-03-01 08:0", "Usually the endpoint's fault. What to do: ", "See for yourself: curl", "■ ecs/cn-hongkong/public: tls/cert_expired", "What to do: renew the certificate", "openssl s_client -connect 127.0.0.1:", "■ gaap/na-ashburn/public: verify/server_error", "See for yourself: curl", "/?Action=DescribeAccessRegions&Version=2018-05-29'", unasked},
			[]string{"suspected"},
		},
		{
			"a region", "ecs/cn-hongkong/public=connect_refused kms/cn-hongkong/public=connect_refused",
			"■ 2 of 7 active endpoints are down: both endpoints of cn-hongkong (connect/refused)",
			[]string{"2 fail", "What is wrong now", "■ Both endpoints of cn-hongkong: connect/refused Since 2026-03-01 08:0", "Usually the endpoint's fault. What to do: ", "See for yourself: curl", "ecs/cn-hongkong/public, kms/cn-hongkong/public", unasked},
			[]string{"suspected", "tls/cert_expired", "us-east-1/public", "one after another"},
		},
		{
			"the resolver", "ecs/us-east-1/public=resolver_unavailable_servfail",
			"○ The prober's own resolver or network is suspected: no name resolves, so nothing can be told about 7 endpoints; 2 were down when that could last be told",
			[]string{"is suspected. No name resolves.", "Look at --resolver or resolv.conf", "0 fail", "7 unknown", "What cannot be told now ○ All 7 endpoints: prober/resolver_unavailable", " Since 2026-03-01 08:0", "Usually the ", " fault. What to do: look at ", "answered SERVFAIL", "See for yourself: dig"},
			[]string{"What is wrong now", "known yet"},
		},
		{
			"all is well again", "", "● 6 of 7 active endpoints are up, 1 is unknown",
			[]string{"0 fail", "6 ok", unasked},
			[]string{"What is wrong now", "suspected"},
		},
	}
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		r := newPlay(t, g, scenario{}, g.Cloud.Resolvers(), func(c *Config) { c.Detail = detail })
		for _, s := range steps {
			t.Run(fmt.Sprint(detail, ", ", s.name), func(t *testing.T) {
				g.Heal(t)
				g.Break(t, s.faults)
				r.round(t, 0)
				r.round(t, 0)
				headline, text := toldBy(t, r.m, "/")
				if headline != s.headline {
					t.Errorf("headline %q, want %q", headline, s.headline)
				}
				rest := text
				for _, want := range s.tells {
					_, after, found := strings.Cut(rest, want)
					if !found {
						t.Errorf("%q does not come, or too early, in:\n%s", want, text)
						break
					}
					rest = after
				}
				for _, word := range s.never {
					if strings.Contains(text, word) {
						t.Errorf("%q is in:\n%s", word, text)
					}
				}
			})
		}
	}
}

// An outage of the resolver is one story, though controls have shown it for some endpoints only.
func TestASuspicionIsOneStory(t *testing.T) {
	list := ofProviders("aabb")
	m, c := monitorOf(t, list, nil)
	for i, x := range list {
		r := reason.ResolveServFail
		if i == 3 {
			r = reason.ProberResolverUnavailable
		}
		feed(t, m, badObservation(x, c.Now(), r))
	}
	if _, text := toldBy(t, m, "/"); !strings.Contains(text, "What cannot be told now ○ All 4 endpoints: prober/resolver_unavailable ") || strings.Contains(text, "prober/vantage_offline") {
		t.Errorf("%s", text)
	}
}

// Endpoints that broke at different times are not told as one event.
func TestAStoryThatGrows(t *testing.T) {
	list := targets(3)
	m, c := monitorOf(t, list, nil)
	for i, x := range list {
		feed(t, m, okObservation(x, c.Now()))
		if i < 2 {
			c.Advance(10 * time.Minute)
			for _, down := range list[:i+1] {
				feed(t, m, badObservation(down, c.Now(), reason.VerifyServerError))
			}
		}
	}
	if _, text := toldBy(t, m, "/"); !strings.Contains(text, "verify/server_error From 2026-03-01 08:10:00 UTC (10 min) to 2026-03-01 08:20:00 UTC, one after another.") {
		t.Errorf("%s", text)
	}
}

// A filter leaves out what is wrong elsewhere, and takes nothing from what it shows, nor from the headline.
func TestAFilterDoesNotChangeTheStory(t *testing.T) {
	m := scene(t, nil)
	headline, _ := toldBy(t, m, "/")
	filtered, text := toldBy(t, m, "/?product=kms")
	if filtered != headline {
		t.Errorf("%q, without a filter %q", filtered, headline)
	}
	if strings.Contains(text, ": tls/cert_expired") || !strings.Contains(text, "kms/cn-hangzhou/public: headers/bare_lf") {
		t.Errorf("the filter does not hold for what is wrong:\n%s", text)
	}
}

// Every link of the page leads to what it says: all that it filters by is known.
func TestLinksOfThePageLeadSomewhere(t *testing.T) {
	m := scene(t, nil)
	links := regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(get(t, m, "/?state=fail").Body.String(), -1)
	if len(links) < 10 {
		t.Fatalf("%d links", len(links))
	}
	for _, link := range links {
		path := html.UnescapeString(link[1])
		w := get(t, m, "/"+strings.TrimPrefix(path, "./"))
		if path != "-/ready" && w.Code >= 400 || strings.Contains(w.Body.String(), "No endpoint fits") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// What was wrong when an endpoint was last looked at, long ago, is not told as what is wrong now.
func TestAnOldStoryIsNotTold(t *testing.T) {
	list := targets(3)
	m, c := monitorOf(t, list, nil)
	feed(t, m, badObservation(list[0], c.Now(), reason.VerifyServerError))
	c.Advance(4 * time.Minute)
	for _, x := range list[1:] {
		feed(t, m, okObservation(x, c.Now()))
	}
	headline, text := toldBy(t, m, "/")
	if headline != "○ 2 of 3 active endpoints are up, 1 is unknown; 1 was down when that could last be told" || strings.Contains(text, "What is wrong now") || !strings.Contains(text, "the last result of 1 endpoint is older than 3 min") {
		t.Errorf("%q\n%s", headline, text)
	}
	c.Advance(4 * time.Minute)
	if headline, _ = toldBy(t, m, "/"); headline != "○ Nothing is known any more about 3 active endpoints: no result is recent; 1 was down when that could last be told" {
		t.Errorf("%q", headline)
	}
	if body := get(t, m, "/?state=fail").Body.String(); !strings.Contains(body, "No endpoint of 3 fits the filter") {
		t.Error("the filter takes an old result for one of now")
	}
}
