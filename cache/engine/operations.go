package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// maxOperations is how many wishes one job sends.
const maxOperations = 2000

// sendWishes takes the next step for the due wishes that go together: for most it is one command for one mailbox, kind
// and outcome.
func (w *worker) sendWishes(ctx context.Context, s *imap.Session) error {
	ops, err := w.e.store.Due(ctx, w.account.Name, w.e.opt.Now(), maxOperations, w.e.connected()...)
	if err != nil || len(ops) == 0 {
		return err
	}
	ops = oneCommand(ops)
	w.show(State{Phase: Working, Text: "sending changes"})
	switch ops[0].Step {
	case cache.StepLook:
		return w.lookForCopies(ctx, s, ops)
	case cache.StepGone:
		return w.giveUp(ctx, ops)
	case cache.StepAppend:
		return w.append(ctx, s, ops)
	case cache.StepFetch:
		return w.fetchForOthers(ctx, s, ops)
	}
	if ready, err := w.openFor(ctx, s, ops); !ready {
		if moved, err := w.movedAway(ctx, s, ops[0].Mailbox, err); moved || err != nil {
			return err
		}
		return w.unsent(ctx, ops, err)
	}
	err = w.execute(ctx, s, ops)
	for _, key := range []mail.MailboxKey{ops[0].Mailbox, targetOf(ops[0])} {
		if moved, err := w.movedAway(ctx, s, key, err); moved || err != nil {
			return err
		}
	}
	if kind := mail.KindOf(err); len(ops) > 1 && (kind == mail.Rejected || kind == mail.Gone) {
		return w.oneByOne(ctx, s, ops)
	}
	return w.unsent(ctx, ops, err)
}

// movedAway tells whether wishes were refused because a mailbox is not where it was: then they are for another one now, or
// for none.
func (w *worker) movedAway(ctx context.Context, s *imap.Session, key mail.MailboxKey, why error) (bool, error) {
	if kind := mail.KindOf(why); kind != mail.Rejected && kind != mail.Gone || key == 0 {
		return false, nil
	}
	have, err := w.e.store.SyncState(ctx, key)
	if mail.KindOf(err) == mail.Gone {
		return false, nil
	}
	if err != nil || have.Account != w.account.Name {
		return false, err
	}
	return w.elsewhere(ctx, s, key, have.Name)
}

// hopeless is how many of a refused set are refused one by one before the others are taken for refused, too.
const hopeless = 20

// oneByOne sends wishes that the server refused together: one bad message must not sink the others.
func (w *worker) oneByOne(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	var refused []cache.Operation
	var why error
	for i, op := range ops {
		one := []cache.Operation{op}
		ready, err := w.openFor(ctx, s, one) // looking for a copy leaves its target selected
		if ready {
			err = w.execute(ctx, s, one)
		}
		if kind := mail.KindOf(err); kind == mail.Rejected || kind == mail.Gone {
			refused, why = append(refused, op), err
			if i+1 == hopeless && len(refused) == hopeless {
				refused = ops
				break
			}
			continue
		}
		if err := w.unsent(ctx, one, err); err != nil {
			return errors.Join(err, w.unsent(ctx, refused, why))
		}
		if !ready { // the UIDs of the others may mean other messages by now
			break
		}
	}
	return w.unsent(ctx, refused, why)
}

// openFor selects the mailbox of wishes. It is not ready where its UIDs changed meaning: then it was synchronised in place of
// sending a wish to the wrong message.
func (w *worker) openFor(ctx context.Context, s *imap.Session, ops []cache.Operation) (ready bool, err error) {
	have, err := w.e.store.SyncState(ctx, ops[0].Mailbox)
	if err != nil {
		return false, err
	}
	if err = w.selectFor(ctx, s, have); err == nil {
		if err = w.sameMessages(ctx, s, ops); err == nil {
			return w.stillThere(ctx, s, ops)
		}
	}
	if err != errStale {
		return false, err
	}
	if have.UIDValidity == 0 {
		if err := w.e.store.Reset(ctx, have.Key, 0); err != nil {
			return false, err
		}
		if have, err = w.e.store.SyncState(ctx, have.Key); err != nil {
			return false, err
		}
	}
	return false, w.sync(ctx, s, have)
}

// stillThere is for moves and copies, whose messages may have gone elsewhere; what became of flags is looked at afterwards.
func (w *worker) stillThere(ctx context.Context, s *imap.Session, ops []cache.Operation) (all bool, err error) {
	if kind := ops[0].Kind; kind != mail.KindMove && kind != mail.KindCopy {
		return true, nil
	}
	gone, err := w.gone(ctx, s, ops)
	if err != nil || len(gone) == 0 {
		return err == nil, err
	}
	return false, w.partWith(ctx, ops, gone)
}

// sameMessages looks, where the server tells no UIDVALIDITY, whether the UIDs of wishes still mean the messages that they are
// for: a mailbox that was renumbered would not show it otherwise.
func (w *worker) sameMessages(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	if _, st := s.Selected(); st.UIDValidity != 0 {
		return nil
	}
	meant := make(map[mail.UID]cache.Operation, len(ops))
	for _, op := range ops {
		meant[op.UID] = op
	}
	same := true
	err := s.Headers(ctx, setOf(ops), func(h mail.Header) error {
		op, asked := meant[h.UID]
		same = same && (!asked || op.MessageID == h.Envelope.MessageID && op.Size == h.Size)
		return nil
	})
	if err == nil && !same {
		return errStale
	}
	return err
}

// execute sends one outcome for a set of messages and records the server's agreement.
func (w *worker) execute(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	done := make([]cache.Done, len(ops))
	for i, op := range ops {
		done[i] = cache.Done{Operation: op}
	}
	set := setOf(ops)
	switch change := ops[0].Change.(type) {
	case mail.FlagChange:
		if err := storeFlags(ctx, s, set, change); err != nil {
			return err
		}
		changed, err := s.Noop(ctx) // a server may tell now only what is expunged
		if err != nil {
			return err
		}
		if changed {
			delete(w.fresh, ops[0].Mailbox)
		}
		gone, err := w.gone(ctx, s, ops)
		if err != nil {
			return err
		}
		if len(gone) > 0 {
			done = slices.DeleteFunc(done, func(d cache.Done) bool { return gone.Contains(d.UID) })
			if err := w.partWith(ctx, ops, gone); err != nil {
				return err
			}
		}
	case mail.Copy:
		return w.copy(ctx, s, change.To, ops)
	case mail.Move:
		if !s.Caps().Move {
			return w.copy(ctx, s, change.To, ops)
		}
		if err := w.move(ctx, s, set, change, done); err != nil {
			return err
		}
	case mail.Expunge:
		if err := w.expunge(ctx, s, set, done); err != nil {
			return err
		}
	}
	touched, err := w.e.store.Done(ctx, done)
	if err != nil {
		return err
	}
	w.e.changed(ctx, touched)
	return nil
}

// storeFlags sends flags as differences, never as an absolute set, so that bits nobody touched stay the server's.
func storeFlags(ctx context.Context, s *imap.Session, set mail.UIDSet, c mail.FlagChange) error {
	if add := c.Want & c.Mask; add != 0 || c.Add != "" {
		if err := s.StoreFlags(ctx, set, true, add, c.Add); err != nil {
			return err
		}
	}
	if del := c.Mask &^ c.Want; del != 0 || c.Del != "" {
		return s.StoreFlags(ctx, set, false, del, c.Del)
	}
	return nil
}

// move moves a set and notes the new UIDs. // RFC 6851
func (w *worker) move(ctx context.Context, s *imap.Session, set mail.UIDSet, change mail.Move, done []cache.Done) error {
	target, err := w.e.store.SyncState(ctx, change.To)
	if err != nil {
		return err
	}
	moved, err := s.Move(ctx, set, target.Name)
	if err != nil {
		return err
	}
	pairs := told(moved, target)
	for i := range done {
		done[i].NewUID = pairs[done[i].UID]
	}
	delete(w.fresh, change.To)
	return nil
}

// told are the new UIDs that a server told of messages it put into target. Those of another UIDVALIDITY than the mailbox
// had are none (GreenMail tells that of the source): the next synchronisation finds the messages.
func told(moved imap.Moved, target cache.SyncState) map[mail.UID]mail.UID {
	if target.UIDValidity != 0 && moved.Validity != target.UIDValidity {
		return nil
	}
	return moved.Pairs
}

// expunge deletes for good; where single messages cannot be, they stay marked as deleted. // RFC 4315 §2.1
func (w *worker) expunge(ctx context.Context, s *imap.Session, set mail.UIDSet, done []cache.Done) error {
	gone, err := s.Expunge(ctx, set)
	for i := range done {
		done[i].Stays = !gone
	}
	if err == nil && !gone {
		w.e.say(w.account.Name, "%s cannot delete single messages: they are marked as deleted there.", w.account.IMAP.Host)
	}
	return err
}

// unsent decides what becomes of wishes after err: nil where the session can go on.
func (w *worker) unsent(ctx context.Context, ops []cache.Operation, err error) error {
	switch mail.KindOf(err) {
	case mail.Temporary:
		return w.postpone(ctx, ops, err)
	case mail.Rejected, mail.Gone:
		w.e.trouble(w.account.Name, "%s was undone here: %s.", w.describe(ctx, ops), strings.TrimSuffix(mail.Reason(err), "."))
		if mail.KindOf(err) == mail.Gone {
			clear(w.fresh)
		}
		touched, err := w.e.store.Refuse(ctx, ops, err.Error())
		w.e.changed(ctx, touched)
		return err
	}
	return err
}

// postpone puts wishes off where the session can go on.
func (w *worker) postpone(ctx context.Context, ops []cache.Operation, err error) error {
	switch mail.KindOf(err) {
	case mail.Temporary, mail.Rejected:
		w.e.say(w.account.Name, "%s has to wait: %s.", w.describe(ctx, ops), strings.TrimSuffix(mail.Reason(err), "."))
		return w.e.store.Later(ctx, ops, w.e.opt.Now().Add(backoff(ops[0].Attempts, rand.Float64())), err.Error())
	}
	return err
}

// describe says in words what wishes are about.
func (w *worker) describe(ctx context.Context, ops []cache.Operation) string {
	text := map[mail.ChangeKind]string{
		mail.KindFlags: "The change of flags", mail.KindMove: "The move", mail.KindCopy: "The copy", mail.KindExpunge: "The deletion",
	}[ops[0].Kind] + fmt.Sprintf(" of %d messages", len(ops))
	if len(ops) == 1 {
		text = strings.TrimSuffix(text, "1 messages") + "“" + ops[0].Subject + "”"
	}
	if target, err := w.e.store.SyncState(ctx, targetOf(ops[0])); err == nil {
		text += " to " + target.Name
		if target.Account != ops[0].Account {
			text += " of " + target.Account
		}
	}
	return text
}
