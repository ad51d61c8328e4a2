// Posthorn is a mail reader for the terminal. This file reads flags and the configuration, opens the database and
// hands both to the engine and the UI; it refuses to know anything about mail.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/demo"
	"posthorn/ui"
	"posthorn/ui/keys"
	"posthorn/ui/outside"
	"posthorn/ui/people"
	"posthorn/ui/screen"
)

//go:embed config.example.toml
var exampleConfig string

// Exit codes.
const (
	exitOK     = 0
	exitError  = 1
	exitConfig = 2 // wrong flags or configuration
)

func main() {
	syscall.Umask(0o077) // nothing we create is anybody else's to read
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// flags are the command line.
type flags struct {
	config      string
	demo        bool
	printConfig bool
	printKeys   bool
	logFile     string
	readOnly    bool
	link        string // mailto: what to write
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f flags
	set := flag.NewFlagSet("posthorn", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.config, "config", "", "configuration `file` (default $XDG_CONFIG_HOME/posthorn/config.toml)")
	set.BoolVar(&f.demo, "demo", false, "try it out with sample mail on servers inside this program")
	set.BoolVar(&f.printConfig, "print-config", false, "print an example configuration with every option")
	set.BoolVar(&f.printKeys, "print-keys", false, "print every action with its keys")
	set.StringVar(&f.logFile, "log", "", "append what happens on the connections to `file` (never passwords or mail)")
	set.BoolVar(&f.readOnly, "read-only", false, "only look: connect nowhere and change nothing, also beside another posthorn")
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitOK
	} else if err != nil {
		return exitConfig
	}
	if set.Arg(0) == "send" {
		return send(ctx, f, set.Args()[1:], stdout, stderr)
	}
	if set.NArg() == 1 && strings.HasPrefix(strings.ToLower(set.Arg(0)), "mailto:") {
		f.link = set.Arg(0)
	} else if set.NArg() > 0 {
		fmt.Fprintf(stderr, "posthorn: unexpected argument %q: see posthorn -help\n", set.Arg(0))
		return exitConfig
	}
	switch {
	case f.printConfig:
		fmt.Fprint(stdout, exampleConfig)
		return exitOK
	case f.printKeys:
		keys.Print(stdout)
		return exitOK
	}
	err := start(ctx, f)
	var bad *configError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &bad):
		fmt.Fprintf(stderr, "%v\n", err)
		return exitConfig
	default:
		fmt.Fprintf(stderr, "posthorn: %v\n", err)
		return exitError
	}
}

// start runs the demo, the reader, or the welcome screen where there is no configuration yet.
func start(ctx context.Context, f flags) error {
	if f.demo {
		return startDemo(ctx, f)
	}
	path, err := configPath(f.config)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(path)
	if errors.Is(err, os.ErrNotExist) && f.config == "" {
		tryDemo, err := ui.Welcome(ctx, path)
		if err != nil || !tryDemo {
			return err
		}
		return startDemo(ctx, f)
	}
	if err != nil {
		return err
	}
	dir, err := dataDir()
	if err != nil {
		return err
	}
	if f.readOnly {
		return look(ctx, dir, cfg)
	}
	return read(ctx, f, dir, cfg, auth.NewSecrets(), false)
}

// send sends the message on standard input, without a screen.
func send(ctx context.Context, f flags, args []string, stdout, stderr io.Writer) int {
	return outside.Send(ctx, outside.Shell{Args: args, Stdin: os.Stdin, Stdout: stdout, Stderr: stderr, Load: func() (outside.Setup, error) {
		path, err := configPath(f.config)
		if err != nil {
			return outside.Setup{}, err
		}
		cfg, err := loadConfig(path)
		if err != nil {
			return outside.Setup{}, err
		}
		dir, err := dataDir()
		if err != nil {
			return outside.Setup{}, err
		}
		logger, _, err := openLog(f.logFile)
		secrets := auth.NewSecrets()
		return outside.Setup{Accounts: cfg.Accounts, Dir: dir, Engine: engine.Options{Secrets: secrets, Logger: logger},
			Password: func(ctx context.Context, a mail.Account) error {
				_, err := secrets.Password(ctx, a)
				return err
			}}, err
	}})
}

// look runs the UI without an engine on a database that another posthorn may be using.
func look(ctx context.Context, dir string, cfg config) (err error) {
	store, closeStore, err := cache.OpenReadOnly(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	eng := engine.NewReadOnly(store, cfg.Accounts)
	return ui.Run(ctx, ui.Options{
		Store: store, Engine: eng, Events: eng.Events(), Start: eng.Start, Config: cfg.UI.screen(), Keys: cfg.Keys,
	})
}

// startDemo runs the reader on servers of its own and a database that is gone afterwards.
func startDemo(ctx context.Context, f flags) error {
	dir, err := os.MkdirTemp("", "posthorn-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	servers, err := demo.Start(ctx)
	if err != nil {
		return err
	}
	defer servers.Close()
	cfg := defaultConfig()
	cfg.Accounts = servers.Accounts()
	secrets := auth.NewSecrets()
	for account, password := range servers.Passwords() {
		secrets.Provide(account, password)
	}
	return read(ctx, f, filepath.Join(dir, "data"), cfg, secrets, true)
}

// read opens the database and runs engine and UI on it until the user quits.
func read(ctx context.Context, f flags, dir string, cfg config, secrets *auth.Secrets, isDemo bool) (err error) {
	logger, closeLog, err := openLog(f.logFile)
	if err != nil {
		return err
	}
	defer closeLog()
	store, err := cache.Open(ctx, dir, cache.Options{})
	var e *mail.Error
	if errors.Is(err, cache.ErrLocked) && errors.As(err, &e) {
		return e.Err // the sentence alone
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	eng := engine.New(store, cfg.Accounts, engine.Options{
		Grace: cfg.Cache.Grace.Duration, Poll: cfg.Cache.Poll.Duration, Offline: cfg.Cache.Offline.Duration, Secrets: secrets, Logger: logger,
	})
	defer eng.Close()
	face := cfg.UI.screen()
	face.Scratch = filepath.Join(dir, "editing")
	return ui.Run(ctx, ui.Options{
		Store: store.Reader, Engine: eng, Events: eng.Events(), Start: eng.Start,
		Config: face, Keys: cfg.Keys, Demo: isDemo, Link: f.link,
	})
}

// openLog opens the file for the log; the empty name is no log.
func openLog(name string) (*slog.Logger, func(), error) {
	if name == "" {
		return slog.New(slog.DiscardHandler), func() {}, nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, &mail.Error{Op: "open the log", Kind: mail.Damaged, Err: err}
	}
	return slog.New(slog.NewTextHandler(file, nil)), func() { file.Close() }, nil
}

// config is the whole configuration file.
type config struct {
	Accounts []mail.Account                 `toml:"account"`
	UI       uiConfig                       `toml:"ui"`
	Cache    cacheConfig                    `toml:"cache"`
	Keys     map[string]map[string][]string `toml:"keys"` // scope, action: keys
}

type uiConfig struct {
	Theme           string   `toml:"theme"`
	MarkReadAfter   duration `toml:"mark_read_after"`
	ExternalEditor  bool     `toml:"external_editor"`
	EditHeader      bool     `toml:"edit_header"`
	AnswerBelow     bool     `toml:"answer_below"`
	Editor          []string `toml:"editor"`
	AttachmentWords []string `toml:"attachment_words"`
	HTMLFilter      []string `toml:"html_filter"`
	Opener          []string `toml:"opener"`
	Downloads       string   `toml:"downloads"`
	Contacts        []string `toml:"contacts"`
	AskContacts     []string `toml:"contacts_command"`
}

type cacheConfig struct {
	Grace   duration `toml:"grace"`
	Poll    duration `toml:"poll"`
	Offline duration `toml:"offline"`
}

func defaultConfig() config {
	return config{
		UI:    uiConfig{Theme: "auto", MarkReadAfter: duration{time.Second}, EditHeader: true},
		Cache: cacheConfig{Grace: duration{8 * time.Second}, Poll: duration{5 * time.Minute}, Offline: duration{30 * day}},
	}
}

// screen is c as the UI takes it.
func (c uiConfig) screen() screen.Config {
	return screen.Config{
		Theme: c.Theme, MarkReadAfter: c.MarkReadAfter.Duration, UseEditor: c.ExternalEditor, EditHeader: c.EditHeader, AnswerBelow: c.AnswerBelow,
		AttachmentWords: c.AttachmentWords, Editor: c.Editor, HTMLFilter: c.HTMLFilter, Opener: c.Opener, Downloads: downloads(c.Downloads),
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

// configError is something wrong with the configuration, at its place.
type configError struct {
	path string
	line int
	text string
}

func (e *configError) Error() string { return fmt.Sprintf("%s:%d: %s", e.path, e.line, e.text) }

// loadConfig reads and checks the configuration. The error names file, line and key, and what would be right.
func loadConfig(path string) (config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return config{}, err
	}
	c := defaultConfig()
	d := toml.NewDecoder(bytes.NewReader(data))
	if err := d.DisallowUnknownFields().Decode(&c); err != nil {
		return c, placed(path, err)
	}
	at := func(account int, key, format string, args ...any) error {
		return &configError{path, lineOf(data, account, key), strings.TrimPrefix(key, ".") + " " + fmt.Sprintf(format, args...)}
	}
	if len(c.Accounts) == 0 {
		return c, &configError{path, 1, "there is no account: add an [[account]], as in posthorn -print-config"}
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
	if !slices.Contains([]string{"auto", "dark", "light", "mono"}, c.UI.Theme) {
		return c, at(-1, "ui.theme", "%q is not known: use \"auto\", \"dark\", \"light\" or \"mono\"", c.UI.Theme)
	}
	if c.Cache.Grace.Duration < 0 || c.Cache.Grace.Duration > time.Hour {
		return c, at(-1, "cache.grace", "is out of range: use 0s to 1h")
	}
	if c.Cache.Poll.Duration < 30*time.Second {
		return c, at(-1, "cache.poll", "is too short for a server's patience: use 30s or more")
	}
	if _, problems := keys.New(c.Keys); len(problems) > 0 {
		return c, at(-1, problems[0].Key, "%s", problems[0].What)
	}
	return c, nil
}

// placed gives an error of the TOML decoder its place.
func placed(path string, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) && len(missing.Errors) > 0 {
		e := &missing.Errors[0]
		line, _ := e.Position()
		return &configError{path, line, strings.Join(e.Key(), ".") + " is not an option: posthorn -print-config shows all there are"}
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ := wrong.Position()
		text := strings.TrimPrefix(wrong.Error(), "toml: ")
		if key := strings.Join(wrong.Key(), "."); key != "" && !strings.Contains(text, key) {
			text = key + ": " + text
		}
		return &configError{path, line, text + ": posthorn -print-config shows how it is written"}
	}
	return &configError{path, 1, err.Error()}
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

// configPath is the file to read.
func configPath(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	dir, err := xdg("XDG_CONFIG_HOME", ".config")
	return filepath.Join(dir, "config.toml"), err
}

// dataDir is where the database lives: it holds drafts and unsent mail, so it is data, not cache.
func dataDir() (string, error) { return xdg("XDG_DATA_HOME", filepath.Join(".local", "share")) }

// xdg is posthorn's folder under a base directory of the XDG specification.
func xdg(variable, fallback string) (string, error) {
	base := os.Getenv(variable)
	if !filepath.IsAbs(base) { // the specification: relative paths are to be ignored
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &mail.Error{Op: "find your home directory", Kind: mail.Damaged, Err: err}
		}
		base = filepath.Join(home, fallback)
	}
	return filepath.Join(base, "posthorn"), nil
}

// downloads is the folder for saved attachments: the one given, else ~/Downloads where it exists, else home.
func downloads(given string) string {
	home, _ := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(given, "~/"); ok {
		return filepath.Join(home, rest)
	}
	if given != "" {
		return given
	}
	dir := filepath.Join(home, "Downloads")
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir
	}
	return home
}
