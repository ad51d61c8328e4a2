package theme

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Palette is the handful of hues that a theme is made of: "#rrggbb", or "" for the terminal's own. What is written in
// any of ours can be read on its grounds: WCAG 2 AA, held by a test. Only Rule is for lines, not for words.
type Palette struct {
	Name string `toml:"-"`
	Dark bool   `toml:"dark"` // light words on dark ground

	Background string `toml:"background"` // of everything
	Text       string `toml:"text"`
	Strong     string `toml:"strong"` // unread mail, headings, titles
	Dim        string `toml:"dim"`    // what accompanies: dates, previews
	Faint      string `toml:"faint"`  // what is there for completeness: signatures
	Accent     string `toml:"accent"` // keys, marks
	Rule       string `toml:"rule"`

	Cursor    string `toml:"cursor"`     // ground of the row one is on
	CursorDim string `toml:"cursor_dim"` // the same in a pane without focus
	Bar       string `toml:"bar"`        // ground of the title line
	Selection string `toml:"selection"`  // ground of selected text

	Good  string `toml:"good"`
	Warn  string `toml:"warn"`
	Error string `toml:"error"`
	Star  string `toml:"star"`
	Link  string `toml:"link"`

	Quote   [4]string `toml:"quote"`   // by level, repeating
	Account [6]string `toml:"account"` // one for each account, in order
}

// Auto is the name for what the terminal's background asks for.
const Auto = "auto"

// Palettes are those built in. The first two leave the ground and the words to the terminal. The cursor of light
// terminals is one of the 256 colours, since what is near it there is lavender.
var Palettes = []Palette{
	{
		Name: "dark", Dark: true, Dim: "#a8adb6", Faint: "#8a8e96", Rule: "#5c6068", Accent: "#e8b04b", Strong: "#ffffff",
		Cursor: "#333a46", CursorDim: "#292b2f", Bar: "#1f242d", Selection: "#2f4f75",
		Good: "#8fbf7f", Warn: "#e8b04b", Error: "#ef7a6d", Star: "#f2c14e", Link: "#7fb4e6",
		Quote:   [4]string{"#7fb4a6", "#b39ddb", "#d6a77a", "#8aa0c0"},
		Account: [6]string{"#7fb4e6", "#e8a06f", "#8fbf7f", "#c792ea", "#6fc7c1", "#e58fb1"},
	},
	{
		Name: "light", Dim: "#4d5663", Faint: "#6c6c6c", Rule: "#a0a4ab", Accent: "#8f5a09", Strong: "#000000",
		Cursor: "#afd7ff", CursorDim: "#e6e8ea", Bar: "#ecebe6", Selection: "#afd7ff",
		Good: "#2a702d", Warn: "#8f5a09", Error: "#b93426", Star: "#96680a", Link: "#1f5fa8",
		Quote:   [4]string{"#1f6d62", "#6a4fb3", "#8f5519", "#42618f"},
		Account: [6]string{"#1f5fa8", "#a44c15", "#2a702d", "#8435b5", "#0d6c68", "#b0356b"},
	},
	{
		Name: "harbour", Dark: true, Background: "#0f1a24", Text: "#d5dee6", Dim: "#9fb0bf", Faint: "#8a9aa8", Rule: "#3d4f5f",
		Accent: "#f0b862", Strong: "#ffffff", Cursor: "#262f38", CursorDim: "#182733", Bar: "#152431", Selection: "#1f4a68",
		Good: "#8ccf9b", Warn: "#f0b862", Error: "#ff8b7e", Star: "#ffd166", Link: "#79c0ff",
		Quote:   [4]string{"#7cc5b8", "#b6a6f0", "#e0b084", "#90aed0"},
		Account: [6]string{"#79c0ff", "#f0a878", "#8ccf9b", "#d0a2f7", "#6fd0cc", "#f29bbd"},
	},
	{
		Name: "ember", Dark: true, Background: "#1d1714", Text: "#e8ddd0", Dim: "#bfae9a", Faint: "#a39481", Rule: "#57493e",
		Accent: "#ffb454", Strong: "#fff6ea", Cursor: "#432f22", CursorDim: "#2b221c", Bar: "#29201a", Selection: "#5c3a20",
		Good: "#b3c67a", Warn: "#ffb454", Error: "#ff8f73", Star: "#ffd070", Link: "#8ec7d2",
		Quote:   [4]string{"#a9c08f", "#d5b0d8", "#e3b07c", "#a9b8c9"},
		Account: [6]string{"#8ec7d2", "#f2a36b", "#b3c67a", "#dcaee0", "#8fcfb5", "#f09aa8"},
	},
	{
		Name: "paper", Background: "#faf6ec", Text: "#2b2722", Dim: "#57503f", Faint: "#6a6250", Rule: "#cfc6b0",
		Accent: "#844f00", Strong: "#14110d", Cursor: "#f0dfae", CursorDim: "#f1eada", Bar: "#efe8d6", Selection: "#e8cf8f",
		Good: "#3a6b21", Warn: "#844f00", Error: "#a83220", Star: "#8f6400", Link: "#1c5a92",
		Quote:   [4]string{"#1f6b5a", "#6b4a9e", "#86500f", "#41608a"},
		Account: [6]string{"#1c5a92", "#8a3f10", "#3a6b21", "#6f2f8a", "#0f6a66", "#8f2b57"},
	},
	{
		Name: "frost", Background: "#f4f7fa", Text: "#1f2933", Dim: "#4a5866", Faint: "#5b6874", Rule: "#c3ced8",
		Accent: "#0f5f8c", Strong: "#000000", Cursor: "#c0e2f7", CursorDim: "#e4ecf3", Bar: "#e6edf3", Selection: "#b3d7f2",
		Good: "#1f6b3a", Warn: "#85500a", Error: "#b3261e", Star: "#8f6400", Link: "#1d4ed8",
		Quote:   [4]string{"#17695f", "#5b4bb0", "#8a5213", "#3f628c"},
		Account: [6]string{"#1d5fb0", "#a1490f", "#1f6b3a", "#8033b0", "#0b6a6a", "#b02f66"},
	},
	{
		Name: "contrast-dark", Dark: true, Background: "#000000", Text: "#ffffff", Dim: "#d6d6d6", Faint: "#c0c0c0", Rule: "#9a9a9a",
		Accent: "#ffd75f", Strong: "#ffffff", Cursor: "#00005f", CursorDim: "#262626", Bar: "#1c1c1c", Selection: "#004f9e",
		Good: "#87ff87", Warn: "#ffd75f", Error: "#ffa0a0", Star: "#ffff5f", Link: "#87d7ff",
		Quote:   [4]string{"#87ffd7", "#d7afff", "#ffc887", "#afd7ff"},
		Account: [6]string{"#87d7ff", "#ffbf87", "#87ff87", "#dfafff", "#5fffff", "#ffafd7"},
	},
	{
		Name: "contrast-light", Background: "#ffffff", Text: "#000000", Dim: "#303030", Faint: "#404040", Rule: "#707070",
		Accent: "#5f3700", Strong: "#000000", Cursor: "#ffe08a", CursorDim: "#e8e8e8", Bar: "#e4e4e4", Selection: "#9fd0ff",
		Good: "#004d14", Warn: "#5f3700", Error: "#8b0000", Star: "#6b4a00", Link: "#00318f",
		Quote:   [4]string{"#004d44", "#45208a", "#5f3700", "#1f3f66"},
		Account: [6]string{"#00318f", "#6e2b00", "#004d14", "#5b1380", "#004a4a", "#7a0f42"},
	},
}

// Names are what theme can be in the configuration, without the user's own.
func Names() []string {
	out := []string{Auto}
	for _, p := range Palettes {
		out = append(out, p.Name)
	}
	return append(out, mono)
}

// Find is the palette of a name, among own first and then among those built in.
func Find(name string, own []Palette) (Palette, bool) {
	for _, list := range [][]Palette{own, Palettes} {
		if i := slices.IndexFunc(list, func(p Palette) bool { return p.Name == name }); i >= 0 {
			return list[i], true
		}
	}
	return Palette{}, false
}

// in256 is p in the nearest of the 256 colours that terminals have in common: 16 to 255. The nearest by red, green and
// blue, since the nearest by eye makes a nearly grey ground blue.
func (p Palette) in256() Palette {
	all := []*string{&p.Background, &p.Text, &p.Strong, &p.Dim, &p.Faint, &p.Accent, &p.Rule, &p.Cursor, &p.CursorDim, &p.Bar, &p.Selection,
		&p.Good, &p.Warn, &p.Error, &p.Star, &p.Link}
	for i := range p.Quote {
		all = append(all, &p.Quote[i])
	}
	for i := range p.Account {
		all = append(all, &p.Account[i])
	}
	for _, c := range all {
		*c = nearest(*c)
	}
	return p
}

// How far the most and the least of red, green and blue are apart: in a colour that means something, which turns into no
// grey, and in one that is meant as a grey, which turns into no hue.
const (
	hued = 60
	grey = 40
)

// nearest is the colour of the cube or of the greys that is nearest to "#rrggbb".
func nearest(c string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(c, "#"), 16, 24)
	if err != nil {
		return c
	}
	best, far := c, uint64(math.MaxUint64)
	red, green, blue := n>>16&0xff, n>>8&0xff, n&0xff
	spread := max(red, green, blue) - min(red, green, blue)
	try := func(r, g, b uint64) {
		if is := r == g && g == b; is && spread >= hued || !is && spread < grey {
			return
		}
		dr, dg, db := r-red, g-green, b-blue
		if d := dr*dr + dg*dg + db*db; d < far {
			best, far = fmt.Sprintf("#%02x%02x%02x", r, g, b), d
		}
	}
	steps := [6]uint64{0, 0x5f, 0x87, 0xaf, 0xd7, 0xff}
	for _, r := range steps {
		for _, g := range steps {
			for _, b := range steps {
				try(r, g, b)
			}
		}
	}
	for v := uint64(8); v <= 238; v += 10 {
		try(v, v, v)
	}
	return best
}
