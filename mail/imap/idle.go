package imap

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// Idle waits up to max for something to change in the selected mailbox, and returns at once when it does, or when
// it did during an earlier command. Servers without IDLE are asked with NOOP now and then. The end of ctx ends the
// waiting without an error; the session goes on. // RFC 2177
func (s *Session) Idle(ctx context.Context, max time.Duration) (changed bool, err error) {
	ctx, stop := context.WithTimeout(ctx, max)
	defer stop()
	if s.told() {
		return true, nil
	}
	if s.caps.Idle {
		st, err := s.idle(ctx)
		switch st.kind {
		case "OK":
			return s.told(), err
		case "": // the connection is gone, and what still comes of it is not told
			return false, err
		}
		s.caps.Idle = false // it says it can, and refuses
	}
	for ctx.Err() == nil {
		if changed, err := s.Noop(context.WithoutCancel(ctx)); changed || err != nil {
			return changed, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(s.pause):
		}
	}
	return false, nil
}

// told tells whether something changed since the last call. While a command is open, and after the connection was lost in
// one, the goroutine that reads may be taking down news: neither is the time to ask.
func (s *Session) told() bool {
	select {
	case <-s.wake:
	default:
	}
	news := s.news
	s.news = false
	return news
}

// idle runs one IDLE until news, the end of ctx, or the server's own end.
func (s *Session) idle(ctx context.Context) (status, error) {
	return s.library(context.WithoutCancel(ctx), "wait for mail", usual, nil, func(client *imapclient.Client) error {
		cmd, err := client.Idle()
		if err != nil {
			return err
		}
		s.wire.link.wait(true)
		select {
		case <-s.wake:
		case <-ctx.Done():
		case <-s.tap.over:
		case <-client.Closed():
		}
		s.wire.link.wait(false)
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
}

// Noop gives the server the chance to tell what changed. // RFC 9051 §6.1.2
func (s *Session) Noop(ctx context.Context) (changed bool, err error) {
	st, err := s.library(ctx, "ask for news", usual, nil, func(client *imapclient.Client) error { return client.Noop().Wait() })
	if st.kind == "" {
		return false, err
	}
	return s.told(), err
}
