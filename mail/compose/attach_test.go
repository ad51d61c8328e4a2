package compose

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

func TestAttachTellsTypeNameAndSize(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ file, content, name, mediaType string }{
		{"tides.PDF", "anything", "tides.PDF", "application/pdf"},
		{"pdf", "%PDF-1.4\n", "pdf", "application/pdf"},
		{"picture", "\x89PNG\r\n\x1a\n....", "picture", "image/png"},
		{"README", "Grüße\n", "README", "text/plain"},
		{"cut", strings.Repeat("x", 511) + "ü", "cut", "text/plain"},
		{"core", "\x7fELF\x00\x01", "core", "application/octet-stream"},
		{"latin", "Gr\xfc\xdfe aus", "latin", "application/octet-stream"},
		{"empty", "", "empty", "application/octet-stream"},
		{"mail.eml", "Subject: x\n\n", "mail.eml", "message/rfc822"},
		{"a\u202efdp.exe", "MZ\x90\x00", "a\ufffdfdp.exe", "application/octet-stream"},
		{`odd"na:me?.txt`, "x", "odd_na_me_.txt", "text/plain"},
	} {
		path := filepath.Join(dir, c.file)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := Attach(path)
		if want := (Attachment{Path: path, Name: c.name, MediaType: c.mediaType, Size: int64(len(c.content))}); err != nil || a != want {
			t.Errorf("%s: %v\n%+v\nwant\n%+v", c.file, err, a, want)
		}
	}
}

func TestAttachKnowsHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "a.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := Attach("~/a.txt"); err != nil || a.Path != filepath.Join(home, "a.txt") {
		t.Errorf("%v %+v", err, a)
	}
}

func TestAttachRefuses(t *testing.T) {
	dir := t.TempDir()
	fifo, large, big := filepath.Join(dir, "fifo"), filepath.Join(dir, "large"), filepath.Join(dir, "big")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, size := range map[string]int64{large: maxAttachment + 1, big: maxAttachment} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"":                              "no file was named",
		"  ":                            "no file was named",
		dir:                             "that is a directory",
		fifo:                            "not a regular file",
		large:                           "the limit is 50 MB",
		filepath.Join(dir, "none"):      "there is no such file",
		filepath.Join(dir, "a\nb"):      "line break",
		filepath.Join(large, "below"):   "not a directory",
		filepath.Join(dir, "a\x00.pdf"): "NUL",
	} {
		if a, err := Attach(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s; %+v", path, err, want, a)
		}
	}
	if a, err := Attach(big); err != nil || a.Size != maxAttachment {
		t.Errorf("just within the limit: %v %+v", err, a)
	}
}

func TestAFileThatGrewIsRefusedWhenItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.txt")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Attach(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxAttachment+1); err != nil {
		t.Fatal(err)
	}
	d := draft()
	d.Attachments = []Attachment{a}
	if _, err := Build(d, environment()); err == nil || !strings.Contains(err.Error(), "the limit is") {
		t.Errorf("error %v", err)
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf": "a.pdf", "/etc/passwd": "passwd", `C:\Users\x\a b.pdf`: "a b.pdf", "../../a": "a", "..": "attachment", "": "attachment",
		"a\r\nb\x00.txt": "ab.txt", "a\x1b[31m.txt": "a[31m.txt", "dir/": "attachment", ".bashrc": ".bashrc", "Gr\xfc.txt": "Gr_.txt", " x ": "x",
		strings.Repeat("ä", 300) + ".pdf": strings.Repeat("ä", 116) + ".pdf", strings.Repeat("x", 300): strings.Repeat("x", 120),
		"a." + strings.Repeat("x", 300): "a." + strings.Repeat("x", 118),
	} {
		if got := safeName(in); got != want || utf8.RuneCountInString(got) > 120 {
			t.Errorf("safeName(%q) = %q, want %q", in, got, want)
		}
	}
}
