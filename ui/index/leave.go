package index

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// Leave takes messages out of the list at once, so that the next key is about the next message; Left follows when the
// database knows.
func (x *Index) Leave(keys []mail.MessageKey) {
	rows := slices.Clone(x.rows)
	for _, k := range keys {
		x.leaving[k] = true
	}
	x.rows = slices.DeleteFunc(x.rows, func(m mail.Message) bool { return x.leaving[m.Key] })
	x.at = follow(rows, x.rows, x.at)
}

// Left ends what Leave began. Where the messages did not go, the cursor returns to them.
func (x *Index) Left(keys []mail.MessageKey, went bool) tea.Cmd {
	for _, k := range keys {
		delete(x.leaving, k)
	}
	if !went && len(keys) > 0 {
		x.back = keys[0]
	}
	x.loading = false // what was asked for before would bring them back
	return x.Reload()
}

// SeeAgain brings messages that an undone action was about into sight: the cursor goes to the nearest of them, unless it
// is on one.
func (x *Index) SeeAgain(keys []mail.MessageKey) tea.Cmd {
	x.again, x.loading = keys, false // what was asked for before may be without them
	return x.Reload()
}

// goAgain goes where SeeAgain says.
func (x *Index) goAgain() {
	about := make(map[mail.MessageKey]bool, len(x.again))
	for _, k := range x.again {
		about[k] = true
	}
	has := func(row int) bool {
		return row >= 0 && row < len(x.rows) && slices.ContainsFunc(x.meant(x.rows[row]), func(m mail.Message) bool { return about[m.Key] })
	}
	for far := 0; len(about) > 0 && far < len(x.rows); far++ {
		for _, row := range []int{x.at - far, x.at + far} {
			if has(row) {
				x.at, x.again = row, nil
				return
			}
		}
	}
	x.again = nil
}
