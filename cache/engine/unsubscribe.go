package engine

import (
	"errors"
	"net/url"

	"posthorn/mail"
	"posthorn/mail/oneclick"
)

// Unsubscribe asks a mailing list's site to take the account's address off the list, beside everything else. What
// became of it is said in the log, and on screen. It is asked once: where it is not known whether the site has heard,
// and where it has not, the person decides whether to try again. // RFC 8058 §3.2
func (e *Engine) Unsubscribe(account, link string) error {
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
		result, err := e.opt.Web.Post(ctx, link)
		switch host := u.Host; result {
		case oneclick.Done:
			e.enter(Entry{Account: account, Answer: true, Text: "Unsubscribed: " + host + " says that it is done."})
		case oneclick.Refused:
			e.trouble(account, "Not unsubscribed by %s: %s. Its page may do it, or a mail.", host, reason(err))
		case oneclick.Unsure:
			e.trouble(account, "Perhaps unsubscribed: the answer of %s was lost: %s. Ask again only if more mail comes.", host, reason(err))
		default:
			e.trouble(account, "Not unsubscribed, nothing was sent to %s: %s. Try again later.", host, reason(err))
		}
	})
	return nil
}
