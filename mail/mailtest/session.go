package mailtest

import (
	"io"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"posthorn/mail"
)

// session is one connection to a Server: what concerns mailboxes is here, what concerns the selected one in view.go.
type session struct {
	server *Server
	conn   net.Conn
	user   *User // nil before login

	mu   sync.Mutex // the library may end the session while its IDLE still goes on
	view *view      // of the selected mailbox; nil: none
}

var _ imapserver.SessionMove = (*session)(nil)
var _ imapserver.SessionNamespace = (*session)(nil)

func no(code imap.ResponseCode, text string) *imap.Error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

var (
	noMailbox = no(imap.ResponseCodeNonExistent, "No such mailbox")
	tryCreate = no(imap.ResponseCodeTryCreate, "No such mailbox")
	unknown   = &imap.Error{Type: imap.StatusResponseTypeBad, Text: "Unknown command"}
)

// special is the attribute of a role. // RFC 6154 §2
var special = map[mail.Role]imap.MailboxAttr{
	mail.Drafts: imap.MailboxAttrDrafts, mail.Sent: imap.MailboxAttrSent, mail.Archive: imap.MailboxAttrArchive,
	mail.Junked: imap.MailboxAttrJunk, mail.Trash: imap.MailboxAttrTrash, mail.All: imap.MailboxAttrAll,
	mail.Starred: imap.MailboxAttrFlagged,
}

func (s *session) Login(name, password string) error {
	if s.user = s.server.user(name, password); s.user == nil {
		return imapserver.ErrAuthFailed
	}
	return nil
}

func (s *session) Close() error { return s.Unselect() }

func (s *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: delimiter}}}, nil
}

func (s *session) Create(name string, options *imap.CreateOptions) error {
	role := mail.NoRole
	for r, attr := range special {
		if slices.Contains(options.SpecialUse, attr) {
			role = r
		}
	}
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	return s.user.create(name, role)
}

func (s *session) Delete(name string) error {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	return s.user.remove(name)
}

func (s *session) Rename(from, to string, _ *imap.RenameOptions) error {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	return s.user.rename(from, to)
}

func (s *session) Subscribe(name string) error   { return s.subscribe(name, true) }
func (s *session) Unsubscribe(name string) error { return s.subscribe(name, false) }

func (s *session) subscribe(name string, subscribed bool) error {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	m := s.user.mailboxes[name]
	if m == nil {
		return noMailbox
	}
	m.subscribed = subscribed
	return nil
}

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 { // asks for the delimiter // RFC 9051 §6.3.9
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, data := range s.list(ref, patterns, options) {
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) list(ref string, patterns []string, options *imap.ListOptions) []*imap.ListData {
	u := s.user
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []*imap.ListData
	for _, name := range slices.Sorted(maps.Keys(u.mailboxes)) {
		m := u.mailboxes[name]
		if !slices.ContainsFunc(patterns, func(p string) bool { return imapserver.MatchList(name, delimiter, ref, p) }) {
			continue
		}
		use := special[m.role]
		if s.server.lacks(string(imap.CapSpecialUse)) {
			use = ""
		}
		if options.SelectSubscribed && !m.subscribed || options.SelectSpecialUse && use == "" {
			continue
		}
		data := &imap.ListData{Mailbox: name, Delim: delimiter, Attrs: []imap.MailboxAttr{imap.MailboxAttrHasNoChildren}}
		if u.hasChildren(name) {
			data.Attrs[0] = imap.MailboxAttrHasChildren
		}
		if m.subscribed && (options.SelectSubscribed || options.ReturnSubscribed) {
			data.Attrs = append(data.Attrs, imap.MailboxAttrSubscribed)
		}
		if use != "" {
			data.Attrs = append(data.Attrs, use)
		}
		if options.ReturnStatus != nil {
			data.Status = m.status()
		}
		out = append(out, data)
	}
	return out
}

func (s *session) Status(name string, _ *imap.StatusOptions) (*imap.StatusData, error) {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	m := s.user.mailboxes[name]
	if m == nil {
		return nil, noMailbox
	}
	return m.status(), nil
}

// status is everything STATUS can ask for; the library writes what was asked.
func (m *mailbox) status() *imap.StatusData {
	total, deleted, size := uint32(len(m.messages)), m.count(imap.FlagDeleted), m.size()
	unseen, recent, storage := total-m.count(imap.FlagSeen), uint32(0), int64(0)
	return &imap.StatusData{Mailbox: m.name, NumMessages: &total, NumUnseen: &unseen, NumDeleted: &deleted, NumRecent: &recent,
		UIDNext: m.next, UIDValidity: m.validity, Size: &size, DeletedStorage: &storage}
}

// Append stores a message, unless its connection ends in the middle of it.
func (s *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	if err == nil && int64(len(raw)) < r.Size() {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	date := options.Time
	if date.IsZero() {
		date = time.Now()
	}
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	m := s.user.mailboxes[name]
	if m == nil {
		return nil, tryCreate // RFC 9051 §6.3.12
	}
	uid := m.add(raw, date, options.Flags)
	if s.server.lacks(string(imap.CapUIDPlus)) {
		return nil, nil
	}
	return &imap.AppendData{UIDValidity: m.validity, UID: uid}, nil
}
