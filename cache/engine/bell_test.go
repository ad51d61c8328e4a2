package engine

import (
	"context"
	"errors"
	"testing"

	"posthorn/mail"
)

func TestBellRungWhileRestingCountsAsBusyAtOnce(t *testing.T) {
	g := newGauge()
	b := &bell{gauge: g}
	g.add(1)
	asleep, release := make(chan struct{}), make(chan struct{})
	done := make(chan struct{})
	go func() {
		b.rest(t.Context(), func(ctx context.Context) error {
			close(asleep)
			<-ctx.Done() // the bell
			<-release
			return nil
		})
		close(done)
	}()
	<-asleep
	if err := g.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.ring()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.wait(canceled); !errors.Is(err, context.Canceled) {
		t.Error("counted as still after the bell was rung")
	}
	close(release)
	<-done
	g.add(-1)
	if err := g.wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestBellRungBeforeTheRestIsNotLost(t *testing.T) {
	g := newGauge()
	b := &bell{gauge: g}
	g.add(1)
	b.ring()
	rested := false
	b.rest(t.Context(), func(context.Context) error { rested = true; return nil })
	if rested {
		t.Error("rested although the bell had rung")
	}
}

func TestBoxMergesEqualEventsAndKeepsTheirOrder(t *testing.T) {
	b := newBox()
	one, two := mail.Event{Kind: mail.MessagesChanged, Mailbox: 1}, mail.Event{Kind: mail.PartReady, Message: 2}
	b.post(one, two, one)
	b.post(one)
	got := b.Wait(t.Context())
	if len(got) != 2 || got[0] != one || got[1] != two {
		t.Errorf("got %v", got)
	}
	if got := b.Take(); got != nil {
		t.Errorf("taken twice: %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := b.Wait(ctx); got != nil {
		t.Errorf("got %v from an empty box", got)
	}
}
