package ui_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/uitest"
)

// room is posthorn in some state, and pictures of it. Each begins where the one before it ended.
type room struct {
	name     string
	fetching bool // texts come when they are opened
	states   []engine.State
	enter    func(*world) // comes into it; nil: settle
	pictures []picture
}

// picture is a screen by its name, and what is done to come to it: keys; 'text_typed; @1s lets time pass; !name calls one
// of the world's doings.
type picture struct{ name, way string }

var idle = []engine.State{{Account: "home", Phase: engine.Idle, Text: "connected"}, {Account: "work", Phase: engine.Idle, Text: "connected"}}

// gallery is every screen, with its empty, loading, error and offline states.
var gallery = []room{
	{name: "mail", fetching: true, pictures: []picture{
		{"list", ""}, {"message", "j j j j enter"}, {"label", "q k k k + 'wichtig"}, {"sidebar", "esc tab"}, {"goto", "tab g f"},
		{"pending", "esc g @1s"}, {"outbox", "o"}, {"reply", "q r"}, {"question", "esc c 'mori@example.jp ctrl+s"},
	}},
	{name: "doing", fetching: true, pictures: []picture{
		{"selected", "x x g"}, {"move", "esc m"}, {"palette", "esc :"}, {"palette-found", "'arch"}, {"sort", "esc O"}, {"sorted", "'sender enter @1s"},
		{"export", "E"}, {"themes", "esc g c"}, {"help", "esc ?"}, {"tasks", "esc g p"}, {"about", "q i"}, {"filtered", "q \\ s"},
		{"filtered-empty", "esc \\ l"}, {"waiting", "esc a g o"},
	}},
	{name: "views", fetching: true, enter: (*world).converse, pictures: []picture{
		{"conversation", "@1s"}, {"unfolded", "- j @1s"}, {"flat", "T @1s"}, {"two-lines", "T W @1s"}, {"starred", "W g s @1s"}, {"unread", "g u @1s"}, {"inbox", "g 2 @1s"}, {"all", "g a @1s"},
	}},
	{name: "reading", fetching: true, enter: (*world).converse, pictures: []picture{
		{"newest", "enter @1s"}, {"headers", "H @1s"}, {"source", "H ctrl+v @1s"}, {"find", "ctrl+v / 'harbour"}, {"found", "enter"}, {"lines", "esc V j j"},
		{"links", "esc o"}, {"files", "esc A"}, {"file-saving", "s"}, {"pipe", "esc q |"}, {"unsubscribe", "esc U"},
	}},
	{name: "panes", fetching: true, enter: (*world).converse, pictures: []picture{
		{"below", "w w @1s"}, {"beside", "w w w enter @1s"}, {"over", "w w @7s"},
	}},
	{name: "writing", fetching: true, pictures: []picture{
		{"new", "c"}, {"completing", "'mo"}, {"wrong", "'zzz ctrl+s"}, {"identities", "ctrl+f"}, {"attach", "esc ctrl+t"},
		{"later", "esc alt+s"}, {"text", "!letter"}, {"selection", "shift+up shift+up"}, {"markdown", "esc alt+m"}, {"discard", "ctrl+x"},
	}},
	{name: "finding", fetching: true, pictures: []picture{
		{"search", "/"}, {"operators", "'f"}, {"hits", "'rom:mira"}, {"nothing", "'xyz"}, {"search-error", "!wrong enter"}, {"results", "!look enter @1s"},
	}},
	{name: "folders", fetching: true, pictures: []picture{
		{"folder-new", "tab j j n 'Hafen"}, {"folder-rename", "esc r"}, {"folder-place", "esc m"}, {"folder-delete", "esc G d"}, {"folder-forget", "esc s"},
	}},
	{name: "empty", fetching: true, states: []engine.State{{Account: "home", Phase: engine.Connecting, Text: "connecting to imap.example.org"}, idle[1]},
		enter: func(*world) {}, pictures: []picture{
			{"unknown", ""}, {"untouched", "!come g d"}, {"empty", "U"}, {"log", "g l"},
		}},
	{name: "loading", states: []engine.State{{Account: "home", Phase: engine.Working, Text: "fetching headers of 港湾局 Minato", Done: 13200, Total: 60000, Rate: 4400}, idle[1]},
		pictures: []picture{{"fetching", ""}, {"tasks-fetching", "g p"}, {"loading", "q j enter"}}},
	{name: "waiting", enter: (*world).converse, pictures: []picture{{"files-fetching", "!text enter A s enter"}}},
	{name: "trouble", states: []engine.State{
		{Account: "home", Phase: engine.Offline, Text: "no connection to imap.example.org: connection refused", Retry: uitest.Now.Add(40 * time.Second)},
		{Account: "work", Phase: engine.Offline, Text: "no connection to mail.harbour.example: the name is not known", Retry: uitest.Now.Add(5 * time.Minute)}},
		pictures: []picture{{"offline", ""}, {"tasks-offline", "g p"}, {"unfetched", "q j j enter"}, {"reply-unfetched", "r"}, {"sidebar-offline", "esc q tab"},
			{"results-offline", "tab / 'harbour enter"}, {"error", "!full a"}, {"log-trouble", "g l"}, {"outbox-offline", "q !post @21s g o"}}},
	{name: "failure", enter: (*world).converse, pictures: []picture{{"failed", "enter !refuse"}, {"files-failed", "q !text enter A s enter !refuse"},
		{"outbox-failed", "q q q !post !bounce g o"}, {"draft-error", "q !letter !full esc"}}},
	{name: "paused", states: []engine.State{{Account: "home", Phase: engine.Paused, Text: "paused"}, idle[1]},
		pictures: []picture{{"paused", ""}, {"sidebar-paused", "tab"}, {"unfetched-paused", "tab j j enter"}, {"tasks-paused", "q g p"}}},
	{name: "nothing there", fetching: true, enter: (*world).quiet, pictures: []picture{
		{"message-empty", "enter @1s"}, {"files-none", "A"}, {"links-none", "o"}, {"goto-none", "q g f 'zzz"}, {"palette-none", "esc : 'zzz"}, {"help-none", "esc ? 'zzz"},
		{"attach-error", "esc esc c ctrl+t '/nowhere/at/all enter"}, {"later-error", "alt+s 'soonish enter"}, {"log-empty", "esc esc esc g l"}, {"drafts-empty", "q g D @1s"},
	}},
	{name: "sign in", states: []engine.State{{Account: "home", Phase: engine.NeedsLogin, Text: "the password for home is needed"}, idle[1]},
		pictures: []picture{{"signin", "!needs"}, {"signin-remember", "'secret tab"}}},
	{name: "read only", fetching: true, enter: func(s *world) {
		s.eng.Looks = errors.New("posthorn was started with -read-only: work in the other one, or start again without it")
		s.settle()
	}, pictures: []picture{{"read-only", "@1s"}, {"refused", "a"}}},
}

// doings are what a way calls by name.
var doings = map[string]func(*world){
	"come": func(s *world) {
		s.settle()
		s.eng.Stands = idle
		s.Post(mail.Event{Kind: mail.StateChanged, Account: "home"})
	},
	"full": func(s *world) {
		s.eng.Err = &mail.Error{Op: "archive", Kind: mail.Damaged, Said: "the disk is full to its last block: make room, and try again"}
		s.eng.Entries = []engine.Entry{{Number: 1, Time: uitest.Now.Add(-time.Hour), Account: "home", Text: "connected"},
			{Number: 2, Time: uitest.Now, Account: "home", Text: "no connection to imap.example.org: connection refused", Trouble: true, Times: 3}}
	},
	"needs": func(s *world) { s.Post(mail.Event{Kind: mail.StateChanged, Account: "home"}) },
	"wrong": func(s *world) {
		s.Press(strings.Fields(strings.Repeat("backspace ", 12))...)
		s.Type("mira after:soon")
	},
	"look": func(s *world) { s.Press(strings.Fields(strings.Repeat("backspace ", 20))...); s.Type("harbour") },
	"letter": func(s *world) {
		s.Press("esc", "esc", "c")
		s.Type("mori@example.jp")
		s.Press("tab", "tab", "tab")
		s.Type("水位計 🎉 und mehr")
		s.Press("tab")
		s.Type("Dear 健二,\n\nשלום – this is **bold** 👍🏽 and wide: 港湾局.\n\nAnna")
	},
	"post": func(s *world) {
		for i, subject := range []string{"潮位 – 港湾局", "مرحبا 🎉"} {
			out := cache.Outgoing{Account: "home", State: cache.Queued, From: "anna@example.org", To: []string{"mori@example.jp"}, MessageID: fmt.Sprintf("%d@x", i),
				Subject: subject, Bytes: []byte("Subject: x\r\n\r\nx\r\n"), Draft: "{}"}
			key, _, err := s.mail.Queue(s.T.Context(), out, 0)
			if err != nil {
				s.T.Fatal(err)
			}
			s.posted = append(s.posted, key)
		}
		s.Post(mail.Event{Kind: mail.OutboxChanged, Account: "home"})
	},
	"bounce": func(s *world) {
		for i, states := range [][]cache.OutState{{cache.Sending, cache.Failed}, {cache.Sending, cache.DotSent, cache.Uncertain}} {
			for _, state := range states {
				if err := s.mail.SetOutgoing(s.T.Context(), cache.Outgoing{Key: s.posted[i], To: []string{"mori@example.jp"}, State: state, Attempts: 1, LastError: "550 no such user: 森"}); err != nil {
					s.T.Fatal(err)
				}
			}
		}
		s.Post(mail.Event{Kind: mail.OutboxChanged, Account: "home"})
	},
	"refuse": func(s *world) {
		s.eng.Problems = map[mail.MessageKey]string{s.newest: "imap.example.org cannot give this message: 内部エラー"}
		s.Post(mail.Event{Kind: mail.PartReady, Message: s.newest})
	},
	"text": func(s *world) { s.mail.Fetch(s.newest, letterWithFiles) },
}

// go leads to a picture.
func (s *world) walk(way string) {
	s.T.Helper()
	for _, step := range strings.Fields(way) {
		switch rest := step[1:]; {
		case step[0] == '\'' && rest != "":
			s.Type(strings.ReplaceAll(rest, "_", " "))
		case step[0] == '!' && rest != "":
			doings[rest](s)
		case step[0] == '@' && rest != "":
			d, err := time.ParseDuration(rest)
			if err != nil {
				s.T.Fatal(err)
			}
			s.Advance(d)
		default:
			s.Press(step)
		}
	}
}

// letterWithFiles has all that a message can have.
const letterWithFiles = `From: 港湾局 Minato <minato@example.jp>
To: Anna Lindqvist <anna@example.org>, בן אור <ben@example.org>
Date: Sat, 14 Mar 2026 09:20:00 +0000
Subject: Re: Harbour dinner on Friday? 🍣
Message-ID: <second@example.jp>
In-Reply-To: <first@example.org>
References: <first@example.org>
List-Id: <harbour.example.jp>
List-Unsubscribe: <https://lists.example.jp/leave>, <mailto:leave@example.jp>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Seven it is. The harbour is at https://harbour.example.jp/map?from=station, gate 3.
お待ちしております。

On Saturday Mira wrote:
> Shall we say seven?
>> When?

-- 
港湾局 Minato
--b
Content-Type: text/csv; charset=utf-8
Content-Disposition: attachment; filename="潮位 2026.csv"

hour,metres
7,1.2
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="menu.pdf"

%PDF
--b--
`

// converse puts a conversation with files into the inbox, above the mail that settle puts there.
func (s *world) converse() {
	s.settle()
	first := strings.Replace(sample("Mira Okafor <mira@harbour.example>", "Harbour dinner on Friday?", "Sat, 14 Mar 2026 09:10:00 +0000", "When?"),
		"Message-ID: <", "Message-ID: <first@example.org>\nX-Was: <", 1)
	s.eng.Deliver("home", "INBOX", first, mail.Seen)
	s.newest = s.eng.Deliver("home", "INBOX", letterWithFiles, mail.Flagged)
	s.Post(mail.Event{Kind: mail.MessagesChanged, Account: "home", Mailbox: s.mail.Box("home", "INBOX")})
	s.Press("home")
}

// ofTheTable are pictures of the table of actions, which change with every line of it: what is drawn is in the goldens of
// sheet and dialog.
var ofTheTable = map[string]bool{"help": true, "palette": true, "palette-found": true, "palette-none": true}

// quiet is a message that says nothing.
func (s *world) quiet() {
	s.settle()
	s.eng.Deliver("home", "INBOX", sample("水 <mizu@example.jp>", "", "Sat, 14 Mar 2026 09:20:00 +0000", ""), mail.Seen)
	s.Post(mail.Event{Kind: mail.MessagesChanged, Account: "home", Mailbox: s.mail.Box("home", "INBOX")})
	s.Press("home")
}

// golden holds what is drawn against a file, and what the terminal shows against what is drawn.
func (s *world) golden(name string) {
	s.T.Helper()
	if !ofTheTable[name] {
		s.Golden(name)
	}
	s.tap.shows(name, s.View(), s.Lines())
}

// TestTheTerminalShowsWhatIsDrawn: the gallery, seen through a terminal. Every type of screen there is hangs in it.
func TestTheTerminalShowsWhatIsDrawn(t *testing.T) {
	hung, sizes := map[string]bool{}, []struct{ w, h int }{{40, 12}, {80, 24}, {120, 36}, {200, 60}}
	if testing.Short() {
		sizes = sizes[1:2]
	}
	for _, size := range sizes {
		name := fmt.Sprintf("%dx%d", size.w, size.h)
		t.Run(name, func(t *testing.T) {
			for _, r := range gallery {
				t.Run(r.name, func(t *testing.T) {
					s := newWorld(t, size.w, size.h, r.fetching, r.states...)
					if r.enter == nil {
						s.settle()
					} else {
						r.enter(s)
					}
					for _, p := range r.pictures {
						s.walk(p.way)
						if hung[p.name+name] {
							t.Fatalf("two pictures are named %s", p.name)
						}
						hung[p.name+name] = true
						s.golden(p.name)
						for _, name := range s.app.Shown() {
							hung[name] = true
						}
					}
				})
			}
		})
	}
	for _, name := range screenTypes(t) {
		if !hung[name] && !t.Failed() {
			t.Errorf("there is no picture of %s: gallery wants a line", name)
		}
	}
}

// screenTypes are the types of ./ui that draw, by reading its source.
func screenTypes(t *testing.T) (names []string) {
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Name.Name != "Draw" || f.Recv == nil || len(f.Type.Params.List) != 1 {
				continue
			}
			if area := f.Type.Params.List[0]; len(area.Names) == 0 || fmt.Sprint(area.Type) != "&{screen Rect}" { // it draws nothing
				continue
			}
			names = append(names, "*"+file.Name.Name+"."+f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
		}
		return nil
	})
	if err != nil || len(names) < 10 || !slices.Contains(names, "*index.Index") {
		t.Fatalf("%v: screens found: %q", err, names)
	}
	return names
}
