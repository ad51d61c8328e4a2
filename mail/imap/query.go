package imap

import (
	"context"
	"strconv"
	"time"

	"posthorn/mail"
	"posthorn/mail/search"
)

// Search is what a query finds in the selected mailbox, and maybe more: what SEARCH cannot be asked for counts as true. A
// query of which nothing is left to be asked finds nothing. // RFC 9051 §6.4.4
func (s *Session) Search(ctx context.Context, q search.Query) (mail.UIDSet, error) {
	q = q.Suppose(askable)
	if q.Empty() || !q.Finds() {
		return nil, nil
	}
	ascii := true
	q.Walk(func(t search.Term, _ bool) {
		for i := range len(t.Value) {
			ascii = ascii && t.Value[i] < 0x80
		}
	})
	if ascii || s.caps.utf8Names {
		found, _, err := s.searchFor(ctx, q, "")
		return found, err
	}
	found, st, err := s.searchFor(ctx, q, " CHARSET UTF-8")
	if err != nil && s.alive() && (st.kind == "BAD" || st.code == "BADCHARSET") { // some take UTF-8 as long as nobody says so
		found, _, err = s.searchFor(ctx, q, "")
	}
	return found, err
}

func (s *Session) searchFor(ctx context.Context, q search.Query, charset string) (mail.UIDSet, status, error) {
	const op = "search"
	c := newCommand(s.caps, "UID SEARCH"+charset)
	c.query(q, true)
	var f found
	st, err := s.own(ctx, op, c, limits{maxSearch, maxLiteral, usual.count}, f.take)
	all, err := f.result(op, err)
	return all, st, err
}

// askable tells of a term that SEARCH has no key for, or for which its keys find too few, that it holds where it is wanted.
func askable(t search.Term, wanted bool) (holds, known bool) {
	switch t.Field {
	case search.Filename, search.Has, search.In, search.Account, search.Label:
		return wanted, true
	case search.Before, search.After, search.List: // days of the server; a part of a name
		return wanted, !wanted
	case search.Is:
		return wanted, t.Flag == mail.Junk // a matter of the mailbox, too
	}
	return false, false
}

// query appends the keys for q. top: they stand beside each other without parentheses.
func (c *command) query(q search.Query, top bool) {
	switch {
	case q.Kind == search.Leaf:
		c.term(q.Term)
	case q.Kind == search.Not:
		c.word("NOT").query(q.Parts[0], false)
	case q.Kind == search.Any:
		for i, p := range q.Parts {
			if i < len(q.Parts)-1 {
				c.word("OR")
			}
			c.query(p, false)
		}
	case top || len(q.Parts) == 1:
		for _, p := range q.Parts {
			c.query(p, false)
		}
	default:
		c.group(func() { c.query(q, true) })
	}
}

// fields are the keys that look for words. TEXT is none of them: it finds "text" in every Content-Type.
var fields = map[search.Field][]string{
	search.Anywhere: {"SUBJECT", "FROM", "TO", "CC", "BODY"}, search.From: {"FROM"}, search.To: {"TO", "CC", "BCC"}, search.Cc: {"CC"},
	search.Subject: {"SUBJECT"}, search.Body: {"BODY"}, search.List: {"HEADER List-Id"},
}

// flagKeys are the keys for flags; the others are keywords.
var flagKeys = map[mail.Flags]string{mail.Seen: "SEEN", mail.Flagged: "FLAGGED", mail.Answered: "ANSWERED", mail.Draft: "DRAFT"}

func (c *command) term(t search.Term) {
	const day = "2-Jan-2006"
	if keys := fields[t.Field]; keys != nil {
		for i, key := range keys {
			if i < len(keys)-1 {
				c.word("OR")
			}
			c.word(key).text(t.Value)
		}
		return
	}
	switch t.Field {
	case search.Is:
		key, plain := flagKeys[t.Flag]
		un := ""
		if t.Unset {
			un = "UN"
		}
		if plain {
			c.word(un + key)
		} else {
			c.word(un + "KEYWORD " + t.Flag.Names()[0])
		}
	case search.After: // no zone is more than a day away
		c.word("SINCE " + t.Time.UTC().Add(-24*time.Hour).Format(day))
	case search.Before:
		c.word("BEFORE " + t.Time.UTC().Add(48*time.Hour).Format(day))
	case search.Larger:
		c.word("LARGER " + strconv.FormatInt(t.Size, 10))
	case search.Smaller:
		c.word("SMALLER " + strconv.FormatInt(t.Size, 10))
	}
}
