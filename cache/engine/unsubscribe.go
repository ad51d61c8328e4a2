package engine

import (
	"context"
	"errors"
	"net/url"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/oneclick"
)

// Unsubscribe asks a mailing list's site to take the account's address off the list, beside everything else. What
// became of it is said in the log and on screen, and is kept: that it is asked before the site hears of it, so that an
// end of the program in between is known of afterwards. It is asked once: where it is not known whether the site has
// heard, and where it has not, the person decides whether to try again. // RFC 8058 §3.2
func (e *Engine) Unsubscribe(account, list, link string) error {
	u, err := url.Parse(link)
	e.mu.Lock()
	ctx := e.ctx
	e.mu.Unlock()
	if err != nil || ctx == nil || ctx.Err() != nil {
		return &mail.Error{Op: "unsubscribe", Kind: mail.Rejected, Err: errors.New("that site cannot be asked")}
	}
	e.gauge.add(1)
	e.run(func() {
		defer e.gauge.add(-1)
		host := u.Host
		before, err := e.store.Choice(ctx, mail.LeavingChoice(account, list))
		if err == nil {
			err = e.keepLeaving(ctx, account, list, mail.LeavingAsked, host)
		}
		if err != nil {
			e.trouble(account, "Not unsubscribed, nothing was sent to %s: %s.", host, mail.Reason(err))
			return
		}
		result, err := e.opt.Web.Post(ctx, link)
		state, kept := mail.LeavingAsked, error(nil)
		switch result {
		case oneclick.Done:
			state = mail.LeavingDone
			e.enter(Entry{Account: account, Answer: true, Text: "Unsubscribed: " + host + " says that it is done."})
		case oneclick.Refused:
			state = mail.LeavingRefused
			e.trouble(account, "Not unsubscribed by %s: %s. Its page may do it, or a mail.", host, mail.Reason(err))
		case oneclick.Unsure:
			e.trouble(account, "Perhaps unsubscribed: the answer of %s was lost: %s. Ask again only if more mail comes.", host, mail.Reason(err))
		default:
			state = mail.LeavingUnsent
			if e.offline(account) {
				e.trouble(account, "You are offline: nothing was sent to %s, and you are still subscribed. Try again when you are online.", host)
				break
			}
			e.trouble(account, "Not unsubscribed, nothing was sent to %s: %s. Try again later.", host, mail.Reason(err))
		}
		if state == mail.LeavingUnsent && before != "" { // what was known before is still true
			kept = e.store.Choose(context.WithoutCancel(ctx), mail.LeavingChoice(account, list), before)
		} else {
			kept = e.keepLeaving(ctx, account, list, state, host)
		}
		if kept != nil {
			e.trouble(account, "What became of unsubscribing could not be kept: %s.", mail.Reason(kept))
		}
	})
	return nil
}

// offline tells whether an account's server is not reached either.
func (e *Engine) offline(account string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.states[account].Phase == Offline
}

// keepLeaving remembers how far leaving a list went, even while shutting down: what happened, happened.
func (e *Engine) keepLeaving(ctx context.Context, account, list string, state mail.LeavingState, asked string) error {
	l := mail.Leaving{State: state, At: e.opt.Now(), Asked: asked}
	err := e.store.Choose(context.WithoutCancel(ctx), mail.LeavingChoice(account, list), l.String())
	e.box.post(mail.Event{Kind: mail.ListLeft, Account: account})
	return err
}

// leftByMail remembers that a mail was sent that asks to be taken off a list, if o is one.
func (e *Engine) leftByMail(ctx context.Context, o cache.Outgoing) {
	d, err := compose.Unmarshal(o.Draft)
	if err != nil || d.Leaves == "" || o.State != cache.Sent {
		return
	}
	if err := e.keepLeaving(ctx, o.Account, d.Leaves, mail.LeavingMailed, d.To); err != nil {
		e.trouble(o.Account, "That a mail to unsubscribe was sent could not be kept: %s.", mail.Reason(err))
	}
}
