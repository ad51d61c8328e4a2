package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/folder"
	"posthorn/ui/widget"
)

// attached are attachments that were found by a path.
type attached []compose.Attachment

// askForFile asks what to attach, beginning in the folder of the last file.
func (c *Composer) askForFile() tea.Cmd {
	from := c.lastFolder
	for _, a := range slices.Backward(c.draft.Attachments) {
		if a.Path != "" {
			from = filepath.Dir(a.Path)
			break
		}
	}
	from = strings.TrimRight(cmp.Or(from, "~"), "/") + "/"
	p := dialog.Prompt(c.env, "Attach a file, a folder, or *.pdf", from, paths, func(path string) tea.Cmd { return c.attachPaths(path) }).Path()
	return tea.Batch(c.env.Root.Push(p.Browsing(c.list)), p.Suggest())
}

// lastFolder is the folder that something was attached from last, in whichever message.
type lastFolder string

// askFolder looks for lastFolder; one that is gone is forgotten.
func (c *Composer) askFolder() tea.Cmd {
	if c.env.Store == nil {
		return nil
	}
	return load(c, func(ctx context.Context) (lastFolder, error) {
		dir, err := c.env.Store.Choice(ctx, folder.From)
		if info, gone := os.Stat(dir); gone != nil || !info.IsDir() {
			dir = ""
		}
		return lastFolder(dir), err
	})
}

// attachPaths attaches what paths name: files at once, folders as archives after a question.
func (c *Composer) attachPaths(paths ...string) tea.Cmd {
	return load(c, func(ctx context.Context) (attached, error) {
		var found attached
		var question packed
		for _, path := range paths {
			if info, err := os.Stat(home(path)); err == nil && info.IsDir() {
				a, n, err := compose.AttachFolder(path)
				if err != nil {
					return nil, err
				}
				question.folders, question.files = append(question.folders, a), question.files+n
				continue
			}
			some, err := find(path)
			if err != nil {
				return nil, err
			}
			found = append(found, some...)
		}
		if all := slices.Concat(found, question.folders); len(all) > 0 {
			_ = c.env.Engine.Choose(ctx, folder.From, filepath.Dir(all[len(all)-1].Path)) // where the next search begins is not worth an error
		}
		if len(question.folders) > 0 {
			return found, &question
		}
		return found, nil
	})
}

// packed is the question whether folders are to go along.
type packed struct {
	folders attached
	files   int
}

func (q *packed) Error() string {
	names, size := make([]string, len(q.folders)), int64(0)
	for i, a := range q.folders {
		names[i], size = mail.Line(a.Name), size+a.Size
	}
	what := "the folder"
	if len(names) > 1 {
		what = fmt.Sprintf("%d folders", len(names))
	}
	return fmt.Sprintf("Attach %s as %s?\n%s, %s before they are packed.", what, strings.Join(names, ", "), count(q.files), widget.Size(size))
}

func count(files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", files)
}

// find looks at the files that a path names: one, or all that match where it has * or ? and names none by itself.
func find(path string) (attached, error) {
	if _, err := os.Lstat(home(path)); err == nil || !strings.ContainsAny(path, "*?[") {
		one, err := compose.Attach(path)
		return attached{one}, err
	}
	matches, bad := filepath.Glob(home(path))
	if bad != nil || len(matches) == 0 {
		return nil, fmt.Errorf("attach %q: there is no such file, and none that matches", path)
	}
	var out attached
	for _, m := range matches {
		if info, err := os.Stat(m); err != nil || info.IsDir() {
			continue
		}
		a, err := compose.Attach(m)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, errors.New("only folders match: name the files in them")
	}
	return out, nil
}

// home is path with ~/ written out.
func home(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	dir, err := os.UserHomeDir()
	if !ok || err != nil {
		return path
	}
	if rest == "" || strings.HasSuffix(rest, "/") {
		return filepath.Join(dir, rest) + "/"
	}
	return filepath.Join(dir, rest)
}

// manyPaths bounds the completions of a path.
const manyPaths = 500

// paths lists what a path could become: folders end in a slash. Hidden files come when the dot is typed.
func paths(typed string) []string {
	folder, base := typed[:strings.LastIndexByte(typed, '/')+1], typed[strings.LastIndexByte(typed, '/')+1:]
	where := home(folder)
	if folder == "" {
		where = "."
	}
	dir, err := os.Open(where)
	if err != nil {
		return nil
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(20 * manyPaths)
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(strings.ToLower(name), strings.ToLower(base)) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		if mail.Text(name) != name || strings.ContainsAny(name, "\n\t") {
			continue // could not be typed or shown as it is
		}
		if info, err := os.Stat(filepath.Join(where, name)); err == nil && info.IsDir() {
			name += "/"
		}
		out = append(out, folder+name)
	}
	slices.Sort(out)
	return out[:min(len(out), manyPaths)]
}

// attach adds files to the draft, each once.
func (c *Composer) attach(found attached, err error) tea.Cmd {
	var question *packed
	switch {
	case errors.As(err, &question):
		asked := c.env.Root.Push(dialog.Confirm(c.env, question.Error(), func() tea.Cmd { return c.attach(question.folders, nil) }))
		if len(found) == 0 {
			return asked
		}
		return tea.Batch(c.attach(found, nil), asked)
	case err != nil:
		c.env.Root.Say(sentence(err))
		return nil
	}
	added := 0
	for _, a := range found {
		same := func(b compose.Attachment) bool {
			return a.Path != "" && a.Path == b.Path || a.Message != 0 && a.Message == b.Message && a.Section == b.Section
		}
		if !slices.ContainsFunc(c.draft.Attachments, same) {
			c.draft.Attachments = append(c.draft.Attachments, a)
			added++
			if a.Path != "" {
				c.lastFolder = filepath.Dir(a.Path)
			}
			if a.Message != 0 {
				c.env.Engine.Open(a.Message, a.Section) // is fetched while the person writes
			}
		}
	}
	size := c.written().Size()
	switch {
	case added == 0:
		c.env.Root.Say("That is attached already.")
		return nil
	case c.limit > 0 && size > int64(c.limit):
		c.env.Root.Say(fmt.Sprintf("With that the message has about %s, and the server takes %s at most: %s removes a file.",
			widget.Size(size), widget.Size(int64(c.limit)), c.env.Keys.Key(action.Composer, action.Detach)))
	case added == 1:
		c.env.Root.Say("Attached " + label(c.draft.Attachments[len(c.draft.Attachments)-1]) + ".")
	default:
		c.env.Root.Say("Attached " + count(added) + ".")
	}
	return c.changed()
}

// sentence is an error for the status line.
func sentence(err error) string { return widget.Sentence(mail.Line(err.Error())) }

func label(a compose.Attachment) string {
	return mail.Line(a.Name) + " (" + widget.Size(a.Size) + ")"
}

// toggleCarried forwards without the files of the original, or with them again.
func (c *Composer) toggleCarried() tea.Cmd {
	d := c.written()
	n, along := d.ToggleCarried()
	which, goes, stay := "The file of the original", "goes", "stays"
	if n != 1 {
		which, goes, stay = fmt.Sprintf("The %d files of the original", n), "go", "stay"
	}
	switch {
	case n == 0:
		c.env.Root.Say("No files came with what is forwarded.")
		return nil
	case along:
		c.env.Root.Say(which + " " + goes + " along.")
	default:
		c.env.Root.Say(fmt.Sprintf("%s %s behind: %s changes that again.", which, stay, c.env.Keys.Key(action.Composer, action.Originals)))
	}
	c.draft.Attachments, c.draft.Left = d.Attachments, d.Left
	return c.changed()
}

// toggleMarkdown lets the message go out as HTML, too, or only as text.
func (c *Composer) toggleMarkdown() tea.Cmd {
	if c.draft.Markdown = !c.draft.Markdown; c.draft.Markdown {
		c.env.Root.Say("It goes out as HTML, too: the text is Markdown, and ![](name) shows an attached picture there.")
	} else {
		c.env.Root.Say("It goes out as text only.")
	}
	return c.changed()
}

// limit is how large a message the server takes, in octets; 0: it is not known.
type limit int64

// askLimit looks what is known of the server that the message goes out through.
func (c *Composer) askLimit() tea.Cmd {
	if c.env.Store == nil {
		return nil
	}
	account := c.draft.Account
	return load(c, func(ctx context.Context) (limit, error) {
		value, err := c.env.Store.Choice(ctx, engine.LimitOf(account))
		n, _ := strconv.ParseInt(value, 10, 64) // nothing is known before the first message
		return limit(n), err
	})
}
