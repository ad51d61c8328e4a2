package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// gated is an engine that tells when it is asked for its accounts, and then answers when it may.
type gated struct {
	*uitest.Engine
	asked, may chan struct{} // nil: it answers at once
}

func (g *gated) Accounts() []mail.Account {
	if g.asked != nil {
		g.asked <- struct{}{}
		<-g.may
	}
	return g.Engine.Accounts()
}

// TestTheFirstScreenIsReadBesideTheStart: reading begins before Init is called, holds nobody up, and Init waits for it.
func TestTheFirstScreenIsReadBesideTheStart(t *testing.T) {
	env, fake, _ := uitest.Env()
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX", "Read beside")
	g := &gated{Engine: fake}
	a := New(env.Ctx, Options{Store: m.Reader, Engine: g, Config: screen.Config{Theme: "mono"}, Now: env.Now})
	g.asked, g.may = make(chan struct{}, 1000), make(chan struct{})
	a.readBeside(time.Hour)
	<-g.asked // it reads, and is held: yet we are here, and Init was not called
	begun := make(chan tea.Cmd)
	go func() { begun <- a.Init() }()
	close(g.may)
	if <-begun == nil {
		t.Error("Init asks for nothing")
	}
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	if text := a.View().Content; !strings.Contains(text, "Read beside") {
		t.Errorf("the first frame is\n%s", text)
	}
}
