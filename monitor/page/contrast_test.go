package page

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance and contrast are those of WCAG 2.2.
func luminance(hex string) float64 {
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return math.NaN()
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb>>(16-8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// The contrast of every text colour with the ground must be at least 4.5:1 (WCAG 2.2,
// 1.4.3), in both schemes.
func TestContrast(t *testing.T) {
	schemes := strings.SplitN(string(pageCSS), "@media (prefers-color-scheme: dark)", 2)
	if len(schemes) != 2 {
		t.Fatal("no dark scheme")
	}
	variable := regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6});`)
	for i, css := range schemes {
		colors := map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(css, -1) {
			colors[m[1]] = m[2]
		}
		for _, name := range []string{"text", "note", "link", "ok", "degraded", "fail", "unknown"} {
			for _, ground := range []string{"ground", "tint"} {
				if c := contrast(colors[name], colors[ground]); !(c >= 4.5) {
					t.Errorf("scheme %d: %s on %s has a contrast of %.1f", i, name, ground, c)
				}
			}
		}
	}
}
