package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks one character may carry: enough for every living script, too few to climb
// out of the line.
const maxMarks = 8

// Text is the one gate between the outside and the terminal: every string from mail, from a server or from an
// error that quotes one passes it once, after all decoding and before layout. What comes out has no control
// character but newline and tab, no escape sequence, no bidirectional control, nothing invisible and nothing
// unassigned. Controls are replaced by a visible stand-in rather than parsed, so that no unknown or unfinished
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
		if out < 0 {
			continue
		}
		if unicode.Is(unicode.M, out) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
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
	case r == 0xfe0e, r == 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff && isEmoji(prev): // variants and skin tones
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

func isEmoji(r rune) bool { return r >= 0x1f000 || r >= 0x2600 && r <= 0x27bf }
