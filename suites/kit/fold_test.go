package kit

import (
	"errors"
	"testing"

	"prober/probe/reason"
	"prober/report"
)

func brokenPiece(expected, got string) piece {
	return piece{answer: broken, message: "expected " + expected + "\n  " + got, Mismatch: Mismatch{Expected: expected, Got: got, Reason: reason.VerifyNotAPI}}
}

func untoldPiece(why string) piece { return undecided(CannotTell(why)) }

// Broken beats untold, untold beats kept; of several, the first.
func TestFold(t *testing.T) {
	good, odd, other, dark, darker := piece{}, brokenPiece("a to be so", "1 is odd"), brokenPiece("b to be so", "2 is odd"), untoldPiece("dark"), untoldPiece("darker")
	for name, test := range map[string]struct {
		pieces []piece
		told   bool
		broken string // what it got; empty for not broken
		untold string
	}{
		"nothing demanded":   {nil, true, "", ""},
		"kept":               {[]piece{good, good}, true, "", ""},
		"one untold":         {[]piece{good, dark, darker}, true, "", "dark"},
		"all untold":         {[]piece{darker, dark}, false, "", "darker"},
		"one broken":         {[]piece{good, odd}, true, "1 is odd", ""},
		"broken after dark":  {[]piece{dark, odd}, true, "1 is odd", "dark"},
		"broken before dark": {[]piece{odd, dark}, true, "1 is odd", "dark"},
		"two otherwise":      {[]piece{other, odd}, true, "2 is odd", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := fold(test.pieces)
			if f.told != test.told || (f.broken != nil) != (test.broken != "") || (f.untold != nil) != (test.untold != "") {
				t.Fatalf("%+v, want %+v", f, test)
			}
			if f.broken != nil && f.broken.Got != test.broken || f.untold != nil && f.untold.message != test.untold {
				t.Errorf("broken %+v, untold %+v, want %+v", f.broken, f.untold, test)
			}
		})
	}
}

// Pieces that say the same of other addresses add their lines to the first, which keeps the
// reason; those that say something else do not, and no piece is changed.
func TestFoldJoins(t *testing.T) {
	pieces := []piece{brokenPiece("a to be so", "1 is odd"), brokenPiece("b to be so", "2 is odd"), untoldPiece("dark"), brokenPiece("a to be so", "3 is odd")}
	pieces[3].Reason = reason.VerifyBOM
	b := fold(pieces).broken
	want := Mismatch{Expected: "a to be so", Got: "1 is odd; 3 is odd", Reason: reason.VerifyNotAPI}
	if b.message != "expected a to be so\n  1 is odd\n  3 is odd" || b.Mismatch != want {
		t.Errorf("%q, %+v", b.message, b.Mismatch)
	}
	if pieces[0].Got != "1 is odd" {
		t.Errorf("a piece was changed: %+v", pieces[0])
	}
	one := piece{answer: broken, message: "so"}
	if b := fold([]piece{one, one}).broken; b.message != "so" {
		t.Errorf("without an expectation: %q", b.message)
	}
}

// One piece that is kept is enough; broken is what all can tell to be.
func TestSome(t *testing.T) {
	good, odd, dark := piece{}, brokenPiece("a to be so", "1 is odd"), untoldPiece("dark")
	for name, test := range map[string]struct {
		pieces []piece
		want   answer
	}{
		"one kept":       {[]piece{odd, dark, good}, kept},
		"one untold":     {[]piece{odd, dark, odd}, untold},
		"all broken":     {[]piece{odd, brokenPiece("a to be so", "2 is odd")}, broken},
		"a single one":   {[]piece{dark}, untold},
		"a single other": {[]piece{good}, kept},
	} {
		p := some(test.pieces)
		if p.answer != test.want || p.answer == broken && p.Got != "1 is odd" {
			t.Errorf("%s: %+v, want %d", name, p, test.want)
		}
	}
}

// Whatever an error says cannot be told; one of the kit says what that comes to.
func TestUndecided(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want piece
	}{
		"any error":      {errors.New("odd"), piece{answer: untold, outcome: report.Inconclusive, message: "odd"}},
		"cannot tell":    {CannotTell("dark"), piece{answer: untold, outcome: report.Inconclusive, message: "dark"}},
		"not applicable": {NotApplicable("no rule"), piece{answer: untold, outcome: report.NotApplicable, message: "no rule"}},
		"skip":           {Skip(report.NoKey, "no key"), piece{answer: untold, outcome: report.Skip, skip: report.NoKey, message: "no key"}},
	} {
		if got := undecided(test.err); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
		if again := undecided(undecided(test.err).error()); again != test.want {
			t.Errorf("%s, carried on: %+v", name, again)
		}
	}
}
