package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/compose"
)

// When the server gets a copy of a draft that is being written: once nothing was saved for so long. Files make copies
// expensive.
const (
	mirrorPause = 10 * time.Second
	mirrorFiles = 2 * time.Minute
)

// SaveDraft stores what is being written and returns its key. An unchanged draft may be saved again.
func (e *Engine) SaveDraft(ctx context.Context, d compose.Draft) (int64, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return d.Key, err
	}
	at := e.opt.Now().Add(mirrorPause)
	switch {
	case d.Redirected:
		at = time.Time{}
	case d.Closed:
		at = e.opt.Now().Truncate(time.Second) // due at once
	case len(d.Attachments) > 0:
		at = e.opt.Now().Add(mirrorFiles)
	}
	key, err := e.store.SaveDraft(ctx, cache.Saved{Key: d.Key, Account: d.Account, Data: string(data), Source: d.Source, MirrorAt: at})
	if err == nil {
		e.box.post(mail.Event{Kind: mail.DraftsChanged})
		e.wakeMirror(d.Account)
	}
	return key, err
}

// wakeMirror lets the worker see when drafts are to be copied.
func (e *Engine) wakeMirror(account string) {
	if w := e.workers[account]; w != nil {
		w.bell.ring()
	}
}

// DeleteDraft throws a draft away, here and on the server; undo brings it back.
func (e *Engine) DeleteDraft(ctx context.Context, key int64) error {
	stored, err := e.store.Draft(ctx, key)
	if mail.KindOf(err) == mail.Gone {
		return nil
	}
	if err != nil {
		return err
	}
	what := "threw a draft away"
	if d, err := compose.Unmarshal(stored.Data); err == nil && d.Subject != "" {
		what = "threw the draft “" + d.Subject + "” away"
	}
	touched, err := e.store.DeleteDraft(ctx, key, what)
	if err != nil {
		return err
	}
	e.box.post(mail.Event{Kind: mail.DraftsChanged})
	e.changed(ctx, touched)
	return nil
}

// Send builds the message, once and for all tries, and puts it into the outbox in place of its draft. It goes out
// when the grace period is over, or at the time the draft says. Its Date is that time: the bytes never change between
// tries, and a letter that was written at night to arrive in the morning should look so. The error is about the draft: what is wrong with it, or what could not be read.
func (e *Engine) Send(ctx context.Context, d compose.Draft) (int64, error) {
	if e.senders[d.Account] == nil {
		return 0, &mail.Error{Op: "send", Kind: mail.Rejected, Said: fmt.Sprintf("there is no account %q: choose another From", d.Account)}
	}
	if d.Key == 0 && d.Source != 0 { // it goes on with a message in Drafts, which is to go when this is sent
		key, err := e.SaveDraft(ctx, d)
		if err != nil {
			return 0, err
		}
		d.Key = key
	}
	now, due := e.opt.Now(), e.graceEnds()
	date := now
	if d.SendAt.After(now) {
		date = d.SendAt.In(now.Location())
	}
	if date.After(due) && date.After(now) {
		due = date
	}
	built, err := compose.Build(d, compose.Environment{Now: date, Random: rand.Reader, Transfer: e.transfer(ctx, d.Account), Load: func(a compose.Attachment) ([]byte, error) {
		return e.load(ctx, a)
	}})
	if err != nil {
		return 0, err
	}
	data, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	o := cache.Outgoing{
		Account: d.Account, State: cache.Queued, Bytes: built.Bytes, From: built.From.Addr(), MessageID: built.MessageID,
		Subject: d.Subject, Draft: string(data), Original: d.Original, Mark: d.Mark, Forwarded: d.Forwarded(), Created: now,
		NotBefore: due, Filed: d.Filed,
	}
	for _, to := range built.Recipients {
		o.To = append(o.To, to.Addr())
	}
	key, touched, err := e.store.Queue(ctx, o, d.Key)
	if err != nil {
		return 0, err
	}
	e.changed(ctx, touched)
	e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: d.Account}, mail.Event{Kind: mail.DraftsChanged})
	e.senders[d.Account].bell.ring()
	e.draftsChanged(ctx, d.Account)
	return key, nil
}

// errFetching: what is attached is part of a message that is not here yet.
var errFetching = errors.New("it is still being fetched: send again in a moment")

// load reads what an attachment that is no file stands for: a cached message as it is, or a part of one decoded.
func (e *Engine) load(ctx context.Context, a compose.Attachment) ([]byte, error) {
	raw, complete, err := e.store.Content(ctx, a.Message, a.Section)
	if err != nil {
		return nil, err
	}
	if !complete {
		if kept, err := e.store.Kept(ctx, a.Message, a.Section); kept != nil || err != nil {
			return kept, err
		}
		e.Open(a.Message, a.Section)
		return nil, errFetching
	}
	if a.Section == "" {
		return raw, nil
	}
	d, err := e.store.Message(ctx, a.Message)
	if err != nil || d.Structure == nil {
		return nil, err
	}
	p := d.Structure.Find(a.Section)
	if p == nil {
		return nil, errors.New("the original has no such part")
	}
	return body.Decode(*p, raw), nil
}

// Resend tries a message of the outbox again now; of one that may have been sent the person has decided so. One that
// waited for its time, and that no server has seen, is dated now.
func (e *Engine) Resend(ctx context.Context, key int64) error {
	o, err := e.store.Outgoing(ctx, key)
	if err != nil {
		return err
	}
	now := e.opt.Now()
	if o.State == cache.Queued && o.Attempts == 0 && planned(o).After(now) {
		err = e.store.RequeueUnsent(ctx, key, compose.Redate(o.Bytes, now))
	} else {
		err = e.store.Requeue(ctx, key)
	}
	if err != nil {
		return err
	}
	e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account})
	if s := e.senders[o.Account]; s != nil {
		s.bell.ring()
	}
	return nil
}

// WasSent is the person's word that a message that may have been sent was: its copy is filed, and who was refused stays
// in the outbox.
func (e *Engine) WasSent(ctx context.Context, key int64) error {
	o, err := e.store.Outgoing(ctx, key)
	if err != nil {
		return err
	}
	if o.State != cache.Uncertain {
		return &mail.Error{Op: "store that it was sent", Kind: mail.Rejected, Said: "it is known by now what became of the message: look how it stands"}
	}
	if err := e.store.SetOutgoing(ctx, arrived(o)); err != nil {
		return err
	}
	e.say(o.Account, "“%s” was sent, as you said.", o.Subject)
	e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account})
	e.originalsChanged(ctx, o)
	if w := e.workers[o.Account]; w != nil {
		w.bell.ring() // to file the copy
	}
	return nil
}

// planned is when the person wanted a message to go out; zero: at once.
func planned(o cache.Outgoing) time.Time {
	d, err := compose.Unmarshal(o.Draft)
	if err != nil {
		return time.Time{}
	}
	return d.SendAt
}

// GiveBack takes a message out of the outbox and makes it a draft again, for those who have not got it.
func (e *Engine) GiveBack(ctx context.Context, key int64) (compose.Draft, error) {
	o, err := e.store.Outgoing(ctx, key)
	if err != nil {
		return compose.Draft{}, err
	}
	data, d, unreadable := o.Draft, compose.Draft{}, error(nil)
	if d, unreadable = compose.Unmarshal(o.Draft); unreadable == nil {
		if d.Sealed {
			return d, &mail.Error{Op: "change the message", Kind: mail.Rejected,
				Err: errors.New("another program made it, with more than plain text: it can be sent or given up, not changed")}
		}
		d = withoutServed(d, o)
		d.Outside = false
		again, err := json.Marshal(d)
		if err != nil {
			return d, err
		}
		data = string(again)
	}
	if d.Key, err = e.store.GiveBack(ctx, o, data); err != nil {
		return compose.Draft{}, err
	}
	e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account}, mail.Event{Kind: mail.DraftsChanged})
	if w := e.workers[o.Account]; w != nil {
		w.bell.ring() // to file the copy of what others have
	}
	return d, unreadable
}

// Abandon takes a message out of the outbox for good: one that another program made cannot be a draft again. Who has got it has it.
func (e *Engine) Abandon(ctx context.Context, key int64) error {
	o, err := e.store.Outgoing(ctx, key)
	if err != nil {
		return err
	}
	if _, err := e.store.GiveBack(ctx, o, ""); err != nil {
		return err
	}
	e.say(o.Account, "“%s” was given up, as you said.", o.Subject)
	e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account})
	if w := e.workers[o.Account]; w != nil {
		w.bell.ring() // to file the copy of what others have
	}
	return nil
}

// withoutServed leaves those out of a draft who have got its message already: they must never get it again.
func withoutServed(d compose.Draft, o cache.Outgoing) compose.Draft {
	to, cc, bcc, err := d.Recipients()
	if err != nil || o.Copy == cache.NoCopy && len(o.Left()) == 0 {
		return d // it was never sent: all are to get it
	}
	left := func(list []mail.Address) string {
		return mail.Addresses(slices.DeleteFunc(slices.Clone(list), func(a mail.Address) bool {
			return !slices.ContainsFunc(o.Left(), func(s string) bool { return strings.EqualFold(s, a.Addr()) })
		}))
	}
	served := d
	served.To, served.Cc, served.Bcc = left(to), left(cc), left(bcc)
	if served.To+served.Cc+served.Bcc == mail.Addresses(to)+mail.Addresses(cc)+mail.Addresses(bcc) {
		return d
	}
	return served
}

// Retry sends the wishes of a group now.
func (e *Engine) Retry(ctx context.Context, g cache.WishGroup) error {
	if g.Errand.ID != 0 {
		return e.retryErrand(ctx, g.Errand)
	}
	if err := e.store.RetryWishes(ctx, g); err != nil {
		return err
	}
	e.box.post(mail.Event{Kind: mail.MessagesChanged, Account: g.Account, Mailbox: g.Mailbox})
	e.Refresh(g.Account)
	if g.ToAccount != "" {
		e.Refresh(g.ToAccount)
	}
	return nil
}

// Drop gives the wishes of a group up: what the server said is shown again.
func (e *Engine) Drop(ctx context.Context, g cache.WishGroup) error {
	if g.Errand.ID != 0 {
		return e.dropErrand(ctx, g.Errand)
	}
	touched, err := e.store.DropWishes(ctx, g)
	if err != nil {
		return err
	}
	e.changed(ctx, append(touched, g.Mailbox))
	return nil
}
