package action

// Scope is a part of the UI in which keys have a meaning of their own.
type Scope string

// The scopes. Keys are looked up in the scopes of the focused screen, innermost first, and in App at last.
const (
	App      Scope = "app"         // everywhere but in text fields
	Message  Scope = "message"     // on the selected messages: in the list and in the reader
	Index    Scope = "list"        // the message list
	Sidebar  Scope = "sidebar"     // accounts and mailboxes
	Pager    Scope = "reader"      // an open message
	Lines    Scope = "lines"       // an open message while lines of it are selected
	Finding  Scope = "finding"     // an open message while places found in it are marked
	Composer Scope = "composer"    // writing: everywhere
	Field    Scope = "field"       // writing: header fields
	Editor   Scope = "editor"      // writing: the text
	Marked   Scope = "selection"   // writing: the text while some of it is selected
	Offered  Scope = "completions" // writing: a header field while completions are shown
	Dialog   Scope = "dialog"      // pickers and prompts: they take typed text
	Question Scope = "question"    // yes or no
	Scroll   Scope = "scroll"      // whatever scrolls: log, help, source
	Outbox   Scope = "outbox"      // what waits for the servers
	Files    Scope = "attachments"
)
