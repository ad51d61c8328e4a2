package ui_test

import (
	"strings"
	"testing"
)

// order checks that these stand on screen in this order.
func (r *rig) order(texts ...string) {
	r.t.Helper()
	screen, at := r.Screen(), 0
	for _, text := range texts {
		i := strings.Index(screen[at:], text)
		if i < 0 {
			r.t.Fatalf("%q does not stand behind what is before it in %q:\n%s", text, texts, screen)
		}
		at += i
	}
}

func TestAMailboxIsSortedAndStaysSo(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Middle", text: strings.Repeat("long ", 500)}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Zebra"})
	r.deliver("home", "INBOX", post{subject: "Re: Apple"}, `\Flagged`, `\Seen`)
	r.start()
	r.Press("g i", "j", "O")
	r.Sees("Sort", "date, oldest first", "other way round", "largest first")
	r.Type("subj")
	r.Press("enter")
	r.Sees("subject, A to Z")
	r.order("Re: Apple", "Middle", "Zebra")
	if l := r.lineWith("Zebra"); !strings.Contains(l, "▎") {
		t.Errorf("the cursor left its message:\n%s", r.Screen())
	}
	r.Press("O", "down", "down", "enter")
	r.Sees("subject, Z to A")
	r.order("Zebra", "Middle", "Re: Apple")
	r.Press("O")
	r.Type("largest")
	r.Press("enter")
	r.order("Middle", "Zebra")
	r.Press("O")
	r.Type("starred")
	r.Press("enter")
	r.order("Re: Apple", "Zebra", "Middle")
	r.Press("G", "V", "g g", "V")
	r.Sees("3 selected of 3")
	r.Press("esc", "O")
	r.Type("unread")
	r.Press("enter")
	r.order("Zebra", "Re: Apple", "Middle")
	r.Press("g a")
	r.SeesNot("unread first")
	r.order("Re: Apple", "Zebra", "Middle")
	r.stop()
	r.start()
	r.Press("g i")
	r.Sees("unread first")
	r.order("Zebra", "Re: Apple", "Middle")
	r.Press("O")
	r.Type("newest")
	r.Press("enter")
	r.SeesNot("newest first")
	r.order("Re: Apple", "Zebra", "Middle")
}
