package composer

import (
	"strings"
	"testing"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

func TestAnAddressIsRefusedWhereItIsWrong(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.Paste("anna@example.org\nmira@\nben@okafor.example")
	marked := func() bool {
		return strings.Contains(strings.Join(k.Draw(screen.Rect{W: 80, H: 24}).Lines, "\n"), k.env.Theme.Error.Underline(true).Render("@"))
	}
	if marked() {
		t.Error("marked before the field is left")
	}
	k.quietly(action.NextField)
	k.said(`To: "mira@" is not an address: there is nothing behind the @`)
	if !marked() || k.focus != cc {
		t.Errorf("not marked, or in field %v", k.focus)
	}
	k.quietly(action.Send) // the cursor goes to the place
	k.said("nothing behind the @")
	if k.focus != to || !marked() {
		t.Errorf("in field %v, marked: %v", k.focus, marked())
	}
	k.letters("harbour.example")
	if marked() {
		t.Error("still marked after it was mended")
	}
	if got := k.fields[to].Text(); got != "anna@example.org, mira@harbour.example, ben@okafor.example" {
		t.Errorf("To is %q", got)
	}
}

func TestTheWrongPlaceIsInView(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.fields[to].Set("anna@example.org, 李小龍 <a@b@c.example>, " + strings.Repeat("ben@okafor.example, ", 9) + "ben@okafor.example")
	k.quietly(action.NextField)
	for _, w := range []int{40, 80, 120} {
		for n := range 2 {
			line := strings.Join(k.Draw(screen.Rect{W: w, H: 24}).Lines, "\n")
			if !strings.Contains(line, k.env.Theme.Error.Underline(true).Render("@")) {
				t.Errorf("width %d, focus %d: not in view: %q", w, n, line)
			}
			k.moveTo(to + field(1-n))
		}
	}
}
