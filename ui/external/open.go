package external

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/screen"
)

// Opened is the message that tells how opening something went. The root shows Err as it shows any failure.
type Opened struct {
	Op  string // "open the link"
	Err error  // nil: the program was started and did not complain
}

// OpenFile opens a file with the person's program for it.
func OpenFile(env *screen.Env, path string) tea.Cmd {
	const op = "open the file"
	argv := opener(env)
	return func() tea.Msg {
		full, err := filepath.Abs(path)
		if err != nil {
			return Opened{op, err}
		}
		return Opened{op, start(argv, full)}
	}
}

// OpenURL opens a link in the browser; a mailto link opens the composer.
func OpenURL(env *screen.Env, link string) tea.Cmd {
	if strings.HasPrefix(strings.ToLower(link), "mailto:") {
		return Write(env, "", link)
	}
	safe, err := Safe(link)
	if err != nil {
		return func() tea.Msg { return Opened{opLink, err} }
	}
	argv := opener(env)
	return func() tea.Msg { return Opened{opLink, start(argv, safe)} }
}

// opLink names what failed.
const opLink = "open the link"

// Write opens the composer on a mailto link, as an account by its name; the empty name is the first.
func Write(env *screen.Env, account, link string) tea.Cmd {
	all := env.Engine.Accounts()
	i := max(0, slices.IndexFunc(all, func(a mail.Account) bool { return a.Name == account }))
	if len(all) == 0 {
		return func() tea.Msg { return Opened{opLink, errors.New("there is no account to write as")} }
	}
	d, ignored, err := compose.Mailto(link, all[i])
	if err != nil {
		return func() tea.Msg { return Opened{opLink, err} }
	}
	cmd := env.Root.Compose(d)
	if len(ignored) > 0 {
		env.Root.Say("The link also asked for " + strings.Join(ignored, ", ") + ", which was left out.")
	}
	return cmd
}

// longest is how long a link may be.
const longest = 8 << 10

// Safe is link as it may be handed to a program: parsed and written anew, with a scheme that shows things and does
// nothing else.
func Safe(link string) (string, error) {
	link = strings.TrimSpace(link)
	if len(link) > longest {
		return "", errors.New("the link is too long to be meant well")
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", errors.New("that is no address that could be opened")
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" || u.Opaque != "" {
			return "", errors.New("the link names no site")
		}
	case "mailto":
	default:
		return "", fmt.Errorf("links of the kind %q are not opened: only http, https and mailto", mail.Line(u.Scheme))
	}
	out := u.String()
	for _, r := range out {
		if r <= ' ' || r == 0x7f {
			return "", errors.New("there are control characters in the link")
		}
	}
	return out, nil
}

func opener(env *screen.Env) []string {
	switch {
	case len(env.Config.Opener) > 0:
		return env.Config.Opener
	case runtime.GOOS == "darwin":
		return []string{"open"}
	}
	return []string{"xdg-open"}
}

// start runs a program with one more argument, apart from our terminal, and waits for it: openers hand over and end.
func start(argv []string, what string) error {
	cmd := exec.Command(argv[0], append(argv[1:len(argv):len(argv)], what)...)
	apart(cmd)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("there is no program %s: install it, or set opener in the configuration", argv[0])
	case errors.As(err, &exit):
		return fmt.Errorf("%s could not open it (%v)", argv[0], exit)
	}
	return err
}
