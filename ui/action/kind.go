package action

// Changes tells whether an action is of no use where nothing can be changed: it is refused there before it begins.
func (a Action) Changes() bool {
	switch a {
	case Reply, ReplyAll, ReplyList, Forward, ForwardAttach, Redirect, EditAsNew, Compose, Template,
		Archive, Delete, Expunge, Move, Copy, Junk, Label, ToggleRead, Star, KeepView, Unsubscribe,
		NewMailbox, RenameMailbox, MoveMailbox, DeleteMailbox, Subscribe, ReadAll, EmptyMailbox, Pause,
		Undo, Redo, Resend, WasSent, GiveBack, GiveUp, Refresh:
		return true
	}
	return false
}

// OfMailbox tells whether an action of the sidebar is done to a mailbox or its account. Where the sidebar does not have the
// keys it can be asked for by name, and is done to the mailbox that the list shows.
func (a Action) OfMailbox() bool {
	switch a {
	case NewMailbox, RenameMailbox, MoveMailbox, DeleteMailbox, Subscribe, EmptyMailbox, Pause:
		return true
	}
	return false
}

// Repeats tells whether an action can be done several times in a row, as a count before its key says.
func (a Action) Repeats() bool {
	switch a {
	case Down, Up, PageDown, PageUp, HalfDown, HalfUp, FindNext, FindBack:
		return true
	}
	return false
}

// ToSeveral tells whether an action is done to so many messages as a count before its key says, in a list of them.
func (a Action) ToSeveral() bool {
	switch a {
	case Archive, Delete, Expunge, Move, Copy, Junk, Label, Mute, ToggleRead, Star, Export, ForwardAttach:
		return true
	}
	return false
}
