package ui_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"posthorn/ui/uitest"
	"posthorn/ui/width"
)

// tap is a terminal on whose line everything is heard. The driver's screens are shown on it by Bubble Tea's own
// program and renderer, one after the other, as a running posthorn shows them.
type tap struct {
	t       *testing.T
	program *tea.Program
	heard   chan struct{} // holds a token when more was written
	ended   chan struct{} // nothing more will be
	frames  int
	w, h    int

	mu    sync.Mutex
	out   bytes.Buffer
	glass *vt.Emulator    // what a person sees of it, as far as shows has put it there
	views map[string]bool // contents and titles that were looked at
}

// frame is a screen to be shown.
type frame tea.View

// player shows the frames it is sent.
type player struct{ view tea.View }

func (p *player) Init() tea.Cmd { return nil }
func (p *player) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if f, ok := msg.(frame); ok {
		p.view = tea.View(f)
	}
	return p, nil
}
func (p *player) View() tea.View { return p.view }

// newTap opens a terminal of w by h cells, and taps what a driver shows.
func newTap(t *testing.T, d *uitest.Driver, w, h int) *tap {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		t.Fatal(err)
	}
	x := &tap{t: t, heard: make(chan struct{}, 1), ended: make(chan struct{}), views: map[string]bool{}, w: w, h: h}
	x.program = tea.NewProgram(&player{}, tea.WithInput(slave), tea.WithOutput(slave), tea.WithFPS(120), tea.WithoutSignalHandler(),
		tea.WithEnvironment(append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=")))
	screen := vt.NewEmulator(w, h)
	x.glass = vt.NewEmulator(w, h)
	go io.Copy(io.Discard, x.glass)
	go io.Copy(master, screen) // what the terminal answers
	go func() {
		defer close(x.ended)
		buf := make([]byte, 32<<10)
		for {
			n, err := master.Read(buf)
			screen.Write(buf[:n])
			x.mu.Lock()
			x.out.Write(buf[:n])
			x.mu.Unlock()
			select {
			case x.heard <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	done := make(chan error, 1)
	go func() {
		_, err := x.program.Run()
		done <- err
	}()
	t.Cleanup(func() {
		x.program.Quit()
		if err := <-done; err != nil {
			t.Error(err)
		}
		x.restored() // what is on its way when a terminal is closed may be lost
		slave.Close()
		<-x.ended
		master.Close()
		for _, e := range []*vt.Emulator{screen, x.glass} {
			if pipe, ok := e.InputPipe().(io.Closer); ok {
				pipe.Close()
			}
		}
		x.left()
	})
	d.Watch = x.look
	return x
}

// look holds what a driver shows against what screens are made of: text, colours and links.
func (x *tap) look(v tea.View) {
	if x.views[v.Content] && x.views[v.WindowTitle] {
		return
	}
	x.views[v.Content], x.views[v.WindowTitle] = true, true
	if what := uitest.Foreign(v.Content); what != "" {
		x.t.Errorf("a screen holds %s", what)
	}
	if what := uitest.Foreign(v.WindowTitle); what != "" || strings.ContainsAny(v.WindowTitle, "\x1b\r\n\t\b") {
		x.t.Errorf("the window title is %q", v.WindowTitle)
	}
	lines := strings.Split(v.Content, "\n")
	for _, l := range lines {
		if n := width.Of(l); n != x.w {
			x.t.Errorf("a line of %d columns, not %d: %+q", n, x.w, l)
		}
	}
	if v.Content != "" && len(lines) != x.h {
		x.t.Errorf("%d lines, not %d", len(lines), x.h)
	}
	for rest := v.Content; ; {
		_, after, more := strings.Cut(rest, "\x1b")
		if !more {
			return
		}
		colours, _, ok := strings.Cut(strings.TrimPrefix(after, "["), "m")
		if !strings.HasPrefix(after, "]8;") && (!strings.HasPrefix(after, "[") || !ok || strings.Trim(colours, "0123456789;:") != "") {
			x.t.Errorf("a screen holds the sequence %.40q", after)
		}
		rest = after
	}
}

// show puts what the driver shows on the terminal and waits until it is there.
func (x *tap) show(v tea.View) {
	x.t.Helper()
	x.frames++
	v.WindowTitle += fmt.Sprintf(" %d", x.frames)
	title := []byte("\x1b]2;" + v.WindowTitle + "\x07")
	x.program.Send(frame(v))
	limit := time.After(60 * time.Second)
	for {
		x.mu.Lock()
		there := bytes.Contains(x.out.Bytes(), title)
		x.mu.Unlock()
		if there {
			return
		}
		select {
		case <-x.heard:
		case <-x.ended:
			x.t.Fatal("the terminal is gone")
		case <-limit:
			x.t.Fatalf("%q is not shown", v.WindowTitle)
		}
	}
}

// clean fails unless all that was written since the last call is posthorn's own.
func (x *tap) clean(when string) {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	out := x.out.String()
	last := strings.LastIndex(out, "\x1b]2;") // the rest may not be whole yet
	if what := uitest.Foreign(out[:max(0, last)]); what != "" {
		x.t.Errorf("%s: the terminal was told %s", when, what)
	}
	x.out.Next(max(0, last))
}

// restored waits until the last that the program writes has come: the terminal's modes as they were.
func (x *tap) restored() {
	limit := time.After(60 * time.Second)
	for {
		x.mu.Lock()
		out := x.out.String()
		x.mu.Unlock()
		missing := false
		for on, off := range modes {
			missing = missing || strings.LastIndex(out, on) > strings.LastIndex(out, off) || !strings.Contains(out, off)
		}
		if !missing {
			return
		}
		select {
		case <-x.heard:
		case <-limit:
			return // left says what is missing
		}
	}
}

// modes are those of the terminal that are set, and what takes them back.
var modes = map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l", "\x1b[?1004h": "\x1b[?1004l"}

// left fails unless the terminal was left as it was found.
func (x *tap) left() {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := x.out.String()
	if what := uitest.Foreign(out); what != "" {
		x.t.Errorf("at the end the terminal was told %s", what)
	}
	for on, off := range modes {
		if strings.LastIndex(out, on) > strings.LastIndex(out, off) || !strings.Contains(out, off) {
			x.t.Errorf("%q was not taken back", on)
		}
	}
}
