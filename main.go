// Posthorn is a mail reader for the terminal. This file reads the command line and the configuration, opens the database and
// hands both to the engine and the UI; it refuses to know anything about mail.
package main

import (
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
	"runtime"
	"strings"
	"syscall"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/demo"
	"posthorn/ui"
	"posthorn/ui/config"
	"posthorn/ui/keys"
	"posthorn/ui/outside"
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
	// With a second processor Go wakes a second thread with each of Bubble Tea's 120 ticks a second, to look for work that
	// there never is: a third of what idleness costs. The engine takes more while it fills mailboxes.
	runtime.GOMAXPROCS(1)
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
	linear      bool
	link        string // mailto: what to write
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f flags
	set := flag.NewFlagSet("posthorn", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.config, "config", "", "configuration `file` (default $XDG_CONFIG_HOME/posthorn/config.toml)")
	set.BoolVar(&f.linear, "linear", false, "plain lines in words, for screen readers and dumb terminals (also where TERM=dumb)")
	set.BoolVar(&f.demo, "demo", false, "try it out with sample mail on servers inside this program")
	set.BoolVar(&f.printConfig, "print-config", false, "print an example configuration with every option")
	set.BoolVar(&f.printKeys, "print-keys", false, "print every action with its keys in the preset that the configuration chooses")
	set.StringVar(&f.logFile, "log", "", "append what happens on the connections to `file` (never passwords or mail)")
	set.BoolVar(&f.readOnly, "read-only", false, "only look: connect nowhere and change nothing, also beside another posthorn")
	set.Usage = func() {
		fmt.Fprintln(stderr, "Usage: posthorn [option]... [mailto:link]\n       posthorn [-config file] send [-account name] [-attach file]... [-n] < message   (see posthorn send -help)")
		set.PrintDefaults()
	}
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitOK
	} else if err != nil {
		return exitConfig
	}
	f.linear = f.linear || os.Getenv("TERM") == "dumb"
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
		keys.Print(stdout, preset(f))
		return exitOK
	}
	err := start(ctx, f)
	var bad *config.Error
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

// preset is the set of keys that the configuration chooses. What is wrong in there is told elsewhere: it may be a key,
// and whoever looks for the right one must find it.
func preset(f flags) string {
	path, err := config.Path(f.config)
	if err != nil {
		return ""
	}
	cfg, _ := config.Load(path)
	return cfg.Keys.Preset
}

// start runs the demo, the reader, or the welcome screen where there is no configuration yet.
func start(ctx context.Context, f flags) error {
	if f.demo {
		return startDemo(ctx, f)
	}
	path, err := config.Path(f.config)
	if err != nil {
		return err
	}
	cfg, err := config.Load(path)
	if errors.Is(err, os.ErrNotExist) && f.config == "" {
		tryDemo, err := ui.Welcome(ctx, path, f.linear)
		if err != nil || !tryDemo {
			return err
		}
		return startDemo(ctx, f)
	}
	if err != nil {
		return err
	}
	dir, err := config.DataFolder()
	if err != nil {
		return err
	}
	if f.readOnly {
		return look(ctx, f, dir, cfg)
	}
	return read(ctx, f, dir, cfg, auth.NewSecrets(), false)
}

// send sends the message on standard input, without a screen.
func send(ctx context.Context, f flags, args []string, stdout, stderr io.Writer) int {
	return outside.Send(ctx, outside.Shell{Args: args, Stdin: os.Stdin, Stdout: stdout, Stderr: stderr, Load: func() (outside.Setup, error) {
		path, err := config.Path(f.config)
		if err != nil {
			return outside.Setup{}, err
		}
		cfg, err := config.Load(path)
		if err != nil {
			return outside.Setup{}, err
		}
		dir, err := config.DataFolder()
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
func look(ctx context.Context, f flags, dir string, cfg config.Config) (err error) {
	store, closeStore, err := cache.OpenReadOnly(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	eng := engine.NewReadOnly(store, cfg.Accounts)
	cfg.UI.Linear = cfg.UI.Linear || f.linear
	return ui.Run(ctx, ui.Options{
		Store: store, Engine: eng, Events: eng.Events(), Start: eng.Start, Config: cfg.Screen(), Preset: cfg.Keys.Preset, Keys: cfg.Keys.Own,
	})
}

// startDemo runs the reader on servers of its own and a database that is gone afterwards. Of a configuration that is
// named it takes all but the accounts: keys and colours can be tried there.
func startDemo(ctx context.Context, f flags) error {
	cfg, err := config.Default(), error(nil)
	if f.config != "" {
		if cfg, err = config.Load(f.config); err != nil {
			return err
		}
	}
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
	cfg.Accounts = servers.Accounts()
	secrets := auth.NewSecrets()
	for account, password := range servers.Passwords() {
		secrets.Provide(account, password)
	}
	return read(ctx, f, filepath.Join(dir, "data"), cfg, secrets, true)
}

// read opens the database and runs engine and UI on it until the user quits.
func read(ctx context.Context, f flags, dir string, cfg config.Config, secrets *auth.Secrets, isDemo bool) (err error) {
	logger, closeLog, err := openLog(f.logFile)
	if err != nil {
		return err
	}
	defer closeLog()
	store, err := cache.Open(ctx, dir, cache.Options{})
	if errors.Is(err, cache.ErrLocked) && f.link != "" {
		if done, err := outside.Link(ctx, os.Stdout, dir, f.link); done || err != nil {
			return err
		}
		f.link = "" // it is in the database
		store, err = cache.Open(ctx, dir, cache.Options{})
	}
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
		Said: cfg.Said(),
	})
	defer eng.Close()
	cfg.UI.Linear = cfg.UI.Linear || f.linear
	face := cfg.Screen()
	face.Scratch = filepath.Join(dir, "editing")
	return ui.Run(ctx, ui.Options{
		Store: store.Reader, Engine: eng, Events: eng.Events(), Start: eng.Start,
		Config: face, Preset: cfg.Keys.Preset, Keys: cfg.Keys.Own, Demo: isDemo, Link: f.link,
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
