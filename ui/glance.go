package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// glance is how the message beside the list follows the cursor. It is seen without being opened: the list keeps the
// keys, and the message does not count as read.
type glance struct {
	due   mail.MessageKey // what is shown once the cursor rests; 0: nothing
	moved time.Time       // when the cursor came to another message last
	text  string          // what was looked for when the message was put there: it is marked in it
}

// resting is how long the cursor stands still before what it passes by so fast is asked for.
const resting = 80 * time.Millisecond

// glanceDue is the message on which the cursor may have rested.
type glanceDue mail.MessageKey

// follow lets the message beside the list be that under the cursor, and takes it away where it would cover the list.
func (a *App) follow() tea.Cmd {
	if a.reader != nil && a.focus == readPane {
		return a.reader.Attend()
	}
	if a.reader != nil && a.focus == listPane {
		a.reader.Glance()
	}
	m, ok := a.list.Glanced()
	switch full, _ := a.layers(); {
	case full != nil, a.reader != nil && !a.reader.Glanced():
		return nil
	case !ok || !a.present().paired():
		if a.reader != nil {
			a.closeReader()
		}
		a.glance.due = 0
		return nil
	case a.reader != nil && a.reader.Key() == m.Key && a.glance.text == a.showing.search:
		a.glance.due = 0
		return nil
	case a.glance.due == m.Key:
		return nil
	}
	now := a.env.Now()
	passing := now.Sub(a.glance.moved) < resting
	a.glance.due, a.glance.moved = m.Key, now
	if passing {
		return a.env.After(resting, glanceDue(m.Key))
	}
	return a.glanceAt(m.Key)
}

// glanceAt shows the message under the cursor, if that is still this one.
func (a *App) glanceAt(key mail.MessageKey) tea.Cmd {
	m, ok := a.list.Glanced()
	if !ok || m.Key != key || a.glance.due != key {
		return nil
	}
	a.glance.due = 0
	cmd := a.put(m)
	a.reader.Glance()
	return cmd
}
