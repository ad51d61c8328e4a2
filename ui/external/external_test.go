package external

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestWordsKeepsQuotedTogetherAndRunsNothing(t *testing.T) {
	for line, want := range map[string][]string{
		"vim":                             {"vim"},
		"  emacsclient -nw  ":             {"emacsclient", "-nw"},
		`"/opt/My Editor/bin/ed" --wait`:  {"/opt/My Editor/bin/ed", "--wait"},
		`code\ oss -w ''`:                 {"code oss", "-w", ""},
		`vim -c 'set tw=72' "a\"b" $(id)`: {"vim", "-c", "set tw=72", `a"b`, "$(id)"},
		"":                                nil,
	} {
		if got := Words(line); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestEditorPrefersConfigurationThenVisual(t *testing.T) {
	t.Setenv("VISUAL", "vis -x")
	t.Setenv("EDITOR", "ed")
	if got := Editor([]string{"mine"}); got[0] != "mine" {
		t.Errorf("got %q", got)
	}
	if got := Editor(nil); !reflect.DeepEqual(got, []string{"vis", "-x"}) {
		t.Errorf("got %q", got)
	}
	t.Setenv("VISUAL", " ")
	if got := Editor(nil); !reflect.DeepEqual(got, []string{"ed"}) {
		t.Errorf("got %q", got)
	}
}

func TestSafeTakesOnlyLinksThatShowThings(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.org/a?b=c#d":             "https://example.org/a?b=c#d",
		" HTTP://example.org ":                    "http://example.org",
		"https://example.org/a b":                 "https://example.org/a%20b",
		"mailto:ben@example.org":                  "mailto:ben@example.org",
		"file:///etc/passwd":                      "",
		"javascript:alert(1)":                     "",
		"-oops":                                   "",
		"--version":                               "",
		"https:///nowhere":                        "",
		"https:opaque":                            "",
		"https://a\nb":                            "",
		"https://example.org/\x1b[31m":            "",
		"ssh://-oProxyCommand=x/":                 "",
		"https://" + strings.Repeat("a", longest): "",
	} {
		got, err := Safe(link)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v, want %q", link, got, err, want)
		}
	}
}

func TestOpenHandsOverOneArgumentWithoutAShell(t *testing.T) {
	env, _, _ := uitest.Env()
	out := filepath.Join(t.TempDir(), "out")
	env.Config = screen.Config{Opener: []string{"/bin/sh", "-c", `printf '%s|' "$@" > ` + out, "opener"}}
	for _, c := range []struct {
		msg  any
		want string
	}{
		{OpenURL(env, "https://example.org/$(id);`id`")(), "https://example.org/$%28id%29;%60id%60|"},
		{OpenFile(env, "/tmp/-rf $(id).pdf")(), "/tmp/-rf $(id).pdf|"},
	} {
		if o := c.msg.(Opened); o.Err != nil {
			t.Fatal(o.Err)
		}
		got, err := os.ReadFile(out)
		if err != nil || !strings.HasSuffix(string(got), "|") || strings.Count(string(got), "|") != 1 || strings.Contains(string(got), "uid=") {
			t.Errorf("got %q, %v, want %q", got, err, c.want)
		}
	}
}

func TestOpenTellsWhatFailed(t *testing.T) {
	env, _, root := uitest.Env()
	env.Config.Opener = []string{"posthorn-no-such-program"}
	if o := OpenFile(env, "x")().(Opened); o.Err == nil || !strings.Contains(o.Err.Error(), "posthorn-no-such-program") {
		t.Errorf("got %v", o.Err)
	}
	env.Config.Opener = []string{"false"}
	if o := OpenURL(env, "https://example.org")().(Opened); o.Err == nil {
		t.Error("a failing opener went unnoticed")
	}
	if o := OpenURL(env, "file:///etc/passwd")().(Opened); o.Err == nil {
		t.Error("a file link was opened")
	}
	if cmd := OpenURL(env, "mailto:ben@example.org"); cmd != nil || len(root.Failed) != 0 {
		t.Error("a mailto link did not go to the composer")
	}
}

// A link in a message is answered as the account that got the message.
func TestAMailtoLinkIsWrittenAsItsAccount(t *testing.T) {
	env, engine, root := uitest.Env()
	engine.Has = []mail.Account{{Name: "home", Address: "anna@home.example"}, {Name: "work", Address: "anna@work.example"}}
	for i, account := range []string{"", "home", "work", "gone"} {
		if cmd := Write(env, account, "MAILTO:ben@example.org?subject=Two words&bcc=e@evil.example"); cmd != nil || len(root.Drafts) != i+1 {
			t.Fatalf("%q: %d drafts", account, len(root.Drafts))
		}
		d := root.Drafts[i]
		want := "home"
		if account == "work" {
			want = account
		}
		if d.Account != want || d.From.Addr() != "anna@"+want+".example" || d.Subject != "Two words" || d.Bcc != "" {
			t.Errorf("%q: %+v", account, d)
		}
	}
	if n := len(root.Said); n != 4 || root.Said[0] != "The link also asked for bcc, which was left out." {
		t.Errorf("said %q", root.Said)
	}
	if o := Write(env, "", "mailto:a@b.example%0aBcc:e@evil.example")().(Opened); o.Err == nil || len(root.Drafts) != 4 {
		t.Error("a hostile link opened the composer")
	}
}

func TestSweepTakesWhatTheDeadLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	mine, err := ViewFolder()
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(os.TempDir(), fmt.Sprint(viewPrefix, dead.Process.Pid, "-x"))
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	Sweep()
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("%s of a dead process is still there", left)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Errorf("our own %s is gone", mine)
	}
}

func TestATextInAnEditorIsPrivateAndFoundAgain(t *testing.T) {
	root := filepath.Join(t.TempDir(), "editing")
	for _, header := range []bool{true, false} {
		s, err := NewScratch(root, "secret", header, "note")
		if err != nil {
			t.Fatal(err)
		}
		file := s.Command([]string{"x"}).Args[1]
		if err := os.WriteFile(file, []byte("changed"), 0o600); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700, root: 0o700} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
			}
		}
		left := Left(root)
		if len(left) != 1 {
			t.Fatalf("%d found", len(left))
		}
		text, err := left[0].Read()
		note, err2 := left[0].Note()
		if text != "changed" || note != "note" || left[0].Header() != header || err != nil || err2 != nil {
			t.Errorf("found %q with %q, header %v (%v, %v)", text, note, left[0].Header(), err, err2)
		}
		if left[0].Remove(); len(Left(root)) != 0 {
			t.Error("it does not go")
		}
	}
}
