package demo

import (
	"bytes"
	"fmt"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"posthorn/mail"
)

// post knows everybody who appears in the sample mail.
type post struct {
	friends map[string]mail.Address // who wrote and was written to: they answer
	known   map[string]bool         // who else is written to: they take mail and say nothing, as lists and desks do
}

// words decodes the names in headers.
var words = mime.WordDecoder{}

func newPost(list []sample) post {
	p := post{friends: map[string]mail.Address{}, known: map[string]bool{}}
	writers := map[string]mail.Address{}
	for _, s := range list {
		m, err := netmail.ReadMessage(strings.NewReader(s.text))
		if err != nil || s.mailbox == "Junk" {
			continue
		}
		for _, a := range headerAddresses(m.Header, "From") {
			p.known[key(a)] = true
			if m.Header.Get("Auto-Submitted") == "" {
				writers[key(a)] = a
			}
		}
	}
	for _, s := range list {
		m, err := netmail.ReadMessage(strings.NewReader(s.text))
		if err != nil || s.mailbox == "Junk" {
			continue
		}
		for _, a := range headerAddresses(m.Header, "To", "Cc") {
			w, wrote := writers[key(a)]
			switch {
			case wrote && s.mailbox == "Sent":
				p.friends[key(a)] = w
			case s.mailbox != "Sent": // whom only Robin wrote to may not exist
				p.known[key(a)] = true
			}
		}
	}
	return p
}

func key(a mail.Address) string { return strings.ToLower(a.Addr()) }

func headerAddresses(h netmail.Header, fields ...string) []mail.Address {
	var out []mail.Address
	for _, f := range fields {
		out = append(out, mail.ParseAddresses(h.Get(f), decode)...)
	}
	return out
}

func decode(s string) string {
	if d, err := words.DecodeHeader(s); err == nil {
		return d
	}
	return s
}

// moment is how long an answer takes, in a world where everybody waits for mail.
const moment = 4 * time.Second

// deliver is given every message sent. What is for the accounts arrives there at once; the rest goes nowhere, but
// something may come back.
func (s *Servers) deliver(from string, to []string, raw []byte) error {
	for _, address := range to {
		if account, ok := s.account(address); ok {
			s.receive(account, from, raw)
			continue
		}
		sender, ok := s.account(from)
		if !ok {
			continue
		}
		s.background(func() {
			if !s.clock.wait(s.ctx, moment) {
				return
			}
			if back := s.post.react(sender.Identities()[0], address, raw, s.clock.now()); back != nil {
				s.receive(sender, "", back)
			}
		})
	}
	return nil
}

// account is the one with that address.
func (s *Servers) account(address string) (mail.Account, bool) {
	i := slices.IndexFunc(s.accounts, func(a mail.Account) bool { return strings.EqualFold(a.Address, address) })
	if i < 0 {
		return mail.Account{}, false
	}
	return s.accounts[i], true
}

// receive puts a message into an INBOX with the trace that servers leave. // RFC 5321 §4.4
func (s *Servers) receive(a mail.Account, from string, raw []byte) {
	now := s.clock.now()
	trace := fmt.Sprintf("Return-Path: <%s>\r\nReceived: from localhost by submission.example with ESMTPA;\r\n %s\r\n", from, now.Format(time.RFC1123Z))
	s.users[a.Name].Append("INBOX", append([]byte(trace), checked(a.Name, "INBOX", raw)...), now)
}

// react is what comes back from an address: a friend's answer, nothing, or a bounce.
func (p post) react(sender mail.Address, to string, raw []byte, now time.Time) []byte {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		m = &netmail.Message{Header: netmail.Header{}}
	}
	if automatic := m.Header.Get("Auto-Submitted"); automatic != "" && automatic != "no" {
		return nil // RFC 3834 §2
	}
	friend, ok := p.friends[strings.ToLower(to)]
	switch {
	case ok:
		return answer(friend, sender, m.Header, now)
	case p.known[strings.ToLower(to)]:
		return nil
	}
	return bounce(sender, to, raw, now)
}
