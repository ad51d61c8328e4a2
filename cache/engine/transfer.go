package engine

import (
	"context"
	"fmt"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// A copy is made by COPY, or for another account by fetching the octets here and appending them there: each account's
// worker does its part, and the database hands over. That a copy is tried is recorded before, with the target's UIDNEXT;
// one whose answer was lost is looked for there before anything else. So no lost answer and no crash can copy twice,
// and an original goes only when its copy is recorded.

// oneCommand are the first wishes that one command can fulfil. A set of UIDs has each message once: a second copy of it
// comes next.
func oneCommand(ops []cache.Operation) []cache.Operation {
	out, ranges := ops[:1:1], 1
	for _, op := range ops[1:] {
		first, last := out[0], out[len(out)-1]
		if op.Step != first.Step || op.Copying != first.Copying ||
			op.Step == cache.StepSend && (op.Mailbox != first.Mailbox || op.Change != first.Change) {
			break
		}
		if op.Step == cache.StepSend {
			if op.UID == last.UID {
				continue
			}
			if op.UID != last.UID+1 {
				ranges++
			}
		}
		if ranges > maxRanges {
			break
		}
		out = append(out, op)
	}
	return out
}

// maxRanges is how many ranges of UIDs one command carries, so that it is one command on the wire: a COPY is done whole or
// not at all. // RFC 9051 §6.4.7
const maxRanges = 300

// nextUID is what the UIDs of copies into a mailbox will not be below.
func (w *worker) nextUID(ctx context.Context, s *imap.Session, target cache.SyncState) (mail.UID, error) {
	st, err := s.Status(ctx, target.Name)
	if kind := mail.KindOf(err); kind == mail.Rejected || kind == mail.Temporary { // what was known last is less, and true
		err = nil
	}
	return max(st.UIDNext, target.UIDNext), err
}

// copy lets the server copy messages of one mailbox to another, for wishes to copy and for moves where there is no MOVE.
func (w *worker) copy(ctx context.Context, s *imap.Session, to mail.MailboxKey, ops []cache.Operation) error {
	target, err := w.e.store.SyncState(ctx, to)
	if err != nil {
		return err
	}
	next, err := w.nextUID(ctx, s, target)
	if err != nil {
		return err
	}
	if ops, err = w.e.store.Trying(ctx, ops, to, next); err != nil || len(ops) == 0 {
		return err
	}
	moved, err := s.Copy(ctx, setOf(ops), target.Name)
	if err != nil {
		return w.notCopied(ctx, ops, err)
	}
	delete(w.fresh, to)
	var done []cache.Done
	var unknown []cache.Operation
	pairs := told(moved, target)
	for _, op := range ops {
		if uid := pairs[op.UID]; uid > 0 || op.Kind == mail.KindMove {
			done = append(done, cache.Done{Operation: op, NewUID: uid})
		} else {
			unknown = append(unknown, op)
		}
	}
	if err := w.copied(ctx, done); err != nil || len(unknown) == 0 {
		return err
	}
	missing, err := w.find(ctx, s, unknown) // the server says OK to a copy of what is gone, too
	if err != nil || len(missing) == 0 {
		return err
	}
	return w.giveUp(ctx, missing)
}

func setOf(ops []cache.Operation) mail.UIDSet {
	uids := make([]mail.UID, len(ops))
	for i, op := range ops {
		uids[i] = op.UID
	}
	return mail.NewUIDSet(uids...)
}

// notCopied records that the server refused a copy, which was therefore not made; after any other error nobody knows.
func (w *worker) notCopied(ctx context.Context, ops []cache.Operation, err error) error {
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		if err := w.e.store.NotCopied(ctx, ops); err != nil {
			return err
		}
	}
	return err
}

func (w *worker) copied(ctx context.Context, done []cache.Done) error {
	if len(done) == 0 {
		return nil
	}
	touched, err := w.e.store.Copied(ctx, done)
	w.e.changed(ctx, touched)
	return err
}

// giveUp takes back copies of messages that are gone.
func (w *worker) giveUp(ctx context.Context, ops []cache.Operation) error {
	what := fmt.Sprintf("%d messages were", len(ops))
	if len(ops) == 1 {
		what = fmt.Sprintf("“%s” was", ops[0].Subject)
	}
	w.e.trouble(w.account.Name, "%s not copied: somebody deleted or moved it on the server before.", what)
	clear(w.fresh)
	touched, err := w.e.store.Refuse(ctx, ops, "gone")
	w.e.changed(ctx, touched)
	return err
}

// lookForCopies finds out what became of copies that were tried and not answered. Those that are not there are tried again.
func (w *worker) lookForCopies(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	missing, err := w.find(ctx, s, ops)
	if mail.KindOf(err) == mail.Gone { // with the mailbox
		missing, err = ops, nil
	}
	if err != nil {
		return w.postpone(ctx, ops, err)
	}
	if err := w.e.store.NotCopied(ctx, missing); err != nil {
		return err
	}
	w.e.rouse(ctx)
	return nil
}

// find synchronises the mailbox where copies were tried, records those that are there and returns the others.
func (w *worker) find(ctx context.Context, s *imap.Session, ops []cache.Operation) (missing []cache.Operation, err error) {
	key, least := ops[0].Copying, ops[0].UIDNext
	for _, op := range ops {
		least = min(least, op.UIDNext)
	}
	have, err := w.e.store.SyncState(ctx, key)
	if err != nil {
		return nil, err
	}
	if _, err := s.Select(ctx, have.Name); err != nil {
		return nil, err
	}
	work := w.sync
	for first := true; first || have.Backfill > max(least, 1); first = false {
		if err := work(ctx, s, have); err != nil {
			return nil, err
		}
		if work = w.backfill; w.parked[key] {
			return nil, &mail.Error{Op: "look for a copy in " + have.Name, Kind: mail.Temporary}
		}
		if have, err = w.e.store.SyncState(ctx, key); err != nil {
			return nil, err
		}
	}
	found, missing, err := w.e.store.Found(ctx, key, ops)
	if err != nil {
		return nil, err
	}
	return missing, w.copied(ctx, found)
}

// appendTime is how long one job may append messages one after the other.
const appendTime = 250 * time.Millisecond

// append puts messages of other accounts, fetched by their workers, into a mailbox of this one.
func (w *worker) append(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	began, next := time.Now(), map[mail.MailboxKey]mail.UID{}
	for i, op := range ops {
		if i > 0 && time.Since(began) > appendTime {
			return nil
		}
		if err := w.appendOne(ctx, s, op, next); err != nil {
			if mail.KindOf(err) == mail.Temporary { // so will the others be refused
				return w.unsent(ctx, sameTarget(ops[i:]), err)
			}
			if moved, err := w.movedAway(ctx, s, targetOf(op), err); moved || err != nil {
				return err
			}
			if err := w.unsent(ctx, ops[i:i+1], err); err != nil {
				return err
			}
		}
	}
	return nil
}

func sameTarget(ops []cache.Operation) (out []cache.Operation) {
	for _, op := range ops {
		if op.Change == ops[0].Change {
			out = append(out, op)
		}
	}
	return out
}

// appendOne puts one message into its target. next holds the UIDNEXT of targets as far as it is known.
func (w *worker) appendOne(ctx context.Context, s *imap.Session, op cache.Operation, next map[mail.MailboxKey]mail.UID) error {
	raw, complete, err := w.e.store.Content(ctx, op.Source, "")
	if err != nil {
		return err
	}
	if !complete || len(raw) == 0 {
		if err := w.e.store.SetFetched(ctx, op, false); err != nil {
			return err
		}
		w.e.rouse(ctx)
		return nil
	}
	to := targetOf(op)
	target, err := w.e.store.SyncState(ctx, to)
	if err != nil {
		return err
	}
	if next[to] == 0 {
		if next[to], err = w.nextUID(ctx, s, target); err != nil {
			return err
		}
	}
	still, err := w.e.store.Trying(ctx, []cache.Operation{op}, to, next[to])
	if err != nil || len(still) == 0 {
		return err
	}
	validity, uid, err := s.Append(ctx, target.Name, op.Flags&^mail.Deleted, op.Received, raw, op.Keywords.List()...)
	if err != nil {
		return w.notCopied(ctx, still, err)
	}
	if validity != target.UIDValidity && target.UIDValidity != 0 {
		uid = 0
	}
	next[to] = max(next[to], uid+1)
	delete(w.fresh, to)
	return w.copied(ctx, []cache.Done{{Operation: still[0], NewUID: uid}})
}

func targetOf(op cache.Operation) mail.MailboxKey {
	switch c := op.Change.(type) {
	case mail.Move:
		return c.To
	case mail.Copy:
		return c.To
	}
	return 0
}

// fetchForOthers fetches the octets of messages that are to go to other accounts, as many as make one range.
func (w *worker) fetchForOthers(ctx context.Context, s *imap.Session, ops []cache.Operation) error {
	got := 0
	for i := range ops {
		one := ops[i : i+1]
		ready, err := w.openFor(ctx, s, one)
		if ready {
			var n int
			n, err = w.fetchForOther(ctx, s, one[0])
			got += n
		}
		if err := w.unsent(ctx, one, err); err != nil {
			return err
		}
		if !ready || got >= partRange { // not ready: the UIDs of the others may mean other messages by now
			return nil
		}
	}
	return nil
}

// fetchForOther fetches a range of one message in the selected mailbox, and says when it was the last one. n is how many octets that were.
func (w *worker) fetchForOther(ctx context.Context, s *imap.Session, op cache.Operation) (n int, err error) {
	raw, complete, err := w.e.store.Content(ctx, op.Source, "")
	if err != nil {
		return 0, err
	}
	before := len(raw)
	if !complete {
		if err := w.fetchRange(ctx, s, op.Source, op.UID, "", int64(before), op.Size); err != nil {
			return 0, err
		}
		if raw, complete, err = w.e.store.Content(ctx, op.Source, ""); err != nil || !complete {
			return len(raw) - before, err
		}
	}
	if int64(len(raw)) < op.Size { // the original may go after this: what all of it is the server must say in one answer
		if raw, err = s.Part(ctx, op.UID, "", 0, 0); err != nil {
			return 0, err
		}
		if len(raw) == 0 {
			return 0, &mail.Error{Op: "fetch the message", Kind: mail.Rejected, Said: "the server gives nothing of it"}
		}
		if err := w.e.store.PutContent(ctx, op.Source, "", 0, raw, true); err != nil {
			return 0, err
		}
	}
	if err := w.e.store.SetFetched(ctx, op, true); err != nil {
		return 0, err
	}
	w.e.rouse(ctx)
	return len(raw) - before, nil
}
