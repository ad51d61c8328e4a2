package action

// Changes tells whether an action is of no use where nothing can be changed: it is refused there before it begins.
func (a Action) Changes() bool {
	switch a {
	case Reply, ReplyAll, ReplyList, Forward, ForwardAttach, Redirect, EditAsNew, Compose, Template,
		Archive, Delete, Expunge, Move, Copy, Junk, Label, ToggleRead, Star, KeepView, Unsubscribe,
		NewMailbox, RenameMailbox, MoveMailbox, DeleteMailbox, Subscribe, ReadAll, EmptyMailbox,
		Undo, Redo, Resend, WasSent, GiveBack, GiveUp, Refresh:
		return true
	}
	return false
}

// Repeats tells whether an action can be done several times in a row, as a count before its key says.
func (a Action) Repeats() bool {
	switch a {
	case Down, Up, PageDown, PageUp, HalfDown, HalfUp, Select, FindNext, FindBack:
		return true
	}
	return false
}
