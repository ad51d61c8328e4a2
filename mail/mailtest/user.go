package mailtest

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
)

// Flag is a flag as IMAP spells it: `\Seen`, "$Forwarded".
type Flag = imap.Flag

// delimiter divides the names of mailboxes.
const delimiter = '/'

// User is one user of a Server. Its methods act as the server itself or as another client would, and panic where a
// test asked for something impossible.
type User struct {
	server         *Server
	name, password string

	mu        sync.Mutex
	mailboxes map[string]*mailbox // by full name
	validity  uint32              // the last given out
}

// Account is how posthorn reaches the user: submission as given, which may be empty.
func (u *User) Account(name, address string, submission mail.Endpoint) mail.Account {
	at := u.server.listener.Addr().(*net.TCPAddr)
	return mail.Account{
		Name: name, Address: address,
		IMAP: mail.Endpoint{Host: at.IP.String(), Port: at.Port, Security: mail.Insecure, User: u.name},
		SMTP: submission,
	}
}

// Create makes a mailbox, and those above it; its full name is divided by "/".
func (u *User) Create(name string, role mail.Role) {
	u.mu.Lock()
	defer u.mu.Unlock()
	must(u.create(name, role))
}

// Delete removes a mailbox with all that is in it.
func (u *User) Delete(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	must(u.remove(name))
}

// Rename renames a mailbox and those below it.
func (u *User) Rename(from, to string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	must(u.rename(from, to))
}

// Subscribed tells whether the user subscribed to a mailbox.
func (u *User) Subscribed(mailbox string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.must(mailbox).subscribed
}

// Append delivers a message; sessions in IDLE hear of it. The zero date is now.
func (u *User) Append(mailbox string, raw []byte, date time.Time, flags ...Flag) mail.UID {
	if !bytes.Contains(raw, []byte("\r\n")) {
		raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
	}
	if date.IsZero() {
		date = time.Now()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return mail.UID(u.must(mailbox).add(slices.Clone(raw), date, flags))
}

// Stored is a message as it lies on the server.
type Stored struct {
	UID   mail.UID
	Flags []string // as the server spells them, sorted
	Raw   []byte
	Date  time.Time // INTERNALDATE
}

// Messages is what lies in a mailbox, by UID.
func (u *User) Messages(mailbox string) []Stored {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []Stored
	for _, msg := range u.must(mailbox).messages {
		s := Stored{UID: mail.UID(msg.uid), Raw: msg.raw, Date: msg.date}
		for _, f := range msg.flags {
			s.Flags = append(s.Flags, string(f))
		}
		out = append(out, s)
	}
	return out
}

// Mailboxes are the full names of all mailboxes, sorted.
func (u *User) Mailboxes() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Sorted(maps.Keys(u.mailboxes))
}

// SetFlags adds or removes flags as another client would.
func (u *User) SetFlags(mailbox string, uid mail.UID, add bool, flags ...Flag) {
	op := imap.StoreFlagsDel
	if add {
		op = imap.StoreFlagsAdd
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	m := u.must(mailbox)
	number, _ := m.mustFind(uid)
	m.store(number, op, flags, nil)
}

// Expunge removes a message as another client would.
func (u *User) Expunge(mailbox string, uid mail.UID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	m := u.must(mailbox)
	_, gone := m.mustFind(uid)
	m.remove(func(msg *message) bool { return msg == gone })
}

// Move moves a message as another client would, and gives its new UID.
func (u *User) Move(mailbox string, uid mail.UID, target string) mail.UID {
	u.mu.Lock()
	defer u.mu.Unlock()
	m, to := u.must(mailbox), u.must(target)
	_, gone := m.mustFind(uid)
	m.remove(func(msg *message) bool { return msg == gone })
	return mail.UID(to.add(gone.raw, gone.date, gone.flags))
}

// Renumber gives a mailbox a new UIDVALIDITY and its messages new UIDs, as when it is restored from a backup. It cuts
// the connections that have it open.
func (u *User) Renumber(mailbox string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	m := u.must(mailbox)
	fresh := newMailbox(m.name, m.role, u.newValidity())
	fresh.subscribed = m.subscribed
	fresh.next = 1000 // so that no old UID is right by chance
	for _, msg := range m.messages {
		fresh.add(msg.raw, msg.date, msg.flags)
	}
	u.mailboxes[mailbox] = fresh
	for v := range m.views {
		v.conn.Close()
	}
}

func (u *User) newValidity() uint32 {
	u.validity++
	return u.validity
}

func (u *User) must(mailbox string) *mailbox {
	m := u.mailboxes[mailbox]
	if m == nil {
		panic(fmt.Sprintf("mailtest: %s has no mailbox %q", u.name, mailbox))
	}
	return m
}

func (m *mailbox) mustFind(uid mail.UID) (uint32, *message) {
	number, msg := m.find(imap.UID(uid))
	if msg == nil {
		panic(fmt.Sprintf("mailtest: %s has no UID %d", m.name, uid))
	}
	return number, msg
}

// create makes a mailbox and those above it. // RFC 9051 §6.3.4
func (u *User) create(name string, role mail.Role) error {
	name = strings.TrimRight(name, string(delimiter))
	if u.mailboxes[name] != nil || name == "" {
		return no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	if i := strings.LastIndexByte(name, delimiter); i >= 0 && u.mailboxes[name[:i]] == nil {
		if err := u.create(name[:i], mail.NoRole); err != nil {
			return err
		}
	}
	u.mailboxes[name] = newMailbox(name, role, u.newValidity())
	return nil
}

// remove deletes a mailbox. // RFC 9051 §6.3.5
func (u *User) remove(name string) error {
	switch {
	case u.mailboxes[name] == nil:
		return noMailbox
	case name == "INBOX":
		return no(imap.ResponseCodeCannot, "INBOX stays")
	case u.hasChildren(name):
		return no("HASCHILDREN", "There are mailboxes below it") // RFC 9051 §7.1
	}
	delete(u.mailboxes, name)
	return nil
}

// rename moves a mailbox and those below it. // RFC 9051 §6.3.6
func (u *User) rename(from, to string) error {
	to = strings.TrimRight(to, string(delimiter))
	switch {
	case u.mailboxes[from] == nil:
		return noMailbox
	case from == "INBOX":
		return no(imap.ResponseCodeCannot, "INBOX stays")
	case u.mailboxes[to] != nil || to == "":
		return no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	case strings.HasPrefix(to, from+string(delimiter)):
		return no(imap.ResponseCodeCannot, "A mailbox cannot be below itself")
	}
	for _, name := range slices.Collect(maps.Keys(u.mailboxes)) {
		if rest, ok := strings.CutPrefix(name, from); ok && (rest == "" || rest[0] == delimiter) {
			m := u.mailboxes[name]
			delete(u.mailboxes, name)
			m.name = to + rest
			u.mailboxes[m.name] = m
		}
	}
	return nil
}

func (u *User) hasChildren(name string) bool {
	for other := range u.mailboxes {
		if strings.HasPrefix(other, name+string(delimiter)) {
			return true
		}
	}
	return false
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("mailtest: %v", err))
	}
}
