package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// outcome is where a message is after a try.
type outcome string

const (
	waits    outcome = "waits in the outbox for another try"
	isDraft  outcome = "a draft again"
	isAsked  outcome = "may have been sent: the person is asked"
	isCalled outcome = "waits for a password"
)

// becomes is what is left of the message of a try.
func (r *rig) becomes(key int64) (outcome, cache.Outgoing) {
	r.t.Helper()
	o, err := r.store.Outgoing(r.t.Context(), key)
	drafts, draftsErr := r.store.Drafts(r.t.Context())
	r.must(draftsErr)
	switch {
	case mail.KindOf(err) == mail.Gone && len(drafts) == 1 && strings.Contains(drafts[0].Data, "all is well"):
		return isDraft, o
	case err != nil || len(drafts) > 0:
		r.t.Fatalf("%v, drafts %v", err, drafts)
	case o.State == cache.Queued && o.Attempts == 1 && o.NotBefore.After(r.clock.now()) && r.e.States()[0].Phase == NeedsLogin:
		return isCalled, o
	case o.State == cache.Queued && o.Attempts == 1 && o.NotBefore.After(r.clock.now()):
		return waits, o
	case o.State == cache.Uncertain:
		return isAsked, o
	}
	return outcome(fmt.Sprintf("%s after %d tries", o.State, o.Attempts)), o
}

// must fails the test where what it needs could not be done.
func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// took is how often the server took a message with a subject.
func (r *rig) took(subject string) (n int) {
	for _, a := range r.smtp.Accepted() {
		if strings.Contains(string(a.Raw), "Subject: "+subject+"\r\n") {
			n++
		}
	}
	return n
}

// stages are those of a submission, in order, behind which some server may fail.
var stages = []mailtest.Stage{mailtest.AtConnect, mailtest.AtEHLO, mailtest.AtStartTLS, mailtest.AtAuth, mailtest.AtMail, mailtest.AtRcpt, mailtest.AtData, mailtest.AtDot}

// TestWhereverASubmissionFailsTheMessageIsWhereItBelongs goes through all stages and all ways to fail there, with the
// connection in the clear, where the server sees DATA, and for the stage before it with STARTTLS.
func TestWhereverASubmissionFailsTheMessageIsWhereItBelongs(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	for _, opt := range []mailtest.SubmissionOptions{{}, {TLS: authority.Server()}} {
		t.Run(fmt.Sprint("STARTTLS ", opt.TLS != nil), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.submission(opt)
			r.account.CAFile = authority.File
			r.start()
			for _, stage := range stages {
				if opt.TLS == nil && stage == mailtest.AtStartTLS || opt.TLS != nil && stage != mailtest.AtStartTLS {
					continue
				}
				r.failAt(stage)
			}
		})
	}
}

// submission puts another server for sending in place of the rig's.
func (r *rig) submission(opt mailtest.SubmissionOptions) {
	r.t.Helper()
	smtp, err := mailtest.NewSubmission(opt)
	r.must(err)
	r.t.Cleanup(func() { smtp.Close() })
	smtp.AddUser("anna", "secret")
	r.smtp, r.account.SMTP = smtp, smtp.Endpoint("anna")
}

func (r *rig) failAt(stage mailtest.Stage) {
	after, forGood := waits, isDraft // what becomes of the message without an answer, and after a 5xx
	switch stage {
	case mailtest.AtStartTLS:
		forGood = waits // nobody knows who said it
	case mailtest.AtAuth:
		forGood = isCalled
	case mailtest.AtDot:
		after = isAsked
	}
	code := 550
	if stage == mailtest.AtAuth {
		code = 535
	}
	for _, c := range []struct {
		how   string
		make  mailtest.Trouble
		want  outcome
		taken int
	}{
		{"421", mailtest.Trouble{Code: 421}, waits, 0},
		{fmt.Sprint(code), mailtest.Trouble{Code: code}, forGood, 0},
		{"garbage", mailtest.Trouble{Said: "\x00\xff<html>what?\r\n"}, after, 0},
		{"half an answer", mailtest.Trouble{Said: "2"}, after, 0},
		{"closed", mailtest.Trouble{}, after, 0},
		{"taken and closed", mailtest.Trouble{Kept: true}, after, 1},
		{"taken and garbage", mailtest.Trouble{Kept: true, Said: "ok!\r\n"}, after, 1},
	} {
		if c.make.Kept && stage != mailtest.AtDot {
			continue
		}
		subject := fmt.Sprintf("%s %s", stage, c.how)
		c.make.Stage = stage
		r.smtp.Make(c.make)
		key, err := r.e.Send(r.t.Context(), draft(r, "ben@example.org", subject))
		r.must(err)
		r.settle()
		got, o := r.becomes(key)
		if got != c.want || r.took(subject) != c.taken {
			r.t.Errorf("%s: it is %s (%q), taken %d times; want %s, %d", subject, got, o.LastError, r.took(subject), c.want, c.taken)
		}
		if c.make.Code != 0 && stage != mailtest.AtStartTLS && !r.said("refused by the test at "+string(stage)) {
			r.t.Errorf("%s: the log lacks the server's words: %+v", subject, r.e.Log())
		}
		r.smtp.Make()
		r.mend(subject, key, got, c.taken)
	}
}

// mend lets a message go out that may, now that the server works, and checks that one that was perhaps sent does not.
func (r *rig) mend(subject string, key int64, is outcome, taken int) {
	ctx := r.t.Context()
	switch is {
	case waits:
		r.must(r.e.Resend(ctx, key))
		taken++
	case isCalled:
		r.e.Login(r.account.Name, "secret", false)
		taken++
	case isDraft:
		drafts, err := r.store.Drafts(ctx)
		r.must(err)
		r.must(r.e.DeleteDraft(ctx, drafts[0].Key))
	}
	r.until(subject+" went out", func() bool { return r.took(subject) >= taken })
	r.settle()
	r.afterwards(24 * time.Hour)
	if n := r.took(subject); n != taken {
		r.t.Errorf("%s: taken %d times in the end, want %d", subject, n, taken)
	}
	if is == isAsked {
		r.outgoing(key, cache.Uncertain)
		r.must(r.e.WasSent(ctx, key))
		r.settle()
	}
	if rest, err := r.store.Outbox(ctx); err != nil || len(rest) > 0 {
		r.t.Fatalf("%s: the outbox still has %+v, %v", subject, rest, err)
	}
}

// After the dot a server has ten minutes, which TestAServerSilentAfterTheDotHoldsNothingUpAndGetsNothingTwice does not wait for.
func TestAServerThatFallsSilentBeforeTheDotIsTriedAgain(t *testing.T) {
	for _, stage := range slices.DeleteFunc(slices.Clone(stages), func(s mailtest.Stage) bool { return s == mailtest.AtDot || s == mailtest.AtStartTLS }) {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.silence = time.Second
			r.start()
			r.smtp.Make(mailtest.Trouble{Stage: stage, Stall: true})
			key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
			r.must(err)
			waits := func() bool {
				o, err := r.store.Outgoing(t.Context(), key)
				return err == nil && o.State == cache.Queued && o.Attempts > 0
			}
			r.until("it waits for another try", waits)
			r.sent(0)
			r.smtp.Make()
			r.until("it is sent", func() bool {
				if waits() {
					r.e.Refresh("")
				}
				return r.took("Hello") > 0
			})
			r.settle()
			r.sent(1)
		})
	}
}
