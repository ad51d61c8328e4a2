package composer

import (
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

const tides = "From: Ben <ben@okafor.example>\nDate: Sat, 14 Mar 2026 08:12:00 +0000\nSubject: Tides \x1b[31m of May\nMessage-ID: <tides@x>\n" +
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nlow\n" +
	"--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=tides.csv\n\nsix,high\n" +
	"--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=boat.png\n\nx\n--b--\n"

// What is answered is offered first, whatever else is newer; then what is selected in the list.
func TestWhatIsAnsweredAndSelectedIsOfferedFirstAndInParts(t *testing.T) {
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX", "Trash")
	old := m.Deliver("home", "INBOX", tides, 0)
	chosen := m.Deliver("home", "Trash", "Date: Sat, 14 Mar 2026 07:00:00 +0000\nSubject: Chosen\n\n", 0)
	m.Deliver("home", "INBOX", "Date: Sat, 14 Mar 2026 09:00:00 +0000\nSubject: Newest\n\n", 0)
	m.Deliver("home", "Trash", "Date: Sat, 14 Mar 2026 09:30:00 +0000\nSubject: Rubbish\n\n", 0)
	d := reply()
	d.Original = old
	k := open(t, d)
	k.keeping.ticking = true
	k.env.Store = m.Reader
	k.root.Chosen = []mail.Message{{Key: chosen, Subject: "Chosen"}, {Key: old, Subject: "Tides"}}
	k.quietly(action.AttachLetter)
	shown, at := k.onTop(), -1
	for _, want := range []string{"Tides ␛[31m of May", "Chosen", "Newest"} {
		i := strings.Index(shown, want)
		if i <= at || strings.Contains(shown, "Rubbish") || strings.Count(shown, "Tides") != 1 {
			t.Fatalf("%q is missing or not in its place:\n%s", want, shown)
		}
		at = i
	}
	k.quietly(action.Accept)
	if shown := k.onTop(); !strings.Contains(shown, "The whole message") || !strings.Contains(shown, "tides.csv") {
		t.Fatalf("what it holds is not offered:\n%s", shown)
	}
	k.quietly(action.Down)
	k.quietly(action.Complete)
	k.quietly(action.Complete)
	k.quietly(action.Accept)
	if got := k.named(); got != "tides.csv boat.png" {
		t.Errorf("attached %s", got)
	}
	if o := k.engine.Opened; len(o) != 2 || o[0].Key != old || o[0].Sections[0] != "2" {
		t.Errorf("fetched %+v", o)
	}
	k.quietly(action.AttachLetter)
	k.quietly(action.Complete)
	k.quietly(action.Complete)
	k.quietly(action.Accept)
	if l := k.draft.Attachments; len(l) != 4 || l[2].Message != old || l[2].Section != "" || l[3].Message != chosen {
		t.Errorf("attached %+v", l)
	}
	k.quietly(action.AttachLetter)
	uitest.Type(k.root.Top(), "from:")
	k.quietly(action.Browse)
	k.said("from")
}
