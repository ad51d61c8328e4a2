package external

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// scratchPrefix begins the name of a directory with an edited text.
const scratchPrefix = "edit-"

// Scratch is a text on disk while an editor has it: a file of mode 0600 in a directory of its own, which also takes
// what the editor leaves beside it. Should the program end meanwhile, it is found by Left at the next start.
type Scratch struct {
	dir  string
	name string // of the text's file
}

// Names of the files in a scratch's directory. They end as editors know mail and plain text.
const (
	mailName = "message.eml"
	textName = "message.txt"
	noteName = "draft"
)

// NewScratch writes text where an editor finds it, below root: a message, or where it has no header a plain text. Note
// is what has to be known of it when it is found later.
func NewScratch(root, text string, header bool, note string) (*Scratch, error) {
	if root != "" {
		if err := os.MkdirAll(root, 0o700); err != nil {
			return nil, fmt.Errorf("make a file for the editor: %w", err)
		}
	}
	dir, err := os.MkdirTemp(root, scratchPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a file for the editor: %w", err)
	}
	s := &Scratch{dir, textName}
	if header {
		s.name = mailName
	}
	err = errors.Join(os.WriteFile(filepath.Join(dir, noteName), []byte(note), 0o600), os.WriteFile(s.path(), []byte(text), 0o600))
	if err != nil {
		s.Remove()
		return nil, fmt.Errorf("make a file for the editor: %w", err)
	}
	return s, nil
}

// Left is what is below root of editors that had a text when the program was ended.
func Left(root string) []*Scratch {
	dirs, _ := filepath.Glob(filepath.Join(root, scratchPrefix+"*"))
	out := make([]*Scratch, len(dirs))
	for i, dir := range dirs {
		out[i] = &Scratch{dir, textName}
		if _, err := os.Lstat(filepath.Join(dir, mailName)); err == nil {
			out[i].name = mailName
		}
	}
	return out
}

func (s *Scratch) path() string { return filepath.Join(s.dir, s.name) }

// Header tells whether the text begins with a header.
func (s *Scratch) Header() bool { return s.name == mailName }

// Command is the editor on the text.
func (s *Scratch) Command(editor []string) *exec.Cmd {
	return exec.Command(editor[0], append(editor[1:len(editor):len(editor)], s.path())...)
}

// longestText bounds what is read back from an editor.
const longestText = 64 << 20

// Read is the text as the editor left it.
func (s *Scratch) Read() (string, error) { return read(s.path()) }

// Note is what was to be known of the text.
func (s *Scratch) Note() (string, error) { return read(filepath.Join(s.dir, noteName)) }

func read(path string) (string, error) {
	info, err := os.Lstat(path)
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
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longestText))
	return string(b), err
}

// Remove takes the text off the disk.
func (s *Scratch) Remove() { os.RemoveAll(s.dir) }
