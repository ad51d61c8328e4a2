package pager

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// long is a message of n paragraphs that are numbered.
func long(n int) string {
	var b strings.Builder
	b.WriteString("From: mira@harbour.example\nSubject: Long\n\n")
	for i := range n {
		fmt.Fprintf(&b, "This is paragraph number %d of a text that goes on and on and is wider than a narrow screen is.\n\n", i)
	}
	return b.String()
}

// step runs one command of a pager and returns those that follow.
func step(p *Pager, cmd tea.Cmd) (next []tea.Cmd) {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		return msg
	case screen.Result:
		return []tea.Cmd{p.Update(msg)}
	}
	return nil
}

func TestALongTextIsReadBeforeItIsCounted(t *testing.T) {
	const n = 100_000 // ten megabytes
	f := newFixture(t, long(n))
	f.mail.Fetch(f.key, f.raw)
	p, cmd := New(f.env, f.key, 80)
	todo := step(p, cmd) // the page is there
	sees(t, p, 80, 24, []string{"This is paragraph number 3"})
	if !p.page.tail.counting() || len(p.page.lines) > 2000 {
		t.Fatalf("%d lines before the first is seen", len(p.page.lines))
	}
	p.Do(action.Bottom)
	sees(t, p, 80, 24, []string{"Reading on …"})
	if _, taken := p.Do(action.Continue); !taken {
		t.Error("space leaves the message before its end is known")
	}
	p.Do(action.Bottom)
	for len(todo) > 0 {
		todo = append(todo[1:], step(p, todo[0])...)
		text(p, 80, 24)
	}
	sees(t, p, 80, 24, []string{fmt.Sprintf("paragraph number %d ", n-1)}, "Reading on")
	f.search(p, "number 77777 ")
	if got := f.root.Said[len(f.root.Said)-1]; got != "number 77777: 1 of 1" {
		t.Errorf("it says %q", got)
	}
	sees(t, p, 80, 24, []string{"paragraph number 77777 "})
	if len(p.page.tail.kept) > keptBlocks {
		t.Errorf("%d blocks are kept", len(p.page.tail.kept))
	}
	p.endFind()
	uitest.Run(p.Resize(50))
	if got := text(p, 50, 24); !strings.Contains(got, "number 777") {
		t.Errorf("at another width it went away from where it was read:\n%s", got)
	}
}

// Of a text that is laid out where it is looked at, the quotes of the beginning fold as ever; further down they stand as
// they are. What is said of the whole message is said.
func TestALongTextFoldsItsBeginningAndKeepsItsNotes(t *testing.T) {
	f := newFixture(t, thread+"\n"+strings.Repeat("One more line of a long text.\n\n", 12_000)+"> quoted at the end\n> and again\n> and again\n\nThe very end.\n")
	p := f.open(80)
	uitest.Do(p, action.Quotes)
	sees(t, p, 80, 40, []string{"▸ 3 lines of Tomás Ó Briain", "Then bring them"}, "to the boat house")
	uitest.Do(p, action.Quotes)
	sees(t, p, 80, 40, []string{"to the boat house"}, "▸")
	uitest.Do(p, action.Bottom)
	sees(t, p, 80, 40, []string{"quoted at the end", "The very end."}, "▸")

	f = newFixture(t, "From: a@example.org\nTo: "+strings.Repeat("a@example.org, ", 1100)+"b@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"+
		strings.Repeat("One more line of a long text.\n\n", 12_000)+strings.Repeat("--b\nContent-Type: application/pdf\n\nx\n", 1010)+"--b--\n")
	sees(t, f.open(120), 120, 40, []string{"Not all parts of this message are shown", "The header is longer than can be followed", "One more line"})
}

// BenchmarkLongText measures what a reader waits for: the first page of ten megabytes of text that are here already,
// and a page further down; beside it the first page of a text that is a hundred times shorter.
func BenchmarkLongText(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		env, _, _ := uitest.Env()
		m := uitest.NewMail(b)
		m.Mailboxes("home", "INBOX")
		env.Store = m.Reader
		key := m.Deliver("home", "INBOX", long(n), 0)
		m.Fetch(key, long(n))
		b.Run(fmt.Sprintf("open %d paragraphs", n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				p, cmd := New(env, key, 100)
				step(p, cmd)
				p.Draw(screen.Rect{W: 100, H: 40})
			}
		})
		p, cmd := New(env, key, 100)
		uitest.Run(cmd)
		b.Run(fmt.Sprintf("a page down in %d paragraphs", n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if p.text.AtEnd() {
					p.text.Top()
				}
				p.text.Scroll(38)
				p.Draw(screen.Rect{W: 100, H: 40})
			}
		})
	}
}
