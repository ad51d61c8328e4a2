package index

import (
	"testing"

	"posthorn/ui/screen"
)

// TestColumnsFillARow: at any width, in any order, of one line or two, with room for the text.
func TestColumnsFillARow(t *testing.T) {
	for _, named := range []screen.Columns{
		nil, {screen.Subject}, {screen.Date, screen.From, screen.Subject}, {screen.Subject, screen.Size, screen.Account, screen.Date, screen.From},
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
				if sum != w || text < 6 || w >= 40 && text < 16 || w >= 120 && text < 40 {
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
		120: "date subject account size from ", 64: "date subject size from ", 40: "date subject from ", 25: "subject from ",
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
