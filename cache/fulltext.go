package cache

import (
	"strings"
	"unicode/utf8"

	"posthorn/mail"
	"posthorn/mail/search"
)

// Bounds on the text of one message in the index, in octets.
const (
	maxIndexedHeader = 4 << 10
	maxIndexedBody   = 1 << 20
)

// bounded is the beginning of s, cut between characters.
func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// indexed are the columns of message_fts that a header fills.
type indexed struct{ subject, sender, recipients string }

func indexedOf(e mail.Envelope) indexed {
	return indexed{
		subject:    search.Fold(bounded(e.Subject, maxIndexedHeader)),
		sender:     addressText(e.From),
		recipients: addressText(e.To, e.Cc, e.Bcc),
	}
}

// addressText is the names and addresses of lists, for the index.
func addressText(lists ...[]mail.Address) string {
	var b strings.Builder
	for _, list := range lists {
		for _, a := range list {
			if b.Len() >= maxIndexedHeader {
				return search.Fold(bounded(b.String(), maxIndexedHeader))
			}
			for _, s := range []string{a.Name, a.Local, a.Domain} {
				if s != "" {
					b.WriteString(s)
					b.WriteByte(' ')
				}
			}
		}
	}
	return search.Fold(b.String())
}

// insertIndexed is the statement that puts or replaces one message in the index.
const insertIndexed = "INSERT OR REPLACE INTO message_fts (rowid, subject, sender, recipients, body) VALUES (?, ?, ?, ?, ?)"

// index puts a message whose body became known into the full text again: the index keeps no text that could be
// completed.
func (t *transaction) index(key mail.MessageKey, e mail.Envelope, body string) error {
	x := indexedOf(e)
	_, err := t.exec(insertIndexed, key, x.subject, x.sender, x.recipients, search.Fold(bounded(body, maxIndexedBody)))
	return err
}
