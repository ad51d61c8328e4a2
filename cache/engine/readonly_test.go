package engine

import (
	"context"
	"errors"
	"slices"
	"testing"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
)

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	e := NewReadOnly(r.store.Reader, []mail.Account{r.account})
	ctx := t.Context()
	key := r.list("INBOX")[0].Key
	for name, try := range map[string]func() error{
		"do":           func() error { return e.Do(ctx, "read", mail.Targeted{Message: key, Change: mail.Expunge{}}) },
		"undo":         func() error { _, err := e.Undo(ctx); return err },
		"redo":         func() error { _, err := e.Redo(ctx); return err },
		"save a draft": func() error { _, err := e.SaveDraft(ctx, compose.Draft{}); return err },
		"delete it":    func() error { return e.DeleteDraft(ctx, 1) },
		"send":         func() error { _, err := e.Send(ctx, compose.Draft{}); return err },
		"resend":       func() error { return e.Resend(ctx, 1) },
		"was sent":     func() error { return e.WasSent(ctx, 1) },
		"give back":    func() error { _, err := e.GiveBack(ctx, 1); return err },
		"abandon":      func() error { return e.Abandon(ctx, 1) },
		"retry":        func() error { return e.Retry(ctx, cache.WishGroup{}) },
		"drop":         func() error { return e.Drop(ctx, cache.WishGroup{}) },
	} {
		var refusal *mail.Error
		if err := try(); !errors.As(err, &refusal) || refusal.Kind != mail.Rejected {
			t.Errorf("%s: %v", name, err)
		}
	}
	e.Open(key)
	if got := e.Events().Take(); len(got) != 1 || got[0].Kind != mail.PartReady || e.Problem(key) == "" {
		t.Errorf("a part that is not here: %v", got)
	}
}

func TestReadOnlyHearsWhatTheOtherProgramWrites(t *testing.T) {
	r := newRig(t)
	r.start()
	e := NewReadOnly(r.store.Reader, []mail.Account{r.account})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	e.Start(ctx)
	inbox := r.mailbox("INBOX").Key
	heard := make(chan []mail.Event, 1)
	go func() { heard <- e.Events().Wait(ctx) }()
	var got []mail.Event
	for n := 1; got == nil; n++ { // the first may be written before it looks at all
		r.deliver("INBOX", n, n)
		r.e.Refresh("")
		r.settle()
		select {
		case got = <-heard:
		default:
		}
	}
	if !slices.Contains(got, mail.Event{Kind: mail.MessagesChanged, Account: "home", Mailbox: inbox}) {
		t.Errorf("heard %v", got)
	}
}
