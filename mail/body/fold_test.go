package body

import (
	"fmt"
	"strings"
	"testing"
)

// folds spells what can be folded in a text: its levels, lines and author.
func folds(text string, width int) string {
	d := Render([]Content{{Raw: []byte(text)}}, Options{Width: width})
	var out []string
	for _, f := range d.Folds() {
		out = append(out, fmt.Sprintf("%d: %d of %q from %q", f.Quote, f.To-f.From, f.Author, d.Lines[f.From].Text()))
	}
	return strings.Join(out, "\n")
}

func TestFoldsAreWhatIsQuotedBeyondWhatWasAnswered(t *testing.T) {
	wrote := "On Thu, 12 Mar 2026 at 10:04, Anna Lindqvist <anna@example.org> wrote:\n"
	for name, c := range map[string]struct{ in, want string }{
		"nothing quoted":        {"a\nb\nc\n", ""},
		"what is answered":      {wrote + "> a\n> b\n> c\n\nyes\n", ""},
		"what nobody answers":   {"yes\n\n" + wrote + "> a\n> b\n>\n> c\n", `1: 4 of "Anna Lindqvist" from "a"`},
		"above a signature":     {"yes\n\n" + wrote + "> a\n> b\n> c\n\n-- \nme\n", `1: 3 of "Anna Lindqvist" from "a"`},
		"too short":             {"yes\n\n" + wrote + "> a\n> b\n", ""},
		"older levels":          {"> Tomás wrote:\n>> a\n>> b\n>> c\n>\n> d\nyes\n", `2: 3 of "Tomás" from "a"`},
		"a long one":            {wrote + strings.Repeat("> a\n", 30) + "yes\n", `1: 22 of "Anna Lindqvist" from "a"`},
		"behind a blank line":   {"yes\n\n" + wrote + "\n> a\n> b\n\n> c\n", `1: 4 of "Anna Lindqvist" from "a"`},
		"of somebody":           {"yes\n\n> a\n> b\n> c\n", `1: 3 of "" from "a"`},
		"a message in full":     {"yes\n\n-----Original Message-----\nFrom: b\n\nc\nd\n", `1: 4 of "" from "From: b"`},
		"two that are answered": {"> a\n> b\n> c\nyes\n> d\n> e\n> f\nno\n> g\n> h\n> i\n", `1: 3 of "" from "g"`},
	} {
		if got := folds(c.in, 60); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestAFoldKeepsItsNumberAtEveryWidth(t *testing.T) {
	in := "> Ann wrote:\n>> one two three four five six seven\n> x\nyes\n\n>> a\n>> b\n>> c\n> d\nyes\n\nAnn wrote:\n> a\n> b\n> c\n"
	last := map[int]int{}
	for _, width := range []int{20, 40, 120} {
		d := Render([]Content{{Raw: []byte(in)}}, Options{Width: width})
		all := d.Folds()
		if len(all) < 2 {
			t.Fatalf("%d folds at width %d", len(all), width)
		}
		for back := 1; back <= 2; back++ {
			if id := all[len(all)-back].ID; last[back] != 0 && last[back] != id {
				t.Errorf("fold %d from the end is number %d at width %d, %d before", back, id, width, last[back])
			} else {
				last[back] = id
			}
		}
	}
}

func TestTheAuthorOfAQuoteIsRead(t *testing.T) {
	for in, want := range map[string]string{
		"On Thu, 12 Mar 2026 10:04:05 +0100, Anna Lindqvist wrote:":                     "Anna Lindqvist",
		"On Thursday, March 12th, 2026 at 10:04 AM, Anna Lindqvist <anna@x.org> wrote:": "Anna Lindqvist",
		"Am 12.03.26 um 10:04 schrieb Jörg Brandt:":                                     "Jörg Brandt",
		"Am Do., 12. März 2026 um 10:04 Uhr schrieb Jörg Brandt <j@x.org>:":             "Jörg Brandt",
		"Le jeu. 12 mars 2026 à 10:04, Zoé Petit <zoe@x.org> a écrit :":                 "Zoé Petit",
		"El jue, 12 mar 2026 a las 10:04, Inés Vega (<ines@x.org>) escribió:":           "Inés Vega",
		"Anna Lindqvist writes:":                                    "Anna Lindqvist",
		`"Lindqvist, Anna" <anna@x.org> wrote on Thu, 12 Mar 2026:`: "Lindqvist, Anna",
		"anna@example.org wrote:":                                   "",
		"The list of what she said is this, and it is longer than any name that I know of:": "",
		"Look here:": "",
	} {
		if got := authorOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
