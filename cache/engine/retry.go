package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// retryLater says what went wrong and waits before the next try. A refused password waits for the user to ask: nothing else
// ends that pause, so that no server is ever hammered with it.
func (w *worker) retryLater(ctx context.Context, tries int, err error) {
	if errors.Is(err, auth.ErrAsk) || mail.KindOf(err) == mail.Auth {
		w.e.say(w.account.Name, "%s", loginText(w.account, err))
		w.show(State{Phase: NeedsLogin, Text: loginText(w.account, err)})
		w.waitOut(ctx, time.Time{})
		return
	}
	if mail.KindOf(err) == mail.Damaged { // the server answers, so trying at once would go round and round
		until := w.e.opt.Now().Add(storagePause)
		w.e.trouble(w.account.Name, "%s", storageText(err))
		w.show(State{Phase: Offline, Text: storageText(err), Retry: until})
		w.waitOut(ctx, until)
		return
	}
	until := w.e.opt.Now().Add(backoff(tries, rand.Float64()))
	w.e.say(w.account.Name, "%s", offlineText(w.account, err))
	w.show(State{Phase: Offline, Text: offlineText(w.account, err), Retry: until})
	w.waitOut(ctx, until)
}

// haste is why a pause is not waited out.
type haste int

const (
	unhurried haste = iota
	woken           // the machine or the person came back: what waits for a network is tried
	byPerson        // the person asks for a try: also one with a password that was refused
)

// waitOut rests until the time, or for ever for the zero time, or until there is reason to hurry. Wishes and opened
// messages ring the bell too, but do not end it: without a connection nothing can be done for them.
func (w *worker) waitOut(ctx context.Context, until time.Time) {
	for ctx.Err() == nil {
		w.mu.Lock()
		hurry := w.hurry
		w.hurry = unhurried
		w.mu.Unlock()
		left := until.Sub(w.e.opt.Now())
		if w.lines.isPaused() {
			return
		}
		if hurry == byPerson || !until.IsZero() && (hurry == woken || left <= 0) {
			return
		}
		w.bell.rest(ctx, func(ctx context.Context) error {
			if until.IsZero() {
				<-ctx.Done()
				return nil
			}
			return nap(ctx, min(left, longestPause))
		})
	}
}

// longestPause is as long as a pause lasts at most: then the clock is asked again how much of it is left.
const longestPause = 5 * time.Minute

// storagePause is how long an account rests when mail cannot be stored.
const storagePause = time.Minute
