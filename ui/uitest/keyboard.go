package uitest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// Press presses keys named as in bindings: Press("j", "enter", "g i").
func (d *Driver) Press(names ...string) {
	d.T.Helper()
	for _, sequence := range names {
		for _, n := range strings.Fields(sequence) {
			d.Send(Key(n))
		}
	}
}

// Rush presses keys so fast that nothing of what the first leads to is there when the others come.
func (d *Driver) Rush(names ...string) {
	d.T.Helper()
	for _, n := range names {
		d.update(Key(n))
	}
	d.settle()
}

// Type types text, one key for each character.
func (d *Driver) Type(text string) {
	d.T.Helper()
	for _, r := range text {
		d.Send(typed(r))
	}
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f1": tea.KeyF1, "f5": tea.KeyF5,
}

// Key is the press of a key named as in bindings.
func Key(name string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	for _, m := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, m.name); ok {
			name, k.Mod = rest, k.Mod|m.mod
		}
	}
	if name == "space" {
		return typed(' ')
	}
	if code, ok := keyCodes[name]; ok {
		k.Code = code
	} else {
		r, _ := utf8.DecodeRuneInString(name)
		if k.Mod == 0 {
			return typed(r)
		}
		k.Code = r
	}
	return k
}

// typed is the press that types r, as Bubble Tea makes it.
func typed(r rune) tea.KeyPressMsg {
	k := tea.KeyPressMsg{Code: r, Text: string(r)}
	if r == ' ' {
		k.Code = tea.KeySpace
	}
	if unicode.IsUpper(r) {
		k.Code, k.ShiftedCode, k.Mod = unicode.ToLower(r), r, tea.ModShift
	}
	return k
}
