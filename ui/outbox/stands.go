package outbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/widget"
)

// stands is how a message stands, in words.
func (o *Outbox) stands(out cache.Outgoing) string {
	said := ""
	if out.LastError != "" {
		said = ": " + mail.Line(out.LastError)
	}
	key := func(a action.Action) string { return o.env.Keys.Key(action.Outbox, a) }
	switch out.State {
	case cache.Queued:
		if o.paused(out.Account) {
			return others(out) + untilResumed(out.Account)
		}
		if out.Attempts > 0 {
			return others(out) + "Will be tried again" + said
		}
		wait := out.NotBefore.Sub(o.env.Now())
		if wait > time.Minute {
			return fmt.Sprintf("Goes out %s, as long as posthorn runs then; %s sends it now.", widget.When(out.NotBefore, o.env.Now()), key(action.Resend))
		}
		if wait > 0 {
			return fmt.Sprintf("Is sent in %d s; %s takes it back.", seconds(wait), key(action.GiveBack))
		}
		return "Waits to be sent."
	case cache.Sending, cache.DotSent:
		return "Is being sent."
	case cache.Sent:
		return "Was sent; a copy is on its way to Sent."
	case cache.Failed:
		if len(out.Refused) > 0 {
			return fmt.Sprintf("%sWas refused, and is not tried again by itself: %s makes it a draft for those below, %s tries once more.",
				others(out), key(action.GiveBack), key(action.Resend))
		}
		return "Was refused" + said
	case cache.Uncertain:
		return fmt.Sprintf("May have been sent: no answer came at the last moment. posthorn looks for it in Sent by itself. "+
			"If you know better: %s, it was sent; %s, send it again.", key(action.WasSent), key(action.Resend))
	}
	return ""
}

func (o *Outbox) paused(account string) bool {
	return slices.ContainsFunc(o.env.Engine.States(), func(s engine.State) bool { return s.Account == account && s.Phase == engine.Paused })
}

// untilResumed is why nothing goes on.
func untilResumed(account string) string {
	return fmt.Sprintf("Waits: the account %s is paused.", mail.Line(account))
}

// others says that somebody has a message that is still in the outbox.
func others(out cache.Outgoing) string {
	if out.Copy == cache.NoCopy {
		return ""
	}
	return "The others have it. "
}

// refusals are lines below how a message stands, one for each who was refused, in the server's words.
func refusals(out cache.Outgoing) string {
	var b strings.Builder
	for _, r := range out.Refused {
		fmt.Fprintf(&b, "\n%s: %s", mail.Line(r.Address), mail.Line(r.Said))
	}
	return b.String()
}

// seconds is what is left of a wait, as the status line counts it: the database keeps whole seconds, rounded up.
func seconds(wait time.Duration) int { return max(1, int(wait/time.Second)) }
