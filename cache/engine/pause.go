package engine

import (
	"context"

	"posthorn/mail"
)

// PausedChoice is the name under which it is remembered that an account is paused.
func PausedChoice(account string) string { return "paused " + account }

// Pause keeps an account from its servers, over restarts too, or lets it go on and look for news at once. Its connections
// end; only a message that a server is being told of is sent to its end, so that nobody must guess whether it was. What is
// wanted and what is to be sent waits.
func (e *Engine) Pause(ctx context.Context, account string, on bool) error {
	w := e.workers[account]
	if w == nil {
		return &mail.Error{Op: "pause", Kind: mail.Rejected, Said: "there is no account " + account}
	}
	value := ""
	if on {
		value = "yes"
	}
	if err := e.store.Choose(ctx, PausedChoice(account), value); err != nil {
		return err
	}
	w.lines.pause(on)
	w.show(State{Phase: Connecting, Text: "connecting to " + w.account.IMAP.Host})
	if on {
		e.say(account, "Paused: nothing is fetched or sent until it is resumed.")
		w.bell.ring()
		return nil
	}
	e.say(account, "Resumed.")
	e.Refresh(account)
	return nil
}

// pausedBefore pauses the accounts that were when posthorn ended.
func (e *Engine) pausedBefore(ctx context.Context) {
	for name, w := range e.workers {
		if on, err := e.store.Choice(ctx, PausedChoice(name)); err == nil && on != "" {
			w.lines.pause(true)
		}
	}
}

// paused tells whether the account is to have no connection.
func (s *sender) paused() bool { return s.e.workers[s.account.Name].lines.isPaused() }
