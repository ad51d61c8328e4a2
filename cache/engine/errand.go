package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// What is wanted of a mailbox itself is one command, and subscriptions that follow it. Before it is sent the database says
// so; after a lost answer it is looked first whether that was done, so that nothing is done twice.

// DoMailbox wants something of a mailbox itself: it is on disk and on screen when it returns, and reaches the server when it
// can. what names it in the past tense for undo. A deletion waits out the grace period.
func (e *Engine) DoMailbox(ctx context.Context, what string, errand cache.Errand) error {
	wished, touched, err := e.store.WishErrand(ctx, errand, what, e.graceEnds())
	if err != nil {
		return err
	}
	e.changed(ctx, touched)
	e.mailboxesChanged(wished.Account)
	return nil
}

// mailboxesChanged tells the UI that the mailboxes of an account are others, and its worker that it may have to see to that.
func (e *Engine) mailboxesChanged(account string) {
	e.box.post(mail.Event{Kind: mail.MailboxesChanged, Account: account}, mail.Event{Kind: mail.OutboxChanged, Account: account})
	if w := e.workers[account]; w != nil {
		w.bell.ring()
	}
}

func (e *Engine) retryErrand(ctx context.Context, errand cache.Errand) error {
	if err := e.store.RetryErrand(ctx, errand.ID); err != nil {
		return err
	}
	e.mailboxesChanged(errand.Account)
	e.hurry(errand.Account, woken)
	return nil
}

func (e *Engine) dropErrand(ctx context.Context, errand cache.Errand) error {
	_, touched, err := e.store.DropErrand(ctx, errand.ID)
	if err != nil {
		return err
	}
	e.changed(ctx, touched)
	e.mailboxesChanged(errand.Account)
	if errand.Tried { // the server may have done it: its list tells
		e.hurry(errand.Account, woken)
	}
	return nil
}

// errand does what is due to be done to a mailbox.
func (w *worker) errand(ctx context.Context, s *imap.Session) error {
	errand, err := w.e.store.DueErrand(ctx, w.account.Name, w.e.opt.Now())
	if err != nil || errand.ID == 0 {
		return err
	}
	w.show(State{Phase: Working, Text: "changing mailboxes"})
	kept, err := w.carryOut(ctx, s, errand)
	switch {
	case errors.Is(err, errGivenUp):
		return nil
	case err == nil:
		ended, touched, err := w.e.store.ErrandDone(ctx, errand, kept)
		if err != nil {
			return err
		}
		w.errandEnded(ctx, errand, ended, touched)
		return nil
	}
	switch mail.KindOf(err) {
	case mail.Temporary:
		w.e.say(w.account.Name, "%s has to wait: %s.", about(errand), strings.TrimSuffix(mail.Reason(err), "."))
		err = w.e.store.LaterErrand(ctx, errand.ID, w.e.opt.Now().Add(backoff(errand.Attempts, rand.Float64())), err.Error())
		w.e.mailboxesChanged(w.account.Name)
		return err
	case mail.Rejected, mail.Gone:
		if moved, err := w.errandMoved(ctx, s, errand); moved || err != nil {
			return err
		}
		w.e.trouble(w.account.Name, "%s was undone here: %s.", about(errand), strings.TrimSuffix(mail.Reason(err), "."))
		ended, touched, err := w.e.store.DropErrand(ctx, errand.ID)
		if err != nil {
			return err
		}
		w.errandEnded(ctx, errand, ended, touched)
		return nil
	}
	return err
}

// stands tells whether the server has a name, and whether that is a mailbox that holds messages. Dovecot lists names that
// only hold other mailboxes like any other, and says at STATUS that they do not exist.
func (w *worker) stands(ctx context.Context, s *imap.Session, name string) (there, holds bool, err error) {
	m, there, err := s.Find(ctx, name)
	if err != nil || !there || m.NoSelect {
		return there, false, err
	}
	_, err = s.Status(ctx, name)
	switch mail.KindOf(err) {
	case mail.Gone:
		return true, false, nil
	case mail.Rejected, mail.Temporary:
		err = nil
	}
	return true, err == nil, err
}

// errandMoved looks whether a mailbox for which something was refused is called otherwise by now: then that is wanted of it
// under its new name.
func (w *worker) errandMoved(ctx context.Context, s *imap.Session, e cache.Errand) (bool, error) {
	if e.Kind == cache.CreateMailbox {
		return false, nil
	}
	if err := w.e.store.UntryErrand(ctx, e.ID); err != nil {
		return false, err
	}
	return w.elsewhere(ctx, s, e.Mailbox, e.Said)
}

// errandEnded tells what else ended with an errand, and asks for the list: only that says how the mailboxes stand.
func (w *worker) errandEnded(ctx context.Context, e cache.Errand, ended int, touched []mail.MailboxKey) {
	switch {
	case ended == 1:
		w.e.trouble(w.account.Name, "One message that was to go to %s stays where it is: there is no such mailbox.", e.Name)
	case ended > 1:
		w.e.trouble(w.account.Name, "%d messages that were to go to %s stay where they are: there is no such mailbox.", ended, e.Name)
	}
	w.mu.Lock()
	w.relist = true
	w.mu.Unlock()
	delete(w.fresh, e.Mailbox)
	delete(w.parked, e.Mailbox)
	w.e.changed(ctx, touched)
	w.e.mailboxesChanged(w.account.Name)
}

// about names an errand at the beginning of a sentence.
func about(e cache.Errand) string {
	switch e.Kind {
	case cache.CreateMailbox:
		return "The new mailbox " + e.Name
	case cache.RenameMailbox:
		return "The new name of " + e.Said + ", " + e.Name + ","
	case cache.DeleteMailbox:
		return "The deletion of " + e.Said
	case cache.SubscribeMailbox:
		return "The subscription to " + e.Said
	}
	return "The end of the subscription to " + e.Said
}

// errGivenUp: the person did not want it any more just before the server was told, or wants it of a mailbox that has another
// name by now. What is due is looked at anew.
var errGivenUp = errors.New("given up")

// carryOut tells the server. kept tells of a deletion that the name stays, for the mailboxes below it.
func (w *worker) carryOut(ctx context.Context, s *imap.Session, e cache.Errand) (kept bool, err error) {
	done := false
	if e.Tried {
		if done, err = w.isDone(ctx, s, e); err != nil {
			return false, err
		}
	}
	if !done {
		if err := w.leaveMailbox(ctx, s, e); err != nil {
			return false, err
		}
		if err := w.agreed(ctx, s, e); err != nil {
			return false, err
		}
		if err := w.try(ctx, s, e); err != nil {
			return false, err
		}
	}
	switch e.Kind {
	case cache.CreateMailbox:
		return false, w.subscribe(ctx, s, e.Name, true)
	case cache.RenameMailbox:
		return false, w.resubscribe(ctx, s, e)
	case cache.DeleteMailbox:
		return w.afterDeletion(ctx, s, e)
	}
	return false, nil
}

// try sends the command. What was refused and is so nevertheless was done by a command whose answer was lost, or by
// somebody else.
func (w *worker) try(ctx context.Context, s *imap.Session, e cache.Errand) error {
	still, err := w.e.store.TryErrand(ctx, e.ID)
	if err != nil {
		return err
	}
	if !still {
		return errGivenUp
	}
	switch e.Kind {
	case cache.CreateMailbox:
		err = s.Create(ctx, e.Name)
	case cache.RenameMailbox:
		err = s.Rename(ctx, e.Said, e.Name)
	case cache.DeleteMailbox:
		err = s.Delete(ctx, e.Said)
	default:
		return s.Subscribe(ctx, e.Said, e.Kind == cache.SubscribeMailbox)
	}
	if kind := mail.KindOf(err); kind == mail.Rejected || kind == mail.Gone {
		done, lookErr := w.isDone(ctx, s, e)
		switch {
		case done:
			return nil
		case lookErr != nil && mail.KindOf(lookErr) != mail.Rejected:
			return lookErr
		}
	}
	return err
}

// leaveMailbox selects INBOX where a mailbox that is to go or to be renamed is selected: not all servers can do that to it,
// and none says what is selected then.
func (w *worker) leaveMailbox(ctx context.Context, s *imap.Session, e cache.Errand) error {
	selected, _ := s.Selected()
	if e.Kind != cache.RenameMailbox && e.Kind != cache.DeleteMailbox || selected != e.Said && !mail.Below(selected, e.Said, e.Delimiter) {
		return nil
	}
	_, err := s.Select(ctx, "INBOX")
	return err
}

// isDone looks whether the server has what is wanted.
func (w *worker) isDone(ctx context.Context, s *imap.Session, e cache.Errand) (bool, error) {
	switch e.Kind {
	case cache.CreateMailbox:
		_, holds, err := w.stands(ctx, s, e.Name)
		return holds, err
	case cache.RenameMailbox:
		if _, there, err := s.Find(ctx, e.Name); err != nil || !there {
			return false, err
		}
		_, holds, err := w.stands(ctx, s, e.Said) // a name above others may stay without a mailbox
		return err == nil && !holds, err
	case cache.DeleteMailbox:
		there, holds, err := w.stands(ctx, s, e.Said)
		if err != nil || !there {
			return err == nil, err
		}
		_, err = w.e.store.Mailbox(ctx, e.Mailbox)
		if mail.KindOf(err) == mail.Gone { // nothing is below it, so the name goes, too
			return false, nil
		}
		return !holds, err
	}
	return false, nil // to say it again does no harm // RFC 9051 §6.3.7
}

// subscribe makes other programs show a mailbox, or not, as it comes and goes. A server without subscriptions may refuse.
func (w *worker) subscribe(ctx context.Context, s *imap.Session, name string, on bool) error {
	err := s.Subscribe(ctx, name, on)
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		w.e.opt.Logger.Info("no subscription", "account", w.account.Name, "reason", mail.Reason(err))
		return nil
	}
	return err
}

// resubscribe lets the subscriptions follow a renaming: servers leave them with the old names. // RFC 9051 §6.3.6
func (w *worker) resubscribe(ctx context.Context, s *imap.Session, e cache.Errand) error {
	names, err := w.e.store.Subscribed(ctx, e)
	if err != nil {
		return err
	}
	for from, to := range names {
		if err := w.subscribe(ctx, s, to, true); err != nil {
			return err
		}
		if err := w.subscribe(ctx, s, from, false); err != nil {
			return err
		}
	}
	return nil
}
