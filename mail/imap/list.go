package imap

import (
	"context"
	"strings"

	"posthorn/mail"
)

// Bounds on mailbox lists.
const (
	maxMailboxes = 200_000
	maxName      = 1000 // octets of a name
)

// List lists all mailboxes, with special use, subscription and status as far as the server tells them in one go.
// Where no special use is told the role is NoRole, except for INBOX. // RFC 9051 §6.3.9
func (s *Session) List(ctx context.Context) ([]mail.Listed, error) {
	const op = "list mailboxes"
	options := s.listOptions()
	l := lister{s: s, at: map[string]int{}}
	_, err := s.own(ctx, op, newCommand(s.caps, `LIST "" "*"`+options), usual, l.take)
	if options != "" && mail.KindOf(err) == mail.Protocol && s.alive() {
		l = lister{s: s, at: map[string]int{}} // it says it can, and cannot: Exchange, iCloud have
		options = ""
		_, err = s.own(ctx, op, newCommand(s.caps, `LIST "" "*"`), usual, l.take)
	}
	if err != nil {
		return nil, err
	}
	if !strings.Contains(options, "SUBSCRIBED") {
		if _, err := s.own(ctx, op, newCommand(s.caps, `LSUB "" "*"`), usual, l.take); err != nil && !s.alive() {
			return nil, err
		}
	}
	return l.list, nil
}

// listOptions is what can be asked with LIST. // RFC 5258 §3, RFC 5819, RFC 6154 §3
func (s *Session) listOptions() string {
	if !s.caps.ListExtended {
		return ""
	}
	options := "SUBSCRIBED"
	if s.caps.SpecialUse {
		options += " SPECIAL-USE"
	}
	if s.caps.ListStatus {
		options += " STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
		if s.caps.CondStore {
			options += " HIGHESTMODSEQ"
		}
		options += ")"
	}
	return " RETURN (" + options + ")"
}

// lister gathers LIST, LSUB and STATUS responses.
type lister struct {
	s    *Session
	list []mail.Listed
	at   map[string]int // name to place in list
}

func (l *lister) take(kind string, _ uint32, c cursor) bool {
	switch kind {
	case "LIST", "LSUB":
		m, ok := l.s.parseListed(&c)
		if !ok {
			return true
		}
		i, known := l.at[m.Name]
		switch {
		case kind == "LSUB":
			if known {
				l.list[i].Subscribed = true
			}
		case !known && len(l.list) < maxMailboxes:
			l.at[m.Name] = len(l.list)
			l.list = append(l.list, m)
		}
	case "STATUS":
		name, st, ok := l.s.parseStatus(&c)
		if strings.EqualFold(name, "INBOX") {
			name = "INBOX"
		}
		if i, known := l.at[name]; ok && known {
			l.list[i].Status = &st
		}
	default:
		return false
	}
	return true
}

// specialUses maps attributes to roles. // RFC 6154 §2
var specialUses = map[string]mail.Role{
	`\ALL`: mail.All, `\ARCHIVE`: mail.Archive, `\DRAFTS`: mail.Drafts, `\FLAGGED`: mail.Starred, `\JUNK`: mail.Junked,
	`\SENT`: mail.Sent, `\TRASH`: mail.Trash,
}

// parseListed reads what stands behind "* LIST": (attributes) delimiter name. // RFC 9051 §7.3.1
func (s *Session) parseListed(c *cursor) (m mail.Listed, ok bool) {
	if !c.take('(') {
		return m, false
	}
	for {
		c.spaces()
		if c.take(')') {
			break
		}
		attr := c.word()
		if len(attr) == 0 {
			return m, false
		}
		switch name := strings.ToUpper(string(attr)); name {
		case `\NOSELECT`, `\NONEXISTENT`:
			m.NoSelect = true
		case `\SUBSCRIBED`:
			m.Subscribed = true
		default:
			if role := specialUses[name]; role != mail.NoRole && m.Role == mail.NoRole {
				m.Role = role
			}
		}
	}
	c.spaces()
	delimiter, null, ok := c.text()
	c.spaces()
	wire, _, ok2 := c.text()
	if !ok || !ok2 || len(wire) == 0 || len(wire) > maxName {
		return m, false
	}
	if !null && len([]rune(string(delimiter))) == 1 {
		m.Delimiter = string(delimiter)
	}
	name, exact := s.decodeName(wire)
	m.Name = name
	if strings.EqualFold(name, "INBOX") { // RFC 9051 §5.1
		m.Name, m.Role = "INBOX", mail.Inbox
	} else if !exact || strings.ContainsAny(name, "\x00\r\n") {
		m.NoSelect = true // it can be shown, but no command could name it
	}
	return m, true
}
