package ui_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// shows fails unless the terminal shows exactly what was drawn, with its cursor where it was put. The title goes out
// before what is below it: once the next title is there, so is all of the frame. The glass gets it in one piece, since it
// takes no character apart that comes in two.
func (x *tap) shows(name string, v tea.View, want []string) {
	x.t.Helper()
	x.show(v)
	x.show(v)
	x.mu.Lock()
	defer x.mu.Unlock()
	end := bytes.LastIndex(x.out.Bytes(), []byte("\x1b]2;"))
	x.glass.Write(x.out.Next(end))
	got, at := x.seen(), x.glass.CursorPosition()
	if strings.Join(got, "\n") != strings.Join(want, "\n") || v.Cursor != nil && (at.X != v.Cursor.X || at.Y != v.Cursor.Y) {
		x.t.Errorf("%s: the terminal shows, with its cursor at %v,\n%s\nwant\n%s", name, at, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// seen is the text on the glass.
func (x *tap) seen() []string {
	var out []string
	for row := range x.h {
		var b strings.Builder
		for column := 0; column < x.w; {
			cell := x.glass.CellAt(column, row)
			if cell == nil || cell.Content == "" {
				b.WriteByte(' ')
				column++
				continue
			}
			b.WriteString(cell.Content)
			column += max(1, cell.Width)
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}

// world is posthorn on a terminal, with mail and mailboxes in the scripts of the world.
type world struct {
	*scene
	app    *ui.App
	tap    *tap
	newest mail.MessageKey // the letter that converse put there
	posted []int64         // the mail in the outbox
}

// newWorld has accounts without mail; fetching tells whether the text of a message comes when it is opened.
func newWorld(t *testing.T, w, h int, fetching bool, states ...engine.State) *world {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, dir := range []string{"Bilder 📷", "Downloads", "港湾"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	s := &world{scene: &scene{d, uitest.NewLocal(fake, m, d), m}}
	if len(states) > 0 {
		fake.Stands = states
	}
	opt := ui.Options{Store: m.Reader, Engine: fake, Events: d, Timer: d.Timer, Now: env.Now,
		Config: screen.Config{Theme: "dark", Headings: true, MarkReadAfter: time.Second, Downloads: filepath.Join(home, "Downloads")}}
	if fetching {
		opt.Engine = s.eng
	}
	s.tap = newTap(t, d, w, h)
	s.app = ui.New(env.Ctx, opt)
	s.Start(s.app, w, h)
	return s
}

// settle puts the mail there.
func (s *world) settle() {
	s.mail.Mailboxes("home", "INBOX", "Archive", "Drafts", "Sent", "Trash", "📦 Pakete", "港湾局 Minato", "قوارب", "Grüße/नमस्ते")
	s.mail.Mailboxes("work", "INBOX", "Archive", "Sent", "Trash")
	for i, l := range []struct {
		from, subject, text string
		flags               mail.Flags
	}{
		{"Mira Okafor <mira@harbour.example>", "Harbour dinner on Friday?", "Shall we say seven?", 0},
		{"森 健二 <mori@example.jp>", "水位計の設置について：明日の午前中に伺いますので、よろしくお願いいたします", "よろしくお願いします。\n\n> 明日の午前中に\n\n森", mail.Answered},
		{"ليلى حداد <layla@example.org>", "محطة قياس المد في الميناء الشرقي", "مرحبا", mail.Seen},
		{"נועה ברזילי <noa@barzilai.example>", "איפה השעון? 🕰️", "שלום", mail.Seen | mail.Flagged},
		{"👩‍👩‍👧 Familie Größe 🐙 <familie@example.de>", "🎉🎉 Wir feiern 🇩🇪🇯🇵 – kommt ihr? 👍🏽", "Ja? 🎂", 0},
		{"रोहन देशमुख <rohan@example.in>", "आपका पार्सल नमस्ते के साथ", "नमस्ते", mail.Seen},
		{"ＦＵＬＬ　ＷＩＤＴＨ <full@example.org>", "Zalgo Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ and a soft\u00adhyphen", "x", mail.Seen},
	} {
		account := []string{"home", "work"}[i%2]
		s.eng.Deliver(account, "INBOX", sample(l.from, l.subject, uitest.Now.Add(-time.Duration(1+i*i*5)*time.Hour).Format(time.RFC1123Z), l.text), l.flags)
		s.Post(mail.Event{Kind: mail.MessagesChanged, Account: account, Mailbox: s.mail.Box(account, "INBOX")})
	}
	s.Post(mail.Event{Kind: mail.MailboxesChanged, Account: "home"}, mail.Event{Kind: mail.MailboxesChanged, Account: "work"})
}
