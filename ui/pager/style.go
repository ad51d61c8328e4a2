package pager

import (
	"strings"

	"posthorn/mail/body"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// token is what a piece of a line means; styles say how that looks.
type token uint32

const (
	textToken token = iota
	subjectToken
	nameToken    // of a header field
	valueToken   // of a header field
	addressToken // behind a name
	ruleToken
	noteToken
	warnToken
	goodToken
	headingToken
	signatureToken
	codeToken
	addToken
	delToken
	hunkToken
	diffHeadToken
	linkToken
	numberToken
	accountToken // the hue of the account that holds the message
	quoteToken   // one more for each level
)

// quoteLevels is how many levels of quoting look different.
const quoteLevels = 4

// emphases are added to a token.
const (
	bold token = 1 << (8 + iota)
	italic
	underline
	strike
	dim
)

// linkShift is where a token holds the number of the link it belongs to.
const linkShift = 16

// piece is text with a meaning.
type piece struct {
	text  string
	token token
}

// styles are the looks of tokens under one theme.
type styles struct {
	theme *theme.Theme
	hue   theme.Style // of the account that holds the message
	click []string    // by the number of a link: where a click on it leads, see clickable
}

func newStyles(env *screen.Env) styles {
	th := *env.Theme // the theme on screen may change while a page is made
	return styles{theme: &th}
}

func (st styles) line(pieces []piece) []widget.Styled {
	out := make([]widget.Styled, len(pieces))
	for i, p := range pieces {
		style := st.style(p.token)
		if n := int(p.token >> linkShift); n > 0 && n < len(st.click) && st.click[n] != "" {
			style = style.Hyperlink(st.click[n])
		}
		out[i] = widget.Styled{Text: p.text, Style: style}
	}
	return out
}

func (st styles) style(t token) theme.Style {
	s := st.base(t & 0xff)
	if t&dim != 0 {
		s = st.theme.Dim
		if t&0xff == linkToken { // small print, and still a link
			s = s.Underline(true)
		}
	}
	if t&bold != 0 {
		s = s.Bold()
	}
	if t&italic != 0 {
		s = s.Italic()
	}
	if t&underline != 0 {
		s = s.Underline(true)
	}
	if t&strike != 0 {
		s = s.Strikethrough()
	}
	return s
}

func (st styles) base(t token) theme.Style {
	th := st.theme
	switch t {
	case subjectToken:
		return th.Strong
	case nameToken:
		return th.HeaderName
	case valueToken:
		return th.HeaderValue
	case addressToken, noteToken:
		return th.Dim
	case ruleToken:
		return th.Rule
	case warnToken:
		return th.Warn
	case goodToken:
		return th.Good
	case headingToken:
		return th.Heading
	case signatureToken:
		return th.Signature
	case codeToken:
		return th.Code
	case addToken:
		return th.DiffAdd
	case delToken:
		return th.DiffDel
	case hunkToken:
		return th.DiffHunk
	case diffHeadToken:
		return th.DiffHead
	case linkToken:
		return th.Link
	case numberToken:
		return th.LinkNumber
	case accountToken:
		return st.hue
	}
	if t >= quoteToken {
		return th.Quote[(t-quoteToken)%quoteLevels]
	}
	return th.Text
}

var kindTokens = map[body.LineKind]token{
	body.Heading: headingToken, body.Signature: signatureToken, body.Rule: ruleToken, body.Note: noteToken, body.Footnote: noteToken,
	body.DiffAdd: addToken, body.DiffDel: delToken, body.DiffHunk: hunkToken, body.DiffHead: diffHeadToken,
}

var emphases = []struct {
	style body.Style
	token token
}{{body.Bold, bold}, {body.Italic, italic}, {body.Underline, underline}, {body.Strike, strike}, {body.Dim, dim}}

// quoteBar stands before a quoted line, once for each level.
const quoteBar = "▏ "

// bodyLine is a line of the text with its marks of quoting and the numbers of its links; one that is kept as it came
// and is too long takes several.
func (st styles) bodyLine(l body.Line, links []body.Link, opt body.Options) [][]piece {
	var before []piece
	for level := range opt.QuoteColumns(l.Quote) / 2 {
		before = append(before, piece{quoteBar, quoteToken + token(level%quoteLevels)})
	}
	base := kindTokens[l.Kind]
	if l.Kind == body.Quote || l.Kind == body.Blank && l.Quote > 0 {
		base = quoteToken + token((l.Quote-1)%quoteLevels)
	}
	var pieces []piece
	for _, s := range l.Spans {
		t := base
		if s.Style&body.Code != 0 {
			t = codeToken
		}
		switch astray := s.Link > 0 && s.Link <= len(links) && links[s.Link-1].Mismatch; { // it leads elsewhere than it says
		case s.Link > 0 && l.Kind == body.Footnote && astray:
			t = warnToken
		case s.Link > 0 && l.Kind == body.Footnote:
			t = numberToken
		case s.Link > 0:
			t = linkToken
		}
		for _, e := range emphases {
			if s.Style&e.style != 0 {
				t |= e.token
			}
		}
		link := token(s.Link) << linkShift
		pieces = append(pieces, piece{untab(s.Text), t | link})
		if s.End {
			number := numberToken
			if s.Link <= len(links) && links[s.Link-1].Mismatch {
				number = warnToken // it leads elsewhere than it says
			}
			pieces = append(pieces, piece{linkNumber(s.Link), number | link})
		}
	}
	room := max(10, opt.Width-opt.QuoteColumns(l.Quote))
	var out [][]piece
	for _, line := range wrap(pieces, room) {
		out = append(out, append(append([]piece{{strings.Repeat(" ", margin(opt.Width)), textToken}}, before...), line...))
	}
	return out
}

// wrap cuts pieces into lines of at most n columns.
func wrap(pieces []piece, n int) [][]piece {
	var out [][]piece
	var line []piece
	room := n
	for _, p := range pieces {
		for {
			w := width.Of(p.text)
			if w <= room {
				line, room = append(line, p), room-w
				break
			}
			head, rest := "", p.text
			if room > 0 {
				head, rest = split(p.text, room)
			}
			if head != "" && width.Of(head) <= room {
				line = append(line, piece{head, p.token})
			} else if len(line) == 0 { // one character wider than the line
				line = append(line, piece{head, p.token})
			} else {
				rest = p.text
			}
			out, line, room = append(out, line), nil, n
			if p.text = rest; p.text == "" {
				break
			}
		}
	}
	return append(out, line)
}

func (st styles) note(text string) []piece { return []piece{{"  " + text, noteToken}} }

// wrapWords is wrap at spaces: words longer than a line are cut as there.
func wrapWords(pieces []piece, n int) [][]piece {
	var words []piece
	for _, p := range pieces {
		for p.text != "" {
			end := strings.IndexByte(strings.TrimLeft(p.text, " "), ' ')
			if end < 0 {
				end = len(p.text)
			} else {
				end += len(p.text) - len(strings.TrimLeft(p.text, " "))
			}
			words, p.text = append(words, piece{p.text[:end], p.token}), p.text[end:]
		}
	}
	var out [][]piece
	var line []piece
	used := 0
	for _, word := range words {
		if used > 0 && used+width.Of(word.text) > n {
			out, line, used = append(out, line), nil, 0
		}
		if used == 0 {
			word.text = strings.TrimLeft(word.text, " ")
			more := wrap([]piece{word}, n)
			out, line, used = append(out, more[:len(more)-1]...), more[len(more)-1], widthOf(more[len(more)-1])
			continue
		}
		line, used = append(line, word), used+width.Of(word.text)
	}
	return append(out, line)
}
