package widget

import "strings"

// Sentence is text with a capital at its start, unless it begins with what is spelled as it is: a host, a file, a quote.
func Sentence(text string) string {
	word, _, _ := strings.Cut(text, " ")
	word = strings.TrimRight(word, ":,;.")
	for _, r := range word {
		if r < 'a' || r > 'z' {
			return text
		}
	}
	if word == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Stopped is a Sentence with a full stop, where nothing else ends it.
func Stopped(text string) string {
	if text = Sentence(strings.TrimSpace(text)); text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?:") && !strings.HasSuffix(text, "…") {
		text += "."
	}
	return text
}
