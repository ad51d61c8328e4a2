package cache

import (
	"testing"

	"posthorn/mail"
	"posthorn/mail/search"
)

func TestAPartGrowsPieceByPiece(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	want := func(text string, complete bool) {
		t.Helper()
		raw, done, err := f.Content(f.ctx, key, "2")
		if err != nil || string(raw) != text || done != complete {
			t.Fatalf("got %q %v %v, want %q %v", raw, done, err, text, complete)
		}
		if n, done, err := f.Reached(f.ctx, key, "2"); err != nil || n != int64(len(text)) || done != complete {
			t.Fatalf("held %d %v %v, want %d %v", n, done, err, len(text), complete)
		}
	}
	want("", false)
	f.ok(f.PutContent(f.ctx, key, "2", 0, []byte("abcd"), false))
	want("abcd", false)
	f.ok(f.PutContent(f.ctx, key, "2", 4, []byte("efgh"), false))
	if err := f.PutContent(f.ctx, key, "2", 9, []byte("x"), true); mail.KindOf(err) != mail.Damaged {
		t.Errorf("a gap was accepted: %v", err)
	}
	f.ok(f.PutContent(f.ctx, key, "2", 8, []byte("ij"), true))
	want("abcdefghij", true)
	f.ok(f.PutContent(f.ctx, key, "2", 4, []byte("EF"), true))
	want("abcdEF", true)
	f.ok(f.PutContent(f.ctx, key, "2", 0, nil, true))
	want("", true)
	if raw, _, err := f.Content(f.ctx, key, "2"); raw == nil || err != nil {
		t.Errorf("an empty part looks like one that is not here: %v %v", raw, err)
	}
	if err := f.PutContent(f.ctx, 999, "1", 0, []byte("x"), true); mail.KindOf(err) != mail.Gone {
		t.Errorf("content of a message that is gone: %v", err)
	}
}

// matches are the messages that the full text finds.
func (f *fixture) matches(query string) []mail.MessageKey {
	f.t.Helper()
	keys, err := collect(f.ctx, f.Reader.db, column[mail.MessageKey],
		"SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid", query)
	f.ok(err)
	return keys
}

func TestHeadersAndTextAreIndexed(t *testing.T) {
	f := newFixture(t)
	h := header(1)
	h.Envelope.Subject = "Grüße 会議の議事録"
	h.Envelope.Cc = []mail.Address{{Name: "Zoë Lang", Local: "zoe", Domain: "example.net"}}
	key := f.add(f.inbox, h, header(2))[0]
	f.ok(f.SetPreview(f.ctx, key, "First words", "The whole text mentions aardvarks."))
	if got := f.message(key).Preview; got != "First words" {
		t.Errorf("preview %q", got)
	}
	for _, query := range []string{"grusse", "subject:" + `"` + search.Fold("議事") + `"`, "recipients:zoe", "sender:anna AND body:aardvarks", "aard*", "lang"} {
		if got := f.matches(query); len(got) != 1 || got[0] != key {
			t.Errorf("%s finds %v, want %d", query, got, key)
		}
	}
	f.do(f.Vanished(f.ctx, f.inbox, everything(), mail.NewUIDSet(2), Marks{}))
	if got := f.matches("aardvarks"); len(got) != 0 {
		t.Errorf("a message that is gone is found: %v", got)
	}
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "a", 2: "a", 3: "aé", 9: "aéb"} {
		if got := bounded("aéb", n); got != want {
			t.Errorf("bounded to %d: %q, want %q", n, got, want)
		}
	}
}
