package theme

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// TestContrast: whatever is written in a hue can be read on a usual background of its theme and on the bars that the
// theme lays under it: 4.5 to 1 for words, and 3 to 1 for the star and for what only accompanies the cursor's row
// (WCAG 2 §1.4.3 and §1.4.11); nearly so in 256 colours. The themes of high contrast have 7 to 1.
func TestContrast(t *testing.T) {
	for _, p := range Palettes {
		t.Run(p.Name, func(t *testing.T) {
			words, marks := 4.5, 3.0
			if strings.HasPrefix(p.Name, "contrast") {
				words, marks = 7, 4.5
			}
			plain := []string{p.Background}
			switch {
			case p.Background == "" && p.Dark:
				plain = []string{"#000000", "#121212", "#1e1e1e"}
			case p.Background == "":
				plain = []string{"#ffffff", "#fafaf7"}
			}
			check := func(at float64, colours, grounds []string) {
				t.Helper()
				for _, fg := range colours {
					for _, bg := range grounds {
						if fg == "" {
							continue // the terminal's own
						}
						if got := contrast(fg, bg); got < at {
							t.Errorf("%s on %s has %.2f to 1, not %.1f", fg, bg, got, at)
						}
						if got := contrast(nearest(fg), nearest(bg)); got < min(at, 4.5)-0.6 {
							t.Errorf("%s on %s has %.2f to 1 in 256 colours, not about %.1f", fg, bg, got, min(at, 4.5))
						}
					}
				}
			}
			hues := []string{p.Text, p.Dim, p.Accent, p.Strong, p.Good, p.Warn, p.Error, p.Link}
			hues = append(append(hues, p.Quote[:]...), p.Account[:]...)
			check(words, append(hues, p.Faint), plain)
			check(words, append([]string{p.Text, p.Dim, p.Strong, p.Good, p.Warn}, p.Account[:]...), []string{p.Bar})
			check(words, []string{p.Text, p.Dim, p.Strong}, []string{p.Cursor, p.CursorDim})
			check(7, []string{p.Strong}, []string{p.Selection})
			check(marks, append(hues, p.Faint, p.Star), []string{p.Cursor, p.CursorDim, p.Bar})
		})
	}
}

func TestPalettesAreWhole(t *testing.T) {
	for i, p := range Palettes {
		if got, ok := Find(p.Name, nil); !ok || got != p {
			t.Errorf("%s is found as %q", p.Name, got.Name)
		}
		if (p.Background == "") != (p.Text == "") {
			t.Errorf("%s: ground and words go together", p.Name)
		}
		bare := p
		bare.Name, bare.Background, bare.Text = "", "x", "x"
		v := reflect.ValueOf(bare)
		for j := range v.NumField() {
			if f := v.Field(j); f.Kind() == reflect.String && f.String() == "" && v.Type().Field(j).Name != "Name" {
				t.Errorf("%s has no %s", p.Name, v.Type().Field(j).Name)
			}
		}
		if th := For(p.Name, nil, Unknown, Many); th.Dark != p.Dark || i > 1 && th.Ground.GetBackground() != lipgloss.Color(p.Background) {
			t.Errorf("%s: dark %v on %v", p.Name, th.Dark, th.Ground.GetBackground())
		}
	}
}

func TestTheThemeFitsTheTerminal(t *testing.T) {
	coloured := func(th *Theme) bool { return th.Error.GetForeground() != (lipgloss.NoColor{}) }
	ground := func(th *Theme) string {
		c := th.Ground.GetBackground()
		if c == (lipgloss.NoColor{}) {
			return ""
		}
		r, g, b, _ := c.RGBA()
		return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	for name, c := range map[string]struct {
		got            *Theme
		dark, coloured bool
		background     string
	}{
		"dark terminal":       {For(Auto, nil, Dark, Many), true, true, ""},
		"light terminal":      {For(Auto, nil, Light, Many), false, true, ""},
		"not known":           {For("gone", nil, Light, Many), false, true, ""},
		"says nothing":        {For(Auto, nil, Unknown, Many), true, true, ""},
		"dark on light":       {For("dark", nil, Light, Many), true, true, "#121212"},
		"light on dark":       {For("light", nil, Dark, Many), false, true, "#ffffff"},
		"light, nothing said": {For("light", nil, Unknown, Many), false, true, ""},
		"own before built in": {For("ember", []Palette{{Name: "ember", Background: "#112233"}}, Dark, Many), false, false, "#112233"},
		"ground of its own":   {For("paper", nil, Dark, Many), false, true, "#faf6ec"},
		"256 colours":         {For("paper", nil, Dark, Some), false, true, "#eeeeee"},
		"sixteen colours":     {For("paper", nil, Dark, Sixteen), false, true, ""},
		"NO_COLOR":            {For("paper", nil, Dark, None), false, false, ""},
		"mono":                {For("mono", nil, Dark, Many), false, false, ""},
	} {
		if c.got.Dark != c.dark || ground(c.got) != c.background || coloured(c.got) != c.coloured {
			t.Errorf("%s: dark %v on %q, colours %v", name, c.got.Dark, ground(c.got), coloured(c.got))
		}
	}
	for _, th := range []*Theme{For(Auto, nil, Dark, Sixteen), Mono()} {
		if !th.Cursor.GetReverse() || !th.Chosen.GetReverse() {
			t.Error("the cursor's row is not marked without colours")
		}
	}
}

// TestWhatHasAHueKeepsItIn256Colours: a green that is as near to a grey says nothing.
func TestWhatHasAHueKeepsItIn256Colours(t *testing.T) {
	for _, p := range Palettes {
		p := p.in256()
		for _, c := range append([]string{p.Good, p.Warn, p.Error, p.Star, p.Link}, p.Account[:]...) {
			if c[1:3] == c[3:5] && c[3:5] == c[5:7] {
				t.Errorf("%s: %s is grey", p.Name, c)
			}
		}
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
