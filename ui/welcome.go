package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// welcome is what a person sees who has no configuration yet: what to do, and the demo with one key.
type welcome struct {
	w, h    int
	path    string // of the configuration, with ~
	theme   *theme.Theme
	keys    *keys.Map
	tryDemo bool
	done    bool
}

// Welcome shows how to set up an account in configPath, and tells whether the person would rather see the demo.
func Welcome(ctx context.Context, configPath string, linear bool) (tryDemo bool, err error) {
	w := newWelcome(configPath)
	program := tea.NewProgram(w, tea.WithContext(ctx))
	if linear {
		fmt.Println(w.plain())
		program = tea.NewProgram(w, tea.WithContext(ctx), tea.WithOutput(io.Discard))
	}
	_, err = program.Run()
	return w.tryDemo, ended(ctx, err)
}

func newWelcome(path string) *welcome {
	if home, err := os.UserHomeDir(); err == nil {
		if rest, ok := strings.CutPrefix(path, home+"/"); ok {
			path = "~/" + rest
		}
	}
	return &welcome{path: mail.Line(path), theme: theme.For(theme.Auto, nil, theme.Unknown, colours()), keys: keys.Default()}
}

// Init asks for the background.
func (w *welcome) Init() tea.Cmd { return tea.RequestBackgroundColor }

// Update waits for one of two answers.
func (w *welcome) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.w, w.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		w.theme = theme.For(theme.Auto, nil, theme.GroundOf(msg.IsDark()), colours())
	case tea.KeyPressMsg:
		var r keys.Resolver
		switch a, _ := r.Press(w.keys, []action.Scope{action.Question}, msg); a {
		case action.Yes:
			w.tryDemo, w.done = true, true
			return w, tea.Quit
		case action.No:
			w.done = true
			return w, tea.Quit
		}
	}
	return w, nil
}

// View is the text in the middle of the terminal.
func (w *welcome) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: "posthorn"}
	if w.done || w.w < 1 || w.h < 1 {
		return v
	}
	v.Content = strings.Join(w.draw(w.w, w.h), "\n")
	return v
}

// plain is all that is said, in lines without styles.
func (w *welcome) plain() string {
	w.theme = theme.Linear()
	text := slices.DeleteFunc(w.text(78, true), func(line string) bool { return line == "" })
	return ansi.Strip(strings.Join(text, "\n"))
}

func (w *welcome) draw(cols, rows int) []string {
	room := max(1, min(cols-4, 64))
	if cols < 30 {
		room = cols
	}
	text := w.text(room, true)
	if len(text) > rows {
		text = w.text(room, false)
	}
	if len(text) > rows { // what to press matters most
		text = append(text[:max(0, rows-1):max(0, rows-1)], text[len(text)-1])
	}
	left, top := max(0, (cols-room)/2), max(0, (rows-len(text))*2/5)
	out := make([]string, rows)
	for i := range out {
		if i >= top && i-top < len(text) {
			out[i] = strings.Repeat(" ", left) + text[i-top]
		}
		out[i] = width.Fit(out[i], cols)
	}
	return out
}

// text is what is said in room columns: all of it, or only what to do.
func (w *welcome) text(room int, all bool) []string {
	var text []string
	add := func(style func(string) string, indent int, s string) {
		for _, l := range width.Wrap(s, max(1, room-indent)) {
			text = append(text, strings.Repeat(" ", min(indent, room))+style(width.Cut(l, max(1, room-indent))))
		}
	}
	th := w.theme
	gap := func() { text = append(text, "") }
	who := "Posthorn"
	if all {
		who = "It"
		add(th.Accent.Bold().Render, 0, "posthorn")
		gap()
		add(th.Strong.Render, 0, "Welcome. Posthorn reads and answers mail in the terminal.")
		gap()
	}
	add(th.Text.Render, 0, who+" does not know your mail account yet. To tell it:")
	if all {
		gap()
	}
	add(th.Dim.Render, 2, "1  Make a configuration:")
	add(th.Accent.Render, 5, "mkdir -p "+filepath.Dir(w.path))
	printed := "posthorn -print-config > "
	if width.Of(printed+w.path) > room-5 { // a shell takes it on two lines, too
		add(th.Accent.Render, 5, printed+"\\")
		printed = ""
	}
	add(th.Accent.Render, 5, printed+w.path)
	add(th.Dim.Render, 2, "2  Write your address and your servers into it.")
	add(th.Dim.Render, 2, "3  Start posthorn again.")
	gap()
	if all {
		add(th.Text.Render, 0, "Or look around first: the demo runs on servers inside this program, and nothing leaves this machine.")
		gap()
	}
	answer := func(a action.Action, word string) string {
		return th.HintKey.Render(keys.Show(w.keys.Key(action.Question, a))) + " " + th.Hint.Render(word)
	}
	text = append(text, answer(action.Yes, "try the demo")+"     "+answer(action.No, "quit"))
	return text
}
