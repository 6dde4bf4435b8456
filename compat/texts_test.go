package compat_test

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// samples is how many random inputs each comparison of signatures takes.
const samples = 1000

// newRandom returns a source that gives the same inputs at every run.
func newRandom() *rand.Rand { return rand.New(rand.NewPCG(20140526, 20180529)) }

// scripts are the ranges that random texts are drawn from: what the encodings treat apart,
// and writing of one to four bytes a character.
func scripts() [][2]rune {
	return [][2]rune{
		{0x00, 0x1F},       // control characters
		{' ', '~'},         // ASCII, with every reserved character
		{'!', '/'},         // and these more often: & + % * / and others
		{0x7F, 0xFF},       // Latin-1
		{0x300, 0x36F},     // combining marks
		{0x590, 0x6FF},     // Hebrew and Arabic
		{0x3040, 0x30FF},   // kana
		{0x4E00, 0x9FFF},   // Han
		{0xAC00, 0xD7A3},   // Hangul
		{0xE000, 0xFFFF},   // private use, U+FEFF, U+FFFD, noncharacters
		{0x1F300, 0x1FAFF}, // emoji
		{0x20000, 0x2A6DF}, // Han beyond 16 bits
	}
}

// randomText returns UTF-8 text of least to most characters.
func randomText(r *rand.Rand, least, most int) string {
	text := make([]rune, least+r.IntN(most-least+1))
	all := scripts()
	for i := range text {
		span := all[r.IntN(len(all))]
		text[i] = span[0] + r.Int32N(span[1]-span[0]+1)
	}
	return string(text)
}

// randomParams returns up to most parameters with names and values of random text; values
// may be empty.
func randomParams(r *rand.Rand, most int) map[string]string {
	params := make(map[string]string)
	for range r.IntN(most + 1) {
		params[randomText(r, 1, 8)] = randomText(r, 0, 24)
	}
	return params
}

// randomWord returns n letters and digits, as keys are made of.
func randomWord(r *rand.Rand, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	word := make([]byte, n)
	for i := range word {
		word[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(word)
}

// randomToken returns the token of a temporary key, or none as often.
func randomToken(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return ""
	}
	// The sign characters of base64 are those that the encodings differ about.
	return randomWord(r, 40) + "+/=" + randomWord(r, 4) + "=="
}

func TestRandomTexts(t *testing.T) {
	one, two := newRandom(), newRandom()
	widths := map[int]int{}
	for range samples {
		text := randomText(one, 0, 24)
		if text != randomText(two, 0, 24) {
			t.Fatal("the same seed gave other texts")
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
		for _, c := range text {
			widths[utf8.RuneLen(c)]++
		}
	}
	for width := 1; width <= 4; width++ {
		if widths[width] < samples {
			t.Errorf("%d characters of %d bytes in %d texts", widths[width], width, samples)
		}
	}
}
