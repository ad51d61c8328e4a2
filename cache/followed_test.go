package cache

import (
	"slices"
	"testing"

	"posthorn/mail"
)

// listed are names as a server lists them, with "-" before those that hold no messages.
func listed(names ...string) (list []mail.Listed) {
	for _, name := range names {
		l := mail.Listed{Name: name, Delimiter: "/"}
		if l.Name[0] == '-' {
			l.Name, l.NoSelect = name[1:], true
		}
		if name == "INBOX" {
			l.Role = mail.Inbox
		}
		list = append(list, l)
	}
	return list
}

// tree is a fixture whose account has these mailboxes, each with a message.
func tree(t *testing.T, names ...string) (f *fixture, keys map[string]mail.MailboxKey) {
	f = newFixture(t)
	f.set("home", listed(names...)...)
	keys = f.byName()
	for i, name := range names {
		if name[0] != '-' {
			f.ok(f.Reset(f.ctx, keys[name], mail.UIDValidity(i+1)))
			f.add(keys[name], header(1))
		}
	}
	return f, keys
}

func (f *fixture) byName() map[string]mail.MailboxKey {
	f.t.Helper()
	all, err := f.Mailboxes(f.ctx)
	f.ok(err)
	keys := map[string]mail.MailboxKey{}
	for _, m := range all {
		keys[m.Name] = m.Key
	}
	return keys
}

func TestUnlisted(t *testing.T) {
	for name, c := range map[string]struct{ list, lost, unknown []string }{
		"all are listed":               {[]string{"INBOX", "Old", "Old/Sub", "-Parent", "New"}, nil, nil},
		"nothing is new":               {[]string{"INBOX"}, nil, nil},
		"one is another":               {[]string{"INBOX", "New", "Old/Sub", "-Parent"}, []string{"Old"}, []string{"New"}},
		"the name stays for others":    {[]string{"inbox", "-Old", "Old/Sub", "New", "-Parent"}, []string{"Old"}, []string{"New"}},
		"what holds nothing is no one": {[]string{"INBOX", "Old", "New", "-Neu"}, []string{"Old/Sub"}, []string{"New"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := tree(t, "INBOX", "Old", "Old/Sub", "-Parent")
			lost, unknown, err := f.Unlisted(f.ctx, "home", listed(c.list...))
			f.ok(err)
			var gotLost, gotNew []string
			for _, m := range lost {
				gotLost = append(gotLost, m.Name)
			}
			for _, l := range unknown {
				gotNew = append(gotNew, l.Name)
			}
			if !slices.Equal(gotLost, c.lost) || !slices.Equal(gotNew, c.unknown) {
				t.Errorf("lost %v, unknown %v; want %v, %v", gotLost, gotNew, c.lost, c.unknown)
			}
		})
	}
}

func TestWhatAnErrandMayHaveDoneIsNotUnlisted(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old", "Old/Sub", "Other")
	wished, _, err := f.WishErrand(f.ctx, Errand{Kind: RenameMailbox, Mailbox: keys["Old"], Name: "New"}, "renamed", f.now)
	f.ok(err)
	f.do(f.TryErrand(f.ctx, wished.ID))
	lost, _, err := f.Unlisted(f.ctx, "home", listed("INBOX", "New", "New/Sub", "Else"))
	f.ok(err)
	if len(lost) != 1 || lost[0].Name != "Other" {
		t.Errorf("lost: %+v", lost)
	}
	f.set("home", listed("INBOX", "New", "New/Sub", "Other")...)
	if now := f.byName(); now["New/Sub"] != keys["Old/Sub"] || now["New"] != keys["Old"] || len(f.names()) != 4 { // as the errand will have it
		t.Errorf("shown: %v", f.names())
	}
	f.ok(f.UntryErrand(f.ctx, wished.ID))
	lost, _, err = f.Unlisted(f.ctx, "home", listed("INBOX", "Neu"))
	f.ok(err)
	if len(lost) != 3 || lost[0].Name != "Old" {
		t.Errorf("after a refusal: %+v", lost)
	}
}

func TestAFollowedMailboxTakesAlongWhatIsBelowIt(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old", "Old/Sub", "Old/Stays", "Old/Gone", "Old/Twin", "-Old/Deep", "Old/Deep/Down", "Older")
	made, _, err := f.WishErrand(f.ctx, Errand{Kind: CreateMailbox, Account: "home", Name: "Old/Fresh"}, "made", f.now)
	f.ok(err)
	f.ok(f.write(f.ctx, full, "test", func(t *transaction) error {
		_, err := t.exec("INSERT INTO salvaged (account, mailbox, uidvalidity, uid, message_id, size, kind, mask, want, add_keywords, del_keywords, target, not_before) " +
			"VALUES ('home', 'Old', 2, 7, '', 0, 'move', 0, 0, '', '', 'Old/Sub', 0)")
		return err
	}))
	list := listed("INBOX", "New", "New/Sub", "Old/Stays", "New/Twin", "New/Deep", "New/Deep/Down", "Older")
	for i := range list {
		if list[i].Name == "New/Twin" {
			list[i].Status = &mail.Status{UIDValidity: 99}
		}
	}
	f.ok(f.Followed(f.ctx, keys["Old"], "New", list))
	now := f.byName()
	for from, to := range map[string]string{"Old": "New", "Old/Sub": "New/Sub", "Old/Stays": "Old/Stays", "Old/Gone": "Old/Gone", "Old/Twin": "Old/Twin",
		"Old/Deep": "New/Deep", "Old/Deep/Down": "New/Deep/Down", "Older": "Older", "INBOX": "INBOX"} {
		if now[to] != keys[from] {
			t.Errorf("%s is %d, %s was %d", to, now[to], from, keys[from])
		}
	}
	if now["New/Fresh"] != made.Mailbox {
		t.Errorf("what is to be made below it: %v", now)
	}
	groups, err := f.Wishes(f.ctx)
	f.ok(err)
	if len(groups) != 2 || groups[0].From != "New" || groups[0].To != "New/Sub" || groups[1].Errand.Name != "New/Fresh" {
		t.Errorf("waiting: %+v", groups)
	}
}

func TestMessagesAreComparedByWhatTheyAre(t *testing.T) {
	f := newFixture(t)
	list := headers(1, 3)
	list[2].Envelope.MessageID = ""
	f.add(f.inbox, list...)
	list[1].Size++
	same, other, err := f.Alike(f.ctx, f.inbox, list)
	if err != nil || same != 2 || other != 1 {
		t.Errorf("%d are the same, %d not, %v", same, other, err)
	}
}

// A list between CREATE and SUBSCRIBE, behind a connection that was cut off there, tells of no subscription yet.
func TestTheSubscriptionToAMailboxThatWasMadeFollowsItsNewName(t *testing.T) {
	f, _ := tree(t, "INBOX")
	made, _, err := f.WishErrand(f.ctx, Errand{Kind: CreateMailbox, Account: "home", Name: "Fresh"}, "made", f.now)
	f.ok(err)
	f.do(f.TryErrand(f.ctx, made.ID))
	f.set("home", listed("INBOX", "Fresh")...)
	if _, _, err := f.ErrandDone(f.ctx, made, false); err != nil {
		t.Fatal(err)
	}
	names, err := f.Subscribed(f.ctx, Errand{Account: "home", Kind: RenameMailbox, Said: "Fresh", Name: "New"})
	f.ok(err)
	if names["Fresh"] != "New" {
		t.Errorf("what follows: %v", names)
	}
}
