package composer

import (
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

func TestOnlyWhatAnswersCanArchive(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.letters("ben@okafor.example")
	k.quietly(action.SendFile)
	k.said("answers no message")
	if len(k.engine.Sent) != 0 || !k.open() {
		t.Error("it was sent")
	}
}

func TestWhatIsAnsweredIsFiledWhereThereIsAnArchive(t *testing.T) {
	for _, archive := range []string{"Archive", "Notes"} {
		k := open(t, reply())
		m := uitest.NewMail(t)
		m.Mailboxes("home", "INBOX", archive)
		k.env.Store = m.Reader
		k.draft.Original = m.Deliver("home", "INBOX", "Subject: Low tide\n\nHello", 0)
		k.quietly(action.SendFile)
		sent, failed := len(k.engine.Sent), len(k.root.Failed)
		switch {
		case archive == "Archive" && (sent != 1 || failed != 0 || !slices.Equal(k.engine.Sent[0].Filed, []mail.Targeted{{Message: k.draft.Original, Change: mail.Move{To: m.Box("home", archive)}}}) || !k.Filed(k.draft.Original)):
			t.Errorf("sent %v, failed %v", k.engine.Sent, k.root.Failed)
		case archive != "Archive" && (sent != 0 || failed != 1 || !k.open() || !strings.Contains(k.root.Failed[0].Error(), "no Archive mailbox in home")):
			t.Errorf("without an archive: sent %v, failed %v", k.engine.Sent, k.root.Failed)
		}
	}
}
