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

func TestPresetsHaveNoConflicts(t *testing.T) {
	for _, preset := range action.Presets {
		m, problems := New(preset, nil)
		if len(problems) > 0 {
			t.Errorf("%s: %v", preset, problems)
		}
		for scope, bound := range m.bound {
			for i, b := range bound {
				for _, other := range bound[i+1:] {
					if starts(b.Keys, other.Keys) || starts(other.Keys, b.Keys) {
						t.Errorf("%s: in %s %q is %s and %q is %s", preset, scope, b.Sequence(), b.Action, other.Sequence(), other.Action)
					}
				}
			}
		}
	}
}

// What begins with a key that does something already can never be typed.
func TestPresetsHideNoSequence(t *testing.T) {
	for _, preset := range action.Presets {
		m, _ := New(preset, nil)
		for _, chain := range chains {
			for i, scope := range chain {
				if scope == action.Lines { // y copies them, for as long as some are selected
					continue
				}
				for _, outer := range chain[i+1:] {
					for _, b := range m.bound[scope] {
						for _, other := range m.bound[outer] {
							if len(other.Keys) > len(b.Keys) && starts(other.Keys, b.Keys) {
								t.Errorf("%s: %q of %s hides %q of %s in %s", preset, b.Sequence(), b.Action, other.Sequence(), other.Action, list(chain))
							}
						}
					}
				}
			}
		}
	}
}

func TestEveryActionOfTheTableHasAKeyInItsChains(t *testing.T) {
	for _, preset := range action.Presets {
		m, _ := New(preset, nil)
		for _, chain := range chains {
			for _, e := range action.Table {
				found := e.Help != "" && preset != action.Presets[0] && m.First(chain, action.Palette) != "" // by name
				if slices.Contains(chain, e.Scope) && m.First(chain, e.Action) == "" && !found {
					t.Errorf("%s: %s has no key in %s", preset, e.Action, list(chain))
				}
			}
		}
	}
}

func TestPresetsBindWhatThereIs(t *testing.T) {
	for _, preset := range action.Presets[1:] {
		entries, changed := action.For(preset), 0
		for i, e := range entries {
			if !slices.Equal(e.Keys, action.Table[i].Keys) {
				changed++
			}
			for _, k := range e.Keys {
				if names, err := Parse(k); err != nil || strings.Join(names, " ") != k {
					t.Errorf("%s: %s of %s is %q, %v", preset, k, e.Action, names, err)
				}
			}
		}
		if changed < 10 {
			t.Errorf("%s is as good as the default: %d lines are others", preset, changed)
		}
	}
}

func TestPresetsAreWhatHandsKnow(t *testing.T) {
	reader := []action.Scope{action.Pager, action.Message, action.App}
	for _, c := range []struct {
		preset, typed string
		chain         []action.Scope
		want          action.Action
	}{
		{"gmail", "e", listChain, action.Archive}, {"gmail", "#", listChain, action.Delete}, {"gmail", "a", listChain, action.ReplyAll},
		{"gmail", "u", reader, action.Back}, {"gmail", "j", reader, action.Next}, {"gmail", "gl", listChain, action.GoMailbox},
		{"mutt", "m", listChain, action.Compose}, {"mutt", "g", reader, action.ReplyAll}, {"mutt", "c", listChain, action.GoMailbox},
		{"mutt", "t", listChain, action.Select}, {"mutt", "i", reader, action.Back}, {"mutt", "'i", listChain, action.GoInbox},
		{"vim", "dd", listChain, action.Delete}, {"vim", "u", listChain, action.Undo}, {"vim", "v", listChain, action.Select},
		{"vim", "ZZ", listChain, action.Quit}, {"vim", "gx", reader, action.OpenLink},
	} {
		m, _ := New(c.preset, nil)
		r, got := &Resolver{}, action.Action("")
		for _, k := range c.typed {
			got, _ = r.Press(m, c.chain, tea.KeyPressMsg{Code: k, Text: string(k)})
		}
		if got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.preset, c.typed, got, c.want)
		}
	}
}

func TestCountsComeBeforeKeys(t *testing.T) {
	r := &Resolver{}
	for typed, want := range map[string]struct {
		act action.Action
		n   int
	}{"3j": {action.Down, 3}, "10G": {action.Bottom, 10}, "12gg": {action.Top, 12}, "j": {action.Down, 0}, "0j": {action.Down, 0}} {
		if a, _ := press(r, listChain, typed); a != want.act || r.Count() != want.n {
			t.Errorf("%q is %d times %q, want %d times %q", typed, r.Count(), a, want.n, want.act)
		}
	}
	if a, taken := press(r, listChain, "3"); a != "" || !taken || r.Begun() != "3" {
		t.Errorf("3 alone is %q, taken %v, begun %q", a, taken, r.Begun())
	}
	if a, _ := r.Press(Default(), listChain, tea.KeyPressMsg{Code: tea.KeyEscape}); a != "" || r.Begun() != "" {
		t.Errorf("esc behind a count is %q, begun %q", a, r.Begun())
	}
	if a, taken := press(r, []action.Scope{action.Dialog}, "3"); a != "" || taken {
		t.Errorf("a digit is text in a dialog: %q, taken %v", a, taken)
	}
	if press(r, listChain, "99999999999999999999j"); r.Count() != most {
		t.Errorf("a count of twenty nines is %d", r.Count())
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
	m, problems := New("", map[string]map[string][]string{"list": {"archive": {"alt+j"}, "select-all": {}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := m.All(listChain, action.Archive); !slices.Equal(got, []string{"alt+j"}) {
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
		{"lists", "archive", "y", "keys.lists", "is not a part of the screen (did you mean list?)"},
		{"list", "archiv", "y", "keys.list.archiv", "is not an action there (did you mean archive?)"},
		{"list", "next-unraed", "y", "keys.list.next-unraed", "did you mean next-unread?"},
		{"list", "xyzzy", "y", "keys.list.xyzzy", "is not an action there:"},
		{"list", "archive", "pagedown", "keys.list.archive", "did you mean pgdown?"},
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
		_, problems := New("", map[string]map[string][]string{c.scope: {c.name: {c.key}}})
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
