package engine

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// worker owns an account's IMAP work connection and is the sole network writer of its rows.
type worker struct {
	e        *Engine
	account  mail.Account
	bell     *bell
	lines    lines
	standing standing

	spare    *spare
	searcher *searcher

	mu       sync.Mutex // guards what other goroutines tell the worker
	requests []request
	focused  []mail.MailboxKey
	relist   bool
	changed  map[mail.MailboxKey]bool    // told by the watcher
	hurry    haste                       // why the pause is not waited out
	wanted   map[mail.MailboxKey]foundIn // headers to be fetched of what a search found
	alone    bool                        // the server allows no second connection: INBOX is watched on this one

	sought  map[int64]sought         // outbox rows that may have been sent; the worker's own goroutine
	keeping keeping                  // the worker's own goroutine
	lies    map[mail.MessageKey]bool // messages whose structure the server told wrong; the worker's own goroutine
	broke   map[mail.MessageKey]int  // connections that ended while the message was fetched; the worker's own goroutine
	session                          // this connection only; the worker's own goroutine
}

// session is what a worker knows about its present connection; it starts anew with each.
type session struct {
	fresh    map[mail.MailboxKey]bool        // synchronised and not told to have changed
	compared map[mail.MailboxKey]mail.UIDSet // all UIDs the server had when asked; present: compared
	missing  map[mail.MailboxKey]mail.UIDSet // not given by the server, and asked for again
	old      map[mail.MailboxKey]mail.UID    // flags below this UID are still to be checked; 0: none
	unfiled  map[int64]bool                  // outbox rows whose copy Sent refused
	left     map[int64]bool                  // drafts whose copy is on its way, or was refused
	parked   map[mail.MailboxKey]bool        // could not be read; left alone until the next list
	unasked  []mail.MailboxKey               // the list did not tell how these stand
	heard    *heard                          // the list, asked for while news was stored
	window   int                             // size of the next back-fill window
	listed   time.Time
	rate     rate // of news while it rests
}

func newWorker(e *Engine, a mail.Account) *worker {
	w := &worker{e: e, account: a, spare: newSpare(), bell: &bell{gauge: e.gauge}, changed: map[mail.MailboxKey]bool{}, standing: newStanding(), broke: map[mail.MessageKey]int{}, lies: map[mail.MessageKey]bool{}, sought: map[int64]sought{},
		wanted: map[mail.MailboxKey]foundIn{}, keeping: keeping{stale: true, over: map[mail.MessageKey]bool{}, tries: map[mail.MessageKey]int{}}}
	w.searcher = newSearcher(w)
	return w
}

func (w *worker) focus(keys []mail.MailboxKey) {
	w.mu.Lock()
	same := slices.Equal(w.focused, keys)
	w.focused = slices.Clone(keys)
	w.mu.Unlock()
	if !same {
		w.bell.ring()
	}
}

func (w *worker) refresh(why haste) {
	w.mu.Lock()
	w.relist, w.hurry = true, max(w.hurry, why)
	w.mu.Unlock()
	w.bell.ring()
}

// told marks a mailbox as changed on the server.
func (w *worker) told(key mail.MailboxKey) {
	w.mu.Lock()
	w.changed[key] = true
	w.mu.Unlock()
	w.bell.ring()
}

// lasting is how long a connection must have stood for its end to be the first failure rather than one more.
const lasting = time.Minute

// run connects and serves until ctx ends.
func (w *worker) run(ctx context.Context) {
	defer w.e.gauge.add(-1)
	for tries := 0; ctx.Err() == nil; tries++ {
		if w.lines.isPaused() {
			tries = -1
			w.show(State{Phase: Paused})
			w.bell.rest(ctx, func(ctx context.Context) error { w.lines.waitPaused(ctx); return nil })
			continue
		}
		began := w.e.opt.Now()
		line, end := w.lines.with(ctx)
		s, err := w.connect(line)
		if err == nil {
			w.standing.set(true)
			w.searcher.bell.ring()
			if len(w.e.workers) > 1 { // a transfer between accounts may have waited for this one
				w.e.rouse(ctx)
			}
			err = w.serve(ctx, s) // what is to be written down is, though the line ends
			w.standing.set(false)
			w.e.learner.fills(w.account.Name, false)
		}
		dropped := line.Err() != nil && mail.KindOf(err) != mail.Auth
		if end(); ctx.Err() != nil {
			return
		}
		if dropped {
			tries = -1
			continue
		}
		if w.e.opt.Now().Sub(began) > lasting { // a server that lets us in and throws us out again is not asked each second
			tries = 0
		}
		w.retryLater(ctx, tries, err)
	}
}

func (w *worker) connect(ctx context.Context) (*imap.Session, error) {
	w.show(State{Phase: Connecting, Text: "connecting to " + w.account.IMAP.Host})
	w.session = session{
		fresh: map[mail.MailboxKey]bool{}, compared: map[mail.MailboxKey]mail.UIDSet{},
		missing: map[mail.MailboxKey]mail.UIDSet{}, old: map[mail.MailboxKey]mail.UID{}, parked: map[mail.MailboxKey]bool{},
		unfiled: map[int64]bool{}, left: map[int64]bool{}, window: firstBackfill,
	}
	return w.e.dial(ctx, w.account)
}

// serve does one job after the other; it returns on the first error and when ctx ends.
func (w *worker) serve(ctx context.Context, s *imap.Session) error {
	w.mu.Lock()
	w.relist, w.hurry = true, unhurried
	w.mu.Unlock()
	w.e.say(w.account.Name, "Connected to %s.", w.account.IMAP.Host)
	for ctx.Err() == nil {
		for _, text := range s.Alerts() {
			w.e.trouble(w.account.Name, "%s says: %s", w.account.IMAP.Host, text)
		}
		look, err := w.look(ctx)
		if err != nil {
			return err
		}
		j := nextJob(look)
		if j.kind == jobNone || look.inboxIsFresh() && j.kind != jobList {
			w.standing.setLooked()
		}
		if j.kind == jobNone {
			if err := w.findStrayed(ctx); err != nil {
				return err
			}
			w.show(State{Phase: Idle, Text: "connected"})
		}
		w.e.learner.fills(w.account.Name, j.kind == jobSync || j.kind == jobBackfill)
		if j.kind == jobNone {
			if err := w.rest(ctx, s, look); err != nil {
				return err
			}
			continue
		}
		if err := w.do(ctx, s, j); err != nil {
			return err
		}
	}
	return nil
}

// look gathers what nextJob decides on.
func (w *worker) look(ctx context.Context) (snapshot, error) {
	now := w.e.opt.Now()
	due, err := w.e.store.Due(ctx, w.account.Name, now, 1, w.e.connected()...)
	if err != nil {
		return snapshot{}, err
	}
	errand, err := w.e.store.DueErrand(ctx, w.account.Name, now)
	if err != nil {
		return snapshot{}, err
	}
	states, err := w.pending(ctx)
	if err != nil {
		return snapshot{}, err
	}
	outbox, err := w.outbox(ctx)
	if err != nil {
		return snapshot{}, err
	}
	w.forgetSought(outbox)
	draft, err := w.dueMirror(ctx)
	if err != nil {
		return snapshot{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for key := range w.changed {
		delete(w.fresh, key)
	}
	clear(w.changed)
	for _, m := range states {
		if m.Dirty { // what the server has of it is not what we think: a move whose answer was lost, a STATUS that differs
			delete(w.fresh, m.Key)
		}
	}
	if now.Sub(w.listed) >= w.e.opt.Poll {
		w.relist = true
	}
	return snapshot{
		now: now, requests: slices.Clone(w.requests), errand: errand.ID != 0, due: len(due) > 0, filing: len(w.toFile(outbox)) > 0, seeking: len(w.toSeek(outbox)) > 0,
		mirror: draft.Key != 0, relist: w.relist, wanted: len(w.wanted) > 0, unlisted: w.listed.IsZero(),
		focus: slices.Clone(w.focused), mailboxes: states, fresh: w.fresh, flagsDue: flagsDue(w.old), unasked: len(w.unasked) > 0,
		keep: w.e.opt.Offline > 0 && !w.keeping.off && (w.keeping.stale || len(w.keeping.queue) > 0),
	}, nil
}

// candidates is how many mailboxes with something to be fetched are looked at before each job: enough to choose from,
// few enough for accounts with very many.
const candidates = 50

// pending are the mailboxes that may be worth a job.
func (w *worker) pending(ctx context.Context) ([]cache.SyncState, error) {
	w.mu.Lock()
	also := slices.Concat(w.focused, slices.Collect(maps.Keys(w.changed)))
	w.mu.Unlock()
	for key, below := range w.old {
		if below > 1 {
			also = append(also, key)
		}
	}
	slices.Sort(also)
	return w.e.store.Pending(ctx, w.account.Name, slices.Compact(also), slices.Collect(maps.Keys(w.parked)), candidates)
}

func flagsDue(old map[mail.MailboxKey]mail.UID) map[mail.MailboxKey]bool {
	out := make(map[mail.MailboxKey]bool, len(old))
	for key, below := range old {
		out[key] = below > 1
	}
	return out
}

func (w *worker) do(ctx context.Context, s *imap.Session, j job) error {
	if j.kind == jobKeep {
		return w.keep(ctx, s)
	}
	w.keeping.stale = true // there may be other mail by now
	switch j.kind {
	case jobOpen:
		return w.fetchParts(ctx, s, j.request)
	case jobErrand:
		return w.errand(ctx, s)
	case jobOperations:
		return w.sendWishes(ctx, s)
	case jobFile:
		return w.fileSent(ctx, s)
	case jobSeek:
		return w.seek(ctx, s)
	case jobMirror:
		return w.mirror(ctx, s)
	case jobFound:
		return w.fetchFound(ctx, s)
	case jobList:
		return w.list(ctx, s)
	case jobSync:
		err := w.syncBefore(ctx, s, j.mailbox, j.list)
		w.seekAfterNews(ctx, j.mailbox)
		if err == nil && w.heard != nil {
			return w.list(ctx, s)
		}
		return err
	case jobStatus:
		return w.statuses(ctx, s)
	case jobFlags:
		return w.oldFlags(ctx, s, j.mailbox)
	default:
		defer thrift.turned()() // here, not where a transfer looks for copies: garbage is turned while this runs
		return w.backfill(ctx, s, j.mailbox)
	}
}

// rest idles in the mailbox on screen, or in INBOX, until something changes there or the bell rings.
func (w *worker) rest(ctx context.Context, s *imap.Session, look snapshot) error {
	w.mu.Lock()
	alone := w.alone
	w.mu.Unlock()
	home, ok := look.first(true, func(cache.SyncState) bool { return true })
	if !ok || alone {
		home, ok = look.first(false, func(cache.SyncState) bool { return true })
	}
	if !ok {
		return w.bell.rest(ctx, func(ctx context.Context) error { return nap(ctx, w.restFor(ctx)) })
	}
	if name, _ := s.Selected(); name != home.Name {
		got, err := s.Select(ctx, home.Name)
		if err != nil {
			return w.lost(home, err)
		}
		if differs(home, got) || got.HighestModSeq == 0 { // or it does not say whether flags changed
			delete(w.fresh, home.Key)
			return nil
		}
	}
	return w.bell.rest(ctx, func(ctx context.Context) error {
		began := time.Now()
		changed, err := s.Idle(ctx, w.restFor(ctx))
		if changed {
			delete(w.fresh, home.Key)
			nap(ctx, w.rate.rest(time.Since(began)))
		}
		return err
	})
}

// restFor is how long a rest may last: until the next wish is due or the mailboxes are to be polled, and never so
// long that a router forgets the connection.
func (w *worker) restFor(ctx context.Context) time.Duration {
	now := w.e.opt.Now()
	d := min(5*time.Minute, w.listed.Add(w.e.opt.Poll).Sub(now))
	if next, err := w.e.store.NextDue(ctx, w.account.Name, w.e.connected()...); err == nil && !next.IsZero() {
		d = min(d, next.Sub(now))
	}
	if next, err := w.e.store.NextErrand(ctx, w.account.Name, now); err == nil && !next.IsZero() {
		d = min(d, next.Sub(now))
	}
	if next, err := w.e.store.NextMirror(ctx, w.account.Name, now); err == nil && !next.IsZero() {
		d = min(d, next.Sub(now))
	}
	if next := w.nextSeek(); !next.IsZero() {
		d = min(d, next.Sub(now))
	}
	return max(d, 10*time.Millisecond)
}

// nap waits for d or until ctx ends.
func nap(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
	return nil
}

// show publishes the account's state.
func (w *worker) show(s State) {
	s.Account = w.account.Name
	w.e.setState(s)
}
