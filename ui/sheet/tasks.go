package sheet

import (
	"fmt"
	"strings"
	"time"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// NewTasks shows what goes on: what each account does, with its progress, and what else is told by other, a line each.
func NewTasks(env *screen.Env, other func() []string) *Sheet {
	return &Sheet{env: env, title: "Tasks", on: func(k mail.EventKind) bool {
		return k == mail.StateChanged || k == mail.OutboxChanged || k == mail.MessagesChanged
	},
		text: func(w int) [][]widget.Styled {
			out := [][]widget.Styled{nil}
			for _, s := range env.Engine.States() {
				out = append(append(out, task(env, s, w)...), nil)
			}
			for _, text := range other() {
				out = append(out, []widget.Styled{{Text: " " + width.Cut(mail.Line(text), w-2), Style: env.Theme.Text}}, nil)
			}
			for _, line := range width.Wrap("All of it goes on while you do something else.", max(10, w-2)) {
				out = append(out, []widget.Styled{{Text: " " + line, Style: env.Theme.Faint}})
			}
			return out
		}}
}

// task is what an account does, and how far it has come.
func task(env *screen.Env, s engine.State, w int) [][]widget.Styled {
	th, style := env.Theme, env.Theme.Text
	text := widget.Sentence(mail.Line(s.Text))
	if s.Phase.Off() {
		style = th.Warn
		if d := s.Retry.Sub(env.Now()); !s.Retry.IsZero() && d > 0 {
			text = strings.TrimRight(text, ".") + fmt.Sprintf(". Next try in %s.", span(d))
		}
	}
	out := [][]widget.Styled{{{Text: " " + width.Cut(mail.Line(s.Account), w-2), Style: env.Hue(s.Account).Bold()}}}
	for _, line := range width.Wrap(text, max(10, w-4)) {
		out = append(out, []widget.Styled{{Text: "   " + width.Cut(line, w-4), Style: style}})
	}
	if s.Total > 0 {
		const most = 40
		room := max(5, min(most, w-8))
		full := room * min(s.Done, s.Total) / s.Total
		out = append(out, []widget.Styled{{Text: "   " + strings.Repeat("━", full), Style: th.Accent}, {Text: strings.Repeat("─", room-full), Style: th.Rule}})
		for _, line := range width.Wrap(far(s), max(10, w-4)) {
			out = append(out, []widget.Styled{{Text: "   " + width.Cut(line, w-4), Style: th.Dim}})
		}
	}
	return out
}

// far is how far something has come, how fast it goes, and how long it will take.
func far(s engine.State) string {
	text := fmt.Sprintf("%s of %s", widget.Thousands(s.Done), widget.Thousands(s.Total))
	if s.Rate < 1 {
		return text
	}
	text += fmt.Sprintf(", %s a second", widget.Thousands(int(s.Rate)))
	left := time.Duration(float64(max(0, s.Total-s.Done)) / s.Rate * float64(time.Second)).Round(time.Second)
	if left >= time.Second {
		text += fmt.Sprintf(", %s left", span(left))
	}
	return text
}

// span is a length of time in words, as exact as one wants to know it, which no line break takes apart.
func span(d time.Duration) string {
	switch {
	case d < 100*time.Second:
		return fmt.Sprintf("%d\u00a0s", d.Round(time.Second)/time.Second)
	case d < 100*time.Minute:
		return fmt.Sprintf("%d\u00a0min", d.Round(time.Minute)/time.Minute)
	}
	return fmt.Sprintf("%d\u00a0h", d.Round(time.Hour)/time.Hour)
}
