package composer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posthorn/mail/compose"
	"posthorn/ui/action"
)

// withTemplates gives the composer a folder of these.
func (k *desk) withTemplates(texts map[string]string) {
	k.env.Config.Templates = k.t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(k.env.Config.Templates, name), []byte(text), 0o600); err != nil {
			k.t.Fatal(err)
		}
	}
}

func TestATemplateGoesAroundTheAnswerAndIsUndoneAtOnce(t *testing.T) {
	k := open(t, reply())
	k.withTemplates(map[string]string{"polite.txt": "Dear {first_name},\n\n{quote}\n\n{cursor}Kind regards\n{my_name}\n", "short.txt": "Hi {first_name},"})
	k.letters("Yes!")
	before := k.text.Text()
	k.quietly(action.Template)
	k.quietly(action.Accept)
	want := "Dear Ben,\n\n" + strings.TrimRight(before, "\n") + "\n\n|Kind regards\nAnna Lindqvist"
	if got := k.text.Text(); got[:k.text.At()]+"|"+got[k.text.At():] != want {
		t.Errorf("%q at %d, want %q", got, k.text.At(), want)
	}
	k.quietly(action.Undo)
	if got := k.text.Text(); got != before {
		t.Errorf("undone: %q, want %q", got, before)
	}
}

func TestATemplateGreetsWhoIsTypedAfterwards(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.withTemplates(map[string]string{"hello.txt": "Subject: Hello {first_name}\n\nDear {first_name},\n\n{cursor}\n"})
	k.quietly(action.Template)
	k.quietly(action.Accept)
	if k.focus != to {
		t.Errorf("the focus is in %v", k.focus)
	}
	k.letters("Ben Okafor <ben@okafor.example>")
	k.quietly(action.NextField)
	if d := k.written(); d.Subject != "Hello Ben" || d.Body != "Dear Ben,\n\n" || k.text.At() != len(d.Body) {
		t.Errorf("%q, %q, at %d", d.Subject, d.Body, k.text.At())
	}
	k.moveTo(text)
	k.letters("{to_name}")
	k.moveTo(to)
	if got := k.text.Text(); !strings.Contains(got, "{to_name}") {
		t.Errorf("what was typed was filled in: %q", got)
	}
}

func TestTemplatesThatAreWrongOrNotThere(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.quietly(action.Template)
	k.said("There are no templates: put texts into the folder templates beside your configuration.")
	k.withTemplates(map[string]string{"wrong.txt": "Hi\n{nobody}"})
	k.quietly(action.Template)
	k.quietly(action.Accept)
	k.said("wrong: line 2: {nobody} means nothing here")
	if got := k.text.Text(); got != "" {
		t.Errorf("%q", got)
	}
}
