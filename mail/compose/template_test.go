package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestTemplatesArePutIntoDrafts(t *testing.T) {
	answer := Answer(Original{Envelope: envelope("Ben Okafor <ben@x.example>", "robin@home.example", ""), Text: "Shall we?"}, ReplySender, robin, Attribution{})
	answer.Sign("Robin")
	typed := answer
	typed.Body = "Yes.\n\n" + typed.Body
	empty := New(robin)
	to := empty
	to.To = "Ben Okafor <ben@x.example>, cy@x.example"
	german := to
	german.Language = "de"
	for _, c := range []struct {
		name, template string
		draft          Draft
		at             int
		want           string // To | Subject | Body, with ^ where writing goes on
	}{
		{"a new message", "Dear {to_name},\n\n{cursor}\n\n{my_first_name} <{my_address}>", to, 0,
			"Ben Okafor <ben@x.example>, cy@x.example||Dear Ben Okafor,\n\n^\n\nRobin <robin@home.example>"},
		{"fields", "To: dee@x.example, BEN@x.example\nSubject: Keys, {date} {time}\n\nHi {first_name} ({to_address})", to, 0,
			"Ben Okafor <ben@x.example>, cy@x.example, dee@x.example|Keys, Tue, 3 Nov 2026 14:05|Hi Ben (ben@x.example)^"},
		{"a date in the other's language", "{date}", german, 0, "Ben Okafor <ben@x.example>, cy@x.example||Di, 3. Nov. 2026^"},
		{"a subject that is set stays", "Subject: other\n\n{subject}", answer, 0,
			"Ben Okafor <ben@x.example>|Re: Low tide|Re: Low tide^Ben Okafor wrote:\n> Shall we?\n\n-- \nRobin\n"},
		{"in the midst of the text", "Gladly{cursor}, yes. ", typed, 4, "Ben Okafor <ben@x.example>|Re: Low tide|Yes.Gladly^, yes. \n\nBen Okafor wrote:\n> Shall we?\n\n-- \nRobin\n"},
		{"never behind the signature", "Yes.", answer, 10_000, "Ben Okafor <ben@x.example>|Re: Low tide|Ben Okafor wrote:\n> Shall we?\nYes.^\n-- \nRobin\n"},
		{"around the text", "Hi {first_name},\n\n{quote}\n\n{cursor}See you", typed, 3, "Ben Okafor <ben@x.example>|Re: Low tide|Hi Ben,\n\nYes.\n\nBen Okafor wrote:\n> Shall we?\n\n^See you\n\n-- \nRobin\n"},
		{"around nothing", "a\n{quote}\nb", empty, 0, "||a\n\nb^"},
		{"nobody to greet yet", "Hi {first_name},", empty, 0, "||Hi {first_name},^"},
		{"braces", "{{date} {} {Date}", empty, 0, "||{date} {} {Date}^"},
		{"no fields though it looks so", "Note: this\nTo: that", empty, 0, "||Note: this\nTo: that^"},
		{"fields alone", "Subject: Keys", empty, 0, "|Keys|^"},
		{"line ends of another system", "\ufeffSubject: Keys\r\n\r\nA\r\nB\r\n", empty, 0, "|Keys|A\nB^"},
	} {
		tpl := ParseTemplate("t", c.template)
		if tpl.Wrong != nil {
			t.Errorf("%s: %v", c.name, tpl.Wrong)
			continue
		}
		d, at := tpl.Put(c.draft, c.at, Attribution{}, now)
		if got := d.To + "|" + d.Subject + "|" + d.Body[:at] + "^" + d.Body[at:]; got != c.want {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
	}
}

func TestATemplateGreetsOnceTheRecipientIsKnown(t *testing.T) {
	d, at := ParseTemplate("t", "Subject: For {to_name}\n\nHi {first_name},\n{cursor}\nbye").Put(New(robin), 0, Attribution{}, now)
	if said := strings.Join(d.Problems(Review{}), " "); !strings.Contains(said, "The text still has the {to_name} of a template in it.") &&
		!strings.Contains(said, "{first_name}") {
		t.Errorf("said: %s", said)
	}
	if _, ok := d.FillRecipient(at); ok {
		t.Error("filled without a recipient")
	}
	d.To = "Ben Okafor <ben@x.example>"
	at, ok := d.FillRecipient(at)
	if got := d.Subject + "|" + d.Body[:at] + "^" + d.Body[at:]; !ok || got != "For Ben Okafor|Hi Ben,\n^\nbye" {
		t.Errorf("%v %q", ok, got)
	}
	d.Body += " {first_name}"
	if _, ok := d.FillRecipient(0); ok {
		t.Error("what was typed later was filled, too")
	}
	for _, p := range d.Problems(Review{}) {
		if strings.Contains(p, "template") {
			t.Error(p)
		}
	}
	quoting := Draft{To: "ben@x.example", Body: "> {first_name}"}
	if _, ok := quoting.FillRecipient(0); ok || quoting.Body != "> {first_name}" {
		t.Error("a quote was filled")
	}
}

func TestWhatIsWrongWithATemplateIsSaidWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"Subject: a\n\nHi\n{frist_name}":  "line 4: {frist_name} means nothing here: use {to_name}, {first_name}",
		"Subject: a\nFrom: b@x.example\n": `line 2: "from" cannot be set by a template`,
		"Attach: /etc/passwd\n\nHi":       `line 1: "attach" cannot be set by a template`,
		"To: a@x.example\nX-Other: b\n\n": `line 2: "x-other" is not a header`,
		"Subject: a\nno colon\n\n":        `line 2: "no colon" has no colon`,
		"Hi\n\xff":                        "line 2: that is not UTF-8",
		"Hi\x00":                          "no text",
	} {
		if got := ParseTemplate("t", text); got.Wrong == nil || !strings.Contains(got.Wrong.Error(), want) {
			t.Errorf("%q: %v, want %s", text, got.Wrong, want)
		}
	}
}

func TestTemplatesAreTheFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"thanks.txt": "Subject: Thanks\n\nHi", "apology.md": "Sorry", "plain": "", ".hidden": "x", "thanks.txt~": "x",
		"wrong.txt": "{x}", "large": strings.Repeat("a", maxTemplate+1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	list, err := Templates(dir)
	var got []string
	for _, tpl := range list {
		line := tpl.Name + ":" + tpl.Beginning()
		if tpl.Wrong != nil {
			line += "!" + strings.Fields(tpl.Wrong.Error())[0]
		}
		got = append(got, line)
	}
	if all := strings.Join(got, " "); err != nil || all != "apology:Sorry large:!the plain: thanks:Thanks wrong:!line" {
		t.Errorf("%s, %v", all, err)
	}
	for _, folder := range []string{"", filepath.Join(dir, "none")} {
		if list, err := Templates(folder); len(list) > 0 || err != nil {
			t.Errorf("%q: %v, %v", folder, list, err)
		}
	}
}

// FuzzTemplate asserts that no text of a template and of a message can make a draft that cannot be kept or shown.
func FuzzTemplate(f *testing.F) {
	f.Add("Subject: {subject}\n\nHi {first_name}, {quote}{cursor}", "Yes.\n> no\n-- \nx", "Ben <b@x.example>", 3)
	f.Add("{{cursor}{cursor}{cursor}", "", "", 0)
	f.Add("To: {to_name}\n\n", "a", "{date} <b@x.example>", 1)
	f.Fuzz(func(t *testing.T, template, body, to string, at int) {
		tpl := ParseTemplate("t", template)
		if tpl.Wrong != nil || at < 0 || at > len(body) {
			return
		}
		d, cursor := tpl.Put(Draft{From: mail.Address{Local: "r", Domain: "x.example"}, To: to, Body: body}, at, Attribution{}, now)
		if cursor < 0 || cursor > len(d.Body) {
			t.Fatalf("cursor %d in %q", cursor, d.Body)
		}
		above, rest := body[:min(at, len(body))], body[min(at, len(body)):]
		if strings.Contains(tpl.draft.Body, "{quote}") {
			above, rest = "", ""
			if !strings.Contains(d.Body, strings.Trim(body, "\n")) && !strings.Contains(tpl.draft.Body, "{{quote}") {
				t.Fatalf("%q is lost in %q", body, d.Body)
			}
		}
		if !strings.HasPrefix(d.Body, above) || !strings.HasSuffix(d.Body, rest) {
			t.Fatalf("%q is not around what is new in %q", above+"|"+rest, d.Body)
		}
		if cursor, _ = d.FillRecipient(cursor); cursor < 0 || cursor > len(d.Body) {
			t.Fatalf("then cursor %d in %q", cursor, d.Body)
		}
	})
}
