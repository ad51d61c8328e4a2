package engine

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

// newGraceRig is a rig where what cannot be inverted waits so long that only the clock of the test ends it.
func newGraceRig(t *testing.T) *rig {
	r := newRig(t)
	r.grace = time.Hour
	return r
}

// later lets the grace period pass.
func (r *rig) later() {
	r.t.Helper()
	r.clock.forward(r.grace + time.Second)
	r.e.Refresh("")
	r.settle()
}

func TestSendingIsTakenBackWithinTheGracePeriod(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	d := draft(r, "tom@example.org", "Hasty")
	if _, err := r.e.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	u, err := r.e.Undo(t.Context())
	if err != nil || u.Draft == nil || u.Draft.Subject != "Hasty" || u.Draft.Body != d.Body || u.Draft.Key == 0 {
		t.Fatalf("undone: %+v, %v", u, err)
	}
	r.later()
	if n := len(r.smtp.Accepted()); n != 0 {
		t.Errorf("%d messages went out", n)
	}
	if _, err := r.e.Send(t.Context(), *u.Draft); err != nil {
		t.Fatal(err)
	}
	r.later()
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d messages went out, want the second one", n)
	}
	if _, err := r.e.Undo(t.Context()); mail.KindOf(err) != mail.Gone {
		t.Errorf("undo of what is sent: %v", err)
	}
}

func TestWhatCountsDownAtTheEndIsSentAtTheNextStart(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "tom@example.org", "Hasty")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.close()
	r.clock.forward(2 * time.Hour)
	r.start()
	r.settle()
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d messages went out", n)
	}
}

func TestDeletingForGoodWaitsOutTheGracePeriod(t *testing.T) {
	r := newGraceRig(t)
	r.deliver("Trash", 1, 2)
	r.start()
	m := r.list("Trash")
	r.do("deleted for good", mail.Targeted{Message: m[0].Key, Change: mail.Expunge{}})
	r.do("deleted for good", mail.Targeted{Message: m[1].Key, Change: mail.Expunge{}})
	r.settle()
	if got := r.onServer("Trash"); got != "1 2" {
		t.Errorf("before the time: %q", got)
	}
	if _, err := r.e.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.later()
	if got := r.onServer("Trash"); got != "1" {
		t.Errorf("after the time: %q", got)
	}
}

func TestRedoReachesTheServer(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")
	r.do("archived", mail.Targeted{Message: m[0].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	r.settle()
	for _, f := range []func(context.Context) (Undone, error){r.e.Undo, r.e.Redo} {
		if u, err := f(t.Context()); err != nil || u.What != "archived" {
			t.Fatalf("did %q: %v", u.What, err)
		}
		r.settle()
	}
	if in, archive := r.onServer("INBOX"), r.onServer("Archive"); in != "1" || archive != "2" {
		t.Errorf("INBOX %q, Archive %q", in, archive)
	}
}

func TestAMessageTakenBackWhileConnectingIsNotSent(t *testing.T) {
	r := newGraceRig(t)
	dialled, proceed := make(chan struct{}, 1), make(chan struct{})
	r.open()
	r.e.opt.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasSuffix(addr, fmt.Sprint(":", r.account.SMTP.Port)) {
			dialled <- struct{}{}
			<-proceed
		}
		return r.fault.Dial(ctx, network, addr)
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	if _, err := r.e.Send(t.Context(), draft(r, "tom@example.org", "Hasty")); err != nil {
		t.Fatal(err)
	}
	r.clock.forward(r.grace + time.Second)
	r.e.Refresh("")
	<-dialled
	u, err := r.e.Undo(t.Context())
	close(proceed)
	if err != nil || u.Draft == nil {
		t.Fatalf("undone: %+v, %v", u, err)
	}
	r.settle()
	if n := len(r.smtp.Accepted()); n != 0 {
		t.Errorf("%d messages went out", n)
	}
	for _, e := range r.e.Log() {
		if e.Trouble {
			t.Errorf("trouble: %s", e.Text)
		}
	}
}

// Without a network, and after tries that led nowhere, sending is still undone by the key for that.
func TestWhatCouldNotBeSentYetIsTakenBack(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	key := r.send("ben@example.org")
	r.fault.Down(true)
	r.clock.forward(2 * time.Hour)
	r.e.Refresh("")
	r.until("it was tried", func() bool {
		o, err := r.store.Outgoing(t.Context(), key)
		return err == nil && o.State == cache.Queued && o.Attempts > 0
	})
	u, err := r.e.Undo(t.Context())
	if err != nil || u.Draft == nil || u.Draft.To != "ben@example.org" {
		t.Errorf("undone: %+v, %v", u, err)
	}
	r.fault.Down(false)
	r.afterwards(24 * time.Hour)
	r.sent(0)
	if !r.outboxIsEmpty() {
		t.Error("the outbox still has it")
	}

	r.smtp.Make(refuse(451, "cy")) // ben has it
	r.send("ben@example.org, cy@example.org")
	r.afterwards(2 * time.Hour)
	r.sent(1)
	if u, err := r.e.Undo(t.Context()); mail.KindOf(err) != mail.Gone || u.Draft != nil {
		t.Errorf("undone: %+v, %v", u, err)
	}
}
