package keys

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// named are the keys that have a name rather than a character.
var named = map[rune]string{
	tea.KeyEnter: "enter", tea.KeyTab: "tab", tea.KeyEscape: "esc", tea.KeySpace: "space", tea.KeyBackspace: "backspace",
	tea.KeyDelete: "delete", tea.KeyInsert: "insert", tea.KeyUp: "up", tea.KeyDown: "down", tea.KeyLeft: "left",
	tea.KeyRight: "right", tea.KeyHome: "home", tea.KeyEnd: "end", tea.KeyPgUp: "pgup", tea.KeyPgDown: "pgdown",
	tea.KeyF1: "f1", tea.KeyF2: "f2", tea.KeyF3: "f3", tea.KeyF4: "f4", tea.KeyF5: "f5", tea.KeyF6: "f6",
	tea.KeyF7: "f7", tea.KeyF8: "f8", tea.KeyF9: "f9", tea.KeyF10: "f10", tea.KeyF11: "f11", tea.KeyF12: "f12",
	tea.KeyKpEnter: "enter",
}

// Name is what a key press is called in the table and in the configuration: "a", "G", "#", "ctrl+s", "alt+1",
// "shift+tab", "enter". A character is called by itself, so that every keyboard layout can type what it shows.
func Name(k tea.KeyPressMsg) string {
	mods := ""
	if k.Mod.Contains(tea.ModCtrl) {
		mods += "ctrl+"
	}
	if k.Mod.Contains(tea.ModAlt) {
		mods += "alt+"
	}
	name, special := named[k.Code]
	switch {
	case special:
		if k.Mod.Contains(tea.ModShift) {
			mods += "shift+"
		}
		return mods + name
	case mods == "" && k.Text != "":
		return k.Text
	}
	return mods + strings.ToLower(string(k.Code))
}

// valid tells whether a name of the configuration can be a key.
func valid(name string) bool {
	for _, mod := range []string{"ctrl+", "alt+", "shift+"} {
		name = strings.TrimPrefix(name, mod)
	}
	if utf8.RuneCountInString(name) == 1 {
		return true
	}
	for _, n := range named {
		if n == name {
			return true
		}
	}
	return false
}

// Show is a sequence as help spells it.
func Show(sequence string) string {
	words := strings.Split(sequence, " ")
	for i, w := range words {
		parts := strings.Split(w, "+")
		if slices.Contains(parts, "") { // the plus key itself
			continue
		}
		for j, p := range parts {
			if s, ok := shown[p]; ok {
				parts[j] = s
			}
		}
		words[i] = strings.Join(parts, "-")
	}
	return strings.Join(words, " ")
}

var shown = map[string]string{
	"ctrl": "Ctrl", "alt": "Alt", "shift": "Shift", "enter": "Enter", "tab": "Tab", "esc": "Esc", "space": "Space",
	"up": "↑", "down": "↓", "left": "←", "right": "→", "pgup": "PgUp", "pgdown": "PgDn", "home": "Home", "end": "End",
	"delete": "Del", "backspace": "Backspace", "insert": "Ins", "f1": "F1", "f5": "F5",
}
