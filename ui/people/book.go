// Package people finds whom a person may mean by a few letters, beyond those the database knows from their mail: in
// vCard files, in files of nicknames and groups, and through an external address book. It reads what others wrote and
// refuses to write any of it; what it finds has not passed the gate to the terminal yet.
package people

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"posthorn/mail"
)

// Entry is somebody, or a group: what stands for it in an address field.
type Entry struct {
	Nick string // nickname, or name of a group; may be empty
	List []mail.Address
}

// Book is what the files say. Its zero value is an empty one. It is safe for concurrent use.
type Book struct {
	Paths []string // vCard files, files of nicknames, and folders of vCard files; ~/ is the home folder

	mu      sync.Mutex
	stamps  []stamp
	entries []listed
	trouble string // what could not be read; empty: all could
}

// stamp tells whether a file is still the one that was read.
type stamp struct {
	size int64
	at   time.Time
}

// listed is an entry with the words that it is found by, each after a space, in lower case.
type listed struct {
	Entry
	words string
}

// Bounds on what a file can make us hold.
const (
	maxEntries = 200_000
	maxFile    = 256 << 20
)

// Find is up to n entries of which a word begins with prefix, nicknames that are it before all others. Files that
// changed are read again.
func (b *Book) Find(prefix string, n int) []Entry {
	prefix = strings.ToLower(strings.Join(strings.Fields(prefix), " "))
	if b == nil || len(b.Paths) == 0 || prefix == "" {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reload()
	type hit struct {
		at   int
		nick int // 0: the nickname is it; 1: it begins so; 2: another word does
	}
	var hits []hit
	for i := range b.entries {
		e := &b.entries[i]
		if !strings.Contains(e.words, " "+prefix) {
			continue
		}
		h := hit{i, 2}
		if nick := strings.ToLower(e.Nick); nick == prefix {
			h.nick = 0
		} else if nick != "" && strings.HasPrefix(nick, prefix) {
			h.nick = 1
		}
		if hits = append(hits, h); len(hits) > 100*n { // nobody reads that far
			break
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(x.nick, y.nick) })
	var out []Entry
	for _, h := range hits[:min(len(hits), n)] {
		out = append(out, b.entries[h.at].Entry)
	}
	return out
}

// Trouble is what of the files could not be read, in a sentence; empty: all could.
func (b *Book) Trouble() string {
	if b == nil {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trouble
}

// reload reads the files where one of them is another than before.
func (b *Book) reload() {
	now := make([]stamp, len(b.Paths))
	for i, path := range b.Paths {
		if info, err := os.Stat(home(path)); err == nil {
			now[i] = stamp{info.Size(), info.ModTime()}
		}
	}
	if b.stamps != nil && slices.Equal(now, b.stamps) {
		return
	}
	b.stamps, b.entries, b.trouble = now, nil, ""
	for _, path := range b.Paths {
		if err := b.read(home(path)); err != nil {
			b.trouble = "The contacts of " + mail.Line(path) + " cannot be read: " + mail.Line(err.Error()) + "."
		}
	}
}

func (b *Book) read(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		files, err := filepath.Glob(filepath.Join(path, "*.vcf"))
		for _, file := range files {
			if b.read(file) != nil { // one card of many
				continue
			}
		}
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return os.ErrInvalid
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := strings.ToValidUTF8(strings.TrimPrefix(string(data), "\ufeff"), "\ufffd")
	if strings.Contains(strings.ToUpper(text[:min(len(text), 4096)]), "BEGIN:VCARD") {
		b.add(cards(text))
	} else {
		b.add(nicknames(text))
	}
	return nil
}

func (b *Book) add(list []Entry) {
	for _, e := range list[:min(len(list), maxEntries-len(b.entries))] {
		var w strings.Builder
		w.WriteString(" " + e.Nick)
		if len(e.List) == 1 { // a group is found by its name only
			w.WriteString(" " + strings.Join(strings.FieldsFunc(e.List[0].Name, between), " ") + " " + e.List[0].Addr())
		}
		b.entries = append(b.entries, listed{e, strings.ToLower(w.String())})
	}
}

func between(r rune) bool { return strings.ContainsRune(" \t\r\n\",.()<>'", r) }

func home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if dir, err := os.UserHomeDir(); err == nil {
			return filepath.Join(dir, rest)
		}
	}
	return path
}

// nicknames reads lines such as "crew: Ben <ben@okafor.example>, mira@harbour.example", mutt's "alias crew ...", and plain
// addresses. What begins with # is a remark.
func nicknames(text string) (out []Entry) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		var e Entry
		if rest, ok := strings.CutPrefix(line, "alias "); ok {
			words := strings.Fields(rest)
			for len(words) > 2 && words[0] == "-group" {
				words = words[2:]
			}
			if len(words) < 2 {
				continue
			}
			e.Nick, line = words[0], strings.Join(words[1:], " ")
		} else if nick, rest, ok := strings.Cut(line, ":"); ok && nick != "" && !strings.ContainsAny(nick, "@<>\"") {
			e.Nick, line = strings.TrimSpace(nick), rest
		}
		for _, a := range mail.ParseAddresses(line, nil) {
			if a.Valid() {
				e.List = append(e.List, a)
			}
		}
		if len(e.List) > 0 {
			out = append(out, e)
		}
	}
	return out
}
