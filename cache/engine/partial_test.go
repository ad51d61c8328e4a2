package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// Of the mail to ben, cy and dan, ben gets it, cy is to be asked again later, and dan is refused for good.
const toThree = "ben@example.org, cy@example.org, dan@example.org"

func refuse(code int, who string) mailtest.Trouble {
	return mailtest.Trouble{Stage: mailtest.AtRcpt, Code: code, Only: []string{who + "@example.org"}}
}

func first(t mailtest.Trouble) mailtest.Trouble {
	t.Times = 1
	return t
}

// send puts a message to somebody into the outbox and waits until what can be done of it is done.
func (r *rig) send(to string) int64 {
	r.t.Helper()
	key, err := r.e.Send(r.t.Context(), draft(r, to, "Hello"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.settle()
	return key
}

func TestWhoIsRefusedForGoodIsNotAskedAgainAndTheCopyIsFiledAtOnce(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	r.smtp.Make(first(refuse(451, "cy")), refuse(550, "dan"))
	d := draft(r, toThree, "Hello")
	d.Original, d.Mark = r.list("INBOX")[0].Key, mail.Answered
	key, err := r.e.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	o := r.outgoing(key, cache.Queued)
	if !slices.Equal(o.To, []string{"cy@example.org"}) || len(o.Refused) != 1 || o.Refused[0].Address != "dan@example.org" {
		t.Errorf("left: %v, refused for good: %v", o.To, o.Refused)
	}
	if in, sent := r.onServer("INBOX"), r.onServer("Sent"); in != `1\Answered` || sent != `Hello\Seen` {
		t.Errorf("as soon as somebody has it, INBOX is %q and Sent %q", in, sent)
	}
	for _, want := range []string{"cy@example.org: 451 ", "dan@example.org: 550 "} {
		if !r.said(want) {
			t.Errorf("the log lacks %q: %+v", want, r.e.Log())
		}
	}
	r.afterwards(o.NotBefore.Sub(r.clock.now()) + time.Second)
	o = r.outgoing(key, cache.Failed)
	if want := strings.Fields("ben@example.org cy@example.org dan@example.org cy@example.org"); !slices.Equal(r.smtp.Asked(), want) {
		t.Errorf("the server was asked for %v, want %v", r.smtp.Asked(), want)
	}
	if len(o.To) != 0 || len(o.Refused) != 1 || !strings.HasPrefix(o.Refused[0].Said, "550 ") {
		t.Errorf("left: %v, refused for good: %v", o.To, o.Refused)
	}
	r.smtp.Make()
	if err := r.e.Resend(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if _, err := r.store.Outgoing(t.Context(), key); mail.KindOf(err) != mail.Gone || r.smtp.Asked()[4] != "dan@example.org" {
		t.Errorf("sent again at the person's word to %v; %v", r.smtp.Asked()[4:], err)
	}
	if got := r.onServer("Sent"); got != `Hello\Seen` {
		t.Errorf("Sent on the server: %q", got)
	}
}

// The copy of what only some have got is filed once, whatever is cut.
func TestTheCopyOfAPartialTrySurvivesACutAtEveryCommand(t *testing.T) {
	commands := 1
	for n := 0; n <= commands; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d after=%v", n, after), func(t *testing.T) {
				r := newRig(t)
				r.start()
				r.smtp.Make(refuse(550, "dan"))
				r.fault.CutAt(n, after)
				key, err := r.e.Send(context.WithoutCancel(t.Context()), draft(r, "ben@example.org, dan@example.org", "Hello"))
				if err != nil {
					t.Fatal(err)
				}
				var o cache.Outgoing
				r.until("it is decided and filed", func() bool {
					if o, err = r.store.Outgoing(t.Context(), key); err != nil {
						t.Fatal(err)
					}
					if o.State == cache.Queued && o.Attempts > 0 || r.e.States()[0].Phase == Offline {
						r.e.Refresh("")
					}
					return o.State == cache.Uncertain || o.State == cache.Failed && o.Copy == cache.CopyFiled
				})
				r.calm()
				if n == 0 {
					commands = len(r.fault.Commands())
				}
				if o.State == cache.Failed && (len(r.smtp.Accepted()) != 1 || len(r.user.Messages("Sent")) != 1) {
					t.Errorf("accepted %d times, %d copies", len(r.smtp.Accepted()), len(r.user.Messages("Sent")))
				}
				if len(o.Refused) != 1 || len(r.smtp.Accepted()) > 1 || len(r.user.Messages("Sent")) > 1 {
					t.Errorf("refused %v, accepted %d times, %d copies", o.Refused, len(r.smtp.Accepted()), len(r.user.Messages("Sent")))
				}
			})
		}
	}
}

func TestADraftGivenBackLeavesTheCopyToBeFiled(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: once("APPEND", "$ NO [OVERQUOTA] full\r\n")})
	r.start()
	r.smtp.Make(refuse(550, "dan"))
	key := r.send("ben@example.org, dan@example.org")
	if o := r.outgoing(key, cache.Failed); o.Copy != cache.CopyDue {
		t.Fatalf("copy %d", o.Copy)
	}
	d, err := r.e.GiveBack(t.Context(), key)
	if err != nil || d.To != "dan@example.org" {
		t.Errorf("given back to %q, %v", d.To, err)
	}
	drafts, err := r.store.Drafts(t.Context())
	if err != nil || len(drafts) != 1 || strings.Contains(drafts[0].Data, "ben@") {
		t.Errorf("drafts %+v, %v", drafts, err)
	}
	r.outgoing(key, cache.Sent)
	r.close()
	r.start()
	if got := r.onServer("Sent"); got != `Hello\Seen` {
		t.Errorf("Sent on the server: %q", got)
	}
	if _, err := r.store.Outgoing(t.Context(), key); mail.KindOf(err) != mail.Gone {
		t.Errorf("the outbox still has it: %v", err)
	}
}

// Its copy was filed when the first of them got it: whatever the person did with that, there is none to be filed for the others.
func TestTheCopyIsFiledOnceThoughThePersonThrewItAway(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(first(refuse(451, "cy")))
	key := r.send("ben@example.org, cy@example.org")
	r.user.Delete("Sent")
	r.user.Create("Sent", mail.Sent)
	r.must(r.e.Resend(t.Context(), key))
	r.settle()
	r.sent(2)
	if got := r.onServer("Sent"); got != "" {
		t.Errorf("filed again: %q", got)
	}
	if _, err := r.store.Outgoing(t.Context(), key); mail.KindOf(err) != mail.Gone {
		t.Errorf("the outbox still has it: %v", err)
	}
}

func TestWhatSomeHaveIsNoDraftAgainWhenTheRestIsRefused(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.AtMail, mailtest.AtRcpt, mailtest.AtDot} {
		t.Run(string(stage), func(t *testing.T) {
			r := newRig(t)
			r.start()
			r.smtp.Make(first(refuse(451, "cy")))
			key := r.send("ben@example.org, cy@example.org")
			o := r.outgoing(key, cache.Queued)
			r.smtp.Make(mailtest.Trouble{Stage: stage, Code: 550})
			r.afterwards(o.NotBefore.Sub(r.clock.now()) + time.Second)
			o = r.outgoing(key, cache.Failed)
			if drafts, err := r.store.Drafts(t.Context()); err != nil || len(drafts) != 0 {
				t.Errorf("drafts %+v, %v", drafts, err)
			}
			if len(o.Refused) != 1 || o.Refused[0].Address != "cy@example.org" || !strings.Contains(o.Refused[0].Said, "refused by the test") {
				t.Errorf("refused %v", o.Refused)
			}
			if d, err := r.e.GiveBack(t.Context(), key); err != nil || d.To != "cy@example.org" {
				t.Errorf("given back to %q, %v", d.To, err)
			}
		})
	}
}

func TestWhereNobodyGotItAllRefusalsAreTold(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(refuse(550, "ben"), refuse(553, "cy"))
	r.send("ben@example.org, cy@example.org")
	drafts, err := r.store.Drafts(t.Context())
	if err != nil || len(drafts) != 1 || !strings.Contains(drafts[0].Data, "ben@example.org, cy@example.org") {
		t.Errorf("drafts %+v, %v", drafts, err)
	}
	for _, want := range []string{"ben@example.org: 550 ", "cy@example.org: 553 "} {
		if !r.said(want) {
			t.Errorf("the log lacks %q: %+v", want, r.e.Log())
		}
	}
}

func TestOneRefusedForGoodDoesNotEndTheTriesForAnother(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(refuse(550, "ben"), first(refuse(451, "cy")))
	key := r.send("ben@example.org, cy@example.org")
	o := r.outgoing(key, cache.Queued)
	if !slices.Equal(o.To, []string{"cy@example.org"}) || o.Copy != cache.NoCopy {
		t.Errorf("left %v, copy %d", o.To, o.Copy)
	}
	r.afterwards(o.NotBefore.Sub(r.clock.now()) + time.Second)
	r.outgoing(key, cache.Failed)
	if got := r.smtp.Accepted(); len(got) != 1 || !slices.Equal(got[0].To, []string{"cy@example.org"}) {
		t.Errorf("accepted %v", got)
	}
}

func TestWhoWasRefusedWhenTheAnswerWasLostIsStillTold(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(refuse(550, "dan"), refuse(451, "cy"), mailtest.Trouble{Stage: mailtest.AtDot, Kept: true})
	key := r.send(toThree)
	o := r.outgoing(key, cache.Uncertain)
	if !slices.Equal(o.To, []string{"ben@example.org"}) || len(o.Refused) != 2 {
		t.Errorf("unknown for %v, refused %v", o.To, o.Refused)
	}
	r.user.Append("Sent", o.Bytes, time.Now())
	r.afterwards(time.Minute)
	if o = r.outgoing(key, cache.Failed); len(o.To) != 0 || len(o.Refused) != 2 {
		t.Errorf("found in Sent: left %v, refused %v", o.To, o.Refused)
	}
	if n := len(r.user.Messages("Sent")); n != 1 {
		t.Errorf("%d copies in Sent", n)
	}
}

func TestThePersonSaysThatItWasSent(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	r.smtp.Make(refuse(550, "dan"), mailtest.Trouble{Stage: mailtest.AtDot, Kept: true})
	d := draft(r, "ben@example.org, dan@example.org", "Hello")
	d.Original, d.Mark = r.list("INBOX")[0].Key, mail.Answered
	key, err := r.e.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.outgoing(key, cache.Uncertain)
	if err := r.e.WasSent(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if o := r.outgoing(key, cache.Failed); len(o.To) != 0 || len(o.Refused) != 1 || o.Copy != cache.CopyFiled {
		t.Errorf("left %v, refused %v, copy %d", o.To, o.Refused, o.Copy)
	}
	if in, sent := r.onServer("INBOX"), r.onServer("Sent"); in != `1\Answered` || sent != `Hello\Seen` {
		t.Errorf("INBOX is %q and Sent %q", in, sent)
	}
	if err := r.e.WasSent(t.Context(), key); mail.KindOf(err) != mail.Rejected {
		t.Errorf("said of what is known: %v", err)
	}
	r.sent(1)
}

func TestWhoIsRefusedIsStoredBeforeTheDot(t *testing.T) {
	r := newRig(t)
	taken := make(chan struct{})
	smtp, err := mailtest.NewSubmission(mailtest.SubmissionOptions{Deliver: func(string, []string, []byte) error { close(taken); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { smtp.Close() })
	smtp.AddUser("anna", "secret")
	r.smtp, r.account.SMTP = smtp, smtp.Endpoint("anna")
	r.start()
	r.smtp.Make(refuse(550, "dan"), refuse(451, "cy"), mailtest.Trouble{Stage: mailtest.AtDot, Kept: true, Stall: true})
	key, err := r.e.Send(t.Context(), draft(r, toThree, "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	<-taken
	for _, state := range []cache.OutState{cache.DotSent, cache.Uncertain} { // as a kill would leave it, and after the next start
		if o := r.outgoing(key, state); !slices.Equal(o.To, []string{"ben@example.org"}) || len(o.Refused) != 2 {
			t.Errorf("%s for %v, refused %v", state, o.To, o.Refused)
		}
		r.close()
		r.start()
	}
	r.sent(1)
}

// TestAMessageThatCannotBeADraftIsGivenUp: another program made it and was killed.
func TestAMessageThatCannotBeADraftIsGivenUp(t *testing.T) {
	r := newRig(t)
	r.start()
	later := r.clock.now().Add(time.Hour)
	key, _, err := r.store.Queue(t.Context(), cache.Outgoing{Account: "home", State: cache.Queued, From: "anna@example.org", To: []string{"ben@example.org"},
		MessageID: "report@example.org", Subject: "Report", Draft: `{"Outside":true,"Sealed":true}`, Bytes: message("Report", "x"), NotBefore: later}, 0)
	r.must(err)
	if _, err := r.e.GiveBack(t.Context(), key); err == nil || !strings.Contains(err.Error(), "it can be sent or given up, not changed") {
		t.Errorf("made a draft: %v", err)
	}
	r.must(r.e.Abandon(t.Context(), key))
	drafts, err := r.store.Drafts(t.Context())
	if err != nil || len(drafts) > 0 || !r.outboxIsEmpty() {
		t.Errorf("drafts %v, outbox empty %v (%v)", drafts, r.outboxIsEmpty(), err)
	}
	r.clock.forward(2 * time.Hour)
	r.e.Refresh("")
	r.calm()
	if got := r.smtp.Accepted(); len(got) > 0 {
		t.Errorf("sent: %d", len(got))
	}
}
