package action

import (
	"slices"
	"strings"
)

// Presets are the sets of keys one can begin from, the default first.
var Presets = []string{"posthorn", "gmail", "mutt", "vim"}

// rebound is an action with other keys than the table's.
type rebound struct {
	scope  Scope
	action Action
	keys   string // sequences, parted by commas
}

// For is the table with the keys of a preset. What a preset binds has those keys and no others, and what it takes for
// that is no other action's in the same scope; all else keeps the table's keys.
func For(preset string) []Entry {
	changes := presets[preset]
	taken := map[Scope][]string{}
	for _, c := range changes {
		taken[c.scope] = append(taken[c.scope], strings.Split(c.keys, ", ")...)
	}
	out := slices.Clone(Table)
	for i, e := range out {
		if at := slices.IndexFunc(changes, func(c rebound) bool { return c.scope == e.Scope && c.action == e.Action }); at >= 0 {
			out[i].Keys = strings.Split(changes[at].keys, ", ")
			continue
		}
		out[i].Keys = slices.DeleteFunc(slices.Clone(e.Keys), func(k string) bool {
			return slices.ContainsFunc(taken[e.Scope], func(t string) bool { return begins(k, t) || begins(t, k) })
		})
	}
	return out
}

// begins tells whether a sequence is another one, or goes on from it.
func begins(whole, part string) bool { return whole == part || strings.HasPrefix(whole, part+" ") }

// presets are what each set of keys has of its own. Their sources are the programs' own defaults.
var presets = map[string][]rebound{
	"gmail": {
		{Index, Open, "o, enter, right"},
		{Index, PageDown, "pgdown, ctrl+f, space, g n"},
		{Index, PageUp, "pgup, ctrl+b, g p"},
		{Index, OnlyUnread, `\ u`},
		{Message, ReplyAll, "a, R"},
		{Message, Archive, "e, y"},
		{Message, Delete, "#, delete"},
		{Message, Move, "v"},
		{Message, Mute, "m, M"},
		{Message, Copy, "C"},
		{Message, Label, "l, +"},
		{Message, ToggleRead, "I, U"},
		{Pager, Next, "j, n, right"},
		{Pager, Previous, "k, p"},
		{Pager, Down, "down, ctrl+n"},
		{Pager, Up, "up, ctrl+p"},
		{Pager, Back, "u, q, esc, left"},
		{Pager, Unsubscribe, "alt+u"},
		{App, Palette, "., :, ctrl+k, f2"},
		{App, GoArchive, "g a, g e"},
		{App, GoAll, "g A"},
		{App, GoMailbox, "g l, g f"},
		{App, ShowLog, "g L"},
		{App, NextAny, "N, g N"},
	},
	"mutt": {
		{Index, Open, "enter, right"},
		{Index, PageDown, "z, space, pgdown, ctrl+f"},
		{Index, PageUp, "Z, pgup, ctrl+b"},
		{Index, HalfDown, "], ctrl+d"},
		{Index, HalfUp, "[, ctrl+u"},
		{Index, Top, "=, home"},
		{Index, Bottom, "*, end"},
		{Index, Select, "t"},
		{Index, SelectAll, "alt+t"},
		{Index, SelectFound, "T"},
		{Index, SelectThread, "alt+c"},
		{Index, SelectSender, "alt+x"},
		{Index, NextUnread, "tab"},
		{Index, Fold, "alt+v"},
		{Index, Flat, "alt+V"},
		{Index, Sort, "o, O"},
		{Index, ReadAll, "alt+r"},
		{Message, ReplyAll, "g"},
		{Message, ForwardAttach, "alt+f"},
		{Message, Redirect, "b"},
		{Message, EditAsNew, "alt+e"},
		{Message, Archive, "a"},
		{Message, Delete, "d, delete"},
		{Message, Move, "s"},
		{Message, Copy, "C"},
		{Message, Label, "Y"},
		{Message, ToggleRead, "N, alt+n"},
		{Message, Star, "F"},
		{Pager, Next, "j, J, right"},
		{Pager, Previous, "k, K"},
		{Pager, Down, "enter, down"},
		{Pager, Up, "backspace, up"},
		{Pager, Top, "^, home"},
		{Pager, Bottom, "$, end"},
		{Pager, Back, "q, i, x, esc, left"},
		{Pager, Attachments, "v"},
		{Pager, Headers, "h"},
		{Pager, Quotes, "T"},
		{Pager, KeepView, "alt+T"},
		{Pager, Unfold, "S"},
		{Pager, CopyLink, "alt+y"},
		{Sidebar, Top, "=, home"},
		{Sidebar, Bottom, "*, end"},
		{App, Compose, "m, alt+c"},
		{App, Search, "/, l, ' /"},
		{App, Undo, "u"},
		{App, Refresh, "G, ctrl+r, f5"},
		{App, GoMailbox, "c"},
		{App, ToggleSide, "B"},
		{App, NextAccount, "' tab"},
		{App, AccountN + "1", "alt+1, ' 1"},
		{App, AccountN + "2", "alt+2, ' 2"},
		{App, AccountN + "3", "alt+3, ' 3"},
		{App, AccountN + "4", "alt+4, ' 4"},
		{App, AccountN + "5", "alt+5, ' 5"},
		{App, AccountN + "6", "alt+6, ' 6"},
		{App, AccountN + "7", "alt+7, ' 7"},
		{App, AccountN + "8", "alt+8, ' 8"},
		{App, AccountN + "9", "alt+9, ' 9"},
		{App, GoAll, "' a"},
		{App, GoInbox, "' i"},
		{App, GoSent, "' t"},
		{App, GoDrafts, "' d"},
		{App, GoArchive, "' e"},
		{App, GoTrash, "' #"},
		{App, GoStarred, "' s"},
		{App, GoAllSent, "' T"},
		{App, GoAllDrafts, "' D"},
		{App, GoUnread, "' u"},
		{App, NextAny, "' n"},
		{App, ShowOutbox, "' o"},
		{App, ShowLog, "' l"},
		{App, ShowTasks, "' p"},
		{App, PickTheme, "' c"},
	},
	"vim": {
		{Index, Select, "v, space"},
		{Index, Fold, "z a"},
		{Message, Delete, "d d, delete"},
		{Message, Copy, "y y"},
		{Message, Move, "M"},
		{Message, Mute, "g m"},
		{Message, ToggleRead, "m"},
		{Pager, Unfold, "z o, enter"},
		{Pager, Quotes, "z a"},
		{Pager, OpenLink, "g x"},
		{Sidebar, Fold, "z a, space"},
		{Sidebar, DeleteMailbox, "d d, delete"},
		{App, Undo, "u"},
		{App, Redo, "ctrl+r, ctrl+y"},
		{App, Refresh, "f5"},
		{App, SwitchPane, "ctrl+w w, ctrl+w ctrl+w, tab, shift+tab"},
		{App, Quit, "Z Z, q, ctrl+c"},
	},
}
