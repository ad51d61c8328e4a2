package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"posthorn/mail"
	"posthorn/ui/theme"
)

// example is the configuration that posthorn -print-config prints.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExampleConfigurationIsTheDefaults(t *testing.T) {
	exampleConfig := example(t)
	c := Default()
	if err := toml.NewDecoder(strings.NewReader(exampleConfig)).DisallowUnknownFields().Decode(&c); err != nil {
		t.Fatal(err)
	}
	if len(c.Accounts) != 1 {
		t.Fatalf("%d accounts in the example, want 1", len(c.Accounts))
	}
	if problems := c.Accounts[0].Validate(); len(problems) > 0 {
		t.Errorf("the example account has problems: %v", problems)
	}
	a := c.Accounts[0]
	bare := mail.Account{Name: a.Name, Address: a.Address, DisplayName: a.DisplayName, Aliases: []string{}, Domains: []string{}}
	bare.IMAP.Host, bare.SMTP.Host = a.IMAP.Host, a.SMTP.Host
	if want := bare.WithDefaults(); !reflect.DeepEqual(a, want) {
		t.Errorf("the example account is not what its defaults are:\n got %+v\nwant %+v", a, want)
	}
	want := Default()
	want.UI.Editor, want.UI.HTMLFilter, want.UI.Opener, want.UI.AttachmentWords = []string{}, []string{}, []string{}, []string{}
	want.UI.Contacts, want.UI.AskContacts = []string{}, []string{}
	if !reflect.DeepEqual(c.UI, want.UI) || !reflect.DeepEqual(c.Cache, want.Cache) || c.Notify != want.Notify {
		t.Errorf("the example is not the defaults:\n got %+v %+v\nwant %+v %+v", c.UI, c.Cache, want.UI, want.Cache)
	}
}

func TestExampleConfigurationNamesEveryOption(t *testing.T) {
	exampleConfig := example(t)
	var walk func(prefix string, typ reflect.Type)
	walk = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := f.Tag.Get("toml")
			if name == "" || name == "-" {
				continue
			}
			if !strings.Contains(exampleConfig, "\n"+name+" =") && !strings.Contains(exampleConfig, "\n# "+name+" =") &&
				!strings.Contains(exampleConfig, "["+prefix+name+"]") {
				t.Errorf("config.example.toml does not name %s%s", prefix, name)
			}
			switch {
			case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
				walk(prefix+name+".", f.Type.Elem())
			case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[duration]():
				walk(prefix+name+".", f.Type)
			}
		}
	}
	walk("", reflect.TypeFor[Config]())
}

const goodAccount = `[[account]]
name = "home"
address = "anna@example.org"
[account.imap]
host = "imap.example.org"
[account.smtp]
host = "smtp.example.org"
`

func TestConfigurationMistakesAreNamedWithLineAndKey(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		line       int
	}{
		"unknown key":        {goodAccount + "[ui]\ncolour = true\n", "ui.colour is not an option", 9},
		"wrong type":         {goodAccount + "[ui]\nexternal_editor = \"yes\"\n", "external_editor", 9},
		"not a server":       {"[[account]]\nname = \"a\"\nimap = \"imap.example.org\"\n", "account.imap: no string can stand here", 3},
		"not a number":       {goodAccount + "port = \"imaps\"\n", "account.smtp.port: no string can stand here", 8},
		"syntax":             {goodAccount + "[ui\n", "", 8},
		"no account":         {"[ui]\n", "there is no account", 1},
		"missing host":       {"[[account]]\nname = \"a\"\naddress = \"a@b.example\"\n[account.imap]\nport = 1\n", "imap.host is missing", 4},
		"insecure elsewhere": {strings.Replace(goodAccount, "[account.smtp]", "security = \"insecure\"\n[account.smtp]", 1), "imap.security \"insecure\" would send", 6},
		"bad security":       {goodAccount + "security = \"ssl\"\n", "smtp.security \"ssl\" is not known", 8},
		"bad port":           {goodAccount + "port = 70000\n", "smtp.port 70000 is not a port", 8},
		"not an address":     {strings.Replace(goodAccount, "anna@example.org", "anna", 1), "address \"anna\" is not an address", 3},
		"contradiction":      {strings.Replace(goodAccount, "[account.imap]", "password_env = \"A\"\npassword_keyring = true\n[account.imap]", 1), "keep one of", 1},
		"same name twice":    {goodAccount + goodAccount, "name \"home\" is taken", 9},
		"bad theme":          {goodAccount + "[ui]\ntheme = \"pink\"\n", "ui.theme \"pink\" is not known", 9},
		"no column":          {goodAccount + "[ui]\nlinear = false\ncolumns = [\"subject\", \"colour\"]\n", "ui.columns cannot be: \"colour\" is no column: use some of from, labels", 10},
		"column twice":       {goodAccount + "[ui]\ncolumns = [\"date\", \"subject\", \"date\"]\n", "\"date\" stands there twice", 9},
		"no subject":         {goodAccount + "[ui]\ncolumns = []\n", "the subject is missing", 9},
		"bad duration":       {goodAccount + "[ui]\nmark_read_after = \"soon\"\n", "is not a duration", 9},
		"bad role":           {goodAccount + "[account.mailboxes]\ninboxes = \"x\"\n", "is not a role", 8},
		"bad way to notify":  {goodAccount + "[notify]\nbell = true\ndesktop = \"loud\"\n", "\"loud\" is not known", 10},
		"bad quiet hours":    {goodAccount + "[notify]\nquiet = \"night\"\n", "are no hours", 9},
		"bad attribution":    {goodAccount + "[ui]\nmouse = true\nattribution = \"{who} wrote:\"\n", "ui.attribution {who} means nothing here: use {name}", 10},
		"bad language":       {goodAccount + "[ui]\nattribution_language = \"xx\"\n", "ui.attribution_language \"xx\" is not known: use \"auto\", or one of cs, da", 9},
		"bad search":         {goodAccount + "[notify]\nwhich = \"in:inbox from:\"\n", "notify.which cannot be understood at column", 9},
		"no preset":          {goodAccount + "[keys]\npreset = \"emacs\"\n", "keys.preset \"emacs\" is not known: use one of posthorn, gmail, mutt, vim", 9},
		"preset misspelt":    {goodAccount + "[keys]\npreset = \"gmial\"\n", "did you mean gmail?", 9},
		"preset of no name":  {goodAccount + "[keys]\npreset = 1\n", "is the name of a set of keys", 9},
		"scope misspelt":     {goodAccount + "[keys.raeder]\nreply = [\"r\"]\n", "keys.raeder is not a part of the screen (did you mean reader?)", 8},
		"action misspelt":    {goodAccount + "[keys]\nlist = { archvie = [\"e\"] }\n", "keys.list.archvie is not an action there (did you mean archive?)", 9},
		"key of vim":         {goodAccount + "[keys.list]\narchive = [\"<C-A>\"]\n", "\"<C-A>\" is not a key (did you mean ctrl+a?)", 9},
		"key of mutt":        {goodAccount + "[keys.list]\narchive = ['\\Ca']\n", "(did you mean ctrl+a?)", 9},
		"no key anywhere":    {goodAccount + "[keys.list]\narchive = [\"<C-Nothing>\"]\n", "is not a key: use a character", 9},
		"key misspelt":       {goodAccount + "[keys.list]\narchive = [\"entr\"]\n", "\"entr\" is not a key (did you mean enter?)", 9},
		"not keys":           {goodAccount + "[keys.list]\narchive = 3\n", "is a list of keys", 9},
		"not a table":        {goodAccount + "[keys]\nlist = 3\n", "holds actions", 9},
		"two on a key":       {goodAccount + "[keys.list]\narchive = [\"alt+j\"]\n\nmove = [\"alt+j\"]\n", "clashes with \"alt+j\" of move: give one of them another key (keys.list.move is in line 11)", 9},
		"one begins another": {goodAccount + "[keys.list]\narchive = \"alt+j\"\nmove = [\"alt+j i\"]\n", "clashes with \"alt+j i\" of move: give one of them another key (keys.list.move is in line 10)", 9},
		"begins a sequence":  {goodAccount + "[keys]\n\nlist.archive = \"g\"\n", "\"g\" of archive clashes with \"g g\" of top", 10},
		"missing ca file":    {strings.Replace(goodAccount, "[account.imap]", "ca_file = \"/nonexistent\"\n[account.imap]", 1), "ca_file cannot be read", 4},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Load(path)
			if err == nil {
				t.Fatal("accepted")
			}
			if want := fmt.Sprintf("%s:%d: ", path, c.line); !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%v\nwant it to begin with %s", err, want)
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "struct") {
				t.Errorf("%v\nwant it to say %q, in words of its own", err, c.want)
			}
		})
	}
}

func TestGoodConfigurationIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(goodAccount+"[ui]\nmark_read_after = \"never\"\n[cache]\noffline = \"7d\"\n"+
		"[keys]\npreset = \"mutt\"\nlist.archive = \"alt+j\"\nreader = { reply = [\"R\", \"alt+r\"] }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.UI.MarkReadAfter.Duration >= 0 || c.Cache.Offline.Duration != 7*day || c.Accounts[0].IMAP.Host != "imap.example.org" {
		t.Errorf("read as %+v", c)
	}
	own := map[string]map[string][]string{"list": {"archive": {"alt+j"}}, "reader": {"reply": {"R", "alt+r"}}}
	if c.Keys.Preset != "mutt" || !reflect.DeepEqual(c.Keys.Own, own) {
		t.Errorf("keys are read as %+v", c.Keys)
	}
}

// The README's key table is the action table.

func TestThemesOfOnesOwn(t *testing.T) {
	for name, c := range map[string]struct {
		file, want string // what the error says; empty: none
		line       int
	}{
		"little":         {"accent = \"#ff0000\"\n", "", 0},
		"of another":     {"base = \"paper\"\n\naccount = [\"#000001\", \"#000002\", \"#000003\", \"#000004\", \"#000005\", \"#000006\"]\n", "", 0},
		"no such base":   {"dark = true\nbase = \"pink\"\n", "base \"pink\" is not known: use one of dark, light", 2},
		"no colour":      {"\n\nstar = \"yellow\"\n", "star \"yellow\" is no colour", 3},
		"no such token":  {"accent = \"#ff0000\"\nbackgroun = \"#ff0000\"\n", "backgroun is not an option", 2},
		"no TOML":        {"accent #ff0000\n", "", 1},
		"an empty quote": {"quote = [\"\", \"#000000\", \"#000000\", \"#000000\"]\n", "quote \"\" is no colour", 1},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.toml")
			mine := filepath.Join(filepath.Dir(path), "themes", "mine.toml")
			if err := errors.Join(os.WriteFile(path, []byte(goodAccount+"[ui]\ntheme = \"mine\"\n"), 0o600), os.Mkdir(filepath.Dir(mine), 0o700),
				os.WriteFile(mine, []byte(c.file), 0o600)); err != nil {
				t.Fatal(err)
			}
			got, err := Load(path)
			if c.line > 0 {
				if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("%s:%d: ", mine, c.line)) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v\nwant it to say %q in line %d", err, c.want, c.line)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			own := got.Screen().Themes
			if len(own) != 1 || own[0].Name != "mine" {
				t.Fatalf("themes %+v", own)
			}
			if name == "of another" && (own[0].Background != "#faf6ec" || own[0].Account[5] != "#000006" || own[0].Dark) {
				t.Errorf("%+v is not paper with other accounts", own[0])
			}
			if name == "little" && (own[0].Accent != "#ff0000" || own[0].Good != theme.Palettes[0].Good || !own[0].Dark) {
				t.Errorf("%+v is not dark with another accent", own[0])
			}
		})
	}
}

// TestAThemeThatIsHardToReadIsNamed: it is loaded all the same.
func TestAThemeThatIsHardToReadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	themes := filepath.Join(filepath.Dir(path), "themes")
	if err := errors.Join(os.WriteFile(path, []byte(goodAccount+"[ui]\ntheme = \"pale\"\n"), 0o600), os.Mkdir(themes, 0o700),
		os.WriteFile(filepath.Join(themes, "fine.toml"), []byte("accent = \"#ffcc00\"\n"), 0o600),
		os.WriteFile(filepath.Join(themes, "pale.toml"), []byte("dim = \"#666666\"\nstar = \"#444444\"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil || len(c.Screen().Themes) != 2 {
		t.Fatalf("themes %+v, %v", c.Screen().Themes, err)
	}
	want := "the theme pale (" + filepath.Join(themes, "pale.toml") + ") is hard to read: of the contrast that it wants with what is behind it, " +
		"dim has 1.9 of 4.5, star has 1.1 of 3; choose other colours there"
	if got := c.Said(); len(got) != 1 || got[0] != want {
		t.Errorf("%q\nnot %q", got, want)
	}
}
