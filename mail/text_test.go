package mail

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTextKeepsWhatCanBeRead(t *testing.T) {
	for _, s := range []string{"", "plain", "two\nlines\tand a tab", "Grüße, žluťoučký", "日本語", "שלום", "العربية", "हिन्दी", "क\u094d\u200dष", "😀 👍", "e\u0301", "\u1112\u1161\u11ab", "− “quoted” … €", "␛]0;"} {
		if got := Text(s); got != s {
			t.Errorf("Text(%q) = %q", s, got)
		}
	}
}

func TestTextReplacesWhatCanDoHarm(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b]0;title\x07":                 "␛]0;title␇",
		"a\x00b\x7fc":                      "a␀b␡c",
		"a\u009b31mb":                      "a\ufffd31mb",
		"a\x9bb":                           "a\ufffdb", // no UTF-8
		"one\r\ntwo\rthree":                "one\ntwo\nthree",
		"a\u2028b\u2029c":                  "a\nb\nc",
		"safe\u202egnp.exe":                "safe\ufffdgnp.exe",
		"a\u2066b\u2069":                   "a\ufffdb\ufffd",
		"a\u200eb\u200fc\u061cd":           "abcd",
		"zero\u200bwidth\ufeff\u00ad":      "zerowidth",
		"a\u200db":                         "ab",
		"no\u00a0break\u3000":              "no break ",
		"tag\U000e0041\U000e007f":          "tag",
		"priv\ue000":                       "priv\ufffd",
		"un\u0378":                         "un\ufffd",
		"hangul\u3164filler":               "hangul filler",
		"👍🏽":                               "👍",
		"❤\ufe0f":                          "❤",
		"a" + strings.Repeat("\u0301", 20): "a" + strings.Repeat("\u0301", maxMarks),
		"क" + strings.Repeat("\u094d\u200d", 20):           "क" + strings.Repeat("\u094d\u200d", maxMarks/2),
		"\u1112" + strings.Repeat("\u1161", 20) + "\u11ab": "\u1112" + strings.Repeat("\u1161", maxMarks),
		strings.Repeat("\u1112", 20):                       strings.Repeat("\u1112", maxMarks+1),
		"\u0301a \u0301\n\u0301":                           "◌\u0301a ◌\u0301\n◌\u0301",
		"a\u0d4e":                                          "a\ufffd",
		"\u0d4e\u0d15\u0d4e ":                              "\u0d4e\u0d15\ufffd ",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLineIsOneLine(t *testing.T) {
	for in, want := range map[string]string{
		" a  b ": "a b", "a\nb\tc": "a b c", "a\r\n b": "a b", "x": "x", "\u2028": "", "a\u2029b": "a b", "a\x1bb": "a␛b",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"\x1b[31m", "\u202e\u2066", "a\u0301\u0301", "👩\u200d👩\u200d👧", "\xff\xfe\x80", "\r\n\r", "क\u200dष", "क\u094d\u200d\u094d\u200d", "\u1112\u1161\u11ab\u11ab", "\u0d4e", " \u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := Text(s)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is no UTF-8", out)
		}
		for _, r := range out {
			switch {
			case r == '\n' || r == '\t':
			case r < 0x20, r >= 0x7f && r <= 0x9f, unicode.Is(unicode.Bidi_Control, r), r == 0x2028, r == 0x2029, r >= 0xe0000 && r <= 0xe007f:
				t.Fatalf("%U passes", r)
			}
		}
		marks := 0
		for _, r := range out {
			if marks++; !unicode.Is(unicode.M, r) && r != 0x200d && r != 0x200c {
				marks = 0
			}
			if marks > maxMarks {
				t.Fatalf("%q climbs out of its line", out)
			}
			if unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cs, r) || !unicode.IsGraphic(r) && !unicode.Is(unicode.C, r) {
				t.Fatalf("%U passes", r)
			}
		}
		if again := Text(out); again != out {
			t.Fatalf("%q changes again to %q", out, again)
		}
		if line := Line(s); strings.ContainsAny(line, "\n\t") || line != Line(line) {
			t.Fatalf("%q is no line", line)
		}
	})
}
