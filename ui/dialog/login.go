package dialog

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Password asks for an account's password.
type Password struct {
	env      *screen.Env
	account  string // as configured, the key
	signIn   func(password string, remember bool) tea.Cmd
	where    string // who signs in where
	said     string // why the password is asked for; may be empty
	field    widget.Field
	remember bool
	onToggle bool // the focus is on "remember"
}

// Login asks for the password of account and calls signIn with it, and with whether it is to be remembered.
func Login(env *screen.Env, account string, signIn func(password string, remember bool) tea.Cmd) screen.Screen {
	p := &Password{env: env, account: account, signIn: signIn, field: widget.Field{Mask: true}}
	for _, a := range env.Engine.Accounts() {
		if a.Name == account {
			a = a.WithDefaults()
			p.where = mail.Line(a.IMAP.User + " at " + a.IMAP.Host)
		}
	}
	for _, s := range env.Engine.States() {
		if s.Account == account {
			p.said = widget.Sentence(mail.Line(s.Text))
		}
	}
	return p
}

// Size is the box the login wants.
func (p *Password) Size(w, h int) (int, int) {
	bw := min(60, w)
	return bw, min(len(p.head(bw))+7, h)
}

func (p *Password) head(w int) []string {
	th := p.env.Theme
	var out []string
	if p.where != "" {
		for _, l := range wrapped(p.where, w) {
			out = append(out, th.Dim.Render(l))
		}
	}
	if p.said != "" {
		for _, l := range wrapped(p.said, w) {
			out = append(out, th.Warn.Render(l))
		}
	}
	return out
}

// Update has nothing to wait for.
func (p *Password) Update(tea.Msg) tea.Cmd { return nil }

// Type goes into the password, or turns "remember" on and off with the space bar.
func (p *Password) Type(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case !p.onToggle:
		p.field.Type(k)
	case k.Text == " ":
		p.remember = !p.remember
	}
	return nil
}

// Paste inserts into the password.
func (p *Password) Paste(text string) tea.Cmd {
	if !p.onToggle {
		p.field.Paste(text)
	}
	return nil
}

// Do changes the field, signs in or gives up.
func (p *Password) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Down, action.Up, action.Complete:
		p.onToggle = !p.onToggle
		return nil, true
	case action.Cancel:
		return end(p.env, p, nil), true
	case action.Accept:
		if p.field.Text() == "" {
			return nil, true
		}
		password := p.field.Text()
		p.field.Set("")
		return end(p.env, p, func() tea.Cmd { return p.signIn(password, p.remember) }), true
	}
	return nil, false
}

// Offers nothing: the keys stand in the frame.
func (p *Password) Offers(action.Action) bool { return false }

// Draw is who signs in where, the password and the choice to keep it.
func (p *Password) Draw(area screen.Rect) screen.Frame {
	th := p.env.Theme
	m := margin(area.W)
	head := p.head(area.W)
	var lines []string
	if area.H >= len(head)+7 {
		lines = append(lines, "")
	}
	lines = append(lines, head[:min(len(head), max(0, area.H-4))]...)
	if area.H >= len(head)+5 {
		lines = append(lines, "")
	}
	label := m + "Password  "
	room := max(1, area.W-3-len(label))
	field, cursor := p.field.Show(th, room)
	lines = append(lines, th.FieldName.Render(label)+field)
	at := tea.NewCursor(len(label)+cursor, len(lines)-1)
	box, style := "[ ] ", th.Dim
	if p.remember {
		box = "[x] "
	}
	toggle := box + "remember it in the system's keyring"
	if width.Of(toggle) > room {
		toggle = box + "keep in the keyring"
	}
	if p.onToggle {
		style = th.Cursor
		at = tea.NewCursor(len(label)+1, len(lines))
	}
	lines = append(lines, pad(len(label))+style.Render(width.Cut(toggle, room)))
	foot := hint(p.env, action.Dialog, action.Accept, "sign in") + " · " + hint(p.env, action.Dialog, action.Cancel, "not now")
	return framed(p.env, area, "Sign in to "+mail.Line(p.account), foot, lines, at)
}

// Scopes of a login.
func (p *Password) Scopes() []action.Scope { return []action.Scope{action.Dialog} }
