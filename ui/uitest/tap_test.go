package uitest

import "testing"

func TestForeignKnowsOursFromTheirs(t *testing.T) {
	for _, s := range []string{"", "plain ünïcödé 日本 क्\u200dष\r\n\tx\b", "\x1b[?1049h\x1b[2J\x1b[1;1H\x1b[38;2;1;2;3mx\x1b[m\x1b[?25l", "\x1b]2;posthorn · Inbox ␛]\x07",
		"\x1b]8;;https://example.org/a%20b?c=d\x07x\x1b]8;;\x07", "\x1b]52;c;aHR0cHM6Ly9h\x07", "\x1b]11;?\x07", "\x1b[>1u\x1b[<u\x1b[=1;1u\x1b[?2026$p", "\x1b[3 q\x1bM"} {
		if got := Foreign(s); got != "" {
			t.Errorf("%q: %s", s, got)
		}
	}
	for _, s := range []string{"\x1b", "\x1b[", "\x1b]2;x", "\x1b]0;x\x07", "\x1b]8;;javascript:x\x07", "\x1b]8;;https://a b\x07", "\x1b]52;c;?\x07", "\x1b]1337;File=x\x07",
		"\x1b]9;x\x07", "\x1b[6n", "\x1b[c", "\x1b[?47h", "\x1b[8;1;1t", "\x1b[5i", "\x1bc", "\x1b#8", "\x1b_x\x1b\\", "\x1bPq\x1b\\", "\x1bP$q\x1b\\", "\x1b]2;a\x1b[31m\x07", "a\x07", "\x00", "\x0e",
		"\x7f", "\u009b31m", "\x9b31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\U000e0041", "\xff", "\x1b[1\x1b[m"} {
		if Foreign(s) == "" {
			t.Errorf("%q passes", s)
		}
	}
}
