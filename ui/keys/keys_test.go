package keys

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

func press(s string) tea.KeyPressMsg {
	return tea.KeyPressMsg{Code: []rune(s)[0], Text: s}
}

func TestDefaultKeysHaveNoConflicts(t *testing.T) {
	_, problems := New(nil)
	for _, p := range problems {
		t.Errorf("%s %s", p.Key, p.What)
	}
	for _, e := range action.Table {
		for _, k := range e.Keys {
			for _, one := range strings.Split(k, " ") {
				if !valid(one) {
					t.Errorf("%s %s: %q is no key", e.Scope, e.Action, k)
				}
			}
		}
	}
}

func TestKeyNames(t *testing.T) {
	for want, k := range map[string]tea.KeyPressMsg{
		"a":         press("a"),
		"G":         {Code: 'g', Text: "G", Mod: tea.ModShift},
		"#":         press("#"),
		"ctrl+s":    {Code: 's', Mod: tea.ModCtrl},
		"alt+1":     {Code: '1', Mod: tea.ModAlt},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
		"space":     {Code: tea.KeySpace, Text: " "},
		"enter":     {Code: tea.KeyEnter},
		"é":         press("é"),
	} {
		if got := Name(k); got != want {
			t.Errorf("%v is %q, want %q", k, got, want)
		}
	}
}

func TestSequencesWaitForTheirEnd(t *testing.T) {
	m, _ := New(nil)
	chain := []action.Scope{action.Index, action.Message, action.App}
	var r Resolver
	if a, pending := r.Press(m, chain, press("g")); a != "" || !pending {
		t.Fatalf("g: %q, pending %v", a, pending)
	}
	if len(m.Continuations(chain, r.Pending())) < 5 {
		t.Error("few continuations of g")
	}
	if a, _ := r.Press(m, chain, press("i")); a != action.GoInbox {
		t.Errorf("g i is %q", a)
	}
	r.Press(m, chain, press("g"))
	if a, _ := r.Press(m, chain, press("g")); a != action.Top {
		t.Errorf("g g is %q: the list's own sequence beside those of the program", a)
	}
	r.Press(m, chain, press("g"))
	if a, _ := r.Press(m, chain, press("r")); a != action.Reply {
		t.Errorf("a key that continues nothing is %q, want its own meaning", a)
	}
	r.Press(m, chain, press("g"))
	if a, pending := r.Press(m, chain, tea.KeyPressMsg{Code: tea.KeyEscape}); a != "" || pending {
		t.Errorf("esc after g is %q", a)
	}
}

func TestInnerScopesWin(t *testing.T) {
	m, _ := New(nil)
	var r Resolver
	a, _ := r.Press(m, []action.Scope{action.Pager, action.Message, action.App}, press("q"))
	if a != action.Back {
		t.Errorf("q in the reader is %q, want %q", a, action.Back)
	}
}

func TestOwnKeysReplaceTheDefaults(t *testing.T) {
	m, problems := New(map[string]map[string][]string{"message": {"archive": {"y"}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var r Resolver
	if a, _ := r.Press(m, []action.Scope{action.Message}, press("y")); a != action.Archive {
		t.Errorf("y is %q", a)
	}
	if a, _ := r.Press(m, []action.Scope{action.Message}, press("e")); a != "" {
		t.Errorf("e is still %q", a)
	}
}

func TestMistakesInOwnKeysAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		own       map[string]map[string][]string
		key, what string
	}{
		"scope":    {map[string]map[string][]string{"lists": {}}, "keys.lists", "is no scope"},
		"action":   {map[string]map[string][]string{"list": {"jump": {"j"}}}, "keys.list.jump", "is no action"},
		"key":      {map[string]map[string][]string{"list": {"down": {"ctrl+down+x"}}}, "keys.list.down", "is no key"},
		"conflict": {map[string]map[string][]string{"message": {"star": {"a"}}}, "keys.message.star", "is the key of archive already"},
		"prefix":   {map[string]map[string][]string{"app": {"compose": {"g"}}}, "keys.app", "can never be typed"},
	} {
		_, problems := New(c.own)
		if len(problems) == 0 || !strings.HasPrefix(problems[0].Key, c.key) || !strings.Contains(problems[0].What, c.what) {
			t.Errorf("%s: %v, want %s %s", name, problems, c.key, c.what)
		}
	}
}
