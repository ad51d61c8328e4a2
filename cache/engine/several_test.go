package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/mailtest"
)

// post puts n messages of an account into the outbox, with the subjects "of NAME 1" and so on.
func (r *rig) post(a mail.Account, to string, n int) {
	r.t.Helper()
	for i := range n {
		d := compose.New(a)
		d.To, d.Subject, d.Body = to, fmt.Sprintf("of %s %d", a.Name, i+1), "Hello.\n"
		_, err := r.e.Send(r.t.Context(), d)
		r.must(err)
	}
}

// posted is the subjects of post as a sorted list.
func posted(a mail.Account, n int) (out string) {
	for i := range n {
		out += fmt.Sprintf(" of %s %d", a.Name, i+1)
	}
	return strings.TrimSpace(out)
}

// shownIn is the subjects that a mailbox of an account shows, sorted; empty: there is no such mailbox yet.
func (r *rig) shownIn(account, mailbox string) string {
	r.t.Helper()
	all, err := r.store.Mailboxes(r.t.Context())
	r.must(err)
	var out []string
	for _, m := range all {
		if m.Account == account && m.Name == mailbox {
			for _, m := range r.listOf(m.Key) {
				out = append(out, m.Subject)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (r *rig) outboxIsEmpty() bool {
	rest, err := r.store.Outbox(r.t.Context())
	return err == nil && len(rest) == 0
}

// A server that takes its time holds up its own account's mail and nothing else.
func TestSeveralMessagesOfSeveralAccountsGoOutAtOnce(t *testing.T) {
	r, work := pair(t)
	work.Create("Sent", mail.Sent)
	other, err := mailtest.NewSubmission(mailtest.SubmissionOptions{})
	r.must(err)
	t.Cleanup(func() { other.Close() })
	other.AddUser("anna", "secret")
	r.more[0].SMTP = other.Endpoint("anna")
	gate := make(chan struct{})
	r.submission(mailtest.SubmissionOptions{Deliver: func(string, []string, []byte) error { <-gate; return nil }})
	r.start()
	r.post(r.account, "ben@example.org", 4)
	r.post(r.more[0], "cy@example.org", 4)
	r.until("the mail of work is out and filed", func() bool { return len(work.Messages("Sent")) == 4 })
	r.sent(0)
	close(gate)
	r.until("all is out", r.outboxIsEmpty)
	r.settle()
	for i, s := range []*mailtest.Submission{r.smtp, other} {
		a := []mail.Account{r.account, r.more[0]}[i]
		got := ""
		for _, m := range s.Accepted() { // in the order in which they were written
			_, rest, _ := strings.Cut(string(m.Raw), "Subject: ")
			subject, _, _ := strings.Cut(rest, "\r\n")
			got += " " + subject
			if m.From != a.Address {
				t.Errorf("%s came from %s", subject, m.From)
			}
		}
		if got != " "+posted(a, 4) {
			t.Errorf("the server of %s took%s", a.Name, got)
		}
	}
	if home, work := r.onServer("Sent"), subjects(work, "Sent"); len(strings.Fields(home)) != 12 || len(strings.Fields(work)) != 12 {
		t.Errorf("filed: %q and %q", home, work)
	}
}

// TestMailGoesThroughRealServers sends from two accounts at once through Postfix to each other's INBOX on Dovecot, and to
// somebody whom Postfix does not know.
func TestMailGoesThroughRealServers(t *testing.T) {
	accounts, _ := mailtest.RealServers(t, "anna", "ben")
	r := newRig(t)
	r.account, r.more = accounts[0], accounts[1:]
	r.start()
	const n = 3
	anna, ben := accounts[0], accounts[1]
	r.post(anna, ben.Address, n)
	r.post(ben, anna.Address, n)
	d := compose.New(anna)
	d.To, d.Cc, d.Subject, d.Body = "nobody@posthorn.example", ben.Address, "to one too many", "all is well\n"
	key, err := r.e.Send(t.Context(), d)
	r.must(err)
	r.until("all is out, filed and there", func() bool {
		o, err := r.store.Outgoing(t.Context(), key)
		return err == nil && len(o.Refused) == 1 && r.shownIn("ben", "INBOX") == posted(anna, n)+" to one too many" &&
			r.shownIn("anna", "INBOX") == posted(ben, n) && r.shownIn("anna", "Sent") == posted(anna, n)+" to one too many" && r.shownIn("ben", "Sent") == posted(ben, n)
	})
	r.settle()
	for _, m := range r.listOf(r.mailboxOf("anna", "Sent").Key) {
		if !m.Flags.Has(mail.Seen) {
			t.Errorf("%s in Sent counts as unread", m.Subject)
		}
	}
	rest, err := r.store.Outbox(t.Context())
	r.must(err)
	if len(rest) != 1 || cmp.Or(rest[0].Refused...).Address != "nobody@posthorn.example" || !strings.Contains(rest[0].Refused[0].Said, "550") {
		t.Errorf("the outbox has %+v", rest)
	}
	back, err := r.e.GiveBack(t.Context(), key)
	if err != nil || back.To != "nobody@posthorn.example" || back.Cc != "" {
		t.Errorf("given back: to %q, cc %q, %v", back.To, back.Cc, err)
	}
}
