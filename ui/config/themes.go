package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"posthorn/ui/theme"
)

// themeFile is a theme of the user's own: what it does not name is as in another one.
type themeFile struct {
	Base string `toml:"base"`
	theme.Palette
}

// loadThemes reads all files of a folder that may not be there, in the order of their names, and says which are hard to
// read.
func loadThemes(folder string) (out []theme.Palette, said []string, err error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.toml"))
	if err != nil {
		return nil, nil, err
	}
	for _, path := range paths {
		p, err := loadTheme(path)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, p)
		if pale := p.Pale(); len(pale) > 0 {
			said = append(said, fmt.Sprintf("the theme %s (%s) is hard to read: of the contrast that it wants with what is behind it, %s; choose other colours there",
				p.Name, path, strings.Join(pale, ", ")))
		}
	}
	return out, said, nil
}

func loadTheme(path string) (theme.Palette, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return theme.Palette{}, err
	}
	f := themeFile{Base: "dark"}
	if err := toml.Unmarshal(data, &f); err != nil {
		return f.Palette, placed(path, err)
	}
	base, ok := theme.Find(f.Base, nil)
	if !ok {
		return f.Palette, &Error{path, lineOf(data, -1, ".base"), fmt.Sprintf("base %q is not known: use one of %s", f.Base, builtIn())}
	}
	f.Palette = base
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f); err != nil {
		return f.Palette, placed(path, err)
	}
	f.Name = strings.TrimSuffix(filepath.Base(path), ".toml")
	if f.Background == "" {
		f.Text = "" // words for a ground that is not known are the terminal's
	}
	if key, value := badColour(f.Palette); key != "" {
		return f.Palette, &Error{path, lineOf(data, -1, "."+key), fmt.Sprintf("%s %q is no colour: write it like \"#7fb4e6\"", key, value)}
	}
	return f.Palette, nil
}

// builtIn lists the themes that have colours.
func builtIn() string {
	var names []string
	for _, p := range theme.Palettes {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

var colour = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)

// badColour is the first key of a palette that has no colour, and what it has.
func badColour(p theme.Palette) (key, value string) {
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		f, key := v.Field(i), v.Type().Field(i).Tag.Get("toml")
		switch {
		case key == "-":
		case f.Kind() == reflect.String && !colour.MatchString(f.String()):
			return key, f.String()
		case f.Kind() == reflect.Array:
			for j := range f.Len() {
				if c := f.Index(j).String(); c == "" || !colour.MatchString(c) {
					return key, c
				}
			}
		}
	}
	return "", ""
}
