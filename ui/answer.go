package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/composer"
	"posthorn/ui/dialog"
	"posthorn/ui/index"
)

// answer is a reply or forward that waits for its original's text.
type answer struct {
	act     action.Action
	message mail.Message
	excerpt string // the lines that were selected; empty: all is quoted
}

var answerModes = map[action.Action]compose.Mode{
	action.Reply: compose.ReplySender, action.ReplyAll: compose.ReplyAll, action.ReplyList: compose.ReplyList,
	action.Forward: compose.ForwardInline, action.ForwardAttach: compose.ForwardAttached,
}

// answer opens the composer on a reply to m, or on m forwarded; what is to be quoted is fetched first.
func (a *App) answer(act action.Action, m mail.Message) tea.Cmd {
	excerpt := ""
	if a.focus == readPane && a.reader != nil && a.reader.Key() == m.Key {
		excerpt = a.reader.Selection()
		a.reader.Deselect()
	}
	return a.answerTo(answer{act, m, excerpt})
}

func (a *App) answerTo(w answer) tea.Cmd {
	act, m := w.act, w.message
	return a.run("answer the message", func(ctx context.Context) (outcome, error) {
		o, complete, err := a.original(ctx, m.Key)
		if err != nil {
			return nil, err
		}
		if complete && w.excerpt != "" {
			o.Text = compose.Excerpt(o.Text, w.excerpt)
		}
		if act == action.Redirect {
			d := compose.Redirect(o, a.accountOf(m.Account))
			return func() tea.Cmd {
				a.env.Engine.Open(m.Key, "")
				return a.Compose(d)
			}, nil
		}
		mode := answerModes[act]
		switch {
		case mode == compose.ReplyList && o.Envelope.ListPost == "":
			return func() tea.Cmd {
				a.Say("This message did not come through a mailing list that takes answers.")
				return nil
			}, nil
		case !complete && a.offline(m.Account) && (mode == compose.ReplySender || mode == compose.ReplyAll || mode == compose.ReplyList):
			d := compose.Answer(o, mode, a.accountOf(m.Account), a.env.Config.Attribution)
			return func() tea.Cmd {
				cmd := a.Compose(d)
				a.Say("The message is not here and there is no connection: nothing is quoted.")
				return cmd
			}, nil
		case !complete && mode != compose.ForwardAttached:
			return func() tea.Cmd { return a.await(w) }, nil
		}
		d := compose.Answer(o, mode, a.accountOf(m.Account), a.env.Config.Attribution)
		return func() tea.Cmd { return a.Compose(d) }, nil
	})
}

// writeFromTemplate opens the composer on a new message that begins with a template.
func (a *App) writeFromTemplate() tea.Cmd {
	return a.run("", func(context.Context) (outcome, error) {
		list, err := compose.Templates(a.env.Config.Templates)
		return func() tea.Cmd {
			return composer.PickTemplate(a.env, list, func(t compose.Template) tea.Cmd {
				d := compose.New(a.account())
				d, d.At = t.Put(d, 0, a.env.Config.Attribution, a.env.Now())
				return a.Compose(d)
			})
		}, err
	})
}

// maxDigest bounds how many messages go along with one.
const maxDigest = 100

// forwardAll opens the composer on a message that carries all of these.
func (a *App) forwardAll(targets []mail.Message) tea.Cmd {
	if len(targets) > maxDigest {
		a.Say(fmt.Sprintf("%d messages are too many to forward in one: select at most %d.", len(targets), maxDigest))
		return nil
	}
	return a.run("forward the messages", func(ctx context.Context) (outcome, error) {
		all := make([]compose.Original, len(targets))
		for i, m := range targets {
			d, err := a.env.Store.Message(ctx, m.Key)
			if err != nil {
				return nil, err
			}
			all[i] = compose.Original{Message: d.Message, Envelope: d.Envelope, Structure: d.Structure}
		}
		d := compose.Digest(all, a.accountOf(targets[0].Account))
		return func() tea.Cmd { return a.Compose(d) }, nil
	})
}

// offline tells whether nothing can be fetched for an account now.
func (a *App) offline(account string) bool {
	return slices.ContainsFunc(a.env.Engine.States(), func(s engine.State) bool {
		return s.Account == account && s.Phase.Off()
	})
}

// await asks for the text and goes on when it comes.
func (a *App) await(w answer) tea.Cmd {
	a.waiting = &w
	a.env.Engine.Open(w.message.Key)
	a.Say("Fetching the message, to quote it …")
	return nil
}

// partReady goes on with the answer that waits for a message.
func (a *App) partReady(key mail.MessageKey) tea.Cmd {
	w := a.waiting
	if w == nil || w.message.Key != key {
		return nil
	}
	a.waiting = nil
	if problem := a.env.Engine.Problem(key); problem != "" {
		a.Say("The message cannot be quoted: " + problem)
		return nil
	}
	if w.act == action.Open || w.act == action.EditAsNew {
		return a.rewrite(w.act, w.message)
	}
	return a.answerTo(*w)
}

// original is a message as answers need it; complete tells whether its text is here.
func (a *App) original(ctx context.Context, key mail.MessageKey) (o compose.Original, complete bool, err error) {
	d, err := a.env.Store.Message(ctx, key)
	if err != nil {
		return o, false, err
	}
	o = compose.Original{Message: d.Message, Envelope: d.Envelope, Structure: d.Structure}
	if d.Structure == nil {
		return o, false, nil
	}
	var parts []body.Content
	for _, p := range d.Structure.TextParts("text/plain") {
		raw, whole, err := a.env.Store.Content(ctx, key, p.Section)
		if err != nil || !whole {
			return o, false, err
		}
		parts = append(parts, body.Content{Part: *p, Raw: raw})
	}
	o.Text = body.Plain(parts)
	return o, true, nil
}

// accountOf is the account with that name; the first where it is not configured any more.
func (a *App) accountOf(name string) mail.Account {
	accounts := a.env.Engine.Accounts()
	for _, acc := range accounts {
		if acc.Name == name {
			return acc
		}
	}
	if len(accounts) == 0 {
		return mail.Account{}
	}
	return accounts[0]
}

// openDrafts goes on with a draft that was not finished.
func (a *App) openDrafts() tea.Cmd {
	return a.run("open the drafts", func(ctx context.Context) (outcome, error) {
		stored, err := a.env.Store.Drafts(ctx)
		if err != nil {
			return nil, err
		}
		var drafts []compose.Draft
		var items []dialog.Item
		for _, s := range stored {
			d, err := compose.Unmarshal(s.Data)
			if err != nil {
				return nil, err
			}
			d.Key = s.Key
			items = append(items, dialog.Item{Key: len(drafts), Text: draftName(d), Detail: draftDetail(d) + index.Date(s.Updated, a.env.Now(), 6)})
			drafts = append(drafts, d)
		}
		return func() tea.Cmd {
			switch len(drafts) {
			case 0:
				a.Say("There are no unfinished messages.")
				return nil
			case 1:
				return a.Compose(drafts[0])
			}
			return a.Push(dialog.Pick(a.env, fmt.Sprintf("%d unfinished messages", len(drafts)), items, func(it dialog.Item) tea.Cmd {
				return a.Compose(drafts[it.Key.(int)])
			}))
		}, nil
	})
}

func draftName(d compose.Draft) string {
	if s := mail.Line(d.Subject); s != "" {
		return s
	}
	return "(no subject)"
}

func draftDetail(d compose.Draft) string {
	if d.To == "" {
		return ""
	}
	return "to " + mail.Line(d.To) + " · "
}

// rewrite opens the composer on a copy of a message: of a draft that lies on the server, to go on with it, or of any,
// to write a new one that begins as it.
func (a *App) rewrite(act action.Action, m mail.Message) tea.Cmd {
	return a.run("open the message", func(ctx context.Context) (outcome, error) {
		if act == action.Open {
			if stored, err := a.env.Store.DraftOf(ctx, m.Key); err != nil || stored.Key != 0 {
				d, bad := compose.Unmarshal(stored.Data)
				d.Key = stored.Key
				return func() tea.Cmd { return a.Compose(d) }, errors.Join(err, bad)
			}
		}
		o, complete, err := a.original(ctx, m.Key)
		if err != nil {
			return nil, err
		}
		if !complete {
			return func() tea.Cmd { return a.await(answer{act: act, message: m}) }, nil
		}
		account := a.accountOf(m.Account)
		d := compose.New(account)
		e := o.Envelope
		if len(e.From) > 0 {
			if own, ok := account.Identity(e.From[0]); ok {
				d.From, d.ReplyTo = own, mail.Line(mail.Addresses(e.ReplyTo))
			}
		}
		d.To, d.Cc, d.Bcc = mail.Line(mail.Addresses(e.To)), mail.Line(mail.Addresses(e.Cc)), mail.Line(mail.Addresses(e.Bcc))
		d.Subject, d.Body = mail.Line(e.Subject), mail.Text(o.Text)
		if act == action.Open {
			d.InReplyTo, d.References, d.Source = e.InReplyTo, e.References, m.Key
		}
		for _, p := range o.Structure.Attachments() {
			d.Attachments = append(d.Attachments, compose.Attachment{Message: m.Key, Section: p.Section, Name: mail.Line(p.Filename),
				MediaType: p.MediaType, Size: p.Size})
		}
		return func() tea.Cmd { return a.Compose(d) }, nil
	})
}
