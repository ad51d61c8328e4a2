package ui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/ui"
)

// drawn is what was written to a terminal.
type drawn struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (d *drawn) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case d.news <- struct{}{}:
	default:
	}
	return d.text.Write(p)
}

func (d *drawn) sees(t *testing.T, want string) {
	t.Helper()
	limit := time.After(time.Minute)
	for {
		d.mu.Lock()
		text := ansi.Strip(d.text.String())
		d.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		select {
		case <-d.news:
		case <-limit:
			t.Fatalf("waited for %q in\n%s", want, text)
		}
	}
}

// breakable is a UI that panics when its clock is broken. What begins it tells how it ended.
func (r *rig) breakable(broken *atomic.Bool) (screen *drawn, keys io.Writer, begin func() <-chan error) {
	r.open()
	ctx, end := context.WithCancel(r.t.Context())
	r.end = end
	now := func() time.Time {
		if broken.CompareAndSwap(true, false) {
			panic("a mistake of ours, for a test")
		}
		return time.Now()
	}
	app := ui.New(ctx, ui.Options{Store: r.store.Reader, Engine: r.engine, Events: r.engine.Events(), Start: r.engine.Start, Config: r.config,
		Now: now, Timer: func(time.Duration, tea.Msg) tea.Cmd { return nil }})
	screen = &drawn{news: make(chan struct{}, 1)}
	in, keys := io.Pipe()
	return screen, keys, func() <-chan error {
		ended := make(chan error, 1)
		go func() {
			ended <- app.RunOn(ctx, tea.WithInput(in), tea.WithOutput(screen), tea.WithWindowSize(100, 30), tea.WithoutSignalHandler())
		}()
		return ended
	}
}

// TestACrashWhileTheFirstScreenIsReadGivesTheTerminalBack lets it break beside Bubble Tea, which would not see it.
func TestACrashWhileTheFirstScreenIsReadGivesTheTerminalBack(t *testing.T) {
	r := newRig(t)
	var broken atomic.Bool
	_, _, begin := r.breakable(&broken)
	broken.Store(true)
	if err := <-begin(); !errors.Is(err, tea.ErrProgramPanic) {
		t.Fatalf("it ended with %v", err)
	}
}

// TestACrashKeepsWhatIsBeingWritten lets the program break before any pause in which it would have stored the draft.
func TestACrashKeepsWhatIsBeingWritten(t *testing.T) {
	r := newRig(t)
	var broken atomic.Bool
	screen, keys, begin := r.breakable(&broken)
	ended := begin()
	screen.sees(t, "All inboxes")
	io.WriteString(keys, "c")
	screen.sees(t, "Subject")
	io.WriteString(keys, "\x1b[200~ben@work.example\x1b[201~\t\t\t\t\x1b[200~half a sentence\x1b[201~")
	screen.sees(t, "half a sentence")
	broken.Store(true)
	io.WriteString(keys, "x")
	if err := <-ended; !errors.Is(err, tea.ErrProgramPanic) {
		t.Fatalf("it ended with %v", err)
	}
	drafts, err := r.store.Drafts(t.Context())
	if err != nil || len(drafts) != 1 || !strings.Contains(drafts[0].Data, "half a sentence") || !strings.Contains(drafts[0].Data, "ben@work.example") {
		t.Errorf("kept: %+v %v", drafts, err)
	}
}
