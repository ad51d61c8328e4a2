package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/search"
	"posthorn/ui/keys"
	"posthorn/ui/theme"
)

// Error is something wrong with the configuration, at its place.
type Error struct {
	path string
	line int
	text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.path, e.line, e.text) }

// Load reads and checks the configuration. The error names file, line and key, and what would be right.
func Load(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	c := Default()
	d := toml.NewDecoder(bytes.NewReader(data))
	if err := d.DisallowUnknownFields().Decode(&c); err != nil {
		return c, placed(path, err)
	}
	at := func(account int, key, format string, args ...any) error {
		return &Error{path, lineOf(data, account, key), strings.TrimPrefix(key, ".") + " " + fmt.Sprintf(format, args...)}
	}
	if len(c.Accounts) == 0 {
		return c, &Error{path, 1, "there is no account: add an [[account]], as in posthorn -print-config"}
	}
	for i, a := range c.Accounts {
		for _, p := range a.Validate() {
			return c, at(i, p.Key, "%s", p.What)
		}
		if slices.ContainsFunc(c.Accounts[:i], func(b mail.Account) bool { return b.Name == a.Name }) {
			return c, at(i, "name", "%q is taken by an account above: each needs its own", a.Name)
		}
		if a.CAFile != "" {
			if _, err := os.Stat(a.CAFile); err != nil {
				return c, at(i, "ca_file", "cannot be read: %v", err)
			}
		}
	}
	if c.UI.own, c.said, err = loadThemes(filepath.Join(filepath.Dir(path), "themes")); err != nil {
		return c, err
	}
	c.UI.templates = filepath.Join(filepath.Dir(path), "templates")
	if _, ok := theme.Find(c.UI.Theme, c.UI.own); !ok && !slices.Contains(theme.Names(), c.UI.Theme) {
		return c, at(-1, "ui.theme", "%q is not known: use one of %s, or the name of a file in %s", c.UI.Theme,
			strings.Join(theme.Names(), ", "), filepath.Join(filepath.Dir(path), "themes"))
	}
	if err := c.UI.Columns.Check(); err != nil {
		return c, at(-1, "ui.columns", "cannot be: %v", err)
	}
	if err := compose.CheckAttribution(c.UI.Attribution); err != nil {
		return c, at(-1, "ui.attribution", "%v", err)
	}
	if err := compose.CheckLanguage(c.UI.Language); err != nil {
		return c, at(-1, "ui.attribution_language", "%v", err)
	}
	if !c.Notify.Desktop.Known() {
		return c, at(-1, "notify.desktop", "%q is not known: use \"auto\", \"off\", \"osc9\", \"osc777\", \"osc99\" or \"notify-send\"", c.Notify.Desktop)
	}
	var bad *search.Error
	if _, err := search.Parse(c.Notify.Which, time.Now()); errors.As(err, &bad) {
		return c, at(-1, "notify.which", "cannot be understood at column %d of the search: %s", bad.Column+1, bad.Text)
	}
	if c.Cache.Grace.Duration < 0 || c.Cache.Grace.Duration > time.Hour {
		return c, at(-1, "cache.grace", "is out of range: use 0s to 1h")
	}
	if c.Cache.Poll.Duration < 30*time.Second {
		return c, at(-1, "cache.poll", "is too short for a server's patience: use 30s or more")
	}
	var wrong *keys.Problem
	if c.Keys, wrong = readKeys(c.Table); wrong == nil {
		if _, problems := keys.New(c.Keys.Preset, c.Keys.Own); len(problems) > 0 {
			wrong = &problems[0]
		}
	}
	if wrong != nil && wrong.Other != "" {
		return c, at(-1, wrong.Key, "%s (%s is in line %d)", wrong.What, wrong.Other, lineOf(data, -1, wrong.Other))
	}
	if wrong != nil {
		return c, at(-1, wrong.Key, "%s", wrong.What)
	}
	return c, nil
}

// placed gives an error of the TOML decoder its place.
func placed(path string, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) && len(missing.Errors) > 0 {
		e := &missing.Errors[0]
		line, _ := e.Position()
		return &Error{path, line, strings.Join(e.Key(), ".") + " is not an option: posthorn -print-config shows all there are"}
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ := wrong.Position()
		text := strings.TrimPrefix(wrong.Error(), "toml: ")
		if kind, _, ok := strings.Cut(strings.TrimPrefix(text, "cannot decode TOML "), " into "); ok { // and then a type of this program
			text = "no " + kind + " can stand here"
		}
		if key := strings.Join(wrong.Key(), "."); key != "" && !strings.Contains(text, key) {
			text = key + ": " + text
		}
		return &Error{path, line, text + ": posthorn -print-config shows how it is written"}
	}
	return &Error{path, 1, err.Error()}
}

// lineOf is where a dotted key stands, in the n-th account or, for n < 0, anywhere: the line of the key itself, of
// the table it belongs to where it is missing, or 1.
func lineOf(data []byte, n int, key string) int {
	var p unstable.Parser
	p.Reset(data)
	best, bestLen, account, table := 1, -1, -1, ""
	for p.NextExpression() {
		e := p.Expression()
		var words []string
		line := 0
		for it := e.Key(); it.Next(); {
			words = append(words, string(it.Node().Data))
			if line == 0 {
				line = p.Shape(it.Node().Raw).Start.Line
			}
		}
		name := strings.Join(words, ".")
		switch e.Kind {
		case unstable.ArrayTable:
			if name == "account" {
				account++
			}
			table = name
		case unstable.Table:
			table = name
		case unstable.KeyValue:
			name = table + "." + name
		}
		if n >= 0 {
			if account != n {
				continue
			}
			name = strings.TrimPrefix(strings.TrimPrefix(name, "account"), ".")
		}
		if name == key || name == "" || strings.HasPrefix(key, name+".") {
			if len(name) > bestLen {
				best, bestLen = line, len(name)
			}
		}
	}
	return best
}
