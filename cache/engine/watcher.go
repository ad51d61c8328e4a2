package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"posthorn/mail"
)

// idleFor is how long one IDLE lasts: renewed well before routers forget the connection.
const idleFor = 5 * time.Minute

// watch keeps a second connection in IDLE on INBOX and tells the worker when it changed. It says nothing else, and
// its absence costs only time: the worker polls too. It never counts as busy. It begins once the worker has logged in, so
// that there are never two that fail to, and has brought INBOX up to date and listed the mailboxes: else the server would
// look for the same news for both at once, the watcher tell of what is being fetched, and a login take the time of the list.
func (w *worker) watch(ctx context.Context) {
	for tries := 0; ctx.Err() == nil; tries++ {
		w.lines.waitPaused(ctx)
		w.standing.waitLooked(ctx)
		if ctx.Err() != nil {
			return
		}
		began := time.Now()
		line, end := w.lines.with(ctx)
		err := w.watchOnce(line)
		dropped := line.Err() != nil && mail.KindOf(err) != mail.Auth
		if end(); dropped && ctx.Err() == nil {
			tries = -1
			continue
		}
		if time.Since(began) > time.Minute {
			tries = 0
		}
		if mail.KindOf(err) == mail.Auth && !crowded(err) { // the worker is still logged in: it would not hear of that
			w.e.say(w.account.Name, "%s", loginText(w.account, err))
			w.e.ask(w.account.Name, loginText(w.account, err))
			for w.e.passwordRefused(w.account.Name, false) && ctx.Err() == nil {
				nap(ctx, lookAgain)
			}
			continue
		}
		if kind := mail.KindOf(err); kind == mail.Rejected || ctx.Err() != nil {
			return // the server allows no second connection, or has no IDLE
		}
		if crowded(err) {
			w.e.say(w.account.Name, "%s wants fewer connections: %s", w.account.IMAP.Host, mail.Reason(err))
			w.share(true)
			nap(ctx, crowdedFor)
			w.share(false)
			continue
		}
		nap(ctx, backoff(tries, rand.Float64()))
	}
}

// crowdedFor is how long one connection must do after the server refused a second one.
const crowdedFor = 30 * time.Minute

// crowded tells whether a server turned the second connection away for being one too many.
func crowded(err error) bool {
	var e *mail.Error
	return errors.As(err, &e) && (e.Kind == mail.Temporary || strings.Contains(strings.ToLower(e.Said), "connections"))
}

// share makes the worker watch INBOX itself, whatever is on screen.
func (w *worker) share(alone bool) {
	w.mu.Lock()
	w.alone = alone
	w.mu.Unlock()
	w.bell.ring()
}

func (w *worker) watchOnce(ctx context.Context) error {
	s, err := w.e.dial(ctx, w.account)
	if err != nil {
		return err
	}
	defer s.Close()
	if !s.Caps().Idle {
		return &mail.Error{Op: "watch INBOX", Kind: mail.Rejected, Said: "the server has no IDLE"}
	}
	got, err := s.Select(ctx, "INBOX")
	if err != nil {
		return err
	}
	w.missed(ctx, got)
	var rate rate
	for ctx.Err() == nil {
		began := time.Now()
		changed, err := s.Idle(ctx, idleFor)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		if m, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Inbox); err == nil && ok {
			w.told(m.Key)
		}
		nap(ctx, rate.rest(time.Since(began)))
	}
	return nil
}

// missed has INBOX looked at where something came while nobody watched it.
func (w *worker) missed(ctx context.Context, got mail.Selected) {
	m, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Inbox)
	if err != nil || !ok {
		return
	}
	if have, err := w.e.store.SyncState(ctx, m.Key); err == nil && have.Backfill > 0 && differs(have, got) {
		w.told(m.Key)
	}
}

// rate slows down where a server has news at every IDLE: what comes during the rest is told by the next one.
type rate struct{ quick int }

// A burst is how many news may follow each other within atOnce each before there is a rest between them.
const (
	burst    = 10
	atOnce   = 200 * time.Millisecond
	longRest = 16 * time.Second
)

// rest is how long to rest after news that an IDLE of some length brought.
func (r *rate) rest(lasted time.Duration) time.Duration {
	if lasted >= atOnce {
		r.quick = 0
		return 0
	}
	if r.quick++; r.quick <= burst {
		return 0
	}
	return min(time.Second<<min(r.quick-burst-1, 10), longRest)
}
