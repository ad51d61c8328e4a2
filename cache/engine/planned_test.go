package engine

import (
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

// plan queues a message for a time from now.
func (r *rig) plan(subject string, in time.Duration) (key int64, at time.Time) {
	r.t.Helper()
	d := draft(r, "tom@example.org", subject)
	d.SendAt = r.clock.now().Add(in)
	key, err := r.e.Send(r.t.Context(), d)
	if err != nil {
		r.t.Fatal(err)
	}
	r.settle()
	return key, d.SendAt
}

// pass lets time pass, and the engine look at the clock.
func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	r.clock.forward(d)
	r.e.Refresh("")
	r.settle()
}

func (r *rig) sent(n int) {
	r.t.Helper()
	if got := len(r.smtp.Accepted()); got != n {
		r.t.Errorf("%d messages went out, want %d", got, n)
	}
}

// dateOf is the Date of what was accepted last.
func (r *rig) dateOf() time.Time {
	r.t.Helper()
	all := r.smtp.Accepted()
	_, rest, _ := strings.Cut(string(all[len(all)-1].Raw), "Date: ")
	line, _, _ := strings.Cut(rest, "\r\n")
	at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 -0700", line)
	if err != nil {
		r.t.Fatal(err)
	}
	return at
}

func TestMailForLaterGoesOutAtItsTimeAndIsDatedSo(t *testing.T) {
	r := newGraceRig(t)
	r.grace = 8 * time.Second
	r.start()
	_, at := r.plan("Later", 20*time.Hour)
	if n, next, err := r.store.Planned(t.Context(), r.clock.now()); err != nil || n != 1 || next.Sub(at).Abs() > time.Second {
		t.Errorf("planned: %d, %v, %v", n, next, err)
	}
	r.pass(19 * time.Hour)
	r.sent(0)
	r.pass(time.Hour + time.Second)
	r.sent(1)
	if got := r.dateOf(); got.Unix() != at.Unix() || r.said("was to go out at") {
		t.Errorf("Date is %v, want %v; log %+v", got, at, r.e.Log())
	}
	if got := r.user.Messages("Sent"); len(got) != 1 || got[0].Date.Sub(at).Abs() > time.Minute {
		t.Errorf("in Sent: %+v", got)
	}
}

func TestMailForLaterIsTakenBack(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	r.plan("Later", 20*time.Hour)
	r.pass(19 * time.Hour)
	u, err := r.e.Undo(t.Context())
	if err != nil || u.Draft == nil || u.Draft.Subject != "Later" || u.Draft.SendAt.IsZero() {
		t.Fatalf("undone: %+v, %v", u, err)
	}
	r.pass(5 * time.Hour)
	r.sent(0)
	key, _ := r.plan("Again", time.Hour)
	if d, err := r.e.GiveBack(t.Context(), key); err != nil || d.Subject != "Again" {
		t.Errorf("given back: %+v, %v", d, err)
	}
	r.pass(5 * time.Hour)
	r.sent(0)
}

func TestMailForLaterThatIsSentNowIsDatedNow(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	key, _ := r.plan("Later", 20*time.Hour)
	before, err := r.store.Outgoing(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.e.Resend(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.sent(1)
	if got := r.dateOf(); got.Sub(r.clock.now()).Abs() > time.Minute {
		t.Errorf("Date is %v, now is %v", got, r.clock.now())
	}
	cut := func(raw []byte) string { _, rest, _ := strings.Cut(string(raw), "\r\n"); return rest }
	if got := r.smtp.Accepted()[0].Raw; cut(got) != cut(before.Bytes) {
		t.Errorf("more than the date changed: %q, before %q", got, before.Bytes)
	}
}

func TestMailWhoseTimePassedGoesOutAtTheStartAndTheLogSaysSo(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	_, at := r.plan("Later", 20*time.Hour)
	r.close()
	r.clock.forward(48 * time.Hour)
	r.start()
	r.sent(1)
	said := false
	for _, e := range r.e.Log() {
		said = said || strings.Contains(e.Text, "“Later” was to go out at "+at.Local().Format("15:04")) && strings.Contains(e.Text, "it goes out now")
	}
	if !said {
		t.Errorf("log %+v", r.e.Log())
	}
	if got := r.dateOf(); got.Unix() != at.Unix() {
		t.Errorf("Date is %v, want %v", got, at)
	}
}

func TestMailForLaterIsNotHurried(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	r.plan("Later", 20*time.Hour)
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	r.fault.Down(false)
	r.e.Refresh("")
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	r.jump(-tenYears)
	r.sent(0)
	r.jump(tenYears)
	r.sent(0)
	r.jump(tenYears)
	r.sent(1)
}

func TestMailForLaterThatFailsIsTriedAgain(t *testing.T) {
	r := newGraceRig(t)
	r.start()
	key, _ := r.plan("Later", time.Hour)
	r.fault.Down(true)
	r.pass(2 * time.Hour)
	r.until("it was tried", func() bool {
		o, err := r.store.Outgoing(t.Context(), key)
		return err == nil && o.State == cache.Queued && o.Attempts > 0
	})
	r.fault.Down(false)
	r.e.Refresh("")
	r.until("it is sent", func() bool {
		_, err := r.store.Outgoing(t.Context(), key)
		return len(r.smtp.Accepted()) == 1 && mail.KindOf(err) == mail.Gone
	})
}
