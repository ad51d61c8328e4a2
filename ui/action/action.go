// Package action is the table of everything a user can ask for: name, help, scope and default keys. Screens see
// actions, never keys; the help screen, the conflict check and the README's key table are made from this table.
package action

// Action is the name of something a user can ask for. It is what [keys] in the configuration refers to.
type Action string

// The actions.
const (
	Quit        Action = "quit"
	Help        Action = "help"
	Undo        Action = "undo"
	Compose     Action = "compose"
	Refresh     Action = "refresh"
	Redraw      Action = "redraw"
	Suspend     Action = "suspend"
	NextAccount Action = "next-account"
	AccountN    Action = "account-" // prefix: account-1 … account-9
	GoInbox     Action = "go-inbox"
	GoAll       Action = "go-all-inboxes"
	GoSent      Action = "go-sent"
	GoDrafts    Action = "go-drafts"
	GoArchive   Action = "go-archive"
	GoTrash     Action = "go-trash"
	GoMailbox   Action = "go-mailbox"
	GoStarred   Action = "go-starred"
	GoBack      Action = "go-back"
	GoForward   Action = "go-forward"
	GoUnread    Action = "go-unread"
	GoAllSent   Action = "go-all-sent"
	GoAllDrafts Action = "go-all-drafts"
	NextAny     Action = "next-unread-anywhere"
	Palette     Action = "palette"
	Search      Action = "search"
	SaveSearch  Action = "save-search"
	ShowLog     Action = "log"
	PickTheme   Action = "theme"
	ShowTasks   Action = "tasks"
	ShowOutbox  Action = "outbox"
	SwitchPane  Action = "switch-pane"
	ToggleSide  Action = "toggle-sidebar"
	Layout      Action = "layout"
	Wider       Action = "wider"
	Narrower    Action = "narrower"

	NewMailbox    Action = "new-mailbox"
	RenameMailbox Action = "rename-mailbox"
	DeleteMailbox Action = "delete-mailbox"
	Subscribe     Action = "subscribe"
	ReadAll       Action = "read-all"
	EmptyMailbox  Action = "empty-mailbox"
	MoveMailbox   Action = "move-mailbox"
	Pause         Action = "pause-account"

	Down     Action = "down"
	Up       Action = "up"
	PageDown Action = "page-down"
	PageUp   Action = "page-up"
	HalfDown Action = "half-page-down"
	HalfUp   Action = "half-page-up"
	Top      Action = "top"
	Bottom   Action = "bottom"
	Open     Action = "open"
	Back     Action = "back"

	Reply         Action = "reply"
	ReplyAll      Action = "reply-all"
	ReplyList     Action = "reply-list"
	Forward       Action = "forward"
	ForwardAttach Action = "forward-attached"
	Redirect      Action = "redirect"
	EditAsNew     Action = "edit-as-new"
	ToggleRead    Action = "toggle-read"
	Star          Action = "star"
	Archive       Action = "archive"
	Delete        Action = "delete"
	Move          Action = "move"
	Copy          Action = "copy"
	Expunge       Action = "delete-for-good"
	Junk          Action = "junk"
	Label         Action = "label"
	Mute          Action = "mute"
	Export        Action = "export"
	About         Action = "about"

	Select       Action = "select"
	SelectAll    Action = "select-all"
	SelectFound  Action = "select-found"
	SelectThread Action = "select-conversation"
	SelectSender Action = "select-sender"
	SelectRange  Action = "select-range"
	NextUnread   Action = "next-unread"
	OnlyUnread   Action = "only-unread"
	Fold         Action = "fold"
	Flat         Action = "flat"
	Roomy        Action = "two-lines"
	Sort         Action = "sort"

	OnlyStarred     Action = "only-starred"
	OnlyAttachments Action = "only-attachments"
	OnlyToMe        Action = "only-to-me"
	OnlySender      Action = "only-sender"
	OnlyList        Action = "only-list"

	Next        Action = "next-message"
	Previous    Action = "previous-message"
	Headers     Action = "all-headers"
	Source      Action = "source"
	SwitchView  Action = "switch-text-html"
	KeepView    Action = "keep-text-html"
	View        Action = "view"
	Pipe        Action = "pipe"
	Attachments Action = "attachments"
	Unsubscribe Action = "unsubscribe"
	OpenLink    Action = "open-link"
	CopyLink    Action = "copy-link"
	Find        Action = "find"
	FindNext    Action = "find-next"
	FindBack    Action = "find-previous"
	EndFind     Action = "end-find"
	Quotes      Action = "fold-quotes"
	Unfold      Action = "unfold"
	SelectLines Action = "select-lines"
	OtherEnd    Action = "other-end"
	Continue    Action = "continue" // page down, at the end the next unread

	Send         Action = "send"
	SendLater    Action = "send-later"
	SendFile     Action = "send-and-archive"
	Attach       Action = "attach"
	AttachLetter Action = "attach-message"
	Detach       Action = "detach"
	Markdown     Action = "markdown"
	ExternalEd   Action = "external-editor"
	Template     Action = "template"
	Sign         Action = "sign"
	ReplyTo      Action = "reply-to"
	Originals    Action = "original-files"
	SwitchFrom   Action = "switch-from"
	NextField    Action = "next-field"
	PrevField    Action = "previous-field"
	CloseDraft   Action = "close-draft"
	Discard      Action = "discard-draft"
	TakeBack     Action = "take-back"
	Redo         Action = "redo"
	SelectText   Action = "select-text"
	CopyText     Action = "copy-text"
	CutText      Action = "cut-text"
	Reflow       Action = "reflow"

	Accept   Action = "accept"
	Cancel   Action = "cancel"
	Yes      Action = "yes"
	No       Action = "no"
	Complete Action = "complete"
	Browse   Action = "browse"
	Save     Action = "save"
	SaveAll  Action = "save-all"

	Resend   Action = "resend"
	WasSent  Action = "was-sent"
	GiveBack Action = "give-back"
	GiveUp   Action = "give-up"
)

// Entry is one line of the table.
type Entry struct {
	Action Action
	Scope  Scope
	Keys   []string // default keys, in the notation of package keys; the first is the one hints show
	Help   string   // what it does, as help and README show it
	Hint   string   // one word for the bottom line; empty: not hinted at
}

// Table is in the order of the help screen.
var Table = []Entry{
	{Down, Index, []string{"j", "down"}, "next message", ""},
	{Up, Index, []string{"k", "up"}, "previous message", ""},
	{PageDown, Index, []string{"pgdown", "ctrl+f"}, "a page down", ""},
	{PageUp, Index, []string{"pgup", "ctrl+b"}, "a page up", ""},
	{HalfDown, Index, []string{"ctrl+d"}, "half a page down", ""},
	{HalfUp, Index, []string{"ctrl+u"}, "half a page up", ""},
	{Top, Index, []string{"g g", "home"}, "newest message", ""},
	{Bottom, Index, []string{"G", "end"}, "oldest message", ""},
	{Open, Index, []string{"enter", "o", "l", "right"}, "open the message", "open"},
	{Back, Index, []string{"h", "left"}, "to the sidebar", ""},
	{Select, Index, []string{"x", "space"}, "select or deselect, and go on", "select"},
	{SelectRange, Index, []string{"V"}, "select from the last selected to here", ""},
	{SelectAll, Index, []string{"* a"}, "select all, or none", ""},
	{SelectFound, Index, []string{"* /"}, "select what a search finds here", ""},
	{SelectThread, Index, []string{"* c"}, "select the conversation", ""},
	{SelectSender, Index, []string{"* f"}, "select all from this sender here", ""},
	{NextUnread, Index, []string{"n"}, "next unread message", "next unread"},
	{Fold, Index, []string{"-"}, "fold or unfold the conversation", ""},
	{Flat, Index, []string{"T"}, "each message a row, or each conversation", ""},
	{Roomy, Index, []string{"W"}, "rows of two lines, or of one", ""},
	{Sort, Index, []string{"O"}, "sort by date, sender, subject, size, unread or starred", ""},
	{OnlyUnread, Index, []string{"U", `\ u`}, "only unread messages, or all again", ""},
	{OnlyStarred, Index, []string{`\ s`}, "only starred messages", ""},
	{OnlyAttachments, Index, []string{`\ a`}, "only messages with attachments", ""},
	{OnlyToMe, Index, []string{`\ m`}, "only messages to me", ""},
	{OnlySender, Index, []string{`\ f`}, "only messages from this sender", ""},
	{OnlyList, Index, []string{`\ l`}, "only messages of this mailing list", ""},
	{ReadAll, Index, []string{"* u"}, "mark all messages of the mailbox as read", ""},
	{SaveSearch, Index, []string{"S"}, "keep the search in the sidebar", ""},
	{Cancel, Index, []string{"esc"}, "drop the selection, the filter or the search", ""},

	{Reply, Message, []string{"r"}, "reply to the sender", "reply"},
	{ReplyAll, Message, []string{"R"}, "reply to all", ""},
	{ReplyList, Message, []string{"L"}, "reply to the mailing list", ""},
	{Forward, Message, []string{"f"}, "forward, the text inline", "forward"},
	{ForwardAttach, Message, []string{"F"}, "forward as attachment", ""},
	{Redirect, Message, []string{"B"}, "redirect: pass it on as it is", ""},
	{EditAsNew, Message, []string{"ctrl+e"}, "write a new one that begins as it", ""},
	{Archive, Message, []string{"a", "e"}, "archive", "archive"},
	{Delete, Message, []string{"d", "#", "delete"}, "move to Trash; what is there is deleted for good", "delete"},
	{Expunge, Message, []string{"D", "shift+delete"}, "delete for good, wherever it is", ""},
	{Move, Message, []string{"m", "v"}, "move to another mailbox, of any account", "move"},
	{Copy, Message, []string{"y", "C"}, "copy to another mailbox, of any account", ""},
	{Junk, Message, []string{"!"}, "junk, or no junk after all", ""},
	{Label, Message, []string{"+"}, "set labels, or take them off", ""},
	{Mute, Message, []string{"M"}, "mute the conversation: later mail is archived, too", ""},
	{Export, Message, []string{"E"}, "export to a file: one message as .eml, several as mbox", ""},
	{About, Message, []string{"i"}, "about this message: flags, UID, sizes, parts", ""},
	{ToggleRead, Message, []string{"u"}, "mark as read or unread", "read/unread"},
	{Star, Message, []string{"s"}, "star or unstar", "star"},

	{Down, Pager, []string{"j", "down"}, "a line down", ""},
	{Up, Pager, []string{"k", "up"}, "a line up", ""},
	{Continue, Pager, []string{"space"}, "a page down; at the end the next unread", "page"},
	{PageDown, Pager, []string{"pgdown", "ctrl+f"}, "a page down", ""},
	{PageUp, Pager, []string{"pgup", "ctrl+b", "-"}, "a page up", ""},
	{HalfDown, Pager, []string{"ctrl+d"}, "half a page down", ""},
	{HalfUp, Pager, []string{"ctrl+u"}, "half a page up", ""},
	{Top, Pager, []string{"g g", "home"}, "to the top", ""},
	{Bottom, Pager, []string{"G", "end"}, "to the end", ""},
	{Next, Pager, []string{"J", "n", "right"}, "next (older) message", "next"},
	{Previous, Pager, []string{"K", "p"}, "previous (newer) message", ""},
	{Back, Pager, []string{"q", "esc", "h", "left"}, "back to the list", "back"},
	{Attachments, Pager, []string{"A", "tab"}, "attachments: open or save", "attachments"},
	{OpenLink, Pager, []string{"o"}, "open a link by its number", "links"},
	{Unsubscribe, Pager, []string{"U"}, "unsubscribe from the mailing list, after a question", "unsubscribe"},
	{CopyLink, Pager, []string{"Y"}, "copy where a link leads to the clipboard", ""},
	{Headers, Pager, []string{"H"}, "all header fields, or only a few", ""},
	{SwitchView, Pager, []string{"t"}, "switch between text and HTML", ""},
	{KeepView, Pager, []string{"T"}, "show the sender's mail in this form from now on", ""},
	{Pipe, Pager, []string{"|"}, "pipe the message to a command", ""},
	{Source, Pager, []string{"ctrl+v"}, "the message's source", ""},
	{Find, Pager, []string{"/"}, "find text in the message", ""},
	{Quotes, Pager, []string{"Q"}, "fold quotes beyond what is answered, or unfold", ""},
	{Unfold, Pager, []string{"enter"}, "unfold the first fold that is seen", ""},
	{SelectLines, Pager, []string{"V"}, "select lines: an answer quotes only these", ""},

	{OtherEnd, Lines, []string{"tab"}, "go on at the other end of the selected lines", "other end"},
	{CopyText, Lines, []string{"y"}, "copy the lines to the clipboard", "copy"},
	{Cancel, Lines, []string{"esc", "q"}, "drop the selection", "drop"},

	{FindNext, Finding, []string{"n"}, "next place found", "next place"},
	{FindBack, Finding, []string{"N"}, "the place before", "place before"},
	{EndFind, Finding, []string{"esc"}, "end the search", "end the search"},

	{Down, Sidebar, []string{"j", "down"}, "next mailbox", ""},
	{Up, Sidebar, []string{"k", "up"}, "previous mailbox", ""},
	{PageDown, Sidebar, []string{"pgdown", "ctrl+f", "ctrl+d"}, "a page down", ""},
	{PageUp, Sidebar, []string{"pgup", "ctrl+b", "ctrl+u"}, "a page up", ""},
	{Top, Sidebar, []string{"g g", "home"}, "to the top", ""},
	{Bottom, Sidebar, []string{"G", "end"}, "to the end", ""},
	{Open, Sidebar, []string{"enter", "o", "l", "right"}, "show the mailbox", "show"},
	{Fold, Sidebar, []string{"space"}, "fold or unfold what is below", "fold"},
	{NewMailbox, Sidebar, []string{"n"}, "make a mailbox", "new"},
	{RenameMailbox, Sidebar, []string{"r"}, "rename the mailbox, with those below it", "rename"},
	{MoveMailbox, Sidebar, []string{"m", "v"}, "put the mailbox below another one, with those below it", ""},
	{DeleteMailbox, Sidebar, []string{"d", "#", "delete"}, "delete the mailbox; asks where it holds mail", "delete"},
	{Subscribe, Sidebar, []string{"s"}, "subscribe to the mailbox, or no longer", ""},
	{ReadAll, Sidebar, []string{"u"}, "mark all its messages as read", ""},
	{Pause, Sidebar, []string{"p"}, "pause the account, or resume it", ""},
	{EmptyMailbox, Sidebar, []string{"E"}, "empty Trash or Junk for good, after a question", ""},

	{Compose, App, []string{"c"}, "write a message", "compose"},
	{Template, App, []string{"alt+i"}, "write a message from a template", ""},
	{Palette, App, []string{":", "ctrl+k", "f2"}, "any action, by a part of its name", ""},
	{Search, App, []string{"/", "g /"}, "search all mail, as you type", "search"},
	{Undo, App, []string{"z"}, "undo the last action", "undo"},
	{Redo, App, []string{"ctrl+y"}, "do again what was undone", ""},
	{NextAccount, App, []string{"]"}, "next account", ""},
	{AccountN + "1", App, []string{"alt+1", "g 1"}, "first account; likewise 2 to 9", ""},
	{AccountN + "2", App, []string{"alt+2", "g 2"}, "", ""},
	{AccountN + "3", App, []string{"alt+3", "g 3"}, "", ""},
	{AccountN + "4", App, []string{"alt+4", "g 4"}, "", ""},
	{AccountN + "5", App, []string{"alt+5", "g 5"}, "", ""},
	{AccountN + "6", App, []string{"alt+6", "g 6"}, "", ""},
	{AccountN + "7", App, []string{"alt+7", "g 7"}, "", ""},
	{AccountN + "8", App, []string{"alt+8", "g 8"}, "", ""},
	{AccountN + "9", App, []string{"alt+9", "g 9"}, "", ""},
	{GoAll, App, []string{"g a"}, "all inboxes", ""},
	{GoInbox, App, []string{"g i"}, "inbox of this account", ""},
	{GoSent, App, []string{"g t"}, "sent mail", ""},
	{GoDrafts, App, []string{"g d"}, "drafts", ""},
	{GoArchive, App, []string{"g e"}, "archived mail", ""},
	{GoTrash, App, []string{"g #"}, "trash", ""},
	{GoStarred, App, []string{"g s"}, "starred messages of all accounts", ""},
	{GoUnread, App, []string{"g u"}, "unread messages of all accounts", ""},
	{GoAllSent, App, []string{"g T"}, "sent mail of all accounts", ""},
	{GoAllDrafts, App, []string{"g D"}, "drafts of all accounts", ""},
	{NextAny, App, []string{"N", "g n"}, "next unread message anywhere", ""},
	{GoMailbox, App, []string{"g f"}, "any mailbox by part of its name", ""},
	{GoBack, App, []string{"ctrl+o", "alt+left"}, "back to where you were", ""},
	{GoForward, App, []string{"alt+o", "alt+right"}, "forward again", ""},
	{SwitchPane, App, []string{"tab", "shift+tab"}, "to the sidebar and back", ""},
	{ToggleSide, App, []string{"b"}, "show or hide the sidebar", ""},
	{Layout, App, []string{"w"}, "messages beside, below or over the list", ""},
	{Wider, App, []string{">"}, "more room for the list, or the sidebar", ""},
	{Narrower, App, []string{"<"}, "less room for the list, or the sidebar", ""},
	{ShowOutbox, App, []string{"g o"}, "what waits: mail and changes", ""},
	{ShowLog, App, []string{"g l"}, "what happened: the log", ""},
	{ShowTasks, App, []string{"g p"}, "what goes on now: the tasks", ""},
	{PickTheme, App, []string{"g c"}, "colours: another theme", ""},
	{Refresh, App, []string{"ctrl+r", "f5"}, "look for new mail now", ""},
	{Suspend, App, []string{"ctrl+z"}, "to the shell; its fg comes back", ""},
	{Redraw, App, []string{"ctrl+l"}, "draw the screen anew", ""},
	{Help, App, []string{"?", "f1"}, "all keys of this screen", "help"},
	{Quit, App, []string{"q", "ctrl+c"}, "quit", "quit"},

	{Send, Composer, []string{"ctrl+s", "ctrl+enter"}, "send", "send"},
	{SendLater, Composer, []string{"alt+s", "ctrl+alt+s"}, "send at a time you say", ""},
	{SendFile, Composer, []string{"alt+e", "ctrl+alt+e"}, "send, and archive the conversation", ""},
	{Attach, Composer, []string{"ctrl+t"}, "attach files", "attach"},
	{AttachLetter, Composer, []string{"alt+l"}, "attach another message, or files of one", ""},
	{Detach, Composer, []string{"alt+t"}, "remove the last attachment", ""},
	{Originals, Composer, []string{"alt+o"}, "forward with the files of the original, or without", ""},
	{Markdown, Composer, []string{"alt+m"}, "Markdown: as HTML, too, or only as text", ""},
	{Template, Composer, []string{"alt+i"}, "insert a template; its {quote} goes around the text", ""},
	{Sign, Composer, []string{"alt+g"}, "another signature, or none", ""},
	{ReplyTo, Composer, []string{"alt+r"}, "Reply-To: where answers are to go", ""},
	{SwitchFrom, Composer, []string{"ctrl+f"}, "write as another address or account", "from"},
	{ExternalEd, Composer, []string{"ctrl+g"}, "edit in $VISUAL or $EDITOR", "editor"},
	{CloseDraft, Composer, []string{"esc", "ctrl+q", "ctrl+c"}, "close and keep the draft", "close"},
	{Discard, Composer, []string{"ctrl+x", "alt+x"}, "throw the draft away", "discard"},
	{TakeBack, Composer, []string{"alt+u"}, "take back what is about to be sent", ""},
	{Palette, Composer, []string{"alt+k", "f2"}, "any action, by a part of its name", ""},
	{Suspend, Composer, []string{"ctrl+z", "ctrl+alt+z"}, "to the shell; its fg comes back", ""},
	{Redraw, Composer, []string{"ctrl+l"}, "draw the screen anew", ""},
	{Help, Composer, []string{"f1"}, "all keys of this screen", "help"},

	{NextField, Field, []string{"tab", "down", "enter"}, "next field", ""},
	{PrevField, Field, []string{"shift+tab", "up"}, "previous field", ""},
	{Undo, Field, []string{"ctrl+z", "ctrl+_"}, "undo the last change of the field", ""},
	{Redo, Field, []string{"alt+z", "ctrl+shift+z"}, "do it again", ""},
	{SelectText, Field, []string{"alt+a"}, "select all; shift and a motion select a part", ""},

	{Accept, Offered, []string{"enter"}, "take it", "take"},
	{Complete, Offered, []string{"tab"}, "take it, too", ""},
	{Cancel, Offered, []string{"esc", "ctrl+c"}, "hide the completions", "hide"},
	{Down, Offered, []string{"down", "ctrl+n"}, "next", ""},
	{Up, Offered, []string{"up", "ctrl+p"}, "previous", ""},
	{Undo, Offered, []string{"ctrl+z", "ctrl+_"}, "undo the last change of the field", ""},

	{PrevField, Editor, []string{"shift+tab"}, "back to the header fields", ""},
	{Undo, Editor, []string{"ctrl+z", "ctrl+_"}, "undo the last change of the text", ""},
	{Redo, Editor, []string{"alt+z", "ctrl+shift+z"}, "do it again", ""},
	{SelectText, Editor, []string{"alt+a"}, "select all; shift and a motion select a part", ""},
	{Find, Editor, []string{"ctrl+r", "f3"}, "find text", ""},
	{FindNext, Editor, []string{"alt+n"}, "next place found", ""},
	{FindBack, Editor, []string{"alt+p"}, "the place before", ""},
	{Reflow, Editor, []string{"alt+q"}, "flow the paragraph or selection anew, also quoted", ""},

	{CopyText, Marked, []string{"ctrl+c", "alt+w"}, "copy, also to the clipboard; ctrl+v pastes", "copy"},
	{CutText, Marked, []string{"ctrl+x", "ctrl+w"}, "cut", "cut"},
	{Cancel, Marked, []string{"esc"}, "drop the selection", ""},

	{Down, Files, []string{"j", "down", "tab"}, "next attachment", ""},
	{Up, Files, []string{"k", "up", "shift+tab"}, "previous attachment", ""},
	{Open, Files, []string{"enter", "o"}, "open it with the desktop's program for it", "open"},
	{View, Files, []string{"v", "space"}, "show it here: text, tables, archives, messages", "view"},
	{Save, Files, []string{"s"}, "save it", "save"},
	{SaveAll, Files, []string{"S"}, "save all of them", "save all"},
	{Pipe, Files, []string{"|"}, "pipe it to a command", ""},
	{Suspend, Files, []string{"ctrl+z"}, "", ""},
	{Help, Files, []string{"?", "f1"}, "all keys of this screen", "help"},
	{Back, Files, []string{"q", "esc", "h", "left", "ctrl+c"}, "back to the message", "back"},

	{Down, Outbox, []string{"j", "down"}, "next", ""},
	{Up, Outbox, []string{"k", "up"}, "previous", ""},
	{PageDown, Outbox, []string{"pgdown", "ctrl+f", "space"}, "a page down", ""},
	{PageUp, Outbox, []string{"pgup", "ctrl+b"}, "a page up", ""},
	{Resend, Outbox, []string{"r"}, "send it now, or again", "send now"},
	{WasSent, Outbox, []string{"m"}, "it was sent: of a message that may have been", "it was sent"},
	{GiveBack, Outbox, []string{"e", "enter"}, "do not send it: back to a draft, to change it", "edit"},
	{GiveUp, Outbox, []string{"d", "#", "delete"}, "give it up; a message stays as a draft", "give up"},
	{Back, Outbox, []string{"q", "esc", "h", "left"}, "back", "back"},

	{Down, Scroll, []string{"j", "down"}, "a line down", ""},
	{Up, Scroll, []string{"k", "up"}, "a line up", ""},
	{PageDown, Scroll, []string{"space", "pgdown", "ctrl+f"}, "a page down", "page"},
	{PageUp, Scroll, []string{"pgup", "ctrl+b", "-"}, "a page up", ""},
	{HalfDown, Scroll, []string{"ctrl+d"}, "half a page down", ""},
	{HalfUp, Scroll, []string{"ctrl+u"}, "half a page up", ""},
	{Top, Scroll, []string{"g g", "home"}, "to the top", ""},
	{Bottom, Scroll, []string{"G", "end"}, "to the end", ""},
	{Find, Scroll, []string{"/"}, "find text", "find"},
	{FindNext, Scroll, []string{"n"}, "next place found", ""},
	{FindBack, Scroll, []string{"N"}, "the place before", ""},
	{Back, Scroll, []string{"q", "esc", "h", "left"}, "back", "back"},

	{Accept, Dialog, []string{"enter"}, "take it", "take"},
	{Cancel, Dialog, []string{"esc", "ctrl+c"}, "never mind", "cancel"},
	{Down, Dialog, []string{"down", "ctrl+n"}, "next", ""},
	{Up, Dialog, []string{"up", "ctrl+p"}, "previous", ""},
	{PageDown, Dialog, []string{"pgdown"}, "a page down", ""},
	{PageUp, Dialog, []string{"pgup"}, "a page up", ""},
	{Suspend, Dialog, []string{"ctrl+z"}, "", ""},
	{Complete, Dialog, []string{"tab"}, "complete; mark, where several can be taken; next field", ""},
	{Browse, Dialog, []string{"ctrl+t"}, "look further: through folders, or in all mail", ""},

	{Suspend, Question, []string{"ctrl+z"}, "", ""},
	{Yes, Question, []string{"y", "enter"}, "yes", "yes"},
	{No, Question, []string{"n", "esc", "q", "ctrl+c"}, "no", "no"},
}
