package engine

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// onGmail makes a server say that it is Gmail.
func onGmail(_, said string) string {
	return strings.ReplaceAll(said, "IMAP4rev1 ", "IMAP4rev1 X-GM-EXT-1 ")
}

// gmail is a rig on a server whose mailboxes are labels: All Mail holds every message, and what is moved there only loses
// its label. copyuid is what such a MOVE tells, given the UIDs here and there; empty: nothing.
func gmail(t *testing.T, copyuid func(validity, from, to string) string) *rig {
	var r *rig
	r = odd(t, &mailtest.Odd{
		Command: func(name, line string) string {
			if name != "UID MOVE" || !strings.Contains(line, "All Mail") {
				return ""
			}
			uid := strings.Fields(line)[3]
			n, err := strconv.Atoi(uid)
			r.must(err)
			inbox := r.user.Messages("INBOX")
			number, there := 0, ""
			for i, m := range inbox {
				if int(m.UID) != n {
					continue
				}
				number = i + 1
				for _, all := range r.user.Messages("[Gmail]/All Mail") {
					if string(all.Raw) == string(m.Raw) {
						there = strconv.Itoa(int(all.UID))
					}
				}
			}
			r.user.Expunge("INBOX", mail.UID(n))
			state, err := r.store.SyncState(t.Context(), r.mailbox("[Gmail]/All Mail").Key)
			r.must(err)
			code := copyuid(strconv.Itoa(int(state.UIDValidity)), uid, there)
			return code + "* " + strconv.Itoa(number) + " EXPUNGE\r\n$ OK (Success)\r\n"
		},
		Response: onGmail,
	})
	r.user.Create("[Gmail]/All Mail", mail.All)
	return r
}

// What is archived on Gmail is in All Mail already: it must not be there twice afterwards, neither here nor there, and
// what is wanted of it then must reach it.
func TestWhatIsArchivedOnGmailIsNotShownTwice(t *testing.T) {
	for name, copyuid := range map[string]func(validity, from, to string) string{
		"the UID it has there": func(v, from, to string) string { return "* OK [COPYUID " + v + " " + from + " " + to + "] Done\r\n" },
		"nothing":              func(v, from, to string) string { return "" },
		"a UID of zero":        func(v, from, to string) string { return "* OK [COPYUID " + v + " " + from + " 0] Done\r\n" },
	} {
		t.Run(name, func(t *testing.T) {
			r := gmail(t, copyuid)
			for i := 1; i <= 3; i++ {
				raw := message(strconv.Itoa(i), "Hello.")
				at := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
				r.user.Append("[Gmail]/All Mail", raw, at)
				if i > 1 {
					r.user.Append("INBOX", raw, at)
				}
			}
			r.start()
			r.do("archived", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: r.mailbox("[Gmail]/All Mail").Key}})
			r.settle()
			r.e.Refresh("")
			r.calm()
			if in, all := r.subjects("INBOX"), r.subjects("[Gmail]/All Mail"); in != "2" || all != "3 2 1" {
				t.Errorf("INBOX shows %q, All Mail %q", in, all)
			}
			r.do("starred", flag(r.list("[Gmail]/All Mail")[0], mail.Flagged, true))
			r.calm()
			if in, all := r.onServer("INBOX"), r.onServer("[Gmail]/All Mail"); in != "2" || all != `1 2 3\Flagged` {
				t.Errorf("on the server: INBOX %q, All Mail %q", in, all)
			}
			r.close()
			r.start()
			if in, all := r.subjects("INBOX"), r.subjects("[Gmail]/All Mail"); in != "2" || all != "3 2 1" {
				t.Errorf("at the next start INBOX shows %q, All Mail %q", in, all)
			}
		})
	}
}
