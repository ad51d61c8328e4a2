package compose

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFiles bounds what one folder brings along.
const maxFiles = 5000

// AttachFolder looks at a folder that is to go as an archive, and tells how many files are in it. It takes regular
// files only, and follows no links; the archive is made by Build.
func AttachFolder(path string) (a Attachment, files int, err error) {
	full, err := absolute(path)
	if err != nil {
		return a, 0, fmt.Errorf("attach %q: %w", path, err)
	}
	var size int64
	err = eachFile(full, func(_, _ string, info fs.FileInfo) error {
		files, size = files+1, size+info.Size()
		return nil
	})
	switch {
	case err != nil:
		return a, 0, fmt.Errorf("attach %q: %w", path, plainly(err))
	case files == 0:
		return a, 0, fmt.Errorf("attach %q: there are no files in it", path)
	case size > maxAttachment:
		return a, files, fmt.Errorf("attach %q: it has %d MB, and the limit is %d MB: share it in another way", path, size>>20, maxAttachment>>20)
	}
	return Attachment{Path: full, Folder: true, Name: safeName(filepath.Base(full) + ".zip"), MediaType: "application/zip", Size: size}, files, nil
}

// eachFile visits the regular files below a folder in order, with their names in it.
func eachFile(folder string, visit func(path, name string, info fs.FileInfo) error) error {
	n := 0
	return filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		if n++; n > maxFiles {
			return fmt.Errorf("there are more than %d files in it", maxFiles)
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return visit(path, filepath.ToSlash(name), info)
	})
}

// zipped is a folder as an archive. The same files give the same bytes.
func zipped(folder string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	top := safeName(filepath.Base(folder))
	err := eachFile(folder, func(path, name string, info fs.FileInfo) error {
		h := &zip.FileHeader{Name: top + "/" + strings.ToValidUTF8(name, "_"), Method: zip.Deflate, Modified: info.ModTime()}
		h.SetMode(info.Mode().Perm())
		out, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		in, err := os.Open(path)
		if err != nil {
			return plainly(err)
		}
		defer in.Close()
		if _, err := io.Copy(out, io.LimitReader(in, maxAttachment)); err != nil {
			return err
		}
		if b.Len() > maxAttachment {
			return errors.New("it has grown beyond the limit: share it in another way")
		}
		return nil
	})
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}
