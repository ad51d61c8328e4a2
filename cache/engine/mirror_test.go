package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/compose"
)

// finish saves a draft that nobody writes any more, under a key or a new one.
func (r *rig) finish(key int64, subject, text string) int64 {
	r.t.Helper()
	d := draft(r, "ben@example.org", subject)
	d.Key, d.Body, d.Bcc, d.Closed = key, text, "mira@example.org", true
	key, err := r.e.SaveDraft(r.t.Context(), d)
	if err != nil {
		r.t.Fatal(err)
	}
	return key
}

// copies is what lies in a mailbox of the server and is not marked as deleted: subjects and texts.
func (r *rig) copies(mailbox string) string {
	var out []string
	if slices.Contains(r.user.Mailboxes(), mailbox) {
		for _, m := range r.user.Messages(mailbox) {
			if !slices.Contains(m.Flags, "\\Deleted") {
				p := body.Parse(m.Raw)
				out = append(out, p.Header.Get("Subject")+": "+strings.TrimSpace(string(p.Content("1"))))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// unfinished is what is written here, and whether the server has it.
func (r *rig) unfinished() string {
	r.t.Helper()
	stored, err := r.store.Drafts(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, s := range stored {
		d, err := compose.Unmarshal(s.Data)
		if err != nil {
			r.t.Fatal(err)
		}
		where := " (here)"
		if s.Copy != 0 {
			where = ""
		}
		out = append(out, d.Subject+": "+strings.TrimSpace(d.Body)+where)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func (r *rig) sees(what, got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: %q, want %q; %+v", what, got, want, r.e.Log())
	}
}

// agreed waits until the server has a copy of each draft, and no more, hurrying a cut connection along.
func (r *rig) agreed() {
	r.t.Helper()
	r.until("the drafts are copied", func() bool {
		if slices.ContainsFunc(r.e.States(), func(s State) bool { return s.Phase == Offline && !s.Retry.IsZero() }) {
			r.e.Refresh("")
		}
		m, err := r.store.DueMirror(r.t.Context(), "home", r.clock.now(), nil)
		if err != nil {
			r.t.Fatal(err)
		}
		return m.Key == 0 && r.waits() == 0
	})
}

func newDraftsRig(t *testing.T, without ...imap.Cap) *rig {
	r := newRig(t, without...)
	r.user.Create("Drafts", mail.Drafts)
	return r
}

func TestADraftHasOneCopyOnTheServerUntilItIsSentOrThrownAway(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no UIDPLUS": {imap.CapUIDPlus, imap.CapMove}} {
		t.Run(name, func(t *testing.T) {
			r := newDraftsRig(t, without...)
			r.start()
			key := r.finish(0, "Boat", "It needs varnish")
			r.settle()
			r.sees("Drafts", r.copies("Drafts"), "Boat: It needs varnish")
			m := r.user.Messages("Drafts")[0]
			if !slices.Contains(m.Flags, "\\Draft") || !slices.Contains(m.Flags, "\\Seen") || !strings.Contains(string(m.Raw), "\r\nBcc: mira@example.org\r\n") {
				t.Errorf("flags %v:\n%s", m.Flags, m.Raw)
			}
			r.finish(key, "Boat", "It needs varnish and oars")
			r.settle()
			r.sees("Drafts", r.copies("Drafts"), "Boat: It needs varnish and oars")
			r.sees("the list", r.subjects("Drafts"), "Boat")
			r.sees("drafts", r.unfinished(), "Boat: It needs varnish and oars")

			if err := r.e.DeleteDraft(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			r.settle()
			r.sees("Drafts", r.copies("Drafts"), "")
			u, err := r.e.Undo(t.Context())
			if err != nil || u.Draft == nil || u.Draft.Body != "It needs varnish and oars" {
				t.Fatalf("undone: %+v, %v", u, err)
			}
			r.settle()
			r.sees("Drafts", r.copies("Drafts"), "Boat: It needs varnish and oars")
			r.sees("drafts", r.unfinished(), "Boat: It needs varnish and oars")

			if _, err := r.e.Send(t.Context(), *u.Draft); err != nil {
				t.Fatal(err)
			}
			r.settle()
			r.sees("Drafts", r.copies("Drafts"), "")
			r.sees("drafts", r.unfinished(), "")
			if n := len(r.smtp.Accepted()); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestWhileADraftIsWrittenTheServerWaitsForAPause(t *testing.T) {
	r := newDraftsRig(t)
	r.start()
	r.save("Boat", "It needs")
	r.settle()
	r.sees("Drafts", r.copies("Drafts"), "")
	r.sees("drafts", r.unfinished(), "Boat: It needs (here)")
	r.clock.forward(mirrorPause + time.Second)
	r.e.Refresh("")
	r.settle()
	r.sees("Drafts", r.copies("Drafts"), "Boat: It needs")
}

func TestAMailboxForDraftsIsMadeWhereThereIsNone(t *testing.T) {
	r := newRig(t)
	r.start()
	r.finish(0, "Boat", "It needs varnish")
	r.settle()
	r.sees("Drafts", r.copies("Drafts"), "Boat: It needs varnish")
	r.sees("drafts", r.unfinished(), "Boat: It needs varnish")
}

// elsewhere is a draft as another program writes it.
func elsewhere(subject, text string) []byte {
	return []byte("From: anna@example.org\r\nTo: ben@example.org\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@phone.example>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n" + text + "\r\n--x\r\nContent-Type: image/png\r\n" +
		"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=boat.png\r\n\r\nYm9hdA==\r\n--x--\r\n")
}

func TestADraftGoesOnOnAnotherDevice(t *testing.T) {
	r := newDraftsRig(t)
	r.start()
	r.finish(0, "Boat", "It needs varnish")
	r.settle()
	was := r.user.Messages("Drafts")[0].UID
	r.user.Append("Drafts", elsewhere("Boat", "It needs varnish, said the phone"), time.Now(), "\\Draft")
	r.user.Expunge("Drafts", was)
	r.e.Refresh("")
	r.settle()
	r.sees("drafts", r.unfinished(), "")
	r.sees("the list", r.subjects("Drafts"), "Boat")

	// and comes back: it is opened here, with what is attached to it
	m := r.list("Drafts")[0]
	r.e.Open(m.Key, "1", "2")
	r.settle()
	d := draft(r, "ben@example.org", "Boat")
	d.Body, d.Source, d.Closed = "It needs varnish, said the phone, and oars", m.Key, true
	d.Attachments = []compose.Attachment{{Message: m.Key, Section: "2", Name: "boat.png", MediaType: "image/png", Size: 4}}
	key, err := r.e.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.sees("Drafts", r.copies("Drafts"), "Boat: It needs varnish, said the phone, and oars")
	r.sees("Trash", r.copies("Trash"), "Boat: It needs varnish, said the phone")
	r.user.Expunge("Trash", r.user.Messages("Trash")[0].UID)
	r.e.Refresh("")
	r.settle()
	d.Key, d.Body = key, "All is told."
	if _, err := r.e.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if _, err := r.e.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	r.settle()
	got := r.smtp.Accepted()
	if len(got) != 1 || !strings.Contains(string(got[0].Raw), "\r\nYm9hdA==\r\n") {
		t.Errorf("accepted %q", got)
	}
	r.sees("Drafts", r.copies("Drafts"), "")
}

func TestADraftChangedHereAndElsewhereBecomesTwo(t *testing.T) {
	r := newDraftsRig(t)
	r.start()
	key := r.finish(0, "Boat", "It needs varnish")
	r.settle()
	d := draft(r, "ben@example.org", "Boat")
	d.Key, d.Body = key, "It needs oars"
	if _, err := r.e.SaveDraft(t.Context(), d); err != nil { // not yet on the server
		t.Fatal(err)
	}
	r.user.Append("Drafts", elsewhere("Boat", "It needs a sail"), time.Now(), "\\Draft")
	r.user.Expunge("Drafts", r.user.Messages("Drafts")[0].UID)
	r.e.Refresh("")
	r.settle()
	r.sees("drafts", r.unfinished(), "Boat: It needs oars (here)")
	r.clock.forward(mirrorPause + time.Second)
	r.e.Refresh("")
	r.settle()
	r.sees("Drafts", r.copies("Drafts"), "Boat: It needs a sail; Boat: It needs oars")
	r.sees("drafts", r.unfinished(), "Boat: It needs oars")
}

// A server that loses its mailbox, or numbers it anew, does not take drafts along.
func TestADraftOutlivesItsMailbox(t *testing.T) {
	for name, happens := range map[string]func(r *rig){
		"renumbered": func(r *rig) { r.user.Renumber("Drafts") },
		"renamed":    func(r *rig) { r.user.Rename("Drafts", "Old drafts") },
		"deleted":    func(r *rig) { r.user.Delete("Drafts") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newDraftsRig(t)
			r.start()
			r.finish(0, "Boat", "It needs varnish")
			r.settle()
			r.close()
			happens(r)
			r.start()
			r.e.Refresh("")
			r.settle()
			if got := strings.TrimSuffix(r.unfinished(), " (here)"); got != "Boat: It needs varnish" {
				t.Errorf("drafts: %q", got)
			}
		})
	}
}

func TestDraftsSurviveACutAtEveryCommand(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no UIDPLUS": {imap.CapUIDPlus}} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T) *rig { return newDraftsRig(t, without...) }, func(r *rig) {
				boat := r.finish(0, "Boat", "It needs varnish")
				gone := r.finish(0, "Gone", "To be thrown away")
				r.agreed()
				r.finish(boat, "Boat", "It needs oars")
				if err := r.e.DeleteDraft(r.t.Context(), gone); err != nil {
					r.t.Fatal(err)
				}
				r.agreed()
				r.finish(boat, "Boat", "It needs oars and a sail")
				r.agreed()
			}, func(r *rig) string { return r.copies("Drafts") + " | " + r.unfinished() })
		})
	}
}
