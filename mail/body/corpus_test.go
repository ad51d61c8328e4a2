package body

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"posthorn/mail"
)

// corpusFiles lists messages of the shared corpus, which is read in place and never copied.
func corpusFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../../shared/corpus", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no %s in ../shared/corpus", pattern)
		}
		t.Skipf("no %s in ../shared/corpus", pattern)
	}
	return files
}

// everything is all that a message can bring to the screen: header lines, structure and text, both forms.
func everything(raw []byte, width int) string {
	m := Parse(raw)
	e := Envelope(m.Header)
	var b strings.Builder
	line := func(s string) { b.WriteString(mail.Line(s) + "\n") }
	line(e.Subject)
	line(e.FromText())
	line(e.ToText())
	for _, list := range [][]mail.Address{e.From, e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		line(mail.Addresses(list))
	}
	for _, s := range append(append(e.AuthResults, e.References...), e.MessageID, e.ListID, e.ListPost, e.ListUnsubscribe) {
		line(s)
	}
	m.Root.Walk(func(p *mail.Part) bool {
		line(p.MediaType)
		line(p.Filename)
		return true
	})
	for _, prefer := range []string{"text/plain", "text/html"} {
		parts := m.Parts(m.Root.TextParts(prefer))
		d := Render(parts, Options{Width: width, Measure: columns})
		for _, l := range d.Lines {
			b.WriteString(l.Text() + "\n")
		}
		for _, l := range d.Links {
			b.WriteString(l.Text + " " + l.URL + "\n")
		}
		b.WriteString(Plain(parts))
	}
	return b.String()
}

// unsafe is the first character of s that must never reach a terminal, or -1.
func unsafe(s string) rune {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r < 0x20, r >= 0x7f && r <= 0x9f, unicode.Is(unicode.Bidi_Control, r), r == 0x2028, r == 0x2029:
			return r
		}
	}
	return -1
}

func TestCorpusBringsNoControlCharacter(t *testing.T) {
	files := corpusFiles(t, "real/*/*.eml")
	files = append(files, corpusFiles(t, "hostile/*.eml")...)
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{20, 80} {
			if r := unsafe(everything(raw, width)); r >= 0 {
				t.Errorf("%s: %U at width %d", filepath.Base(path), r, width)
			}
		}
	}
}

func TestHostileMessagesShowNothingHarmful(t *testing.T) {
	f, err := os.Open(corpusFiles(t, "hostile/manifest.jsonl")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for scan := bufio.NewScanner(f); scan.Scan(); {
		var entry struct {
			File  string
			Never []string
		}
		if err := json.Unmarshal(scan.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join("../../../shared/corpus/hostile", entry.File))
		if err != nil {
			t.Fatal(err)
		}
		shown := everything(raw, 80)
		for _, never := range entry.Never {
			if m := regexp.MustCompile(never).FindString(shown); m != "" && !plainCanary(never, m) {
				t.Errorf("%s: shows %q", entry.File, m)
			}
		}
	}
}

// plainCanary tells whether a match is one that is harmless as visible text: the patterns are made for what reaches
// a terminal, where only the inside of control sequences counts.
func plainCanary(never, match string) bool {
	return (never == "7777" || never == "38;2;13;37;99" || never == "Q05SWS1jbGlw") && unsafe(match) < 0
}

// expectedMessage is what another parser made of a message.
type expectedMessage struct {
	Parts []struct {
		Headers []struct {
			Name  any
			Value any
		}
		Body map[string]json.RawMessage
	}
}

// expectedFacts are the values of it that mean the same here.
type expectedFacts struct {
	subject   string
	addresses map[string][]string
	texts     []string
	names     []string
}

func (m *expectedMessage) facts(t *testing.T) expectedFacts {
	f := expectedFacts{addresses: map[string][]string{}}
	for i, p := range m.Parts {
		for _, h := range p.Headers {
			name, _ := h.Name.(string)
			value, _ := h.Value.(map[string]any)
			if text, ok := value["Text"].(string); ok && name == "subject" && i == 0 {
				f.subject = text
			}
			if i == 0 {
				f.addresses[name] = append(f.addresses[name], expectedAddresses(value["Address"])...)
			}
			if ct, ok := value["ContentType"].(map[string]any); ok {
				attributes, _ := ct["attributes"].([]any)
				for _, a := range attributes {
					a, _ := a.(map[string]any)
					if n, _ := a["name"].(string); n == "filename" {
						f.names = append(f.names, a["value"].(string))
					}
				}
			}
		}
		for kind, raw := range p.Body {
			switch kind {
			case "Text", "Html":
				var s string
				if err := json.Unmarshal(raw, &s); err != nil {
					t.Fatal(err)
				}
				f.texts = append(f.texts, s)
			case "Message":
				var inner expectedMessage
				if err := json.Unmarshal(raw, &inner); err != nil {
					t.Fatal(err)
				}
				g := inner.facts(t)
				f.texts, f.names = append(f.texts, g.texts...), append(f.names, g.names...)
			}
		}
	}
	return f
}

func expectedAddresses(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		if a, ok := v["address"].(string); ok {
			out = append(out, a)
		}
		for key, inner := range v {
			if key != "address" && key != "name" {
				out = append(out, expectedAddresses(inner)...)
			}
		}
	case []any:
		for _, inner := range v {
			out = append(out, expectedAddresses(inner)...)
		}
	}
	return out
}

// squeeze leaves the words of a text.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// otherwise are the messages whose texts are read in another way here, and why.
var otherwise = map[string]string{
	"resources_eml_malformed_009": "a boundary of the outer container ends the inner one",
	"resources_eml_malformed_012": "a boundary of the outer container ends the inner one",
	"resources_eml_malformed_020": "the first of two Content-Type fields counts",
	"resources_eml_malformed_021": "the first of two Content-Type fields counts",
	"resources_eml_rfc_000":       "audio and pictures that are not what they say are still no text",
}

func TestCorpusSaysWhatOtherParsersRead(t *testing.T) {
	compared := 0
	for _, path := range corpusFiles(t, "real/*/expected/*.json") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		raw, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", name+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		var expected expectedMessage
		if err := json.Unmarshal(data, &expected); err != nil {
			t.Fatal(err)
		}
		want := expected.facts(t)
		m := Parse(raw)
		e := Envelope(m.Header)
		if got := squeeze(e.Subject); got != squeeze(want.subject) {
			t.Errorf("%s: subject %q, want %q", name, got, want.subject)
		}
		for field, list := range map[string][]mail.Address{"from": e.From, "to": e.To, "cc": e.Cc} {
			var got []string
			for _, a := range list {
				got = append(got, a.Addr())
			}
			if strings.Join(got, ",") != strings.Join(want.addresses[field], ",") {
				t.Errorf("%s: %s %q, want %q", name, field, got, want.addresses[field])
			}
		}
		var texts strings.Builder
		var names []string
		m.Root.Walk(func(p *mail.Part) bool {
			if strings.HasPrefix(p.MediaType, "text/") {
				texts.WriteString(squeeze(Text(*p, m.Content(p.Section))) + "\n")
			}
			if p.Disposition != "" && p.Filename != "" {
				names = append(names, p.Filename)
			}
			return true
		})
		for _, s := range want.texts {
			if s = squeeze(s); !strings.Contains(texts.String(), s) && otherwise[name] == "" {
				t.Errorf("%s: text lost: %.300q\nhave %.900q", name, s, texts.String())
			}
			compared++
		}
		for _, s := range want.names {
			if !strings.Contains(strings.Join(names, "\n"), s) {
				t.Errorf("%s: file name %q, have %q", name, s, names)
			}
			compared++
		}
	}
	if compared < 40 {
		t.Errorf("only %d values compared", compared)
	}
}
