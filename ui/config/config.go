// Package config reads the configuration file and says where a mistake in it is: file, line, key, and what would be
// right. It refuses to write it, to hold passwords, and to know what the options are good for.
package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/notice"
	"posthorn/ui/people"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
)

// Config is the whole configuration file.
type Config struct {
	Accounts []mail.Account `toml:"account"`
	UI       Face           `toml:"ui"`
	Notify   Notify         `toml:"notify"`
	Cache    Cache          `toml:"cache"`
	Keys     Keys           `toml:"-"`
	Table    map[string]any `toml:"keys"` // what Keys is made of

	said []string // see Said
}

// Said is what reading it found that is no mistake and should be known, in sentences.
func (all Config) Said() []string { return all.said }

// Face is how mail is shown and written.
type Face struct {
	Theme           string         `toml:"theme"`
	Linear          bool           `toml:"linear"`
	Mouse           bool           `toml:"mouse"`
	Headings        bool           `toml:"headings"`
	Columns         screen.Columns `toml:"columns"`
	MarkReadAfter   duration       `toml:"mark_read_after"`
	ExternalEditor  bool           `toml:"external_editor"`
	EditHeader      bool           `toml:"edit_header"`
	AnswerBelow     bool           `toml:"answer_below"`
	Attribution     string         `toml:"attribution"`
	Language        string         `toml:"attribution_language"`
	Editor          []string       `toml:"editor"`
	AttachmentWords []string       `toml:"attachment_words"`
	HTMLFilter      []string       `toml:"html_filter"`
	Opener          []string       `toml:"opener"`
	Downloads       string         `toml:"downloads"`
	Contacts        []string       `toml:"contacts"`
	AskContacts     []string       `toml:"contacts_command"`

	own       []theme.Palette // of the folder themes
	templates string          // the folder templates
}

// Notify is who is told of new mail while nobody looks.
type Notify struct {
	Desktop notice.Way   `toml:"desktop"`
	Bell    bool         `toml:"bell"`
	Which   string       `toml:"which"`
	Quiet   notice.Hours `toml:"quiet"`
}

// Cache is how long things wait, and what is kept.
type Cache struct {
	Grace   duration `toml:"grace"`
	Poll    duration `toml:"poll"`
	Offline duration `toml:"offline"`
}

// Default is the configuration where the file says nothing; it has no account.
func Default() Config {
	return Config{
		UI:     Face{Theme: "auto", Mouse: true, Headings: true, Columns: screen.UsualColumns, MarkReadAfter: duration{time.Second}, EditHeader: true, Language: "auto"},
		Notify: Notify{Desktop: notice.Auto, Which: "in:inbox"},
		Cache:  Cache{Grace: duration{8 * time.Second}, Poll: duration{5 * time.Minute}, Offline: duration{30 * day}},
	}
}

// Screen is what the UI takes of c.
func (all Config) Screen() screen.Config {
	c := all.UI
	return screen.Config{
		Theme: c.Theme, Linear: c.Linear, Mouse: c.Mouse, Headings: c.Headings, Columns: c.Columns, Themes: c.own, Notify: screen.Notify(all.Notify), MarkReadAfter: c.MarkReadAfter.Duration,
		UseEditor: c.ExternalEditor, EditHeader: c.EditHeader, AnswerBelow: c.AnswerBelow, Attribution: compose.Attribution{Template: c.Attribution, Language: c.Language},
		Templates: c.templates, AttachmentWords: c.AttachmentWords, Editor: c.Editor, HTMLFilter: c.HTMLFilter, Opener: c.Opener, Downloads: downloads(c.Downloads),
		Book: &people.Book{Paths: c.Contacts}, ContactsCommand: c.AskContacts,
	}
}

// duration reads "8s", "30d", or "never", which is negative.
type duration struct{ time.Duration }

const day = 24 * time.Hour

func (d *duration) UnmarshalText(text []byte) (err error) {
	if string(text) == "never" {
		d.Duration = -1
		return nil
	}
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			d.Duration = time.Duration(n) * day
			return nil
		}
	}
	if d.Duration, err = time.ParseDuration(string(text)); err != nil || d.Duration < 0 {
		return fmt.Errorf("%q is not a duration: write it like \"8s\", \"1m30s\", \"30d\" or \"never\"", text)
	}
	return nil
}
