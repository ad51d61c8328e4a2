package imap

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
)

// uidSet is a set in go-imap's form.
func uidSet(set mail.UIDSet) imap.UIDSet {
	out := make(imap.UIDSet, len(set))
	for i, r := range set {
		out[i] = imap.UIDRange{Start: imap.UID(r.Lo), Stop: imap.UID(r.Hi)}
	}
	return out
}

// StoreFlags adds or removes flags and keywords of a set, never replaces them: what nobody touched stays the
// server's, nor any that the mailbox does not keep. UIDs that are gone are passed over by the server. // RFC 9051 §6.4.6
func (s *Session) StoreFlags(ctx context.Context, set mail.UIDSet, add bool, f mail.Flags, k mail.Keywords) error {
	f, k = s.selected.Permanent.Keeps(f, k)
	op, how := "take marks off", imap.StoreFlagsDel
	if add {
		op, how = "mark", imap.StoreFlagsAdd
	}
	var flags []imap.Flag
	for _, name := range append(f.Names(), k.List()...) {
		if !isFlag(name) {
			return &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("a keyword holds a character that cannot be sent")}
		}
		flags = append(flags, imap.Flag(name))
	}
	if len(flags) == 0 {
		return nil
	}
	for _, part := range s.chunks(set) {
		_, err := s.library(ctx, op, usual, s.echo(part), func(client *imapclient.Client) error {
			return client.Store(uidSet(part), &imap.StoreFlags{Op: how, Silent: true, Flags: flags}, nil).Close()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// echo takes the FETCH responses that a STORE to a set causes, silent or not; those to other messages are news.
func (s *Session) echo(set mail.UIDSet) asked {
	return func(name string, _ uint32, c cursor) bool {
		if name != "FETCH" {
			return false
		}
		f := s.parseFetch(&c)
		return f.uid == 0 || set.Contains(f.uid)
	}
}

// isFlag tells whether a name can be sent as a flag. // RFC 9051 §9 flag
func isFlag(name string) bool {
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '\\' && i == 0 && len(name) > 1:
		case c <= ' ', c >= 0x7f, c == '(', c == ')', c == '{', c == '%', c == '*', c == '"', c == '\\', c == ']':
			return false
		}
	}
	return name != ""
}

// departures takes as many EXPUNGE responses as the command asked for; further ones are news.
func (s *Session) departures(n int) asked {
	return func(name string, _ uint32, _ cursor) bool {
		if name != "EXPUNGE" || n == 0 {
			return false
		}
		n--
		s.expunged()
		return true
	}
}

// Expunge marks a set \Deleted and removes just that. Where the server cannot remove just that (no UIDPLUS), the
// mark stays and gone is false: a plain EXPUNGE would remove what others have marked. // RFC 4315 §2.1
func (s *Session) Expunge(ctx context.Context, set mail.UIDSet) (gone bool, err error) {
	if err := s.StoreFlags(ctx, set, true, mail.Deleted, ""); err != nil || !s.caps.UIDPlus {
		return false, err
	}
	for _, part := range s.chunks(set) {
		_, err := s.library(ctx, "delete for good", usual, s.departures(part.Len()), func(client *imapclient.Client) error {
			return client.UIDExpunge(uidSet(part)).Close()
		})
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// Append puts a message into a mailbox; the UID is 0 where the server does not tell it. // RFC 9051 §6.3.12, RFC 4315 §3
func (s *Session) Append(ctx context.Context, mailbox string, f mail.Flags, date time.Time, msg []byte, keywords ...string) (mail.UIDValidity, mail.UID, error) {
	op := "store in " + mailbox
	if err := speakable(op, mailbox); err != nil {
		return 0, 0, err
	}
	c := newCommand(s.caps, "APPEND").mailbox(mailbox)
	names := append(f.Names(), keywords...)
	if names = slices.DeleteFunc(names, func(name string) bool { return !isFlag(name) }); len(names) > 0 {
		c.word("(" + strings.Join(names, " ") + ")")
	}
	if !date.IsZero() {
		c.word(date.Format(`"_2-Jan-2006 15:04:05 -0700"`))
	}
	st, err := s.own(ctx, op, c.literal(msg), usual, nil)
	if err != nil || st.code != "APPENDUID" {
		return 0, 0, err
	}
	validity, uid := parseAppendUID(st.args)
	return validity, uid, nil
}
