package ui

import (
	"context"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
)

// look is what the theme depends on.
type look struct {
	name    string       // as configured, or picked since
	ground  theme.Ground // the terminal's background
	colours theme.Colours
	linear  bool // one that only lines are written to: it is asked nothing
}

func (l look) theme(own []theme.Palette) *theme.Theme {
	if l.linear {
		return theme.Linear()
	}
	return theme.For(l.name, own, l.ground, l.colours)
}

// ask asks for the terminal's background, since it decides which colours can be read: it may change with the time of day.
func (l look) ask() tea.Cmd {
	if l.linear {
		return nil
	}
	return tea.RequestBackgroundColor
}

// groundBefore is what the environment says of the background, until the terminal itself answers, if it does.
func groundBefore() theme.Ground {
	colours := strings.Split(os.Getenv("COLORFGBG"), ";")
	switch colours[len(colours)-1] {
	case "7", "15":
		return theme.Light
	case "0", "8":
		return theme.Dark
	}
	return theme.Unknown
}

// colours is how many the environment speaks of, until the profile of the terminal is known.
func colours() theme.Colours {
	if os.Getenv("NO_COLOR") != "" { // https://no-color.org
		return theme.None
	}
	return theme.Many
}

// coloursOf is how many colours a profile has.
func coloursOf(p colorprofile.Profile) theme.Colours {
	switch p {
	case colorprofile.TrueColor:
		return theme.Many
	case colorprofile.ANSI256:
		return theme.Some
	case colorprofile.ANSI:
		return theme.Sixteen
	}
	return theme.None
}

// restyle takes the colours that the look has now.
func (a *App) restyle() tea.Cmd {
	*a.env.Theme = *a.look.theme(a.opt.Config.Themes)
	return a.everywhere(screen.Restyled{})
}

// pickedTheme names the choice that keeps the theme picked, with the configured one, which comes back once it changes.
const pickedTheme = "theme"

// picked is the theme picked before, or the one configured.
func picked(ctx context.Context, opt Options) string {
	configured := opt.Config.Theme
	if opt.Store == nil {
		return configured
	}
	value, err := opt.Store.Choice(ctx, pickedTheme)
	if name, over, ok := strings.Cut(value, " over "); err == nil && ok && over == configured {
		return name
	}
	return configured
}

// pickTheme shows each theme as soon as the cursor is on it, and keeps the one that is taken.
func (a *App) pickTheme() tea.Cmd {
	before := a.look.name
	items := []dialog.Item{}
	for _, p := range a.opt.Config.Themes {
		items = append(items, dialog.Item{Key: p.Name, Text: p.Name, Detail: "yours"})
	}
	for _, name := range theme.Names() {
		if !slices.ContainsFunc(a.opt.Config.Themes, func(p theme.Palette) bool { return p.Name == name }) {
			items = append(items, dialog.Item{Key: name, Text: name, Detail: details[name]})
		}
	}
	wear := func(name string) tea.Cmd {
		a.look.name = name
		return a.restyle()
	}
	return a.Push(dialog.Preview(a.env, "Theme", before, items,
		func(it dialog.Item) tea.Cmd { return wear(it.Key.(string)) },
		func(it dialog.Item) tea.Cmd {
			name := it.Key.(string)
			return tea.Batch(wear(name), a.run("keep the theme", func(ctx context.Context) (outcome, error) {
				return nil, a.env.Engine.Choose(ctx, pickedTheme, name+" over "+a.opt.Config.Theme)
			}))
		},
		func() tea.Cmd { return wear(before) }))
}

// details says what the names do not.
var details = map[string]string{
	theme.Auto: "as your terminal is", "harbour": "dark and cool", "ember": "dark and warm", "paper": "light and warm",
	"frost": "light and cool", "contrast-dark": "on black", "contrast-light": "on white", "mono": "no colours",
}

// grounded lays text on a ground: wherever a style ends, the ground's begins again.
func grounded(ground theme.Style, text string) string {
	begin, _, ok := strings.Cut(ground.Render("x"), "x")
	if !ok || begin == "" {
		return text
	}
	return begin + strings.ReplaceAll(text, ansi.ResetStyle, ansi.ResetStyle+begin) + ansi.ResetStyle
}
