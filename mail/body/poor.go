package body

import (
	"strings"
	"unicode"
)

// Bounds on what is called a poor text: one of so many words at most, and the other form has so many times as many.
const (
	poorWords = 60
	poorRatio = 3
)

// Poor tells whether the plain text of a message does little but send its reader to the HTML, which says much more:
// many programs that send newsletters fill it in so. parts are the texts of each form.
func Poor(plain, html []Content) bool {
	own := words(Plain(plain))
	return own <= poorWords && words(Plain(html)) > poorRatio*own+poorWords
}

// words counts words that are no addresses of pages.
func words(text string) (n int) {
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(word, "://") && strings.ContainsFunc(word, unicode.IsLetter) {
			n++
		}
	}
	return n
}
