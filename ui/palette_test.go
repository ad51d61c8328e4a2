package ui

import (
	"slices"
	"testing"
	"time"

	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
	"posthorn/ui/width"
)

// The palette has each action of the table once, with its key, and says of those of other screens why not now.
func TestThePaletteListsEveryActionOfTheTable(t *testing.T) {
	env, fake, _ := uitest.Env()
	for _, preset := range action.Presets {
		a := New(env.Ctx, Options{Store: uitest.NewMail(t).Reader, Engine: fake, Preset: preset, Config: screen.Config{Theme: "dark"}, Now: func() time.Time { return uitest.Now }})
		listed, here := map[action.Action]int{}, a.scopes()
		for _, it := range a.everyAction() {
			act := it.Key.(action.Action)
			listed[act]++
			if it.Text == "" || it.Detail == "" && preset == action.Presets[0] {
				t.Errorf("%s: %s is %q with the key %q", preset, act, it.Text, it.Detail)
			}
			if width.Of(it.Text)+2+width.Of(it.Off) > 72 {
				t.Errorf("%s: of %s why it is of no use (%s) leaves no room in 80 columns", preset, act, it.Off)
			}
			elsewhere := !slices.ContainsFunc(action.Table, func(e action.Entry) bool { return e.Action == act && slices.Contains(here, e.Scope) })
			if elsewhere && it.Off == "" && !act.OfMailbox() {
				t.Errorf("%s: %s is of another screen, and said to be of use", preset, act)
			}
		}
		for _, e := range action.Table {
			want := 1
			if e.Action == action.Palette || e.Help == "" && a.accountNamed(e.Action) == "" && listed[e.Action] == 0 { // itself, and accounts there are not
				want = 0
			}
			if listed[e.Action] != want {
				t.Errorf("%s: %s is listed %d times, want %d", preset, e.Action, listed[e.Action], want)
			}
		}
		if listed[action.AccountN+"2"] != 1 || listed[action.AccountN+"3"] != 0 {
			t.Errorf("%s: of two accounts it lists %v", preset, listed)
		}
	}
}
