// Package demo is posthorn tried out: real IMAP and submission servers inside this process, two accounts with sample
// mail, and a small world that writes and answers. The servers listen on loopback and know nobody else: what is sent
// here never leaves the machine.
package demo

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// person is who the demo's mail is for.
const person = "Robin Ahlgren"

// addresses are the accounts, by name, in the order shown.
var addresses = []struct{ account, address string }{
	{"home", "robin@home.example"},
	{"work", "robin.ahlgren@brightwater.example"},
}

// roles are the mailboxes of both accounts that mean something to programs.
var roles = map[string]mail.Role{
	"Drafts": mail.Drafts, "Sent": mail.Sent, "Archive": mail.Archive, "Junk": mail.Junked, "Trash": mail.Trash,
}

// Servers are the demo's servers, and what comes and goes on them.
type Servers struct {
	accounts []mail.Account
	password string
	imap     *mailtest.Server
	smtp     *mailtest.Submission
	users    map[string]*mailtest.User // by account
	post     post
	clock    clock
	stop     context.CancelFunc

	ctx     context.Context // ends with Close
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // under mu until closed
}

// clock is the time as the demo sees it.
type clock struct {
	now  func() time.Time
	wait func(ctx context.Context, d time.Duration) bool // false: ctx has ended
}

var realClock = clock{now: time.Now, wait: func(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}}

// Start starts the servers with the sample mail in them. New mail comes until ctx ends.
func Start(ctx context.Context) (*Servers, error) { return start(ctx, realClock) }

func start(ctx context.Context, c clock) (*Servers, error) {
	list, err := samples()
	if err != nil {
		return nil, err
	}
	s := &Servers{password: rand.Text(), users: map[string]*mailtest.User{}, clock: c, post: newPost(list)}
	if s.imap, err = mailtest.NewServer(); err != nil {
		return nil, fmt.Errorf("start the demo's IMAP server: %w", err)
	}
	if s.smtp, err = mailtest.NewSubmission(mailtest.SubmissionOptions{Deliver: s.deliver}); err != nil {
		s.imap.Close()
		return nil, fmt.Errorf("start the demo's SMTP server: %w", err)
	}
	s.ctx, s.stop = context.WithCancel(ctx)
	for _, a := range addresses {
		u := s.imap.AddUser(a.address, s.password)
		for name, role := range roles {
			u.Create(name, role)
		}
		s.smtp.AddUser(a.address, s.password)
		s.users[a.account] = u
		account := u.Account(a.account, a.address, s.smtp.Endpoint(a.address))
		account.DisplayName = person
		s.accounts = append(s.accounts, account)
	}
	s.seed(list)
	s.background(func() { s.arrive(list) })
	return s, nil
}

// Close ends the servers; their mail is gone.
func (s *Servers) Close() error {
	s.stop()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	return errors.Join(s.smtp.Close(), s.imap.Close())
}

// Accounts are the accounts as a person would configure them.
func (s *Servers) Accounts() []mail.Account { return s.accounts }

// Passwords are the accounts' passwords, by account name.
func (s *Servers) Passwords() map[string]string {
	out := map[string]string{}
	for _, a := range s.accounts {
		out[a.Name] = s.password
	}
	return out
}

// background runs f beside everything else, unless the servers are closed. f ends when s.ctx does.
func (s *Servers) background(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.running.Go(f)
	}
}

// seed stores the mail there was before the start, the oldest first, as it would have come.
func (s *Servers) seed(list []sample) {
	now := s.clock.now()
	for _, m := range slices.SortedStableFunc(slices.Values(list), func(a, b sample) int { return cmp.Compare(b.age, a.age) }) {
		if m.arrives {
			continue
		}
		u := s.users[m.account]
		if !slices.Contains(u.Mailboxes(), m.mailbox) {
			u.Create(m.mailbox, mail.NoRole)
		}
		at := now.Add(-m.age)
		u.Append(m.mailbox, m.message(at), at, flags(m.flags)...)
	}
}

func flags(names []string) []mailtest.Flag {
	var out []mailtest.Flag
	for _, n := range names {
		out = append(out, mailtest.Flag(n))
	}
	return out
}

// arrive delivers what comes while the demo runs: the first message soon, so that it is seen, then one every minute
// or two.
func (s *Servers) arrive(list []sample) {
	pause := 8 * time.Second
	for i, m := range slices.DeleteFunc(slices.Clone(list), func(m sample) bool { return !m.arrives }) {
		if !s.clock.wait(s.ctx, pause) {
			return
		}
		now := s.clock.now()
		s.users[m.account].Append(m.mailbox, m.message(now), now)
		pause = time.Minute + time.Duration(i*37%60)*time.Second
	}
}
