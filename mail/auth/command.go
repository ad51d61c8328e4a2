package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"posthorn/mail"
)

// commandLimit is how long a password command may take: it may ask for a passphrase itself.
const commandLimit = 30 * time.Second

// commandOutput bounds what is kept of each of a command's outputs.
const commandOutput = 64 << 10

// fromCommand runs a program without a shell and takes the first line it prints.
func fromCommand(ctx context.Context, argv []string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	name := filepath.Base(argv[0])
	cmd := exec.CommandContext(limited, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second // a grandchild that keeps our pipe open does not keep us
	var out, said start
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "", fmt.Errorf("%s took longer than %v", name, commandLimit)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		if words := mail.Line(string(said)); words != "" {
			return "", fmt.Errorf("%s failed: %s (%w)", name, words, err)
		}
		return "", fmt.Errorf("%s failed: %w", name, err)
	}
	line, _, _ := bytes.Cut(out, []byte("\n"))
	if line = bytes.TrimSuffix(line, []byte("\r")); len(line) == 0 {
		return "", fmt.Errorf("%s printed no password", name)
	}
	return string(line), nil
}

// start keeps the beginning of what is written to it.
type start []byte

func (s *start) Write(p []byte) (int, error) {
	*s = append(*s, p[:min(len(p), commandOutput-len(*s))]...)
	return len(p), nil
}
