package body

import (
	"strings"
	"unicode"
)

// Fold is a passage of quoted lines that a reader can do without: Lines[From:To] of a Document.
type Fold struct {
	ID       int // the same at every width
	From, To int
	Quote    int    // the lowest level in it
	Author   string // of whom, where the text tells
}

const (
	minFold  = 3  // shorter passages stay
	longest  = 20 // of what is answered, more is folded
	answered = 8  // down to this many lines before the answer
)

// Folds are the passages quoted beyond what was answered: what nothing of the author's own follows, the older levels
// of what he answers, and the beginning of what is too long to be all meant.
func (d *Document) Folds() []Fold {
	var out []Fold
	id := 0
	for at := 0; at < len(d.Lines); at++ {
		if d.Lines[at].Quote == 0 {
			continue
		}
		end := d.passage(at, len(d.Lines), 1)
		switch {
		case !d.answers(end):
			out = d.fold(out, &id, at, end)
		case end-at > longest:
			out = d.fold(out, &id, at, end-answered)
		default:
			for i := at; i < end; i++ {
				if d.Lines[i].Quote > 1 {
					to := d.passage(i, end, 2)
					out = d.fold(out, &id, i, to)
					i = to
				}
			}
			id += 100 // an answer is told apart by its place, not by the width
		}
		id, at = (id/100+1)*100, end
	}
	return out
}

// passage is the end of the quoted lines from at on, of a level or deeper; blank lines between them belong to it.
func (d *Document) passage(at, limit, level int) int {
	end := at
	for ; at < limit; at++ {
		switch l := &d.Lines[at]; {
		case l.Quote >= level && l.Kind != Blank:
			end = at + 1
		case l.Kind != Blank:
			return end
		}
	}
	return end
}

// answers tells whether the author's own words begin at line i, but for blank lines.
func (d *Document) answers(i int) bool {
	for ; i < len(d.Lines); i++ {
		switch d.Lines[i].Kind {
		case Blank:
			continue
		case Signature, Rule, Note, Footnote, CardLine:
			return false
		}
		return true
	}
	return false
}

func (d *Document) fold(out []Fold, id *int, from, to int) []Fold {
	*id++
	if to-from < minFold {
		return out
	}
	f := Fold{ID: *id, From: from, To: to, Quote: maxQuote}
	for _, l := range d.Lines[from:to] {
		if l.Kind != Blank {
			f.Quote = min(f.Quote, l.Quote)
		}
	}
	f.Author = d.author(from, f.Quote)
	return append(out, f)
}

// author is who is quoted from line at on: the one that the lines before name.
func (d *Document) author(at, level int) string {
	at--
	for at >= 0 && d.Lines[at].Kind == Blank {
		at--
	}
	if at < 0 || d.Lines[at].Quote >= level {
		return ""
	}
	s := d.Lines[at].Text()
	if who := authorOf(s); who != "" || at == 0 || d.Lines[at-1].Quote != d.Lines[at].Quote {
		return who
	}
	return authorOf(d.Lines[at-1].Text() + " " + s)
}

var (
	inBrackets = pattern(`<[^>]*>|\[[^\]]*\]|\([^)]*\)|\S+@\S+`)
	wroteVerb  = pattern(`(?i)(?:^|\s)(?:wrote|writes|schrieb|schreibt|a écrit|écrit|écrivait|escribió|ha scritto|scrive|schreef|skrev|escreveu|kirjoitti|napisał(?:\(a\))?|napsala?|пишет|написала?|написав)(?:\s|$)`)
	noName     = pattern(`(?i)^(?:[ap]m|uhr|utc|gmt|[cmenp]e?s?[dt]t?|on|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|at|um|à|le|am|den|alle|ore|,|\.|-)$`)
)

// authorOf is the name in a line that introduces a quote, as programs in many languages write it: before or behind
// the word for writing, the date being no part of it. Empty where none is sure.
func authorOf(s string) string {
	s = strings.TrimSpace(s)
	if !attribution(s) {
		return ""
	}
	s = strings.TrimRight(inBrackets().ReplaceAllString(s, " "), " :：")
	verb := wroteVerb().FindStringIndex(s)
	if verb == nil {
		return ""
	}
	behind := s[verb[1]:]
	if who := lastName(behind); who != "" || len(behind) > 60 {
		return who
	}
	return lastName(s[:verb[0]])
}

// lastName is the words behind the last one with a digit in it.
func lastName(s string) string {
	words := strings.Fields(s)
	from := 0
	for i, w := range words {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			from = i + 1
		}
	}
	for from < len(words) && noName().MatchString(strings.Trim(words[from], ",")) {
		from++
	}
	who := strings.Trim(strings.Join(words[from:], " "), ` ,"'`)
	if len(words[from:]) > 6 || len(who) > 60 {
		return ""
	}
	return who
}
