package theme

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Contrast that WCAG 2 asks for at level AA (§1.4.3 and §1.4.11).
const (
	words = 4.5
	marks = 3.0 // the star, and what only accompanies the cursor's row
)

// token is a colour by its name in the file of a theme.
type token struct{ name, colour string }

// demand is a contrast that some tokens want on each of some grounds.
type demand struct {
	ratio  float64
	tokens []token
	on     []string
}

// demands is all that is written in p, and what it is written on, with the contrast for words, for marks and for what is
// selected.
func (p Palette) demands(words, marks, selected float64) []demand {
	text, dim, strong, faint := token{"text", p.Text}, token{"dim", p.Dim}, token{"strong", p.Strong}, token{"faint", p.Faint}
	good, warn := token{"good", p.Good}, token{"warn", p.Warn}
	hues := []token{text, dim, strong, faint, good, warn, {"accent", p.Accent}, {"error", p.Error}, {"link", p.Link}}
	for _, c := range p.Quote {
		hues = append(hues, token{"quote", c})
	}
	var accounts []token
	for _, c := range p.Account {
		accounts = append(accounts, token{"account", c})
	}
	hues = append(hues, accounts...)
	return []demand{
		{words, hues, p.grounds()},
		{words, append([]token{text, dim, strong, good, warn}, accounts...), []string{p.Bar}},
		{words, []token{text, dim, strong}, []string{p.Cursor, p.CursorDim}},
		{selected, []token{strong}, []string{p.Selection}},
		{marks, append(hues, token{"star", p.Star}), []string{p.Cursor, p.CursorDim, p.Bar}},
	}
}

// grounds are what p may stand on: its own, or those that terminals usually have.
func (p Palette) grounds() []string {
	switch {
	case p.Background != "":
		return []string{p.Background}
	case p.Dark:
		return []string{"#000000", "#121212", "#1e1e1e"}
	}
	return []string{"#ffffff", "#fafaf7"}
}

// Pale says of each token that is hard to read, somewhere, the least contrast it has and how much it wants.
func (p Palette) Pale() []string {
	var names []string
	least := map[string]float64{}
	wanted := map[string]float64{}
	for _, d := range p.demands(words, marks, words) {
		for _, t := range d.tokens {
			for _, ground := range d.on {
				got, known := contrast(t.colour, ground)
				if !known || got >= d.ratio {
					continue
				}
				if !slices.Contains(names, t.name) {
					names = append(names, t.name)
				}
				if before, ok := least[t.name]; !ok || got < before {
					least[t.name], wanted[t.name] = got, d.ratio
				}
			}
		}
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%s has %.1f of %g", name, math.Floor(least[name]*10)/10, wanted[name])
	}
	return names
}

// contrast is the contrast ratio of two colours, from 1 to 21; false: one is the terminal's own.
func contrast(a, b string) (float64, bool) {
	if a == "" || b == "" {
		return 0, false
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05), true
}

// luminance is the relative luminance of "#rrggbb" in sRGB.
func luminance(colour string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 24)
	if err != nil {
		return 0 // the configuration lets no such colour in
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
