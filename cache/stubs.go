package cache

import (
	"context"
	"errors"
	"time"

	"posthorn/mail"
)

// Signatures first; the bodies replace this file piece by piece.

// ErrLocked means that another posthorn has the database open.
var ErrLocked = errors.New("another posthorn is running with this data")

var errStub = errors.New("cache: not yet")

type Options struct {
	Now   func() time.Time
	Check bool
}

type Reader struct{}

type Store struct{ *Reader }

func Open(ctx context.Context, dir string, opt Options) (*Store, error) { return nil, errStub }
func (s *Store) Close() error                                           { return errStub }

type View struct {
	Mailboxes       []mail.MailboxKey
	Unseen, Flagged bool
}

type Position struct {
	Received int64
	Key      mail.MessageKey
}

func At(m mail.Message) Position { return Position{m.Received.Unix(), m.Key} }

type Window struct {
	Messages     []mail.Message
	Newer, Older bool
}

func (r *Reader) Window(ctx context.Context, v View, around Position, newer, older int) (Window, error) {
	return Window{}, errStub
}
func (r *Reader) Count(ctx context.Context, v View) (total, unseen int, err error) {
	return 0, 0, errStub
}
func (r *Reader) Rank(ctx context.Context, v View, p Position) (int, error) { return 0, errStub }
func (r *Reader) Mailboxes(ctx context.Context) ([]mail.Mailbox, error)     { return nil, errStub }
func (r *Reader) Mailbox(ctx context.Context, key mail.MailboxKey) (mail.Mailbox, error) {
	return mail.Mailbox{}, errStub
}
func (r *Reader) MailboxFor(ctx context.Context, account string, role mail.Role) (mail.Mailbox, bool, error) {
	return mail.Mailbox{}, false, errStub
}

type Detail struct {
	mail.Message
	Envelope  mail.Envelope
	Structure *mail.Part
}

func (r *Reader) Message(ctx context.Context, key mail.MessageKey) (Detail, error) {
	return Detail{}, errStub
}
func (r *Reader) Messages(ctx context.Context, keys []mail.MessageKey) ([]mail.Message, error) {
	return nil, errStub
}
func (r *Reader) Content(ctx context.Context, key mail.MessageKey, section string) (raw []byte, complete bool, err error) {
	return nil, false, errStub
}
func (r *Reader) ByMessageID(ctx context.Context, account, id string) ([]mail.Message, error) {
	return nil, errStub
}
func (r *Reader) Contacts(ctx context.Context, prefix string, n int) ([]mail.Address, error) {
	return nil, errStub
}

type Stored struct {
	Key           int64
	Account, Data string
	Updated       time.Time
}

func (r *Reader) Drafts(ctx context.Context) ([]Stored, error)         { return nil, errStub }
func (r *Reader) Draft(ctx context.Context, key int64) (Stored, error) { return Stored{}, errStub }

type OutState string

const (
	Queued    OutState = "queued"
	Sending   OutState = "sending"
	DotSent   OutState = "dot-sent"
	Sent      OutState = "sent"
	Filed     OutState = "filed"
	Failed    OutState = "failed"
	Uncertain OutState = "unknown"
)

type Outgoing struct {
	Key                int64
	Account            string
	State              OutState
	Bytes              []byte
	From               string
	To                 []string
	MessageID, Subject string
	Draft              string
	Original           mail.MessageKey
	Mark               mail.Flags
	NotBefore, Created time.Time
	Attempts           int
	LastError          string
}

func (r *Reader) Outbox(ctx context.Context) ([]Outgoing, error) { return nil, errStub }
func (r *Reader) Outgoing(ctx context.Context, key int64) (Outgoing, error) {
	return Outgoing{}, errStub
}
func (r *Reader) Waiting(ctx context.Context) (wishes, outgoing int, err error) {
	return 0, 0, errStub
}

func (s *Store) SetMailboxes(ctx context.Context, account string, list []mail.Listed) (changed bool, err error) {
	return false, errStub
}
func (s *Store) SetStatus(ctx context.Context, key mail.MailboxKey, st mail.Status) (dirty bool, err error) {
	return false, errStub
}

type SyncState struct {
	Key           mail.MailboxKey
	Account, Name string
	Role          mail.Role
	UIDValidity   mail.UIDValidity
	UIDNext       mail.UID
	HighestModSeq mail.ModSeq
	Backfill      mail.UID
	Held          int
	Dirty         bool
	SyncedAt      time.Time
}

func (r *Reader) SyncState(ctx context.Context, key mail.MailboxKey) (SyncState, error) {
	return SyncState{}, errStub
}
func (r *Reader) SyncStates(ctx context.Context, account string) ([]SyncState, error) {
	return nil, errStub
}

type Marks struct {
	UIDNext       *mail.UID
	HighestModSeq *mail.ModSeq
	Backfill      *mail.UID
	Dirty         *bool
}

func (s *Store) Reset(ctx context.Context, key mail.MailboxKey, validity mail.UIDValidity) (dropped []Operation, err error) {
	return nil, errStub
}
func (s *Store) Add(ctx context.Context, key mail.MailboxKey, headers []mail.Header, marks Marks) (added []mail.MessageKey, err error) {
	return nil, errStub
}
func (s *Store) SetFlags(ctx context.Context, key mail.MailboxKey, updates []mail.FlagUpdate, marks Marks) (changed int, err error) {
	return 0, errStub
}
func (s *Store) Vanished(ctx context.Context, key mail.MailboxKey, within, present mail.UIDSet, marks Marks) (gone int, err error) {
	return 0, errStub
}
func (r *Reader) UIDs(ctx context.Context, key mail.MailboxKey, lo, hi mail.UID) (mail.UIDSet, error) {
	return nil, errStub
}
func (s *Store) SetStructure(ctx context.Context, key mail.MessageKey, p mail.Part) error {
	return errStub
}

type Wish struct {
	Changes   []mail.Targeted
	What      string
	NotBefore time.Time
	NoUndo    bool
}

func (s *Store) Wish(ctx context.Context, w Wish) (touched []mail.MailboxKey, err error) {
	return nil, errStub
}
func (s *Store) Undo(ctx context.Context) (what string, touched []mail.MailboxKey, err error) {
	return "", nil, errStub
}

type Operation struct {
	Message   mail.MessageKey
	Account   string
	Mailbox   mail.MailboxKey
	UID       mail.UID
	Kind      mail.ChangeKind
	Change    mail.Change
	Rev       int64
	NotBefore time.Time
	Attempts  int
	LastError string
	MessageID string
	Size      int64
}

func (r *Reader) Due(ctx context.Context, account string, now time.Time, limit int) ([]Operation, error) {
	return nil, errStub
}
func (r *Reader) NextDue(ctx context.Context, account string) (time.Time, error) {
	return time.Time{}, errStub
}

type Done struct {
	Operation
	NewUID mail.UID
}

func (s *Store) Done(ctx context.Context, done []Done) (touched []mail.MailboxKey, err error) {
	return nil, errStub
}
func (s *Store) Later(ctx context.Context, ops []Operation, notBefore time.Time, why string) error {
	return errStub
}
func (s *Store) Refuse(ctx context.Context, ops []Operation, why string) (touched []mail.MailboxKey, err error) {
	return nil, errStub
}
func (s *Store) Settled(ctx context.Context, key mail.MailboxKey) (int, error) { return 0, errStub }
func (s *Store) PutContent(ctx context.Context, key mail.MessageKey, section string, offset int64, data []byte, complete bool) error {
	return errStub
}
func (s *Store) SetPreview(ctx context.Context, key mail.MessageKey, preview, body string) error {
	return errStub
}
func (s *Store) SaveDraft(ctx context.Context, key int64, account, data string) (int64, error) {
	return 0, errStub
}
func (s *Store) DeleteDraft(ctx context.Context, key int64) error { return errStub }
func (s *Store) Queue(ctx context.Context, o Outgoing, draft int64) (int64, error) {
	return 0, errStub
}
func (s *Store) SetOutgoing(ctx context.Context, o Outgoing) error                { return errStub }
func (s *Store) DeleteOutgoing(ctx context.Context, key int64) error              { return errStub }
func (s *Store) GiveBack(ctx context.Context, key int64) (draft int64, err error) { return 0, errStub }
