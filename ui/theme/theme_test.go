package theme

import (
	"math"
	"strconv"
	"testing"
)

// TestContrast: whatever is written in a hue can be read on a usual background of its theme and on the bars that the
// theme lays under it: 4.5 to 1 for words, and 3 to 1 for the star and for what only accompanies the cursor's row
// (WCAG 2 §1.4.3 and §1.4.11).
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name  string
		p     palette
		plain []string
	}{
		{"dark", dark, []string{"#000000", "#1e1e1e"}},
		{"light", light, []string{"#ffffff", "#fafaf7"}},
	} {
		p := c.p
		words := []string{p.dim, p.accent, p.strong, p.good, p.warn, p.err, p.link}
		words = append(append(words, p.quote[:]...), p.account[:]...)
		check := func(at float64, colours, grounds []string) {
			t.Helper()
			for _, fg := range colours {
				for _, bg := range grounds {
					if got := contrast(fg, bg); got < at {
						t.Errorf("%s: %s on %s has %.2f to 1, not %.1f", c.name, fg, bg, got, at)
					}
				}
			}
		}
		check(4.5, append(words, p.faint), c.plain)
		check(4.5, []string{p.dim, p.strong, p.good, p.warn}, []string{p.bar})
		check(4.5, []string{p.dim, p.strong}, []string{p.cursor, p.cursorDim})
		check(7, []string{p.strong}, []string{p.chosen})
		check(3, append(words, p.faint, p.star), []string{p.cursor, p.cursorDim, p.bar})
	}
}

// contrast is the contrast ratio of two colours, from 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of "#rrggbb" in sRGB.
func luminance(colour string) float64 {
	n, err := strconv.ParseUint(colour[1:], 16, 24)
	if err != nil {
		panic(err)
	}
	linear := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
