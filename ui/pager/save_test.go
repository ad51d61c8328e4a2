package pager

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
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
		if got := fileName(&mail.Part{MediaType: "application/pdf", Filename: name}); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	long := fileName(&mail.Part{Filename: strings.Repeat("ü", 300) + ".pdf"})
	if len(long) > longestName || !strings.HasSuffix(long, ".pdf") || strings.Contains(long, "\ufffd") {
		t.Errorf("a long name became %q", long)
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a/b", `a\b`, "..", "con", "\u202e", strings.Repeat(".", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := fileName(&mail.Part{Filename: s})
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
	names, err := saveAll(dir, []*mail.Part{a, a, b}, [][]byte{[]byte("1"), []byte("2"), []byte("3")})
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
	_, err := saveAll(filepath.Join(t.TempDir(), "none"), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("error: %v", err)
	}
}

func TestProgramsAndLiesAreNotOpened(t *testing.T) {
	pdf, png := "%PDF-1.4\n", "\x89PNG\r\n\x1a\n"
	for _, c := range []struct {
		name, content string
		open          bool
	}{
		{"menu.pdf", pdf, true}, {"table.png", png, true}, {"notes.txt", "hello", true}, {"page.html", "<html><body>x", true},
		{"menu.pdf", "<html><script>", false}, {"menu.pdf", png, false}, {"notes.txt", "#!/bin/sh\nrm", false}, {"x.bin", "\x7fELF\x02", false},
		{"menu.pdf.desktop", "[Desktop Entry]", false}, {"setup.EXE", "x", false}, {"notes.csv", "<!DOCTYPE html>", false},
	} {
		path, err := viewable(&mail.Part{Filename: c.name}, []byte(c.content))
		if (err == nil) != c.open {
			t.Errorf("%s with %q: %v", c.name, c.content, err)
		}
		if err == nil {
			if filepath.Base(path) != c.name || !filepath.IsAbs(path) {
				t.Errorf("%s was written as %s", c.name, path)
			}
			os.RemoveAll(filepath.Dir(path))
		}
	}
}

func TestAttachmentsAreFetchedWhenTheyAreSaved(t *testing.T) {
	f := newFixture(t, letter)
	f.env.Config.Downloads = t.TempDir()
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	if got := text(files, 72, 6); !strings.Contains(got, "menu.pdf") || !strings.Contains(got, "table.png") {
		t.Errorf("the list:\n%s", got)
	}
	uitest.Do(files, action.SaveAll)
	uitest.Do(f.root.Top(), action.Accept)
	if got := text(f.root.Top(), 60, 6); !strings.Contains(got, "Fetching menu.pdf, table.png") {
		t.Errorf("while they come:\n%s", got)
	}
	if last := f.eng.Opened[len(f.eng.Opened)-1]; !slices.Equal(last.Sections, []string{"2", "3"}) {
		t.Errorf("asked for %v", last)
	}
	f.mail.Fetch(f.key, f.raw, "2", "3")
	uitest.Run(f.root.Top().Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if len(f.root.Failed) > 0 || len(f.root.Said) != 1 || !strings.Contains(f.root.Said[0], "Saved 2 files") {
		t.Errorf("said %q, failed %v", f.root.Said, f.root.Failed)
	}
	got, err := os.ReadFile(filepath.Join(f.env.Config.Downloads, "table.png"))
	if err != nil || !strings.HasPrefix(string(got), "\x89PNG") {
		t.Errorf("table.png holds %q, %v", got, err)
	}
	if f.root.Top() != files {
		t.Error("the list of attachments is gone")
	}
	if want := []string{"folder: " + f.env.Config.Downloads + "/"}; !slices.Equal(f.eng.Chosen, want) {
		t.Errorf("remembered %q, want %q", f.eng.Chosen, want)
	}
	if err := f.mail.Choose(t.Context(), folderChoice, "/elsewhere/"); err != nil {
		t.Fatal(err)
	}
	uitest.Do(files, action.Save)
	if got := text(f.root.Top(), 60, 14); !strings.Contains(got, "/elsewhere/") {
		t.Errorf("the folder is not remembered:\n%s", got)
	}
}

func TestWaitingForAnAttachmentCanBeGivenUp(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	uitest.Do(files, action.Open)
	wait := f.root.Top()
	f.eng.Problems = map[mail.MessageKey]string{f.key: "no such part"}
	uitest.Run(wait.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(wait, 60, 6); !strings.Contains(got, "no such part") {
		t.Errorf("the reason:\n%s", got)
	}
	uitest.Do(wait, action.Back)
	if f.root.Top() != files {
		t.Error("still waiting")
	}
	if len(f.eng.Left) != 1 || !slices.Equal(f.eng.Left[0].Sections, []string{"2"}) {
		t.Errorf("left %v: the rest of the attachment is fetched for nobody", f.eng.Left)
	}
}
