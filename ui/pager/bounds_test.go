package pager

import (
	"fmt"
	"strings"
	"testing"

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
		"fewer parts":           {strings.Replace(parts, strings.Repeat("--b\nContent-Type: application/pdf\n\nx\n", 20), "", 1), ""},
		"containers":            {nested(mail.MaxDepth + 5), parted},
		"fewer containers":      {nested(mail.MaxDepth - 5), ""},
		"attached messages":     {strings.Repeat("From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n", mail.MaxDepth+5) + "x\n", parted},
		"HTML that is too deep": {"From: a@example.org\nSubject: x\nContent-Type: text/html\n\n" + strings.Repeat("<div>", 5000) + "x", "The layout of this message is deeper or larger than it could be followed"},
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
