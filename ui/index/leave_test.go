package index

import (
	"testing"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestMessagesThatLeaveAreGoneBeforeTheDatabaseKnows(t *testing.T) {
	env, _, _ := uitest.Env()
	x := New(env)
	load := func(keys ...mail.MessageKey) {
		var w window
		for _, k := range keys {
			w.Messages = append(w.Messages, mail.Message{Key: k})
		}
		w.at = stay
		x.take(screen.Result{Value: w})
	}
	load(1, 2, 3, 4)
	x.at = 1
	x.Leave([]mail.MessageKey{2})
	if m, _ := x.Current(); m.Key != 3 {
		t.Errorf("the cursor is on %d, want the message after the one that left", m.Key)
	}
	load(1, 2, 3, 4) // asked for before the database knew
	if len(x.rows) != 3 {
		t.Errorf("%d rows: the one that left is back", len(x.rows))
	}
	if m, _ := x.Current(); m.Key != 3 {
		t.Errorf("the cursor moved to %d", m.Key)
	}
	x.env.Store = nil
	x.Left([]mail.MessageKey{2}, false)
	load(1, 2, 3, 4) // the wish failed
	if len(x.rows) != 4 {
		t.Errorf("%d rows: the message whose wish failed is not back", len(x.rows))
	}
	if m, _ := x.Current(); m.Key != 2 {
		t.Errorf("the cursor is on %d, want the message that did not go", m.Key)
	}
}

func TestTheCursorStaysAtTheTopWhileTheFirstRowsComeInAndOnlyThen(t *testing.T) {
	env, _, _ := uitest.Env()
	for name, c := range map[string]struct {
		synced, key bool
		want        mail.MessageKey
	}{
		"first rows":        {false, false, 2},
		"known mailbox":     {true, false, 1},
		"a key was pressed": {false, true, 1},
	} {
		x := New(env)
		x.show(View{Mailboxes: []mail.Mailbox{{Key: 1, Synced: c.synced}}}, false)
		take := func(keys ...mail.MessageKey) {
			w := window{at: stay}
			for _, k := range keys {
				w.Messages = append(w.Messages, mail.Message{Key: k})
			}
			x.take(screen.Result{Value: w})
		}
		take(1)
		if c.key {
			x.Touched()
		}
		take(2, 1)
		if m, _ := x.Current(); m.Key != c.want {
			t.Errorf("%s: the cursor is on %d, want %d", name, m.Key, c.want)
		}
	}
}

// TestNoKeyIsAboutWhatAnUndoBringsBack that was pressed before it was seen.
func TestNoKeyIsAboutWhatAnUndoBringsBack(t *testing.T) {
	for _, key := range []bool{false, true} {
		env, _, _ := uitest.Env()
		x := New(env)
		take := func(keys ...mail.MessageKey) {
			w := window{at: stay}
			for _, k := range keys {
				w.Messages = append(w.Messages, mail.Message{Key: k})
			}
			x.take(screen.Result{Value: w})
		}
		take(1, 2, 4)
		x.at = 1
		x.SeeAgain([]mail.MessageKey{3})
		want := mail.MessageKey(3)
		if key {
			x.Touched()
			want = 2
		}
		take(1, 2, 3, 4)
		if m, _ := x.Current(); m.Key != want {
			t.Errorf("a key was pressed %v: the cursor is on %d, want %d", key, m.Key, want)
		}
	}
}
