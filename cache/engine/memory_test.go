package engine

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"posthorn/mail"
)

// measured is the variable of the environment that tells the child process of BenchmarkMemory what to do.
const measured = "POSTHORN_MEASURE"

// errand is what the child does: synchronise an account that has so many messages.
type errand struct {
	Account mail.Account
	Count   int
}

// BenchmarkMemory is what a process of its own holds during the first synchronisation at most, and at rest after it.
func BenchmarkMemory(b *testing.B) {
	sizes(b, func(b *testing.B, count int) {
		l := newLarge(b, count)
		task, err := json.Marshal(errand{l.account, count})
		l.must(err)
		var peak, after float64
		for b.Loop() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryOfAnErrand$", "-test.v")
			cmd.Env = append(os.Environ(), measured+"="+string(task))
			out, err := cmd.CombinedOutput()
			if err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			peak, after = max(peak, kilobytes(b, string(out), "VmHWM:")/1024), max(after, kilobytes(b, string(out), "VmRSS:")/1024)
		}
		b.ReportMetric(peak, "peak-MiB")
		b.ReportMetric(after, "after-MiB")
	})
}

// kilobytes is the number behind a name in /proc/self/status.
func kilobytes(t testing.TB, status, name string) float64 {
	t.Helper()
	_, rest, _ := strings.Cut(status, name)
	words := strings.Fields(rest)
	if len(words) == 0 {
		t.Fatalf("no %s in %q", name, status)
	}
	n, err := strconv.ParseFloat(words[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestMemoryOfAnErrand is the child process of BenchmarkMemory, and nothing else.
func TestMemoryOfAnErrand(t *testing.T) {
	task := os.Getenv(measured)
	if task == "" {
		t.Skip("it is a part of BenchmarkMemory")
	}
	var e errand
	if err := json.Unmarshal([]byte(task), &e); err != nil {
		t.Fatal(err)
	}
	l := &large{b: t, account: e.Account, next: e.Count + 1}
	c := l.open(t.TempDir())
	c.synced()
	l.must(c.e.Settle(t.Context())) // what was learned of it too
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	t.Log(string(status)) // before the database checks itself
	c.close()
}
