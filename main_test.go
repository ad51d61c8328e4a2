package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"posthorn/mail"
	"posthorn/ui/action"
)

// layers is which packages of ours a package may import, and which modules of others are its own. It is the
// architecture: an edge that is not here is a mistake, or a decision to be made in this table.
var layers = map[string]struct{ ours, others string }{
	"posthorn":               {"*", "github.com/pelletier/go-toml/v2"},
	"posthorn/mail":          {"", ""},
	"posthorn/mail/body":     {"mail", "github.com/emersion/go-message golang.org/x/net golang.org/x/text"},
	"posthorn/mail/compose":  {"mail mail/body", "golang.org/x/net golang.org/x/text"},
	"posthorn/mail/auth":     {"mail", "github.com/emersion/go-sasl github.com/zalando/go-keyring"},
	"posthorn/mail/imap":     {"mail mail/auth mail/body", "github.com/emersion/go-imap/v2 github.com/emersion/go-sasl"},
	"posthorn/mail/smtp":     {"mail mail/auth", "github.com/emersion/go-smtp github.com/emersion/go-sasl"},
	"posthorn/mail/mailtest": {"mail", "github.com/emersion/go-imap/v2 github.com/emersion/go-smtp github.com/emersion/go-sasl github.com/emersion/go-message"},
	"posthorn/mail/demo":     {"mail mail/mailtest", ""},
	"posthorn/cache":         {"mail", "github.com/mattn/go-sqlite3 codeberg.org/emersion/go-sqlite3-fts5 golang.org/x/sys"},
	"posthorn/cache/engine":  {"mail cache mail/auth mail/body mail/compose mail/imap mail/smtp", ""},
	"posthorn/ui/action":     {"", ""},
	"posthorn/ui/keys":       {"mail ui/action", "charm.land/bubbletea/v2"},
	"posthorn/ui/theme":      {"", "charm.land/lipgloss/v2"},
	"posthorn/ui/width":      {"", "github.com/charmbracelet/x/ansi"},
	"posthorn/ui/screen":     {"mail mail/compose cache cache/engine ui/action ui/keys ui/theme", "charm.land/bubbletea/v2"},
	"posthorn/ui":            {"mail mail/body mail/compose cache cache/engine ui/*", "charm.land/bubbletea/v2 charm.land/lipgloss/v2 github.com/charmbracelet/colorprofile github.com/charmbracelet/x/ansi"},
	"posthorn/ui/":           {"mail mail/body mail/compose cache cache/engine ui/*", "charm.land/bubbletea/v2 charm.land/lipgloss/v2 charm.land/bubbles/v2 github.com/charmbracelet/x/ansi"},
}

func TestPackagesImportOnlyWhatTheirLayerMay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		seen++
		layer, ok := layers[p.ImportPath]
		if !ok && strings.HasPrefix(p.ImportPath, "posthorn/ui/") {
			layer, ok = layers["posthorn/ui/"]
		}
		if !ok {
			t.Errorf("%s is in no layer", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			if !allowed(path, layer.ours, layer.others) {
				t.Errorf("%s may not import %s", p.ImportPath, path)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d packages were seen", seen)
	}
}

// allowed tells whether path is of the standard library or one of those named.
func allowed(path, ours, others string) bool {
	if rest, ok := strings.CutPrefix(path, "posthorn/"); ok {
		return slices.ContainsFunc(strings.Fields(ours), func(o string) bool {
			return o == "*" || o == rest || strings.HasSuffix(o, "*") && strings.HasPrefix(rest, strings.TrimSuffix(o, "*"))
		})
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true
	}
	return slices.ContainsFunc(strings.Fields(others), func(o string) bool { return path == o || strings.HasPrefix(path, o+"/") })
}

func TestExampleConfigurationIsTheDefaults(t *testing.T) {
	c := defaultConfig()
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
	bare := mail.Account{Name: a.Name, Address: a.Address, DisplayName: a.DisplayName, Aliases: []string{}, Mailboxes: map[mail.Role]string{}}
	bare.IMAP.Host, bare.SMTP.Host = a.IMAP.Host, a.SMTP.Host
	if want := bare.WithDefaults(); !reflect.DeepEqual(a, want) {
		t.Errorf("the example account is not what its defaults are:\n got %+v\nwant %+v", a, want)
	}
	want := defaultConfig()
	want.UI.Editor, want.UI.Opener = []string{}, []string{}
	if !reflect.DeepEqual(c.UI, want.UI) || !reflect.DeepEqual(c.Cache, want.Cache) {
		t.Errorf("the example is not the defaults:\n got %+v %+v\nwant %+v %+v", c.UI, c.Cache, want.UI, want.Cache)
	}
}

func TestExampleConfigurationNamesEveryOption(t *testing.T) {
	var walk func(prefix string, typ reflect.Type)
	walk = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := f.Tag.Get("toml")
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
	walk("", reflect.TypeFor[config]())
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
		"bad duration":       {goodAccount + "[ui]\nmark_read_after = \"soon\"\n", "is not a duration", 9},
		"bad role":           {goodAccount + "[account.mailboxes]\ninboxes = \"x\"\n", "is not a role", 8},
		"missing ca file":    {strings.Replace(goodAccount, "[account.imap]", "ca_file = \"/nonexistent\"\n[account.imap]", 1), "ca_file cannot be read", 4},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := loadConfig(path)
			if err == nil {
				t.Fatal("accepted")
			}
			if want := fmt.Sprintf("%s:%d: ", path, c.line); !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%v\nwant it to begin with %s", err, want)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant it to say %q", err, c.want)
			}
		})
	}
}

func TestGoodConfigurationIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(goodAccount+"[ui]\nmark_read_after = \"never\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.UI.MarkReadAfter.Duration >= 0 || c.Accounts[0].IMAP.Host != "imap.example.org" {
		t.Errorf("read as %+v", c)
	}
}

// The README's key table is the action table.
func TestReadmeKeysAreCurrent(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "<!-- keys -->\n")
	got, _, ok := strings.Cut(rest, "<!-- /keys -->")
	if want := keyTable(); !ok || got != want {
		t.Errorf("README.md between <!-- keys --> and <!-- /keys --> should be:\n%s", want)
	}
}

// keyTable is the README's table of the keys that matter most: those that hints show, and all of the messages' own.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| where | key | does |\n| --- | --- | --- |\n")
	for _, e := range action.Table {
		if e.Help == "" {
			continue
		}
		keys := make([]string, len(e.Keys))
		for i, k := range e.Keys {
			keys[i] = "`" + strings.ReplaceAll(k, "|", `\|`) + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", e.Scope, strings.Join(keys, " "), e.Help)
	}
	return b.String()
}

// Every RFC that the code cites is in the table of mail/doc.go.
func TestCitedStandardsAreListed(t *testing.T) {
	doc, err := os.ReadFile("mail/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	cited := regexp.MustCompile(`RFC (\d+)`)
	found := 0
	err = filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || path == "main_test.go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range cited.FindAllSubmatch(text, -1) {
			found++
			if !bytes.Contains(doc, fmt.Appendf(nil, "//\tRFC %s  ", m[1])) {
				t.Errorf("%s cites RFC %s, which mail/doc.go does not list", path, m[1])
			}
		}
		return err
	})
	if err != nil || found < 50 {
		t.Errorf("%d citations found, %v", found, err)
	}
}
