package folder

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestNamesOfAttachmentsAreSafe(t *testing.T) {
	for name, want := range map[string]string{
		"report.pdf":                "report.pdf",
		"../../etc/passwd":          "passwd",
		`C:\Windows\system32\a.dll`: "a.dll",
		".bashrc":                   "bashrc",
		"-rf":                       "rf",
		"":                          "attachment.pdf",
		"...":                       "attachment.pdf",
		"a\x00b\nc.txt":             "a␀b c.txt",
		"Fwd\u202efdp.exe":          "Fwd\ufffdfdp.exe",
		"CON.txt":                   "_CON.txt",
		"com1":                      "_com1",
		`what?<is>"this"|*.md`:      "what__is__this___.md",
		"résumé.pdf":                "résumé.pdf",
		"trailing. . ":              "trailing",
	} {
		if got := Name(&mail.Part{MediaType: "application/pdf", Filename: name}); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	long := Name(&mail.Part{Filename: strings.Repeat("ü", 300) + ".pdf"})
	if len(long) > longestName || !strings.HasSuffix(long, ".pdf") || strings.Contains(long, "\ufffd") {
		t.Errorf("a long name became %q", long)
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a/b", `a\b`, "..", "con", "\u202e", strings.Repeat(".", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Name(&mail.Part{Filename: s})
		if got == "" || len(got) > longestName || filepath.Base(got) != got || strings.ContainsAny(got, "/\\\x00\n") || got[0] == '.' || got[0] == '-' {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestSavingNeverOverwritesAndKeepsAllOfTheSameName(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), filepath.Join(dir, "b.txt")); err != nil {
		t.Fatal(err)
	}
	a, b := &mail.Part{Filename: "a.txt"}, &mail.Part{Filename: "x/b.txt"}
	names, err := SaveAll(dir, []*mail.Part{a, a, b}, [][]byte{[]byte("1"), []byte("2"), []byte("3")})
	if err != nil || !slices.Equal(names, []string{"a (2).txt", "a (3).txt", "b (2).txt"}) {
		t.Fatalf("saved as %q, %v", names, err)
	}
	for name, want := range map[string]string{"a.txt": "mine", "a (2).txt": "1", "a (3).txt": "2", "b (2).txt": "3"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "a (2).txt"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSavingIntoAFolderThatIsNotThereSaysSo(t *testing.T) {
	_, err := SaveAll(filepath.Join(t.TempDir(), "none"), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("error: %v", err)
	}
}

func TestProgramsAndLiesAreNotOpened(t *testing.T) {
	pdf, png := "%PDF-1.4\n", "\x89PNG\r\n\x1a\n"
	for _, c := range []struct {
		name, content string
		open, asks    bool
	}{
		{"menu.pdf", pdf, true, false}, {"table.png", png, true, false}, {"notes.txt", "hello", true, false}, {"page.html", "<html><body>x", true, false},
		{"menu.pdf", "<html><script>", false, false}, {"menu.pdf", png, false, false}, {"notes.txt", "#!/bin/sh\nrm", false, true}, {"x.bin", "\x7fELF\x02", false, true},
		{"menu.pdf.desktop", "[Desktop Entry]", false, false}, {"setup.EXE", "x", false, false}, {"notes.csv", "<!DOCTYPE html>", false, false},
		{"install.sh", "touch x", false, true}, {"a.py", "print()", false, true}, {"menu.pdf", "#!/bin/sh", false, false}, {"menu.png", "\x7fELF", false, false},
		{"notes.txt", "MZ\x90", false, false}, {"install.sh.desktop", "#!/bin/sh", false, false}, {"install.sh", "[Desktop Entry]", false, false},
	} {
		path, err := View(&mail.Part{Filename: c.name}, []byte(c.content), false)
		var refused *Refusal
		if (err == nil) != c.open || err != nil && (!errors.As(err, &refused) || refused.Asks != c.asks) {
			t.Errorf("%s with %q: %v", c.name, c.content, err)
		}
		if err != nil {
			path, err = View(&mail.Part{Filename: c.name}, []byte(c.content), true)
			if (err == nil) != c.asks {
				t.Errorf("%s with %q, once the person was asked: %v", c.name, c.content, err)
			}
		}
		if err == nil {
			if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%s lies in a folder of mode %v, %v", path, info.Mode(), err)
			}
			if filepath.Base(path) != c.name || !filepath.IsAbs(path) {
				t.Errorf("%s was written as %s", c.name, path)
			}
			os.RemoveAll(filepath.Dir(path))
		}
	}
}

// Saving all of what a hostile message brings puts each file into the folder chosen, under a clean name of its own, and
// touches nothing else.
func TestHostileNamesStayInTheFolder(t *testing.T) {
	above := t.TempDir()
	t.Chdir(above)
	dir := filepath.Join(above, "chosen")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	names := []string{"../up", "../../up", "..", ".", "/etc/passwd", "/proc/self/mem", "/dev/null", "~/.ssh/authorized_keys", `..\..\up`, `C:\x`, `\\server\share\x`, "a/b/c/", ".bashrc",
		".git/config", "...", "-rf", "--help", "a;touch CNRY-run", "$(touch CNRY-run)", "`touch CNRY-run`", "a|b", "a&b", "%s%n%s", "a\x00.txt", "a\nb", "a\r\nb", "a\tb", "\x1b]0;CNRY\x07",
		"CON", "aux.txt", "com1.txt", "LPT9", "nul", "x:stream", "\u202egpj.exe", "／etc／passwd", "\u2024\u2024/x", "=?utf-8?b?Li4vLi4v?=", "", " leading", "trailing ", "trailing.", `a"b`, "a'b", "*", "?",
		"<script>", "#x#", "x~", "same", "same", "SAME", strings.Repeat("x", 300), strings.Repeat("ü", 300) + ".pdf", strings.Repeat("../", 200) + "x", "cafe\u0301", "caf\u00e9", "\xff\xfe"}
	var parts []*mail.Part
	var contents [][]byte
	for _, n := range names {
		parts, contents = append(parts, &mail.Part{Filename: n}), append(contents, []byte(n))
	}
	saved, err := SaveAll(dir, parts, contents)
	if err != nil || len(saved) != len(names) {
		t.Fatalf("saved %q, %v", saved, err)
	}
	for i, n := range saved {
		got, err := os.ReadFile(filepath.Join(dir, n))
		if err != nil || string(got) != names[i] || filepath.Base(n) != n || strings.HasPrefix(n, ".") || strings.HasPrefix(n, "-") || mail.Line(n) != n || len(n) > longestName+len(" (99)") {
			t.Errorf("%q was saved as %q with %q, %v", names[i], n, got, err)
		}
	}
	if in, _ := os.ReadDir(dir); len(in) != len(names) {
		t.Errorf("%d files in the folder, not %d", len(in), len(names))
	}
	if around, _ := os.ReadDir(above); len(around) != 1 {
		t.Errorf("beside the folder: %v", around)
	}
}
