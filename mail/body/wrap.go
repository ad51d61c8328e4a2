package body

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// columns measures s; ASCII needs no asking.
func (o Options) columns(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			if o.Measure == nil {
				return utf8.RuneCountInString(s)
			}
			return o.Measure(s)
		}
	}
	return len(s)
}

// piece of a text: a word and the white space before it, or one character of a script that breaks anywhere.
type token struct {
	start, word, end int // text[start:word] is the white space, text[word:end] the rest
}

// nextToken reads on from at.
func nextToken(text string, at int) token {
	t := token{start: at, word: at}
	for t.word < len(text) && (text[t.word] == ' ' || text[t.word] == '\n') {
		t.word++
	}
	for t.end = t.word; t.end < len(text); {
		if c := text[t.end]; c < utf8.RuneSelf {
			if c == '\n' || c == ' ' && !glued(text[t.word:t.end], text[t.end+1:]) {
				return t
			}
			t.end++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[t.end:])
		if !breaksAnywhere(r) {
			t.end += n
			continue
		}
		if t.end > t.word && !strings.ContainsRune(noBreakBefore, r) && !opens(text[t.word:t.end]) {
			return t
		}
		t.end += n
		next, _ := utf8.DecodeRuneInString(text[t.end:])
		if t.end == len(text) || !unicode.Is(unicode.M, next) && !strings.ContainsRune(noBreakBefore, next) && !strings.ContainsRune(noBreakAfter, r) {
			return t
		}
	}
	return t
}

// Characters that do not begin or end a line in Chinese and Japanese.
const (
	noBreakBefore = "、。，．・：；？！）］｝〕〉》」』】〙〗ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々…‥,.:;?!)]}”’"
	noBreakAfter  = "（［｛〔〈《「『【〘〖([{“‘"
)

// glued tells whether the blank between two pieces is one that French puts around a mark: no line begins with " :", and
// none ends with "« ".
func glued(before, after string) bool {
	r, n := utf8.DecodeRuneInString(after)
	return before == "«" || strings.ContainsRune(":;?!»", r) && (len(after) == n || strings.ContainsRune(" \n,.)", rune(after[n])))
}

func opens(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(noBreakAfter, r)
}

func breaksAnywhere(r rune) bool {
	return r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xffef || r >= 0x20000 && r <= 0x3ffff
}

// wrap calls yield with the bounds of each line of text at a width; the lines after the first are hang columns
// narrower. White space at a break belongs to no line. reserve lists places that need more room than their text.
func (o Options) wrap(text string, width, first, hang int, reserve []reservation, yield func(start, end int)) {
	start, end, col := 0, 0, 0 // the line so far; it is empty before the first word only
	room, next := max(width-first, 1), max(width-hang, 1)
	for at := 0; at < len(text); {
		t := nextToken(text, at)
		at = t.end
		if t.word == t.end { // white space at the very end
			break
		}
		gap, w, extra := t.word-t.start, o.columns(text[t.word:t.end]), reserved(&reserve, t.end)
		if col+gap+w+extra > room {
			if end > start && gap > 1 && first+col+gap <= hang && w+extra > next { // what is longer than a line begins beside its label
				start, w = o.breakWord(text[:t.end], start, t.word, max(room-col-gap, 1), next, w, extra, yield)
				end, col, room = t.end, w+extra, next
				continue
			}
			if end > start {
				yield(start, end)
				room = next
			}
			if start, col, gap = t.word, 0, 0; w+extra > room {
				start, w = o.breakWord(text[:t.end], t.word, t.word, room, next, w, extra, yield)
				room = next
			}
		}
		end, col = t.end, col+gap+w+extra
	}
	if end > start || len(text) == 0 {
		yield(start, end)
	}
}

// breakWord cuts the word text[at:], w columns wide, that is longer than a line, behind a mark as links have them
// where one is near; it returns where its last line begins and how wide that is. Its first line begins at line.
func (o Options) breakWord(text string, line, at, room, next, w, extra int, yield func(start, end int)) (start, col int) {
	start = line
	mark, markCol := at, 0
	for at < len(text) {
		n := clusterLength(text[at:])
		cw := o.columns(text[at : at+n])
		limit := room
		if col+w <= room { // the last line, but for its link's number
			limit = max(room-extra, 1)
		}
		if col+cw > limit && at > start {
			if markCol*3 < limit*2 {
				mark, markCol = at, col
			}
			yield(start, mark)
			start, col, room = mark, col-markCol, next
			markCol = 0
		}
		col += cw
		w -= cw
		at += n
		if strings.IndexByte("/?&=-_.,;@", text[at-1]) >= 0 {
			mark, markCol = at, col
		}
	}
	return start, col
}

// clusterLength is the length of the first character with its combining marks and joiners.
func clusterLength(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, m := utf8.DecodeRuneInString(s[n:])
		if !unicode.Is(unicode.M, r) && r != 0x200d && r != 0x200c {
			break
		}
		n += m
	}
	return n
}

// reservation is room for the number of a link that ends at an offset.
type reservation struct{ at, columns int }

// reserved takes the reservations up to end off the list.
func reserved(list *[]reservation, end int) int {
	n := 0
	for len(*list) > 0 && (*list)[0].at <= end {
		n += (*list)[0].columns
		*list = (*list)[1:]
	}
	return n
}
