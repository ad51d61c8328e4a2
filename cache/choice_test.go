package cache

import (
	"os"
	"strings"
	"testing"
)

func TestChoicesAreKeptReplacedAndForgotten(t *testing.T) {
	f := newFixture(t)
	f.ok(f.Choose(f.ctx, "folder", "/tmp/a"))
	f.ok(f.Choose(f.ctx, "folder", "/tmp/b"))
	f.ok(f.Choose(f.ctx, "form ben@example.org", "text/html"))
	f.ok(f.Choose(f.ctx, "form ben@example.org", ""))
	for name, want := range map[string]string{"folder": "/tmp/b", "form ben@example.org": "", "never": ""} {
		if got, err := f.Choice(f.ctx, name); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	f.close()
	raw, err := os.ReadFile(f.path())
	f.ok(err)
	f.ok(os.WriteFile(f.path(), append([]byte(strings.Repeat("x", 100)), raw[100:]...), 0o600))
	f.open()
	if got, err := f.Choice(f.ctx, "folder"); err != nil || got != "/tmp/b" {
		t.Errorf("after the damage: %q, %v", got, err)
	}
}
