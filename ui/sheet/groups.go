package sheet

import (
	"strings"

	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

var scopeNames = map[action.Scope]string{
	action.App: "Everywhere", action.Message: "Messages", action.Index: "The list", action.Sidebar: "Accounts and mailboxes",
	action.Pager: "Reading", action.Finding: "Finding", action.Composer: "Writing", action.Field: "Header fields", action.Editor: "The text",
	action.Marked: "Selected text", action.Offered: "Completions", action.Lines: "Selected lines",
	action.Dialog: "Choosing", action.Question: "Questions", action.Scroll: "Scrolling", action.Outbox: "The outbox",
	action.Files: "Attachments",
}

// twoColumns is the width from which on the groups stand beside each other.
const twoColumns = 96

// help lays the groups out in one column or two of about the same height.
func help(env *screen.Env, scopes []action.Scope, w int) [][]widget.Styled {
	column := min(w-2, 76)
	if w >= twoColumns {
		column = min((w-4)/2, 76)
	}
	var groups [][][]widget.Styled
	total := 0
	entries := env.Keys.Entries(scopes...)
	for _, scope := range scopes {
		if g := group(env, scope, entries, column); g != nil {
			groups = append(groups, g)
			total += len(g)
		}
	}
	var left, right [][]widget.Styled
	for _, g := range groups {
		if w >= twoColumns && len(left) > 0 && len(left)+len(g)/2 > total/2 {
			right = append(right, g...)
		} else {
			left = append(left, g...)
		}
	}
	var out [][]widget.Styled
	for i := range max(len(left), len(right)) {
		line := []widget.Styled{{Text: "  "}}
		used := 0
		if i < len(left) {
			for _, s := range left[i] {
				line = append(line, s)
				used += width.Of(s.Text)
			}
		}
		if i < len(right) {
			line = append(line, widget.Styled{Text: strings.Repeat(" ", max(0, column-used))})
			line = append(line, right[i]...)
		}
		out = append(out, line)
	}
	return out
}

// keyColumn is the columns for keys.
const keyColumn = 17

// shown is as many of an action's keys as fit.
func shown(sequences []string, room int) string {
	out := ""
	for i, s := range sequences {
		if s = keys.Show(s); i > 0 {
			s = out + "  " + s
		}
		if width.Of(s) <= room || i == 0 {
			out = s
		}
	}
	return out
}

// group is a scope's heading and its lines.
func group(env *screen.Env, scope action.Scope, entries []action.Entry, w int) [][]widget.Styled {
	th := env.Theme
	room := min(keyColumn, w/2)
	var out [][]widget.Styled
	for _, e := range entries {
		if e.Scope != scope || e.Help == "" {
			continue
		}
		keys := shown(e.Keys, room)
		for _, text := range width.Wrap(e.Help, max(1, w-room-4)) {
			out = append(out, []widget.Styled{
				{Text: width.Fit(keys, room) + "  ", Style: th.HintKey},
				{Text: text, Style: th.Text},
			})
			keys = ""
		}
	}
	if out == nil {
		return nil
	}
	heading := [][]widget.Styled{nil, {{Text: scopeNames[scope], Style: th.Heading}}, nil}
	return append(heading, out...)
}
