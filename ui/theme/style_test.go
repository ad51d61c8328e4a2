package theme

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

func TestAStyleLooksAsLipglossHasIt(t *testing.T) {
	th := New(true)
	for name, s := range map[string]Style{"text": th.Text, "unread": th.Unread, "bar": th.Title, "found": th.Found, "italic": th.Text.Italic(), "reverse": Mono().Cursor} {
		if got, want := s.Render("two words"), s.as.Render("two words"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, s := range map[string]Style{"struck": th.Text.Strikethrough(), "underlined": th.Link} { // lipgloss gives each letter a sequence
		if got := s.Render("two words"); !strings.Contains(got, "two words") || strings.Count(got, "\x1b[") != 2 {
			t.Errorf("%s: %q is not one sequence, the words and its end", name, got)
		}
	}
	if got := th.Link.Underline(false).Render("x"); got != lipgloss.NewStyle().Foreground(th.Link.as.GetForeground()).Render("x") {
		t.Errorf("a link that is not underlined: %q", got)
	}
	for _, s := range []Style{{}, Mono().Text, th.Text} {
		if got := s.Render(""); got != "" {
			t.Errorf("nothing is rendered as %q", got)
		}
	}
	if got := (Style{}).Render("x"); got != "x" {
		t.Errorf("without a look: %q", got)
	}
}

func TestWhatAStyleLeavesOpenIsInherited(t *testing.T) {
	th := New(true)
	for name, c := range map[string]struct {
		got  Style
		want lipgloss.Style
	}{
		"the ground":            {th.Date.On(th.CursorDim), th.Date.as.Background(th.CursorDim.as.GetBackground())},
		"not the colour":        {th.Unread.On(th.Cursor), th.Unread.as.Background(th.Cursor.as.GetBackground())},
		"bold":                  {th.Star.On(th.Strong), th.Star.as.Bold(true)},
		"from nothing":          {th.Star.On(Style{}), th.Star.as},
		"everything":            {Style{}.On(th.Cursor), th.Cursor.as},
		"and is made bold then": {th.Date.On(th.CursorDim).Bold(), th.Date.as.Background(th.CursorDim.as.GetBackground()).Bold(true)},
	} {
		if got, want := settles(c.got.Render("x")), settles(c.want.Render("x")); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	link := th.Link.Hyperlink("https://x.example/m")
	if got := link.On(th.Cursor).Render("x"); !strings.HasPrefix(got, th.Cursor.begin+"\x1b]8;;https://x.example/m") {
		t.Errorf("a link on the cursor's ground: %q", got)
	}
}

// settles is what counts of the parameters of one escape sequence: of the colours of one kind the last, in any order.
func settles(s string) string {
	head, rest, _ := strings.Cut(s, "m")
	var bold, front, ground string
	p := strings.Split(strings.TrimPrefix(head, "\x1b["), ";")
	for i := 0; i < len(p); i++ {
		switch p[i] {
		case "1":
			bold = p[i]
		case "38", "48":
			colour := strings.Join(p[i:i+5], ";")
			if p[i] == "38" {
				front = colour
			} else {
				ground = colour
			}
			i += 4
		}
	}
	return bold + " " + front + " " + ground + " " + rest
}
