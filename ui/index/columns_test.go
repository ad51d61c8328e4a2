package index

import (
	"slices"
	"testing"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
)

// TestColumnsFillARow: at any width, in any order, of one line or two, with room for the text.
func TestColumnsFillARow(t *testing.T) {
	for _, named := range []screen.Columns{
		screen.UsualColumns, {screen.Subject}, {screen.Date, screen.From, screen.Subject}, {screen.Subject, screen.Size, screen.Account, screen.Date, screen.From},
		{screen.Account, screen.Size, screen.Date, screen.From, screen.Preview, screen.Labels, screen.Subject},
	} {
		for _, roomy := range []bool{false, true} {
			for w := 24; w <= 220; w++ {
				rest, sum, text := screen.Subject, marks, 0
				if roomy {
					rest, text = screen.From, w
				}
				cells := arrange(w, named, roomy)
				for i, c := range cells {
					if sum += gap(cells, i, rest) + c.width; c.column == screen.Subject {
						text = c.width
					}
				}
				if sum != w || text < 6 || w >= 40 && text < 13 || w >= 120 && text < 40 {
					t.Errorf("%v of two lines: %v: %d columns of %d, %d for the text: %v", named, roomy, sum, w, text, cells)
				}
			}
		}
	}
}

// TestColumnsComeInTheirOrder: and those that a narrow row has no room for are left out.
func TestColumnsComeInTheirOrder(t *testing.T) {
	named := screen.Columns{screen.Date, screen.Subject, screen.Preview, screen.Account, screen.Size, screen.From}
	for w, want := range map[int]string{
		120: "date subject account size from ", 64: "date subject account size from ", 40: "date subject account from ", 25: "subject from ",
	} {
		got := ""
		for _, c := range arrange(w, named, false) {
			got += string(c.column) + " "
		}
		if got != want {
			t.Errorf("at %d: %s, want %s", w, got, want)
		}
	}
}

// TestARowSaysWhatItIsSortedByAndWhoseItIs: the size where it stands there for that, and the account where no hue tells.
func TestARowSaysWhatItIsSortedByAndWhoseItIs(t *testing.T) {
	x := newHeaded(t, 20)
	x.arrive(1, 2)
	for name, c := range map[string]struct {
		by      cache.SortKey
		boxes   int
		hueless bool
		wished  screen.Columns
		want    []screen.Column
	}{
		"by date":                 {"", 1, false, nil, []screen.Column{screen.From, screen.Subject, screen.Date}},
		"by size":                 {cache.BySize, 1, false, nil, []screen.Column{screen.From, screen.Subject, screen.Size, screen.Date}},
		"several, in hues":        {"", 2, false, nil, []screen.Column{screen.From, screen.Subject, screen.Date}},
		"several, without hues":   {"", 2, true, nil, []screen.Column{screen.From, screen.Subject, screen.Account, screen.Date}},
		"one, without hues":       {"", 1, true, nil, []screen.Column{screen.From, screen.Subject, screen.Date}},
		"there already":           {cache.BySize, 2, true, screen.Columns{screen.Account, screen.Size, screen.Subject}, []screen.Column{screen.Account, screen.Size, screen.Subject}},
		"no date to stand before": {cache.BySize, 1, false, screen.Columns{screen.Subject}, []screen.Column{screen.Subject, screen.Size}},
	} {
		*x.env.Theme = *theme.New(true)
		if c.hueless {
			*x.env.Theme = *theme.Mono()
		}
		x.view.Sort.By, x.view.Mailboxes, x.env.Config.Columns = c.by, make([]mail.Mailbox, c.boxes), c.wished
		x.Draw(screen.Rect{W: 80, H: x.h})
		var got []screen.Column
		for _, cell := range x.cells {
			got = append(got, cell.column)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
