package imap

import (
	"context"
	"errors"
	"slices"
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
	for _, part := range s.chunks(set) {
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

// take reads the arguments of COPYUID: validity, old UIDs, new UIDs. What does not fit together tells nothing: a new
// UID that is given to the wrong message would let the next wish act on that. Seen are Gmail's set of 0 and sets of
// different lengths, a validity of 0 (hotmail.com), two arguments (Cyrus behind a proxy) and sets in each other's place.
// RFC 4315 §3
func (m *Moved) take(set mail.UIDSet, args string) {
	f := strings.Fields(args)
	if len(f) != 3 {
		return
	}
	old, ok := copyUIDs(f[1], set.Len())
	fresh, ok2 := copyUIDs(f[2], set.Len())
	validity := mail.UIDValidity(number32(f[0]))
	if !ok || !ok2 || validity == 0 || len(old) != len(fresh) || m.Known && m.Validity != validity {
		return
	}
	if slices.ContainsFunc(old, func(u mail.UID) bool { return !set.Contains(u) }) {
		return
	}
	m.Known, m.Validity = true, validity
	if m.Pairs == nil {
		m.Pairs = make(map[mail.UID]mail.UID, len(old))
	}
	for i, u := range old {
		m.Pairs[u] = fresh[i]
	}
}

// copyUIDs is a set of COPYUID as a list, whose order tells which belongs to which. Each stands there once, no range
// runs backwards, and there are at most as many as were asked for.
func copyUIDs(text string, most int) ([]mail.UID, bool) {
	ranges, ok := parseSet(text)
	n := uint64(0)
	for _, r := range ranges {
		n += uint64(r.Hi-r.Lo) + 1
	}
	if !ok || n == 0 || n > uint64(most) || backwards(text) {
		return nil, false
	}
	list := expand(ranges)
	return list, mail.NewUIDSet(list...).Len() == len(list)
}

// backwards tells whether a range of a set goes from its upper end to its lower one: then the order is anybody's guess.
func backwards(text string) bool {
	for piece := range strings.SplitSeq(text, ",") {
		if from, to, isRange := strings.Cut(piece, ":"); isRange && number32(from) > number32(to) {
			return true
		}
	}
	return false
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
