package external

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Editor is the person's editor as program and arguments: the configured one, else $VISUAL, else $EDITOR; nil where
// there is none.
func Editor(configured []string) []string {
	if len(configured) > 0 {
		return configured
	}
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if argv := Words(os.Getenv(name)); len(argv) > 0 {
			return argv
		}
	}
	return nil
}

// Words splits a command line at white space; quotes and backslashes keep words together. Nothing else that a shell
// would do is done.
func Words(line string) []string {
	var out []string
	var word strings.Builder
	inWord, quote := false, byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == '\'':
			word.WriteByte(c)
		case c == '\\' && i+1 < len(line):
			i++
			word.WriteByte(line[i])
			inWord = true
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inWord = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				out = append(out, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		out = append(out, word.String())
	}
	return out
}

// scratchPrefix begins the name of a directory with an edited text; our process id follows.
const scratchPrefix = "posthorn-edit-"

// Scratch is a text on disk while an editor has it: a file of mode 0600 in a directory of its own, which also takes
// what the editor leaves beside it.
type Scratch struct{ dir string }

// NewScratch writes text where an editor finds it. What earlier runs left behind when they were killed goes first.
func NewScratch(text string) (*Scratch, error) {
	Sweep()
	dir, err := os.MkdirTemp(scratchRoot(), scratchPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("make a file for the editor: %w", err)
	}
	s := &Scratch{dir}
	if err := os.WriteFile(s.path(), []byte(text), 0o600); err != nil {
		s.Remove()
		return nil, fmt.Errorf("make a file for the editor: %w", err)
	}
	return s, nil
}

// scratchRoot is in memory and ours alone where the system has such a place.
func scratchRoot() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return os.TempDir()
}

// path ends in .eml, by which editors know that it is mail.
func (s *Scratch) path() string { return filepath.Join(s.dir, "message.eml") }

// Command is the editor on the text.
func (s *Scratch) Command(editor []string) *exec.Cmd {
	return exec.Command(editor[0], append(editor[1:len(editor):len(editor)], s.path())...)
}

// longestText bounds what is read back from an editor.
const longestText = 64 << 20

// Read is the text as the editor left it.
func (s *Scratch) Read() (string, error) {
	info, err := os.Lstat(s.path())
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", errors.New("the editor left no text behind")
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", errors.New("the editor left something else than a file behind")
	case info.Size() > longestText:
		return "", errors.New("the text is too long")
	}
	f, err := os.Open(s.path())
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longestText))
	return string(b), err
}

// Remove takes the text off the disk.
func (s *Scratch) Remove() { os.RemoveAll(s.dir) }

// viewPrefix begins the name of a directory with an attachment that was opened; our process id follows.
const viewPrefix = "posthorn-view-"

// ViewFolder is a new folder of our own for a file that another program is to show. It stays when posthorn ends, since
// that program may still have it open, and is swept at the next start.
func ViewFolder() (string, error) {
	return os.MkdirTemp("", viewPrefix+strconv.Itoa(os.Getpid())+"-")
}

// Sweep removes what processes that are no more left behind: texts of an editor, when they were killed, and attachments
// that were opened. Drafts and mail themselves are in the database.
func Sweep() {
	sweep(scratchRoot(), scratchPrefix)
	sweep(os.TempDir(), viewPrefix)
}

func sweep(root, prefix string) {
	left, err := filepath.Glob(filepath.Join(root, prefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && n > 0 && !alive(n) {
			os.RemoveAll(dir)
		}
	}
}
