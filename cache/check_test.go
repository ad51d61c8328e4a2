package cache

import (
	"strings"
	"testing"

	"posthorn/mail"
)

// What one connection has read of the full text's index another may have merged since: that is no damage.
func TestCheckBelievesNoOldIndex(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, people(1, 100)...)
	f.ok(f.Check(f.ctx))
	f.add(f.inbox, people(101, 200)...)
	_, err := f.conn.ExecContext(f.ctx, "INSERT INTO message_fts (message_fts) VALUES ('optimize')")
	f.ok(err)
	f.ok(f.Check(f.ctx))
}

func TestCheckFindsEveryBrokenInvariant(t *testing.T) {
	for statement, want := range map[string]string{
		"UPDATE mailbox SET unseen = unseen + 1":                                                        "counts differ",
		"UPDATE mailbox SET held = 0":                                                                   "counts differ",
		"UPDATE message SET shown_mailbox_id = 99 WHERE uid = 1":                                        "does not exist",
		"UPDATE message SET shown_flags = 4 WHERE uid = 1":                                              "is shown as",
		"UPDATE message SET thread_id = 99 WHERE uid = 1":                                               "conversation",
		"DELETE FROM description WHERE message_id = 2":                                                  "no description",
		"INSERT INTO description VALUES (99, '{}', '')":                                                 "is of no message",
		"UPDATE message SET thread_id = 0 WHERE uid = 1":                                                "no conversation",
		"DELETE FROM message_ref":                                                                       "its identifier",
		"INSERT INTO joined VALUES (90, 91), (91, 92)":                                                  "part of another",
		"UPDATE conversation SET total = total + 1":                                                     "differs from its messages",
		"DELETE FROM conversation":                                                                      "no conversation row",
		"DELETE FROM message_fts WHERE rowid = 1":                                                       "not in the full text",
		"INSERT INTO message_fts (rowid, subject) VALUES (99, 'x')":                                     "full text has a message",
		"UPDATE operation SET target_id = 99 WHERE kind = 'move'":                                       "leads nowhere",
		"UPDATE operation SET source_id = 0 WHERE kind = 'copy'":                                        "copies itself",
		"UPDATE operation SET copying = 1 WHERE kind = 'copy'":                                          "was tried nowhere",
		"UPDATE operation SET mask = 0 WHERE kind = 'flags'":                                            "contradicts itself",
		"UPDATE operation SET rev = 1000":                                                               "revision",
		"DELETE FROM revision":                                                                          "not one row of revision",
		"UPDATE part_content SET start = 3":                                                             "gap",
		"UPDATE undo SET inverse = '{'":                                                                 "undo leads back",
		"UPDATE outbox SET recipients = 'x'":                                                            "recipients",
		"UPDATE outbox SET state = 'sent'":                                                              "copy is not to be filed",
		`UPDATE outbox SET recipients = '["a@x"]', refused = '[{"address":"a@x"}]'`:                     "who was refused",
		"PRAGMA foreign_keys = OFF; DELETE FROM mailbox WHERE name = 'INBOX'; PRAGMA foreign_keys = ON": "refers to nothing",
	} {
		f := newFixture(t)
		h := answerTo(1, 9)
		key := f.add(f.inbox, h, header(2))[0]
		f.wish("x", read, key)
		f.wish("y", mail.Move{To: f.archive}, key)
		f.wish("z", mail.Copy{To: f.trash}, key)
		f.ok(f.PutContent(f.ctx, key, "1", 0, []byte("x"), true))
		f.queue(Outgoing{Account: "home"}, 0)
		f.check()
		if _, err := f.conn.ExecContext(f.ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		err := f.Check(f.ctx)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", statement, err, want)
		}
		f.checked = false
		f.close()
	}
}
