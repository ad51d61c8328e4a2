package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/compose"
	"posthorn/mail/smtp"
)

// sender owns an account's SMTP connection and drains its outbox. What may have been taken by the server is never
// sent again by itself.
type sender struct {
	e       *Engine
	account mail.Account
	bell    *bell
	offer   *smtp.Offer  // what the server said last that it takes
	hurry   atomic.Int32 // haste: what waits for another try is tried now
}

func newSender(e *Engine, a mail.Account) *sender {
	return &sender{e: e, account: a, bell: &bell{gauge: e.gauge}}
}

func (s *sender) refresh(why haste) {
	for had := s.hurry.Load(); had < int32(why) && !s.hurry.CompareAndSwap(had, int32(why)); had = s.hurry.Load() {
	}
	s.bell.ring()
}

func (s *sender) run(ctx context.Context) {
	defer s.e.gauge.add(-1)
	if err := s.recover(ctx); err != nil {
		s.e.trouble(s.account.Name, "The outbox could not be read: %v.", err)
	}
	for ctx.Err() == nil {
		next, wait, err := s.next(ctx)
		if err == nil && next.Key != 0 {
			err = s.send(ctx, next)
			if mail.KindOf(err) == mail.Gone { // taken back before the server was told of it
				continue
			}
		}
		if err != nil && ctx.Err() == nil {
			s.e.trouble(s.account.Name, "The outbox: %v.", err)
			wait = time.Minute
		}
		if next.Key == 0 || err != nil {
			s.bell.rest(ctx, func(ctx context.Context) error { return nap(ctx, wait) })
		}
	}
}

// recover sorts out what a crash left: a row found in sending cannot have been taken by the server, one found in
// dot-sent may have been.
func (s *sender) recover(ctx context.Context) error {
	if err := s.e.store.DropFiled(ctx); err != nil {
		return err
	}
	rows, err := s.outbox(ctx)
	if err != nil {
		return err
	}
	for _, o := range rows {
		switch o.State {
		case cache.Sending:
			o.State = cache.Queued
		case cache.DotSent:
			o.State, o.LastError = cache.Uncertain, "posthorn ended while the server was taking the message: it may have been sent"
		default:
			continue
		}
		if err := s.set(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) outbox(ctx context.Context) ([]cache.Outgoing, error) {
	rows, err := s.e.store.Outbox(ctx)
	return slices.DeleteFunc(rows, func(o cache.Outgoing) bool { return o.Account != s.account.Name }), err
}

// next is the first message that is due, or how long to wait for one.
func (s *sender) next(ctx context.Context) (cache.Outgoing, time.Duration, error) {
	rows, err := s.outbox(ctx)
	if err != nil {
		return cache.Outgoing{}, time.Minute, err
	}
	wait, hurry := time.Hour, haste(s.hurry.Swap(int32(unhurried)))
	if s.paused() { // whatever hurries now does not after that
		return cache.Outgoing{}, wait, nil
	}
	if s.e.passwordRefused(s.account.Name, hurry == byPerson) {
		return cache.Outgoing{}, wait, nil
	}
	for _, o := range rows {
		if o.State != cache.Queued {
			continue
		}
		if hurry != unhurried && o.Attempts > 0 {
			if err := s.e.store.Requeue(ctx, o.Key); err != nil {
				return cache.Outgoing{}, time.Minute, err
			}
			o.NotBefore = time.Time{}
		}
		if left := o.NotBefore.Sub(s.e.opt.Now()); left > 0 {
			wait = min(wait, left, lookAgain)
			continue
		}
		o, err := s.e.store.Outgoing(ctx, o.Key) // with the bytes
		return o, 0, err
	}
	return cache.Outgoing{}, wait, nil
}

// lookAgain is how long a sender sleeps at most while something waits for its time: the timer does not hear of a clock
// that is set, and stands still while the machine sleeps.
const lookAgain = time.Minute

// set records a state and tells the UI. It is done even while shutting down: what happened, happened.
func (s *sender) set(ctx context.Context, o cache.Outgoing) error {
	err := s.e.store.SetOutgoing(context.WithoutCancel(ctx), o)
	s.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account})
	return err
}

// send submits one message and records the outcome.
func (s *sender) send(ctx context.Context, o cache.Outgoing) error {
	if at, now := planned(o), s.e.opt.Now(); o.Attempts == 0 && !at.IsZero() && now.Sub(o.NotBefore) > 2*lookAgain {
		s.e.say(s.account.Name, "“%s” was to go out at %s, when posthorn did not run: it goes out now.", o.Subject,
			at.In(now.Location()).Format("15:04 on Mon 2 Jan"))
	}
	password, err := s.e.opt.Secrets.Password(ctx, s.account)
	if err != nil {
		return s.later(ctx, o, err)
	}
	w := s.e.workers[s.account.Name]
	done, err := w.spare.forSending(ctx, w.searcher.makeWay)
	if err != nil { // it ends, with nothing said to the server
		return nil
	}
	defer done()
	if s.paused() { // while it waited: what the server was told of goes on to its end
		return nil
	}
	tried := o
	out, err := smtp.Send(ctx, s.account, password, smtp.Options{Dial: s.e.opt.Dial, Logger: s.e.opt.Logger, Patience: s.e.opt.Patience, Learn: s.learn},
		o.From, o.To, o.Bytes, func(stage smtp.Stage, refused []smtp.Refusal) error {
			switch stage {
			case smtp.Sending:
				tried.State = cache.Sending
			case smtp.DotSent: // whatever becomes of it, these do not get it now
				tried = leaveOut(o, refused, everyone)
				tried.State = cache.DotSent
			}
			return s.set(ctx, tried)
		})
	switch {
	case out.Unknown:
		tried.State, tried.LastError = cache.Uncertain, "the connection ended before the server answered: it may have been sent"
		s.e.trouble(s.account.Name, "“%s” may have been sent: the server did not answer. The outbox asks what to do.", o.Subject)
		err := s.set(ctx, tried)
		s.e.workers[s.account.Name].bell.ring() // to look for it
		return err
	case len(out.Accepted) > 0 && err == nil:
		return s.accepted(ctx, o, out)
	default:
		return s.unsent(ctx, o, out, err)
	}
}

// everyone and forGood say which refusals keep somebody from being tried again.
func everyone(smtp.Refusal) bool  { return true }
func forGood(r smtp.Refusal) bool { return r.Kind != mail.Temporary }

// leaveOut is o with those in Refused who were refused so.
func leaveOut(o cache.Outgoing, list []smtp.Refusal, so func(smtp.Refusal) bool) cache.Outgoing {
	o.To, o.Refused = slices.Clone(o.To), slices.Clone(o.Refused)
	for _, r := range list {
		if so(r) {
			o.To = slices.DeleteFunc(o.To, func(to string) bool { return to == r.Address })
			o.Refused = append(o.Refused, cache.Refusal{Address: r.Address, Said: r.Said})
		}
	}
	return o
}

// refusals are refusals in one line, each in the server's words.
func refusals(list []smtp.Refusal) string {
	var all []string
	for _, r := range list {
		all = append(all, r.Address+": "+strings.TrimSpace(r.Said))
	}
	return strings.Join(all, "; ")
}

// LimitOf is the name under which it is remembered how large a message the server of an account takes, in octets.
func LimitOf(account string) string { return "size " + account }

// transferOf is the name under which it is remembered what the server of an account carries.
func transferOf(account string) string { return "transfer " + account }

// learn remembers what the server takes for the next message that is written.
func (s *sender) learn(offer smtp.Offer) {
	if s.offer != nil && *s.offer == offer {
		return
	}
	s.offer = &offer
	transfer := compose.SevenBit
	if offer.EightBit {
		transfer = compose.EightBit
	}
	err := s.e.store.Choose(context.Background(), LimitOf(s.account.Name), strconv.Itoa(offer.Limit))
	if err == nil {
		err = s.e.store.Choose(context.Background(), transferOf(s.account.Name), strconv.Itoa(int(transfer)))
	}
	if err != nil {
		s.e.opt.Logger.Info("what the server takes was not remembered", "account", s.account.Name, "error", err)
	}
}

// transfer is what the server of an account is known to carry.
func (e *Engine) transfer(ctx context.Context, account string) compose.Transfer {
	said, _ := e.store.Choice(ctx, transferOf(account)) // what cannot be read is not known
	n, _ := strconv.Atoi(said)
	return compose.Transfer(n)
}

// accepted records who has got the message; those refused for now are tried again, those refused for good are kept
// with the server's words. Its copy is filed and the original marked as soon as anybody has it.
func (s *sender) accepted(ctx context.Context, o cache.Outgoing, out smtp.Outcome) error {
	o = leaveOut(o, out.Refused, forGood)
	o.To = slices.DeleteFunc(o.To, func(to string) bool { return slices.Contains(out.Accepted, to) })
	o.Copy, o.LastError = max(o.Copy, cache.CopyDue), ""
	switch {
	case len(o.To) > 0:
		o.LastError = refusals(slices.DeleteFunc(slices.Clone(out.Refused), forGood))
		o = s.postponed(o, o.Attempts+5)
		s.e.trouble(s.account.Name, "“%s” went out, but not yet to %s.", o.Subject, refusals(out.Refused))
	case len(o.Refused) > 0:
		o.State = cache.Failed
		s.e.trouble(s.account.Name, "“%s” went out, but not to all: the outbox tells who was refused. %s", o.Subject, refusals(out.Refused))
	default:
		o.State = cache.Sent
		s.e.say(s.account.Name, "“%s” was sent: %s", o.Subject, out.Said)
	}
	if err := s.set(ctx, o); err != nil {
		return err
	}
	s.e.originalsChanged(ctx, o)
	s.e.leftByMail(ctx, o)
	s.e.workers[s.account.Name].bell.ring() // to file the copy
	return nil
}

// postponed is o waiting for another try, longer with each step.
func (s *sender) postponed(o cache.Outgoing, steps int) cache.Outgoing {
	o.State, o.Attempts = cache.Queued, o.Attempts+1
	o.NotBefore = s.e.opt.Now().Add(backoff(steps, rand.Float64()))
	return o
}

// originalsChanged tells that the messages a sent one answers or forwards are marked so.
func (e *Engine) originalsChanged(ctx context.Context, o cache.Outgoing) {
	keys := slices.DeleteFunc(append(slices.Clone(o.Forwarded), o.Original), func(key mail.MessageKey) bool { return key == 0 })
	if len(keys) == 0 {
		return
	}
	all, err := e.store.Messages(ctx, keys)
	if err != nil {
		return
	}
	var touched []mail.MailboxKey
	for _, m := range all {
		if !slices.Contains(touched, m.Mailbox) {
			touched = append(touched, m.Mailbox)
		}
	}
	if len(touched) > 0 {
		e.changed(ctx, touched)
	}
}

// unsent is for a message nobody got in this try.
func (s *sender) unsent(ctx context.Context, o cache.Outgoing, out smtp.Outcome, err error) error {
	if mail.KindOf(err) == mail.Canceled {
		return nil
	}
	o = leaveOut(o, out.Refused, forGood)
	refused := refusals(out.Refused)
	switch {
	case mail.KindOf(err) == mail.Rejected: // all the others, at once
		for _, to := range o.To {
			o.Refused = append(o.Refused, cache.Refusal{Address: to, Said: said(err)})
		}
		o.To, refused = nil, strings.TrimSuffix(said(err)+"; "+refused, "; ")
	case err == nil && len(o.To) > 0:
		err = &mail.Error{Op: "send", Kind: mail.Temporary, Said: refused}
	}
	if len(o.To) > 0 {
		return s.later(ctx, o, err)
	}
	o.State, o.LastError = cache.Failed, refused
	if err := s.set(ctx, o); err != nil {
		return err
	}
	if o.Copy != cache.NoCopy {
		s.e.trouble(s.account.Name, "“%s” went out before, but not to all: the outbox tells who was refused. %s", o.Subject, o.LastError)
		return nil
	}
	if fromOutside(o) { // whoever wrote it waits for the outcome
		s.e.trouble(s.account.Name, "“%s” was not sent: %s", o.Subject, o.LastError)
		return nil
	}
	if _, err := s.e.GiveBack(ctx, o.Key); err != nil {
		return err
	}
	s.e.trouble(s.account.Name, "“%s” was not sent and is a draft again: %s", o.Subject, o.LastError)
	return nil
}

// later keeps a message for another try.
func (s *sender) later(ctx context.Context, o cache.Outgoing, err error) error {
	o = s.postponed(o, o.Attempts+1)
	o.LastError = said(err)
	if mail.KindOf(err) == mail.Offline {
		o.LastError = "no connection to " + s.account.SMTP.Host + ": " + mail.Reason(err)
	}
	if errors.Is(err, auth.ErrAsk) || mail.KindOf(err) == mail.Auth {
		s.ask(err)
		o.NotBefore = s.e.opt.Now().Add(time.Hour) // the login tries at once; nothing else hammers the server
	}
	if err := s.set(ctx, o); err != nil {
		return err
	}
	s.e.trouble(s.account.Name, "“%s” waits in the outbox: %s", o.Subject, o.LastError)
	return nil
}

// passwordRefused tells whether a server refused the password and nobody has given another one; again:
// the person wants it tried once more.
func (e *Engine) passwordRefused(account string, again bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if again {
		delete(e.refused, account)
	}
	return e.refused[account] != ""
}

// ask makes the UI ask for the password.
func (s *sender) ask(err error) {
	s.e.opt.Secrets.Reject(s.account.Name)
	s.e.ask(s.account.Name, s.account.SMTP.Host+" refused the password: "+said(err))
}

// ask shows that an account needs another password, until somebody gives one; nothing logs in by itself before that.
func (e *Engine) ask(account, why string) {
	e.mu.Lock()
	e.refused[account] = why
	state := e.states[account]
	e.mu.Unlock()
	e.setState(state)
}

// said is the server's words, or the error's in those of a person.
func said(err error) string {
	var e *mail.Error
	if errors.As(err, &e) && e.Said != "" {
		return strings.TrimSpace(e.Said)
	}
	if e != nil {
		return e.Error()
	}
	return mail.Reason(err)
}
