package width

import "github.com/charmbracelet/x/ansi"

// First is the first character of s as a person sees it, with its marks, and the columns it takes. s holds no styling.
func First(s string) (cluster string, columns int) {
	if len(s) > 0 && s[0] >= 0x20 && s[0] < 0x7f && (len(s) == 1 || s[1] < 0x80) {
		return s[:1], 1
	}
	method := ansi.WcWidth
	if clusters.Load() {
		method = ansi.GraphemeWidth
	}
	return ansi.FirstGraphemeCluster(s, method)
}
