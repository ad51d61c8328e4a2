package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// another is another client of an account, on the server in this process (mailtest.User) or on a real one.
type another interface {
	Create(mailbox string, role mail.Role)
	Append(mailbox string, raw []byte, date time.Time, flags ...imap.Flag) mail.UID
	Mailboxes() []string
	Messages(mailbox string) []mailtest.Stored
	SetFlags(mailbox string, uid mail.UID, add bool, flags ...imap.Flag)
	Expunge(mailbox string, uid mail.UID)
	Move(mailbox string, uid mail.UID, target string) mail.UID
	Renumber(mailbox string)
}

// onReal is another client of a real server, which has MOVE and UIDPLUS.
type onReal struct {
	t *testing.T
	c *imapclient.Client
}

func newOnReal(t *testing.T, at mail.Account) onReal {
	t.Helper()
	c, err := imapclient.DialInsecure(fmt.Sprintf("%s:%d", at.IMAP.Host, at.IMAP.Port), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	o := onReal{t, c}
	o.must(c.Login(at.IMAP.User, "secret").Wait())
	return o
}

func (o onReal) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o onReal) open(mailbox string) uint32 {
	o.t.Helper()
	got, err := o.c.Select(mailbox, nil).Wait()
	o.must(err)
	return got.NumMessages
}

func (o onReal) Create(mailbox string, _ mail.Role) { o.must(o.c.Create(mailbox, nil).Wait()) }

func (o onReal) Append(mailbox string, raw []byte, date time.Time, flags ...imap.Flag) mail.UID {
	o.t.Helper()
	a := o.c.Append(mailbox, int64(len(raw)), &imap.AppendOptions{Flags: flags, Time: date})
	_, err := a.Write(raw)
	o.must(err)
	o.must(a.Close())
	got, err := a.Wait()
	o.must(err)
	return mail.UID(got.UID)
}

func (o onReal) Mailboxes() (names []string) {
	list, err := o.c.List("", "*", nil).Collect()
	o.must(err)
	for _, l := range list {
		names = append(names, l.Mailbox)
	}
	return names
}

func (o onReal) Messages(mailbox string) (out []mailtest.Stored) {
	o.t.Helper()
	if o.open(mailbox) == 0 {
		return nil
	}
	list, err := o.c.Fetch(imap.SeqSet{imap.SeqRange{Start: 1}}, &imap.FetchOptions{Flags: true, UID: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	o.must(err)
	for _, m := range list {
		s := mailtest.Stored{UID: mail.UID(m.UID), Date: m.InternalDate, Raw: m.BodySection[0].Bytes}
		for _, f := range m.Flags {
			s.Flags = append(s.Flags, string(f))
		}
		slices.Sort(s.Flags)
		out = append(out, s)
	}
	return out
}

func (o onReal) SetFlags(mailbox string, uid mail.UID, add bool, flags ...imap.Flag) {
	o.t.Helper()
	op := imap.StoreFlagsDel
	if add {
		op = imap.StoreFlagsAdd
	}
	if o.open(mailbox); len(flags) > 0 {
		o.must(o.c.Store(imap.UIDSetNum(imap.UID(uid)), &imap.StoreFlags{Op: op, Silent: true, Flags: flags}, nil).Close())
	}
}

func (o onReal) Expunge(mailbox string, uid mail.UID) {
	o.t.Helper()
	o.SetFlags(mailbox, uid, true, imap.FlagDeleted)
	o.must(o.c.UIDExpunge(imap.UIDSetNum(imap.UID(uid))).Close())
}

func (o onReal) Move(mailbox string, uid mail.UID, target string) mail.UID {
	o.t.Helper()
	o.open(mailbox)
	got, err := o.c.Move(imap.UIDSetNum(imap.UID(uid)), target).Wait()
	o.must(err)
	uids, _ := got.DestUIDs.(imap.UIDSet).Nums()
	return mail.UID(uids[0])
}

// Renumber puts a mailbox of the same name and with the same messages, in the opposite order, in place of one.
func (o onReal) Renumber(mailbox string) {
	o.t.Helper()
	const aside = "aside"
	o.Create(aside, mail.NoRole)
	list := o.Messages(mailbox)
	slices.Reverse(list)
	for _, m := range list {
		o.Move(mailbox, m.UID, aside)
	}
	o.must(o.c.Unselect().Wait())
	o.must(o.c.Delete(mailbox).Wait())
	o.must(o.c.Rename(aside, mailbox, nil).Wait())
}
