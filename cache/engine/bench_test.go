package engine

import (
	"context"
	"fmt"
	"slices"
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
	l     *large
	store *cache.Store
	e     *Engine
	began time.Time
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
	c.e.Start(context.Background())
	return c
}

func (c *client) close() {
	c.l.b.Helper()
	c.l.must(c.e.Close())
	c.l.must(c.store.Close())
}

// until waits until cond holds, and says how long after open that was.
func (c *client) until(cond func(inbox mail.Mailbox) bool) time.Duration {
	c.l.b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	for !cond(c.inbox()) {
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

// synced tells whether all messages are stored, and the engine rests.
func (c *client) synced(inbox mail.Mailbox) bool {
	return inbox.Total == c.l.next-1 && c.e.States()[0].Phase == Idle
}

// BenchmarkFirstSync stores the headers of a mailbox never seen before.
func BenchmarkFirstSync(b *testing.B) {
	sizes(b, func(b *testing.B, count int) {
		l := newLarge(b, count)
		var raw, list, all []time.Duration
		for b.Loop() {
			b.StopTimer()
			raw = append(raw, l.raw(allHeaders))
			dir := b.TempDir()
			b.StartTimer()
			c := l.open(dir)
			list = append(list, c.until(func(inbox mail.Mailbox) bool { return inbox.Total > 0 }))
			all = append(all, c.until(c.synced))
			b.StopTimer()
			c.close()
			b.StartTimer()
		}
		b.ReportMetric(median(all)/median(raw), "x-raw")
		b.ReportMetric(1000*median(raw), "raw-ms")
		b.ReportMetric(1000*median(list), "first-list-ms")
	})
}

// median is in seconds.
func median(list []time.Duration) float64 {
	slices.Sort(list)
	return list[len(list)/2].Seconds()
}
