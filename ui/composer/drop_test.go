package composer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestADroppedFileIsAttachedWhenThatIsMeant(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my trip")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "boat.txt")
	if err := os.WriteFile(path, []byte("a boat"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dropped := range []string{path, "'" + path + "' ", strings.ReplaceAll(path, " ", `\ `), "file://" + strings.ReplaceAll(path, " ", "%20") + "\n"} {
		k := open(t, compose.New(anna()))
		k.moveTo(text)
		uitest.Run(k.Paste(dropped))
		if k.open() {
			t.Errorf("%q: nothing is asked", dropped)
			continue
		}
		k.keeping.ticking = true
		uitest.Do(k.root.Top(), action.Accept)
		if d := k.written(); len(d.Attachments) != 1 || d.Attachments[0].Path != path || strings.Contains(d.Body, "boat") {
			t.Errorf("%q: attached %+v, text %q", dropped, d.Attachments, d.Body)
		}
	}
	for _, words := range []string{"/no/such/file", "see /etc", "a\n/etc/passwd", "https://x.example/"} {
		k := open(t, compose.New(anna()))
		k.moveTo(text)
		k.keeping.ticking = true
		uitest.Run(k.Paste(words))
		if d := k.written(); !k.open() || len(d.Attachments) != 0 || !strings.Contains(d.Body, words) {
			t.Errorf("%q: asked %v, text %q", words, !k.open(), d.Body)
		}
	}
}

// Terminals paste the paths of several files one after the other or each on its line, into whatever has the focus.
func TestSeveralDroppedFilesAreAttached(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a boat[1].txt"), filepath.Join(dir, "sea.txt")
	for _, path := range []string{a, b} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, dropped := range []string{"'" + a + "' '" + b + "' ", strings.ReplaceAll(a, " ", `\ `) + " " + b, a + "\n" + b + "\n", "file://" + a + "\r\nfile://" + b + "\r\n"} {
		for _, f := range []field{to, subject, text} {
			k := open(t, compose.New(anna()))
			k.moveTo(f)
			k.keeping.ticking = true
			uitest.Run(k.Paste(dropped))
			if k.open() {
				t.Errorf("%q: nothing is asked", dropped)
				continue
			}
			uitest.Do(k.root.Top(), action.Accept)
			if d := k.written(); len(d.Attachments) != 2 || d.Attachments[0].Path != a || d.To+d.Subject+strings.TrimSpace(d.Body) != "" {
				t.Errorf("%q: %+v", dropped, d)
			}
		}
	}
	k := open(t, compose.New(anna()))
	k.moveTo(text)
	k.keeping.ticking = true
	uitest.Run(k.Paste(a + " /no/such"))
	if !k.open() || !strings.HasPrefix(k.written().Body, a+" /no/such") {
		t.Errorf("a path that is not there: %q", k.written().Body)
	}
}

func TestAFolderIsAttachedAfterAQuestion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "boat.txt"), []byte("a boat"), 0o600); err != nil {
		t.Fatal(err)
	}
	k := open(t, compose.New(anna()))
	k.keeping.ticking = true
	uitest.Run(k.attachPaths(dir))
	if k.open() {
		t.Fatal("nothing is asked")
	}
	if n := len(k.written().Attachments); n != 0 {
		t.Errorf("%d attached before the answer", n)
	}
	uitest.Do(k.root.Top(), action.Yes)
	if d := k.written(); len(d.Attachments) != 1 || !d.Attachments[0].Folder || d.Attachments[0].Name != filepath.Base(dir)+".zip" {
		t.Errorf("attached %+v", d.Attachments)
	}
}

func TestTheSizeOfTheFilesIsHeldAgainstWhatTheServerTakes(t *testing.T) {
	k := open(t, compose.New(anna()))
	k.draft.Attachments = []compose.Attachment{{Name: "boat.png", Size: 9 << 20}, {Name: "sea.png", Size: 5 << 20}}
	for limit, want := range map[limit]string{0: "boat.png (9.4 MB) · sea.png", 100 << 20: "boat.png", 25 << 20: "20 MB of 26 MB", 10 << 20: "Too large: 20 MB of the 10 MB the server takes"} {
		k.limit = limit
		if got, _ := k.drawFiles(60); !strings.Contains(got, want) {
			t.Errorf("with %d: %q, want %q", limit, got, want)
		}
	}
}

// What the server will not take is said when it is attached, and asked about before it is sent, not after.
func TestTooLargeIsSaidBeforeItIsSent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sea.png")
	if err := os.WriteFile(path, make([]byte, 60_000), 0o600); err != nil {
		t.Fatal(err)
	}
	k := open(t, reply())
	k.limit = 50_000
	uitest.Run(k.attachPaths(path))
	k.said("about 82 kB, and the server takes 50 kB at most: alt+t removes")
	k.letters("Here it is.")
	uitest.Do(k, action.Send)
	if k.open() || len(k.engine.Sent) != 0 {
		t.Fatalf("sent %d without a question", len(k.engine.Sent))
	}
	asked := ansi.Strip(strings.Join(k.root.Top().Draw(screen.Rect{W: 70, H: 20}).Lines, "\n"))
	if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(asked, "│", "")), " "), "the server takes 50 kB at most") {
		t.Errorf("asked\n%s", asked)
	}
	uitest.Do(k.root.Top(), action.No)
	uitest.Do(k, action.Detach)
	uitest.Do(k, action.Send)
	if len(k.engine.Sent) != 1 {
		t.Errorf("sent %d", len(k.engine.Sent))
	}
}
