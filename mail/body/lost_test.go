package body

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"posthorn/mail"
)

// letters leaves the letters and digits of s: what wrapping, folding and the marks of quotes do not change.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// said are the texts of an HTML document that a browser would show if no style hid them.
func said(s string) (out []string) {
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return nil
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch n.Data {
		case "head", "style", "script", "title", "noscript", "template", "iframe", "select", "textarea", "object":
			return
		}
		if n.Type == html.TextNode {
			out = append(out, n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}

// What a message of the real corpus says in the form that is opened is all on screen, and in order of its lines.
func TestNoTextOfTheCorpusIsLost(t *testing.T) {
	lines := 0
	for _, path := range corpusFiles(t, "real/*/*.eml") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(raw)
		for _, prefer := range []string{"text/plain", "text/html"} {
			parts := m.Parts(m.Root.TextParts(prefer))
			var shown strings.Builder
			for _, l := range Render(parts, Options{Width: 72, Measure: columns}).Lines {
				shown.WriteString(letters(l.Text()))
			}
			for _, c := range parts {
				var texts []string
				switch s := Text(c.Part, c.Raw); c.Part.MediaType {
				case "text/plain":
					texts = strings.Split(s, "\n")
				case "text/html":
					texts = said(s)
				}
				for _, s := range texts {
					if s = letters(mail.Text(s)); s == "" {
						continue
					}
					if lines++; !strings.Contains(shown.String(), s) {
						t.Errorf("%s: %s does not show %q", filepath.Base(path), prefer, s)
					}
				}
			}
		}
	}
	if lines < 1000 {
		t.Errorf("only %d lines were looked for", lines)
	}
}
