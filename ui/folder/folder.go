// Package folder puts what a message brings where the person wants it: under names made safe, in folders that exist,
// over nothing that is there. It refuses to open what acts rather than shows.
package folder

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"posthorn/mail"
	"posthorn/ui/external"
)

// Last is the name of the choice of the folder that something was put into last.
const Last = "folder"

// From is the name of the choice of the folder that something was attached from last.
const From = "attach-from"

// longestName bounds a file name, in bytes.
const longestName = 200

// Name is a part's file name as it may be shown and used: the last element of whatever the sender wrote, without
// anything that a shell, a file system or an eye could take for something else.
func Name(p *mail.Part) string {
	name := mail.Line(p.Filename)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, ".- "), ". ")
	if stem, _, _ := strings.Cut(name, "."); reserved(stem) {
		name = "_" + name
	}
	if len(name) > longestName {
		ext := filepath.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		name = strings.ToValidUTF8(name[:longestName-len(ext)], "") + ext
	}
	if name == "" {
		name = unnamed(p)
	}
	return name
}

// reserved are the names of devices on some systems, whatever their extension.
func reserved(stem string) bool {
	stem = strings.ToUpper(stem)
	if len(stem) == 4 && stem[3] >= '0' && stem[3] <= '9' {
		stem = stem[:3]
		return stem == "COM" || stem == "LPT"
	}
	return slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem)
}

func unnamed(p *mail.Part) string {
	if p.Message() {
		return "message.eml"
	}
	known := map[string]string{"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "application/pdf": ".pdf",
		"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "text/csv": ".csv"}
	return "attachment" + known[p.MediaType]
}

// SaveAll writes files into a folder that exists, under names that are not taken.
func SaveAll(dir string, parts []*mail.Part, contents [][]byte) (names []string, err error) {
	root, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for i, p := range parts {
		name, err := saveOne(root, Name(p), contents[i])
		if err != nil {
			return names, err
		}
		names = append(names, name)
	}
	return names, nil
}

// manyNames bounds how many taken names are tried.
const manyNames = 1000

func saveOne(root *os.Root, name string, content []byte) (string, error) {
	file, name, err := create(root, name)
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		root.Remove(name)
		return "", err
	}
	return name, nil
}

// Create makes a new file in a folder that exists, to be written to; its name gets a number where it is taken.
func Create(dir, name string) (*os.File, error) {
	root, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, _, err := create(root, name)
	return file, err
}

// open opens a folder that exists.
func open(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no folder %s", dir)
	}
	return root, err
}

// create never overwrites: a name that is taken gets a number. Nothing can lead out of root.
func create(root *os.Root, name string) (*os.File, string, error) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 1; n < manyNames; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s (%d)%s", stem, n, ext)
		}
		file, err := root.OpenFile(try, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		return file, try, err
	}
	return nil, "", fmt.Errorf("there are too many files named %s already", name)
}

// programs are the kinds of files that act as soon as they are opened, as they came.
var programs = strings.Fields(`.desktop .exe .bat .cmd .com .scr .pif .js .jse .vbs .vbe .wsf .wsh .hta .msi .msp .msc .reg .lnk .url .website
	.jar .jnlp .app .command .workflow .scpt .terminal .dmg .pkg .deb .rpm .flatpak .flatpakref .snap .iso .img .vhd .docm .xlsm .pptm
	.application .gadget .cpl .inf`)

// scripts are the kinds of files that are run only where somebody gave them the right to be, which a file that we write
// has not: most desktops show them in an editor.
var scripts = strings.Fields(`.sh .bash .zsh .fish .csh .run .appimage .py .pl .rb .php .lua .ps1 .psm1 .service`)

// Program tells by its name whether a file is one that is made to be run.
func Program(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return slices.Contains(programs, ext) || slices.Contains(scripts, ext)
}

// Refusal is why a file is not opened. It can be saved, and then be run by whoever knows it for what it is.
type Refusal struct {
	Name string // of the file
	Why  string // a sentence about it
	Asks bool   // it is opened once the person has said so, knowing Why
}

func (r *Refusal) Error() string { return r.Name + " " + r.Why + ": it can only be saved" }

// refusal is why a file is not to be opened; nil: it shows, and does not act. A lie about what it is, and what would
// act at once, is for nobody to open from here; what needs to be given the right first is a question.
func refusal(name string, content []byte) *Refusal {
	ext := strings.ToLower(filepath.Ext(name))
	begins := func(with string) bool { return bytes.HasPrefix(content, []byte(with)) }
	switch {
	case slices.Contains(programs, ext), begins("MZ"), bytes.HasPrefix(bytes.TrimSpace(content), []byte("[Desktop Entry]")):
		return &Refusal{name, "is a program, or could act as one", false}
	case !honest(ext, content):
		return &Refusal{name, "is not what its name says", false}
	case begins("\x7fELF"):
		return &Refusal{name, "is a program", true}
	case slices.Contains(scripts, ext), begins("#!"):
		return &Refusal{name, "is a script", true}
	}
	return nil
}

// View writes a part where its program can read it, without the right to be run. What would act rather than show is
// refused, with a Refusal; asked says that the person was asked about one that Asks, and wants it opened.
func View(p *mail.Part, content []byte, asked bool) (path string, err error) {
	if r := refusal(Name(p), content); r != nil && !(asked && r.Asks) {
		return "", r
	}
	dir, err := external.ViewFolder()
	if err != nil {
		return "", err
	}
	names, err := SaveAll(dir, []*mail.Part{p}, [][]byte{content})
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, names[0]), nil
}

// honest tells whether a content can be what its extension says, as far as both are well known.
func honest(ext string, content []byte) bool {
	seen, _, _ := mime.ParseMediaType(http.DetectContentType(content))
	said := map[string]string{".pdf": "application/pdf", ".png": "image/", ".jpg": "image/", ".jpeg": "image/", ".gif": "image/", ".webp": "image/"}[ext]
	switch {
	case said != "":
		return strings.HasPrefix(seen, said)
	case seen == "text/html":
		return slices.Contains([]string{".html", ".htm", ".xhtml", ".eml", ".txt", ".md", ".svg", ".xml"}, ext)
	}
	return true
}

// Expanded is dir with ~ written out.
func Expanded(dir string) string {
	home, err := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(dir, "~"); ok && err == nil && (rest == "" || rest[0] == '/') {
		return filepath.Join(home, rest)
	}
	return dir
}

// Shortened is dir with ~ for the home folder.
func Shortened(dir string) string {
	home, err := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(dir, home); ok && err == nil && len(home) > 1 && (rest == "" || rest[0] == '/') {
		return "~" + rest
	}
	return dir
}

// manyFolders bounds the completions of a folder's name.
const manyFolders = 200

// Complete lists the folders that a typed one could become.
func Complete(typed string) []string {
	above, base := typed[:strings.LastIndexByte(typed, '/')+1], typed[strings.LastIndexByte(typed, '/')+1:]
	where := Expanded(above)
	if where == "" {
		where = "."
	}
	entries, err := os.ReadDir(where)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(strings.ToLower(name), strings.ToLower(base)) || name[0] == '.' && base == "" || mail.Line(name) != name {
			continue
		}
		if info, err := os.Stat(filepath.Join(where, name)); err == nil && info.IsDir() {
			if out = append(out, above+name+"/"); len(out) == manyFolders {
				break
			}
		}
	}
	return out
}
