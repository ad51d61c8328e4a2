package sheet

import (
	"fmt"
	"strings"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// NewLog shows what happened, the newest first.
func NewLog(env *screen.Env) *Sheet {
	return &Sheet{env: env, title: "Log", on: func(k mail.EventKind) bool { return k == mail.LogChanged },
		text: func(w int) [][]widget.Styled { return logLines(env, w) }}
}

func logLines(env *screen.Env, w int) [][]widget.Styled {
	entries := env.Engine.Log()
	if len(entries) == 0 {
		return [][]widget.Styled{nil, {{Text: "  Nothing has happened yet.", Style: env.Theme.Dim}}}
	}
	wide := 0
	for _, e := range entries {
		wide = max(wide, width.Of(mail.Line(e.Account)))
	}
	wide = min(wide, 16)
	out := [][]widget.Styled{nil}
	for i := len(entries) - 1; i >= 0; i-- {
		out = append(out, entry(env, entries[i], wide, w)...)
	}
	return out
}

// entry is one thing that happened, on as many lines as it takes.
func entry(env *screen.Env, e engine.Entry, wide, w int) [][]widget.Styled {
	th := env.Theme
	text, style := mail.Line(e.Text), th.Text
	if e.Trouble {
		style = th.Warn
	}
	if e.Times > 0 {
		text = strings.TrimRight(text, ".") + fmt.Sprintf(" (%d times)", e.Times+1)
	}
	text = widget.Stopped(text)
	t := e.Time.In(env.Now().Location())
	stamp := t.Format("15:04:05")
	if t.Format("2006-01-02") != env.Now().Format("2006-01-02") {
		stamp = t.Format("2 Jan 15:04")
	}
	before := []widget.Styled{{Text: " " + width.Fit(stamp, 12), Style: th.Date}, {Text: width.Fit(mail.Line(e.Account), wide) + "  ", Style: th.Dim}}
	indent := 1 + 12 + wide + 2
	if w < 60 { // the text below its time
		out := [][]widget.Styled{before}
		for _, l := range width.Wrap(text, max(10, w-4)) {
			out = append(out, []widget.Styled{{Text: "   " + l, Style: style}})
		}
		return out
	}
	var out [][]widget.Styled
	for i, l := range width.Wrap(text, max(10, w-indent-2)) {
		if i > 0 {
			before = []widget.Styled{{Text: strings.Repeat(" ", indent), Style: th.Text}}
		}
		out = append(out, append(before[:len(before):len(before)], widget.Styled{Text: l, Style: style}))
	}
	return out
}
