package compose

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/body"
)

// corpus lists the messages of the shared corpus, which is not part of the repository.
func corpus(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..", "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the shared corpus is missing")
		}
		t.Skip("the shared corpus is not here")
	}
	var files []string
	for _, pattern := range []string{"hostile/*.eml", "real/*/*"} {
		list, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	if len(files) < 200 {
		t.Fatalf("only %d messages in the corpus", len(files))
	}
	return files
}

func TestWhateverComesInCanBeAnsweredAndForwarded(t *testing.T) {
	for _, file := range corpus(t) {
		info, err := os.Stat(file)
		if err != nil || info.IsDir() {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := Original{Message: mail.Message{Key: 1, Size: int64(len(raw))}, Envelope: body.Envelope(body.ParseHeader(raw)), Text: string(raw)}
		env := environment()
		env.Load = func(Attachment) ([]byte, error) { return raw, nil }
		for _, mode := range []Mode{ReplySender, ReplyAll, ReplyList, ForwardInline, ForwardAttached} {
			d := Answer(o, mode, robin, Attribution{})
			if d.To == "" && d.Cc == "" {
				d.To = "anna@x.example"
			}
			b, err := Build(d, env)
			if err != nil {
				if !strings.Contains(err.Error(), "is not a domain name") {
					t.Errorf("%s, mode %d: %v", filepath.Base(file), mode, err)
				}
				continue
			}
			checkHeader(t, file, b)
			if back, err := ParseEdited(EditText(d), d); err != nil || back.To != d.To || back.Subject != d.Subject {
				t.Errorf("%s, mode %d: edited without a change: %v", filepath.Base(file), mode, err)
			}
		}
	}
}

// checkHeader looks for fields that nobody asked for.
func checkHeader(t *testing.T, file string, b Built) {
	t.Helper()
	head, _, _ := bytes.Cut(b.Bytes, []byte("\r\n\r\n"))
	seen := map[string]bool{}
	international := slices.ContainsFunc(b.Recipients, func(a mail.Address) bool { return !isASCII(a.Local) })
	for line := range strings.SplitSeq(string(head), "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, " "):
		case seen[name]:
			t.Errorf("%s: a second %s", file, name)
		default:
			seen[name] = true
			switch name {
			case "Date", "From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding":
			default:
				t.Errorf("%s: field %q", file, line)
			}
		}
		if len(line) > 998 || !isASCII(line) && !international || strings.TrimSpace(line) == "" {
			t.Errorf("%s: header line %q", file, line)
		}
	}
	if len(b.Recipients) == 0 || strings.Contains(string(head), "\x1b") {
		t.Errorf("%s:\n%s", file, head)
	}
}
