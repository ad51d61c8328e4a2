package composer

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// goal is where the screen is heading. Only one thing is done at a time, so that no save can come after the send or
// the discard that it was started before.
type goal int

const (
	goOn goal = iota // writing
	closing
	sending
	discarding
)

// errand is what a command is doing with the draft.
type errand int

const (
	nothing errand = iota
	saving
	handing // over to the engine, to be sent
	deleting
)

// keeping is what is known about the stored draft.
type keeping struct {
	goal    goal
	filing  bool // with sending: what is answered goes to Archive
	running errand
	kept    compose.Draft     // as stored last, or as opened
	keptAt  time.Time         // zero: not stored since it was opened
	closed  bool              // stored last as one that nobody writes any more
	failed  bool              // the last save did not work
	ticking bool              // a due is on its way
	ticket  screen.Ticket     // of that due
	changed time.Time         // last change
	unsaved time.Time         // first change since the last save; zero: none
	scratch *external.Scratch // what the editor left, until the draft with it is stored; nil: nothing
}

// due is the value that says the time to save has come.
type due struct{}

// outcome is what an errand came to.
type outcome struct {
	errand errand
	key    int64         // of the stored draft
	draft  compose.Draft // as it was saved
}

// later sees to it that the draft is kept soon.
func (k *keeping) later(c *Composer) tea.Cmd {
	k.changed = c.env.Now()
	if k.unsaved.IsZero() {
		k.unsaved = k.changed
	}
	if k.ticking {
		return nil
	}
	k.ticking = true
	return k.wake(c, autosave)
}

func (k *keeping) wake(c *Composer, after time.Duration) tea.Cmd {
	return c.env.After(after, screen.Result{To: c, Ticket: k.ticket.Next(), Value: due{}})
}

// tick saves when the person has paused, or has not paused for long.
func (k *keeping) tick(c *Composer, ticket screen.Ticket) tea.Cmd {
	if ticket != k.ticket {
		return nil
	}
	now := c.env.Now()
	if wait := autosave - now.Sub(k.changed); wait > 0 && now.Sub(k.unsaved) < patience {
		return k.wake(c, wait)
	}
	k.ticking = false
	if k.goal != goOn || !c.dirty() {
		return nil
	}
	return c.save()
}

// dirty tells whether there is something to keep.
func (c *Composer) dirty() bool {
	if !c.touched {
		return false
	}
	d := c.written()
	d.Key = c.keeping.kept.Key
	return !reflect.DeepEqual(d, c.keeping.kept)
}

// save keeps the draft, unless something else is being done with it: what follows then saves again.
func (c *Composer) save() tea.Cmd {
	if c.keeping.running != nothing {
		return nil
	}
	d := c.written()
	d.Closed = c.keeping.goal == closing
	left := c.keeping.scratch
	c.keeping.running, c.keeping.unsaved, c.keeping.scratch = saving, time.Time{}, nil
	return load(c, func(ctx context.Context) (outcome, error) {
		key, err := c.env.Engine.SaveDraft(ctx, d)
		if left != nil && err == nil {
			left.Remove()
		}
		return outcome{saving, key, d}, err
	})
}

// close keeps the draft and leaves.
func (c *Composer) close() tea.Cmd {
	c.keeping.goal = closing
	return c.proceed()
}

// askWhen asks when to send, and sends then.
func (c *Composer) askWhen() tea.Cmd {
	initial := ""
	if at := c.draft.SendAt; at.After(c.env.Now()) {
		initial = at.In(c.env.Now().Location()).Format("2006-01-02 15:04")
	}
	read := func(text string) dialog.Reading {
		now := c.env.Now()
		at, err := compose.When(text, now)
		var bad *compose.WhenError
		if errors.As(err, &bad) {
			return dialog.Reading{Text: bad.Text, Column: bad.Column}
		}
		return dialog.Reading{Text: "Goes out " + widget.When(at, now) + ", as long as posthorn runs then.", OK: true}
	}
	hint := "18:30 · tomorrow 9:00 · fri 14 · in 2h · 1 dec 8am"
	return c.env.Root.Push(dialog.Prompt(c.env, "Send when?", initial, nil, func(text string) tea.Cmd {
		at, err := compose.When(text, c.env.Now())
		if err != nil { // it passed meanwhile
			c.env.Root.Fail("send later", err)
			return nil
		}
		return c.send(at, false)
	}).Checked(hint, read))
}

// send checks what was written and hands it over, to go out at a time; the zero time is at once. With file, what it
// answers goes to Archive.
func (c *Composer) send(at time.Time, file bool) tea.Cmd {
	c.settle()
	c.draft.SendAt = at
	d := c.written()
	to1, cc1, bcc1, err := d.Recipients()
	if err == nil {
		err = compose.CheckAddresses(fieldNames[replyTo], d.ReplyTo)
	}
	if err != nil {
		c.moveTo(fieldOf(err))
		_ = c.check(c.focus) // puts the cursor there
		c.env.Root.Say(err.Error())
		return nil
	}
	if len(to1)+len(cc1)+len(bcc1) == 0 {
		c.env.Root.Say("There is no recipient: write whom the message is for.")
		c.moveTo(to)
		return nil
	}
	hand := func() tea.Cmd {
		c.keeping.goal, c.keeping.filing = sending, file
		return c.proceed()
	}
	if problems := d.Problems(c.review()); len(problems) > 0 {
		return c.env.Root.Push(dialog.Confirm(c.env, strings.Join(problems, "\n")+"\n\nSend it all the same?", hand))
	}
	return hand()
}

// review is what the draft is measured by before it goes.
func (c *Composer) review() compose.Review {
	r := compose.Review{Words: c.env.Config.AttachmentWords, Limit: int64(c.limit)}
	for _, a := range c.env.Engine.Accounts() {
		if a.Name == c.draft.Account {
			r.Domains = a.Domains
		}
	}
	return r
}

// fieldOf is the field that an error of compose names.
func fieldOf(err error) field {
	name, _, _ := strings.Cut(err.Error(), ":")
	for f, n := range fieldNames {
		if strings.EqualFold(n, name) {
			return field(f)
		}
	}
	return to
}

// discard throws the draft away. What was not kept yet is kept first, so that undo brings all of it back.
func (c *Composer) discard() tea.Cmd {
	c.keeping.goal = discarding
	return c.proceed()
}

// proceed does the next thing on the way to the goal, once nothing else is being done.
func (c *Composer) proceed() tea.Cmd {
	if c.keeping.running != nothing {
		return nil
	}
	d := c.written()
	switch c.keeping.goal {
	case closing:
		switch {
		case c.touched && d.Empty() && d.Key != 0:
			return c.remove()
		case !d.Empty() && (c.dirty() || !c.keeping.keptAt.IsZero() && !c.keeping.closed): // the server is to have it now
			return c.save()
		case d.Key != 0:
			return c.leave("The draft is kept.")
		}
		return c.leave("")
	case sending:
		c.keeping.running = handing
		filing := c.keeping.filing
		return load(c, func(ctx context.Context) (outcome, error) {
			err := error(nil)
			if filing {
				d.Filed, err = c.archive(ctx, d.Original)
			}
			if err == nil {
				_, err = c.env.Engine.Send(ctx, d)
			}
			return outcome{errand: handing, draft: d}, err
		})
	case discarding:
		switch {
		case c.dirty() && !d.Empty():
			return c.save()
		case d.Key != 0:
			return c.remove()
		}
		return c.leave("The draft is gone.")
	}
	return nil
}

func (c *Composer) remove() tea.Cmd {
	key := c.draft.Key
	c.keeping.running = deleting
	return load(c, func(ctx context.Context) (outcome, error) {
		return outcome{errand: deleting}, c.env.Engine.DeleteDraft(ctx, key)
	})
}

func (c *Composer) leave(said string) tea.Cmd {
	if c.keeping.scratch != nil { // nothing of it is wanted
		c.keeping.scratch.Remove()
	}
	if said != "" {
		c.env.Root.Say(said)
	}
	return c.env.Root.Pop(c)
}

// Words for what failed.
var errandNames = map[errand]string{saving: "keep the draft", handing: "send the message", deleting: "throw the draft away"}

// finish takes the outcome of an errand. After a failure the screen stays as it is, with everything that was written.
func (c *Composer) finish(o outcome, err error) tea.Cmd {
	k := &c.keeping
	k.running = nothing
	if o.errand == saving {
		k.failed = err != nil
	}
	if err != nil {
		k.goal = goOn
		c.env.Root.Fail(errandNames[o.errand], err)
		return nil
	}
	switch o.errand {
	case saving:
		c.draft.Key = o.key
		k.closed = o.draft.Closed
		o.draft.Key, o.draft.Closed = o.key, false
		k.kept, k.keptAt = o.draft, c.env.Now()
	case handing:
		if now := c.env.Now(); c.draft.SendAt.After(now) {
			return c.leave("Goes out " + widget.When(c.draft.SendAt, now) + ", as long as posthorn runs then.")
		}
		if c.draft.Filed = o.draft.Filed; len(c.draft.Filed) > 0 {
			return c.leave("Sending, and the conversation is archived…")
		}
		return c.leave("Sending…")
	case deleting:
		return c.leave("The draft is gone; " + c.env.Keys.Key(action.App, action.Undo) + " brings it back.")
	}
	if k.goal == goOn && c.dirty() && !k.ticking {
		return k.later(c)
	}
	return c.proceed()
}
