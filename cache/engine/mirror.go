package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/imap"
)

// draftsChanged tells that copies of drafts are to go.
func (e *Engine) draftsChanged(ctx context.Context, account string) {
	box, ok, err := e.store.MailboxFor(ctx, account, mail.Drafts)
	if err == nil && ok {
		e.changed(ctx, []mail.MailboxKey{box.Key})
	}
	e.wakeMirror(account)
}

// mirrored are the drafts that are left alone in this session: their copy is on its way, or the server refused it.
func (w *worker) mirrored() []int64 { return slices.Collect(maps.Keys(w.left)) }

// dueMirror is the draft to be copied now; Key 0: there is none.
func (w *worker) dueMirror(ctx context.Context) (cache.Mirror, error) {
	return w.e.store.DueMirror(ctx, w.account.Name, w.e.opt.Now(), w.mirrored())
}

// mirror copies one draft into Drafts, or looks for a copy of which the answer was lost. The synchronisation that
// follows tells what is there, and what is to go.
func (w *worker) mirror(ctx context.Context, s *imap.Session) error {
	m, err := w.dueMirror(ctx)
	if err != nil || m.Key == 0 {
		return err
	}
	w.show(State{Phase: Working, Text: "copying a draft to the server"})
	box, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Drafts)
	if err != nil {
		return err
	}
	if !ok {
		return w.createDrafts(ctx, s, m)
	}
	if _, err := s.Select(ctx, box.Name); err != nil {
		return w.cannotMirror(m, err)
	}
	if m.Awaited != "" {
		there, err := s.FindMessageID(ctx, m.Awaited)
		if err != nil {
			return w.cannotMirror(m, err)
		}
		if len(there) > 0 {
			w.left[m.Key] = true
			return w.e.store.AskAgain(ctx, box.Key)
		}
		if err := w.e.store.NotThere(ctx, m); err != nil || m.Ended {
			return err
		}
	}
	return w.appendDraft(ctx, s, m, box)
}

// appendDraft appends a new copy. What its attachments hold is kept here: the message they are part of may be the copy
// that this one replaces.
func (w *worker) appendDraft(ctx context.Context, s *imap.Session, m cache.Mirror, box mail.Mailbox) error {
	d, err := compose.Unmarshal(m.Data)
	if err != nil || d.Redirected {
		return errors.Join(err, w.e.store.MirrorLater(ctx, m.Key, time.Time{}))
	}
	built, err := compose.BuildDraft(d, compose.Environment{Now: w.e.opt.Now(), Load: func(a compose.Attachment) ([]byte, error) {
		content, err := w.e.load(ctx, a)
		if err == nil && a.Message == m.Copy {
			err = w.e.store.Keep(ctx, a.Message, a.Section, content)
		}
		return content, err
	}})
	switch {
	case errors.Is(err, errFetching):
		return w.e.store.MirrorLater(ctx, m.Key, w.e.opt.Now().Add(mirrorPause))
	case err != nil:
		return w.cannotMirror(m, &mail.Error{Op: "copy the draft", Kind: mail.Rejected, Err: err})
	}
	still, err := w.e.store.Await(ctx, m, built.MessageID)
	if err != nil || !still {
		return err
	}
	if _, _, err := s.Append(ctx, box.Name, mail.Draft|mail.Seen, w.e.opt.Now(), built.Bytes); err != nil {
		return w.cannotMirror(m, err)
	}
	w.left[m.Key] = true
	return w.e.store.AskAgain(ctx, box.Key)
}

// cannotMirror leaves a draft on this machine for this session.
func (w *worker) cannotMirror(m cache.Mirror, err error) error {
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		w.left[m.Key] = true
		w.e.trouble(w.account.Name, "A draft is on this machine only, the server has no copy: %s.", strings.TrimSuffix(mail.Reason(err), "."))
		return nil
	}
	return err
}

// createDrafts makes a Drafts mailbox where there is none.
func (w *worker) createDrafts(ctx context.Context, s *imap.Session, m cache.Mirror) error {
	err := w.create(ctx, s, "Drafts")
	if err == nil {
		err = w.list(ctx, s)
	}
	if err != nil {
		return w.cannotMirror(m, err)
	}
	_, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Drafts)
	if err == nil && !ok {
		err = &mail.Error{Op: "create Drafts", Kind: mail.Rejected, Err: errors.New("the server made it, and does not list it")}
	}
	if err != nil {
		return w.cannotMirror(m, err)
	}
	return nil
}

// linkDrafts brings the drafts in step with Drafts, which was synchronised.
func (w *worker) linkDrafts(ctx context.Context, box cache.SyncState) error {
	if box.Role != mail.Drafts {
		return nil
	}
	l, err := w.e.store.LinkDrafts(ctx, w.account.Name, box.Key)
	if err != nil {
		return err
	}
	for _, key := range l.Known {
		delete(w.left, key)
	}
	for _, data := range l.Gone {
		name := ""
		if d, err := compose.Unmarshal(data); err == nil && d.Subject != "" {
			name = " “" + mail.Line(d.Subject) + "”"
		}
		w.e.say(w.account.Name, "The draft%s was sent, changed or thrown away elsewhere.", name)
	}
	if l.Parted > 0 {
		w.e.trouble(w.account.Name, "A draft was changed here and elsewhere: both are kept.")
	}
	if len(l.Known)+len(l.Gone)+l.Parted > 0 {
		w.e.box.post(mail.Event{Kind: mail.DraftsChanged})
	}
	w.e.changed(ctx, l.Touched)
	return nil
}
