package engine

import (
	"context"
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/imap"
)

// partRange is how many octets of a large part one job fetches: the longest a key press has to wait for the line.
const partRange = 256 << 10

// fetchParts fetches what is missing of a message that was opened: all its text in one command, or the next range of
// the first large part. The request stays until everything is here.
func (w *worker) fetchParts(ctx context.Context, s *imap.Session, r request) error {
	d, err := w.e.store.Message(ctx, r.message)
	if err != nil {
		w.answered(r)
		return ignoreGone(err)
	}
	where, uid, err := w.e.store.Said(ctx, r.message)
	if err != nil {
		w.answered(r)
		return ignoreGone(err)
	}
	have, err := w.e.store.SyncState(ctx, where)
	if err != nil {
		return err
	}
	if have.Account != w.account.Name {
		w.answered(r)
		return nil
	}
	if err := w.selectFor(ctx, s, have); err != nil {
		if err == errStale {
			return w.sync(ctx, s, have)
		}
		return w.unfetched(r, err)
	}
	if uid == 0 { // moved by us, its new UID not yet known
		if err := w.sync(ctx, s, have); err != nil {
			return err
		}
		if _, uid, err = w.e.store.Said(ctx, r.message); err != nil || uid == 0 {
			return w.unfetched(r, &mail.Error{Op: "open", Kind: mail.Gone, Err: err})
		}
	}
	more, err := w.fetchMissing(ctx, s, r, d, uid)
	if err != nil {
		return w.unfetched(r, err)
	}
	delete(w.broke, r.message)
	if !more {
		w.answered(r)
		w.e.box.post(mail.Event{Kind: mail.PartReady, Account: w.account.Name, Message: r.message})
	}
	return nil
}

func ignoreGone(err error) error {
	if mail.KindOf(err) == mail.Gone {
		return nil
	}
	return err
}

// maxBroke is how many connections may end over one message before it is given up: a server that falls silent in the
// middle of it would hold up everything else.
const maxBroke = 3

// unfetched keeps the reason for the reader and decides whether the session can go on.
func (w *worker) unfetched(r request, err error) error {
	kind := mail.KindOf(err)
	if kind == mail.Offline {
		w.broke[r.message]++
	}
	if kind == mail.Canceled || kind == mail.Offline && w.broke[r.message] < maxBroke {
		return err // the request stays, and is answered after the reconnection
	}
	w.answered(r)
	delete(w.broke, r.message)
	w.e.setProblem(r.message, err.Error())
	w.e.trouble(w.account.Name, "The message could not be fetched: %v.", err)
	w.e.box.post(mail.Event{Kind: mail.PartReady, Account: w.account.Name, Message: r.message})
	if kind == mail.Protocol || kind == mail.Unknown || kind == mail.Offline {
		return err
	}
	return nil
}

// fetchMissing fetches one bounded piece; more tells that the request is not fulfilled yet.
func (w *worker) fetchMissing(ctx context.Context, s *imap.Session, r request, d cache.Detail, uid mail.UID) (more bool, err error) {
	if d.Structure == nil || w.lies[r.message] {
		return w.fetchInstead(ctx, s, r, d, uid)
	}
	sections := r.sections
	if len(sections) == 0 {
		sections = textSections(d.Structure)
	}
	var small []string
	for _, section := range sections {
		held, complete, err := w.e.store.Reached(ctx, r.message, section)
		if err != nil {
			return false, err
		}
		if complete {
			continue
		}
		size := int64(0)
		if section == "" {
			size = d.Size
		} else if p := d.Structure.Find(section); p != nil {
			size = p.Size
		}
		if size > partRange {
			w.fetching(held, size)
			if wrong, err := w.misdescribed(ctx, s, d.Structure, d.MessageID, uid, section, held); err != nil {
				return false, err
			} else if wrong {
				return w.fetchInstead(ctx, s, r, d, uid)
			}
			err := w.fetchRange(ctx, s, r.message, uid, section, held, size)
			if mail.KindOf(err) == mail.Gone && section != "" { // the part, or the message: the message will tell
				return w.fetchInstead(ctx, s, r, d, uid)
			}
			return true, err
		}
		small = append(small, section)
	}
	if len(small) == 0 {
		return false, nil
	}
	w.fetching(0, 0)
	parts, err := identified(ctx, s, d.MessageID, uid, append(headersOf(d.Structure, small), small...))
	if unknown(err) {
		parts, err = s.Parts(ctx, uid, small)
	}
	if err != nil {
		return false, err
	}
	if len(parts) == 0 {
		return false, &mail.Error{Op: "open", Kind: mail.Gone, Said: "the message is no longer on the server"}
	}
	for _, section := range small {
		if parts[section] == nil && !empty(d.Structure, section) {
			return w.fetchInstead(ctx, s, r, d, uid)
		}
	}
	if misdescribed(d.Structure, small, parts) {
		return w.fetchInstead(ctx, s, r, d, uid)
	}
	return false, w.storeParts(ctx, r.message, d.Structure, small, parts)
}

// unknown tells whether a server refused a command for what stands in it, perhaps because it has no headers of parts.
func unknown(err error) bool {
	return mail.KindOf(err) == mail.Rejected || mail.KindOf(err) == mail.Protocol
}

// headersOf are the sections of the headers that parts have themselves. // RFC 9051 §6.4.5.1 MIME
func headersOf(root *mail.Part, sections []string) []string {
	var out []string
	for _, section := range sections {
		if p := root.Find(section); section != "" && p != nil && !p.Multipart() {
			out = append(out, section+".MIME")
		}
	}
	return out
}

// misdescribed tells whether any of the parts is something else than the structure says, by the headers that came
// along: the rest of what it says is then not to be believed either.
func misdescribed(root *mail.Part, sections []string, parts map[string][]byte) bool {
	return slices.ContainsFunc(sections, func(section string) bool {
		p := root.Find(section)
		return p != nil && body.Misdescribed(*p, parts[section+".MIME"])
	})
}

// misdescribed asks for the header of a large part before its first octets are.
func (w *worker) misdescribed(ctx context.Context, s *imap.Session, root *mail.Part, id string, uid mail.UID, section string, have int64) (bool, error) {
	header := headersOf(root, []string{section})
	if have > 0 || len(header) == 0 {
		return false, nil
	}
	parts, err := identified(ctx, s, id, uid, header)
	if unknown(err) {
		return false, nil
	}
	return misdescribed(root, []string{section}, parts), err
}

// fetchInstead fetches the whole message in place of parts that it does not have.
func (w *worker) fetchInstead(ctx context.Context, s *imap.Session, r request, d cache.Detail, uid mail.UID) (more bool, err error) {
	w.lies[r.message] = true
	if d.Size <= partRange {
		w.fetching(0, 0)
	}
	if more, err = w.fetchWhole(ctx, s, r.message, uid, d.Size); more || err != nil {
		return more, err
	}
	delete(w.lies, r.message)
	for _, section := range r.sections {
		if _, complete, err := w.e.store.Content(ctx, r.message, section); err != nil {
			return false, err
		} else if !complete {
			w.e.setProblem(r.message, "the server described this message wrongly, and it has no such part: open it again to see what it has")
		}
	}
	return false, nil
}

// empty tells whether a structure says of a section that nothing is in it, so that an answer without it is no lie.
func empty(root *mail.Part, section string) bool {
	p := root.Find(section)
	return section == "" || p != nil && p.Size == 0
}

// storeParts stores whole sections.
func (w *worker) storeParts(ctx context.Context, key mail.MessageKey, p *mail.Part, sections []string, parts map[string][]byte) error {
	for _, section := range sections {
		if err := w.e.store.PutContent(ctx, key, section, 0, parts[section], true); err != nil {
			return err
		}
	}
	return w.preview(ctx, key, p)
}

// fetching shows how many octets of how many are here; 0 of 0: it is not counted. Between the ranges of a part nothing
// else is shown, so that the count stands still in sight.
func (w *worker) fetching(done, size int64) {
	w.show(State{Phase: Working, Text: "fetching a message", Done: int(done >> 10), Total: int(max(size, done) >> 10)})
}

// fetchRange fetches the next range of a large part, and shows how far that is. // RFC 9051 §6.4.5.1 partial
func (w *worker) fetchRange(ctx context.Context, s *imap.Session, key mail.MessageKey, uid mail.UID, section string, offset, size int64) error {
	w.fetching(offset, size)
	data, err := s.Part(ctx, uid, section, offset, partRange)
	if err != nil {
		return err
	}
	if len(data) == 0 && offset == 0 && section != "" {
		return &mail.Error{Op: "open", Kind: mail.Gone, Said: "the server has nothing of this part"}
	}
	done := int64(len(data)) < partRange // a short answer ends the part, whatever its size was said to be
	if err := w.e.store.PutContent(ctx, key, section, offset, data, done); err != nil {
		return err
	}
	w.fetching(offset+int64(len(data)), size)
	return nil
}

// fetchWhole fetches a message whose structure the server could not tell, or told wrong, and learns it from the bytes.
// A large one comes in ranges.
func (w *worker) fetchWhole(ctx context.Context, s *imap.Session, key mail.MessageKey, uid mail.UID, size int64) (more bool, err error) {
	held, complete, err := w.e.store.Reached(ctx, key, "")
	if err != nil {
		return false, err
	}
	if !complete && size > partRange {
		return true, w.fetchRange(ctx, s, key, uid, "", held, size)
	}
	if !complete {
		raw, err := s.Part(ctx, uid, "", 0, 0)
		if err != nil {
			return false, err
		}
		if err := w.e.store.PutContent(ctx, key, "", 0, raw, true); err != nil {
			return false, err
		}
	}
	raw, _, err := w.e.store.Content(ctx, key, "")
	if err != nil {
		return false, err
	}
	m := body.Parse(raw)
	for _, section := range append(textSections(&m.Root), attachmentSections(&m.Root)...) {
		if err := w.e.store.PutContent(ctx, key, section, 0, m.Content(section), true); err != nil {
			return false, err
		}
	}
	if err := w.e.store.SetStructure(ctx, key, m.Root); err != nil {
		return false, err
	}
	return false, w.preview(ctx, key, &m.Root)
}

// textSections are all forms of a message's text: plain and HTML, so that switching between them needs no network.
func textSections(p *mail.Part) []string {
	var out []string
	for _, prefer := range []string{"text/plain", "text/html"} {
		for _, t := range p.TextParts(prefer) {
			if !slices.Contains(out, t.Section) {
				out = append(out, t.Section)
			}
		}
	}
	return out
}

func attachmentSections(p *mail.Part) []string {
	var out []string
	for _, a := range p.Attachments() {
		out = append(out, a.Section)
	}
	return out
}

// preview keeps the first words of a message for the list and its text for the search, once its text is here.
func (w *worker) preview(ctx context.Context, key mail.MessageKey, p *mail.Part) error {
	var contents []body.Content
	for _, t := range p.TextParts("text/plain") {
		raw, complete, err := w.e.store.Content(ctx, key, t.Section)
		if err != nil || !complete {
			return err
		}
		contents = append(contents, body.Content{Part: *t, Raw: raw})
	}
	text := body.Plain(contents)
	return w.e.store.SetPreview(ctx, key, firstWords(text), text)
}

// previewLength is how much of the text a list row can show at most, in octets.
const previewLength = 200

// firstWords is the beginning of what the sender wrote, without quotes, on one line.
func firstWords(text string) string {
	out := make([]byte, 0, previewLength)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '>' {
			continue
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		if out = append(out, line...); len(out) >= previewLength {
			break
		}
	}
	return mail.Line(string(out[:min(len(out), previewLength)]))
}
