package keys

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

var listChain = []action.Scope{action.Index, action.Message, action.App}

func TestPressesHaveTheNamesThatBindingsUse(t *testing.T) {
	for want, k := range map[string]tea.KeyPressMsg{
		"g":         {Code: 'g', Text: "g"},
		"G":         {Code: 'g', Text: "G", Mod: tea.ModShift},
		"?":         {Code: '/', ShiftedCode: '?', Text: "?", Mod: tea.ModShift},
		"space":     {Code: tea.KeySpace, Text: " "},
		"ctrl+s":    {Code: 's', Mod: tea.ModCtrl},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
		"alt+1":     {Code: '1', Mod: tea.ModAlt},
		"alt+T":     {Code: 't', Mod: tea.ModAlt | tea.ModShift},
		"pgdown":    {Code: tea.KeyPgDown},
		"enter":     {Code: tea.KeyKpEnter},
		"x":         {Code: 'x', Text: "x", Mod: tea.ModNumLock},
		"ctrl+z":    {Code: 'z', Mod: tea.ModCtrl | tea.ModCapsLock},
	} {
		if got := Name(k); got != want {
			t.Errorf("%+v is %q, want %q", k, got, want)
		}
	}
}

func TestDefaultBindingsHaveNoConflicts(t *testing.T) {
	if _, problems := New(nil); len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
}

func TestEveryActionOfTheTableHasAKeyInItsChains(t *testing.T) {
	m := Default()
	for _, chain := range chains {
		for _, e := range action.Table {
			if slices.Contains(chain, e.Scope) && m.First(chain, e.Action) == "" {
				t.Errorf("%s has no key in %s", e.Action, list(chain))
			}
		}
	}
}

func press(r *Resolver, chain []action.Scope, typed string) (a action.Action, pending bool) {
	for _, c := range typed {
		a, pending = r.Press(Default(), chain, tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	return a, pending
}

func TestSequencesOfAllScopesOfTheChainContinue(t *testing.T) {
	r := &Resolver{}
	if a, taken := press(r, listChain, "g"); a != "" || !taken {
		t.Fatalf("g alone is %q, pending %v", a, taken)
	}
	next := Default().Continuations(listChain, r.Pending())
	if !slices.ContainsFunc(next, func(e action.Entry) bool { return e.Action == action.Top && e.Keys[0] == "g" }) ||
		!slices.ContainsFunc(next, func(e action.Entry) bool { return e.Action == action.GoInbox && e.Keys[0] == "i" }) {
		t.Errorf("continuations %v", next)
	}
	if a, _ := press(r, listChain, "i"); a != action.GoInbox {
		t.Errorf("g i is %q", a)
	}
	if a, _ := press(r, listChain, "gg"); a != action.Top {
		t.Errorf("g g is %q", a)
	}
}

func TestUnknownContinuationIsSwallowedAndForgotten(t *testing.T) {
	r := &Resolver{}
	if a, taken := press(r, listChain, "g!"); a != "" || !taken || r.Pending() != "" {
		t.Errorf("g ! is %q, pending %v, begun %q", a, taken, r.Pending())
	}
	if a, _ := press(r, listChain, "j"); a != action.Down {
		t.Errorf("then j is %q", a)
	}
}

func TestInnerScopesShadowOuterOnes(t *testing.T) {
	r := &Resolver{}
	if a, _ := press(r, []action.Scope{action.Pager, action.App}, "q"); a != action.Back {
		t.Errorf("q in the reader is %q", a)
	}
	if a, _ := press(r, listChain, "q"); a != action.Quit {
		t.Errorf("q in the list is %q", a)
	}
}

func TestKeysWorkOnOtherLayouts(t *testing.T) {
	r := &Resolver{}
	a, _ := r.Press(Default(), listChain, tea.KeyPressMsg{Code: 'о', Text: "о", BaseCode: 'j'})
	if a != action.Down {
		t.Errorf("о on the key of j is %q", a)
	}
}

func TestUserKeysReplaceTheDefaultsInTheirScope(t *testing.T) {
	m, problems := New(map[string]map[string][]string{"list": {"archive": {"i"}, "select-all": {}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := m.All(listChain, action.Archive); !slices.Equal(got, []string{"i"}) {
		t.Errorf("archive in the list has %v", got)
	}
	if got := m.First([]action.Scope{action.Pager, action.Message, action.App}, action.Archive); got != "a" {
		t.Errorf("archive in the reader has %q", got)
	}
	if got := m.First(listChain, action.SelectAll); got != "" {
		t.Errorf("select-all still has %q", got)
	}
}

func TestWrongBindingsAreReportedInWords(t *testing.T) {
	for _, c := range []struct{ scope, name, key, at, want string }{
		{"lists", "archive", "y", "keys.lists", "is not a part of the screen"},
		{"list", "archiv", "y", "keys.list.archiv", "is not an action"},
		{"list", "archive", "cmd+y", "keys.list.archive", "none of ctrl, alt, shift"},
		{"list", "archive", "return", "keys.list.archive", "is not a key"},
		{"list", "archive", "", "keys.list.archive", "empty"},
		{"list", "open", "j", "keys.list.open", "clashes with"},
		{"list", "open", "g", "keys.list.open", "clashes with"},
		{"reader", "archive", "g", "keys.reader.archive", "clashes with"},
		{"message", "archive", "g", "keys.message.archive", "hides"},
		{"list", "open", "u", "keys.list.open", "only key of toggle-read"},
		{"editor", "send", "s", "keys.editor.send", "types text"},
	} {
		_, problems := New(map[string]map[string][]string{c.scope: {c.name: {c.key}}})
		if len(problems) == 0 {
			t.Errorf("%s.%s = %q was accepted", c.scope, c.name, c.key)
			continue
		}
		if p := problems[0]; p.Key != c.at || !strings.Contains(p.What, c.want) {
			t.Errorf("%s.%s = %q: %s %s", c.scope, c.name, c.key, p.Key, p.What)
		}
	}
}

func FuzzNotation(f *testing.F) {
	for _, s := range []string{"g g", "ctrl+s", "shift+a", "+", "ctrl++", "alt+shift+é", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		names, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(strings.Join(names, " "))
		if err != nil || !slices.Equal(again, names) {
			t.Errorf("%q is %q, again %q, %v", s, names, again, err)
		}
	})
}
