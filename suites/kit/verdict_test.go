package kit

import (
	"errors"
	"testing"

	"prober/probe/reason"
	"prober/report"
)

func brokenBy(expected, got string) Verdict {
	return Verdict{Outcome: report.Fail, Message: "expected " + expected + "\n  " + got, Mismatch: Mismatch{Expected: expected, Got: got, Reason: reason.VerifyNotAPI}}
}

func untoldFor(why string) Verdict { return undecided(CannotTell(why)) }

// Broken beats untold, untold beats kept; of several, the first.
func TestFold(t *testing.T) {
	good, odd, other, dark, darker := Verdict{Outcome: report.Pass}, brokenBy("a to be so", "1 is odd"), brokenBy("b to be so", "2 is odd"), untoldFor("dark"), untoldFor("darker")
	for name, test := range map[string]struct {
		verdicts []Verdict
		told     bool
		broken   string // what it got; empty for not broken
		untold   string
	}{
		"nothing demanded":   {nil, true, "", ""},
		"kept":               {[]Verdict{good, good}, true, "", ""},
		"one untold":         {[]Verdict{good, dark, darker}, true, "", "dark"},
		"all untold":         {[]Verdict{darker, dark}, false, "", "darker"},
		"one broken":         {[]Verdict{good, odd}, true, "1 is odd", ""},
		"broken after dark":  {[]Verdict{dark, odd}, true, "1 is odd", "dark"},
		"broken before dark": {[]Verdict{odd, dark}, true, "1 is odd", "dark"},
		"two otherwise":      {[]Verdict{other, odd}, true, "2 is odd", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := fold(test.verdicts)
			if f.told != test.told || (f.broken != nil) != (test.broken != "") || (f.untold != nil) != (test.untold != "") {
				t.Fatalf("%+v, want %+v", f, test)
			}
			if f.broken != nil && f.broken.Got != test.broken || f.untold != nil && f.untold.Message != test.untold {
				t.Errorf("broken %+v, untold %+v, want %+v", f.broken, f.untold, test)
			}
		})
	}
}

// Verdicts that say the same of other addresses add their lines to the first, which keeps the
// reason; those that say something else do not, and none is changed.
func TestFoldJoins(t *testing.T) {
	verdicts := []Verdict{brokenBy("a to be so", "1 is odd"), brokenBy("b to be so", "2 is odd"), untoldFor("dark"), brokenBy("a to be so", "3 is odd")}
	verdicts[3].Reason = reason.VerifyBOM
	b := fold(verdicts).broken
	want := Mismatch{Expected: "a to be so", Got: "1 is odd; 3 is odd", Reason: reason.VerifyNotAPI}
	if b.Message != "expected a to be so\n  1 is odd\n  3 is odd" || b.Mismatch != want {
		t.Errorf("%q, %+v", b.Message, b.Mismatch)
	}
	if verdicts[0].Got != "1 is odd" {
		t.Errorf("one was changed: %+v", verdicts[0])
	}
	one := Verdict{Outcome: report.Fail, Message: "so"}
	if b := fold([]Verdict{one, one}).broken; b.Message != "so" {
		t.Errorf("without an expectation: %q", b.Message)
	}
}

// One that is kept is enough; broken is what all can tell to be.
func TestSome(t *testing.T) {
	good, odd, dark := Verdict{Outcome: report.Pass}, brokenBy("a to be so", "1 is odd"), untoldFor("dark")
	for name, test := range map[string]struct {
		verdicts []Verdict
		want     report.Outcome
	}{
		"one kept":       {[]Verdict{odd, dark, good}, report.Pass},
		"one untold":     {[]Verdict{odd, dark, odd}, report.Inconclusive},
		"all broken":     {[]Verdict{odd, brokenBy("a to be so", "2 is odd")}, report.Fail},
		"a single one":   {[]Verdict{dark}, report.Inconclusive},
		"a single other": {[]Verdict{good}, report.Pass},
	} {
		p := some(test.verdicts)
		if p.Outcome != test.want || p.Outcome == report.Fail && p.Got != "1 is odd" {
			t.Errorf("%s: %+v, want %s", name, p, test.want)
		}
	}
}

// Whatever an error says cannot be told; one of the kit says what that comes to.
func TestUndecided(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want Verdict
	}{
		"any error":      {errors.New("odd"), Verdict{Outcome: report.Inconclusive, Message: "odd"}},
		"cannot tell":    {CannotTell("dark"), Verdict{Outcome: report.Inconclusive, Message: "dark"}},
		"not applicable": {NotApplicable("no rule"), Verdict{Outcome: report.NotApplicable, Message: "no rule"}},
		"skip":           {Skip(report.NoKey, "no key"), Verdict{Outcome: report.Skip, Skip: report.NoKey, Message: "no key"}},
	} {
		if got := undecided(test.err); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
