// Package composer is the screen on which a message is written: header fields, attachments and the text. What is
// written is kept as a draft all the while; sending hands it to the engine. The screen refuses to build or to send
// anything itself, and it does not close before the draft is safe.
package composer

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/people"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// field is a part of the screen that can have the focus, in the order of the screen.
type field int

const (
	from field = iota
	to
	cc
	bcc
	replyTo // only where it is wanted
	subject
	files // attachments: only where there are some
	text
)

var fieldNames = [...]string{from: "From", to: "To", cc: "Cc", bcc: "Bcc", replyTo: "Reply-To", subject: "Subject", files: "Files"}

// Composer is the screen. Recipients, subject and text live in its fields; the rest of the draft in draft.
type Composer struct {
	env      *screen.Env
	draft    compose.Draft
	fields   [text]widget.Field // from's is not used: an identity is chosen, not typed
	slips    [text]slip         // what is wrong with their addresses
	text     *widget.Text
	focus    field
	touched  bool // the person changed something
	contacts func(ctx context.Context, prefix string, n int) ([]mail.Address, error)

	shelf      fileLine
	lastFolder string       // that something was attached from; empty: not known
	popup      widget.Popup // completions of the address under the cursor
	limit      limit        // of the account's server
	completing screen.Ticket
	known      []people.Entry // who was found for it so far
	blind      bool           // that files of contacts cannot be read was said
	deaf       bool           // that the external address book fails was said

	drawn   layout
	held    bool // a field was clicked, and the button is still down
	killed  widget.Killed
	asking  bool // the terminal for its clipboard
	keeping keeping
	editing bool   // the external editor has the text
	sought  string // what was looked for in the text last
}

// New is the composer on d, and the command that starts it.
func New(env *screen.Env, d compose.Draft) (screen.Screen, tea.Cmd) {
	c := &Composer{env: env, draft: d, focus: to}
	if env.Store != nil {
		c.contacts = env.Store.Contacts
	}
	for f, s := range map[field]string{to: d.To, cc: d.Cc, bcc: d.Bcc, replyTo: d.ReplyTo, subject: d.Subject} {
		c.fields[f].Set(s)
	}
	body, start := d.Body, d.At
	if d.Key == 0 && len(d.InReplyTo) > 0 && body != "" && !strings.HasPrefix(body, "\n") {
		if env.Config.AnswerBelow {
			body, start = d.AnswerBelow()
		} else {
			body = "\n\n" + body // room for the answer above the quote
		}
	}
	c.text = widget.NewText(body)
	c.text.Goto(start)
	c.text.Share(&c.killed)
	for f := range c.fields {
		c.fields[f].Share(&c.killed)
	}
	if strings.TrimSpace(d.To) != "" && !d.Redirected {
		if c.focus = subject; d.Subject != "" {
			c.focus = text
		}
	}
	c.keeping.kept = c.written()
	if env.Config.UseEditor && !d.Redirected {
		return c, tea.Batch(c.askLimit(), c.askFolder(), c.edit(""))
	}
	return c, tea.Batch(c.askLimit(), c.askFolder())
}

// Title names the screen.
func (c *Composer) Title() (name, detail string) {
	doing := "writing"
	if c.draft.Redirected {
		doing = "redirecting"
	}
	if s := c.fields[subject].Text(); s != "" {
		return s, doing
	}
	return "New message", ""
}

// written is the draft as it stands on screen.
func (c *Composer) written() compose.Draft {
	d := c.draft
	d.To, d.Cc, d.Bcc = c.fields[to].Text(), c.fields[cc].Text(), c.fields[bcc].Text()
	d.ReplyTo, d.Subject, d.Body = c.fields[replyTo].Text(), c.fields[subject].Text(), c.text.Text()
	d.Attachments = slices.Clone(d.Attachments)
	return d
}

// take puts d on screen in place of what stands there.
func (c *Composer) take(d compose.Draft) tea.Cmd {
	for f, s := range map[field]string{to: d.To, cc: d.Cc, bcc: d.Bcc, replyTo: d.ReplyTo, subject: d.Subject} {
		if s != c.fields[f].Text() {
			c.fields[f].Change(s)
		}
	}
	c.text.Change(d.Body)
	d.Key = c.draft.Key
	c.draft = d
	return c.changed()
}

// Scopes depend on where the cursor is: completions take the arrows as long as they are shown.
func (c *Composer) Scopes() []action.Scope {
	switch {
	case c.popup.Open():
		return []action.Scope{action.Offered, action.Composer}
	case c.focus == text && c.text.Selected():
		return []action.Scope{action.Marked, action.Editor, action.Composer}
	case c.focus == text:
		return []action.Scope{action.Editor, action.Composer}
	case c.fields[c.focus].Selected():
		return []action.Scope{action.Marked, action.Field, action.Composer}
	}
	return []action.Scope{action.Field, action.Composer}
}

// Offers leaves out what would change a message that is only passed on.
func (c *Composer) Offers(a action.Action) bool {
	switch a {
	case action.Attach, action.AttachLetter, action.Detach, action.Markdown, action.ExternalEd, action.Template, action.Sign, action.ReplyTo, action.Originals:
		return !c.draft.Redirected
	}
	return true
}

// Do carries out an action of the composer. Nothing is taken while it is about to close.
func (c *Composer) Do(a action.Action) (tea.Cmd, bool) {
	if c.keeping.goal != goOn || c.editing {
		return nil, true
	}
	if c.popup.Open() {
		if cmd, ok := c.choose(a); ok {
			return cmd, true
		}
	}
	if !c.Offers(a) {
		c.env.Root.Say("What is redirected goes out as it is: forward it instead to change it.")
		return nil, true
	}
	switch a {
	case action.NextField:
		c.moveTo(c.beside(1))
	case action.PrevField:
		c.moveTo(c.beside(-1))
	case action.ReplyTo:
		c.moveTo(replyTo)
	case action.SwitchFrom:
		return c.pickIdentity(), true
	case action.Attach:
		return c.askForFile(), true
	case action.AttachLetter:
		return c.askForLetter(), true
	case action.Detach:
		return c.detach(), true
	case action.Markdown:
		return c.toggleMarkdown(), true
	case action.Sign:
		return c.pickSignature(), true
	case action.Originals:
		return c.toggleCarried(), true
	case action.Template:
		return c.askForTemplate(), true
	case action.ExternalEd:
		return c.edit(""), true
	case action.Send:
		return c.send(time.Time{}, false), true
	case action.SendFile:
		return c.sendAndFile(), true
	case action.SendLater:
		return c.askWhen(), true
	case action.CloseDraft:
		return c.close(), true
	case action.Discard:
		return c.discard(), true
	default:
		return c.doText(a)
	}
	return nil, true
}

// Type goes to the field with the focus.
func (c *Composer) Type(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case c.keeping.goal != goOn || c.editing:
		return nil
	case widget.Yanks(k) && c.killed.Text == "": // what other programs copied, where the terminal tells
		c.asking = true
		c.env.Root.Say("Nothing was cut here: the terminal is asked for its clipboard. Where it does not tell, its own key pastes.")
		return tea.ReadClipboard
	case c.focus == from:
		return c.typeFrom(k)
	case c.focus == files:
		return c.typeFiles(k)
	case c.focus == text:
		changed, taken := c.text.Type(k)
		if !taken && k.Code == tea.KeyUp {
			c.moveTo(c.beside(-1))
		}
		if changed {
			return c.changed()
		}
		return nil
	}
	before := c.fields[c.focus].At()
	changed := c.fields[c.focus].Type(k)
	if !changed && c.fields[c.focus].At() == before {
		return nil
	}
	if c.popup.Hide(); !changed {
		return nil
	}
	return tea.Batch(c.changed(), c.lookUp())
}

// Paste goes to the field with the focus.
func (c *Composer) Paste(s string) tea.Cmd {
	if c.keeping.goal != goOn || c.editing {
		return nil
	}
	return c.pasteOrDrop(s)
}

// paste puts what comes from outside into a field or the text.
func (c *Composer) paste(s string, into field) tea.Cmd {
	switch into {
	case from, files:
		return nil
	case text:
		c.text.Paste(s)
	case subject:
		c.fields[subject].Paste(s)
	default:
		c.fields[into].Paste(compose.AddressList(s))
		c.popup.Hide()
	}
	return c.changed()
}

// changed notes that something was written.
func (c *Composer) changed() tea.Cmd {
	c.touched = true
	return c.keeping.later(c)
}

// Update takes what commands found out.
func (c *Composer) Update(msg tea.Msg) tea.Cmd {
	if _, ok := msg.(screen.Restyled); ok {
		c.text.Rewrap()
	}
	if m, ok := msg.(tea.ClipboardMsg); ok && c.asking && m.Content != "" {
		c.asking = false
		return c.Paste(m.Content)
	}
	r, ok := msg.(screen.Result)
	if !ok {
		return nil
	}
	switch v := r.Value.(type) {
	case due:
		return c.keeping.tick(c, r.Ticket)
	case outcome:
		return c.finish(v, r.Err)
	case found:
		c.unread(v.trouble)
		if r.Ticket == c.completing {
			c.known = append(v.list, c.known...) // the address book may have been faster
			c.suggest()
		}
	case asked:
		return c.answered(v, r.Ticket == c.completing)
	case attached:
		return c.attach(v, r.Err)
	case limit:
		c.limit = v
	case lastFolder:
		c.lastFolder = string(v)
	case listing:
		return c.pickFile(v, r.Err)
	case letters:
		return c.pickLetter(v, r.Err)
	case contents:
		return c.pickContents(v, r.Err)
	case templates:
		if r.Err != nil {
			c.env.Root.Fail("", r.Err)
			return nil
		}
		return PickTemplate(c.env, v, c.putTemplate)
	case pasted:
		return c.drop(v)
	case scratch:
		return c.run(v, r.Err)
	case edited:
		return c.edited(v, r.Err)
	}
	return nil
}

// load is screen.Load for results that are told apart by their type.
func load[T any](c *Composer, f func(ctx context.Context) (T, error)) tea.Cmd {
	return screen.Load(c.env, c, 0, func(ctx context.Context) (any, error) { return f(ctx) })
}

// Unsaved is the draft, and whether there is more in it than was kept so far: what to save when the program ends
// while the screen is open.
func (c *Composer) Unsaved() (compose.Draft, bool) { return c.written(), c.dirty() }

// Keep stores what is not kept yet; waits tells that its result is to be waited for, or that of what is under way. What
// could not be stored again is left.
func (c *Composer) Keep(again bool) (cmd tea.Cmd, waits bool) {
	if c.keeping.running != nothing {
		return nil, true
	}
	if !c.dirty() || again && c.keeping.failed {
		return nil, false
	}
	return c.save(), true
}

// autosave is how long after the last change the draft is kept, and patience how long changes may go on before it is.
const (
	autosave = time.Second
	patience = 10 * time.Second
)
