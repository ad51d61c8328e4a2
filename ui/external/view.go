package external

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// viewPrefix begins the name of a directory with an attachment that was opened; our process id follows.
const viewPrefix = "posthorn-view-"

// ViewFolder is a new folder of our own for a file that another program is to show. It stays when posthorn ends, since
// that program may still have it open, and is swept at the next start.
func ViewFolder() (string, error) {
	return os.MkdirTemp("", viewPrefix+strconv.Itoa(os.Getpid())+"-")
}

// Sweep removes the attachments that processes left behind which are no more. Mail itself is in the database.
func Sweep() {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), viewPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), viewPrefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && n > 0 && !alive(n) {
			os.RemoveAll(dir)
		}
	}
}
