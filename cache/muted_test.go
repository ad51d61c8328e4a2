package cache

import (
	"testing"

	"posthorn/mail"
)

var mute = mail.FlagChange{Mask: mail.Muted | mail.Seen, Want: mail.Muted | mail.Seen}

// answerTo1 is message n, an answer to message 1.
func answerTo1(n int) mail.Header {
	h := header(n)
	h.Envelope.InReplyTo = []string{header(1).Envelope.MessageID}
	return h
}

// TestWhatComesIntoAMutedConversationIsArchivedAsRead: and nothing else is.
func TestWhatComesIntoAMutedConversationIsArchivedAsRead(t *testing.T) {
	f := newFixture(t)
	f.add(f.archive)
	key := f.add(f.inbox, header(1), header(2))[0]
	f.wish("muted the conversation", mute, key)
	keys := f.add(f.inbox, header(1), header(2), answerTo1(3), header(4))
	m, other := f.message(keys[0]), f.message(keys[1])
	if m.Mailbox != f.archive || !m.Flags.Has(mail.Muted|mail.Seen) {
		t.Errorf("it is in %d with %v", m.Mailbox, m.Flags.Names())
	}
	if other.Mailbox != f.inbox || other.Flags != 0 {
		t.Errorf("another message is in %d with %v", other.Mailbox, other.Flags.Names())
	}
	if what, err := f.Undo(f.ctx); err != nil || what.What != "muted the conversation" {
		t.Errorf("undo takes back %q, %v: what is archived by itself is no action", what.What, err)
	}
}

// TestOnlyWhatComesIsHushed: not what a first synchronisation brings, nor what is thrown away or unfinished, nor what
// comes after the conversation is muted no longer.
func TestOnlyWhatComesIsHushed(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("muted", mute, key)
	if m := f.message(f.add(f.archive, answerTo1(7))[0]); m.Flags != 0 {
		t.Errorf("the first synchronisation muted what was there: %v", m.Flags.Names())
	}
	f.add(f.trash)
	if m := f.message(f.add(f.trash, answerTo1(8))[0]); m.Flags != 0 {
		t.Errorf("what came to Trash is muted: %v", m.Flags.Names())
	}
	f.add(f.sent)
	if m := f.message(f.add(f.sent, answerTo1(9))[0]); m.Mailbox != f.sent || !m.Flags.Has(mail.Muted) {
		t.Errorf("an answer of one's own is in %d with %v", m.Mailbox, m.Flags.Names())
	}
	whole, err := f.Whole(f.ctx, []int64{f.message(key).Thread})
	if err != nil || len(whole) != 3 {
		t.Fatalf("the whole conversation has %d messages, %v", len(whole), err)
	}
	f.wish("muted no longer", mail.FlagChange{Mask: mail.Muted}, keysOf(whole)...)
	if m := f.message(f.add(f.inbox, header(1), answerTo1(10))[0]); m.Mailbox != f.inbox || !m.Unseen() {
		t.Errorf("what came later is in %d with %v", m.Mailbox, m.Flags.Names())
	}
}

// TestWhatAPersonMovedIntoAMutedConversationIsNotHushed: the server tells of it like of new mail.
func TestWhatAPersonMovedIntoAMutedConversationIsNotHushed(t *testing.T) {
	f := newFixture(t)
	f.wish("muted", mute, f.add(f.inbox, header(1))...)
	key := f.add(f.archive, answerTo1(3))[0]
	f.wish("moved", mail.Move{To: f.inbox}, key)
	f.do(f.Done(f.ctx, []Done{{Operation: f.due()[1], NewUID: 3}}))
	f.add(f.inbox, header(1), answerTo1(3))
	if m := f.message(key); m.Mailbox != f.inbox || m.Flags.Has(mail.Muted) {
		t.Errorf("it is in %d with %v", m.Mailbox, m.Flags.Names())
	}
}

// TestMutedMailStaysWhereThereIsNoArchive: there it is only read.
func TestMutedMailStaysWhereThereIsNoArchive(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}))
	f.wish("muted", mute, f.add(f.inbox, header(1))[0])
	if m := f.message(f.add(f.inbox, header(1), answerTo1(2))[0]); m.Mailbox != f.inbox || !m.Flags.Has(mail.Muted|mail.Seen) {
		t.Errorf("it is in %d with %v", m.Mailbox, m.Flags.Names())
	}
}

// TestNobodySilencesAConversationByJoiningItToAMutedOne: only what answers a muted message is hushed.
func TestNobodySilencesAConversationByJoiningItToAMutedOne(t *testing.T) {
	f := newFixture(t)
	f.add(f.archive)
	key := f.add(f.inbox, header(1), header(2))[0]
	f.wish("muted", mute, key)
	joins, answer := header(3), header(4)
	joins.Envelope.References = []string{header(1).Envelope.MessageID, header(2).Envelope.MessageID}
	answer.Envelope.References = []string{header(2).Envelope.MessageID}
	joined := f.message(f.add(f.inbox, header(1), header(2), joins)[0])
	later := f.message(f.add(f.inbox, header(1), header(2), joins, answer)[0])
	if joined.Thread != later.Thread || joined.Mailbox != f.archive {
		t.Fatalf("what joins both is in %d, in conversation %d; the other is %d", joined.Mailbox, joined.Thread, later.Thread)
	}
	if later.Mailbox != f.inbox || !later.Unseen() {
		t.Errorf("an answer to what nobody muted is in %d with %v", later.Mailbox, later.Flags.Names())
	}
}
