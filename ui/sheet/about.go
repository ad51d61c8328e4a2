package sheet

import (
	"fmt"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// About is what is known of a message beside what it says.
type About struct {
	cache.Detail
	Shown  mail.Mailbox     // where it is for the person
	Said   cache.SyncState  // of the mailbox the server has it in
	UID    mail.UID         // there; 0: not known yet
	Thread int              // messages of its conversation
	Here   map[string]int64 // octets that are here, by section
}

// NewAbout shows it.
func NewAbout(env *screen.Env, about About) *Sheet {
	return &Sheet{env: env, title: "About this message", text: func(w int) [][]widget.Styled { return about.lines(env, w) }}
}

func (a *About) lines(env *screen.Env, w int) [][]widget.Styled {
	f := facts{env: env, width: w}
	f.head(a.Subject)
	f.fact("From", addresses(a.Envelope.From))
	f.fact("To", addresses(a.Envelope.To))
	f.fact("Cc", addresses(a.Envelope.Cc))
	f.fact("Sent", when(env, a.Date))
	f.fact("Received", when(env, a.Received))
	f.fact("Message-ID", a.MessageID)
	f.fact("List-Id", a.ListID)
	if a.Thread > 1 {
		f.fact("Conversation", fmt.Sprintf("%d messages", a.Thread))
	}
	f.head("On the server")
	f.fact("Account", a.Account)
	f.fact("Mailbox", a.Said.Name)
	if a.Shown.Key != a.Said.Key {
		f.fact("Wanted in", a.Shown.Name)
	}
	f.fact("UID", uidWords(a.UID, a.Said.UIDValidity))
	f.fact("Flags", flagWords(a.Flags, a.Keywords))
	f.fact("Size", octets(a.Size))
	f.head("Parts")
	if a.Structure == nil {
		f.fact("", "not known yet: open the message")
	} else {
		f.part(a.Structure, 0, a.Here)
	}
	return f.out
}

// addresses names the first few.
func addresses(list []mail.Address) string {
	var out []string
	for i, a := range list {
		if i == 5 {
			out = append(out, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}

func uidWords(uid mail.UID, validity mail.UIDValidity) string {
	if uid == 0 {
		return "not known yet"
	}
	return fmt.Sprintf("%d, as long as UIDVALIDITY is %d", uid, validity)
}

func flagWords(flags mail.Flags, keywords mail.Keywords) string {
	words := append(flags.Names(), strings.Fields(string(keywords))...)
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

func octets(n int64) string {
	if n < 1000 {
		return widget.Size(n)
	}
	return fmt.Sprintf("%s (%s octets)", widget.Size(n), widget.Thousands(int(n)))
}

func when(env *screen.Env, t time.Time) string {
	if t.IsZero() {
		return "not said"
	}
	return t.In(env.Now().Location()).Format("Monday, 2 January 2006, 15:04:05")
}

// facts are lines of a name and what there is to say of it.
type facts struct {
	env   *screen.Env
	width int
	out   [][]widget.Styled
}

const (
	named  = 14 // columns of the names
	beside = 60 // columns from which what they name stands beside them
)

func (f *facts) head(text string) {
	f.out = append(f.out, nil, []widget.Styled{{Text: " " + width.Cut(mail.Line(text), f.width-2), Style: f.env.Theme.Strong}}, nil)
}

// fact is one of them; one that says nothing is left out.
func (f *facts) fact(name, text string) {
	if text = mail.Line(text); text == "" {
		return
	}
	th, room := f.env.Theme, max(10, f.width-named-3)
	if f.width < beside {
		f.run(name, text)
		return
	}
	for _, line := range width.Wrap(text, room) {
		f.out = append(f.out, []widget.Styled{{Text: " " + width.Fit(name, named), Style: th.Dim}, {Text: width.Cut(line, room), Style: th.Text}})
		name = ""
	}
}

// run lets what there is to say run on behind its name, and indents the rest.
func (f *facts) run(name, text string) {
	th := f.env.Theme
	for _, line := range width.Wrap(name+"  "+text, max(10, f.width-4)) {
		if rest, first := strings.CutPrefix(line, name); first && name != "" {
			f.out = append(f.out, []widget.Styled{{Text: " " + name, Style: th.Dim}, {Text: rest, Style: th.Text}})
		} else {
			f.out = append(f.out, []widget.Styled{{Text: "   " + width.Cut(line, f.width-4), Style: th.Text}})
		}
		name = ""
	}
}

// part is one of the message's parts, and those in it.
func (f *facts) part(p *mail.Part, depth int, here map[string]int64) {
	text := strings.Repeat("  ", depth) + p.MediaType
	if !p.Multipart() {
		text += ", " + widget.Size(p.Size)
		if p.Filename != "" {
			text += ", " + p.Filename
		}
		switch n := here[p.Section]; {
		case n == 0:
			text += ", not fetched"
		case n < p.Size:
			text += ", " + widget.Size(n) + " fetched"
		}
	}
	columns := named
	if f.width < beside {
		columns = 4
	}
	f.out = append(f.out, []widget.Styled{{Text: " " + width.Fit(p.Section, columns), Style: f.env.Theme.Dim},
		{Text: width.Cut(mail.Line(text), max(10, f.width-columns-3)), Style: f.env.Theme.Text}})
	for i := range p.Children {
		f.part(&p.Children[i], depth+1, here)
	}
}
