package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
)

// ReadOnly stands in for an Engine where nothing may be changed: beside another posthorn, or by choice. It connects
// nowhere and refuses every change in words; what another program writes is heard of.
type ReadOnly struct {
	store    *cache.Reader
	accounts []mail.Account
	box      *Box
}

// NewReadOnly makes the stand-in; Start lets it watch the database.
func NewReadOnly(store *cache.Reader, accounts []mail.Account) *ReadOnly {
	e := &ReadOnly{store: store, accounts: slices.Clone(accounts), box: newBox()}
	for i, a := range e.accounts {
		e.accounts[i] = a.WithDefaults()
	}
	return e
}

// watchEvery is how often the database is asked whether another program wrote.
const watchEvery = time.Second

// Start watches the database until ctx ends.
func (e *ReadOnly) Start(ctx context.Context) {
	go e.store.Watch(ctx, watchEvery, func() { e.changed(ctx) })
}

// changed calls everything stale: nobody tells what the other program wrote.
func (e *ReadOnly) changed(ctx context.Context) {
	boxes, err := e.store.Mailboxes(ctx)
	if err != nil {
		return
	}
	stale := []mail.Event{{Kind: mail.DraftsChanged}, {Kind: mail.OutboxChanged}}
	for _, a := range e.accounts {
		stale = append(stale, mail.Event{Kind: mail.MailboxesChanged, Account: a.Name})
	}
	for _, m := range boxes {
		stale = append(stale, mail.Event{Kind: mail.MessagesChanged, Account: m.Account, Mailbox: m.Key})
	}
	e.box.post(stale...)
}

var errLooking = errors.New("posthorn was started with -read-only: work in the other one, or start again without it")

// lookingOnly is why nothing can be changed.
func lookingOnly(op string) error { return &mail.Error{Op: op, Kind: mail.Rejected, Err: errLooking} }

// Refusal is why nothing can be changed.
func (e *ReadOnly) Refusal() error { return errLooking }

// Accounts are the accounts as configured, defaults filled in.
func (e *ReadOnly) Accounts() []mail.Account { return slices.Clone(e.accounts) }

// Events is where the UI hears what became stale.
func (e *ReadOnly) Events() *Box { return e.box }

// States says of each account that it is only looked at.
func (e *ReadOnly) States() []State {
	out := make([]State, len(e.accounts))
	for i, a := range e.accounts {
		out[i] = State{Account: a.Name, Phase: Offline, Text: "read only"}
	}
	return out
}

// Log is empty: nothing happens here.
func (e *ReadOnly) Log() []Entry { return nil }

// Do refuses.
func (e *ReadOnly) Do(context.Context, string, ...mail.Targeted) error {
	return lookingOnly("change messages")
}

// DoMailbox refuses.
func (e *ReadOnly) DoMailbox(context.Context, string, cache.Errand) error {
	return lookingOnly("change mailboxes")
}

// Undo refuses.
func (e *ReadOnly) Undo(context.Context) (Undone, error) { return Undone{}, lookingOnly("undo") }

// Redo refuses.
func (e *ReadOnly) Redo(context.Context) (Undone, error) { return Undone{}, lookingOnly("redo") }

// Focus has nothing to fetch.
func (e *ReadOnly) Focus(...mail.MailboxKey) {}

// Open fetches nothing: PartReady follows, and Problem says why.
func (e *ReadOnly) Open(key mail.MessageKey, _ ...string) {
	e.box.post(mail.Event{Kind: mail.PartReady, Message: key})
}

// Leave has nothing to forget.
func (e *ReadOnly) Leave(mail.MessageKey, ...string) {}

// Problem is why a part that is not in the database cannot be had.
func (e *ReadOnly) Problem(mail.MessageKey) string {
	return "it was not fetched yet, and -read-only fetches nothing"
}

// Choose remembers nothing.
func (e *ReadOnly) Choose(context.Context, string, string) error { return nil }

// Search asks nobody.
func (e *ReadOnly) Search(cache.View) {}

// Found says that nobody was asked.
func (e *ReadOnly) Found(context.Context) (Found, error) {
	var out Found
	for _, a := range e.accounts {
		out.Unasked = append(out.Unasked, Unasked{a.Name, "read only"})
	}
	return out, nil
}

// Refresh has nobody to ask.
func (e *ReadOnly) Refresh(string) {}

// Pause refuses.
func (e *ReadOnly) Pause(context.Context, string, bool) error {
	return lookingOnly("pause the account")
}

// Pressed has nobody to hold up.
func (e *ReadOnly) Pressed() {}

// Wake has nobody to ask.
func (e *ReadOnly) Wake() {}

// SaveDraft refuses.
func (e *ReadOnly) SaveDraft(context.Context, compose.Draft) (int64, error) {
	return 0, lookingOnly("save the draft")
}

// DeleteDraft refuses.
func (e *ReadOnly) DeleteDraft(context.Context, int64) error { return lookingOnly("delete the draft") }

// Send refuses.
func (e *ReadOnly) Send(context.Context, compose.Draft) (int64, error) {
	return 0, lookingOnly("send")
}

// Resend refuses.
func (e *ReadOnly) Resend(context.Context, int64) error { return lookingOnly("send again") }

// WasSent refuses.
func (e *ReadOnly) WasSent(context.Context, int64) error {
	return lookingOnly("store that it was sent")
}

// GiveBack refuses.
func (e *ReadOnly) GiveBack(context.Context, int64) (compose.Draft, error) {
	return compose.Draft{}, lookingOnly("take the message back")
}

// Abandon refuses.
func (e *ReadOnly) Abandon(context.Context, int64) error { return lookingOnly("give the message up") }

// Retry refuses.
func (e *ReadOnly) Retry(context.Context, cache.WishGroup) error { return lookingOnly("try again") }

// Drop refuses.
func (e *ReadOnly) Drop(context.Context, cache.WishGroup) error {
	return lookingOnly("drop the change")
}

// Unsubscribe refuses.
func (e *ReadOnly) Unsubscribe(string, string, string) error { return lookingOnly("unsubscribe") }

// Login has nowhere to sign in.
func (e *ReadOnly) Login(string, string, bool) {}
