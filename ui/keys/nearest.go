package keys

import "strings"

// meant names the word that is most like a wrong one, to be said behind it; nothing where none is.
func meant[S ~string](wrong string, right []S) string {
	best, least := "", 1+len([]rune(wrong))/2
	for _, r := range right {
		if d := distance(strings.ToLower(wrong), string(r)); d < least {
			best, least = string(r), d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// elsewhere is meant for keys as vim, emacs and mutt write them: "<C-h>", "M-x", "^h".
func elsewhere(wrong string) string {
	s := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(wrong, "<"), ">"))
	for _, way := range [][2]string{{"ctrl-", "ctrl+"}, {"c-", "ctrl+"}, {`\c`, "ctrl+"}, {"^", "ctrl+"},
		{"alt-", "alt+"}, {"m-", "alt+"}, {"a-", "alt+"}, {"shift-", "shift+"}, {"s-", "shift+"}} {
		if rest, ok := strings.CutPrefix(s, way[0]); ok {
			s = way[1] + rest
			break
		}
	}
	if s == wrong {
		return ""
	}
	if name, err := canonical(s); err == nil {
		return " (did you mean " + name + "?)"
	}
	return ""
}

// distance is how many characters must be put in, left out, exchanged or swapped with the next to make b of a.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range t {
		rows[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(s)][len(t)]
}
