package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
	"posthorn/mail/smtp"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

// layers is which packages of ours a package may import, and which modules of others are its own. It is the
// architecture: an edge that is not here is a mistake, or a decision to be made in this table.
var layers = map[string]struct{ ours, others string }{
	"posthorn":               {"*", ""},
	"posthorn/mail":          {"", ""},
	"posthorn/mail/calendar": {"mail", ""},
	"posthorn/mail/search":   {"mail", "golang.org/x/text"},
	"posthorn/mail/trust":    {"mail", "golang.org/x/net"},
	"posthorn/mail/body":     {"mail mail/calendar", "golang.org/x/net golang.org/x/text"},
	"posthorn/mail/compose":  {"mail mail/body", "golang.org/x/net golang.org/x/text github.com/yuin/goldmark"},
	"posthorn/mail/auth":     {"mail", "github.com/emersion/go-sasl github.com/zalando/go-keyring"},
	"posthorn/mail/imap":     {"mail mail/auth mail/body mail/search", "github.com/emersion/go-imap/v2"},
	"posthorn/mail/smtp":     {"mail mail/auth", "github.com/emersion/go-smtp"},
	"posthorn/mail/oneclick": {"", ""},
	"posthorn/mail/mailtest": {"mail", "github.com/emersion/go-imap/v2 github.com/emersion/go-smtp github.com/emersion/go-sasl github.com/emersion/go-message"},
	"posthorn/mail/demo":     {"mail mail/mailtest", ""},
	"posthorn/cache":         {"mail mail/search", "github.com/mattn/go-sqlite3 codeberg.org/emersion/go-sqlite3-fts5"},
	"posthorn/cache/engine":  {"mail cache mail/auth mail/body mail/compose mail/imap mail/oneclick mail/search mail/smtp", ""},
	"posthorn/ui/action":     {"", ""},
	"posthorn/ui/config":     {"mail mail/compose mail/search ui/keys ui/notice ui/people ui/screen ui/theme", "github.com/pelletier/go-toml/v2"},
	"posthorn/ui/keys":       {"mail ui/action", "charm.land/bubbletea/v2"},
	"posthorn/ui/theme":      {"", "charm.land/lipgloss/v2"},
	"posthorn/ui/width":      {"", "github.com/charmbracelet/x/ansi"},
	"posthorn/ui/screen":     {"mail mail/compose mail/search cache cache/engine ui/action ui/keys ui/notice ui/people ui/theme", "charm.land/bubbletea/v2"},
	"posthorn/ui":            {"mail mail/body mail/compose mail/search cache cache/engine ui/*", "charm.land/bubbletea/v2 github.com/charmbracelet/colorprofile github.com/charmbracelet/x/ansi github.com/charmbracelet/x/term"},
	"posthorn/ui/":           {"mail mail/body mail/compose mail/search mail/trust cache cache/engine ui/*", "charm.land/bubbletea/v2 github.com/charmbracelet/x/ansi"},
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

// keyTable is the README's table: the keys of the screens one is on most of the time.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| where | key | does |\n| --- | --- | --- |\n")
	for _, e := range action.Table {
		if e.Help == "" || !slices.Contains([]action.Scope{action.Index, action.Message, action.Pager, action.App, action.Composer}, e.Scope) {
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

// terminal runs the built program in a pseudo-terminal and reads its screen.
type terminal struct {
	t    testing.TB
	pty  *os.File
	cmd  *exec.Cmd
	news chan struct{} // holds a token when the screen may have changed
	done chan struct{} // closed when the program has ended

	mu     sync.Mutex
	screen *vt.Emulator
	heard  strings.Builder // all that the program wrote
}

// build makes the program once for a test.
func build(t testing.TB) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// built is made once for all tests.
var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "posthorn")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// scratch is a folder for what all tests share.
var scratch string

func TestMain(m *testing.M) {
	if n, err := strconv.Atoi(os.Getenv(leastProgram)); err == nil {
		if _, err := tea.NewProgram(least(n), tea.WithFPS(120)).Run(); err != nil {
			os.Exit(1)
		}
		return
	}
	var err error
	if scratch, err = os.MkdirTemp("", "posthorn-tests-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// least is the least Bubble Tea program that shows a list like ours and moves a cursor in it, at our frame rate: the number
// is the message that the cursor is on. It is the yardstick of what a key and idleness cost on the machine at hand. The test
// binary is one with leastProgram in its environment.
type least int

const leastProgram = "POSTHORN_TEST_LEAST_PROGRAM"

func (least) Init() tea.Cmd { return nil }

func (l least) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "j" {
		return l - 1, nil
	}
	return l, nil
}

func (l least) View() tea.View {
	const page = 36
	var b strings.Builder
	for n := l - l%page + page - 1; n >= l-l%page; n-- {
		bar, ground := " ", ""
		if n == l {
			bar, ground = "▎", ";48;2;51;58;70"
		}
		fmt.Fprintf(&b, "\n\x1b[38;2;232;176;75%sm%s ●\x1b[m\x1b[38;2;255;255;255%[1]sm   Person %[3]d message %[3]d of many.%[4]s\x1b[m\x1b[38;2;168;173;182%[1]sm 12:00\x1b[m",
			ground, bar, int(n), strings.Repeat(" ", 60))
	}
	v := tea.NewView(b.String()[1:])
	v.AltScreen = true
	return v
}

// idles is the processor time that a program takes in ten seconds of doing nothing.
func (x *terminal) idles() time.Duration {
	x.t.Helper()
	before := x.spent()
	<-time.After(10 * time.Second)
	return x.spent() - before
}

// run starts a command in a terminal of 120 by 36.
func runInTerminal(t testing.TB, cmd *exec.Cmd) *terminal {
	t.Helper()
	term := &terminal{t: t, cmd: cmd, news: make(chan struct{}, 1), done: make(chan struct{}), screen: newScreen(120, 36)}
	cmd.Env = append(os.Environ(), append(cmd.Env, "TERM=xterm-256color", "COLORTERM=truecolor")...)
	var err error
	if term.pty, err = pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 36}); err != nil {
		t.Fatal(err)
	}
	go io.Copy(term.pty, term.screen) // what the terminal answers
	go term.read()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-term.done
		out := term.heard.String()
		if what := uitest.Foreign(out[:max(0, strings.LastIndexByte(out, '\x1b'))]); what != "" { // the end may be cut off
			t.Errorf("the terminal was told %s", what)
		}
		if pipe, ok := term.screen.InputPipe().(io.Closer); ok {
			pipe.Close() // ends the goroutine above; the emulator's own Close races with it
		}
	})
	return term
}

// newScreen makes an emulator that stands what was drawn for a larger size: it may have become smaller in between, and the
// emulator would scroll lines that it does not have.
func newScreen(w, h int) *vt.Emulator {
	screen := vt.NewEmulator(w, h)
	screen.RegisterCsiHandler('r', func(p ansi.Params) bool {
		bottom, _, _ := p.Param(1, 0)
		return bottom > screen.Height()
	})
	return screen
}

func (x *terminal) read() {
	defer close(x.done)
	buf := make([]byte, 32<<10)
	for {
		n, err := x.pty.Read(buf)
		x.mu.Lock()
		x.screen.Write(buf[:n])
		x.heard.Write(buf[:n])
		x.mu.Unlock()
		select {
		case x.news <- struct{}{}:
		default:
		}
		if err != nil {
			x.cmd.Wait()
			return
		}
	}
}

// text is what the screen shows now.
func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

// sees waits until the screen shows all of want and nothing of never.
func (x *terminal) sees(want ...string) { x.t.Helper(); x.until(want, nil) }

func (x *terminal) until(want, never []string) {
	x.t.Helper()
	x.waits(fmt.Sprintf("%q, and not %q", want, never), func(text string) bool {
		missing := slices.ContainsFunc(want, func(s string) bool { return !strings.Contains(text, s) })
		return !missing && !slices.ContainsFunc(never, func(s string) bool { return strings.Contains(text, s) })
	})
}

// waits until the screen is as it should be; what says how.
func (x *terminal) waits(what string, right func(text string) bool) {
	x.t.Helper()
	limit := time.After(60 * time.Second)
	for text := x.text(); !right(text); text = x.text() {
		select {
		case <-x.news:
		case <-limit:
			x.t.Fatalf("waiting for %s on the screen:\n%s", what, text)
		case <-x.done:
			x.t.Fatalf("the program ended while waiting for %s:\n%s", what, text)
		}
	}
}

// types sends keys as a terminal does.
func (x *terminal) types(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.pty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the program to end by itself, and tells its exit code.
func (x *terminal) ends() int {
	x.t.Helper()
	select {
	case <-x.done:
	case <-time.After(60 * time.Second):
		x.t.Fatalf("the program did not end:\n%s", x.text())
	}
	out := x.heard.String()
	for on, off := range map[string]string{"?1049h": "?1049l", "?25l": "?25h", "?2004h": "?2004l", "?1004h": "?1004l"} {
		if i := strings.LastIndex(out, "\x1b["+off); i < 0 || i < strings.LastIndex(out, "\x1b["+on) {
			x.t.Errorf("the terminal was left without %s", off)
		}
	}
	return x.cmd.ProcessState.ExitCode()
}

// server looks at an account as another client would.
type server struct {
	t *testing.T
	s *imap.Session
}

func lookAt(t *testing.T, a mail.Account, password string) *server {
	t.Helper()
	s, err := imap.Dial(t.Context(), a.WithDefaults(), password, imap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &server{t, s}
}

// headers are the messages of a mailbox.
func (v *server) headers(mailbox string) []mail.Header {
	v.t.Helper()
	got, err := v.s.Select(v.t.Context(), mailbox)
	if err != nil {
		v.t.Fatal(err)
	}
	var out []mail.Header
	if got.Exists > 0 {
		err = v.s.Headers(v.t.Context(), mail.UIDSet{{Lo: 1, Hi: math.MaxUint32}}, func(h mail.Header) error {
			out = append(out, h)
			return nil
		})
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return out
}

// until waits, in IDLE, until a mailbox holds what cond wants.
func (v *server) until(what, mailbox string, cond func([]mail.Header) bool) []mail.Header {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), 60*time.Second)
	defer cancel()
	for {
		h := v.headers(mailbox)
		if cond(h) {
			return h
		}
		if _, err := v.s.Idle(ctx, time.Second); err != nil || ctx.Err() != nil {
			v.t.Fatalf("waiting for %s in %s: %v %v", what, mailbox, h, err)
		}
	}
}

func subjects(headers []mail.Header, subject string) int {
	n := 0
	for _, h := range headers {
		if h.Envelope.Subject == subject {
			n++
		}
	}
	return n
}

// A person's first quarter of an hour: the built program in a terminal, real Dovecot and Postfix behind it.
func TestReadAndAnswerMailEndToEnd(t *testing.T) {
	accounts, passwords := mailtest.RealServers(t, "anna", "ben")
	anna, ben := accounts[0], accounts[1]
	first := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Lunch on Friday?\r\nMessage-ID: <lunch@posthorn.test>\r\nDate: %s\r\n\r\nShall we meet at noon?\r\n",
		ben.Address, anna.Address, time.Now().Format(time.RFC1123Z))
	if _, err := smtp.Send(t.Context(), ben.WithDefaults(), passwords[ben.Name], smtp.Options{}, ben.Address, []string{anna.Address}, []byte(first), func(smtp.Stage, []smtp.Refusal) error { return nil }); err != nil {
		t.Fatal(err)
	}
	lookAt(t, anna, passwords[anna.Name]).until("the first message", "INBOX", func(h []mail.Header) bool { return len(h) == 1 })

	cmd := exec.Command(build(t), "-config", writeConfig(t, accounts))
	cmd.Env = []string{"XDG_DATA_HOME=" + t.TempDir(), "EDITOR=", "VISUAL=",
		"PASSWORD_0=" + passwords[anna.Name], "PASSWORD_1=" + passwords[ben.Name]}
	x := runInTerminal(t, cmd)

	x.sees("All inboxes", "Lunch on Friday?")
	x.types("\r")
	x.sees("Shall we meet at noon?")
	x.types("r")
	x.sees("Re: Lunch on Friday?", ben.Address)
	x.types("Noon it is.")
	x.sees("Noon it is.")
	x.types("\x13") // Ctrl-S
	x.until(nil, []string{"Noon it is."})

	bens, annas := lookAt(t, ben, passwords[ben.Name]), lookAt(t, anna, passwords[anna.Name])
	bens.until("the answer", "INBOX", func(h []mail.Header) bool { return subjects(h, "Re: Lunch on Friday?") == 1 })
	annas.until("the copy", "Sent", func(h []mail.Header) bool { return subjects(h, "Re: Lunch on Friday?") == 1 })
	annas.until("the mark of the answer", "INBOX", func(h []mail.Header) bool { return len(h) == 1 && h[0].Flags.Has(mail.Answered|mail.Seen) })

	x.types("q") // the reader
	x.types("g2")
	x.sees("ben · Inbox", "Re: Lunch on Friday?")
	x.types("d")
	x.until([]string{"undoes it"}, []string{"Re: Lunch on Friday?"})
	bens.until("the deleted message", "Trash", func(h []mail.Header) bool { return len(h) == 1 })
	x.types("z")
	x.sees("Undone", "Re: Lunch on Friday?")
	bens.until("the message that came back", "INBOX", func(h []mail.Header) bool { return subjects(h, "Re: Lunch on Friday?") == 1 })
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if n := subjects(annas.headers("Sent"), "Re: Lunch on Friday?"); n != 1 {
		t.Errorf("%d copies in Sent, want 1", n)
	}
}

// A script sends through the built program: alone, and beside a posthorn that runs, which then sends it.
func TestAScriptSendsEndToEnd(t *testing.T) {
	accounts, passwords := mailtest.RealServers(t, "anna", "ben")
	anna, ben := accounts[0], accounts[1]
	program, config, data := build(t), writeConfig(t, accounts), t.TempDir()
	env := []string{"XDG_DATA_HOME=" + data, "EDITOR=", "VISUAL=", "PASSWORD_0=" + passwords[anna.Name], "PASSWORD_1=" + passwords[ben.Name]}
	script := func(message string, args ...string) (code int, said string) {
		t.Helper()
		cmd := exec.Command(program, append([]string{"-config", config, "send"}, args...)...)
		cmd.Env, cmd.Stdin = append(os.Environ(), env...), strings.NewReader(message)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	letter := func(subject string) string {
		return "To: " + ben.Address + "\nSubject: " + subject + "\n\nIt is done.\n"
	}
	if code, said := script(letter("Backup of the night")); code != exitOK || said != "" {
		t.Fatalf("exit code %d, said %q", code, said)
	}
	bens, annas := lookAt(t, ben, passwords[ben.Name]), lookAt(t, anna, passwords[anna.Name])
	bens.until("the message", "INBOX", func(h []mail.Header) bool { return subjects(h, "Backup of the night") == 1 })
	annas.until("the copy", "Sent", func(h []mail.Header) bool { return subjects(h, "Backup of the night") == 1 })
	if code, said := script("To: nobody@" + mailtest.Domain + "\n\nx\n"); code != 69 || !strings.Contains(said, "posthorn send: ") {
		t.Errorf("to nobody: exit code %d, said %q", code, said)
	}

	cmd := exec.Command(program, "-config", config)
	cmd.Env = env
	x := runInTerminal(t, cmd)
	x.sees("All inboxes")
	if code, said := script(letter("Backup of the morning")); code != exitOK || said != "" {
		t.Errorf("beside another: exit code %d, said %q", code, said)
	}
	bens.until("the message", "INBOX", func(h []mail.Header) bool { return subjects(h, "Backup of the morning") == 1 })
	annas.until("the copy", "Sent", func(h []mail.Header) bool { return subjects(h, "Backup of the morning") == 1 })
	link := exec.Command(program, "-config", config, "mailto:"+ben.Address+"?subject=Whose%20boat")
	link.Env = append(os.Environ(), env...)
	if said, err := link.CombinedOutput(); err != nil || string(said) != "The posthorn that runs has opened it.\n" {
		t.Errorf("a link beside another: %v, said %q", err, said)
	}
	x.sees("Whose boat", "writing")
	x.types("\x18") // ctrl+x throws it away
	x.sees("All inboxes")
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	for _, subject := range []string{"Backup of the night", "Backup of the morning"} {
		if n, copies := subjects(bens.headers("INBOX"), subject), subjects(annas.headers("Sent"), subject); n != 1 || copies != 1 {
			t.Errorf("%s: arrived %d times, %d copies in Sent", subject, n, copies)
		}
	}
}

// probe is a field put before a message, by which it is known on screen.
var probe = regexp.MustCompile(`X-Probe: of (\d+) messages`)

// Hostile mail listed and opened in the built program: all that it writes to the terminal is heard, and must be its own
// (runInTerminal looks at it). Each message is seen as it is read, with all its fields and as its source.
func TestHostileMailSpeaksToNoTerminalOfTheBuiltProgram(t *testing.T) {
	files, _ := filepath.Glob("../shared/corpus/hostile/*.eml")
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("the corpus is not there")
		}
		t.Skip("no ../shared/corpus/hostile")
	}
	account := mailtest.Dovecot(t, "anna").Account("anna", mail.TLS)
	account.SMTP = account.IMAP // nothing is to be sent
	session := lookAt(t, account, "secret").s
	opened := map[string]bool{}
	for i, path := range files {
		if !mailtest.Thorough() && i%7 > 0 {
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("X-Probe: of %d messages", i)
		raw = append([]byte(name+"\r\n"), raw...)
		if _, _, err := session.Append(t.Context(), "INBOX", 0, time.Unix(1767000000+int64(i)*60, 0), raw); err != nil {
			t.Fatal(err)
		}
		opened[name] = false
	}
	cmd := exec.Command(build(t), "-config", writeConfig(t, []mail.Account{account}))
	cmd.Env = []string{"XDG_DATA_HOME=" + t.TempDir(), "EDITOR=", "VISUAL=", "PASSWORD_0=secret"}
	x := runInTerminal(t, cmd)
	x.sees("All inboxes", fmt.Sprintf("%d unread of %d", len(opened), len(opened)))
	x.types("Ggg\r")
	for range opened {
		x.types("H")
		x.sees("X-Probe: of ")
		name := probe.FindString(x.text())
		if opened[name] {
			t.Errorf("%q is shown twice", name)
		}
		opened[name] = true
		x.types("H")
		x.until(nil, []string{name})
		x.types("\x16") // ctrl+v: the source
		x.sees(name)
		x.types("\x16")
		x.until(nil, []string{name})
		x.types("J")
	}
	for name, seen := range opened {
		if !seen {
			t.Errorf("%q was not opened", name)
		}
	}
	x.types("qq")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// writeConfig writes a configuration with the passwords in PASSWORD_0 and so on.
func writeConfig(t testing.TB, accounts []mail.Account) string {
	t.Helper()
	var b strings.Builder
	for i, a := range accounts {
		fmt.Fprintf(&b, "[[account]]\nname = %q\naddress = %q\nca_file = %q\npassword_env = \"PASSWORD_%d\"\n", a.Name, a.Address, a.CAFile, i)
		for name, e := range map[string]mail.Endpoint{"imap": a.IMAP, "smtp": a.SMTP} {
			fmt.Fprintf(&b, "[account.%s]\nhost = %q\nport = %d\nsecurity = %q\nuser = %q\n", name, e.Host, e.Port, e.Security, e.User)
		}
	}
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The demo needs nothing: it starts, shows its mail, and new mail comes while one watches.
func TestDemoStartsShowsMailAndReceivesSome(t *testing.T) {
	cmd := exec.Command(build(t), "-demo")
	cmd.Env = []string{"XDG_CONFIG_HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	x := runInTerminal(t, cmd)
	x.sees("All inboxes", "home", "work", "posthorn -print-config")
	before := x.text()
	x.until([]string{"unread of"}, []string{firstLine(before, "unread of")})
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

func TestWithoutATerminalItSaysSo(t *testing.T) {
	for _, args := range [][]string{{"-demo"}, nil} {
		cmd := exec.Command(build(t), args...)
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir(), "XDG_DATA_HOME="+t.TempDir(), "TERM=xterm-256color")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, err := cmd.CombinedOutput()
		if want := "posthorn: there is no terminal to draw on: start it in one, or see posthorn send -help\n"; cmd.ProcessState.ExitCode() != 1 || string(out) != want {
			t.Errorf("posthorn %q: %v, %q", args, err, out)
		}
	}
}

// A mailto link from outside opens the composer, and nothing it could do harm with is taken over. The demo has the keys of
// a configuration that is named.
func TestAMailtoLinkOpensTheComposer(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(own, []byte(strings.Replace(exampleConfig, `preset = "posthorn"`, `preset = "mutt"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(build(t), "-demo", "-config", own, "mailto:ben@okafor.example?subject=Low%20tide&attach=/etc/passwd&bcc=x@y.example")
	cmd.Env = []string{"XDG_CONFIG_HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	x := runInTerminal(t, cmd)
	x.sees("ben@okafor.example", "Low tide", "The link also asked for attach, bcc, which was left out.")
	x.types("\x18") // ctrl+x throws it away
	x.sees("All inboxes", "t select")
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// A theme of one's own that is hard to read is worn all the same; the log says what to change.
func TestTheLogNamesAThemeThatIsHardToRead(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.toml")
	themes := filepath.Join(filepath.Dir(own), "themes")
	if err := errors.Join(os.WriteFile(own, []byte(exampleConfig), 0o600), os.Mkdir(themes, 0o700),
		os.WriteFile(filepath.Join(themes, "pale.toml"), []byte("dim = \"#444444\"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(build(t), "-demo", "-config", own)
	cmd.Env = []string{"XDG_CONFIG_HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	x := runInTerminal(t, cmd)
	x.sees("All inboxes")
	x.types("gl")
	x.sees("The theme pale (", "dim has 1.1", "pale.toml")
	x.types("qq")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// Whatever ends the program at whatever point of writing, what was written is there at the next start: what was typed
// before a pause and, where there is time to end in order, what was typed since; and what an editor had saved. What was
// being sent is a draft or on its way, and never both.
func TestWhatWasWrittenOutlivesTheProgram(t *testing.T) {
	nowhere := mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.TLS, User: "anna"}
	config := writeConfig(t, []mail.Account{{Name: "home", Address: "anna@example.org", IMAP: nowhere, SMTP: nowhere}})
	tides := filepath.Join(t.TempDir(), "tides.csv")
	if err := os.WriteFile(tides, []byte("14:20,0.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := build(t)
	write := func(x *terminal) {
		x.types("c")
		x.sees("Subject")
		x.types("zoe@example.org\t\t\tTides\tlow tide")
		x.sees("low tide")
	}
	edit := func(x *terminal) {
		write(x)
		x.types("\x07") // ctrl+g
		x.sees("EDITING")
	}
	killed, terminated, hungUp := syscall.SIGKILL, syscall.SIGTERM, syscall.SIGHUP
	for _, point := range []struct {
		name    string
		signals []syscall.Signal
		goThere func(x *terminal)
		alone   bool // the signal is for the program, and not for an editor it runs
		want    []string
		sending bool // the draft is there, or the message waits in the outbox
	}{
		{name: "while typing", signals: []syscall.Signal{terminated, hungUp}, goThere: write},
		{name: "after a pause, and on and on", signals: []syscall.Signal{killed, terminated, hungUp},
			goThere: func(x *terminal) { write(x); x.sees("draft kept"); x.types(" and high") }},
		{name: "when a file was attached", signals: []syscall.Signal{killed, terminated}, want: []string{"tides.csv"}, goThere: func(x *terminal) {
			write(x)
			x.types("\x14") // ctrl+t
			x.sees("Attach")
			x.types("\x15" + tides + "\r") // ctrl+u
			x.sees("tides.csv (", "draft kept")
		}},
		{name: "while a file is being attached", signals: []syscall.Signal{killed, hungUp}, goThere: func(x *terminal) {
			write(x)
			x.sees("draft kept")
			x.types("\x14\x15" + tides + "\r")
		}},
		{name: "while an editor has it", signals: []syscall.Signal{killed, terminated, hungUp}, goThere: edit, want: []string{"from the editor"}},
		{name: "while an editor has it, which goes on", signals: []syscall.Signal{terminated, hungUp}, goThere: edit, alone: true, want: []string{"from the editor", "and more"}},
		{name: "while it is being closed", signals: []syscall.Signal{killed, terminated}, goThere: func(x *terminal) { write(x); x.sees("draft kept"); x.types("\x11") }},
		{name: "after it was closed", signals: []syscall.Signal{killed}, goThere: func(x *terminal) { write(x); x.types("\x11"); x.sees("The draft is kept") }},
		{name: "while it is being sent", signals: []syscall.Signal{killed, terminated, hungUp}, sending: true, goThere: func(x *terminal) {
			write(x)
			x.sees("draft kept")
			x.types("\x13") // ctrl+s
		}},
	} {
		for _, sig := range point.signals {
			t.Run(point.name+", "+sig.String(), func(t *testing.T) {
				t.Parallel()
				data := t.TempDir()
				goOn := filepath.Join(data, "go-on")
				editor := writeScript(t, `echo "from the editor" >> "$1"; echo EDITING; until [ -e `+goOn+` ]; do sleep 0.02; done; echo "and more" >> "$1"`)
				start := func() *terminal {
					cmd := exec.Command(program, "-config", config)
					cmd.Env = []string{"XDG_DATA_HOME=" + data, "VISUAL=" + editor, "PASSWORD_0=x", "PATH=" + os.Getenv("PATH")}
					return runInTerminal(t, cmd)
				}
				x := start()
				x.sees("home", "No connection")
				point.goThere(x)
				pid := -x.cmd.Process.Pid // as the terminal does: the editor, too
				if point.alone {
					pid = -pid
				}
				if err := syscall.Kill(pid, sig); err != nil {
					t.Fatal(err)
				}
				if point.alone {
					if err := os.WriteFile(goOn, nil, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				<-x.done
				if point.sending {
					keptOnce(t, data, true)
					return
				}
				x = start()
				x.sees("Unfinished            1")
				x.types("\tj\r")
				x.sees(append(point.want, "zoe@example.org", "low tide")...)
				x.types("\x11")
				x.until(nil, []string{"Subject"})
				x.types("q")
				if code := x.ends(); code != exitOK {
					t.Errorf("exit code %d\n%s", code, x.text())
				}
				keptOnce(t, data, false)
			})
		}
	}
}

// keptOnce fails unless there is one draft or, where it was being sent, one message on its way.
func keptOnce(t *testing.T, data string, sending bool) {
	t.Helper()
	store, closeStore, err := cache.OpenReadOnly(t.Context(), filepath.Join(data, "posthorn"))
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore()
	drafts, err := store.Drafts(t.Context())
	_, outgoing, err2 := store.Waiting(t.Context())
	if err := errors.Join(err, err2); err != nil || len(drafts)+outgoing != 1 || outgoing > 0 && !sending {
		t.Errorf("%d drafts were kept, and %d messages are on their way, %v", len(drafts), outgoing, err)
	}
}

// writeScript is a program of the shell.
func writeScript(t *testing.T, script string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// Told to end from outside, posthorn leaves the terminal as it was and its data whole; nothing it made is others' to read.
func TestToldToEndItLeavesTheTerminalAndTheFilesInOrder(t *testing.T) {
	data, temp := t.TempDir(), t.TempDir()
	nowhere := mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.TLS, User: "anna"}
	config := writeConfig(t, []mail.Account{{Name: "home", Address: "anna@example.org", IMAP: nowhere, SMTP: nowhere}})
	log := filepath.Join(data, "log")
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		cmd := exec.Command("sh", "-c", `umask 000; exec "$@"`, "sh", build(t), "-config", config, "-log", log)
		cmd.Env = []string{"XDG_DATA_HOME=" + data, "TMPDIR=" + temp, "EDITOR=", "VISUAL=", "PASSWORD_0=x"}
		x := runInTerminal(t, cmd)
		x.sees("home", "No connection")
		x.types("c")
		x.sees("Subject")
		x.types("zoe@example.org")
		x.sees("zoe@example.org")
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := x.ends(); code != exitOK {
			t.Errorf("%v: exit code %d\n%s", sig, code, x.text())
		}
	}
	store, closeStore, err := cache.OpenReadOnly(t.Context(), filepath.Join(data, "posthorn"))
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore()
	if drafts, err := store.Drafts(t.Context()); err != nil || len(drafts) != 2 {
		t.Errorf("%d drafts were kept, %v", len(drafts), err)
	}
	for _, root := range []string{data, temp} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || path == root {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is %v", path, info.Mode())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestToTheShellAndBack: the terminal is the shell's meanwhile, and the screen is drawn anew after it.
func TestToTheShellAndBack(t *testing.T) {
	nowhere := mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.TLS, User: "anna"}
	config := writeConfig(t, []mail.Account{{Name: "home", Address: "anna@example.org", IMAP: nowhere, SMTP: nowhere}})
	cmd := exec.Command("bash", "-c", `set -m; "$@"; echo "now the shell"; read -r line; fg`, "bash", build(t), "-config", config)
	cmd.Env = []string{"XDG_DATA_HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "PASSWORD_0=x"}
	x := runInTerminal(t, cmd)
	x.sees("home", "No connection")
	x.types("\x1a")
	x.until([]string{"now the shell"}, []string{"All inboxes"})
	x.types("\n")
	x.until([]string{"home", "All inboxes"}, []string{"now the shell"})
	x.types("?")
	x.sees("type a key, or what it does")
	x.types("\x1b")
	x.until([]string{"All inboxes"}, []string{"type a key"})
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d\n%s", code, x.text())
	}
}

// firstLine is the line of text that holds word.
func firstLine(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			return strings.TrimSpace(line)
		}
	}
	return "\x00"
}

// A second posthorn on the same data says who holds it, and may look.
func TestASecondPosthornIsRefusedOrLooks(t *testing.T) {
	data := t.TempDir()
	store, err := cache.Open(t.Context(), filepath.Join(data, "posthorn"), cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.SetMailboxes(t.Context(), "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}); err != nil {
		t.Fatal(err)
	}
	inbox, _, err := store.MailboxFor(t.Context(), "home", mail.Inbox)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Add(t.Context(), inbox.Key, []mail.Header{{UID: 1, Received: time.Now(), Size: 100,
		Envelope: mail.Envelope{Subject: "Held by the first"}}}, cache.Marks{}); err != nil {
		t.Fatal(err)
	}
	nowhere := mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.TLS, User: "anna"}
	account := mail.Account{Name: "home", Address: "anna@example.org", IMAP: nowhere, SMTP: nowhere}
	program, config := build(t), writeConfig(t, []mail.Account{account})

	t.Setenv("XDG_DATA_HOME", data)
	var said bytes.Buffer
	code := run(t.Context(), []string{"-config", config}, io.Discard, &said)
	want := fmt.Sprintf("posthorn: another posthorn is using this data (process %d): work there or quit it first, or look at the mail with posthorn -read-only\n", os.Getpid())
	if code != exitError || said.String() != want {
		t.Errorf("exit code %d, said %q, want %q", code, said.String(), want)
	}

	look := exec.Command(program, "-config", config, "-read-only")
	x := runInTerminal(t, look)
	x.sees("Held by the first")
	x.types("s")
	x.sees("was started with -read-only")
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// TestAScreenStandsWhatWasDrawnForALargerOne is of the tests' own terminal, which gets smaller while the program draws.
func TestAScreenStandsWhatWasDrawnForALargerOne(t *testing.T) {
	screen := newScreen(10, 4)
	fmt.Fprint(screen, "\x1b[1;36r\x1b[16T\x1b[16S\x1b[36;90H\x1b[16L\x1b[16M\x1b[90@\x1b[90P\x1b[90X\x1b[r\x1b[2;1Hhere")
	if got := strings.TrimSpace(screen.String()); got != "here" {
		t.Errorf("the screen shows %q", got)
	}
}

// TestResizesAtOnceEndInARightScreen changes the size of the terminal faster than anybody draws, through every layout.
func TestResizesAtOnceEndInARightScreen(t *testing.T) {
	data, config := t.TempDir(), writeConfig(t, []mail.Account{nowhere})
	stock(t, filepath.Join(data, "posthorn"), nowhere.Name, 5000)
	cmd := exec.Command(build(t), "-config", config)
	cmd.Env = []string{"XDG_DATA_HOME=" + data, "PASSWORD_0=x"}
	x := runInTerminal(t, cmd)
	x.standsOn(5000)
	for i := range 50 {
		x.resize(40+i*37%161, 12+i*17%49)
	}
	x.resize(100, 30)
	heading := regexp.MustCompile(`^[^│]{26}│ \S.* ─+ *$`)
	x.waits("the list at 100 by 30", func(text string) bool {
		i := 0
		for _, line := range strings.Split(text, "\n")[1:19] {
			if heading.MatchString(line) {
				continue
			}
			if ok, _ := regexp.MatchString(fmt.Sprintf(`^[^│]{26}│.●   Person %d +message %d of many\. +[^│]+$`, (5000-i)%3000, 5000-i), line); !ok {
				return false
			}
			i++
		}
		return i > 15
	})
	x.types("j")
	x.standsOn(4999)
}

// nowhere is an account whose server never answers.
var nowhere = mail.Account{Name: "anna", Address: "anna@example.org",
	IMAP: mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.Insecure, User: "anna"},
	SMTP: mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.Insecure, User: "anna"}}

// BenchmarkProgram is the built program on a database that holds so many messages, without a server: from its start to
// the first list, from a key to the screen, and what that costs; 300 keys at once; the last letter of a search; another
// order of the list; doing nothing. A key and doing nothing are also told as multiples of what the least program with such a
// list takes for them. go test -run '^$' -bench Program -benchtime 10x .
func BenchmarkProgram(b *testing.B) {
	program := build(b)
	for _, count := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			if testing.Short() && count > 100_000 {
				b.Skip("-short")
			}
			data, config := b.TempDir(), writeConfig(b, []mail.Account{nowhere})
			stock(b, filepath.Join(data, "posthorn"), nowhere.Name, count)
			var starts, keys, pastes, searches, sorts []time.Duration
			var octets, resident int
			var spent, idle time.Duration
			for b.Loop() {
				cmd := exec.Command(program, "-config", config)
				cmd.Env = []string{"XDG_DATA_HOME=" + data, "PASSWORD_0=x"}
				began := time.Now()
				x := runInTerminal(b, cmd)
				x.standsOn(count)
				starts = append(starts, time.Since(began))
				b.StopTimer()
				before := x.written()
				took, cpu := x.walks(count)
				keys, octets, spent = append(keys, took...), octets+x.written()-before, spent+cpu
				pastes = append(pastes, x.took(strings.Repeat("j", 300), func() { x.standsOn(count - 400) }))
				term := fmt.Sprint(count - 7)
				x.types("/" + term[:len(term)-1])
				x.until([]string{"message " + term + " of", fmt.Sprintf("message %d of", count-8)}, []string{fmt.Sprintf("message %d of", count-400)})
				searches = append(searches, x.took(term[len(term)-1:], func() {
					x.until([]string{"message " + term + " of"}, []string{fmt.Sprintf("message %d of", count-8)})
				}))
				x.types("\x1b")
				x.until([]string{fmt.Sprintf("message %d of", count-400)}, []string{"message " + term + " of"})
				x.types("Osender")
				x.until([]string{"sender, A to Z"}, []string{"largest first"})
				sorts = append(sorts, x.took("\r", func() { x.sees(fmt.Sprintf("message %d of", count-400), fmt.Sprintf("message %d of", count-3400)) }))
				x.types("Odate\r") // the order is remembered
				x.sees(fmt.Sprintf("message %d of", count-399))
				resident = max(resident, x.proc("status", "VmRSS:"))
				if idle == 0 {
					idle = x.idles()
				}
				x.types("q")
				x.ends()
				b.StartTimer()
			}
			cmd := exec.Command(os.Args[0])
			cmd.Env = []string{fmt.Sprint(leastProgram, "=", count)}
			x := runInTerminal(b, cmd)
			x.standsOn(count)
			_, cpu := x.walks(count)
			reportTimes(b, map[string][]time.Duration{"start": starts, "key": keys, "paste": pastes, "search": searches, "sort": sorts})
			b.ReportMetric(idle.Seconds()/x.idles().Seconds(), "idle/least-program")
			b.ReportMetric(spent.Seconds()/float64(len(keys))*100/cpu.Seconds(), "cpu-key/least-program")
			b.ReportMetric(float64(octets)/float64(len(keys)), "octets/key")
			b.ReportMetric(1000*spent.Seconds()/float64(len(keys)), "cpu-ms/key")
			b.ReportMetric(float64(resident)/1024, "resident-MiB")
			b.ReportMetric(1000*3*idle.Seconds(), "cpu-ms/30s-idle")
		})
	}
}

// BenchmarkProgramSyncs measures what a person waits for while 100,000 messages come from Dovecot, and afterwards.
func BenchmarkProgramSyncs(b *testing.B) {
	const count = 100_000
	program, server := build(b), mailtest.Dovecot(b, "anna")
	start := time.Now().Add(-(count + 10) * time.Minute)
	letters := func(from, to int) iter.Seq[mailtest.Letter] {
		return func(yield func(mailtest.Letter) bool) {
			for n := from; n <= to; n++ {
				at := start.Add(time.Duration(n) * time.Minute)
				raw := fmt.Appendf(nil, "From: Person %d <p%[1]d@example.org>\r\nTo: anna@posthorn.example\r\nSubject: message %d of many.\r\nMessage-ID: <%[2]d@example.org>\r\nDate: %s\r\n\r\nThis is what number %[2]d has to say.\r\n",
					n%3000, n, at.Format(time.RFC1123Z))
				if !yield(mailtest.Letter{Number: n, At: at, Seen: true, Raw: raw}) {
					return
				}
			}
		}
	}
	server.Fill(b, "anna", letters(1, count))
	account := server.Account("anna", mail.Insecure)
	account.SMTP = nowhere.SMTP
	config := writeConfig(b, []mail.Account{account})
	var lists, whole, keys, fresh, cached, news, rawFresh, rawNews []time.Duration
	last := count
	for b.Loop() {
		cmd := exec.Command(program, "-config", config)
		cmd.Env = []string{"XDG_DATA_HOME=" + b.TempDir(), "PASSWORD_0=secret"}
		began := time.Now()
		x := runInTerminal(b, cmd)
		x.standsOn(last)
		lists = append(lists, time.Since(began))
		for n := range 100 {
			asAPersonTypes()
			keys = append(keys, x.took("j", func() { x.standsOn(last - n - 1) }))
		}
		x.waits("the end of the sync", func(text string) bool {
			return !strings.Contains(text, "/s") && strings.Contains(text, fmt.Sprintf("%d,%03d", last/1000, last%1000))
		})
		whole = append(whole, time.Since(began))
		for _, list := range []*[]time.Duration{&fresh, &cached} {
			for n := last - 100; n > last-120; n-- {
				*list = append(*list, x.took("\r", func() { x.sees(fmt.Sprintf("what number %d has to say", n)) }))
				x.types("qj")
				x.standsOn(n - 1)
			}
			x.types("20k")
			x.standsOn(last - 100)
		}
		x.types("gg")
		x.standsOn(last)
		last++
		began = time.Now()
		server.Fill(b, "anna", letters(last, last))
		x.sees(fmt.Sprintf("message %d of many.", last))
		news = append(news, time.Since(began))
		x.types("q")
		x.ends()
		r := dialRaw(b, account.IMAP.Port)
		for n := last - 100; n > last-120; n-- {
			rawFresh = append(rawFresh, r.leavesIdle(func() {}, fmt.Sprintf("UID FETCH %d (FLAGS BODY.PEEK[TEXT])", n)))
		}
		last++
		rawNews = append(rawNews, r.leavesIdle(func() {
			server.Fill(b, "anna", letters(last, last))
			r.until("EXISTS")
		}, fmt.Sprintf("UID FETCH %d:* (UID FLAGS BODY.PEEK[HEADER])", last)))
		r.Close()
	}
	reportTimes(b, map[string][]time.Duration{"list": lists, "whole": whole, "key": keys, "uncached": fresh, "cached": cached, "news": news,
		"raw-uncached": rawFresh, "raw-news": rawNews})
}

// rawSocket is a client that says what it must, in INBOX, and throws away what it hears: what no program could be faster than.
type rawSocket struct {
	net.Conn
	t    testing.TB
	said *bufio.Reader
}

func dialRaw(t testing.TB, port int) *rawSocket {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	r := &rawSocket{Conn: conn, t: t, said: bufio.NewReader(conn)}
	r.says("a LOGIN anna secret", "a OK")
	r.says("a SELECT INBOX", "a OK")
	return r
}

// until reads up to the line with that in it.
func (r *rawSocket) until(text string) {
	r.t.Helper()
	for {
		line, err := r.said.ReadString('\n')
		if err != nil {
			r.t.Fatal(err)
		}
		if strings.Contains(line, text) {
			return
		}
	}
}

func (r *rawSocket) says(command, until string) {
	r.t.Helper()
	fmt.Fprintf(r, "%s\r\n", command)
	r.until(until)
}

// leavesIdle is how long it takes until something happens while it idles, and until it is told what it asks for then.
func (r *rawSocket) leavesIdle(happens func(), command string) time.Duration {
	r.t.Helper()
	r.says("i IDLE", "+ ")
	asAPersonTypes()
	began := time.Now()
	happens()
	r.says("DONE", "i OK")
	r.says("a "+command, "a OK")
	return time.Since(began)
}

// asAPersonTypes waits a little: a key that follows at once on what is seen has always a whole frame before it.
func asAPersonTypes() { <-time.After(time.Duration(20+rand.IntN(20)) * time.Millisecond) }

// reportTimes reports the median, and the 99th percentile by the nearest rank where there are that many.
func reportTimes(b *testing.B, lists map[string][]time.Duration) {
	for name, list := range lists {
		slices.Sort(list)
		b.ReportMetric(1000*list[len(list)/2].Seconds(), name+"-ms")
		if len(list) >= 60 {
			b.ReportMetric(1000*list[(99*len(list)+99)/100-1].Seconds(), name+"-p99-ms")
		}
	}
}

// took is how long it takes from keys to what they lead to.
func (x *terminal) took(keys string, seen func()) time.Duration {
	x.t.Helper()
	began := time.Now()
	x.types(keys)
	seen()
	return time.Since(began)
}

// resize gives the terminal another size.
func (x *terminal) resize(w, h int) {
	x.t.Helper()
	x.mu.Lock()
	x.screen.Resize(w, h)
	x.mu.Unlock()
	if err := pty.Setsize(x.pty, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		x.t.Fatal(err)
	}
}

// stock makes a database whose INBOX holds messages 1 to count, the last the newest.
func stock(b testing.TB, dir, account string, count int) {
	b.Helper()
	must := func(err error) {
		if b.Helper(); err != nil {
			b.Fatal(err)
		}
	}
	store, err := cache.Open(b.Context(), dir, cache.Options{})
	must(err)
	_, err = store.SetMailboxes(b.Context(), account, []mail.Listed{{Name: "INBOX", Delimiter: "/", Role: mail.Inbox}})
	must(err)
	inbox, _, err := store.MailboxFor(b.Context(), account, mail.Inbox)
	must(err)
	start := time.Now().Add(-time.Duration(count) * time.Minute)
	next, mark := mail.UID(count+1), mail.UID(1)
	for from := 1; from <= count; from += 5000 {
		list := make([]mail.Header, 5000)
		for i := range list {
			n, at := from+i, start.Add(time.Duration(from+i)*time.Minute)
			list[i] = mail.Header{UID: mail.UID(n), Received: at, Size: 4000, Envelope: mail.Envelope{Date: at, MessageID: fmt.Sprintf("%d@example.org", n),
				Subject: fmt.Sprintf("message %d of many.", n), From: []mail.Address{{Name: fmt.Sprint("Person ", n%3000), Local: "p", Domain: "example.org"}},
				To: []mail.Address{{Local: account, Domain: "example.org"}}}}
		}
		_, err = store.Add(b.Context(), inbox.Key, list, cache.Marks{UIDNext: &next, Backfill: &mark})
		must(err)
	}
	for more := true; more; {
		more, err = store.Learn(b.Context(), 5000)
		must(err)
	}
	must(store.Close())
}

// standsOn waits until the cursor of the list is on message n of many.
func (x *terminal) standsOn(n int) {
	x.t.Helper()
	row := regexp.MustCompile(fmt.Sprintf(`▎.*message %d of many\.`, n))
	x.waits(fmt.Sprintf("the cursor on message %d", n), row.MatchString)
}

// walks goes down 100 messages from number n as a person does, and tells how long each took and the processor time of all.
func (x *terminal) walks(n int) (took []time.Duration, cpu time.Duration) {
	x.t.Helper()
	before := x.spent()
	for range 100 {
		n--
		asAPersonTypes()
		took = append(took, x.took("j", func() { x.standsOn(n) }))
	}
	return took, x.spent() - before
}

func (x *terminal) written() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.heard.Len()
}

// proc is the number behind a word in a file of /proc about the program; the empty word stands at its beginning.
func (x *terminal) proc(file, word string) (n int) {
	x.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", x.cmd.Process.Pid, file))
	if err != nil {
		x.t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), word)
	if _, err := fmt.Sscan(rest, &n); err != nil {
		x.t.Fatal(err)
	}
	return n
}

// spent is the processor time the program has had.
func (x *terminal) spent() (d time.Duration) {
	x.t.Helper()
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", x.cmd.Process.Pid))
	if err != nil {
		x.t.Skip(err)
	}
	for _, thread := range threads {
		d += time.Duration(x.proc("task/"+thread.Name()+"/schedstat", ""))
	}
	return d
}
