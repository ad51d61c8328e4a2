package composer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/folder"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// shelf is a folder with files, one with a hostile name, a hidden one, and a folder with another file.
func shelf(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"boats/gull.txt", "b.pdf", "A.pdf", "c \x1b[31mred.txt", ".hidden"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// browsing is a composer that shows a folder to attach from.
func browsing(t *testing.T, dir string) *desk {
	k := open(t, compose.New(anna()))
	k.quietly(action.Attach)
	k.quietly(action.Cancel)
	k.keeping.ticking = true
	uitest.Run(k.list(dir + "/"))
	return k
}

// onTop is the dialog on top as it looks.
func (k *desk) onTop() string {
	k.t.Helper()
	return ansi.Strip(strings.Join(k.root.Top().Draw(screen.Rect{W: 70, H: 12}).Lines, "\n"))
}

func TestAFolderIsLookedThrough(t *testing.T) {
	dir := shelf(t)
	k := browsing(t, dir)
	shown, at := k.onTop(), -1
	for _, want := range []string{"one folder up", "boats/", "A.pdf", "b.pdf", "red.txt", ".hidden"} {
		i := strings.Index(shown, want)
		if i <= at {
			t.Errorf("%q is missing or not in its place:\n%s", want, shown)
		}
		at = i
	}
	if !strings.Contains(shown, "7 B · ") {
		t.Errorf("no size and date:\n%s", shown)
	}
	uitest.Type(k.root.Top(), "boats")
	k.quietly(action.Accept)
	if shown := k.onTop(); !strings.Contains(shown, "gull.txt") {
		t.Fatalf("the folder was not opened:\n%s", shown)
	}
	uitest.Type(k.root.Top(), "..")
	k.quietly(action.Accept)
	uitest.Type(k.root.Top(), "red")
	k.quietly(action.Accept)
	if l := k.draft.Attachments; !k.open() || len(l) != 1 || strings.Contains(l[0].Name, "\x1b") || l[0].Path != filepath.Join(dir, "c \x1b[31mred.txt") {
		t.Errorf("attached %+v, said %q", l, k.root.Said)
	}
}

func TestSeveralFilesAreMarkedAndAttached(t *testing.T) {
	k := browsing(t, shelf(t))
	k.quietly(action.Complete) // the folder above: is passed
	k.quietly(action.Down)     // a folder
	k.quietly(action.Complete)
	k.quietly(action.Complete)
	k.quietly(action.Complete)
	k.quietly(action.Up)
	k.quietly(action.Complete) // no longer
	if shown := k.onTop(); strings.Count(shown, "✓") != 2 || !strings.Contains(shown, "takes 2 marked") {
		t.Errorf("two are not marked:\n%s", shown)
	}
	k.quietly(action.Accept)
	if l := k.draft.Attachments; len(l) != 2 || l[0].Name != "A.pdf" || l[1].Name != "b.pdf" {
		t.Errorf("attached %+v", l)
	}
	k.said("Attached 2 files")
}

func TestAMarkedFolderGoesAsAnArchiveAfterAQuestion(t *testing.T) {
	dir := shelf(t)
	k := browsing(t, dir)
	k.quietly(action.Down)
	k.quietly(action.Complete)
	k.quietly(action.Complete)
	k.quietly(action.Accept)
	if l := k.draft.Attachments; len(l) != 1 || l[0].Name != "A.pdf" {
		t.Errorf("before the answer there is %+v", l)
	}
	if shown := k.onTop(); !strings.Contains(shown, "Attach the folder as boats.zip?") || !strings.Contains(shown, "1 file, ") {
		t.Fatalf("asked is\n%s", shown)
	}
	k.quietly(action.Yes)
	if l := k.draft.Attachments; len(l) != 2 || !l[1].Folder || l[1].Path != filepath.Join(dir, "boats") {
		t.Errorf("attached %+v", l)
	}
	if want := "attach-from: " + dir; len(k.engine.Chosen) == 0 || k.engine.Chosen[0] != want {
		t.Errorf("remembered %q, want %q", k.engine.Chosen, want)
	}
}

// The next message begins where something was attached from last, and at home where that is gone.
func TestTheFolderUsedLastIsRememberedForOtherMessages(t *testing.T) {
	dir := shelf(t)
	stored := uitest.NewMail(t)
	for _, c := range []struct{ last, want string }{{dir, dir + "/"}, {filepath.Join(dir, "gone"), "~/"}, {filepath.Join(dir, "A.pdf"), "~/"}} {
		if err := stored.Choose(t.Context(), folder.From, c.last); err != nil {
			t.Fatal(err)
		}
		k := open(t, compose.New(anna()))
		k.env.Store = stored.Reader
		uitest.Run(k.askFolder())
		k.quietly(action.Attach)
		if shown := k.root.Top().Draw(screen.Rect{W: 200, H: 12}).Lines[1]; !strings.Contains(ansi.Strip(shown), "› "+c.want) {
			t.Errorf("it begins with %q, want %q", shown, c.want)
		}
	}
}

func TestThePromptLeadsToTheFolder(t *testing.T) {
	dir := shelf(t)
	k := open(t, compose.New(anna()))
	k.draft.Attachments = []compose.Attachment{{Name: "A.pdf", Path: filepath.Join(dir, "A.pdf"), Size: 7}}
	k.quietly(action.Attach)
	if shown := k.onTop(); !strings.Contains(shown, "looks through folders") {
		t.Errorf("the way to the folders is not said:\n%s", shown)
	}
	k.quietly(action.Browse)
	if shown := k.onTop(); !strings.Contains(shown, "boats/") {
		t.Errorf("the folder of the last file is not shown:\n%s", shown)
	}
	k.quietly(action.Cancel)
	uitest.Run(k.list(filepath.Join(dir, "gone") + "/"))
	k.said("The folder cannot be read")
}
