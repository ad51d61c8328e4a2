package engine

import (
	"context"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// intake stores headers of one mailbox while more of them come in: server and disk work at the same time.
type intake struct {
	w     *worker
	keep  func(headers []mail.Header, mark mail.UID) error // stores them; mark 0: none
	batch []mail.Header
	work  chan delivery
	done  chan struct{} // closed once err is final: the first error, or all is stored
	err   error
}

// delivery is headers to be stored, or how far back they go now.
type delivery struct {
	headers []mail.Header
	mark    mail.UID // 0: none
}

// intake makes one that stores by keep. total is what the progress counts up to, 0 for none.
func (w *worker) intake(have cache.SyncState, total int, keep func([]mail.Header, mail.UID) error) *intake {
	in := &intake{w: w, keep: keep, work: make(chan delivery), done: make(chan struct{})}
	go func() {
		defer close(in.done)
		start, n := time.Now(), 0
		for d := range in.work {
			if in.err = in.keep(d.headers, d.mark); in.err != nil {
				return
			}
			n += len(d.headers)
			if held := have.Held + n; total > 0 && held <= total {
				w.show(State{Phase: Working, Text: "fetching headers of " + have.Name, Done: held, Total: total,
					Rate: float64(n) / max(time.Since(start).Seconds(), 0.001)})
			}
		}
	}()
	return in
}

// fetch takes one window in. That it goes back to mark is stored after its headers.
func (in *intake) fetch(ctx context.Context, s *imap.Session, window mail.UIDSet, mark mail.UID) error {
	if len(window) > 0 {
		if err := s.Headers(ctx, window, in.put); err != nil {
			return err
		}
	}
	if len(in.batch) == 0 && mark == 0 {
		return nil
	}
	return in.hand(mark)
}

// put collects headers until the disk has time for them, or until they are as many as may be stored at once.
func (in *intake) put(h mail.Header) error {
	if in.batch == nil {
		in.batch = make([]mail.Header, 0, in.w.e.batch())
	}
	in.batch = append(in.batch, h)
	switch n := len(in.batch); {
	case n >= in.w.e.batch():
		return in.hand(0)
	case n%batch == 0:
		select {
		case in.work <- delivery{headers: in.batch}:
			in.batch = nil
		default:
		}
	}
	return nil
}

// hand waits until the disk takes what is collected.
func (in *intake) hand(mark mail.UID) error {
	select {
	case in.work <- delivery{in.batch, mark}:
		in.batch = nil
		return nil
	case <-in.done:
		return in.err
	}
}

// close waits until all is stored that was handed over. Headers after the last mark are left out: they come again.
func (in *intake) close() error {
	close(in.work)
	<-in.done
	return in.err
}
