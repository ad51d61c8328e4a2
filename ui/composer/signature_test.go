package composer

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/action"
)

func TestASignatureIsChosenByTheRecipientOrByKey(t *testing.T) {
	d := compose.New(anna())
	d.Sign("Anna")
	k := open(t, d)
	for i := range k.engine.Has {
		k.engine.Has[i].Signature = "Anna"
		k.engine.Has[i].Signatures = map[string]string{"to:*@okafor.example": "Anna Lindqvist, harbour office", "short": "a"}
	}
	k.letters("ben@okafor.example")
	k.quietly(action.NextField)
	if got := k.text.Text(); got != "\n\n-- \nAnna Lindqvist, harbour office\n" {
		t.Errorf("for Ben: %q", got)
	}
	k.moveTo(text)
	k.letters("Hello")
	k.quietly(action.Sign)
	k.root.Top().(interface{ Type(tea.KeyPressMsg) tea.Cmd }).Type(tea.KeyPressMsg{Code: 's', Text: "short"})
	k.quietly(action.Accept)
	if got := k.text.Text(); got != "Hello\n\n-- \na\n" || k.text.At() != len("Hello") {
		t.Errorf("chosen: %q, at %d", got, k.text.At())
	}
	k.moveTo(to)
	k.letters(" x")
	k.moveTo(text)
	if got := k.text.Text(); got != "Hello\n\n-- \na\n" {
		t.Errorf("what was chosen goes by itself: %q", got)
	}
	k.quietly(action.Undo)
	if got := k.text.Text(); got != "Hello\n\n-- \nAnna Lindqvist, harbour office\n" {
		t.Errorf("undone: %q", got)
	}
	k.text.Change("Hello\n\n-- \nby hand\n")
	k.quietly(action.Sign)
	k.quietly(action.Accept)
	k.said("The signature was changed by hand: it stays.")
	if got := k.text.Text(); got != "Hello\n\n-- \nby hand\n" {
		t.Errorf("by hand: %q", got)
	}
}
