package theme

import (
	"fmt"
	"reflect"
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
			words, marks := words, marks
			if strings.HasPrefix(p.Name, "contrast") {
				words, marks = 7, 4.5
			}
			for _, d := range p.demands(words, marks, 7) {
				for _, fg := range d.tokens {
					for _, bg := range d.on {
						if got, known := contrast(fg.colour, bg); known && got < d.ratio {
							t.Errorf("%s %s on %s has %.2f to 1, not %.1f", fg.name, fg.colour, bg, got, d.ratio)
						}
						if got, known := contrast(nearest(fg.colour), nearest(bg)); known && got < min(d.ratio, 4.5)-0.6 {
							t.Errorf("%s %s on %s has %.2f to 1 in 256 colours, not about %.1f", fg.name, fg.colour, bg, got, min(d.ratio, 4.5))
						}
					}
				}
			}
			if words == 4.5 && len(p.Pale()) > 0 {
				t.Errorf("it is called pale: %v", p.Pale())
			}
		})
	}
}

// TestWhatIsPaleIsNamed: each token once, with the worst of its grounds and what it wants there.
func TestWhatIsPaleIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Palette)
		want   string
	}{
		"nothing":            {func(*Palette) {}, ""},
		"words":              {func(p *Palette) { p.Dim = "#555555" }, "dim has 1.5 of 4.5"},
		"one of several":     {func(p *Palette) { p.Quote[1], p.Quote[2] = "#777777", "#666666" }, "quote has 1.9 of 3"},
		"a mark":             {func(p *Palette) { p.Star = "#666666" }, "star has 1.9 of 3"},
		"a ground":           {func(p *Palette) { p.Selection = "#cccccc" }, "strong has 1.6 of 4.5"},
		"the terminal's own": {func(p *Palette) { p.Text = "" }, ""},
		"on its own ground":  {func(p *Palette) { p.Background, p.Faint = "#777777", "#888888" }, "dim has"},
	} {
		p := Palettes[0]
		c.change(&p)
		if got := strings.Join(p.Pale(), ", "); !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
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
		if th := For(p.Name, nil, Unknown, Many); th.Dark != p.Dark || i > 1 && th.Ground.as.GetBackground() != lipgloss.Color(p.Background) {
			t.Errorf("%s: dark %v on %v", p.Name, th.Dark, th.Ground.as.GetBackground())
		}
	}
}

func TestTheThemeFitsTheTerminal(t *testing.T) {
	coloured := func(th *Theme) bool { return th.Error.as.GetForeground() != (lipgloss.NoColor{}) }
	ground := func(th *Theme) string {
		c := th.Ground.as.GetBackground()
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
		"sixteen colours":     {For("paper", nil, Dark, Sixteen), true, true, ""},
		"sixteen on light":    {For("dark", nil, Light, Sixteen), false, true, ""},
		"NO_COLOR":            {For("paper", nil, Dark, None), false, false, ""},
		"mono":                {For("mono", nil, Dark, Many), false, false, ""},
	} {
		if c.got.Dark != c.dark || ground(c.got) != c.background || coloured(c.got) != c.coloured {
			t.Errorf("%s: dark %v on %q, colours %v", name, c.got.Dark, ground(c.got), coloured(c.got))
		}
	}
	for _, th := range []*Theme{For(Auto, nil, Dark, Sixteen), Mono()} {
		if !th.Cursor.as.GetReverse() || !th.Chosen.as.GetReverse() {
			t.Error("the cursor's row is not marked without colours")
		}
	}
}

// TestNothingOfYellowOrCyanIsWrittenOnWhite: which ones the sixteen colours are nobody knows, but these two are pale.
func TestNothingOfYellowOrCyanIsWrittenOnWhite(t *testing.T) {
	th := For(Auto, nil, Light, Sixteen)
	for name, s := range map[string]Style{"accent": th.Accent, "key": th.HintKey, "star": th.Star, "warn": th.Warn, "link": th.Link, "hunk": th.DiffHunk,
		"quote": th.Quote[0], "first account": th.Account[0], "second account": th.Account[1]} {
		if c := s.as.GetForeground(); c == lipgloss.ANSIColor(3) || c == lipgloss.ANSIColor(6) {
			t.Errorf("%s is of colour %v", name, c)
		}
	}
}

// TestNoPatchesInReverseVideo: a hue on it would be a ground, and what is faint would fade.
func TestNoPatchesInReverseVideo(t *testing.T) {
	th := For(Auto, nil, Dark, Sixteen)
	for name, s := range map[string]Style{"star": th.Star, "date": th.Date, "account": th.Account[0]} {
		if on := s.On(th.Cursor); !on.as.GetReverse() || on.as.GetFaint() || on.as.GetForeground() != (lipgloss.NoColor{}) {
			t.Errorf("%s: reverse %v, faint %v, in %v", name, on.as.GetReverse(), on.as.GetFaint(), on.as.GetForeground())
		}
	}
	if th := New(true); th.Star.On(th.Cursor).as.GetForeground() != th.Star.as.GetForeground() || th.Star.On(th.Cursor).as.GetBackground() != th.Cursor.as.GetBackground() {
		t.Error("a star has not its hue on the cursor's ground")
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
