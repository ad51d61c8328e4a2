package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"posthorn/ui/widget"
)

// farewell is the last line on the terminal: what waits for the next start; empty where nothing does.
func (a *App) farewell() string {
	if a.env.Demo { // its data are gone with it
		return ""
	}
	ctx, now := context.WithoutCancel(a.env.Ctx), a.env.Now()
	wishes, outgoing, err := a.env.Store.Waiting(ctx)
	if err != nil {
		return ""
	}
	planned, next, err := a.env.Store.Planned(ctx, now.Add(countdownFrom))
	if err != nil {
		return ""
	}
	var lines []string
	if line := waitingLine(wishes, outgoing-planned); line != "" {
		lines = append(lines, line+" for the next start.")
	}
	if planned > 0 {
		lines = append(lines, plannedLine(planned, next, now)+": that needs posthorn to run then.")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// plannedLine is what goes out at a given time.
func plannedLine(n int, next, now time.Time) string {
	if n == 1 {
		return "1 message goes out " + widget.When(next, now)
	}
	return fmt.Sprintf("%s messages go out later, the first %s", widget.Thousands(n), widget.When(next, now))
}

// waitingLine is what has not reached a server, with its verb; empty where nothing waits.
func waitingLine(wishes, outgoing int) string {
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{wishes, "change"}, {outgoing, "message"}} {
		switch p.n {
		case 0:
		case 1:
			parts = append(parts, "1 "+p.noun)
		default:
			parts = append(parts, widget.Thousands(p.n)+" "+p.noun+"s")
		}
	}
	verb := "wait"
	if wishes+outgoing == 1 {
		verb = "waits"
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + " " + verb
}
