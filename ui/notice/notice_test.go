package notice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"posthorn/mail"
)

func TestTheWayFitsTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notify-send"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for name, c := range map[string]struct {
		way  Way
		env  string
		want Way
	}{
		"kitty":               {Auto, "TERM=xterm-kitty DISPLAY=:0", Kitty},
		"foot":                {Auto, "TERM=foot-extra", Kitty},
		"WezTerm over ssh":    {Auto, "TERM=xterm-256color TERM_PROGRAM=WezTerm SSH_TTY=/dev/pts/1", Plain},
		"urxvt":               {Auto, "TERM=rxvt-unicode-256color", Titled},
		"kitty in tmux":       {Auto, "TERM=xterm-kitty TMUX=/tmp/tmux", Off},
		"tmux on a desktop":   {Auto, "TERM=tmux-256color TMUX=/tmp/tmux WAYLAND_DISPLAY=wayland-0", Program},
		"a desktop elsewhere": {Auto, "TERM=xterm-256color DISPLAY=:10 SSH_CONNECTION=x", Off},
		"the Linux console":   {Auto, "TERM=linux", Off},
		"as configured":       {Titled, "TERM=linux", Titled},
	} {
		env := map[string]string{}
		for _, pair := range strings.Fields(c.env) {
			k, v, _ := strings.Cut(pair, "=")
			env[k] = v
		}
		if got := Choose(c.way, func(k string) string { return env[k] }); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestHours(t *testing.T) {
	for text, c := range map[string]struct{ in, out string }{
		"22:00-07:00": {"22:00 23:59 00:00 06:59", "07:00 12:00 21:59"},
		"9:30-17:00":  {"09:30 16:59", "09:29 17:00 00:00"},
		"":            {"", "00:00 12:00"},
	} {
		var h Hours
		if err := h.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		check := func(times string, want bool) {
			for _, s := range strings.Fields(times) {
				at, _ := time.Parse("15:04", s)
				if h.Contain(at) != want {
					t.Errorf("%s within %q: %v", s, text, !want)
				}
			}
		}
		check(c.in, true)
		check(c.out, false)
	}
	for _, bad := range []string{"22:00", "22:00-", "25:00-07:00", "7-8", "07:00-07:00", "night"} {
		var h Hours
		if err := h.UnmarshalText([]byte(bad)); err == nil || h != (Hours{}) {
			t.Errorf("%q is read as %v (%v)", bad, h, err)
		}
	}
}

// FuzzSequence: whatever mail says, a notice is one sequence of ours and harmless text.
func FuzzSequence(f *testing.F) {
	f.Add("Mira", "Harbour dinner")
	f.Add("a;b", "4;1;50\x1b\\\x1b]0;owned\x07")
	f.Add("\u202e\u009d52;c;x\u009c", strings.Repeat("\U0001F419", 1000))
	f.Add("--help", "<b>&amp;\r\nx")
	f.Fuzz(func(t *testing.T, title, text string) {
		for _, w := range ways {
			s := Sequence(w, title, text)
			n := map[Way]int{Plain: 1, Titled: 1, Kitty: 2}[w]
			if strings.Count(s, "\x1b]") != n || strings.Count(s, "\x1b\\") != n || strings.Count(s, "\x1b") != 2*n {
				t.Errorf("%s: %q", w, s)
			}
			if rest := strings.NewReplacer("\x1b]", "", "\x1b\\", "").Replace(s); strings.TrimSpace(rest) != mail.Line(rest) || !utf8.ValidString(s) {
				t.Errorf("%s: %q", w, s)
			}
			if w == Titled && strings.Count(strings.SplitN(s, safe(text), 2)[0], ";") > 3 {
				t.Errorf("the title ends early: %q", s)
			}
			if len([]rune(s)) > 4*longest*4 {
				t.Errorf("%s: %d characters", w, len([]rune(s)))
			}
		}
	})
}

func TestTheProgramGetsWordsAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	script := "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\n' \"$a\"; done > " + out + "\n"
	if err := os.WriteFile(filepath.Join(dir, "notify-send"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if err := Run("--icon=/etc/passwd", "<b>bold</b> $(id) \x1b[31m"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if want := "--app-name=posthorn\n--\n--icon=/etc/passwd\n&lt;b&gt;bold&lt;/b&gt; $(id) " + mail.Line("\x1b[31m") + "\n"; err != nil || string(got) != want {
		t.Errorf("got %q, want %q (%v)", got, want, err)
	}
}
