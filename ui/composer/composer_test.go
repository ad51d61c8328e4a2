package composer

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// desk is a composer with everything around it.
type desk struct {
	*Composer
	t      *testing.T
	engine *uitest.Engine
	root   *uitest.Root
	now    time.Time
}

func open(t *testing.T, d compose.Draft) *desk {
	t.Helper()
	env, e, root := uitest.Env()
	k := &desk{t: t, engine: e, root: root, now: uitest.Now}
	env.Now = func() time.Time { return k.now }
	s, cmd := New(env, d)
	root.Push(s)
	k.Composer = s.(*Composer)
	k.contacts = func(_ context.Context, prefix string, n int) ([]mail.Address, error) {
		var out []mail.Address
		for _, a := range contacts {
			if strings.HasPrefix(strings.ToLower(a.Name), strings.ToLower(prefix)) {
				out = append(out, a)
			}
		}
		return out, nil
	}
	uitest.Run(cmd)
	return k
}

var contacts = []mail.Address{
	{Name: "Ben Okafor", Local: "ben", Domain: "okafor.example"}, {Name: "Beatrix \x1b[31m李", Local: "bea", Domain: "li.example"},
	{Name: "Berta", Local: "not valid\x1b", Domain: ""},
}

// letters types without waiting for the autosave.
func (k *desk) letters(s string) {
	for _, r := range s {
		k.key(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// key presses a key and runs what it starts, but for the wait of the autosave.
func (k *desk) key(p tea.KeyPressMsg) {
	wasTicking := k.keeping.ticking
	k.keeping.ticking = true
	run := k.Type(p)
	k.keeping.ticking = wasTicking
	uitest.Run(run)
}

// pause lets the time of the autosave come.
func (k *desk) pause() {
	k.now = k.now.Add(2 * time.Second)
	k.keeping.ticking = true
	uitest.Run(k.keeping.tick(k.Composer, k.keeping.ticket))
}

// quietly runs an action whose change starts no wait.
func (k *desk) quietly(a action.Action) {
	k.keeping.ticking = true
	uitest.Do(k.root.Top(), a)
}

func (k *desk) said(want string) {
	k.t.Helper()
	if n := len(k.root.Said); n == 0 || !strings.Contains(k.root.Said[n-1], want) {
		k.t.Errorf("said %q, want %q", k.root.Said, want)
	}
}

func (k *desk) open() bool { return k.root.Top() == screen.Screen(k.Composer) }

func anna() mail.Account {
	return mail.Account{Name: "home", Address: "anna@example.org", DisplayName: "Anna Lindqvist"}
}

func reply() compose.Draft {
	d := compose.New(anna())
	d.To, d.Cc = "Ben Okafor <ben@okafor.example>", "Bénédicte Roux <b.roux@mairie.example>"
	d.Subject, d.InReplyTo = "Re: Low tide on Saturday", []string{"a@b"}
	d.Body = "On Fri, 13 Mar 2026 at 18:02, Ben Okafor wrote:\n> The tide is lowest at 14:20.\n>> 低潮は土曜日の午後です。\n> Ben"
	return d
}

func TestNewMailStartsInToAndAReplyAboveTheQuote(t *testing.T) {
	if k := open(t, compose.New(anna())); k.focus != to {
		t.Errorf("new mail starts in %v", k.focus)
	}
	k := open(t, reply())
	k.letters("Yes!")
	if got := k.written().Body; k.focus != text || !strings.HasPrefix(got, "Yes!\n\nOn Fri") {
		t.Errorf("in field %v, the text is %q", k.focus, got)
	}
}

func TestAnswersMayBeginBelowTheQuote(t *testing.T) {
	env, _, root := uitest.Env()
	env.Config.AnswerBelow = true
	d := reply()
	d.Sign("Anna\nHarbour street 3")
	s, _ := New(env, d)
	root.Push(s)
	c := s.(*Composer)
	c.Paste("Yes!")
	if got, want := c.written().Body, reply().Body+"\n\nYes!\n\n-- \nAnna\nHarbour street 3\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTheSignatureChangesWithFrom(t *testing.T) {
	d := compose.New(anna())
	d.Sign("Anna, at home")
	k := open(t, d)
	for i := range k.engine.Has {
		k.engine.Has[i].Signatures = map[string]string{"a.lindqvist@harbour.example": "Harbour office"}
	}
	k.moveTo(from)
	k.key(tea.KeyPressMsg{Code: tea.KeyRight})
	k.key(tea.KeyPressMsg{Code: tea.KeyRight})
	if got := k.written(); got.Account != "work" || got.Body != "\n\n-- \nHarbour office\n" {
		t.Errorf("%s: %q", got.Account, got.Body)
	}
}

func TestDrawings(t *testing.T) {
	full := reply()
	full.Attachments = []compose.Attachment{{Name: "tides.pdf", Size: 48211}, {Name: "slip\x1b[2J.jpg", Size: 2400000}}
	draw := func(name string, k *desk) {
		for _, s := range []struct {
			name string
			w, h int
		}{{"80x24", 80, 24}, {"120x36", 120, 36}, {"40x12", 40, 12}} {
			uitest.Golden(t, name+"-"+s.name, k.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
		}
	}
	draw("new", open(t, compose.New(anna())))
	draw("reply", open(t, full))
	k := open(t, compose.New(anna()))
	k.letters("be")
	draw("completing", k)
	k.key(tea.KeyPressMsg{Code: 'x', Text: "x"})
	k.moveTo(from)
	draw("from", k)
	for w := 1; w < 44; w++ {
		for h := 1; h < 22; h++ {
			if f := k.Draw(screen.Rect{W: w, H: h}); len(f.Lines) != h {
				t.Fatalf("%d lines in %dx%d", len(f.Lines), w, h)
			}
		}
	}
}

func TestCompletionTakesAnAddressAndSkipsBadOnes(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.letters("be")
	if n := len(k.popup.Choices()); n != 2 {
		t.Fatalf("%d completions, want 2: %v", n, k.popup.Choices())
	}
	k.quietly(action.Down)
	k.quietly(action.Accept)
	k.letters("be")
	if n := len(k.popup.Choices()); n != 1 {
		t.Errorf("an address that stands there already is offered again: %v", k.popup.Choices())
	}
	k.quietly(action.Complete)
	k.quietly(action.NextField)
	want := `"Beatrix ␛[31m李" <bea@li.example>, Ben Okafor <ben@okafor.example>`
	if got := k.written().To; got != want || k.focus != cc {
		t.Errorf("to is %q, want %q; in field %v", got, want, k.focus)
	}
}

func TestAWholeAddressIsNotReplacedByEnter(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.contacts = func(context.Context, string, int) ([]mail.Address, error) {
		return []mail.Address{{Local: "ben", Domain: "okafor.example.net"}}, nil
	}
	k.letters("ben@okafor.example")
	k.quietly(action.Accept)
	if got := k.written().To; got != "ben@okafor.example" || k.focus != cc {
		t.Errorf("to became %q, in field %v", got, k.focus)
	}
}

func TestEscHidesCompletionsBeforeItCloses(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.letters("be")
	if s := k.Scopes(); s[0] != action.Offered {
		t.Errorf("scopes %v", s)
	}
	k.quietly(action.Cancel)
	if k.popup.Open() || !k.open() {
		t.Error("still shown, or closed")
	}
}

func TestArrowsGoThroughTheFields(t *testing.T) {
	k := open(t, compose.New(anna()))
	for range 6 {
		k.quietly(action.NextField)
	}
	if k.focus != text {
		t.Errorf("at %v", k.focus)
	}
	k.key(tea.KeyPressMsg{Code: tea.KeyUp})
	if k.focus != subject {
		t.Errorf("up from the first row went to %v", k.focus)
	}
}

func TestFromGoesThroughAllIdentitiesOfAllAccounts(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(from)
	var seen []string
	for range 3 {
		k.key(tea.KeyPressMsg{Code: tea.KeyRight})
		seen = append(seen, k.draft.Account+" "+k.draft.From.Addr())
	}
	want := []string{"home post@lindqvist.example", "work a.lindqvist@harbour.example", "home anna@example.org"}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("went through %q, want %q", seen, want)
	}
	k.quietly(action.SwitchFrom)
	uitest.Type(k.root.Top(), "harb")
	k.quietly(action.Accept)
	if k.draft.Account != "work" {
		t.Errorf("picked %q", k.draft.Account)
	}
}

func TestAttachAndDetach(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one.pdf", "two.pdf", "three.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	k := open(t, reply())
	attach := func(path string) {
		k.quietly(action.Attach)
		prompt := k.root.Top()
		prompt.(screen.TextEntry).Type(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
		prompt.(screen.TextEntry).Paste(path)
		k.quietly(action.Accept)
	}
	attach(filepath.Join(dir, "*.pdf"))
	attach(filepath.Join(dir, "one.pdf"))
	k.said("already")
	if n := len(k.draft.Attachments); n != 2 {
		t.Fatalf("%d attachments, want 2", n)
	}
	attach(filepath.Join(dir, "four.pdf"))
	k.said("no such file")
	k.quietly(action.Detach)
	uitest.Type(k.root.Top(), "one")
	k.quietly(action.Accept)
	if n := len(k.draft.Attachments); n != 1 || k.draft.Attachments[0].Name != "two.pdf" {
		t.Errorf("attachments %+v", k.draft.Attachments)
	}
}

func TestPathsComplete(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	os.MkdirAll(filepath.Join(dir, "Photos"), 0o700)
	for _, name := range []string{"plan.txt", ".hidden", "bad\x1bname"} {
		os.WriteFile(filepath.Join(dir, name), nil, 0o600)
	}
	if got, want := paths("~/"), []string{"~/Photos/", "~/plan.txt"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := paths("~/."), []string{"~/.hidden"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := paths("~/P"), []string{"~/Photos/", "~/plan.txt"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPastedListOfAddressesGetsCommas(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.keeping.ticking = true
	uitest.Run(k.Paste("ben@okafor.example\r\nbea@li.example\n"))
	if got := k.written().To; got != "ben@okafor.example, bea@li.example" {
		t.Errorf("to is %q", got)
	}
}

func TestUndoBringsTextBack(t *testing.T) {
	k := open(t, reply())
	before := k.written().Body
	k.letters("Yes")
	k.quietly(action.Undo)
	if got := k.written().Body; got != before {
		t.Errorf("text is %q", got)
	}
	k.quietly(action.Undo)
	k.said("nothing to undo")
}

func TestNothingHostileIsDrawn(t *testing.T) {
	d := reply()
	d.Subject, d.From.Name, d.Body = "a\x1b]0;x\x07", "An\x1b[2Jna", "b\x1b[31mc\u202e"
	k := open(t, d)
	plain := ansi.Strip(strings.Join(k.Draw(screen.Rect{W: 80, H: 24}).Lines, "\n"))
	if strings.ContainsAny(plain, "\x1b\x07\u202e") || !strings.Contains(plain, "a␛]0;x␇") {
		t.Errorf("drawn: %q", plain)
	}
}

func TestOnesOwnOtherAddressIsOfferedThoughNobodyWroteToIt(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.letters("a.lind")
	k.quietly(action.Complete)
	if got := k.written().To; got != "Anna Lindqvist <a.lindqvist@harbour.example>, " {
		t.Errorf("to is %q", got)
	}
}

func TestReplyToIsAFieldWhereItIsWanted(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.moveTo(bcc)
	if k.quietly(action.NextField); k.focus != subject {
		t.Errorf("Tab behind Bcc leads to %v", k.focus)
	}
	if k.quietly(action.PrevField); k.focus != bcc {
		t.Errorf("Shift-Tab before Subject leads to %v", k.focus)
	}
	if strings.Contains(strings.Join(k.Draw(screen.Rect{W: 80, H: 24}).Lines, "\n"), "Reply-To") {
		t.Error("it is shown unasked")
	}
	k.quietly(action.ReplyTo)
	k.letters("the crew")
	k.quietly(action.NextField)
	k.said("Reply-To: \"the crew\" is not an address")
	k.moveTo(to)
	k.letters("ben@okafor.example")
	uitest.Run(k.send(time.Time{}, false))
	if k.said("Reply-To: \"the crew\" is not an address"); k.focus != replyTo || len(k.engine.Sent) > 0 {
		t.Errorf("in %v, sent %v", k.focus, k.engine.Sent)
	}
	k.fields[replyTo].Set("")
	k.letters("crew@okafor.example, ")
	k.moveTo(bcc)
	if k.quietly(action.NextField); k.focus != replyTo || k.written().ReplyTo != "crew@okafor.example" {
		t.Errorf("in %v: %q", k.focus, k.written().ReplyTo)
	}
	uitest.Golden(t, "reply-to-80x24", k.Draw(screen.Rect{W: 80, H: 24}), 80, 24)
	uitest.Golden(t, "reply-to-40x12", k.Draw(screen.Rect{W: 40, H: 12}), 40, 12)
}
