package engine

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// Sizes of windows, in messages. A job is one window; a window is committed batch by batch.
const (
	firstBackfill = 500
	lastBackfill  = 8000
	flagsWindow   = 5000
)

// sync brings one mailbox up to date; what is older than the newest window is left to back-fill.
func (w *worker) sync(ctx context.Context, s *imap.Session, have cache.SyncState) error {
	return w.syncBefore(ctx, s, have, false)
}

// syncBefore is sync. list says that the mailbox list comes next, and may be asked for while the disk is busy.
func (w *worker) syncBefore(ctx context.Context, s *imap.Session, have cache.SyncState, list bool) error {
	w.show(State{Phase: Working, Text: "checking " + have.Name})
	got, err := s.Select(ctx, have.Name)
	if err != nil {
		return w.lost(have, err)
	}
	_, compared := w.compared[have.Key]
	plan, err := w.news(ctx, s, have, got, list, planSync(have, got, compared))
	if err != nil {
		return w.lost(have, err)
	}
	for _, st := range plan {
		if err := w.step(ctx, s, have, got, st); err != nil {
			return w.lost(have, err)
		}
	}
	return w.settle(ctx, s, have, got)
}

// settle ends what brought a mailbox up to date: what waits for its messages may be told now.
func (w *worker) settle(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected) error {
	if err := w.countCheck(ctx, s, have, got); err != nil {
		return w.lost(have, err)
	}
	settled, err := w.e.store.Settled(ctx, have.Key)
	if err != nil {
		return err
	}
	if settled.Kept > 0 {
		w.e.trouble(w.account.Name, "%s was renumbered by the server, and some changes wait, as it is not certain which messages they are for: give them up or send them.", have.Name)
	}
	w.strayed(ctx, have.Name, settled.Strayed)
	w.fresh[have.Key] = true
	w.changedIn(have)
	if len(w.e.workers) > 1 { // what was held back as the mailbox was renumbered may be for another account to append
		w.e.rouse(ctx)
	}
	return w.linkDrafts(ctx, have)
}

func (w *worker) step(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected, st step) error {
	switch st.kind {
	case stepReset:
		return w.reset(ctx, have, got)
	case stepFirst:
		return w.first(ctx, s, have, got)
	case stepRecent:
		return w.recent(ctx, s, have, got)
	default:
		return w.compare(ctx, s, have, st.lo)
	}
}

// reset takes leave of the UIDs of a mailbox that no longer mean what they meant. // RFC 9051 §2.3.1.1
func (w *worker) reset(ctx context.Context, have cache.SyncState, got mail.Selected) error {
	if have.Backfill > 0 {
		w.e.say(w.account.Name, "%s was renumbered by the server and is read again.", have.Name)
	}
	delete(w.compared, have.Key)
	delete(w.old, have.Key)
	return w.e.store.Reset(ctx, have.Key, got.UIDValidity)
}

// first fetches the newest headers of a mailbox seen for the first time, and some older ones while the disk stores these.
func (w *worker) first(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected) error {
	all, err := w.uids(ctx, s, have, got)
	if err != nil {
		return err
	}
	window := all.Newest(firstWindow)
	next, mark := max(got.UIDNext, all.Max()+1), mail.UID(1)
	if all.Len() > firstWindow {
		mark = window.Min()
	}
	in := w.intake(ctx, have, batch, all.Len())
	if err = in.fetch(ctx, s, window); err == nil {
		err = in.mark(cache.Marks{UIDNext: &next, Backfill: &mark, HighestModSeq: &got.HighestModSeq})
	}
	if err == nil && mark > 1 && !w.asked() {
		_, err = in.older(ctx, s, all, mark, firstBackfill)
	}
	return in.close(err)
}

// uids asks which UIDs there are, once a session and mailbox.
func (w *worker) uids(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected) (mail.UIDSet, error) {
	if got.Exists == 0 {
		w.compared[have.Key] = nil
		return nil, nil
	}
	all, err := s.UIDs(ctx)
	if err == nil {
		w.compared[have.Key] = all
	}
	return all, err
}

// news takes the steps that fetch what came and what changed since the last time, with which a plan begins, and returns
// the others. What the second of them asks for is fetched while what the first brought is stored, and so is the mailbox
// list where it comes next.
func (w *worker) news(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected, list bool, plan []step) (rest []step, err error) {
	n := slices.IndexFunc(plan, func(st step) bool { return st.kind != stepNew && st.kind != stepChanged })
	if n < 0 {
		n = len(plan)
	}
	if n == 0 {
		return plan, nil
	}
	in := w.intake(ctx, have, newsBatch, 0)
	for _, st := range plan[:n] {
		if st.kind == stepNew {
			err = w.fetchNew(ctx, s, in, have, got, st)
		} else {
			err = w.changes(ctx, s, in, got, st)
		}
		if err != nil {
			break
		}
	}
	if err == nil && list && n == len(plan) && !w.asked() {
		w.hear(ctx, s)
	}
	err = in.close(err)
	if in.added > 0 {
		w.e.box.post(mail.Event{Kind: mail.Arrived, Account: w.account.Name, Mailbox: have.Key})
	}
	return plan[n:], err
}

// fetchNew fetches what came since the last time: the newest at once, so that the list shows them, then all from
// the oldest up, so that the mark in the database is true at every moment.
func (w *worker) fetchNew(ctx context.Context, s *imap.Session, in *intake, have cache.SyncState, got mail.Selected, st step) error {
	span := mail.UIDSet{{Lo: st.lo, Hi: math.MaxUint32}}
	if st.hi > 0 {
		span[0].Hi = st.hi
	}
	if got.Exists == 0 {
		span = nil
	} else if st.hi-st.lo > 2*batch {
		all, err := s.UIDs(ctx)
		if err != nil {
			return err
		}
		if span = all.Within(st.lo, span[0].Hi); span.Len() > 2*batch {
			if err := w.fetch(ctx, s, have, span.Newest(firstWindow)); err != nil {
				return err
			}
		}
	}
	in.lowest = st.lo // n:* names the newest message even where n is beyond it // RFC 9051 §9 seq-range
	if err := in.fetch(ctx, s, span); err != nil {
		return err
	}
	next := max(in.highest+1, st.lo, got.UIDNext)
	return in.mark(cache.Marks{UIDNext: &next})
}

// changes fetches the flags that changed since the last time; what came since then has them already. // RFC 7162 §3.1.4.1
func (w *worker) changes(ctx context.Context, s *imap.Session, in *intake, got mail.Selected, st step) error {
	set := mail.UIDSet{{Lo: st.lo, Hi: st.hi}}
	if s.Caps().Limit > 0 { // else it would be asked for in as many pieces as there may be UIDs
		set = nil
	}
	if got.Exists > 0 && st.hi > 0 {
		if err := in.flags(ctx, s, set, st.since); err != nil {
			return err
		}
	}
	return in.mark(cache.Marks{HighestModSeq: &got.HighestModSeq})
}

// recent asks for the flags of the newest messages, and leaves the others to a job that runs once a session.
func (w *worker) recent(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected) error {
	held, err := w.e.store.UIDs(ctx, have.Key, 1, math.MaxUint32)
	if err != nil || len(held) == 0 || got.Exists == 0 {
		return err
	}
	newest := held.Newest(recentFlags)
	if _, known := w.old[have.Key]; !known {
		w.old[have.Key] = newest.Min()
	}
	if err := w.flags(ctx, s, have, newest, 0); err != nil {
		return err
	}
	_, err = w.e.store.SetFlags(ctx, have.Key, nil, cache.Marks{HighestModSeq: &got.HighestModSeq})
	return err
}

// oldFlags asks for the flags of one window of older messages, newest first, where the server cannot say what changed.
func (w *worker) oldFlags(ctx context.Context, s *imap.Session, have cache.SyncState) error {
	if err := w.selectFor(ctx, s, have); err != nil {
		return w.lost(have, err)
	}
	below := w.old[have.Key]
	held, err := w.e.store.UIDs(ctx, have.Key, 1, below-1)
	if err != nil {
		return err
	}
	window := held.Newest(flagsWindow)
	w.old[have.Key] = window.Min()
	if len(window) == 0 {
		return nil
	}
	return w.lost(have, w.flags(ctx, s, have, window, 0))
}

func (w *worker) flags(ctx context.Context, s *imap.Session, have cache.SyncState, set mail.UIDSet, since mail.ModSeq) error {
	var updates []mail.FlagUpdate
	flush := func() error {
		n, err := w.e.store.SetFlags(ctx, have.Key, updates, cache.Marks{})
		updates = updates[:0]
		if n > 0 {
			w.changedIn(have)
		}
		return err
	}
	err := s.Flags(ctx, set, since, func(u mail.FlagUpdate) error {
		if updates = append(updates, u); len(updates) < 4*batch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// backfill fetches windows of older headers, each twice the last, until there is something else to do or a second is
// over.
func (w *worker) backfill(ctx context.Context, s *imap.Session, have cache.SyncState) error {
	if err := w.selectFor(ctx, s, have); err != nil {
		return w.lost(have, err)
	}
	defer processors.turned()()
	defer w.e.store.Fill(ctx)()
	all, ok := w.compared[have.Key]
	if !ok {
		var err error
		if all, err = s.UIDs(ctx); err != nil {
			return w.lost(have, err)
		}
		w.compared[have.Key] = all
	}
	in := w.intake(ctx, have, batch, all.Len())
	mark, err := have.Backfill, error(nil)
	began, news := time.Now(), w.bell.strokes()
	for again := true; again; again = mark > 1 && err == nil && w.bell.strokes() == news && time.Since(began) < time.Second {
		mark, err = in.older(ctx, s, all, mark, w.window)
		w.window = min(2*w.window, lastBackfill)
	}
	if err := in.close(err); err != nil {
		return w.lost(have, err)
	}
	if mark == 1 {
		w.e.say(w.account.Name, "All %d headers of %s are here.", all.Len(), have.Name)
		return w.filled(ctx, s, have)
	}
	return nil
}

// filled settles a mailbox that was up to date when the last of its older headers came. One that is not so any more is
// synchronised first.
func (w *worker) filled(ctx context.Context, s *imap.Session, have cache.SyncState) error {
	now, err := w.e.store.SyncState(ctx, have.Key)
	if err != nil {
		return err
	}
	if now.Dirty {
		delete(w.fresh, have.Key)
		return nil
	}
	_, got := s.Selected()
	return w.settle(ctx, s, have, got)
}

// slim gives the memory back that a large job needed, which would else stay ours for minutes.
func (e *Engine) slim(ctx context.Context) error {
	err := e.store.Slim(ctx)
	debug.FreeOSMemory()
	return err
}

// fetch stores the headers of set.
func (w *worker) fetch(ctx context.Context, s *imap.Session, have cache.SyncState, set mail.UIDSet) error {
	in := w.intake(ctx, have, batch, 0)
	return in.close(in.fetch(ctx, s, set))
}

// acting tells whether the person did something a moment ago, and may do more.
func (e *Engine) acting() bool {
	return e.opt.Now().Sub(time.Unix(0, e.acted.Load())) < 5*time.Second
}

// errStale says that a mailbox must be synchronised before anything else is done with it.
var errStale = errors.New("the mailbox changed its UIDVALIDITY")

// selectFor makes have the selected mailbox.
func (w *worker) selectFor(ctx context.Context, s *imap.Session, have cache.SyncState) error {
	name, got := s.Selected()
	var err error
	if name != have.Name || got.ReadOnly { // Zimbra opens mailboxes read-only for a while
		got, err = s.Select(ctx, have.Name)
	}
	if err == nil && got.UIDValidity != have.UIDValidity {
		return errStale
	}
	return err
}

// lost turns an error about one mailbox into what the session makes of it: nil where the session can go on. A
// mailbox that cannot be read is left alone until the mailboxes are listed again.
func (w *worker) lost(have cache.SyncState, err error) error {
	if errors.Is(err, errStale) {
		delete(w.fresh, have.Key)
		return nil
	}
	switch mail.KindOf(err) {
	case mail.Gone, mail.Rejected, mail.Temporary:
		w.e.say(w.account.Name, "%s could not be read: %v.", have.Name, err)
		w.parked[have.Key] = true
		return nil
	}
	return err
}

// changedIn tells the UI that a mailbox shows something else now.
func (w *worker) changedIn(have cache.SyncState) {
	w.e.box.post(mail.Event{Kind: mail.MessagesChanged, Account: w.account.Name, Mailbox: have.Key},
		mail.Event{Kind: mail.MailboxesChanged, Account: w.account.Name})
}

// differs tells whether SELECT says anything that is not known yet.
func differs(have cache.SyncState, got mail.Selected) bool {
	return have.UIDValidity != got.UIDValidity || got.UIDNext == 0 || have.UIDNext != got.UIDNext ||
		have.HighestModSeq != got.HighestModSeq || have.Backfill == 1 && have.Held != got.Exists
}
