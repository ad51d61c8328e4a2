package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"posthorn/mail"
)

// maxAttachment bounds one attached file; what servers take is less.
const maxAttachment = 50 << 20

// Attach looks at the file a person named. It takes regular files only, so that reading can never block, and keeps
// the path; the bytes are read by Build. "~/" is the home directory, as in a shell.
func Attach(path string) (Attachment, error) {
	fail := func(format string, args ...any) (Attachment, error) {
		return Attachment{}, fmt.Errorf("attach %q: "+format, append([]any{path}, args...)...)
	}
	if strings.TrimSpace(path) == "" {
		return Attachment{}, errors.New("attach: no file was named")
	}
	if strings.ContainsAny(path, "\r\n\x00") {
		return fail("there is a line break or a NUL in the name: rename the file")
	}
	full, err := absolute(path)
	if err != nil {
		return fail("%w", err)
	}
	data, size, err := open(full, 512)
	if err != nil {
		return fail("%w", err)
	}
	name := safeName(filepath.Base(full))
	return Attachment{Path: full, Name: name, MediaType: mediaType(name, data), Size: size}, nil
}

func absolute(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}

// open reads up to limit bytes of a regular file within maxAttachment and tells its size.
func open(path string, limit int64) ([]byte, int64, error) {
	info, err := os.Stat(path) // before opening: a named pipe would block
	if err != nil {
		return nil, 0, plainly(err)
	}
	if err := attachable(info); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, plainly(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return nil, 0, plainly(err)
	}
	return data, info.Size(), nil
}

func attachable(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("that is a directory: attach the files in it, or an archive of it")
	case !info.Mode().IsRegular():
		return errors.New("that is not a regular file")
	case info.Size() > maxAttachment:
		return fmt.Errorf("it has %d MB, and the limit is %d MB: share it in another way", info.Size()>>20, maxAttachment>>20)
	}
	return nil
}

// plainly is err without the path, which the message names already.
func plainly(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("you are not allowed to read it")
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// safeName is a file name as it may travel: no directories, nothing invisible, not longer than file systems take.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 || r == 0x7f:
			return -1
		case strings.ContainsRune(`:*?"<>|`, r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = mail.Line(name)
	if strings.Trim(name, ". ") == "" {
		return "attachment"
	}
	const longest = 120
	if utf8.RuneCountInString(name) > longest {
		ext := filepath.Ext(name)
		if len(ext) > 12 {
			ext = ""
		}
		name = string([]rune(strings.TrimSuffix(name, ext))[:longest-len(ext)]) + ext
	}
	return name
}

// mediaTypes by file extension: a table of our own, so that the same file has the same type on every machine.
var mediaTypes = map[string]string{
	".7z": "application/x-7z-compressed", ".avif": "image/avif", ".bmp": "image/bmp", ".bz2": "application/x-bzip2",
	".c": "text/plain", ".css": "text/css", ".csv": "text/csv", ".diff": "text/x-patch", ".doc": "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".eml": "message/rfc822",
	".epub": "application/epub+zip", ".flac": "audio/flac", ".gif": "image/gif", ".go": "text/plain", ".gpx": "application/gpx+xml",
	".gz": "application/gzip", ".heic": "image/heic", ".htm": "text/html", ".html": "text/html", ".ics": "text/calendar",
	".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".json": "application/json", ".log": "text/plain", ".m4a": "audio/mp4",
	".md": "text/markdown", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".odp": "application/vnd.oasis.opendocument.presentation",
	".ods": "application/vnd.oasis.opendocument.spreadsheet", ".odt": "application/vnd.oasis.opendocument.text", ".ogg": "audio/ogg",
	".patch": "text/x-patch", ".pdf": "application/pdf", ".png": "image/png",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".py": "text/x-python", ".rtf": "application/rtf",
	".sh": "application/x-sh", ".svg": "image/svg+xml", ".tar": "application/x-tar", ".tgz": "application/gzip", ".tif": "image/tiff", ".tiff": "image/tiff",
	".toml": "application/toml", ".tsv": "text/tab-separated-values", ".txt": "text/plain", ".vcf": "text/vcard", ".wav": "audio/x-wav",
	".webm": "video/webm", ".webp": "image/webp", ".xls": "application/vnd.ms-excel",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xml": "application/xml", ".xz": "application/x-xz",
	".yaml": "application/yaml", ".yml": "application/yaml", ".zip": "application/zip", ".zst": "application/zstd",
}

// signatures are first bytes that tell what a file without a known extension is.
var signatures = []struct{ begins, mediaType string }{
	{"%PDF-", "application/pdf"}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"\xff\xd8\xff", "image/jpeg"}, {"GIF8", "image/gif"},
	{"PK\x03\x04", "application/zip"}, {"\x1f\x8b", "application/gzip"}, {"BZh", "application/x-bzip2"}, {"\xfd7zXZ\x00", "application/x-xz"},
	{"(\xb5/\xfd", "application/zstd"}, {"OggS", "audio/ogg"}, {"fLaC", "audio/flac"}, {"ID3", "audio/mpeg"},
}

// mediaType is told by the extension of a file, else by its first bytes.
func mediaType(name string, first []byte) string {
	if t := mediaTypes[strings.ToLower(filepath.Ext(name))]; t != "" {
		return t
	}
	for _, s := range signatures {
		if bytes.HasPrefix(first, []byte(s.begins)) {
			return s.mediaType
		}
	}
	if len(first) > 0 && looksLikeText(first) {
		return "text/plain"
	}
	return "application/octet-stream"
}

// looksLikeText allows a character cut in two at the end.
func looksLikeText(first []byte) bool {
	for i := 0; i < len(first); {
		r, n := utf8.DecodeRune(first[i:])
		if r == utf8.RuneError && n == 1 {
			return len(first)-i < utf8.UTFMax && !utf8.FullRune(first[i:])
		}
		if r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		i += n
	}
	return true
}

// extension is the usual one of a media type, or empty.
func extension(mediaType string) string {
	switch mediaType {
	case "text/plain":
		return ".txt"
	case "image/jpeg":
		return ".jpg"
	case "text/html":
		return ".html"
	}
	best := ""
	for ext, t := range mediaTypes {
		if t == mediaType && (best == "" || ext < best) {
			best = ext
		}
	}
	return best
}
