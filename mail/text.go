package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how much may be put onto one character, marks, joiners and parts of a Hangul syllable: enough for every
// living script, too few to climb out of the line.
const maxMarks = 8

// bare carries marks that came without a character to carry them: they would stand on what is ours.
const bare = '◌'

// Text is the one gate between the outside and the terminal: every string from mail, from a server or from an
// error that quotes one passes it once, after all decoding and before layout. What comes out has no control
// character but newline and tab, no escape sequence, no bidirectional control, nothing invisible, nothing
// unassigned, and nothing that joins what stands before or behind it. Controls are replaced by a visible stand-in rather than parsed, so that no unknown or unfinished
// sequence can survive. Emoji are reduced to the form whose width all terminals agree on.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	var prev rune
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\r' {
			if !strings.HasPrefix(s[i+1:], "\n") {
				r = '\n'
			} else {
				i += n
				continue
			}
		}
		i += n
		out := gate(r, prev)
		if leads(out) {
			if next, _ := utf8.DecodeRuneInString(s[i:]); !unicode.IsLetter(next) || leads(next) {
				out = utf8.RuneError
			}
		}
		switch {
		case out < 0:
			continue
		case !carried(out, prev):
			marks = 0
		case marks >= maxMarks:
			continue
		default:
			if marks++; mark(out) && (prev == 0 || prev == ' ' || prev == '\n' || prev == '\t') {
				b.WriteRune(bare)
			}
		}
		b.WriteRune(out)
		prev = out
	}
	return b.String()
}

// Line is Text for what must stay on one line: headers, names, server messages.
func Line(s string) string {
	s = Text(s)
	if !strings.ContainsAny(s, "\n\t") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x7f || c < 0x20 && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// gate is the character to show for r, or -1 for none. Printable characters are themselves.
func gate(r, prev rune) rune {
	switch {
	case r == '\n', r == '\t':
		return r
	case r < 0x20:
		return 0x2400 + r // ␛ and its siblings
	case r < 0x7f:
		return r
	case r == 0x7f:
		return 0x2421 // ␡
	case r < 0xa0: // C1
		return utf8.RuneError
	case r == 0x2028, r == 0x2029:
		return '\n'
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // embeddings, overrides, isolates
		return utf8.RuneError
	case r == 0x200c, r == 0x200d: // joiners mean something only between letters of the scripts that need them
		if joins(prev) {
			return r
		}
		return -1
	case r == 0xfe0e, r == 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff: // variants and skin tones
		return -1
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x2800: // blank letters
		return ' '
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return -1 // soft hyphen, zero-width space, marks of direction, byte order mark, tags
	case !unicode.IsGraphic(r):
		return utf8.RuneError // unassigned, private, surrogate
	}
	return r
}

// joins tells whether a joiner after r changes how r is written.
func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer)
}

// carried tells whether r is put onto the character before it rather than beside it.
func carried(r, prev rune) bool {
	switch {
	case r < 0x300:
		return false
	case mark(r), r == 0x200c, r == 0x200d, r >= 0x1161 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7fb:
		return true
	}
	return r >= 0x1100 && r <= 0x115f && prev >= 0x1100 && prev <= 0x115f
}

// mark tells whether r needs a character to stand on: marks proper, and letters of Thai, Lao and narrow Japanese that
// terminals take for such.
func mark(r rune) bool {
	return unicode.Is(unicode.M, r) || r == 0xe33 || r == 0xeb3 || r == 0xff9e || r == 0xff9f
}

// leads tells whether r is put onto the character behind it: letters that are written above the next.
func leads(r rune) bool {
	switch r {
	case 0x0d4e, 0x111c2, 0x111c3, 0x113d1, 0x1193f, 0x11941, 0x11a3a, 0x11d46, 0x11f02:
		return true
	}
	return r >= 0x11a84 && r <= 0x11a89
}
