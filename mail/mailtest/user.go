package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"posthorn/mail"
)

// User is one user of a Server. Its methods act as the server itself or as another client would, and panic where a
// test asked for something impossible.
type User struct {
	server         *Server
	name, password string
	mem            *imapmemserver.User

	mu    sync.Mutex
	roles map[string]mail.Role // every mailbox by full name
}

func (u *User) setRole(name string, role mail.Role) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.roles[name] = role
}

// Account is how posthorn reaches the user: submission as given, which may be empty.
func (u *User) Account(name, address string, submission mail.Endpoint) mail.Account {
	host, port, err := net.SplitHostPort(u.server.listener.Addr().String())
	must(err)
	n, err := strconv.Atoi(port)
	must(err)
	return mail.Account{
		Name: name, Address: address,
		IMAP: mail.Endpoint{Host: host, Port: n, Security: mail.Insecure, User: u.name},
		SMTP: submission,
	}
}

// Create makes a mailbox; its full name is divided by "/".
func (u *User) Create(name string, role mail.Role) {
	must(u.mem.Create(name, nil))
	u.setRole(name, role)
}

// Delete removes a mailbox with all that is in it.
func (u *User) Delete(name string) {
	must(u.mem.Delete(name))
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.roles, name)
}

// Append delivers a message; sessions in IDLE hear of it. The zero date is now.
func (u *User) Append(mailbox string, raw []byte, date time.Time, flags ...imap.Flag) mail.UID {
	if !bytes.Contains(raw, []byte("\r\n")) {
		raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
	}
	data, err := u.mem.Append(mailbox, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: date, Flags: flags})
	must(err)
	return mail.UID(data.UID)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Stored is a message as it lies on the server.
type Stored struct {
	UID   mail.UID
	Flags []string // as the server spells them, sorted
	Raw   []byte
}

// Messages is what lies in a mailbox, by UID.
func (u *User) Messages(mailbox string) []Stored {
	var out []Stored
	u.as(mailbox, func(c *imapclient.Client) error {
		if c.Mailbox().NumMessages == 0 {
			return nil
		}
		list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
			UID: true, Flags: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}},
		}).Collect()
		for _, m := range list {
			s := Stored{UID: mail.UID(m.UID), Raw: m.BodySection[0].Bytes}
			for _, f := range m.Flags {
				s.Flags = append(s.Flags, string(f))
			}
			slices.Sort(s.Flags)
			out = append(out, s)
		}
		return err
	})
	return out
}

// SetFlags adds or removes flags as another client would.
func (u *User) SetFlags(mailbox string, uid mail.UID, add bool, flags ...imap.Flag) {
	op := imap.StoreFlagsDel
	if add {
		op = imap.StoreFlagsAdd
	}
	u.as(mailbox, func(c *imapclient.Client) error {
		return c.Store(imap.UIDSetNum(imap.UID(uid)), &imap.StoreFlags{Op: op, Silent: true, Flags: flags}, nil).Close()
	})
}

// Expunge removes a message as another client would.
func (u *User) Expunge(mailbox string, uid mail.UID) {
	u.SetFlags(mailbox, uid, true, imap.FlagDeleted)
	u.as(mailbox, func(c *imapclient.Client) error {
		return c.Expunge().Close()
	})
}

// Move moves a message as another client would.
func (u *User) Move(mailbox string, uid mail.UID, target string) {
	u.as(mailbox, func(c *imapclient.Client) error {
		_, err := c.Move(imap.UIDSetNum(imap.UID(uid)), target).Wait()
		return err
	})
}

// as runs f as another client that has mailbox selected.
func (u *User) as(mailbox string, f func(*imapclient.Client) error) {
	c, err := imapclient.DialInsecure(u.server.listener.Addr().String(), nil)
	must(err)
	defer c.Close()
	must(c.Login(u.name, u.password).Wait())
	_, err = c.Select(mailbox, nil).Wait()
	must(err)
	must(f(c))
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("mailtest: %v", err))
	}
}
