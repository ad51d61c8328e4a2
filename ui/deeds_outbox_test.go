package ui_test

import (
	"posthorn/mail/mailtest"
	"posthorn/ui/action"
)

// theLine is the stock, and a line that breaks as the first message has been handed over.
func theLine(r *rig) {
	theStock(r)
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot, Times: 1})
}

// later leads to the outbox, where two letters wait for their time.
const later = aLetter + " alt+s 'in,2d enter c 'cy@friends.example tab tab tab 'Goodbye tab 'Last,words alt+s 'in,3d enter g o"

var outboxDeeds = []deed{
	{action.Outbox, action.WasSent, aLetter + " ctrl+s g o", func(s *stage) { s.hides("May have been sent"); s.Sees("Nothing waits") }},
	{action.Outbox, action.Down, later, stands("Goodbye")},
	{action.Outbox, action.Up, "g o j", stands("Hello")},
	{action.Outbox, action.PageDown, "g o", stands("Goodbye")},
	{action.Outbox, action.PageUp, "g o pgdown", stands("Hello")},
	{action.Outbox, action.Resend, "g o", func(s *stage) { s.sent("Hello"); s.hides("to ben@friends.example") }},
	{action.Outbox, action.GiveBack, "g o", shows("Last words")},
	{action.Outbox, action.GiveUp, later, func(s *stage) { s.shows("kept as a draft"); s.hides("Hello"); s.Sees("Goodbye") }},
	{action.Outbox, action.Back, "g o", hides("Waiting")},
}
