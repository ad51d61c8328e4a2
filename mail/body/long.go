package body

import (
	"slices"
	"strings"
	"sync"
)

const (
	longText  = 256 << 10 // a plain text that is longer is laid out block by block, where it is looked at
	blockSize = 16 << 10
	atOnce    = 3 // blocks of it that a Document has from the beginning
)

// segment is a piece of a message that is laid out by itself: a block of a long text, or paragraphs.
type segment struct {
	text       string // has passed the gate
	flow       flow
	first      bool        // the block that a text begins with
	paragraphs []paragraph // nil: a block
}

// flow is how the lines of a text go on. // RFC 3676 §4
type flow struct{ flowed, delsp bool }

// Rest is what a Document lacks of a long message. Only an index of it is kept: each block's text and what the blocks
// before have left open. Blocks are laid out as often as they are asked for.
type Rest struct {
	mu       sync.Mutex
	article  *article
	opt      Options
	segments []segment
	states   []textReader // by segment: where its reader begins; as long as the segments read once, and one
}

// long adds a text in blocks that are laid out later.
func (a *article) long(s string, flow flow) {
	a.flush()
	s = strings.TrimRight(s, " \n")
	for first := true; s != ""; first = false {
		n := blockEnd(s)
		a.segments = append(a.segments, segment{text: s[:n], flow: flow, first: first})
		s = strings.TrimPrefix(s[n:], "\n")
	}
}

// flush makes a segment of the paragraphs so far.
func (a *article) flush() {
	if len(a.paragraphs) > 0 {
		a.segments = append(a.segments, segment{paragraphs: a.paragraphs})
		a.paragraphs = nil
	}
}

// blockEnd is where the first block of s ends: before a blank line where one is near, else behind a line that does
// not flow on, else behind a word, else anywhere.
func blockEnd(s string) int {
	if len(s) <= blockSize {
		return len(s)
	}
	head := s[:blockSize]
	for _, mark := range []string{"\n\n", "\n", " "} {
		for at := len(head); ; {
			if at = strings.LastIndex(head[:at], mark); at < blockSize/2 {
				break
			}
			if mark != "\n" || head[at-1] != ' ' {
				return at + len(mark) - 1
			}
		}
	}
	return len(strings.ToValidUTF8(head, ""))
}

// rest takes the segments of an article, once all of it is read.
func (a *article) rest(opt Options) *Rest {
	a.flush()
	return &Rest{article: a, opt: opt, segments: a.segments, states: []textReader{{}}}
}

// Len is the number of blocks; the last one is what stands below all text.
func (r *Rest) Len() int { return len(r.segments) + 1 }

// Known is how many blocks have been read once. Only those and the next one can be asked for.
func (r *Rest) Known() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.states) - 1
}

// Lines are the lines of a block, the same whenever they are asked for.
func (r *Rest) Lines(i int) []Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i >= len(r.states) {
		return nil
	}
	l := layout{opt: r.opt}
	next := r.states[i]
	if i == len(r.segments) {
		l.below(r.article)
	} else if s := &r.segments[i]; s.paragraphs != nil {
		l.paragraphs(s.paragraphs)
		next = textReader{}
	} else {
		if s.first {
			next = textReader{}
		}
		r.article.paragraphs = r.article.paragraphs[:0]
		next.article = r.article
		next.read(s.text, s.flow)
		l.paragraphs(r.article.paragraphs)
		next.article = nil
	}
	if i == len(r.states)-1 {
		r.states = append(r.states, next)
	}
	return l.lines
}

// Links are the targets in the blocks that have been read.
func (r *Rest) Links() []Link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.article.links)
}
