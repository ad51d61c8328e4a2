package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/auth"
)

// The figures are ratios to a socket that sends the same commands to the same Dovecot and throws the answers away
// ("x-raw"), measured in the same run: go test -run '^$' -bench . -benchtime 3x ./cache/engine

// sizes are those of the mailboxes measured; -short leaves the large one out.
func sizes(b *testing.B, measure func(b *testing.B, count int)) {
	for _, count := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			if testing.Short() && count > 10_000 {
				b.Skip("-short")
			}
			measure(b, count)
		})
	}
}

// client is an engine on a database in dir.
type client struct {
	l       *large
	store   *cache.Store
	e       *Engine
	began   time.Time
	opening time.Duration // how long after that the database was open: raw has none
}

// open starts an engine; time runs from there.
func (l *large) open(dir string) *client {
	l.b.Helper()
	c := &client{l: l, began: time.Now()}
	var err error
	c.store, err = cache.Open(context.Background(), dir, cache.Options{})
	l.must(err)
	secrets := auth.NewSecrets()
	secrets.Provide(l.account.Name, "secret")
	c.e = New(c.store, []mail.Account{l.account}, Options{Secrets: secrets})
	c.e.Focus(c.inbox().Key) // as the list on screen does
	c.opening = time.Since(c.began)
	c.e.Start(context.Background())
	return c
}

func (c *client) close() {
	c.l.b.Helper()
	c.l.must(c.e.Close())
	c.l.must(c.store.Close())
}

// until waits until cond holds, and says how long after open that was.
func (c *client) until(cond func() bool) time.Duration {
	c.l.b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	for !cond() {
		if c.e.Events().Wait(ctx) == nil {
			c.l.b.Fatalf("waited in vain: %+v %+v", c.e.States(), c.e.Log())
		}
	}
	return time.Since(c.began)
}

func (c *client) inbox() mail.Mailbox {
	c.l.b.Helper()
	m, _, err := c.store.MailboxFor(context.Background(), c.l.account.Name, mail.Inbox)
	c.l.must(err)
	return m
}

// synced waits until the engine rests, looking at nothing else meanwhile, and says how long after open that was. All
// messages must be stored then.
func (c *client) synced() time.Duration {
	c.l.b.Helper()
	took := c.until(func() bool { return c.e.States()[0].Phase == Idle })
	if n := c.inbox().Total; n != c.l.next-1 {
		c.l.b.Fatalf("%d messages are stored of %d", n, c.l.next-1)
	}
	return took
}

// BenchmarkFirstSync stores the headers of a mailbox never seen before.
func BenchmarkFirstSync(b *testing.B) {
	sizes(b, func(b *testing.B, count int) {
		l := newLarge(b, count)
		var raw, list, all, cpu []time.Duration
		for b.Loop() {
			b.StopTimer()
			raw = append(raw, l.raw(listing, selecting, allHeaders))
			dir, before := b.TempDir(), spent(b)
			b.StartTimer()
			c := l.open(dir)
			list = append(list, c.until(func() bool { return c.inbox().Total > 0 }))
			all = append(all, c.synced())
			b.StopTimer()
			cpu = append(cpu, spent(b)-before)
			c.close()
			b.StartTimer()
		}
		b.ReportMetric(median(all)/median(raw), "x-raw")
		b.ReportMetric(1000*median(raw), "raw-ms")
		b.ReportMetric(1000*median(list), "first-list-ms")
		b.ReportMetric(1e6*median(cpu)/float64(count), "cpu-µs/header")
	})
}

// spent is the processor time this process has had, which other processes disturb less than the clock.
func spent(b testing.TB) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median is in seconds.
func median(list []time.Duration) float64 {
	slices.Sort(list)
	return list[len(list)/2].Seconds()
}

// full is a database that holds everything the server has.
func (l *large) full() (dir string) {
	l.b.Helper()
	dir = l.b.TempDir()
	c := l.open(dir)
	c.synced()
	l.must(c.e.Settle(context.Background())) // the full text too
	c.close()
	return dir
}

// BenchmarkUnchanged opens a mailbox that is known and did not change. Raw is a client that lists and selects it.
func BenchmarkUnchanged(b *testing.B) {
	sizes(b, func(b *testing.B, count int) {
		l := newLarge(b, count)
		dir := l.full()
		var raw, all, opening []time.Duration
		for b.Loop() {
			b.StopTimer()
			raw = append(raw, l.raw(selecting, listing))
			b.StartTimer()
			c := l.open(dir)
			all = append(all, c.synced())
			b.StopTimer()
			opening = append(opening, c.opening)
			c.close()
			b.StartTimer()
		}
		b.ReportMetric(median(all)/median(raw), "x-raw")
		b.ReportMetric(1000*median(raw), "raw-ms")
		b.ReportMetric(1000*median(opening), "open-ms")
	})
}

// BenchmarkChanged opens a mailbox that has 1,000 new messages and 1,000 changed flags. Raw asks for just those.
func BenchmarkChanged(b *testing.B) {
	sizes(b, func(b *testing.B, count int) {
		l := newLarge(b, count)
		dir := l.full()
		const news = 1000
		var raw, all, cpu, opening []time.Duration
		for b.Loop() {
			b.StopTimer()
			first := l.next
			l.raw(selecting, "UID STORE 1:1000 FLAGS.SILENT ($Changed"+fmt.Sprint(first)+")")
			l.deliver(news)
			changed := fmt.Sprintf("UID FETCH 1:%d (UID FLAGS) (CHANGEDSINCE %d)", first-1, l.modSeq(dir))
			fresh := strings.Replace(allHeaders, "1:*", fmt.Sprintf("%d:*", first), 1)
			l.raw(selecting, changed, fresh, listing) // warm
			raw = append(raw, l.raw(selecting, changed, fresh, listing))
			before := spent(b)
			b.StartTimer()
			c := l.open(dir)
			all = append(all, c.synced())
			b.StopTimer()
			opening = append(opening, c.opening)
			cpu = append(cpu, spent(b)-before)
			if !c.changed(first) {
				b.Fatal("the changed flags are not stored")
			}
			l.must(c.e.Settle(context.Background())) // the next round begins where a person would, with nothing left to be learned
			c.close()
			b.StartTimer()
		}
		b.ReportMetric(median(all)/median(raw), "x-raw")
		b.ReportMetric(1000*median(raw), "raw-ms")
		b.ReportMetric(1000*median(opening), "open-ms")
		b.ReportMetric(1000*median(cpu), "cpu-ms")
	})
}

// modSeq is where the database in dir stands.
func (l *large) modSeq(dir string) mail.ModSeq {
	l.b.Helper()
	store, err := cache.Open(context.Background(), dir, cache.Options{})
	l.must(err)
	defer store.Close()
	inbox, _, err := store.MailboxFor(context.Background(), l.account.Name, mail.Inbox)
	l.must(err)
	have, err := store.SyncState(context.Background(), inbox.Key)
	l.must(err)
	return have.HighestModSeq
}

// changed tells whether the oldest message has the keyword of this round.
func (c *client) changed(round int) bool {
	c.l.b.Helper()
	inbox := c.inbox().Key
	oldest := cache.Position{Received: 1}
	w, err := c.store.Window(context.Background(), cache.View{Mailboxes: []mail.MailboxKey{inbox}}, oldest, 1, 0)
	c.l.must(err)
	return len(w.Messages) == 1 && w.Messages[0].Keywords.Has(fmt.Sprint("$Changed", round))
}

// BenchmarkWishes marks 10,000 messages in one stroke: until they are shown so, and until the server has agreed.
func BenchmarkWishes(b *testing.B) {
	l := newLarge(b, 10_000)
	c := l.open(b.TempDir())
	defer c.close()
	c.synced()
	w, err := c.store.Window(context.Background(), cache.View{Mailboxes: []mail.MailboxKey{c.inbox().Key}}, cache.Position{}, 0, 10_000)
	l.must(err)
	var raw, shown, sent []time.Duration
	flagged := mail.Flags(0)
	for b.Loop() {
		flagged ^= mail.Flagged
		b.StopTimer()
		raw = append(raw, l.raw(selecting, "UID STORE 1:* +FLAGS.SILENT ($Raw)", "UID STORE 1:* -FLAGS.SILENT ($Raw)")/2)
		changes := make([]mail.Targeted, len(w.Messages))
		for i, m := range w.Messages {
			changes[i] = mail.Targeted{Message: m.Key, Change: mail.FlagChange{Mask: mail.Flagged, Want: flagged}}
		}
		l.must(c.e.Settle(context.Background()))
		b.StartTimer()
		start := time.Now()
		l.must(c.e.Do(context.Background(), "starred", changes...))
		shown = append(shown, time.Since(start))
		l.must(c.e.Settle(context.Background()))
		sent = append(sent, time.Since(start))
	}
	if wishes, _, err := c.store.Waiting(context.Background()); err != nil || wishes > 0 {
		b.Fatal(wishes, err)
	}
	b.ReportMetric(1000*median(shown), "shown-ms")
	b.ReportMetric(1000*median(sent), "sent-ms")
	b.ReportMetric(median(sent)/median(raw), "x-raw")
}
