package auth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"posthorn/mail"
)

func account(command ...string) mail.Account {
	return mail.Account{Name: "home", PasswordCommand: command}
}

// counted is a command that writes a line to a file whenever it runs, and then prints a password.
func counted(t *testing.T) (a mail.Account, runs func() int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "runs")
	return account("sh", "-c", `echo run >>"$0"; echo secret`, file), func() int {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(b), "run\n")
	}
}

func TestPasswordIsTheFirstLineACommandPrints(t *testing.T) {
	for name, c := range map[string]struct{ print, want string }{
		"one line":            {`secret\n`, "secret"},
		"no line end":         {`secret`, "secret"},
		"further lines":       {`secret\nuser: anna\n`, "secret"},
		"line end of Windows": {`secret\r\n`, "secret"},
		"spaces are part":     {` se cret \n`, " se cret "},
	} {
		got, err := NewSecrets().Password(t.Context(), account("printf", c.print))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPasswordCommandRunsWithoutAShell(t *testing.T) {
	got, err := NewSecrets().Password(t.Context(), account("printf", "%s", "$HOME; `id`"))
	if want := "$HOME; `id`"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
}

func TestPasswordCommandThatFailsIsQuoted(t *testing.T) {
	for name, c := range map[string]struct {
		argv []string
		want string
	}{
		"its error output": {[]string{"sh", "-c", "echo 'no \033[31msuch entry' >&2; exit 3"}, "sh failed: no ␛[31msuch entry (exit status 3)"},
		"only its status":  {[]string{"sh", "-c", "exit 3"}, "sh failed: exit status 3"},
		"no such program":  {[]string{"/nowhere/at-all"}, "/nowhere/at-all: it does not exist"},
		"nothing printed":  {[]string{"true"}, "true printed no password"},
		"an empty line":    {[]string{"echo"}, "echo printed no password"},
	} {
		_, err := NewSecrets().Password(t.Context(), account(c.argv...))
		if err == nil || !strings.Contains(err.Error(), c.want) || mail.KindOf(err) != mail.Auth || errors.Is(err, ErrAsk) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPasswordCommandEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "started")
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			if _, err := os.Stat(file); err != nil { // the command removes it
				return
			}
		}
	}()
	_, err := NewSecrets().Password(ctx, account("sh", "-c", `rmdir "$0"; exec sleep 1000`, file))
	if mail.KindOf(err) != mail.Canceled {
		t.Errorf("%v", err)
	}
}

func TestPasswordIsAskedForOnceAndRemembered(t *testing.T) {
	a, runs := counted(t)
	s := NewSecrets()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got, err := s.Password(t.Context(), a); got != "secret" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
	if runs() != 1 {
		t.Errorf("the command ran %d times", runs())
	}
}

func TestRejectedPasswordIsAskedForAgain(t *testing.T) {
	a, runs := counted(t)
	s := NewSecrets()
	for range 2 {
		if _, err := s.Password(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		s.Reject(a.Name)
	}
	if runs() != 2 {
		t.Errorf("the command ran %d times", runs())
	}
}

func TestOneWhoGivesUpDoesNotStopOthersFromGettingThePassword(t *testing.T) {
	s := NewSecrets()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	a := account("echo", "secret")
	if _, err := s.Password(gone, a); mail.KindOf(err) != mail.Canceled {
		t.Errorf("%v", err)
	}
	if got, err := s.Password(t.Context(), a); got != "secret" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWithoutASourceTheUserIsAsked(t *testing.T) {
	s := NewSecrets()
	a := mail.Account{Name: "home"}
	if _, err := s.Password(t.Context(), a); !errors.Is(err, ErrAsk) || mail.KindOf(err) != mail.Auth {
		t.Errorf("%v", err)
	}
	s.Provide("home", "typed")
	if got, err := s.Password(t.Context(), a); got != "typed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	s.Reject("home")
	if _, err := s.Password(t.Context(), a); !errors.Is(err, ErrAsk) {
		t.Errorf("after it was rejected: %v", err)
	}
}

func TestPasswordIsTakenOutOfTheEnvironment(t *testing.T) {
	t.Setenv("POSTHORN_TEST_SECRET", "CNRYSECRET")
	s := NewSecrets()
	for _, name := range []string{"home", "work"} {
		if got, err := s.Password(t.Context(), mail.Account{Name: name, PasswordEnv: "POSTHORN_TEST_SECRET"}); got != "CNRYSECRET" || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if left, ok := os.LookupEnv("POSTHORN_TEST_SECRET"); ok {
		t.Errorf("children inherit %q", left)
	}
	_, err := s.Password(t.Context(), mail.Account{Name: "other", PasswordEnv: "POSTHORN_TEST_UNSET"})
	if !errors.Is(err, ErrAsk) || !strings.Contains(err.Error(), "POSTHORN_TEST_UNSET is not set") {
		t.Errorf("a variable that is not set: %v", err)
	}
}

func TestKeyring(t *testing.T) {
	keyring.MockInit()
	a := mail.Account{Name: "home", PasswordKeyring: true}
	if _, err := NewSecrets().Password(t.Context(), a); !errors.Is(err, ErrAsk) {
		t.Errorf("before anything was stored: %v", err)
	}
	if err := Store("home", "kept"); err != nil {
		t.Fatal(err)
	}
	if got, err := NewSecrets().Password(t.Context(), a); got != "kept" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	keyring.MockInitWithError(errors.New("no keyring here"))
	if _, err := NewSecrets().Password(t.Context(), a); !errors.Is(err, ErrAsk) || !strings.Contains(err.Error(), "no keyring here") {
		t.Errorf("without a keyring: %v", err)
	}
	if err := Store("home", "lost"); mail.KindOf(err) != mail.Rejected {
		t.Errorf("stored without a keyring: %v", err)
	}
}

func TestTheLimitOfACommandIsHalfAMinute(t *testing.T) {
	if commandLimit.Seconds() != 30 {
		t.Errorf("%v", commandLimit)
	}
}
