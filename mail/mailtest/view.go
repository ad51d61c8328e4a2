package mailtest

import (
	"bufio"
	"bytes"
	"net"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// view is a mailbox as one session sees it: what others did is told when the protocol lets it, and until then the
// session's numbers stay as they were. // RFC 9051 §7.5.1
type view struct {
	mailbox  *mailbox
	tracker  *imapserver.SessionTracker
	readOnly bool
	conn     net.Conn
	wake     chan struct{} // holds one: there is something to tell
}

func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	m := s.user.mailboxes[name]
	if m == nil {
		return nil, noMailbox
	}
	v := &view{mailbox: m, tracker: m.tracker.NewSession(), readOnly: options.ReadOnly, conn: s.conn, wake: make(chan struct{}, 1)}
	m.views[v] = true
	s.mu.Lock()
	s.view = v
	s.mu.Unlock()
	data := &imap.SelectData{Flags: m.flags(), NumMessages: uint32(len(m.messages)), UIDNext: m.next, UIDValidity: m.validity}
	if !v.readOnly {
		data.PermanentFlags = append(slices.Clone(data.Flags), imap.FlagWildcard)
	}
	for i, msg := range m.messages {
		if !msg.has(imap.FlagSeen) {
			data.FirstUnseenSeqNum = uint32(i + 1)
			break
		}
	}
	return data, nil
}

func (s *session) Unselect() error {
	s.mu.Lock()
	v := s.view
	s.view = nil
	s.mu.Unlock()
	if v != nil {
		s.user.mu.Lock()
		defer s.user.mu.Unlock()
		delete(v.mailbox.views, v)
		v.tracker.Close()
	}
	return nil
}

// selected is the view, or nil.
func (s *session) selected() *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

// writable is the view for a command that changes something.
func (s *session) writable() (*view, error) {
	v := s.selected()
	if v.readOnly {
		return nil, no("", "The mailbox is open for reading only")
	}
	return v, nil
}

func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	v := s.selected()
	if v == nil {
		return nil
	}
	return v.tracker.Poll(w, allowExpunge)
}

// Idle tells first what happened since the last command, and then what happens. // RFC 2177
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	v := s.selected()
	if v == nil {
		<-stop
		return nil
	}
	for {
		if err := v.tracker.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-v.wake:
		case <-stop:
			return nil
		}
	}
}

// chosen is the messages that a set names, by their numbers on the server. Those the session has not been told of
// are none. The user's lock is held.
func (v *view) chosen(set imap.NumSet) []uint32 {
	var out []uint32
	last := v.last()
	for i, msg := range v.mailbox.messages {
		if number := uint32(i + 1); v.names(set, number, msg, last) {
			out = append(out, number)
		}
	}
	return out
}

// last is what "*" means: number and UID of the last message the session knows. // RFC 9051 §9 seq-number
func (v *view) last() (last struct{ number, uid uint32 }) {
	for i := len(v.mailbox.messages); i > 0; i-- {
		if seen := v.tracker.EncodeSeqNum(uint32(i)); seen != 0 {
			last.number, last.uid = seen, uint32(v.mailbox.messages[i-1].uid)
			break
		}
	}
	return last
}

// names tells whether a set has a message.
func (v *view) names(set imap.NumSet, number uint32, msg *message, last struct{ number, uid uint32 }) bool {
	seen := v.tracker.EncodeSeqNum(number)
	if seen == 0 {
		return false
	}
	switch set := set.(type) {
	case imap.UIDSet:
		return slices.ContainsFunc(set, func(r imap.UIDRange) bool {
			return within(uint32(msg.uid), uint32(r.Start), uint32(r.Stop), last.uid)
		})
	case imap.SeqSet:
		return slices.ContainsFunc(set, func(r imap.SeqRange) bool { return within(seen, r.Start, r.Stop, last.number) })
	}
	return false
}

// within tells whether n is from start to stop, which come in any order; 0 is last.
func within(n, start, stop, last uint32) bool {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop) <= n && n <= max(start, stop)
}

// fetched is a message as it was when FETCH began.
type fetched struct {
	number uint32 // as the session knows it
	*message
	flags []imap.Flag
}

func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	v := s.selected()
	for _, f := range v.snapshot(s.user, set, options) {
		if err := f.write(w.CreateMessage(f.number), options); err != nil {
			return err
		}
	}
	return nil
}

// snapshot is taken under the lock, so that a client that does not read holds up nobody else.
func (v *view) snapshot(u *User, set imap.NumSet, options *imap.FetchOptions) []fetched {
	reads := slices.ContainsFunc(options.BodySection, func(b *imap.FetchItemBodySection) bool { return !b.Peek })
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []fetched
	for _, number := range v.chosen(set) {
		if reads && !v.readOnly { // RFC 9051 §6.4.5
			v.mailbox.store(number, imap.StoreFlagsAdd, []imap.Flag{imap.FlagSeen}, nil)
		}
		msg := v.mailbox.messages[number-1]
		out = append(out, fetched{v.tracker.EncodeSeqNum(number), msg, slices.Clone(msg.flags)})
	}
	return out
}

func (f fetched) write(w *imapserver.FetchResponseWriter, options *imap.FetchOptions) error {
	w.WriteUID(f.uid)
	if options.Flags {
		w.WriteFlags(f.flags)
	}
	if options.InternalDate {
		w.WriteInternalDate(f.date)
	}
	if options.RFC822Size {
		w.WriteRFC822Size(int64(len(f.raw)))
	}
	raw := legible(f.raw)
	if options.Envelope {
		header, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
		w.WriteEnvelope(imapserver.ExtractEnvelope(header))
	}
	if options.BodyStructure != nil {
		w.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(raw)))
	}
	for _, section := range options.BodySection {
		data := imapserver.ExtractBodySection(bytes.NewReader(raw), section)
		if len(section.Part) == 0 && section.Specifier == imap.PartSpecifierNone {
			data = partial(f.raw, section.Partial)
		}
		literal := w.WriteBodySection(section, int64(len(data)))
		if _, err := literal.Write(data); err != nil {
			return err
		}
		if err := literal.Close(); err != nil {
			return err
		}
	}
	return w.Close()
}

// legible is a message as the library can read it: without the lines of its header that are no fields, on which it
// gives up. Who asks for the whole message gets all of it.
func legible(raw []byte) []byte {
	head, rest, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	out, field := make([]byte, 0, len(raw)), false
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if len(line) == 0 || line[0] != ' ' && line[0] != '\t' {
			name, _, colon := bytes.Cut(line, []byte(":"))
			field = colon && len(name) > 0 && !bytes.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
		}
		if field {
			out = append(append(out, line...), '\r', '\n')
		}
	}
	return append(append(out, '\r', '\n'), rest...)
}

// partial is the part of data that is asked for; nil asks for all.
func partial(data []byte, p *imap.SectionPartial) []byte {
	if p == nil {
		return data
	}
	data = data[min(p.Offset, int64(len(data))):]
	return data[:min(p.Size, int64(len(data)))]
}

func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	v, err := s.writable()
	if err != nil {
		return err
	}
	s.user.mu.Lock()
	for _, number := range v.chosen(set) {
		v.mailbox.store(number, flags.Op, flags.Flags, v.tracker)
	}
	s.user.mu.Unlock()
	if flags.Silent {
		return nil
	}
	return s.Fetch(w, set, &imap.FetchOptions{Flags: true})
}

// Expunge removes what has \Deleted; the client hears of it as of what others do. // RFC 9051 §6.4.3, §6.4.9
func (s *session) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if uids != nil && s.server.lacks(string(imap.CapUIDPlus)) {
		return unknown
	}
	v, err := s.writable()
	if err != nil {
		return err
	}
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	chosen := map[*message]bool{}
	if uids != nil {
		for _, number := range v.chosen(*uids) {
			chosen[v.mailbox.messages[number-1]] = true
		}
	}
	v.mailbox.remove(func(msg *message) bool { return msg.has(imap.FlagDeleted) && (uids == nil || chosen[msg]) })
	return nil
}

func (s *session) Copy(set imap.NumSet, target string) (*imap.CopyData, error) {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	data, _, err := s.copy(s.selected(), set, target)
	if s.server.lacks(string(imap.CapUIDPlus)) {
		return nil, err
	}
	return data, err
}

// Move says the new UIDs first and then lets the messages go. // RFC 6851 §3.3
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, target string) error {
	if s.server.lacks(string(imap.CapMove)) {
		return unknown
	}
	v, err := s.writable()
	if err != nil {
		return err
	}
	data, err := s.move(v, set, target)
	if err != nil || data == nil || s.server.lacks(string(imap.CapUIDPlus)) {
		return err
	}
	return w.WriteCopyData(data)
}

func (s *session) move(v *view, set imap.NumSet, target string) (*imap.CopyData, error) {
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	data, moved, err := s.copy(v, set, target)
	if err == nil {
		v.mailbox.remove(func(msg *message) bool { return moved[msg] })
	}
	return data, err
}

// copy copies messages; data is nil where there were none. The user's lock is held.
func (s *session) copy(v *view, set imap.NumSet, target string) (data *imap.CopyData, copied map[*message]bool, err error) {
	to := s.user.mailboxes[target]
	if to == nil {
		return nil, nil, tryCreate // RFC 9051 §6.4.7
	}
	numbers := v.chosen(set)
	if len(numbers) == 0 {
		return nil, nil, nil
	}
	data, copied = &imap.CopyData{UIDValidity: to.validity}, map[*message]bool{}
	for _, number := range numbers {
		msg := v.mailbox.messages[number-1]
		copied[msg] = true
		data.SourceUIDs.AddNum(msg.uid)
		data.DestUIDs.AddNum(to.add(msg.raw, msg.date, msg.flags))
	}
	return data, copied, nil
}
