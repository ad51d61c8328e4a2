package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// Question asks for yes or no.
type Question struct {
	env  *screen.Env
	text string
	yes  func() tea.Cmd
	no   func() tea.Cmd // nil: nothing

	answers int // the line of the frame with the answers
	split   int // the column in which that with No begins
	ends    int // and the one behind it
}

// Confirm asks question and calls yes when it is answered so. The question may have several lines.
func Confirm(env *screen.Env, question string, yes func() tea.Cmd) screen.Screen {
	return &Question{env: env, text: strings.TrimSpace(mail.Text(question)), yes: yes}
}

// Otherwise has no called when the answer is no.
func (q *Question) Otherwise(no func() tea.Cmd) *Question {
	q.no = no
	return q
}

// Size is the box the question wants.
func (q *Question) Size(w, h int) (int, int) {
	bw := min(max(widest(q.text)+6, 36), 64, w)
	return bw, min(len(wrapped(q.text, bw))+6, h)
}

// Update has nothing to wait for.
func (q *Question) Update(tea.Msg) tea.Cmd { return nil }

// Do takes the answer.
func (q *Question) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Yes:
		return end(q.env, q, q.yes), true
	case action.No:
		return end(q.env, q, q.no), true
	}
	return nil, false
}

// Offers nothing: the keys stand beside the answers.
func (q *Question) Offers(action.Action) bool { return false }

// Draw is the question with its two answers beneath. Blank lines go first where the area is low, then the end of
// the question.
func (q *Question) Draw(area screen.Rect) screen.Frame {
	th, m := q.env.Theme, margin(area.W)
	text := wrapped(q.text, area.W)
	if room := max(1, area.H-3); len(text) > room { // frame and answers
		text = append(text[:room-1:room-1], m+"…")
	}
	blanks := area.H - 3 - len(text)
	var lines []string
	if blanks >= 2 {
		lines = append(lines, "")
	}
	for _, l := range text {
		lines = append(lines, th.Text.Render(l))
	}
	if blanks >= 1 {
		lines = append(lines, "")
	}
	answer := func(a action.Action, label string) string {
		return th.HintKey.Render(key(q.env, action.Question, a)) + th.Hint.Render(" "+label)
	}
	yes, no := answer(action.Yes, "Yes"), answer(action.No, "No")
	q.answers, q.split = len(lines)+1, 1+width.Of(m+yes)+4
	q.ends = q.split + width.Of(no)
	lines = append(lines, m+yes+"    "+no)
	return framed(q.env, area, "", "", lines, nil)
}

// Mouse takes the answer that is clicked.
func (q *Question) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	switch {
	case m.Gesture != screen.Click || m.Y != q.answers || m.X >= q.ends:
		return nil, ""
	case m.X >= q.split:
		return nil, action.No
	case m.X < q.split-4:
		return nil, action.Yes
	}
	return nil, ""
}

// Scopes of a question: it takes no text.
func (q *Question) Scopes() []action.Scope { return []action.Scope{action.Question} }
