package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"posthorn/mail"
)

// ErrAsk means that only the user can tell the password.
var ErrAsk = errors.New("the password must be asked for")

// commandLimit is how long a password command may take: it may ask for a passphrase itself.
const commandLimit = 60 * time.Second

// service is the name of our entries in the OS keyring.
const service = "posthorn"

// Secrets finds passwords and remembers them while the program runs. It is safe for concurrent use.
type Secrets struct {
	mu    sync.Mutex
	known map[string]string // by account name
}

// NewSecrets is an empty memory.
func NewSecrets() *Secrets { return &Secrets{known: map[string]string{}} }

// Password is the account's password: the one provided or found before, else from the source the account names. The
// error is of kind Auth, and ErrAsk where the user must be asked.
func (s *Secrets) Password(ctx context.Context, a mail.Account) (string, error) {
	s.mu.Lock()
	password, ok := s.known[a.Name]
	s.mu.Unlock()
	if ok {
		return password, nil
	}
	password, err := find(ctx, a)
	if err != nil {
		return "", &mail.Error{Op: "get the password of " + a.Name, Kind: mail.Auth, Err: err}
	}
	s.Provide(a.Name, password)
	return password, nil
}

// Provide remembers what the user typed.
func (s *Secrets) Provide(account, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[account] = password
}

// Reject forgets a password that a server refused, so that its source is asked again.
func (s *Secrets) Reject(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, account)
}

// Store puts a password into the OS keyring.
func Store(account, password string) error {
	if err := keyring.Set(service, account, password); err != nil {
		return &mail.Error{Op: "store the password in the keyring", Kind: mail.Rejected, Err: err}
	}
	return nil
}

func find(ctx context.Context, a mail.Account) (string, error) {
	switch {
	case len(a.PasswordCommand) > 0:
		return fromCommand(ctx, a.PasswordCommand)
	case a.PasswordEnv != "":
		if password := os.Getenv(a.PasswordEnv); password != "" {
			return password, nil
		}
		return "", fmt.Errorf("%w: the environment variable %s is not set", ErrAsk, a.PasswordEnv)
	case a.PasswordKeyring:
		password, err := keyring.Get(service, a.Name)
		if err != nil { // not stored yet, or no keyring here, as over ssh
			return "", fmt.Errorf("%w: the keyring says: %w", ErrAsk, err)
		}
		return password, nil
	}
	return "", ErrAsk
}

// fromCommand runs a program without a shell and takes the first line it prints.
func fromCommand(ctx context.Context, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second // a child that keeps our pipe open does not keep us
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s took longer than %v", argv[0], commandLimit)
	}
	if err != nil {
		return "", fmt.Errorf("%s failed: %w %s", argv[0], err, mail.Line(said.String()))
	}
	line, _, _ := strings.Cut(string(out), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fmt.Errorf("%s printed no password", argv[0])
	}
	return line, nil
}
