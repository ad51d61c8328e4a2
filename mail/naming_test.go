package mail

import (
	"strings"
	"testing"
)

func TestCheckNameSaysWhere(t *testing.T) {
	for _, c := range []struct {
		name, delimiter string
		column          int
		said            string
	}{
		{"Reisen/Ålesund 2026", "/", 0, ""},
		{"a.b/c", ".", 0, ""},
		{"a//b", "", 0, ""},
		{"", "/", 0, "needs a name"},
		{"  ", "/", 0, "needs a name"},
		{"inbox", "/", 0, "INBOX"},
		{"ab\r\nc", "/", 2, "control character"},
		{"Åb\x00c", "/", 2, "control character"},
		{"all*", "/", 3, "any name"},
		{"50%", "/", 2, "any name"},
		{"/a", "/", 0, "before each “/”"},
		{"a//b", "/", 2, "before each “/”"},
		{"Åre/", "/", 3, "behind each “/”"},
		{"a/ b", "/", 2, "begin with a space"},
		{"a /b", "/", 1, "end with a space"},
		{"ok/" + strings.Repeat("x", 201), "/", 203, "too long"},
		{strings.Repeat(strings.Repeat("x", 99)+"/", 8) + "x", "/", 800, "too long"},
		{"caf\xff", "/", 3, "no text"},
	} {
		column, said := CheckName(c.name, c.delimiter)
		if column != c.column || (said == "") != (c.said == "") || !strings.Contains(said, c.said) {
			t.Errorf("CheckName(%.30q, %q) = %d, %q; want %d, %q", c.name, c.delimiter, column, said, c.column, c.said)
		}
	}
}

func TestRenamedTakesWhatIsBelowAlong(t *testing.T) {
	for name, want := range map[string]string{"a": "z", "a/b/c": "z/b/c", "ab": "ab", "b/a": "b/a"} {
		if got := Renamed(name, "a", "z", "/"); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
	if got := Renamed("a/b", "a", "z", ""); got != "a/b" {
		t.Errorf("without a hierarchy: %s", got)
	}
}
