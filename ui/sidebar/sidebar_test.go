package sidebar

import (
	"fmt"
	"testing"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// many is a sidebar with n mailboxes, fifty below each parent.
func many(n int) *Sidebar {
	env, _, _ := uitest.Env()
	s := New(env)
	account := env.Engine.Accounts()[0].Name
	for i := range n {
		name := fmt.Sprint("box", i/50)
		if i%50 > 0 {
			name += fmt.Sprint("/sub", i)
		}
		s.mailboxes = append(s.mailboxes, mail.Mailbox{Key: mail.MailboxKey(i + 1), Account: account, Name: name, Delimiter: "/"})
	}
	return s
}

func TestChildrenStandBelowTheirParents(t *testing.T) {
	s := many(100)
	s.build()
	tree := s.tree(s.env.Engine.Accounts()[0].Name)
	if len(tree) != 100 || tree[0].Name != "box0" || !tree[0].Parent || tree[1].Depth != 1 || tree[50].Depth != 0 || tree[51].Name != "sub51" {
		t.Errorf("%+v", tree[:3])
	}
	s.folded[1] = true
	if tree := s.tree(s.env.Engine.Accounts()[0].Name); len(tree) != 51 {
		t.Errorf("%d entries when folded", len(tree))
	}
}

func TestTwentyThousandMailboxesAreATree(t *testing.T) {
	s := many(20_000)
	s.build()
	if n := len(s.entries); n < 20_000 {
		t.Errorf("%d entries", n)
	}
}

func BenchmarkBuildAndDraw20000(b *testing.B) {
	s := many(20_000)
	for b.Loop() {
		s.build()
		s.Draw(screen.Rect{W: 30, H: 40})
	}
}
