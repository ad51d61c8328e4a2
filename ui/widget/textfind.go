package widget

// Find selects the next place where what is, whatever its case, behind the cursor or before it; around tells that the
// search went on from the other end of the text.
func (t *Text) Find(what string, back bool) (found, around bool) {
	want := folded(what)
	if len(want) == 0 {
		return false, false
	}
	from, base, _ := t.selection()
	if back {
		base = from
	}
	n := len(t.lines)
	for i := range n + 1 { // the first line comes twice: what is ahead on it, and at last the rest
		line := (base.line + i) % n
		if back {
			line = (base.line - i + n) % n
		}
		start, stop := 0, len(t.lines[line].text)
		switch {
		case i == 0 && back:
			stop = base.at
		case i == 0:
			start = base.at
		}
		at, end := findIn(t.lines[line].text[:stop], start, want, back)
		if at < 0 {
			continue
		}
		t.stop()
		t.mark = &place{line, at}
		t.moveTo(place{line, end})
		return true, t.mark.before(base) != back
	}
	return false, false
}

// findIn is the first place of want in s from at on, or the last one; -1: none.
func findIn(s string, at int, want []rune, last bool) (from, to int) {
	from, to = find(s, at, want)
	for last && from >= 0 {
		f, e := find(s, to, want)
		if f < 0 {
			break
		}
		from, to = f, e
	}
	return from, to
}

// Rewrite puts what f makes of the selected lines, or of the paragraph with the cursor, in their place, as one step
// for Undo. The cursor stays at its character. false: there is nothing to rewrite, or nothing changes.
func (t *Text) Rewrite(f func(string) string) bool {
	first, last, selected := t.selection()
	switch {
	case selected && last.at == 0:
		last.line--
	case !selected:
		if first.line, last.line = t.paragraph(); first.line > last.line {
			return false
		}
	}
	from, to := place{first.line, 0}, place{last.line, len(t.lines[last.line].text)}
	before := t.slice(from, to)
	after := f(before)
	if after == before {
		return false
	}
	at := to
	if t.at.before(to) {
		at = t.at
	}
	passed := letters(t.slice(from, at))
	t.mark = nil
	t.edit(pasted, from, to, after)
	offset := 0
	for ; offset < len(after) && passed > 0; offset++ {
		passed -= letters(after[offset : offset+1])
	}
	t.moveTo(behind(from, after[:offset]))
	return true
}

// paragraph is the first and the last line of what the cursor is in: lines at the same level of quoting that no blank
// line parts. There is none in the signature.
func (t *Text) paragraph() (first, last int) {
	at := t.at.line
	sig := t.signature()
	if at >= sig || blank(t.lines[at].text) {
		return 0, -1
	}
	level := quoteLevel(t.lines[at].text)
	belongs := func(line int) bool {
		text := t.lines[line].text
		return !blank(text) && quoteLevel(text) == level
	}
	for first = at; first > 0 && belongs(first-1); {
		first--
	}
	for last = at; last+1 < sig && belongs(last+1); {
		last++
	}
	return first, last
}

// letters counts the bytes that stay when text is flowed anew.
func letters(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' && s[i] != '\n' && s[i] != '>' && s[i] != '\t' {
			n++
		}
	}
	return n
}
