package sheet

import (
	"strings"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// New shows a text that is made for a width, from memory.
func New(env *screen.Env, title string, text func(w int) [][]widget.Styled) *Sheet {
	return &Sheet{env: env, title: title, text: text}
}

// NewOutput shows what a program wrote, with a word of ours above it; lines that are too long are wrapped.
func NewOutput(env *screen.Env, title, word, output string) *Sheet {
	text := strings.TrimRight(strings.ReplaceAll(mail.Text(output), "\t", "        "), "\n")
	return &Sheet{env: env, title: title, text: func(w int) [][]widget.Styled {
		out := [][]widget.Styled{nil}
		for _, l := range width.Wrap(mail.Line(word), max(10, w-4)) {
			out = append(out, []widget.Styled{{Text: "  " + l, Style: env.Theme.Dim}})
		}
		out = append(out, nil)
		for line := range strings.SplitSeq(text, "\n") {
			for _, l := range width.Wrap(line, max(10, w-4)) {
				out = append(out, []widget.Styled{{Text: "  " + l, Style: env.Theme.Text}})
			}
		}
		return out
	}}
}
