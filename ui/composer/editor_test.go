package composer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/external"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// editWith runs script as the external editor on k's draft; the file is its first argument.
func (k *desk) editWith(script string) {
	k.t.Helper()
	dir := k.t.TempDir()
	k.t.Setenv("XDG_RUNTIME_DIR", dir)
	k.env.Config.Editor = []string{"/bin/sh", "-c", script, "editor"}
	k.keeping.ticking = true
	if k.open() {
		if cmd, _ := k.Do(action.ExternalEd); cmd == nil {
			k.t.Fatal("no editor was started")
		}
	}
	file, err := external.NewScratch(compose.EditText(k.written()))
	if err != nil {
		k.t.Fatal(err)
	}
	run := file.Command(k.env.Config.Editor).Run()
	v := edited{before: compose.EditText(k.written())}
	if err = run; err == nil {
		v.after, err = file.Read()
	}
	file.Remove()
	k.Update(screen.Result{To: k.Composer, Value: v, Err: err})
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		k.t.Errorf("left on disk: %q", left)
	}
}

func TestEditorChangesHeadersAndText(t *testing.T) {
	k := open(t, reply())
	k.editWith(`sed -e 's/^Subject:.*/Subject: High tide/' -e 's/lowest/highest/' "$1" > "$1.new" && mv "$1.new" "$1"`)
	d := k.written()
	if d.Subject != "High tide" || !strings.Contains(d.Body, "highest at 14:20") || d.To != reply().To {
		t.Errorf("draft is %+v", d)
	}
	if !k.touched || k.focus != text {
		t.Error("the change is not noticed")
	}
	k.quietly(action.Undo)
	if got := k.written().Body; !strings.Contains(got, "lowest") {
		t.Errorf("undo gives %q", got)
	}
}

func TestEditorThatFailsLeavesTheDraftAsItWas(t *testing.T) {
	for name, script := range map[string]string{
		"exits with an error": `echo nonsense > "$1"; exit 1`,
		"is killed":           `echo nonsense > "$1"; kill -9 $$`,
		"empties the file":    `: > "$1"`,
		"only leaves blanks":  `printf '\n \n' > "$1"`,
		"removes the file":    `rm "$1"`,
		"leaves a pipe":       `rm "$1"; mkfifo "$1"`,
		"changes nothing":     `:`,
	} {
		t.Run(name, func(t *testing.T) {
			k := open(t, reply())
			k.letters("Yes!")
			before := k.written()
			k.editWith(script)
			after := k.written()
			if after.Body != before.Body || after.To != before.To || after.Subject != before.Subject || !k.open() || k.editing {
				t.Errorf("draft became %+v", after)
			}
			if len(k.root.Said) == 0 {
				t.Error("nothing was said")
			}
		})
	}
}

// What was written in the editor is not lost when a header line in it is wrong.
func TestTextThatCannotBeReadIsEditedAgain(t *testing.T) {
	k := open(t, reply())
	before := k.written()
	k.editWith(`sed -e 's/^Subject:/Sujbect/' -e '$a Long thoughts' "$1" > "$1.new" && mv "$1.new" "$1"`)
	if k.open() {
		t.Fatalf("not asked; said %q", k.root.Said)
	}
	if after := k.written(); after.Body != before.Body {
		t.Errorf("draft became %+v", after)
	}
	cmd, _ := k.root.Top().Do(action.Yes)
	var found string
	var walk func(tea.Cmd)
	walk = func(c tea.Cmd) {
		if c == nil {
			return
		}
		switch m := c().(type) {
		case tea.BatchMsg:
			for _, c := range m {
				walk(c)
			}
		case screen.Result:
			s := m.Value.(scratch)
			found = s.text
			s.file.Remove()
		}
	}
	walk(cmd)
	if !strings.Contains(found, "Long thoughts") {
		t.Errorf("the editor gets %q", found)
	}
}

func TestWithoutEditorItSaysSo(t *testing.T) {
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", "")
	k := open(t, reply())
	uitest.Do(k, action.ExternalEd)
	k.said("$VISUAL")
	k.letters("x") // and goes on
	if !strings.HasPrefix(k.written().Body, "x") {
		t.Error("typing does nothing any more")
	}
}

func TestScratchIsPrivate(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	s, err := external.NewScratch("secret")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Remove()
	file := s.Command([]string{"x"}).Args[1]
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if dir, err := os.Stat(filepath.Dir(file)); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("directory mode %v, %v", dir.Mode(), err)
	}
}
