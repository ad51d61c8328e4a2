package composer

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestDraftIsKeptAfterAPause(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.quietly(action.NextField)
	k.pause()
	if len(k.engine.Saved) != 0 {
		t.Error("saved though nothing was written")
	}
	k.moveTo(text)
	k.letters("Dear Ben")
	k.pause()
	k.pause() // nothing new
	k.letters(",")
	k.pause()
	if n := len(k.engine.Saved); n != 2 || k.engine.Saved[1].Key != 7 || k.engine.Saved[1].Body != "Dear Ben," {
		t.Errorf("saved %d times: %+v", n, k.engine.Saved)
	}
}

func TestTypingWithoutPauseIsKeptNowAndThen(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(text)
	k.keeping.ticking = true
	for range 30 {
		k.letters("a")
		k.now = k.now.Add(400 * time.Millisecond)
		if cmd := k.keeping.tick(k.Composer, k.keeping.ticket); k.keeping.running == saving {
			uitest.Run(cmd)
		}
		k.keeping.ticking = true
	}
	if n := len(k.engine.Saved); n != 1 {
		t.Errorf("saved %d times in 12 s of typing, want 1", n)
	}
}

func TestCloseKeepsTheDraftAndSaysSo(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(text)
	k.letters("Dear Ben")
	uitest.Do(k, action.CloseDraft)
	if len(k.engine.Saved) != 1 || k.root.Top() != nil {
		t.Errorf("saved %d times, %d screens left", len(k.engine.Saved), len(k.root.Stack))
	}
	k.said("kept")
}

// Another device is not to wait for a draft that nobody writes any more.
func TestCloseOfWhatIsKeptAlreadyLetsTheServerHaveItNow(t *testing.T) {
	k := open(t, reply())
	k.letters("Yes!")
	k.pause()
	uitest.Do(k, action.CloseDraft)
	if n := len(k.engine.Saved); n != 2 || k.engine.Saved[0].Closed || !k.engine.Saved[1].Closed || k.root.Top() != nil {
		t.Errorf("saved %d times: %+v", n, k.engine.Saved)
	}
}

func TestCloseOfNothingKeepsNothing(t *testing.T) {
	k := open(t, reply())
	uitest.Do(k, action.CloseDraft)
	if len(k.engine.Saved) != 0 || k.root.Top() != nil || len(k.root.Said) != 0 {
		t.Errorf("saved %v, said %q", k.engine.Saved, k.root.Said)
	}
}

func TestCloseOfAnEmptiedDraftDeletesIt(t *testing.T) {
	d := compose.New(anna())
	d.Key, d.Body = 3, "x"
	k := open(t, d)
	k.moveTo(text)
	k.key(tea.KeyPressMsg{Code: tea.KeyDelete})
	uitest.Do(k, action.CloseDraft)
	if !reflect.DeepEqual(k.engine.Deleted, []int64{3}) || k.root.Top() != nil {
		t.Errorf("deleted %v", k.engine.Deleted)
	}
}

func TestAFailedSaveLeavesTheScreenOpen(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(text)
	k.letters("Dear Ben")
	k.engine.Err = errors.New("the disk is full")
	uitest.Do(k, action.CloseDraft)
	if !k.open() || len(k.root.Failed) != 1 {
		t.Errorf("open %v, failures %v", k.open(), k.root.Failed)
	}
	k.letters("!")
	k.engine.Err = nil
	uitest.Do(k, action.CloseDraft)
	if len(k.engine.Saved) != 1 || k.engine.Saved[0].Body != "Dear Ben!" {
		t.Errorf("saved %+v", k.engine.Saved)
	}
}

// A send that is asked for while a save is on its way waits for it, so that the save cannot bring the draft back.
func TestSendWaitsForTheSave(t *testing.T) {
	k := open(t, reply())
	k.letters("Yes!")
	save := k.save()
	cmd, _ := k.Do(action.Send)
	uitest.Run(cmd)
	if len(k.engine.Sent) != 0 {
		t.Fatal("sent while the draft was being saved")
	}
	uitest.Run(save)
	if len(k.engine.Sent) != 1 || k.engine.Sent[0].Key != 7 || k.root.Top() != nil {
		t.Errorf("sent %+v", k.engine.Sent)
	}
	k.said("Sending…")
}

func TestNothingIsTakenWhileSending(t *testing.T) {
	k := open(t, reply())
	k.letters("Yes!")
	cmd, _ := k.Do(action.Send)
	k.letters(" No!")
	k.Paste("No!")
	again, _ := k.Do(action.Send)
	uitest.Run(cmd)
	uitest.Run(again)
	if len(k.engine.Sent) != 1 || strings.Contains(k.engine.Sent[0].Body, "No!") {
		t.Errorf("sent %+v", k.engine.Sent)
	}
}

func TestSendPointsAtTheFieldThatIsWrong(t *testing.T) {
	k := open(t, compose.New(anna()))
	uitest.Do(k, action.Send)
	k.said("no recipient")
	k.letters("ben@okafor.example")
	k.popup.Hide()
	k.quietly(action.NextField)
	k.letters("somebody")
	k.moveTo(text)
	uitest.Do(k, action.Send)
	k.said("somebody")
	if k.focus != cc || len(k.engine.Sent) != 0 {
		t.Errorf("in field %v, sent %v", k.focus, k.engine.Sent)
	}
}

func TestSendAsksAboutWhatLooksForgotten(t *testing.T) {
	d := reply()
	d.Subject = ""
	k := open(t, d)
	k.moveTo(text)
	k.letters("The plan is attached.")
	uitest.Do(k, action.Send)
	if k.open() {
		t.Fatal("nothing was asked")
	}
	uitest.Do(k.root.Top(), action.No)
	if !k.open() || len(k.engine.Sent) != 0 {
		t.Fatal("sent against the answer")
	}
	uitest.Do(k, action.Send)
	uitest.Do(k.root.Top(), action.Yes)
	if len(k.engine.Sent) != 1 || k.root.Top() != nil {
		t.Errorf("sent %v", k.engine.Sent)
	}
}

func TestARefusedSendLeavesTheScreenOpen(t *testing.T) {
	k := open(t, reply())
	k.letters("Yes!")
	k.engine.Err = errors.New("tides.pdf: there is no such file")
	uitest.Do(k, action.Send)
	if !k.open() || len(k.root.Failed) != 1 || k.keeping.goal != goOn {
		t.Errorf("open %v, failures %v", k.open(), k.root.Failed)
	}
}

func TestDiscardAsksNothingAndKeepsWhatUndoBringsBack(t *testing.T) {
	k := open(t, reply())
	uitest.Do(k, action.Discard)
	if k.root.Top() != nil || len(k.engine.Saved) != 0 {
		t.Errorf("an untouched reply: %d screens left, saved %v", len(k.root.Stack), k.engine.Saved)
	}
	k = open(t, reply())
	k.letters("Yes!")
	k.pause()
	k.letters(" No.")
	uitest.Do(k, action.Discard)
	if !reflect.DeepEqual(k.engine.Deleted, []int64{7}) || k.root.Top() != nil {
		t.Errorf("deleted %v, %d screens left", k.engine.Deleted, len(k.root.Stack))
	}
	if n := len(k.engine.Saved); n != 2 || !strings.HasPrefix(k.engine.Saved[n-1].Body, "Yes! No.") {
		t.Errorf("kept before: %+v", k.engine.Saved)
	}
	k.said("z brings it back")
}

func TestUnsavedTellsWhatIsNotKeptYet(t *testing.T) {
	k := open(t, reply())
	if _, left := k.Unsaved(); left {
		t.Error("an untouched reply is unsaved")
	}
	k.letters("Yes!")
	if d, left := k.Unsaved(); !left || !strings.HasPrefix(d.Body, "Yes!") {
		t.Errorf("unsaved %v: %q", left, d.Body)
	}
	k.pause()
	if _, left := k.Unsaved(); left {
		t.Error("unsaved after it was kept")
	}
}

// Everything that looks odd is asked about in one question, and the rule tells all the while whom it goes to.
func TestTheReviewIsOneQuestionAndALine(t *testing.T) {
	d := reply()
	d.Cc, d.Came, d.Body, d.Subject = "zoe@harbour.example", "work", "see attached", ""
	k := open(t, d)
	k.engine.Has[0].Domains = []string{"okafor.example"}
	line := ansi.Strip(k.drawRule(80, false))
	if !strings.HasPrefix(line, "── 2 recipients · 1 outside ─") {
		t.Errorf("the rule is %q", line)
	}
	uitest.Do(k, action.Send)
	if k.open() || len(k.root.Stack) != 2 {
		t.Fatalf("%d screens; said %q", len(k.root.Stack), k.root.Said)
	}
	f := k.root.Top().Draw(screen.Rect{W: 64, H: 20})
	asked := strings.Join(strings.Fields(ansi.Strip(strings.ReplaceAll(strings.Join(f.Lines, " "), "│", ""))), " ")
	for _, want := range []string{"It goes to 2 recipients.", "zoe@harbour.example is outside okafor.example.", "The message came to work, and this goes out as home.",
		"The subject is empty.", `The text says "attached", but nothing is attached.`, "Send it all the same?"} {
		if !strings.Contains(asked, want) {
			t.Errorf("not asked: %s\n%s", want, asked)
		}
	}
	uitest.Do(k.root.Top(), action.Yes)
	if len(k.engine.Sent) != 1 {
		t.Errorf("sent %d", len(k.engine.Sent))
	}
}

// What is as it should be goes without a question, and the rule says nothing of one recipient within.
func TestNothingIsAskedWhereNothingLooksOdd(t *testing.T) {
	d := reply()
	d.Came, d.Cc = d.Account, ""
	k := open(t, d)
	k.engine.Has[0].Domains = []string{"okafor.example"}
	k.letters("Gladly.")
	if line := ansi.Strip(k.drawRule(80, false)); strings.Contains(line, "recipient") || strings.Contains(line, "outside") {
		t.Errorf("the rule is %q", line)
	}
	uitest.Do(k, action.Send)
	if len(k.engine.Sent) != 1 || k.root.Top() != nil {
		t.Errorf("sent %d", len(k.engine.Sent))
	}
}

// Who goes to the shell waits for what is being stored, and then for what was written meanwhile; a failure is tried once.
func TestKeepingWaitsForWhatIsBeingStored(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(text)
	k.letters("Dear")
	first := k.save()
	k.letters(" Ben")
	if cmd, waits := k.Keep(false); cmd != nil || !waits {
		t.Error("it does not wait for what is being stored")
	}
	uitest.Run(first)
	cmd, waits := k.Keep(true)
	if !waits {
		t.Fatal("what was written meanwhile is not stored")
	}
	uitest.Run(cmd)
	if n := len(k.engine.Saved); n != 2 || k.engine.Saved[1].Body != "Dear Ben" {
		t.Errorf("stored: %+v", k.engine.Saved)
	}
	if _, waits := k.Keep(true); waits {
		t.Error("it waits though all is stored")
	}
	k.letters("!")
	k.engine.Err = errors.New("the disk is full")
	cmd, waits = k.Keep(false)
	if !waits {
		t.Fatal("it is not stored")
	}
	uitest.Run(cmd)
	if _, waits := k.Keep(true); waits {
		t.Error("it waits for ever where nothing can be stored")
	}
}
