package session_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"prober/session"
)

// A closed world is read and written; one that cannot be meant is refused by name.
func TestParseWorld(t *testing.T) {
	const text = "public=127.0.0.0/24,public=::1/128,private=127.1.0.0/16"
	public, private, err := session.ParseWorld(text)
	if err != nil || len(public) != 2 || len(private) != 1 {
		t.Fatalf("%v, %v, %v", public, private, err)
	}
	if got := session.WorldOf(public, private); got != text {
		t.Errorf("written %q, want %q", got, text)
	}
	if public, private, err := session.ParseWorld(""); err != nil || public != nil || private != nil {
		t.Errorf("the internet: %v, %v, %v", public, private, err)
	}
	for _, c := range []struct{ text, want string }{
		{"127.0.0.0/24", "public=PREFIX"},
		{"own=127.0.0.0/24", "own=127.0.0.0/24"},
		{"public=127.0.0.1", "public=127.0.0.1"},
		{"public=127.0.0.1/24", "public=127.0.0.0/24"},
		{"public=127.0.0.0/8,private=127.1.0.0/16", "overlap"},
		{"public=127.0.0.0/24,", "want public=PREFIX"},
		{"public=127.0.0.0/24,public=127.0.0.0/24", "127.0.0.0/24 is given twice"},
		{"public=127.0.0.0/24,private=127.0.0.0/24", "127.0.0.0/24 is given twice"},
		{"public=::ffff:127.0.0.0/120", "want public=127.0.0.0/24"},
	} {
		var usage *session.UsageError
		if _, _, err := session.ParseWorld(c.text); !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--world") {
			t.Errorf("%q: %v, want a usage error with %q", c.text, err, c.want)
		}
	}
}

// What is read is written, and read again as the same; nothing is public and private.
func FuzzParseWorld(f *testing.F) {
	for _, seed := range []string{"public=127.0.0.0/24,private=127.1.0.0/16", "public=::1/128", "private=0.0.0.0/0, public=::/0", "public=::ffff:1.2.3.4/128", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		public, private, err := session.ParseWorld(text)
		if err != nil {
			return
		}
		again, their, err := session.ParseWorld(session.WorldOf(public, private))
		if err != nil || !slices.Equal(again, public) || !slices.Equal(their, private) {
			t.Fatalf("%q: %v %v, again %v %v (%v)", text, public, private, again, their, err)
		}
		for _, p := range private {
			if slices.ContainsFunc(public, p.Overlaps) {
				t.Fatalf("%q: %s is public and private", text, p)
			}
		}
	})
}

// A prober in a closed world dials nothing outside of it, and takes no other permission.
func TestWorld(t *testing.T) {
	c, err := choose(t, "-world", "public=127.0.0.0/24,private=127.1.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	g := c.Config.Guard
	if len(g.Public) != 1 || len(g.Private) != 1 || g.AllowPrivate {
		t.Errorf("guard %+v, want the closed world", g)
	}
	for _, other := range []string{"-allow-private", "-sandbox"} {
		if _, err := choose(t, other, "-world", "public=127.0.0.0/24"); err == nil || !strings.Contains(err.Error(), "-"+other+" and --world exclude each other") &&
			!strings.Contains(err.Error(), "--world and -"+other+" exclude each other") {
			t.Errorf("with %s: %v", other, err)
		}
	}
}
