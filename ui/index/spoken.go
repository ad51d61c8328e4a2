package index

import (
	"fmt"
	"strings"
	"time"

	"posthorn/mail"
)

// spoken is a row in words, for who hears it: first what the marks say, then whose it is and what about.
func (x *Index) spoken(m mail.Message, s rowState, now time.Time) string {
	var words []string
	say := func(is bool, word string) {
		if is {
			words = append(words, word)
		}
	}
	say(s.selected, "selected")
	say(m.Unseen(), "unread")
	say(m.Flags.Has(mail.Flagged), "starred")
	say(m.Flags.Has(mail.Answered), "answered")
	say(m.Flags.Has(mail.Forwarded), "forwarded")
	say(m.Flags.Has(mail.Muted), "muted")
	say(s.afar, "only on the server")
	from := who(m, x.view.Outgoing)
	if s.in.people != "" {
		from = s.in.people
	}
	say(true, from)
	say(s.in.count > 1, fmt.Sprintf("%d messages", s.in.count))
	subject := mail.Line(m.Subject)
	if subject == "" {
		subject = "(no subject)"
	}
	say(true, subject)
	say(m.Attachments > 0, "with attachments")
	labels := m.Keywords.Labels()
	say(len(labels) > 0, "labels "+mail.Line(strings.Join(labels, " ")))
	say(s.cols.account, "account "+mail.Line(m.Account))
	say(true, Date(m.Received, now, 10))
	line := strings.Join(words, ", ")
	if s.cursor && s.focused {
		return x.env.Theme.Cursor.Render(line)
	}
	return line
}
