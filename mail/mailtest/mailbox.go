package mailtest

import (
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"posthorn/mail"
)

// mailbox is one mailbox of a user, whose lock guards it.
type mailbox struct {
	name       string
	role       mail.Role
	subscribed bool
	validity   uint32
	next       imap.UID
	messages   []*message // by UID
	tracker    *imapserver.MailboxTracker
	views      map[*view]bool // the sessions that have it selected
}

// message never changes but in its flags.
type message struct {
	uid   imap.UID
	raw   []byte
	date  time.Time   // INTERNALDATE
	flags []imap.Flag // sorted; each once, however it is spelt
}

func newMailbox(name string, role mail.Role, validity uint32) *mailbox {
	return &mailbox{name: name, role: role, subscribed: true, validity: validity, next: 1,
		tracker: imapserver.NewMailboxTracker(0), views: map[*view]bool{}}
}

// ring wakes the sessions in IDLE.
func (m *mailbox) ring() {
	for v := range m.views {
		select {
		case v.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}

// add stores a message and tells everyone.
func (m *mailbox) add(raw []byte, date time.Time, flags []imap.Flag) imap.UID {
	msg := &message{uid: m.next, raw: raw, date: date}
	msg.set(imap.StoreFlagsAdd, flags)
	m.next++
	m.messages = append(m.messages, msg)
	m.tracker.QueueNumMessages(uint32(len(m.messages)))
	m.ring()
	return msg.uid
}

// remove expunges the messages that f chooses and tells everyone, from the last to the first, so that no number
// changes before it is used.
func (m *mailbox) remove(f func(*message) bool) {
	for i := len(m.messages) - 1; i >= 0; i-- {
		if f(m.messages[i]) {
			m.messages = slices.Delete(m.messages, i, i+1)
			m.tracker.QueueExpunge(uint32(i + 1))
		}
	}
	m.ring()
}

// store changes the flags of a message and tells everyone but the session that did it.
func (m *mailbox) store(number uint32, op imap.StoreFlagsOp, flags []imap.Flag, by *imapserver.SessionTracker) {
	msg := m.messages[number-1]
	if msg.set(op, flags) {
		m.tracker.QueueMessageFlags(number, msg.uid, slices.Clone(msg.flags), by)
		m.ring()
	}
}

// find is the message with a UID and its number, or nil.
func (m *mailbox) find(uid imap.UID) (uint32, *message) {
	i, ok := slices.BinarySearchFunc(m.messages, uid, func(msg *message, uid imap.UID) int {
		return int(int64(msg.uid) - int64(uid))
	})
	if !ok {
		return 0, nil
	}
	return uint32(i + 1), m.messages[i]
}

// count is how many messages have a flag.
func (m *mailbox) count(flag imap.Flag) uint32 {
	n := uint32(0)
	for _, msg := range m.messages {
		if msg.has(flag) {
			n++
		}
	}
	return n
}

func (m *mailbox) size() int64 {
	n := int64(0)
	for _, msg := range m.messages {
		n += int64(len(msg.raw))
	}
	return n
}

// flags are the system flags and every keyword in use.
func (m *mailbox) flags() []imap.Flag {
	all := message{}
	all.set(imap.StoreFlagsAdd, []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft})
	for _, msg := range m.messages {
		all.set(imap.StoreFlagsAdd, msg.flags)
	}
	return all.flags
}

// has compares without regard to case. // RFC 9051 §2.3.2
func (msg *message) has(flag imap.Flag) bool {
	return slices.ContainsFunc(msg.flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(flag)) })
}

// set changes the flags; a keyword keeps the spelling it had first. It tells whether anything changed.
func (msg *message) set(op imap.StoreFlagsOp, flags []imap.Flag) bool {
	before := msg.flags
	if op == imap.StoreFlagsSet {
		msg.flags = nil
	}
	msg.flags = slices.Clone(msg.flags)
	for _, f := range flags {
		switch {
		case op == imap.StoreFlagsDel:
			msg.flags = slices.DeleteFunc(msg.flags, func(g imap.Flag) bool { return strings.EqualFold(string(f), string(g)) })
		case !msg.has(f):
			msg.flags = append(msg.flags, f)
		}
	}
	slices.Sort(msg.flags)
	return !slices.Equal(before, msg.flags)
}
