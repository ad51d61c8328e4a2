// Package export writes messages into a file: one as it came, several as a mailbox file. It goes on beside everything
// else, asks the engine for what is not here yet, one small number of messages at a time, and refuses to call a file
// complete that is not.
package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/folder"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// Export is one file being written. It is never drawn and has no keys.
type Export struct {
	env    *screen.Env
	list   []mail.Message
	file   *os.File
	done   func() // is called once, at the end
	at     int    // how many of list are done
	failed int    // of these: could not be fetched
	why    string // of the last of these
}

const (
	ahead  = 8       // messages the engine is asked for at a time
	bundle = 4 << 20 // octets written in one step, about
)

// New begins to write list into an empty file; done is told of the end, however it comes about.
func New(env *screen.Env, list []mail.Message, file *os.File, done func()) (*Export, tea.Cmd) {
	e := &Export{env: env, list: list, file: file, done: done}
	return e, e.step()
}

// Progress is how far it is, in words.
func (e *Export) Progress() string {
	return fmt.Sprintf("Exporting %s of %s messages", widget.Thousands(e.at), widget.Thousands(len(e.list)))
}

// stepped is what one step did.
type stepped struct {
	at   int  // messages before it are written
	more bool // the one there can be written at once
}

func (e *Export) step() tea.Cmd {
	from := e.at
	return screen.Load(e.env, e, 0, func(ctx context.Context) (any, error) {
		at, size, err := write(ctx, e.env.Store, e.file, e.list, from)
		return stepped{at, size >= bundle}, err
	})
}

// write writes messages from a place in list on, as long as they are here, up to a bundle.
func write(ctx context.Context, store *cache.Reader, file *os.File, list []mail.Message, at int) (next, size int, err error) {
	w := bufio.NewWriterSize(file, 64<<10)
	for ; at < len(list) && size < bundle; at++ {
		raw, complete, err := store.Content(ctx, list[at].Key, "")
		if err != nil {
			return at, size, err
		}
		if !complete {
			break
		}
		if len(list) > 1 {
			raw = mail.AppendMbox(nil, sender(ctx, store, list[at]), list[at].Received, raw)
		}
		if _, err := w.Write(raw); err != nil {
			return at, size, err
		}
		size += len(raw)
	}
	return at, size, w.Flush()
}

func sender(ctx context.Context, store *cache.Reader, m mail.Message) mail.Address {
	d, err := store.Message(ctx, m.Key)
	if err != nil || len(d.Envelope.From) == 0 {
		return mail.Address{}
	}
	return d.Envelope.From[0]
}

// Update goes on when a message has come.
func (e *Export) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result:
		return e.take(msg)
	case mail.Event:
		if e.at < len(e.list) && msg.Kind == mail.PartReady && msg.Message == e.list[e.at].Key {
			if why := e.env.Engine.Problem(msg.Message); why != "" {
				e.at, e.failed, e.why = e.at+1, e.failed+1, why
			}
			return e.step()
		}
	}
	return nil
}

func (e *Export) take(r screen.Result) tea.Cmd {
	s := r.Value.(stepped)
	e.at = s.at
	switch {
	case r.Err != nil:
		e.env.Root.Fail("export", r.Err)
		e.Abort()
	case e.at == len(e.list):
		e.finish()
	case s.more:
		return e.step()
	default:
		for _, m := range e.list[e.at:min(e.at+ahead, len(e.list))] {
			e.env.Engine.Open(m.Key, "")
		}
	}
	return nil
}

func (e *Export) finish() {
	name := e.file.Name()
	if err := e.file.Close(); err != nil {
		e.env.Root.Fail("export", errors.Join(err, os.Remove(name)))
		e.done()
		return
	}
	where := filepath.Base(name) + " in " + folder.Shortened(filepath.Dir(name))
	switch got := len(e.list) - e.failed; {
	case got == 0:
		os.Remove(name)
		e.env.Root.Fail("export", errors.New("nothing was written: "+e.why))
	case e.failed > 0:
		e.env.Root.Fail("export", fmt.Errorf("%s of %s messages are in %s; of the others: %s",
			widget.Thousands(got), widget.Thousands(len(e.list)), where, e.why))
	case got == 1:
		e.env.Root.Say("Exported the message to " + where + ".")
	default:
		e.env.Root.Say(fmt.Sprintf("Exported %s messages to %s.", widget.Thousands(got), where))
	}
	e.done()
}

// Abort ends it before its time; nothing is left of the file.
func (e *Export) Abort() {
	for _, m := range e.list[e.at:min(e.at+ahead, len(e.list))] {
		e.env.Engine.Leave(m.Key, "")
	}
	e.file.Close()
	os.Remove(e.file.Name())
	e.done()
}

// Do, Draw and Scopes make an Export a Screen, so that results and events reach it.
func (e *Export) Do(action.Action) (tea.Cmd, bool) { return nil, false }

// Draw draws nothing.
func (e *Export) Draw(screen.Rect) screen.Frame { return screen.Frame{} }

// Scopes are none.
func (e *Export) Scopes() []action.Scope { return nil }
