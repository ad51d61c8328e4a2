package compose

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAFolderGoesAsAnArchive(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Törn 2026")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, content := range map[string]string{"plan.txt": "Saturday", "pictures/boat.txt": "a boat"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	a, files, err := AttachFolder(dir)
	if err != nil || files != 2 || a.Name != "Törn 2026.zip" || a.Size != int64(len("Saturday")+len("a boat")) {
		t.Fatalf("%+v, %d files, %v", a, files, err)
	}
	d := draft()
	d.Attachments = []Attachment{a}
	first, again := mustBuild(t, d, environment()).Bytes, mustBuild(t, d, environment()).Bytes
	if !bytes.Equal(first, again) {
		t.Error("two builds differ")
	}
	_, leaves := readMessage(t, first)
	if len(leaves) != 2 || leaves[1].mediaType != "application/zip" || leaves[1].name != "Törn 2026.zip" {
		t.Fatalf("parts %+v", leaves)
	}
	r, err := zip.NewReader(strings.NewReader(leaves[1].data), int64(len(leaves[1].data)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f.Name+"="+string(content))
	}
	if want := "Törn 2026/pictures/boat.txt=a boat Törn 2026/plan.txt=Saturday"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, _, err := AttachFolder(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no files") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, _, err := AttachFolder(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("no folder: %v", err)
	}
}
