package widget

import (
	"slices"
	"strings"

	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Box frames lines: the result is w columns wide and two lines higher. Title stands in the upper edge, foot in the
// lower; both are plain text and may be empty.
func Box(th *theme.Theme, title, foot string, lines []string, w int) []string {
	inner := max(0, w-2)
	edge := func(l, text, r string, style theme.Style) string {
		if text == "" || inner < 6 {
			return th.Box.Render(l + strings.Repeat("─", inner) + r)
		}
		text = width.Cut(text, inner-4)
		rest := inner - 3 - width.Of(text)
		return th.Box.Render(l+"─ ") + style.Render(text) + th.Box.Render(" "+strings.Repeat("─", rest)+r)
	}
	side := th.Box.Render("│")
	out := make([]string, 0, len(lines)+2)
	out = append(out, edge("╭", title, "╮", th.BoxTitle))
	for _, l := range lines {
		out = append(out, side+width.Fit(l, inner)+side)
	}
	return append(out, edge("╰", foot, "╯", th.Hint))
}

// Row is one line of a list in w columns: text with the bytes at the offsets in marked accented, detail dimly at
// the right where there is room, and the whole in the cursor's colours when chosen.
func Row(th *theme.Theme, text, detail string, marked []int, w int, chosen bool) string {
	room := w - 2
	detailWidth := 0
	if detail != "" {
		detailWidth = min(width.Of(detail), max(0, room/2-2))
		if short := room - 2 - width.Of(text); short > detailWidth {
			detailWidth = min(width.Of(detail), short)
		}
		if detailWidth < 4 && detailWidth < width.Of(detail) {
			detailWidth = 0
		}
	}
	textRoom := room
	if detailWidth > 0 {
		textRoom = max(0, room-detailWidth-2)
	}
	plain, hit, dim := th.Text, th.Accent, th.Dim
	if chosen {
		plain, hit, dim = th.Cursor, th.Accent.On(th.Cursor), th.Dim.On(th.Cursor)
	}
	var b strings.Builder
	b.WriteString(plain.Render(" "))
	fitted := width.Fit(text, textRoom)
	b.WriteString(accent(fitted, marked, plain, hit))
	if detailWidth > 0 {
		b.WriteString(plain.Render("  ") + dim.Render(width.FitLeft(detail, detailWidth)))
	}
	b.WriteString(plain.Render(" "))
	return width.Fit(b.String(), w)
}

// accent renders s in plain, the characters at the byte offsets in marked in hit.
func accent(s string, marked []int, plain, hit theme.Style) string {
	if len(marked) == 0 {
		return plain.Render(s)
	}
	var b strings.Builder
	start, on := 0, false
	flush := func(end int) {
		if start < end {
			style := plain
			if on {
				style = hit
			}
			b.WriteString(style.Render(s[start:end]))
		}
		start = end
	}
	for i := 0; i < len(s); i = nextChar(s, i) {
		if is := slices.Contains(marked, i); is != on {
			flush(i)
			on = is
		}
	}
	flush(len(s))
	return b.String()
}

// Overlay puts box over lines with its upper left corner at column x of line y. Lines are w columns wide; what of
// the box lies outside is left out.
func Overlay(lines, box []string, x, y, w int) []string {
	out := slices.Clone(lines)
	for i, l := range box {
		at := y + i
		if at < 0 || at >= len(out) {
			continue
		}
		n := width.Of(l)
		if x+n > w {
			l, n = width.Clip(l, max(0, w-x)), max(0, w-x)
		}
		right := ""
		if rest := w - x - n; rest > 0 {
			if right = width.Skip(out[at], x+n); width.Of(right) != rest { // a wide character was cut in half
				right = width.FitLeft(right, rest)
			}
		}
		out[at] = width.Clip(out[at], x) + l + right
	}
	return out
}
