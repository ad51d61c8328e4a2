package composer

import (
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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
	k.env.Config.Scratch = dir
	k.env.Config.Editor = []string{"/bin/sh", "-c", script, "editor"}
	k.keeping.ticking = true
	cmd, _ := k.Do(action.ExternalEd)
	s, ok := sought[scratch](k, cmd)
	if !ok {
		k.t.Fatal("no editor was started")
	}
	run := s.file.Command(k.env.Config.Editor).Run()
	v, err := returned(s, run)
	uitest.Run(k.Update(screen.Result{To: k.Composer, Value: v, Err: err}))
	if left := external.Left(dir); len(left) != 0 {
		k.t.Errorf("left on disk: %v", left)
	}
}

// sought runs commands until there is a result of a type; all others are given to k.
func sought[T any](k *desk, cmd tea.Cmd) (found T, ok bool) {
	if cmd == nil {
		return found, false
	}
	msg := cmd()
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() { // a batch or sequence
		for i := range v.Len() {
			if f, has := sought[T](k, v.Index(i).Interface().(tea.Cmd)); has {
				found, ok = f, true
			}
		}
		return found, ok
	}
	r, is := msg.(screen.Result)
	if !is {
		return found, false
	}
	if f, has := r.Value.(T); has {
		return f, true
	}
	return sought[T](k, k.Update(r))
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
		"exits with an error": `exit 1`,
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

// What was written in the editor is not lost when a header line in it is wrong: what can be read is taken, the rest
// stands above the text, and all of it can be edited again.
func TestTextThatCannotBeReadIsKeptAndEditedAgain(t *testing.T) {
	k := open(t, reply())
	k.editWith(`sed -e 's/^Subject:/Sujbect/' -e 's/^Cc:.*/Cc: carl@dock.example/' -e '$a Long thoughts' "$1" > "$1.new" && mv "$1.new" "$1"`)
	if k.open() {
		t.Fatalf("not asked; said %q", k.root.Said)
	}
	d := k.written()
	if d.Subject != reply().Subject || d.Cc != "carl@dock.example" || !strings.HasPrefix(d.Body, "Sujbect "+reply().Subject+"\n\n") ||
		!strings.HasSuffix(d.Body, "Long thoughts\n") {
		t.Errorf("draft became %+v", d)
	}
	if len(k.engine.Saved) == 0 || k.engine.Saved[len(k.engine.Saved)-1].Body != d.Body {
		t.Error("it is not stored")
	}
	f := k.root.Top().Draw(screen.Rect{W: 64, H: 12})
	if s := ansi.Strip(strings.Join(f.Lines, "\n")); !strings.Contains(s, "Line 5: ") || !strings.Contains(s, "is not a header") {
		t.Errorf("asked is\n%s", s)
	}
	cmd, _ := k.root.Top().Do(action.Yes)
	again, ok := sought[scratch](k, cmd)
	if !ok || !strings.Contains(again.text, "Long thoughts") || !strings.Contains(again.text, "\nSujbect ") {
		t.Errorf("the editor gets %q", again.text)
	}
	again.file.Remove()
}

// An editor that ends with an error was told to drop the text, or failed with it: only the person knows.
func TestWhatAnEditorSavedBeforeAnErrorIsAskedAbout(t *testing.T) {
	for answer, want := range map[action.Action]string{action.Yes: "Long thoughts\n", action.No: ""} {
		k := open(t, reply())
		before := k.written().Body
		k.env.Config.Scratch = t.TempDir()
		k.env.Config.Editor = []string{"/bin/sh", "-c", `echo "Long thoughts" >> "$1"; exit 3`, "editor"}
		k.keeping.ticking = true
		cmd, _ := k.Do(action.ExternalEd)
		s, _ := sought[scratch](k, cmd)
		v, err := returned(s, s.file.Command(k.env.Config.Editor).Run())
		uitest.Run(k.Update(screen.Result{To: k.Composer, Value: v, Err: err}))
		if shown := k.onTop(); !strings.Contains(shown, "exit status 3") || k.written().Body != before || len(external.Left(k.env.Config.Scratch)) != 1 {
			t.Fatalf("asked is\n%s\nthe text is %q", shown, k.written().Body)
		}
		k.quietly(answer)
		if got := k.written().Body; got != before+want {
			t.Errorf("%s: the text is %q", answer, got)
		}
		if left := external.Left(k.env.Config.Scratch); len(left) != 0 || !k.open() {
			t.Errorf("%s: left on disk: %v", answer, left)
		}
	}
}

func TestAnEditorThatIsKilledLeavesWhatItSaved(t *testing.T) {
	k := open(t, reply())
	k.editWith(`echo "and more" >> "$1"; kill -9 $$`)
	if d := k.written(); !strings.HasSuffix(d.Body, "and more\n") {
		t.Errorf("draft became %+v", d)
	}
}

func TestTheEditorMayHaveTheTextAlone(t *testing.T) {
	k := open(t, reply())
	k.env.Config.EditHeader = false
	k.editWith(`head -1 "$1" > "$1.new"; echo "To: nobody" >> "$1.new"; mv "$1.new" "$1"`)
	if d := k.written(); d.To != reply().To || !strings.HasSuffix(d.Body, "\nTo: nobody\n") || strings.Contains(d.Body, "From:") {
		t.Errorf("draft became %+v", d)
	}
}

// What an editor had when the program was ended becomes a draft at the next start.
func TestWhatAnEditorHadIsRecovered(t *testing.T) {
	base := reply()
	note, err := base.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		header bool
		ok     bool
		body   string
	}{
		"changed":         {strings.Replace(compose.EditText(base), "\n\n", "\n\nYes!\n", 1), true, true, "Yes!\n" + base.Body},
		"not changed":     {compose.EditText(base), true, false, ""},
		"a spoilt header": {"Nonsense\n\nYes!", true, true, "Nonsense\n\nYes!"},
		"the text alone":  {"Yes!", false, true, "Yes!"},
		"the same text":   {base.Body, false, false, ""},
		"emptied":         {" \n", true, false, ""},
	} {
		s, err := external.NewScratch(t.TempDir(), c.text, c.header, note)
		if err != nil {
			t.Fatal(err)
		}
		d, was, ok := Recover(s)
		if ok != c.ok || ok && (d.Body != c.body || d.To != base.To || d.Subject != base.Subject || !reflect.DeepEqual(was, base)) {
			t.Errorf("%s: %v, %+v", name, ok, d)
		}
	}
}

// Those who want it write in their own editor at once; what is redirected has no text to write, and without an editor
// the built-in one is there.
func TestTheEditorHasTheTextAtOnceWhereThatIsWanted(t *testing.T) {
	for name, c := range map[string]struct {
		editor  []string
		draft   compose.Draft
		started bool
	}{
		"an answer":          {[]string{"true"}, reply(), true},
		"without an editor":  {nil, reply(), false},
		"what is redirected": {[]string{"true"}, compose.Draft{Redirected: true, To: "ben@okafor.example"}, false},
	} {
		t.Setenv("VISUAL", "")
		t.Setenv("EDITOR", "")
		env, _, root := uitest.Env()
		env.Config.UseEditor, env.Config.Editor, env.Config.Scratch = true, c.editor, t.TempDir()
		s, cmd := New(env, c.draft)
		root.Push(s)
		k := &desk{t: t, root: root, Composer: s.(*Composer)}
		v, started := sought[scratch](k, cmd)
		if started != c.started || k.editing != c.started || started && !strings.Contains(v.text, "The tide is lowest") {
			t.Errorf("%s: started %v with %q", name, started, v.text)
		}
	}
}

func TestAnEditorThatIsNotThereIsSaid(t *testing.T) {
	k := open(t, reply())
	k.env.Config.Editor = []string{"no-such-editor-here"}
	k.env.Config.Scratch = t.TempDir()
	k.keeping.ticking = true
	cmd, _ := k.Do(action.ExternalEd)
	s, _ := sought[scratch](k, cmd)
	v, err := returned(s, s.file.Command(k.env.Config.Editor).Run())
	uitest.Run(k.Update(screen.Result{To: k.Composer, Value: v, Err: err}))
	k.said("The editor was not found: set $VISUAL, or editor in the configuration")
	if len(external.Left(k.env.Config.Scratch)) != 0 || k.editing {
		t.Error("it is as if the editor ran")
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
