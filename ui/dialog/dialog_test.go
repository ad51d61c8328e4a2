package dialog

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

var sizes = []struct {
	name string
	w, h int
}{{"80x24", 80, 24}, {"120x36", 120, 36}, {"40x12", 40, 12}}

// draw compares s at all sizes with its golden files.
func draw(t *testing.T, name string, s screen.Screen) {
	t.Helper()
	for _, size := range sizes {
		w, h := s.(interface{ Size(w, h int) (int, int) }).Size(size.w, size.h)
		if w > size.w || h > size.h {
			t.Errorf("%s wants %dx%d in %s", name, w, h, size.name)
		}
		f := s.Draw(screen.Rect{W: w, H: h})
		if _, ok := s.(*Input); ok { // ends below its last completion
			h = min(h, len(f.Lines))
		}
		uitest.Golden(t, name+"-"+size.name, f, w, h)
	}
}

// Every dialog fills whatever area it gets; a prompt fills no more than it needs.
func TestDialogsFillAnyArea(t *testing.T) {
	env, e, _ := uitest.Env()
	e.Stands = []engine.State{{Account: "home", Text: "The server refused the password: \x1b[31mtry again"}}
	all := map[string]screen.Screen{
		"confirm": Confirm(env, strings.Repeat("A long question about many things. ", 9), nil),
		"pick":    Pick(env, "Move to", boxes(), nil),
		"prompt":  Prompt(env, "Attach", "~/日本/ファイル", func(string) []string { return nil }, nil),
		"login":   Login(env, "home", nil),
	}
	for name, s := range all {
		for w := 1; w < 50; w++ {
			for h := 1; h < 14; h++ {
				f := s.Draw(screen.Rect{W: w, H: h})
				if len(f.Lines) > h || len(f.Lines) < h && name != "prompt" {
					t.Fatalf("%s at %dx%d has %d lines", name, w, h, len(f.Lines))
				}
				if f.Cursor != nil && (f.Cursor.X >= w || f.Cursor.Y >= h) {
					t.Fatalf("%s at %dx%d has its cursor at %d,%d", name, w, h, f.Cursor.X, f.Cursor.Y)
				}
			}
		}
	}
}

func TestConfirmCallsYesOnlyOnYes(t *testing.T) {
	env, _, root := uitest.Env()
	asked := 0
	question := func() screen.Screen {
		q := Confirm(env, "Throw the draft away?\nIt was never sent.", func() tea.Cmd { asked++; return nil })
		root.Push(q)
		return q
	}
	q := question()
	draw(t, "confirm", q)
	uitest.Do(q, action.No)
	if asked != 0 || root.Top() != nil {
		t.Errorf("after no: called %d times, %d screens left", asked, len(root.Stack))
	}
	uitest.Do(question(), action.Yes)
	if asked != 1 || root.Top() != nil {
		t.Errorf("after yes: called %d times, %d screens left", asked, len(root.Stack))
	}
}

func boxes() []Item {
	return []Item{
		{Key: 1, Group: "home", Text: "INBOX"}, {Key: 2, Group: "home", Text: "Archive"}, {Key: 3, Group: "home", Text: "Lists/golang-nuts"}, {Key: 4, Group: "home", Text: "Reisen/Überfahrt"},
		{Key: 5, Group: "home", Text: "旅行の写真"}, {Key: 6, Group: "work", Text: "Archive"}, {Key: 7, Group: "work", Text: "Projects/Harbour archive"}, {Key: 8, Group: "work", Text: "Trash"},
	}
}

func TestPickFiltersAndTakesTheBestMatch(t *testing.T) {
	env, _, root := uitest.Env()
	var took any
	p := Pick(env, "Move 2 messages to", boxes(), func(it Item) tea.Cmd { took = it.Key; return nil })
	root.Push(p)
	draw(t, "pick", p)
	uitest.Type(p, "arch")
	draw(t, "pick-filtered", p)
	uitest.Type(p, " work")
	uitest.Do(p, action.Accept)
	if took != 6 || root.Top() != nil {
		t.Errorf("took %v, %d screens left", took, len(root.Stack))
	}
}

func TestPickWithoutMatchTakesNothing(t *testing.T) {
	env, _, _ := uitest.Env()
	p := Pick(env, "Move to", boxes(), func(Item) tea.Cmd { t.Error("took something"); return nil })
	uitest.Type(p, "zzz")
	draw(t, "pick-none", p)
	uitest.Do(p, action.Accept)
	uitest.Do(p, action.Down)
}

func TestMatchPrefersStartsToInsidesToScatteredLetters(t *testing.T) {
	order := []string{"arch", "Archive", "Old/Archive", "Monarchs", "a red chair"}
	last := 1 << 30
	for _, text := range order {
		score, marked, ok := Match("arch", text, "")
		if !ok || score >= last {
			t.Errorf("%q: score %d after %d, found %v", text, score, last, ok)
		}
		if len(marked) != 4 {
			t.Errorf("%q: %d letters marked", text, len(marked))
		}
		last = score
	}
	if _, _, ok := Match("hcra", "Archive", ""); ok {
		t.Error("letters in the wrong order matched")
	}
	if _, marked, ok := Match("gn", "golang-nuts", ""); !ok || marked[1] != 7 {
		t.Errorf("starts of words: %v %v", marked, ok)
	}
}

func TestMatchIsWithoutAccentsAndCase(t *testing.T) {
	for pattern, text := range map[string]string{
		"grusse": "Familie/Grüße", "GRÜSSE": "Familie/Grüße", "ete 2026": "Projets/Été 2026", "E\u0301TE": "Été", "minato 港": "港湾局 Minato", "oslo": "Øslo",
	} {
		if score, marked, ok := Match(pattern, text); !ok || len(marked) == 0 || score < 100*inside-len(text) {
			t.Errorf("%q in %q: score %d, marked %v, found %v", pattern, text, score, marked, ok)
		}
	}
}

func TestPromptCompletesAsFarAsIsCertain(t *testing.T) {
	env, _, root := uitest.Env()
	files := []string{"/tmp/letter.pdf", "/tmp/lettuce.png", "/tmp/photos/"}
	took := ""
	p := Prompt(env, "Attach a file", "/tmp/", func(s string) (out []string) {
		for _, f := range files {
			if strings.HasPrefix(f, s) {
				out = append(out, f)
			}
		}
		return out
	}, func(s string) tea.Cmd { took = s; return nil })
	root.Push(p)
	uitest.Run(p.Suggest())
	draw(t, "prompt", p)
	uitest.Type(p, "l")
	uitest.Do(p, action.Complete)
	if got := p.field.Text(); got != "/tmp/lett" {
		t.Errorf("completed to %q", got)
	}
	uitest.Do(p, action.Complete)
	uitest.Do(p, action.Down)
	draw(t, "prompt-chosen", p)
	uitest.Do(p, action.Accept)
	if took != "/tmp/lettuce.png" || root.Top() != nil {
		t.Errorf("took %q, %d screens left", took, len(root.Stack))
	}
}

func TestPromptGoesIntoFolders(t *testing.T) {
	env, _, _ := uitest.Env()
	p := Prompt(env, "Save to", "", func(s string) []string {
		if s == "" {
			return []string{"in/"}
		}
		return nil
	}, func(string) tea.Cmd { t.Error("took a folder"); return nil })
	uitest.Run(p.Suggest())
	uitest.Do(p, action.Down)
	uitest.Do(p, action.Accept)
	if p.field.Text() != "in/" || p.popup.Open() {
		t.Errorf("stands at %q", p.field.Text())
	}
}

func TestPromptDropsLateCompletions(t *testing.T) {
	env, _, _ := uitest.Env()
	p := Prompt(env, "Attach", "", func(s string) []string { return []string{s + "!"} }, nil)
	late := p.Suggest()
	uitest.Type(p, "x")
	uitest.Run(late)
	if c := p.popup.Choices(); len(c) != 1 || c[0].Text != "x!" {
		t.Errorf("completions %v", c)
	}
}

func TestLoginHandsThePasswordOver(t *testing.T) {
	env, e, root := uitest.Env()
	e.Stands = []engine.State{{Account: "home", Phase: engine.NeedsLogin, Text: "The server refused the password."}}
	var password string
	var remembered bool
	p := Login(env, "home", func(p string, remember bool) tea.Cmd { password, remembered = p, remember; return nil })
	root.Push(p)
	uitest.Do(p, action.Accept) // nothing typed yet
	uitest.Type(p, "pä ss")
	draw(t, "login", p)
	uitest.Do(p, action.Complete)
	uitest.Type(p, " ")
	draw(t, "login-remember", p)
	uitest.Do(p, action.Accept)
	if password != "pä ss" || !remembered || root.Top() != nil {
		t.Errorf("password %q, remembered %v, %d screens left", password, remembered, len(root.Stack))
	}
	for _, l := range p.Draw(screen.Rect{W: 60, H: 12}).Lines {
		if strings.Contains(l, "pä") {
			t.Error("the password is on screen")
		}
	}
}

func TestWhatIsTypedTakesThePlaceOfASuggestion(t *testing.T) {
	env, _, root := uitest.Env()
	for want, keys := range map[string][]string{"oars": {"oars"}, "boat": {""}, "boats": {"", "s"}} {
		took := ""
		p := Prompt(env, "Find", "boat", nil, func(s string) tea.Cmd { took = s; return nil }).Anew()
		root.Push(p)
		if uitest.Type(p, keys[0]); len(keys) > 1 {
			p.Type(tea.KeyPressMsg{Code: tea.KeyRight})
			uitest.Type(p, keys[1])
		}
		if uitest.Do(p, action.Accept); took != want {
			t.Errorf("took %q, want %q", took, want)
		}
	}
}

func TestAWholePathTakesThePlaceOfWhatStoodThere(t *testing.T) {
	env, _, _ := uitest.Env()
	for _, c := range []struct{ initial, typed, pasted, want string }{
		{"~/", "/tmp/x", "", "/tmp/x"},
		{"/home/anna/", "~/x", "", "~/x"},
		{"~/Letters/", "", "/srv/a b/plan.pdf", "/srv/a b/plan.pdf"},
		{"~/Letters/", "", "~/plan.pdf", "~/plan.pdf"},
		{"~/", "x/y~/z", "", "~/x/y~/z"},
	} {
		p := Prompt(env, "Attach a file", c.initial, func(string) []string { return nil }, nil).Path()
		uitest.Type(p, c.typed)
		p.Paste(c.pasted)
		if got := p.field.Text(); got != c.want {
			t.Errorf("%q, %q typed and %q pasted are %q, want %q", c.initial, c.typed, c.pasted, got, c.want)
		}
	}
}
