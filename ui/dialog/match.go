package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"posthorn/mail/search"
)

// Match tells how well the words of pattern are found in text or, as a second choice, in others: each word as it
// stands or at least its letters in order, whatever their case and accents. Higher is better; marked are the byte offsets in text that were found.
func Match(pattern, text string, others ...string) (score int, marked []int, ok bool) {
	for _, word := range strings.Fields(pattern) {
		if s, m, found := find(word, text); found {
			score += s
			marked = append(marked, m...)
			continue
		}
		best := 0
		for _, other := range others {
			if s, _, found := find(word, other); found {
				best = max(best, s)
			}
		}
		if best == 0 {
			return 0, nil, false
		}
		score += best / 2
	}
	slices.Sort(marked)
	return score*100 - utf8.RuneCountInString(text), slices.Compact(marked), true
}

// What a word is worth by where it is found.
const (
	whole     = 8 // it is the text
	atStart   = 7
	atWord    = 5 // at the start of one of the text's words
	inside    = 3
	initials  = 2 // letters in order, each at the start of a word or behind the one before
	scattered = 1
)

// find looks for word in text.
func find(word, text string) (score int, marked []int, ok bool) {
	letters := letters(text)
	var want []rune
	for _, r := range word {
		want = append(want, plain(r)...)
	}
	best := -1
	for i := 0; i+len(want) <= len(letters); i++ {
		if !slices.EqualFunc(letters[i:i+len(want)], want, func(l letter, r rune) bool { return l.plain == r }) {
			continue
		}
		s := inside
		switch {
		case i == 0 && len(want) == len(letters):
			s = whole
		case i == 0:
			s = atStart
		case letters[i].start:
			s = atWord
		}
		if s > score {
			score, best = s, i
		}
	}
	if best >= 0 {
		for _, l := range letters[best : best+len(want)] {
			marked = append(marked, l.at)
		}
		return score, marked, true
	}
	if marked, ok := inOrder(want, letters, true); ok {
		return initials, marked, true
	}
	marked, ok = inOrder(want, letters, false)
	return scattered, marked, ok
}

type letter struct {
	at    int // byte offset
	plain rune
	start bool // first of a word
}

// plain is a character as it is compared: in lower case and without accents; of some that is two, of a mark none.
func plain(r rune) []rune {
	if r < utf8.RuneSelf {
		return []rune{unicode.ToLower(r)}
	}
	return []rune(strings.ToLower(strings.TrimSpace(search.Fold(string(r)))))
}

func letters(text string) []letter {
	var out []letter
	prev := ' '
	for i, r := range text {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		before := unicode.IsLetter(prev) || unicode.IsDigit(prev)
		start := word && (!before || unicode.IsUpper(r) && unicode.IsLower(prev))
		for k, p := range plain(r) {
			out = append(out, letter{i, p, start && k == 0})
		}
		prev = r
	}
	return out
}

// inOrder finds the letters of want one after the other; strict: each at the start of a word or right behind the
// one before.
func inOrder(want []rune, letters []letter, strict bool) (marked []int, ok bool) {
	last := -2
	for i, l := range letters {
		if len(marked) == len(want) {
			break
		}
		if l.plain == want[len(marked)] && (!strict || l.start || last == i-1) {
			marked = append(marked, l.at)
			last = i
		}
	}
	return marked, len(marked) == len(want)
}
