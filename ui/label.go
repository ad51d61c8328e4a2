package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
)

// label asks for words that are set on all targets, or with a minus taken off them.
func (a *App) label(targets []mail.Message) tea.Cmd {
	var has mail.Keywords
	for _, m := range targets {
		if m.Keywords != "" {
			has = has.With(m.Keywords)
		}
	}
	hint := "A word is set; with - before it, it is taken off."
	if labels := has.Labels(); len(labels) > 0 {
		hint = "Now: " + strings.Join(labels, ", ") + ". " + hint
	}
	return a.run("label", func(ctx context.Context) (outcome, error) {
		known, err := a.env.Store.Labels(ctx)
		return func() tea.Cmd {
			p := dialog.Prompt(a.env, "Label "+count(len(targets)), "", func(text string) []string { return completeLabel(text, known, has.Labels()) },
				func(text string) tea.Cmd { return a.setLabels(targets, readLabels(text)) })
			return tea.Batch(a.Push(p.Checked(hint, checkLabels)), p.Suggest())
		}, err
	})
}

// readLabels are the words to set and to take off.
func readLabels(text string) (c mail.FlagChange) {
	for _, word := range strings.Fields(text) {
		if name, off := strings.CutPrefix(word, "-"); off {
			c.Del, c.Add = c.Del.With(mail.NewKeywords(name)), c.Add.Without(mail.NewKeywords(name))
		} else {
			c.Add, c.Del = c.Add.With(mail.NewKeywords(word)), c.Del.Without(mail.NewKeywords(word))
		}
	}
	return c
}

// checkLabels says what the words will do, or what is wrong with one, and where.
func checkLabels(text string) dialog.Reading {
	column := 0
	for _, word := range strings.SplitAfter(text, " ") {
		if name := strings.TrimPrefix(strings.TrimSpace(word), "-"); name != "" && !mail.IsKeyword(name) {
			return dialog.Reading{Text: fmt.Sprintf("“%s” is no label: take letters from a to z, digits, - and _.", mail.Line(name)), Column: column}
		}
		column += len([]rune(word))
	}
	c := readLabels(text)
	if c == (mail.FlagChange{}) {
		return dialog.Reading{Text: "Type a word."}
	}
	var will []string
	if c.Add != "" {
		will = append(will, "Sets "+strings.Join(c.Add.List(), ", ")+".")
	}
	if c.Del != "" {
		will = append(will, "Takes off "+strings.Join(c.Del.List(), ", ")+".")
	}
	return dialog.Reading{OK: true, Text: strings.Join(will, " ")}
}

// completeLabel lists what the last word of text could become: known labels, or with a minus those that are set.
func completeLabel(text string, known, set []string) (out []string) {
	i := strings.LastIndexByte(text, ' ') + 1
	before, word := text[:i], strings.ToLower(text[i:])
	if name, off := strings.CutPrefix(word, "-"); off {
		before, word, known = before+"-", name, set
	}
	for _, k := range known {
		if strings.HasPrefix(k, word) && k != word && !slices.Contains(strings.Fields(before), k) {
			out = append(out, before+k)
		}
	}
	return out
}

func (a *App) setLabels(targets []mail.Message, c mail.FlagChange) tea.Cmd {
	what, n := "changed the labels of %s", count(len(targets))
	switch {
	case c.Del == "":
		what = "labelled %s “" + strings.Join(c.Add.List(), "”, “") + "”"
	case c.Add == "":
		what = "took “" + strings.Join(c.Del.List(), "”, “") + "” off %s"
	}
	return a.wish(strings.Replace(what, "%s", n, 1), changeAll(targets, c), false)
}
