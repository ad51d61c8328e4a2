package body

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"posthorn/mail"
)

// Bounds on archives. They are listed, never unpacked.
const (
	maxEntries  = 1000
	maxUnpacked = 64 << 20 // octets of a compressed archive looked through
	bombRatio   = 200      // more than that is not what people send each other
	bombSize    = 100 << 20
)

// entry is one file in an archive.
type entry struct {
	name      string
	size      uint64
	modified  time.Time
	encrypted bool
}

// listing is what is known of an archive.
type listing struct {
	entries []entry
	count   int    // of files, also those not listed
	total   uint64 // octets unpacked
	cut     bool   // there is more than was looked at
}

func (l *listing) add(e entry) {
	l.count++
	if l.total+e.size >= l.total {
		l.total += e.size
	}
	if len(l.entries) < maxEntries {
		l.entries = append(l.entries, e)
	}
}

func viewZip(a *article, _ mail.Part, data []byte, _ Options) {
	l, err := listZip(data)
	a.archive(l, err, len(data))
}

func viewTar(a *article, _ mail.Part, data []byte, _ Options) {
	l, err := listTar(data)
	a.archive(l, err, len(data))
}

// archive adds what is in an archive of the given size.
func (a *article) archive(l listing, err error, size int) {
	if err != nil && len(l.entries) == 0 {
		a.note("This archive cannot be read: " + mail.Line(err.Error()) + ".")
		return
	}
	t := &table{columns: 3, heads: 1, rows: []tableRow{{{text: "File", span: 1}, {text: "Size", column: 1, span: 1, right: true}, {text: "Modified", column: 2, span: 1}}}}
	encrypted, outside := false, false
	for _, e := range l.entries {
		encrypted = encrypted || e.encrypted
		outside = outside || leavesFolder(e.name)
		row := tableRow{{text: cut(mail.Line(e.name), maxCellText), span: 1}}
		if !strings.HasSuffix(e.name, "/") {
			row = append(row, cell{text: sizeWords(int64(min(e.size, 1<<62))), column: 1, span: 1, right: true})
		}
		if e.modified.Year() > 1980 {
			row = append(row, cell{text: e.modified.Format("2006-01-02 15:04"), column: 2, span: 1})
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) > 1 {
		a.add(paragraph{table: t, kind: TableLine})
		a.add(paragraph{kind: Blank})
	}
	a.note(fmt.Sprintf("%d entries, %s unpacked.", l.count, sizeWords(int64(min(l.total, 1<<62)))))
	for _, w := range []struct {
		is   bool
		text string
	}{
		{l.count > len(l.entries) || l.cut, "There is more than is listed here."},
		{encrypted, "Files in it are protected by a password."},
		{outside, "Names in it lead out of the folder it would be unpacked in."},
		{l.total > bombSize && l.total/bombRatio > uint64(size), "It unpacks to far more than it looks: do not unpack it unless you know why."},
		{err != nil, "It is damaged behind what is listed here."},
	} {
		if w.is {
			a.note(w.text)
		}
	}
}

// leavesFolder tells whether a file would land elsewhere than below the folder of its archive.
func leavesFolder(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || name == ".." || strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || strings.HasSuffix(name, "/..")
}

var errArchive = errors.New("it is not what it says, or damaged")

// listZip reads the central directory at the end of an archive, as far as it can be trusted to be one.
func listZip(data []byte) (l listing, err error) {
	le := binary.LittleEndian
	tail := data[max(0, len(data)-(64<<10)-22):]
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return l, errArchive
	}
	end := len(data) - len(tail) + at
	size, offset := int(le.Uint32(data[end+12:])), int(le.Uint32(data[end+16:]))
	start := end - size // files may have something in front of them
	if start < 0 || offset == 1<<32-1 {
		start = bytes.Index(data, []byte("PK\x01\x02"))
	}
	if start < 0 {
		return l, errArchive
	}
	for d := data[start:end]; bytes.HasPrefix(d, []byte("PK\x01\x02")); {
		if len(d) < 46 {
			return l, errArchive
		}
		names, extras, comments := int(le.Uint16(d[28:])), int(le.Uint16(d[30:])), int(le.Uint16(d[32:]))
		if len(d) < 46+names+extras+comments {
			return l, errArchive
		}
		flags := le.Uint16(d[8:])
		e := entry{name: string(d[46 : 46+names]), size: uint64(le.Uint32(d[24:])), modified: dosTime(le.Uint16(d[14:]), le.Uint16(d[12:])), encrypted: flags&1 != 0}
		if e.size == 1<<32-1 {
			e.size = zip64Size(d[46+names:46+names+extras], e.size)
		}
		if flags&0x800 == 0 && !utf8.ValidString(e.name) { // of an old system
			if s, err := charmap.CodePage437.NewDecoder().String(e.name); err == nil {
				e.name = s
			}
		}
		l.add(e)
		d = d[46+names+extras+comments:]
	}
	return l, nil
}

// zip64Size is the size in the extra field of large files.
func zip64Size(extra []byte, size uint64) uint64 {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			break
		}
		if id == 1 && n >= 8 {
			return binary.LittleEndian.Uint64(extra)
		}
		extra = extra[n:]
	}
	return size
}

// dosTime is a date as the format keeps it.
func dosTime(date, clock uint16) time.Time {
	return time.Date(1980+int(date>>9), time.Month(date>>5&15), int(date&31), int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// listTar reads through an archive, unpacking it on the way where it is compressed, up to a bound.
func listTar(data []byte) (l listing, err error) {
	var r io.Reader = bytes.NewReader(data)
	limited := &io.LimitedReader{N: maxUnpacked}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return l, errArchive
		}
		limited.R, r = z, limited
	}
	for files := tar.NewReader(r); l.count < maxEntries; {
		h, err := files.Next()
		switch {
		case err == io.EOF && (l.count > 0 || len(data) == 0):
			return l, nil
		case err != nil && limited.R != nil && limited.N == 0:
			l.cut = true
			return l, nil
		case err != nil:
			return l, errArchive
		}
		l.add(entry{name: h.Name, size: uint64(max(h.Size, 0)), modified: h.ModTime.UTC()})
	}
	l.cut = true
	return l, nil
}
