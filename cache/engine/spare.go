package engine

import (
	"context"

	"posthorn/mail"
)

// spare is the one connection that an account may have beside those for work and for watching INBOX: the sender's, or that
// of a search, which makes way. So no server ever sees more than three of an account.
type spare struct {
	claim chan struct{} // full while somebody wants it, or the sender has it
	line  chan struct{} // full while there may be such a connection
}

func newSpare() *spare { return &spare{claim: make(chan struct{}, 1), line: make(chan struct{}, 1)} }

// forSending takes it as soon as a search has made way; done gives it back.
func (s *spare) forSending(ctx context.Context, makeWay func()) (done func(), err error) {
	if err := put(ctx, s.claim); err != nil {
		return nil, err
	}
	makeWay()
	if err := put(ctx, s.line); err != nil {
		<-s.claim
		return nil, err
	}
	return func() { <-s.line; <-s.claim }, nil
}

// forSearch takes it once nothing is sent. taken is called before anybody can want it back; to give it back is to empty line.
func (s *spare) forSearch(ctx context.Context, taken func()) error {
	if err := put(ctx, s.claim); err != nil {
		return err
	}
	defer func() { <-s.claim }()
	s.line <- struct{}{} // there is room: a sender that has it has the claim as well
	taken()
	return nil
}

func put(ctx context.Context, c chan struct{}) error {
	select {
	case c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &mail.Error{Op: "wait for a connection", Kind: mail.Canceled, Err: ctx.Err()}
	}
}
