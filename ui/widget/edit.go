package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/width"
)

// edit is what a key means where text is typed. These keys are those of every shell and are not configurable;
// what [keys] binds in a scope is looked up first and never comes here.
type edit int

const (
	noEdit edit = iota
	insert      // the key's own text
	newline
	tab
	left
	right
	wordLeft
	wordRight
	paragraphUp
	paragraphDown
	home
	end
	up
	down
	pageUp
	pageDown
	top
	bottom
	backspace
	deleteNext
	killWordLeft
	killWordRight
	killStart
	killEnd
	yank
)

var plainKeys = map[rune]edit{
	tea.KeyEnter: newline, tea.KeyKpEnter: newline, tea.KeyTab: tab, tea.KeyLeft: left, tea.KeyRight: right,
	tea.KeyHome: home, tea.KeyEnd: end, tea.KeyUp: up, tea.KeyDown: down, tea.KeyPgUp: pageUp, tea.KeyPgDown: pageDown,
	tea.KeyBackspace: backspace, tea.KeyDelete: deleteNext,
}

var ctrlKeys = map[rune]edit{
	'a': home, 'e': end, 'b': left, 'f': right, 'p': up, 'n': down, 'h': backspace, 'd': deleteNext, 'w': killWordLeft,
	'u': killStart, 'k': killEnd, 'y': yank, 'v': yank, 'j': newline,
	tea.KeyLeft: wordLeft, tea.KeyRight: wordRight, tea.KeyHome: top, tea.KeyEnd: bottom,
	tea.KeyUp: paragraphUp, tea.KeyDown: paragraphDown, tea.KeyBackspace: killWordLeft, tea.KeyDelete: killWordRight, tea.KeyEnter: newline,
}

var altKeys = map[rune]edit{
	'b': wordLeft, 'f': wordRight, 'd': killWordRight, '<': top, '>': bottom, '{': paragraphUp, '}': paragraphDown,
	tea.KeyLeft: wordLeft, tea.KeyRight: wordRight, tea.KeyUp: paragraphUp, tea.KeyDown: paragraphDown, tea.KeyBackspace: killWordLeft, tea.KeyDelete: killWordRight,
	tea.KeyEnter: newline,
}

// moves tells whether e only moves the cursor.
func (e edit) moves() bool { return e >= left && e <= bottom }

func editFor(k tea.KeyPressMsg) edit {
	code := k.Code
	switch k.Mod & (tea.ModShift | tea.ModCtrl | tea.ModAlt | tea.ModMeta | tea.ModSuper | tea.ModHyper) {
	case 0, tea.ModShift:
		if e, ok := plainKeys[code]; ok {
			return e
		}
		if k.Text != "" {
			return insert
		}
	case tea.ModCtrl:
		if k.BaseCode != 0 {
			code = k.BaseCode
		}
		return ctrlKeys[code]
	case tea.ModCtrl | tea.ModShift:
		if e := ctrlKeys[code]; e.moves() && code > 0xff { // arrows, not letters
			return e
		}
	case tea.ModAlt, tea.ModAlt | tea.ModShift:
		if k.BaseCode != 0 && k.Mod == tea.ModAlt {
			code = k.BaseCode
		}
		if e, ok := altKeys[code]; ok {
			return e
		}
		if k.Text != "" { // AltGr and Option type characters on many keyboards
			return insert
		}
	case tea.ModCtrl | tea.ModAlt: // AltGr on some
		if k.Text != "" {
			return insert
		}
	}
	return noEdit
}

// clean makes text safe to lay out; before is what it will stand behind, for joiners mean something only there.
func clean(before, text string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	if before == "" || last < 0x80 {
		return mail.Text(text)
	}
	prefix := mail.Text(string(last))
	return strings.TrimPrefix(mail.Text(string(last)+text), prefix)
}

// nextChar is the offset behind the character at offset at of s.
func nextChar(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	c, _ := width.First(s[at:])
	return at + max(1, len(c))
}

// farBack bounds how far prevChar looks for the start of a character.
const farBack = 256

// prevChar is the offset of the character before offset at of s.
func prevChar(s string, at int) int {
	if at <= 1 {
		return 0
	}
	if s[at-1] < 0x80 {
		return at - 1
	}
	i := at - 1
	for i > 0 && s[i] >= 0x80 && at-i < farBack {
		i--
	}
	for !utf8.RuneStart(s[i]) {
		i--
	}
	for {
		next := nextChar(s, i)
		if next >= at {
			return i
		}
		i = next
	}
}

func wordChar(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// nextWord is the end of the word at or behind at.
func nextWord(s string, at int) int {
	for at < len(s) && !wordChar(s[at:]) {
		at = nextChar(s, at)
	}
	for at < len(s) && wordChar(s[at:]) {
		at = nextChar(s, at)
	}
	return at
}

// prevWord is the start of the word before at.
func prevWord(s string, at int) int {
	for at > 0 && !wordChar(s[prevChar(s, at):]) {
		at = prevChar(s, at)
	}
	for at > 0 && wordChar(s[prevChar(s, at):]) {
		at = prevChar(s, at)
	}
	return at
}

// wordAround is the word at an offset, or else the characters of another kind it is among: spaces, or the same mark.
func wordAround(s string, at int) (from, to int) {
	if at == len(s) {
		return at, at
	}
	kind := func(at int) string {
		switch c := s[at:nextChar(s, at)]; {
		case wordChar(c):
			return "word"
		case c == "\t":
			return " "
		default:
			return c
		}
	}
	from, to = at, nextChar(s, at)
	want := kind(at)
	for from > 0 && kind(prevChar(s, from)) == want {
		from = prevChar(s, from)
	}
	for to < len(s) && kind(to) == want {
		to = nextChar(s, to)
	}
	return from, to
}
