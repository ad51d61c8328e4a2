package mailtest

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// startDaemon runs a script of the shell that has a server running until its input ends, which is when the test ends,
// be it by a crash; or until the server ends, as where another took its port. It returns when the server has said ready. What it said is shown with a test that fails.
func startDaemon(t testing.TB, name, ready, script string, args ...string) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", script}, args...)...)
	life, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	log := &logLines{}
	isReady := log.read(out, ready)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		in.Close()
		close(ended)
	}()
	t.Cleanup(func() {
		life.Close()
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", name, log)
		}
	})
	select {
	case <-isReady:
	case <-ended:
	case <-t.Context().Done():
	}
	if !log.has(ready) {
		t.Fatalf("%s does not start:\n%s", name, log)
	}
}

// logLines keeps what a program says.
type logLines struct {
	mu    sync.Mutex
	lines []string
}

// read takes all that comes, and closes ready at a line with word, or at the end.
func (l *logLines) read(r io.Reader, word string) (ready <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		once := sync.OnceFunc(func() { close(done) })
		defer once()
		for s := bufio.NewScanner(r); s.Scan(); {
			l.mu.Lock()
			l.lines = append(l.lines, s.Text())
			l.mu.Unlock()
			if strings.Contains(s.Text(), word) {
				once()
			}
		}
	}()
	return done
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

func (l *logLines) has(word string) bool { return strings.Contains(l.String(), word) }
