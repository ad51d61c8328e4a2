package pager

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

const letter = `From: "Mira Okafor" <mira.okafor@harbour.example>
To: Anna Lindqvist <anna@example.org>, Tomás Ó Briain <tomas@example.org>
Cc: =?utf-8?q?J=C3=B6rg_Brandt?= <joerg@example.net>
Date: Sat, 14 Mar 2026 08:12:00 +0000
Subject: Harbour dinner on Friday?
Message-ID: <dinner-1@harbour.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mix

--mix
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 8bit

Hello Anna,

shall we say seven? I asked at the Lantern and they keep the long 
table by the window for us. The menu is at https://lantern.example/menu 
and it changes every day.

On Thu, 12 Mar 2026, Anna Lindqvist wrote:
> Friday would be lovely. Who else comes?
>
>> We could be eight or nine.

See you there,
Mira

-- 
Mira Okafor · Harbour Rowing Club

--alt
Content-Type: text/html; charset=utf-8

<h1>Friday</h1><p>Shall we say <b>seven</b>? The menu is <a href="https://lantern.example/menu">here</a>, and
<a href="https://evil.example/login">www.lantern.com</a> has pictures.</p><img src="https://lantern.example/a.png">
<blockquote>Friday would be lovely.</blockquote>

--alt--
--mix
Content-Type: application/pdf; name="menu.pdf"
Content-Disposition: attachment; filename="menu.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSPj4K
--mix
Content-Type: image/png; name="../table.png"
Content-Disposition: attachment; filename="../table.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--mix--
`

// fixture is a pager on one message, with everything around it.
type fixture struct {
	t    *testing.T
	env  *screen.Env
	eng  *uitest.Engine
	root *uitest.Root
	mail *uitest.Mail
	key  mail.MessageKey
	raw  string
}

func newFixture(t *testing.T, raw string) *fixture {
	env, eng, root := uitest.Env()
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX", "Archive")
	env.Store = m.Reader
	env.Config.MarkReadAfter = -1
	return &fixture{t, env, eng, root, m, m.Deliver("home", "INBOX", raw, 0), raw}
}

// open shows the message in w columns, its text being here already.
func (f *fixture) open(w int) *Pager {
	f.mail.Fetch(f.key, f.raw)
	return f.show(w)
}

func (f *fixture) show(w int) *Pager {
	p, cmd := New(f.env, f.key, w)
	uitest.Run(cmd)
	return p
}

func text(p screen.Screen, w, h int) string {
	return ansi.Strip(strings.Join(p.Draw(screen.Rect{W: w, H: h}).Lines, "\n"))
}

var sizes = []struct{ w, h int }{{80, 24}, {120, 36}, {40, 12}, {94, 60}}

func (f *fixture) golden(name string, prepare func(*Pager)) {
	f.t.Helper()
	for _, s := range sizes {
		p := f.show(s.w)
		text(p, s.w, s.h)
		prepare(p)
		uitest.Golden(f.t, fmt.Sprintf("%s-%dx%d", name, s.w, s.h), p.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
}

func TestLetterIsShownWithCalmHeader(t *testing.T) {
	f := newFixture(t, letter)
	f.mail.Fetch(f.key, f.raw)
	f.golden("letter", func(*Pager) {})
	f.golden("letter-html", func(p *Pager) { uitest.Do(p, action.SwitchView) })
	f.golden("letter-found", func(p *Pager) { p.text.Find("friday") })
}

func TestPagerFillsAnyArea(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	for w := 1; w < 60; w++ {
		uitest.Run(p.Resize(w))
		for h := 0; h < 14; h++ {
			fr := p.Draw(screen.Rect{W: w, H: h})
			if len(fr.Lines) != h {
				t.Fatalf("%dx%d: %d lines", w, h, len(fr.Lines))
			}
			for _, l := range fr.Lines {
				if n := ansi.StringWidthWc(l); n != w {
					t.Fatalf("%dx%d: a line of %d columns: %q", w, h, n, ansi.Strip(l))
				}
			}
		}
	}
}

func TestMissingTextIsAskedForOnceAndShownWhenItComes(t *testing.T) {
	f := newFixture(t, letter)
	p := f.show(80)
	if got := text(p, 80, 24); !strings.Contains(got, "Fetching the message") || !strings.Contains(got, "Harbour dinner") {
		t.Errorf("while waiting:\n%s", got)
	}
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key + 1}))
	uitest.Run(p.Resize(79))
	if len(f.eng.Opened) != 1 || f.eng.Opened[0].Key != f.key || len(f.eng.Opened[0].Sections) != 0 {
		t.Errorf("asked for %v", f.eng.Opened)
	}
	f.mail.Fetch(f.key, f.raw)
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(p, 79, 24); strings.Contains(got, "Fetching") || !strings.Contains(got, "shall we say seven?") {
		t.Errorf("when it came:\n%s", got)
	}
}

func TestReasonIsShownWhenTextCannotBeHad(t *testing.T) {
	f := newFixture(t, letter)
	p := f.show(80)
	f.eng.Problems = map[mail.MessageKey]string{f.key: "the message is no longer on the server\x1b[2J"}
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(p, 80, 24); !strings.Contains(got, "no longer on the server␛[2J") {
		t.Errorf("shown:\n%s", got)
	}
}

func TestMessageIsMarkedAsReadOnceItsTextIsSeen(t *testing.T) {
	f := newFixture(t, letter)
	f.env.Config.MarkReadAfter = 0
	p := f.show(80)
	if len(f.eng.Done) != 0 {
		t.Fatal("marked as read before the text was there")
	}
	f.mail.Fetch(f.key, f.raw)
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	uitest.Run(p.Resize(70))
	want := mail.Targeted{Message: f.key, Change: mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}}
	if len(f.eng.Done) != 1 || f.eng.Done[0].What != "" || len(f.eng.Done[0].Changes) != 1 {
		t.Fatalf("wishes: %v", f.eng.Done)
	}
	if c := f.eng.Done[0].Changes[0]; c.Message != want.Message || c.Change.(mail.FlagChange) != want.Change.(mail.FlagChange) {
		t.Errorf("wished %v", c)
	}
}

func TestMarkingAsReadWaitsItsTime(t *testing.T) {
	f := newFixture(t, letter)
	f.env.Config.MarkReadAfter = 3 * time.Second
	f.mail.Fetch(f.key, f.raw)
	var after time.Duration
	f.env.Timer = func(d time.Duration, msg tea.Msg) tea.Cmd {
		after = d
		return func() tea.Msg { return msg }
	}
	f.show(80)
	if after != 3*time.Second || len(f.eng.Done) != 1 {
		t.Errorf("after %v: %v", after, f.eng.Done)
	}
}

func TestSpaceLeavesTheMessageOnlyAtItsEnd(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	text(p, 80, 12)
	pages := 0
	for uitest.Do(p, action.Continue) {
		if pages++; pages > 9 {
			t.Fatal("space never reaches the end")
		}
	}
	if got := text(p, 80, 12); pages < 2 || !strings.Contains(got, "Harbour Rowing Club") {
		t.Errorf("after %d pages:\n%s", pages, got)
	}
	for _, a := range []action.Action{action.Back, action.Next, action.Previous, action.Reply} {
		if uitest.Do(p, a) {
			t.Errorf("%s was taken by the pager", a)
		}
	}
}

func TestAllHeaderFieldsAndSource(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.Headers)
	if n := len(f.eng.Opened); n != 1 || strings.Join(f.eng.Opened[0].Sections, ",") != "HEADER" {
		t.Fatalf("asked for %v", f.eng.Opened)
	}
	f.mail.Fetch(f.key, f.raw, "HEADER")
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(p, 80, 24); !strings.Contains(got, "Message-ID: <dinner-1@harbour.example>") || !strings.Contains(got, "Cc: Jörg Brandt") {
		t.Errorf("headers:\n%s", got)
	}
	uitest.Do(p, action.Source)
	if n := len(f.eng.Opened); n != 2 || strings.Join(f.eng.Opened[1].Sections, ",") != "" {
		t.Fatalf("asked for %v", f.eng.Opened)
	}
	f.mail.Fetch(f.key, f.raw, "")
	uitest.Run(p.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(p, 80, 24); !strings.Contains(got, "Cc: =?utf-8?q?J=C3=B6rg_Brandt?=") {
		t.Errorf("source:\n%s", got)
	}
	uitest.Do(p, action.Source)
	uitest.Do(p, action.Headers)
	if got := text(p, 80, 24); !strings.Contains(got, "shall we say seven?") {
		t.Errorf("back at the text:\n%s", got)
	}
}

func TestLinksShowTheirTargetBeforeTheyAreOpened(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.OpenLink)
	if got := text(f.root.Top(), 60, 10); !strings.Contains(got, "https://lantern.example/menu") {
		t.Errorf("the only link:\n%s", got)
	}
	f.root.Pop(f.root.Top())
	uitest.Do(p, action.SwitchView)
	uitest.Do(p, action.OpenLink)
	uitest.Type(f.root.Top(), "2")
	uitest.Do(f.root.Top(), action.Accept)
	if got := text(f.root.Top(), 60, 16); !strings.Contains(got, "leads to evil.example") || !strings.Contains(got, "Careful") {
		t.Errorf("a link that lies:\n%s", got)
	}
}

func TestHostileNamesAreShownWithTheTrueAddress(t *testing.T) {
	spoof := strings.Replace(letter, `"Mira Okafor" <mira.okafor@harbour.example>`, `"ceo@good.example" <m@evil.example>`, 1)
	f := newFixture(t, spoof)
	p := f.open(80)
	if got := text(p, 80, 10); !strings.Contains(got, "m@evil.example (ceo@good.example)") {
		t.Errorf("header:\n%s", got)
	}
	long := strings.Replace(letter, `"Mira Okafor"`, `"`+strings.Repeat("Mira ", 60)+`"`, 1)
	f = newFixture(t, long)
	if got := text(f.open(60), 60, 10); !strings.Contains(got, "<mira.okafor@harbour.example>") {
		t.Errorf("the address was cut off:\n%s", got)
	}
}

func TestMessageThatIsGoneSaysSo(t *testing.T) {
	f := newFixture(t, letter)
	p, cmd := New(f.env, f.key+99, 80)
	uitest.Run(cmd)
	if got := text(p, 80, 10); !strings.Contains(got, "not there any more") {
		t.Errorf("shown:\n%s", got)
	}
}

func TestLateResultsOfAnotherWidthAreDropped(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	slow := p.Resize(40)
	uitest.Run(p.Resize(60))
	uitest.Run(slow)
	if p.page.how.width != 60 {
		t.Errorf("the page is %d columns wide", p.page.how.width)
	}
}

func TestWithoutHTMLThereIsNothingToSwitchTo(t *testing.T) {
	f := newFixture(t, "From: a@example.org\nSubject: x\n\nhello\n")
	p := f.open(80)
	uitest.Do(p, action.SwitchView)
	if len(f.root.Said) != 1 || !strings.Contains(f.root.Said[0], "only one form") {
		t.Errorf("said %q", f.root.Said)
	}
}

func BenchmarkOpenLargeNewsletter(b *testing.B) {
	html := "<html><body>" + strings.Repeat("<table><tr><td><p>Some <b>text</b> with a <a href='https://example.org/x'>link</a> and more words.</p></td></tr></table>", 2000) + "</body></html>"
	raw := "From: a@example.org\nSubject: news\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(html)) + "\n"
	env, _, _ := uitest.Env()
	m := uitest.NewMail(b)
	m.Mailboxes("home", "INBOX")
	env.Store = m.Reader
	key := m.Deliver("home", "INBOX", raw, mail.Seen)
	m.Fetch(key, raw)
	b.ResetTimer()
	for range b.N {
		p, cmd := New(env, key, 100)
		uitest.Run(cmd)
		p.Draw(screen.Rect{W: 100, H: 40})
	}
}

func BenchmarkScrollFrame(b *testing.B) {
	env, _, _ := uitest.Env()
	m := uitest.NewMail(b)
	m.Mailboxes("home", "INBOX")
	env.Store = m.Reader
	raw := "From: a@example.org\nSubject: long\n\n" + strings.Repeat("A line of text that is about as long as lines usually are.\n> and a quoted one\n", 2000)
	key := m.Deliver("home", "INBOX", raw, mail.Seen)
	m.Fetch(key, raw)
	p, cmd := New(env, key, 100)
	uitest.Run(cmd)
	b.ResetTimer()
	for range b.N {
		p.text.Scroll(1)
		p.Draw(screen.Rect{W: 100, H: 50})
	}
}

func TestLinksAreClickableOnlyWhereTheyLeadWhereTheySay(t *testing.T) {
	t.Setenv("TERM", "xterm-256color")
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.SwitchView)
	lines := strings.Join(p.Draw(screen.Rect{W: 80, H: 30}).Lines, "\n")
	if !strings.Contains(lines, ansi.SetHyperlink("https://lantern.example/menu")) {
		t.Errorf("the honest link is no hyperlink:\n%q", lines)
	}
	if strings.Contains(lines, "\x1b]8;;https://evil") {
		t.Error("the dishonest link is one click away")
	}
	t.Setenv("TERM", "linux")
	if got := strings.Join(f.open(80).Draw(screen.Rect{W: 80, H: 30}).Lines, "\n"); strings.Contains(got, "\x1b]8") {
		t.Error("a console that knows no hyperlinks is sent one")
	}
}

func TestTheTargetOfALinkIsCopiedAndShown(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	cmd, _ := p.Do(action.CopyLink)
	if got := fmt.Sprint(cmd()); got != "https://lantern.example/menu" {
		t.Errorf("the clipboard gets %q", got)
	}
	if len(f.root.Said) != 1 || f.root.Said[0] != "Copied https://lantern.example/menu" {
		t.Errorf("said %q", f.root.Said)
	}
}

func TestTheFormChosenForASenderIsShownFirst(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.SwitchView)
	uitest.Do(p, action.KeepView)
	if want := []string{"form mira.okafor@harbour.example: text/html"}; !slices.Equal(f.eng.Chosen, want) {
		t.Fatalf("chosen %q, want %q", f.eng.Chosen, want)
	}
	if err := f.mail.Choose(t.Context(), "form mira.okafor@harbour.example", "text/html"); err != nil {
		t.Fatal(err)
	}
	if p = f.show(80); p.page.shown != html {
		t.Errorf("shown as %s", p.page.shown)
	}
	uitest.Do(p, action.SwitchView)
	uitest.Do(p, action.KeepView)
	if last := f.eng.Chosen[len(f.eng.Chosen)-1]; last != "form mira.okafor@harbour.example: text/plain" {
		t.Errorf("going back to plain text keeps %q", last)
	}
}

func TestAPlainTextThatSaysNextToNothingIsNotShownFirst(t *testing.T) {
	poor := strings.Replace(letter, between(letter, "format=flowed\n", "\n--alt"), "\nSee this in your browser: https://lantern.example/menu\n", 1)
	poor = strings.Replace(poor, "<h1>", strings.Repeat("<p>The menu of the week has a dish for every tide.</p>", 20)+"<h1>", 1)
	f := newFixture(t, poor)
	p := f.open(80)
	if p.page.shown != html {
		t.Errorf("shown as %s:\n%s", p.page.shown, text(p, 80, 24))
	}
	uitest.Do(p, action.SwitchView)
	if p.page.shown != plain {
		t.Error("there is no way to the plain text")
	}
	uitest.Do(p, action.KeepView)
	if err := f.mail.Choose(t.Context(), "form mira.okafor@harbour.example", plain); err != nil {
		t.Fatal(err)
	}
	if p = f.show(80); p.page.shown != plain {
		t.Error("the choice of plain text is not obeyed")
	}
}

// between is what stands between two words.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestHTMLGoesThroughTheFilterOfThePerson(t *testing.T) {
	f := newFixture(t, letter)
	f.env.Config.HTMLFilter = []string{"sed", "-n", "s/.*<h1>\\(.*\\)<\\/h1>.*/It says \\1\x1b[31m/p"}
	p := f.open(80)
	uitest.Do(p, action.SwitchView)
	if got := text(p, 80, 24); !strings.Contains(got, "It says Friday␛[31m") || strings.Contains(got, "shall we say") {
		t.Errorf("filtered:\n%s", got)
	}
	f.env.Config.HTMLFilter = []string{"no-such-program"}
	p = f.show(80)
	uitest.Do(p, action.SwitchView)
	if got := text(p, 80, 24); !strings.Contains(got, "without html_filter: there is no program no-such-program.") || !strings.Contains(got, "Shall we say seven?") {
		t.Errorf("without the program:\n%s", got)
	}
}

func TestAMessageIsPipedAsItCame(t *testing.T) {
	f := newFixture(t, letter)
	f.mail.Fetch(f.key, f.raw, "")
	p := f.open(80)
	pipe := func(command string) {
		uitest.Do(p, action.Pipe)
		f.root.Top().(screen.TextEntry).Paste(command)
		uitest.Do(f.root.Top(), action.Accept)
	}
	pipe("sed -n 5,6p")
	if got := text(f.root.Top(), 80, 8); !strings.Contains(got, "Subject: Harbour dinner on Friday?") || strings.Contains(got, "From:") {
		t.Errorf("the command's output:\n%s", got)
	}
	pipe("sh -c 'cat >/dev/null; echo no patch here >&2; exit 3'")
	if n := len(f.root.Failed); n != 1 || !strings.Contains(f.root.Failed[0].Error(), "no patch here") {
		t.Errorf("failed: %v", f.root.Failed)
	}
	pipe("true $(touch /tmp/never)")
	if n := len(f.root.Said); n == 0 || f.root.Said[n-1] != "true $(touch /tmp/never) ended well and wrote nothing." {
		t.Errorf("said %q", f.root.Said)
	}
}

// The clipboard is written to by the key for it and by nothing else, and gets what would be opened, in plain ASCII.
func TestALinkIsCopiedAsItWouldBeOpened(t *testing.T) {
	for link, want := range map[string]string{
		"https://lantern.example/menu?a=1": "https://lantern.example/menu?a=1", "https://lantern.example/ü": "https://lantern.example/%C3%BC",
		"javascript:alert(1)": "", "file:///etc/passwd": "", "https://x.example/\x1b]52;c;Q05SWQ==\x07": "",
	} {
		f := newFixture(t, letter)
		cmd := f.open(80).copyLink(body.Link{URL: link})
		if want == "" {
			if cmd != nil || len(f.root.Failed) != 1 {
				t.Errorf("%q was copied, failed %v", link, f.root.Failed)
			}
			continue
		}
		if cmd == nil {
			t.Errorf("%q was not copied: %v", link, f.root.Failed)
		} else if msg := cmd(); fmt.Sprintf("%T", msg) != "tea.setClipboardMsg" || fmt.Sprint(msg) != want {
			t.Errorf("%q was copied as %T %q", link, msg, msg)
		}
	}
}

// Where there are several accounts, a message says in words and in its hue whose it is.
func TestAMessageNamesItsAccountInItsHue(t *testing.T) {
	f := newFixture(t, letter)
	for _, w := range []int{40, 80, 120} {
		lines := strings.Join(f.show(w).Draw(screen.Rect{W: w, H: 24}).Lines, "\n")
		if tag := f.env.Hue("home").Render("● home"); !strings.Contains(lines, tag) {
			t.Errorf("at %d columns it is not named:\n%s", w, lines)
		}
	}
	f.eng.Has = f.eng.Has[:1]
	if got := text(f.show(80), 80, 24); strings.Contains(got, "● home") {
		t.Errorf("the only account is named:\n%s", got)
	}
}

func TestNothingTurnsWithoutAConnection(t *testing.T) {
	f := newFixture(t, letter)
	p := f.show(80)
	shown := func() string {
		uitest.Run(p.Update(screen.Result{To: p, Ticket: p.spinning, Value: spin{}}))
		return text(p, 80, 24)
	}
	if first := shown(); shown() == first {
		t.Error("nothing turns while it is fetched")
	}
	m, _ := p.Message()
	f.eng.Stands = []engine.State{{Account: m.Account, Phase: engine.Offline}}
	if got := shown(); got != shown() || !strings.Contains(got, "is not connected") {
		t.Errorf("without a connection:\n%s", got)
	}
}
