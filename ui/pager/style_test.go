package pager

import (
	"strings"
	"testing"

	"posthorn/ui/theme"
)

const dressed = `From: Mira <mira@harbour.example>
To: anna@example.org
Subject: All there is
Content-Type: text/plain; charset=utf-8

Some *bold words* here, /slanted words/, _underlined words_ and ` + "`code words`" + ` in a text.
The plans are at https://harbour.example/plans and nowhere else.

>>>> fourth level
>>> third level
>> second level
> first level
An answer.

diff --git a/boat.c b/boat.c
--- a/boat.c
+++ b/boat.c
@@ -1,3 +1,3 @@
 int boats;
-old line
+new line
 int oars;

-- 
Mira of the harbour
`

// What a line is can be told by its look, on dark and on light screens.
func TestTextLooksLikeWhatItIs(t *testing.T) {
	for _, dark := range []bool{true, false} {
		f := newFixture(t, dressed)
		f.env.Theme = theme.New(dark)
		p := f.open(100)
		th := f.env.Theme
		for words, want := range map[string]theme.Style{
			"in a text": th.Text, "bold words": th.Text.Bold(), "slanted words": th.Text.Italic(), "underlined words": th.Text.Underline(true), "code words": th.Code,
			"harbour.example/plans": th.Link, "first level": th.Quote[0], "second level": th.Quote[1], "third level": th.Quote[2], "fourth level": th.Quote[3],
			"An answer.": th.Text, "-old line": th.DiffDel, "+new line": th.DiffAdd, "@@ -1,3": th.DiffHunk, "diff --git": th.DiffHead, "Mira of the harbour": th.Signature,
			"All there is": th.Strong,
		} {
			found := false
			for i := range p.page.Len() {
				for _, s := range p.page.Line(i) {
					if !strings.Contains(s.Text, words) {
						continue
					}
					found = true
					if got, want := s.Style.Hyperlink("").Render("x"), want.Render("x"); got != want {
						t.Errorf("dark %v: %q looks %q, not %q", dark, words, got, want)
					}
				}
			}
			if !found {
				t.Errorf("%q is not shown", words)
			}
		}
		seen := map[string]string{}
		for name, s := range map[string]theme.Style{"text": th.Text, "bold": th.Text.Bold(), "code": th.Code, "link": th.Link, "quote 1": th.Quote[0], "quote 2": th.Quote[1],
			"added": th.DiffAdd, "taken away": th.DiffDel, "signature": th.Signature} {
			look := s.Render("x")
			if seen[look] != "" {
				t.Errorf("dark %v: %s looks as %s does", dark, name, seen[look])
			}
			seen[look] = name
		}
	}
}
