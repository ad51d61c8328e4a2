package engine

import (
	"cmp"
	"context"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// batch is how many headers are handed to the disk at once, newsBatch where few are to be expected, so that it begins soon:
// more than the cache learns from as it stores them. Of these ahead wait there while it is busy.
const (
	batch     = 512
	newsBatch = 256
	ahead     = 2
)

// intake stores headers and flags of one mailbox while more of them come in: server and disk work at the same time.
type intake struct {
	w       *worker
	size    int      // of a batch
	lowest  mail.UID // headers below are left out
	highest mail.UID // of those that came
	batch   *cache.Arrivals
	work    chan *cache.Arrivals
	spare   chan *cache.Arrivals // stored, to be filled again
	done    chan struct{}        // closed once what stands below is final
	err     error                // the first one
	added   int                  // messages that were not known before
}

// intake makes one for have, with batches of some size. total is what the progress counts up to, 0 for none.
func (w *worker) intake(ctx context.Context, have cache.SyncState, size, total int) *intake {
	in := &intake{w: w, size: size, batch: cache.NewArrivals(size), work: make(chan *cache.Arrivals, ahead),
		spare: make(chan *cache.Arrivals, ahead+1), done: make(chan struct{})}
	go func() {
		defer close(in.done)
		start, n, first := time.Now(), 0, have.Backfill == 0
		for a := range in.work {
			w.e.first.standAside()
			n += a.Len()
			added, err := w.e.store.AddAll(ctx, have.Key, a, func() *cache.Arrivals {
				if first { // the list shows it at once
					return nil
				}
				more := in.next(a.Headers() > 0)
				if more != nil {
					in.stored(a)
					a, n = more, n+more.Len()
				}
				return more
			})
			if in.err = err; err != nil {
				return
			}
			in.stored(a)
			first, in.added = false, in.added+len(added)
			w.changedIn(have)
			if held := have.Held + n; total > 0 && held <= total {
				w.show(State{Phase: Working, Text: "fetching headers of " + have.Name, Done: held, Total: total,
					Rate: float64(n) / max(time.Since(start).Seconds(), 0.001)})
			}
		}
	}()
	return in
}

// tarry is how long a transaction waits for more to be stored: longer than Dovecot takes for a batch, so that the pages of the
// identifiers are written half as often, and nothing to somebody whose wish waits for it.
const tarry = 10 * time.Millisecond

// next is what is to be stored in the same transaction. It waits where that holds headers: flags are better on the disk while
// the server looks for the headers that come next. While the person acts or a key goes first there is nothing, so that no wish
// waits long.
func (in *intake) next(wait bool) *cache.Arrivals {
	if in.w.e.acting() || in.w.e.first.left() > 0 {
		return nil
	}
	if !wait {
		select {
		case a := <-in.work:
			return a
		default:
			return nil
		}
	}
	late := time.NewTimer(tarry)
	defer late.Stop()
	select {
	case a := <-in.work:
		return a
	case <-late.C:
		return nil
	}
}

// stored gives the room of what is stored back.
func (in *intake) stored(a *cache.Arrivals) {
	a.Reset()
	select {
	case in.spare <- a:
	default:
	}
}

// fetch takes one window in.
func (in *intake) fetch(ctx context.Context, s *imap.Session, window mail.UIDSet) error {
	if len(window) == 0 {
		return nil
	}
	return s.Headers(ctx, window, in.put)
}

// older takes in the next window of headers below mark, up to n of them, and returns the new mark.
func (in *intake) older(ctx context.Context, s *imap.Session, all mail.UIDSet, mark mail.UID, n int) (mail.UID, error) {
	older := all.Within(1, mark-1)
	window := older.Newest(n)
	if mark = window.Min(); window.Len() == older.Len() {
		mark = 1
	}
	if err := in.fetch(ctx, s, window); err != nil {
		return mark, err
	}
	return mark, in.mark(cache.Marks{Backfill: &mark})
}

// flags takes flags in: of a set, or of everything where it is empty; since > 0: only what changed after it.
func (in *intake) flags(ctx context.Context, s *imap.Session, set mail.UIDSet, since mail.ModSeq) error {
	return s.Flags(ctx, set, since, func(u mail.FlagUpdate) error {
		if in.batch.PutFlags(u); in.batch.Len() < in.size {
			return nil
		}
		return in.hand()
	})
}

// mark hands over what is collected, with what all that came so far teaches: it is stored with the last of it.
func (in *intake) mark(m cache.Marks) error {
	in.batch.Marks = m
	return in.hand()
}

// put collects headers until they are as many as are stored at once.
func (in *intake) put(h mail.Header) error {
	if h.UID < in.lowest {
		return nil
	}
	in.highest = max(in.highest, h.UID)
	in.w.e.first.standAside()
	if in.batch.Put(&h); in.batch.Len() < in.size {
		return nil
	}
	return in.hand()
}

// hand waits until the disk takes what is collected.
func (in *intake) hand() error {
	select {
	case in.work <- in.batch:
		select {
		case in.batch = <-in.spare:
		default:
			in.batch = cache.NewArrivals(in.size)
		}
		return nil
	case <-in.done:
		return in.err
	}
}

// close waits until all is stored, and returns the error of that, else fetched. What came after the last mark before an
// error is left out: it comes again.
func (in *intake) close(fetched error) error {
	if fetched == nil && in.batch.Len() > 0 {
		fetched = in.hand()
	}
	close(in.work)
	<-in.done
	return cmp.Or(in.err, fetched)
}
