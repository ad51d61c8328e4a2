package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text as it is compared.
type Word struct {
	Text     string // folded
	From, To int    // octets of the text it was made of
}

// Apart tells whether r is of a script written without spaces: each such character is a word.
func Apart(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar)
}

// Fold is s in the form in which text is indexed and looked for: without accents, characters of scripts written without
// spaces set apart, compatibility forms as what they stand for. Case is left to who compares, but for what lower case
// makes two letters of.
func Fold(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		f := folded(r)
		if first, _ := utf8.DecodeRuneInString(f); Apart(first) {
			f = " " + f + " "
		}
		b.WriteString(f)
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// letters are those that people without them on their keyboard write otherwise, and that no decomposition knows.
var letters = map[rune]string{'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d",
	'ł': "l", 'Ł': "l", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'þ': "th", 'Þ': "th", 'ς': "σ"}

// folded is one character without its accents.
func folded(r rune) string {
	if s, ok := letters[r]; ok {
		return s
	}
	if accent(r) {
		return ""
	}
	if unicode.Is(unicode.Hangul, r) {
		return string(r)
	}
	whole := norm.NFKC.String(string(r))
	first, n := utf8.DecodeRuneInString(whole)
	if n < len(whole) || Apart(first) {
		return whole
	}
	parts := norm.NFKD.String(whole)
	if !strings.ContainsFunc(parts, accent) {
		return whole
	}
	return strings.Map(func(r rune) rune {
		if accent(r) {
			return -1
		}
		return r
	}, parts)
}

// accent tells whether r is put onto letters and may be left out by who looks for them: the combining marks of Latin,
// Greek and Cyrillic, and the points of Hebrew and Arabic.
func accent(r rune) bool {
	switch {
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff:
		return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)
	}
	return false
}

// Words are the words of s, in order.
func Words(s string) []Word {
	var out []Word
	open := false // the last word may go on
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		start := i
		i += n
		text := string(r)
		if r >= utf8.RuneSelf {
			if text = folded(r); text == "" { // an accent belongs to the letter before it
				if open {
					out[len(out)-1].To = i
				}
				continue
			}
		}
		first, _ := utf8.DecodeRuneInString(text)
		switch {
		case !unicode.IsLetter(first) && !unicode.IsNumber(first):
			open = false
			continue
		case Apart(first):
			out = append(out, Word{text, start, i})
			open = false
			continue
		case !open:
			out = append(out, Word{From: start})
			open = true
		}
		w := &out[len(out)-1]
		w.Text, w.To = w.Text+strings.ToLower(text), i
	}
	return out
}

// Hits are the places in s where the words of a term stand, as pairs of octets; the last word may be the beginning of a
// longer one unless whole.
func Hits(s, term string, whole bool) [][2]int {
	want := Words(term)
	if len(want) == 0 || s == "" {
		return nil
	}
	have, out := Words(s), [][2]int(nil)
next:
	for i := 0; i+len(want) <= len(have); i++ {
		for j, w := range want {
			h := have[i+j]
			if last := j == len(want)-1 && !whole; h.Text != w.Text && !(last && Begins(w.Text) && strings.HasPrefix(h.Text, w.Text)) {
				continue next
			}
		}
		out = append(out, [2]int{have[i].From, have[i+len(want)-1].To})
		i += len(want) - 1
	}
	return out
}

// Places are where one of the terms stands in s, in order; none overlaps.
func Places(s string, terms []Term) (out [][2]int) {
	for _, t := range terms {
		out = append(out, Hits(s, t.Value, t.Whole)...)
	}
	slices.SortFunc(out, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
	n := 0
	for _, at := range out {
		if n == 0 || at[0] >= out[n-1][1] {
			out[n] = at
			n++
		}
	}
	return out[:n]
}

// Begins tells whether words that begin with w are meant, too: a single letter would find half of all mail.
func Begins(w string) bool { return utf8.RuneCountInString(w) > 1 }
