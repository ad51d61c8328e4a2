// Package keys turns key presses into actions: it names keys, holds the table of bindings with the user's changes,
// and resolves sequences such as "g g" over a chain of scopes. It refuses to know what an action does.
package keys

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// named are the keys that have a name instead of a character.
var named = []string{
	"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right", "insert", "delete", "pgup", "pgdown", "home", "end",
	"begin", "find", "select", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
}

// modifiers are in the order in which names spell them.
var modifiers = []struct {
	name string
	mod  tea.KeyMod
}{{"ctrl", tea.ModCtrl}, {"alt", tea.ModAlt}, {"shift", tea.ModShift}, {"meta", tea.ModMeta}, {"hyper", tea.ModHyper}, {"super", tea.ModSuper}}

// Name is the name of the key that was pressed: what it types ("g", "G", "?"), or its modifiers and name
// ("ctrl+s", "shift+tab", "pgdown").
func Name(k tea.KeyPressMsg) string {
	mod := k.Mod &^ (tea.ModCapsLock | tea.ModNumLock | tea.ModScrollLock)
	if k.Text != "" && mod&^tea.ModShift == 0 {
		if k.Text == " " {
			if mod == 0 {
				return "space"
			}
			return "shift+space"
		}
		return k.Text
	}
	k.Mod, k.Text = mod, ""
	name, err := canonical(k.Keystroke())
	if err != nil {
		return k.Keystroke()
	}
	return name
}

// onUSLayout is the name the key would have on the layout the default bindings are written for, where the terminal
// tells it: with it "j" works on a Cyrillic keyboard. Empty: no other name.
func onUSLayout(k tea.KeyPressMsg) string {
	r, _ := utf8.DecodeRuneInString(k.Text)
	if k.BaseCode == 0 || k.BaseCode > unicode.MaxASCII || r <= unicode.MaxASCII || !unicode.IsLetter(r) {
		return ""
	}
	if k.Mod.Contains(tea.ModShift) {
		return string(unicode.ToUpper(k.BaseCode))
	}
	return string(k.BaseCode)
}

// Parse splits the notation of a binding into canonical key names: "g g", "ctrl+x", "shift+tab".
func Parse(sequence string) ([]string, error) {
	words := strings.Fields(sequence)
	if len(words) == 0 {
		return nil, fmt.Errorf("a key is empty: write one like \"e\", \"ctrl+e\" or \"g e\"")
	}
	for i, w := range words {
		name, err := canonical(w)
		if err != nil {
			return nil, err
		}
		words[i] = name
	}
	return words, nil
}

// canonical is a key's name with its modifiers in order and shifted letters as the letters they type.
func canonical(s string) (string, error) {
	var mod tea.KeyMod
	base := s
	for {
		first, rest, ok := strings.Cut(base, "+")
		if !ok || first == "" || rest == "" {
			break
		}
		i := slices.IndexFunc(modifiers, func(m struct {
			name string
			mod  tea.KeyMod
		}) bool {
			return m.name == strings.ToLower(first)
		})
		if i < 0 {
			return "", fmt.Errorf("%q is not a key: %q is none of ctrl, alt, shift and super", s, first)
		}
		mod |= modifiers[i].mod
		base = rest
	}
	r, n := utf8.DecodeRuneInString(base)
	switch {
	case n == len(base) && r > ' ' && r != 0x7f:
		if mod.Contains(tea.ModCtrl) {
			base = strings.ToLower(base)
		} else if mod.Contains(tea.ModShift) && unicode.IsLetter(r) {
			base, mod = strings.ToUpper(base), mod&^tea.ModShift
		}
	case slices.Contains(named, strings.ToLower(base)):
		base = strings.ToLower(base)
	default:
		hint := elsewhere(s)
		if hint == "" {
			hint = meant(base, named)
		}
		return "", fmt.Errorf("%q is not a key%s: use a character, or one of %s", s, hint, strings.Join(named[:15], ", "))
	}
	var b strings.Builder
	for _, m := range modifiers {
		if mod.Contains(m.mod) {
			b.WriteString(m.name + "+")
		}
	}
	return b.String() + base, nil
}

// types tells whether a key with that name types text.
func types(name string) bool { return utf8.RuneCountInString(name) == 1 || name == "space" }

var signs = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→"}

// Show is a sequence as the screen shows it: arrows as such.
func Show(sequence string) string {
	words := strings.Fields(sequence)
	for i, w := range words {
		if sign, ok := signs[w]; ok {
			words[i] = sign
		}
	}
	return strings.Join(words, " ")
}
