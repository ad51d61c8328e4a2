package ui_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
)

// servers are where Anna's mail lies. The users are home and work, with the password "secret"; its methods act as
// another client would.
type servers interface {
	account(user string) mail.Account
	create(t *testing.T, user, mailbox string)
	rename(t *testing.T, user, mailbox, to string)
	deliver(t *testing.T, user, mailbox string, raw []byte, date time.Time, flags ...string)
	messages(t *testing.T, user, mailbox string) []stored
	expunge(t *testing.T, user, mailbox string) // all that is there
	subscribed(t *testing.T, user, mailbox string) bool
}

// memory is the server in this process.
type memory struct {
	*mailtest.Server
	users map[string]*mailtest.User
}

func inProcess(t *testing.T) memory {
	t.Helper()
	server, err := mailtest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	m := memory{server, map[string]*mailtest.User{}}
	for _, name := range []string{"home", "work"} {
		u := server.AddUser(name, "secret")
		for box, role := range map[string]mail.Role{"Archive": mail.Archive, "Trash": mail.Trash, "Sent": mail.Sent, "Drafts": mail.Drafts, "Junk": mail.Junked} {
			u.Create(box, role)
		}
		m.users[name] = u
	}
	return m
}

func (m memory) account(user string) mail.Account {
	return m.users[user].Account(user, "", mail.Endpoint{})
}

func (m memory) create(_ *testing.T, user, mailbox string) {
	m.users[user].Create(mailbox, mail.NoRole)
}

func (m memory) rename(_ *testing.T, user, mailbox, to string) {
	m.users[user].Rename(mailbox, to)
}

func (m memory) deliver(_ *testing.T, user, mailbox string, raw []byte, date time.Time, flags ...string) {
	var list []mailtest.Flag
	for _, f := range flags {
		list = append(list, mailtest.Flag(f))
	}
	m.users[user].Append(mailbox, raw, date, list...)
}

func (m memory) messages(_ *testing.T, user, mailbox string) []stored {
	var out []stored
	for _, msg := range m.users[user].Messages(mailbox) {
		out = append(out, stored{msg.Raw, msg.Flags})
	}
	return out
}

func (m memory) expunge(_ *testing.T, user, mailbox string) {
	for _, msg := range m.users[user].Messages(mailbox) {
		m.users[user].Expunge(mailbox, msg.UID)
	}
}

func (m memory) subscribed(_ *testing.T, user, mailbox string) bool {
	return m.users[user].Subscribed(mailbox)
}

// dovecot is the real one. Each story has users of its own there, who differ by a number.
type dovecot struct {
	*mailtest.DovecotServer
	number int
	others map[string]*imap.Session
}

// user is Anna's own user of a story, or one of the friends, who are the same in all.
func (d dovecot) user(name string) string {
	if slices.Contains(friends, name) {
		return name
	}
	return fmt.Sprint(name, d.number)
}

func (d dovecot) account(user string) mail.Account { return d.Account(d.user(user), mail.TLS) }

// as runs f in a session of another client, which stays for the next time.
func (d dovecot) as(t *testing.T, user string, f func(s *imap.Session) error) {
	t.Helper()
	s := d.others[user]
	if s == nil {
		var err error
		if s, err = imap.Dial(t.Context(), d.Account(d.user(user), mail.Insecure), "secret", imap.Options{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		d.others[user] = s
	}
	if err := f(s); err != nil {
		t.Fatal(err)
	}
}

func (d dovecot) create(t *testing.T, user, mailbox string) {
	t.Helper()
	d.as(t, user, func(s *imap.Session) error { return s.Create(t.Context(), mailbox) })
}

func (d dovecot) rename(t *testing.T, user, mailbox, to string) {
	t.Helper()
	d.as(t, user, func(s *imap.Session) error { return s.Rename(t.Context(), mailbox, to) })
}

func (d dovecot) subscribed(t *testing.T, user, mailbox string) (on bool) {
	t.Helper()
	d.as(t, user, func(s *imap.Session) error {
		list, err := s.List(t.Context())
		on = slices.ContainsFunc(list, func(l mail.Listed) bool { return l.Name == mailbox && l.Subscribed })
		return err
	})
	return on
}

func (d dovecot) expunge(t *testing.T, user, mailbox string) {
	t.Helper()
	d.as(t, user, func(s *imap.Session) error {
		if _, err := s.Select(t.Context(), mailbox); err != nil {
			return err
		}
		all, err := s.UIDs(t.Context())
		if err == nil {
			err = s.StoreFlags(t.Context(), all, true, mail.Deleted, "")
		}
		if err == nil {
			_, err = s.Expunge(t.Context(), all)
		}
		return err
	})
}

// systemFlags are what stories need of the flags.
var systemFlags = map[string]mail.Flags{`\Seen`: mail.Seen, `\Flagged`: mail.Flagged, `\Answered`: mail.Answered, `\Draft`: mail.Draft, `$Forwarded`: mail.Forwarded,
	"$Junk": mail.Junk, "$NotJunk": mail.NotJunk, "$muted": mail.Muted}

func (d dovecot) deliver(t *testing.T, user, mailbox string, raw []byte, date time.Time, flags ...string) {
	t.Helper()
	var f mail.Flags
	for _, name := range flags {
		f |= systemFlags[name]
	}
	d.as(t, user, func(s *imap.Session) error {
		_, _, err := s.Append(t.Context(), mailbox, f, date, raw)
		return err
	})
}

func (d dovecot) messages(t *testing.T, user, mailbox string) (out []stored) {
	t.Helper()
	d.as(t, user, func(s *imap.Session) error {
		if _, err := s.Select(t.Context(), mailbox); err != nil {
			return err
		}
		flags := map[mail.UID][]string{}
		var uids []mail.UID
		err := s.Flags(t.Context(), mail.UIDSet{}, 0, func(u mail.FlagUpdate) error {
			var list []string
			for name, f := range systemFlags {
				if u.Flags.Has(f) {
					list = append(list, name)
				}
			}
			uids, flags[u.UID] = append(uids, u.UID), list
			return nil
		})
		for _, uid := range uids {
			raw, err := s.Part(t.Context(), uid, "", 0, 0)
			if err != nil {
				return err
			}
			out = append(out, stored{raw, flags[uid]})
		}
		return err
	})
	return out
}

// friends are whom Anna writes to.
var friends = []string{"ben", "cy", "dee", "crew"}

// until waits until cond holds of a mailbox.
func (d dovecot) until(t *testing.T, user, mailbox string, cond func([]stored) bool) []stored {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		got := d.messages(t, user, mailbox)
		if cond(got) {
			return got
		}
		d.as(t, user, func(s *imap.Session) error {
			_, err := s.Idle(ctx, time.Minute)
			return errors.Join(err, ctx.Err())
		})
	}
}

// told is a story that can be told on any servers; its name says what happens.
type told struct {
	name string
	tell func(r *rig)
}

// onEveryServer tells stories on the server in this process, and all of them on one real one.
func onEveryServer(t *testing.T, stories []told) {
	t.Run("memory", func(t *testing.T) {
		for _, s := range stories {
			t.Run(s.name, func(t *testing.T) { s.tell(newRig(t)) })
		}
	})
	t.Run("dovecot", func(t *testing.T) {
		var users []string
		for i := range stories {
			users = append(users, fmt.Sprint("home", i), fmt.Sprint("work", i))
		}
		server := mailtest.Dovecot(t, users...)
		for i, s := range stories {
			t.Run(s.name, func(t *testing.T) { s.tell(newRigOn(t, dovecot{server, i, map[string]*imap.Session{}})) })
		}
	})
}
