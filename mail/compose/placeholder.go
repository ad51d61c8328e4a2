package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// placeholder is {word}. A doubled brace stands for one, and every other brace for itself.
var placeholder = pattern(`\{\{|\{([a-z_]+)\}`)

// fill is text with what values has for each placeholder, which is not looked through again. other says what is to
// stand for one that values does not have, where so many bytes are before it; nil: it stays.
func fill(text string, values map[string]string, other func(word string, offset int) string) string {
	var b strings.Builder
	b.Grow(len(text))
	rest := 0
	for _, m := range placeholder().FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[rest:m[0]])
		rest = m[1]
		if m[2] < 0 {
			b.WriteByte('{')
			continue
		}
		word := text[m[2]:m[3]]
		value, known := values[word]
		switch {
		case known:
		case other != nil:
			value = other(word, b.Len())
		default:
			value = text[m[0]:m[1]]
		}
		b.WriteString(value)
	}
	b.WriteString(text[rest:])
	return b.String()
}

// checkPlaceholders refuses those that are not among known, with the line where they are several.
func checkPlaceholders(text string, known []string) error {
	for _, m := range placeholder().FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 || slices.Contains(known, text[m[2]:m[3]]) {
			continue
		}
		return &PlaceholderError{Line: 1 + strings.Count(text[:m[0]], "\n"), Word: text[m[0]:m[1]], Known: known}
	}
	return nil
}

// PlaceholderError is a placeholder that means nothing.
type PlaceholderError struct {
	Line  int // from 1
	Word  string
	Known []string
}

func (e *PlaceholderError) Error() string {
	return fmt.Sprintf("%s means nothing here: use {%s}, or {%s to write it as it is", shorten(e.Word, 40), strings.Join(e.Known, "}, {"), shorten(e.Word, 40))
}

var attributionWords = []string{"name", "first_name", "address", "date", "time", "subject"}

// CheckAttribution refuses what Attribution cannot have as its Template.
func CheckAttribution(template string) error {
	if strings.ContainsAny(template, "\r\n") {
		return errors.New("has a line break: it is one line")
	}
	return checkPlaceholders(template, attributionWords)
}

// CheckLanguage refuses what Attribution cannot have as its Language.
func CheckLanguage(language string) error {
	if _, ok := languages[language]; ok || language == auto || language == "" {
		return nil
	}
	return fmt.Errorf("%q is not known: use %q, or one of %s", language, auto, strings.Join(languageNames(), ", "))
}
