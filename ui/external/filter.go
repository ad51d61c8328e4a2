package external

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"posthorn/mail"
)

// Bounds on a program that text is piped through.
const (
	filterTime = 20 * time.Second
	filterSize = 16 << 20 // of what it writes, in bytes
)

// Filter runs a program apart from our terminal, with input on its standard input, and returns what it writes. columns
// is told to it as COLUMNS; 0: not at all. The error is one sentence with the last line of what the program complained.
func Filter(ctx context.Context, argv []string, input []byte, columns int) ([]byte, error) {
	if len(argv) == 0 {
		return nil, errors.New("no program was named")
	}
	ctx, cancel := context.WithTimeout(ctx, filterTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	apart(cmd)
	cmd.WaitDelay = time.Second
	if columns > 0 {
		cmd.Env = append(os.Environ(), "COLUMNS="+strconv.Itoa(columns))
	}
	var out, complaint bounded
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("there is no program %s", mail.Line(argv[0]))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return out.kept, fmt.Errorf("%s took longer than %v and was stopped", mail.Line(argv[0]), filterTime)
	case errors.As(err, &exit):
		lines := strings.Split(strings.TrimSpace(string(complaint.kept)), "\n")
		return out.kept, fmt.Errorf("%s ended with %v: %s", mail.Line(argv[0]), exit, mail.Line(lines[len(lines)-1]))
	}
	return out.kept, err
}

// bounded keeps the first filterSize bytes of what is written to it.
type bounded struct{ kept []byte }

func (b *bounded) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), filterSize-len(b.kept))]...)
	return len(p), nil
}
