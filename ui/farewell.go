package ui

import (
	"context"
	"fmt"
	"strings"

	"posthorn/ui/widget"
)

// farewell is the last line on the terminal: what waits for the next start; empty where nothing does.
func (a *App) farewell() string {
	if a.env.Demo { // its data are gone with it
		return ""
	}
	wishes, outgoing, err := a.env.Store.Waiting(context.WithoutCancel(a.env.Ctx))
	if err != nil {
		return ""
	}
	return waitingLine(wishes, outgoing)
}

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
	return fmt.Sprintf("%s %s for the next start.", strings.Join(parts, " and "), verb)
}
