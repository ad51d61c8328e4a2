package body

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// edit goes over what was read of an HTML document as someone who lays out a page does, who sees all of it: what is
// larger than the rest is a heading, what is smaller steps back, lines that divide nothing and pictures that say
// nothing are left out, and older mail below an answer is a quote.
func (a *article) edit(from int) {
	list := slices.Clone(a.paragraphs[from:])
	usual := usualSize(list)
	dimPrint(list, usual)
	quoteOlder(list, false)
	a.paragraphs = a.paragraphs[:from]
	for i := range list {
		p := &list[i]
		if p.kind == Normal && large(p, usual) {
			p.kind = Heading
		}
		if p.first == "" && p.hang == 0 && typedBullet(p.text) {
			p.hang = 2
		}
		if orphan(p) || needless(p, list[i+1:]) {
			a.add(paragraph{kind: Blank, quote: p.quote})
			continue
		}
		rule := p.kind == Rule && p.text == ""
		if last := a.lastAbove(from); rule && (last < 0 || a.paragraphs[last].kind == Rule) {
			continue
		}
		if p.table != nil && p.table.single && a.joined(from, p) {
			continue
		}
		if p.kind == Heading && len(a.paragraphs) > from && (i == 0 || list[i-1].kind != Heading) {
			a.add(paragraph{kind: Blank, quote: min(p.quote, a.paragraphs[len(a.paragraphs)-1].quote)})
		}
		a.add(*p)
		if p.kind == Heading && i+1 < len(list) && !large(&list[i+1], usual) && list[i+1].kind != Heading {
			a.add(paragraph{kind: Blank, quote: min(p.quote, list[i+1].quote)})
		}
	}
	if last := a.lastAbove(from); last >= 0 && a.paragraphs[last].kind == Rule && a.paragraphs[last].text == "" {
		a.paragraphs = a.paragraphs[:last]
	}
}

// joined makes a row that stands by itself one of the table above, if it is of the same kind: shops write a table for
// each thing sold.
func (a *article) joined(from int, p *paragraph) bool {
	last := a.lastAbove(from)
	if last < 0 || a.paragraphs[last].table == nil || a.paragraphs[last].quote != p.quote {
		return false
	}
	t := a.paragraphs[last].table
	if t.columns != p.table.columns || t.heads > 0 {
		return false
	}
	t.rows = append(t.rows, p.table.rows...)
	a.paragraphs = a.paragraphs[:last+1]
	a.add(paragraph{kind: Blank, quote: p.quote})
	return true
}

// lastAbove is the last paragraph since from that is not empty, -1 where there is none.
func (a *article) lastAbove(from int) int {
	for i := len(a.paragraphs) - 1; i >= from; i-- {
		if a.paragraphs[i].kind != Blank {
			return i
		}
	}
	return -1
}

// usualSize is that of most of the letters.
func usualSize(list []paragraph) float64 {
	sizes := map[float64]int{}
	usual := 0.0
	for _, p := range list {
		if p.size > 0 && p.kind != Heading && p.quote == 0 {
			sizes[p.size] += len(p.text)
			if n := sizes[p.size]; n > sizes[usual] || n == sizes[usual] && p.size < usual {
				usual = p.size
			}
		}
	}
	return max(usual, 14)
}

// maxHeading is how many characters make up a heading that is not called so.
const maxHeading = 90

// large tells whether a paragraph is a heading by its looks.
func large(p *paragraph, usual float64) bool {
	if p.table != nil || p.keep || p.first != "" || p.size < 17 || p.size < usual*1.2 || picture(p) {
		return false
	}
	if last, _ := utf8.DecodeLastRuneInString(p.text); strings.ContainsRune(".,;:", last) && p.size < usual*1.6 {
		return false
	}
	return utf8.RuneCountInString(p.text) <= maxHeading && strings.IndexFunc(p.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// picture tells whether nothing but pictures make up a paragraph.
func picture(p *paragraph) bool {
	return strings.HasPrefix(p.text, "[") && strings.HasSuffix(p.text, "]") && len(p.runs) == 1 && p.runs[0].style&Dim != 0
}

// alone tells whether a paragraph is a picture or a button, which have room around them.
func (p *paragraph) alone() bool {
	return picture(p) || len(p.runs) == 1 && p.runs[0].link > 0 && p.runs[0].style&Bold != 0
}

var leaving = pattern(`(?i)unsubscribe|abmelden|abbestellen|se désabonner|désinscri|cancelar (la )?suscripci|darse de baja|disiscri|afmelden|avregistrera|отписаться|wypisz|配信停止|退订|取消订阅|수신거부|إلغاء الاشتراك`)

// dimPrint makes small print step back: what is set in smaller letters than the rest, and all from the line that
// tells how to get no more of the kind.
func dimPrint(list []paragraph, usual float64) {
	footer := len(list)
	for i := len(list) - 1; i >= 0 && i >= len(list)-12; i-- {
		if list[i].quote == 0 && list[i].table == nil && len(list[i].text) < 600 && leaving().MatchString(list[i].text) {
			footer = i
		}
	}
	for i := range list {
		p := &list[i]
		if p.table != nil || p.kind != Normal || p.text == "" {
			continue
		}
		if p.size > 0 && p.size < usual*0.88 || i >= footer {
			p.dim()
		}
	}
}

// typedBullet tells whether a line begins with a bullet that its author's program wrote as text.
func typedBullet(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("·•◦▪", r) && strings.HasPrefix(s[n:], " ")
}

// orphan tells whether a paragraph holds nothing but marks that stood between things that are not shown.
func orphan(p *paragraph) bool {
	if p.kind != Normal || p.table != nil || p.keep || len(p.text) > 40 {
		return false
	}
	for _, r := range p.text {
		if !strings.ContainsRune(" |·•–—-_*~/\\>‹›«»", r) {
			return false
		}
	}
	return true
}

// needless tells whether a picture's words stand in the text as well: they are those of the link that follows.
func needless(p *paragraph, rest []paragraph) bool {
	if !picture(p) || p.runs[0].link == 0 {
		return false
	}
	link := p.runs[0].link
	for i := range rest[:min(len(rest), 4)] {
		q := &rest[i]
		if q.kind != Blank {
			return len(q.runs) > 0 && q.runs[0].link == link && strings.EqualFold(strings.Trim(p.text, "[]"), q.text)
		}
	}
	return false
}
