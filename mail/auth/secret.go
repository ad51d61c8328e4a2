package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/zalando/go-keyring"

	"posthorn/mail"
)

// ErrAsk means that only the user can tell the password.
var ErrAsk = errors.New("the password must be asked for")

// service is the name of our entries in the OS keyring.
const service = "posthorn"

// Secrets finds passwords and remembers them while the program runs. It is safe for concurrent use.
type Secrets struct {
	mu          sync.Mutex
	known       map[string]string  // by account name
	asking      map[string]*answer // by account name: a source that is being asked
	environment map[string]string  // by variable: what was taken out of the environment
}

// answer is what a source says, to all who wait for it: a password command may open a dialog, and one is enough.
type answer struct {
	done     chan struct{} // closed when the rest is set
	password string
	err      error
}

// NewSecrets is an empty memory.
func NewSecrets() *Secrets {
	return &Secrets{known: map[string]string{}, asking: map[string]*answer{}, environment: map[string]string{}}
}

// Password is the account's password: the one provided or found before, else from the source the account names. The
// error is of kind Auth, and ErrAsk where the user must be asked; Canceled where ctx ended.
func (s *Secrets) Password(ctx context.Context, a mail.Account) (string, error) {
	fail := func(kind mail.Kind, err error) (string, error) {
		return "", &mail.Error{Op: "get the password of " + a.Name, Kind: kind, Err: err}
	}
	for {
		s.mu.Lock()
		if password, ok := s.known[a.Name]; ok {
			s.mu.Unlock()
			return password, nil
		}
		w, waiting := s.asking[a.Name]
		if !waiting {
			w = &answer{done: make(chan struct{})}
			s.asking[a.Name] = w
		}
		s.mu.Unlock()
		if !waiting {
			go s.ask(ctx, a, w) // beside, as a keyring that opens a dialog knows no ctx
		}
		select {
		case <-ctx.Done():
		case <-w.done:
		}
		switch {
		case ctx.Err() != nil:
			return fail(mail.Canceled, ctx.Err())
		case errors.Is(w.err, context.Canceled) || errors.Is(w.err, context.DeadlineExceeded):
			// the one who asked gave up: ask ourselves
		case w.err != nil:
			return fail(mail.Auth, w.err)
		default:
			return w.password, nil
		}
	}
}

// ask asks the account's source and remembers a password, unless one was provided meanwhile.
func (s *Secrets) ask(ctx context.Context, a mail.Account, w *answer) {
	w.password, w.err = s.find(ctx, a)
	s.mu.Lock()
	defer s.mu.Unlock()
	if typed, ok := s.known[a.Name]; ok {
		w.password, w.err = typed, nil
	} else if w.err == nil {
		s.known[a.Name] = w.password
	}
	delete(s.asking, a.Name)
	close(w.done)
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

func (s *Secrets) find(ctx context.Context, a mail.Account) (string, error) {
	switch {
	case len(a.PasswordCommand) > 0:
		return fromCommand(ctx, a.PasswordCommand)
	case a.PasswordEnv != "":
		if password := s.fromEnvironment(a.PasswordEnv); password != "" {
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

// fromEnvironment takes a password out of the environment, so that no program started from here on inherits it.
func (s *Secrets) fromEnvironment(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if password := os.Getenv(name); password != "" {
		s.environment[name] = password
		os.Unsetenv(name)
	}
	return s.environment[name]
}
