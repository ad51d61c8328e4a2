package imap

import (
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
)

// Moved is what became of messages moved or copied.
type Moved struct {
	Known      bool                  // the server told new UIDs: those in Pairs
	Pairs      map[mail.UID]mail.UID // old to new
	Validity   mail.UIDValidity      // of the target
	StillThere bool                  // set by who falls back to copying: \Deleted had to be left behind
}

// Move moves a set to another mailbox in one step. It refuses where the server cannot: the way by copying is the
// caller's, who has to note what was done in between. // RFC 6851
func (s *Session) Move(ctx context.Context, set mail.UIDSet, target string) (Moved, error) {
	if !s.caps.Move { // go-imap would end with a plain EXPUNGE
		return Moved{}, &mail.Error{Op: "move to " + target, Kind: mail.Rejected, Err: errors.New("the server cannot move; copy and delete instead")}
	}
	return s.transfer(ctx, "move to "+target, set, target, func(client *imapclient.Client, part mail.UIDSet) error {
		_, err := client.Move(uidSet(part), target).Wait()
		return err
	})
}

// Copy copies a set to another mailbox. // RFC 9051 §6.4.7
func (s *Session) Copy(ctx context.Context, set mail.UIDSet, target string) (Moved, error) {
	return s.transfer(ctx, "copy to "+target, set, target, func(client *imapclient.Client, part mail.UIDSet) error {
		_, err := client.Copy(uidSet(part), target).Wait()
		return err
	})
}

// transfer runs f for pieces of a set. After an error the result holds what was done before it.
func (s *Session) transfer(ctx context.Context, op string, set mail.UIDSet, target string, f func(*imapclient.Client, mail.UIDSet) error) (Moved, error) {
	if err := speakable(op, target); err != nil {
		return Moved{}, err
	}
	var m Moved
	for _, part := range chunks(set) {
		left := s.departures(part.Len())
		st, err := s.library(ctx, op, usual, func(name string, n uint32, c cursor) bool {
			if untagged, ok := c.r.condition(); ok && untagged.code == "COPYUID" { // of MOVE // RFC 6851 §4.3
				m.take(part, untagged.args)
				return true
			}
			return left(name, n, c)
		}, func(client *imapclient.Client) error { return f(client, part) })
		if err != nil {
			return m, err
		}
		if st.code == "COPYUID" {
			m.take(part, st.args)
		}
	}
	return m, nil
}

// take reads the arguments of COPYUID: validity, old UIDs, new UIDs. What does not fit together, as Gmail's set of
// 0, tells nothing. // RFC 4315 §3
func (m *Moved) take(set mail.UIDSet, args string) {
	f := strings.Fields(args)
	if len(f) != 3 {
		return
	}
	old, ok := parseSet(f[1])
	fresh, ok2 := parseSet(f[2])
	validity := number32(f[0])
	n := length(old)
	if !ok || !ok2 || validity == 0 || n == 0 || n != length(fresh) || n > uint64(set.Len()) {
		return
	}
	m.Known, m.Validity = true, mail.UIDValidity(validity)
	if m.Pairs == nil {
		m.Pairs = make(map[mail.UID]mail.UID, n)
	}
	to := expand(fresh)
	for i, u := range expand(old) {
		if set.Contains(u) {
			m.Pairs[u] = to[i]
		}
	}
}

func length(ranges []mail.UIDRange) (n uint64) {
	for _, r := range ranges {
		n += uint64(r.Hi-r.Lo) + 1
	}
	return n
}

func expand(ranges []mail.UIDRange) (out []mail.UID) {
	for _, r := range ranges {
		for u := uint64(r.Lo); u <= uint64(r.Hi); u++ {
			out = append(out, mail.UID(u))
		}
	}
	return out
}

// parseAppendUID reads the arguments of APPENDUID. // RFC 4315 §3
func parseAppendUID(args string) (mail.UIDValidity, mail.UID) {
	validity, uid, _ := strings.Cut(args, " ")
	v, u := number32(validity), number32(uid)
	if v == 0 || u == 0 {
		return 0, 0
	}
	return mail.UIDValidity(v), mail.UID(u)
}
