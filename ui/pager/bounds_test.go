package pager

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

// nested is a message of containers within each other.
func nested(depth int) string {
	var b strings.Builder
	b.WriteString("From: a@example.org\nSubject: deep\nMIME-Version: 1.0\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d.\n\n--b%d.\nContent-Type: text/plain\n\ntext %d\n\n--b%d.\n", i, i, i, i)
	}
	b.WriteString("Content-Type: text/plain\n\nthe last text\n")
	for i := depth - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "--b%d.--\n", i)
	}
	return b.String()
}

func TestBoundsAreSaidAndTheSourceIsStillThere(t *testing.T) {
	parts := "From: a@example.org\nSubject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello.\n\n" +
		strings.Repeat("--b\nContent-Type: application/pdf\n\nx\n", mail.MaxParts+10) + "--b--\n"
	const parted = "Not all parts of this message are shown"
	for name, c := range map[string]struct {
		raw, says string
	}{
		"parts":                 {parts, parted},
		"as many as are shown":  {strings.Replace(parts, strings.Repeat("--b\nContent-Type: application/pdf\n\nx\n", 12), "", 1), ""},
		"one part more":         {strings.Replace(parts, strings.Repeat("--b\nContent-Type: application/pdf\n\nx\n", 11), "", 1), parted},
		"containers":            {nested(mail.MaxDepth + 5), parted},
		"fewer containers":      {nested(mail.MaxDepth - 5), ""},
		"attached messages":     {strings.Repeat("From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n", mail.MaxDepth+5) + "x\n", parted},
		"HTML that is too deep": {"From: a@example.org\nSubject: x\nContent-Type: text/html\n\n" + strings.Repeat("<div>", 5000) + "x", "The layout of this message is deeper or larger than it could be followed"},
		"cells":                 {"From: a@example.org\nSubject: x\nContent-Type: text/html\n\n<table border=1>" + strings.Repeat("<tr><td>a<td>b", 7000), "The layout of this message is deeper or larger than it could be followed"},
		"HTML that is too long": {"From: a@example.org\nSubject: x\nContent-Type: text/html\n\n<p>" + strings.Repeat("word ", 500_000), "The message goes on"},
	} {
		f := newFixture(t, c.raw)
		p := f.open(120)
		seen := text(p, 120, 1500) + text(p, 120, 40)
		uitest.Do(p, action.Bottom)
		seen += text(p, 120, 40)
		if c.says == "" {
			if strings.Contains(seen, parted) {
				t.Errorf("%s: it says that parts are left out", name)
			}
		} else if !strings.Contains(strings.Join(strings.Fields(seen), " "), c.says) {
			t.Errorf("%s: it does not say %q:\n%s", name, c.says, seen[:min(len(seen), 3000)])
		}
		f.mail.Fetch(f.key, f.raw, "")
		uitest.Do(p, action.Source)
		sees(t, p, 120, 40, []string{"From: a@example.org"})
	}
}

func TestAHeaderBeyondItsBoundsIsSaidAndTheSourceIsStillThere(t *testing.T) {
	const says = "The header is longer than can be followed; the source holds all of it."
	list := func(n int, before, each, between string) string {
		return before + strings.Repeat(each+between, n-1) + each + "\n"
	}
	for name, c := range map[string]struct {
		field       string
		calm, whole bool // it is said above the text, and where all fields are shown
	}{
		"as many addresses as are followed": {list(mail.MaxAddresses, "To: ", "a@example.org", ", "), false, false},
		"one address more":                  {list(mail.MaxAddresses+1, "To: ", "a@example.org", ", "), true, false},
		"one address more in two fields":    {list(mail.MaxAddresses, "Cc: ", "a@example.org", ", ") + "Cc: b@example.org\n", true, false},
		"as many references as are kept":    {list(100, "References: ", "<a@example.org>", " "), false, false},
		"one reference more":                {list(101, "References: ", "<a@example.org>", " "), true, false},
		"a field as long as can be":         {"X-Long:" + strings.Repeat("x", 64<<10-2) + "\n", false, false},
		"a longer field":                    {"X-Long:" + strings.Repeat("x", 64<<10) + "\n", true, true},
		"many fields":                       {strings.Repeat("X-A: b\n", 5000), true, true},
		"a long header":                     {strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\n", 1100), true, true},
	} {
		f := newFixture(t, "From: a@example.org\nSubject: x\n"+c.field+"X-Last: the end\n\nHello.\n")
		p := f.open(120)
		if got := strings.Contains(text(p, 120, 40), says); got != c.calm {
			t.Errorf("%s: said above the text: %v", name, got)
		}
		sees(t, p, 120, 40, []string{"Hello."})
		f.mail.Fetch(f.key, f.raw, "")
		uitest.Do(p, action.Headers)
		if got := strings.Contains(text(p, 120, 20_000), says); got != c.whole {
			t.Errorf("%s: said below all fields: %v", name, got)
		}
		uitest.Do(p, action.Source)
		text(p, 120, 40)
		uitest.Do(p, action.Bottom)
		sees(t, p, 120, 40, []string{"X-Last: the end"})
	}
}

func TestALayoutThatTakesLongIsSaidAndTheSourceIsStillThere(t *testing.T) {
	const says = "This message takes long to lay out. Its source can be seen at once."
	f := newFixture(t, letter)
	f.mail.Fetch(f.key, f.raw)
	f.mail.Fetch(f.key, f.raw, "")
	var timeUp tea.Msg
	f.env.Timer = func(_ time.Duration, msg tea.Msg) tea.Cmd {
		timeUp = msg
		return nil
	}
	p, slow := New(f.env, f.key, 80)
	uitest.Run(p.Update(timeUp))
	sees(t, p, 80, 24, []string{says})
	uitest.Do(p, action.Source)
	sees(t, p, 80, 24, []string{"From: \"Mira Okafor\""})
	uitest.Run(slow)
	uitest.Run(p.Update(timeUp))
	if got := text(p, 80, 24); strings.Contains(got, says) {
		t.Errorf("it is said of the source, too:\n%s", got)
	}
	uitest.Do(p, action.Source)
	uitest.Run(p.Update(timeUp))
	if got := text(p, 80, 24); strings.Contains(got, says) || !strings.Contains(got, "shall we say seven?") {
		t.Errorf("once it is there:\n%s", got)
	}
}
