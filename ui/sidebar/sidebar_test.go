package sidebar

import (
	"fmt"
	"slices"
	"testing"

	"posthorn/mail"
	"posthorn/ui/action"
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

// TestWhatAllAccountsHaveStandsBelowAllInboxes where there are several accounts; folded away where there are few lines.
func TestWhatAllAccountsHaveStandsBelowAllInboxes(t *testing.T) {
	env, fake, _ := uitest.Env()
	s := New(env)
	s.mailboxes = []mail.Mailbox{{Key: 1, Account: "home", Name: "INBOX", Role: mail.Inbox, Unseen: 3}, {Key: 2, Account: "home", Name: "Lists", Unseen: 2},
		{Key: 3, Account: "home", Name: "Trash", Role: mail.Trash, Unseen: 8}, {Key: 4, Account: "home", Name: "Junk", Role: mail.Junked, Unseen: 9},
		{Key: 5, Account: "work", Name: "INBOX", Role: mail.Inbox, Unseen: 10}, {Key: 6, Account: "work", Name: "All", Role: mail.All, Unseen: 30}}
	s.build()
	views := func(h int) (out []string) {
		s.Draw(screen.Rect{W: 30, H: h})
		for _, e := range s.entries {
			if e.Kind == Unified {
				out = append(out, fmt.Sprint(e.Name, " ", e.Unseen))
			}
		}
		return out
	}
	all := []string{"All unread 35", "All starred 0", "All drafts 0", "All sent 0"}
	if got := views(40); !slices.Equal(got, all) {
		t.Errorf("%q", got)
	}
	if got := views(20); got != nil {
		t.Errorf("in 20 lines %q", got)
	}
	s.Showing(0, "")
	s.Do(action.Fold)
	if got := views(20); !slices.Equal(got, all) {
		t.Errorf("unfolded in 20 lines %q", got)
	}
	s.Showing(0, AllSent)
	if e, _ := s.Current(); e.Name != "All sent" {
		t.Errorf("shown, the cursor is on %q", e.Name)
	}
	fake.Has = fake.Has[:1]
	s.build()
	if got := views(40); got != nil {
		t.Errorf("of one account %q", got)
	}
}
