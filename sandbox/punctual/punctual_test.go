package punctual

import (
	"testing"
	"time"
)

// How much later than asked it returns depends on the machine and is not looked at.
func TestUntilIsNeverEarly(t *testing.T) {
	for _, d := range []time.Duration{-time.Second, 0, time.Microsecond, time.Millisecond, Stretch} {
		at := time.Now().Add(d)
		Until(at)
		if early := time.Until(at); early > 0 {
			t.Errorf("%v: returned %v early", d, early)
		}
	}
}

func TestEarly(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{0: 0, time.Millisecond: 0, Stretch: 0, time.Second: time.Second - Stretch} {
		if got := Early(d); got != want {
			t.Errorf("Early(%v) = %v, want %v", d, got, want)
		}
	}
}
