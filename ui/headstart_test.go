package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestTheFirstFrameHasTheList shows what is here already before anything else is waited for; what is late comes after.
func TestTheFirstFrameHasTheList(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "here already", "and this")
	r.start()
	r.Sees("here already")
	r.Press("O")
	r.Type("subj")
	r.Press("enter") // remembered
	r.Sees("subject, A to Z")
	r.stop()

	r.open()
	a := r.app()
	a.ReadAhead(time.Minute)
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	if text := a.View().Content; !strings.Contains(text, "here already") || !strings.Contains(text, "subject, A to Z") {
		t.Errorf("the first frame is\n%s", text)
	}
	r.Driver.Settle = r.engine.Settle
	r.Start(a, r.w, r.h)
	r.Sees("here already", "subject, A to Z")
	r.stop()

	r.open()
	a = r.app()
	a.ReadAhead(0)
	r.Driver.Settle = r.engine.Settle
	r.Start(a, r.w, r.h)
	r.Sees("here already", "subject, A to Z")
}
