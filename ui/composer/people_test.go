package composer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/people"
	"posthorn/ui/uitest"
)

// offers are the completions on show.
func (k *desk) offers() string {
	var out []string
	for _, c := range k.popup.Choices() {
		out = append(out, strings.TrimSpace(c.Text+" "+c.Detail))
	}
	return strings.Join(out, "; ")
}

// script is a program for a test that answers whatever it is asked.
func script(t *testing.T, text string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"sh", path}
}

func TestGroupsFilesAndTheAddressBookComplete(t *testing.T) {
	k := open(t, compose.New(anna()))
	path := filepath.Join(t.TempDir(), "people.txt")
	if err := os.WriteFile(path, []byte("bees: Ben <ben@okafor.example>, mira@harbour.example\nBeryl <beryl@files.example>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	k.env.Config.Book = &people.Book{Paths: []string{path}}
	k.env.Config.ContactsCommand = script(t, `printf 'searching\nberit@book.example\tBerit\nben@okafor.example\tBen\n'`)
	k.letters("be")
	want := `Ben <ben@okafor.example>, mira@harbour.example bees; Ben Okafor <ben@okafor.example>; "Beatrix ␛[31m李" <bea@li.example>; Beryl <beryl@files.example>; Berit <berit@book.example>`
	if got := k.offers(); got != want {
		t.Errorf("offered %s\nwant    %s", got, want)
	}
	uitest.Do(k, action.Accept)
	if got := k.fields[to].Text(); got != "Ben <ben@okafor.example>, mira@harbour.example, " {
		t.Errorf("the field is %q", got)
	}
	k.letters("be") // who is there already is not offered again
	if got := k.offers(); strings.Contains(got, "okafor") || strings.Contains(got, "bees") {
		t.Errorf("offered %s", got)
	}
}

func TestAnAddressBookThatFailsIsSaidOnce(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.env.Config.ContactsCommand = script(t, "echo no such profile >&2; exit 3")
	k.letters("ben")
	said := 0
	for _, s := range k.root.Said {
		if strings.Contains(s, "no such profile") {
			said++
		}
	}
	if got := k.offers(); said != 1 || !strings.Contains(got, "ben@okafor.example") {
		t.Errorf("said %q, offered %s", k.root.Said, got)
	}
}

func TestMarkdownIsAskedForAndSeen(t *testing.T) {
	k := open(t, reply())
	k.quietly(action.Markdown)
	if d := k.written(); !d.Markdown {
		t.Error("the draft does not say so")
	}
	k.said("HTML, too")
	if got := k.drawRule(60, false); !strings.Contains(got, "Markdown") {
		t.Errorf("the rule is %q", got)
	}
	k.quietly(action.Markdown)
	if d := k.written(); d.Markdown {
		t.Error("the draft still says so")
	}
}

func TestContactsThatCannotBeReadAreSaidOnce(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.env.Config.Book = &people.Book{Paths: []string{filepath.Join(t.TempDir(), "gone.vcf")}}
	k.letters("ben")
	if n := len(k.root.Failed); n != 1 || !strings.Contains(k.root.Failed[0].Error(), "gone.vcf cannot be read") {
		t.Errorf("failed %v", k.root.Failed)
	}
	if got := k.offers(); !strings.Contains(got, "ben@okafor.example") {
		t.Errorf("offered %s", got)
	}
}
