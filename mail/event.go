package mail

// EventKind says what became stale.
type EventKind int

// The kinds of Event; the fields that are set stand behind each.
const (
	MailboxesChanged EventKind = iota // Account: names, roles or counts
	MessagesChanged                   // Account, Mailbox: rows came, went or changed
	PartReady                         // Message: a part asked for is in the cache, or could not be had
	StateChanged                      // Account: connection state or progress
	DraftsChanged                     // drafts
	OutboxChanged                     // outgoing mail
	Arrived                           // Account, Mailbox: new mail, after the first synchronisation
	LogChanged                        // the log has new lines
	SearchChanged                     // Account: a server found something, or was asked for everything
	ListLeft                          // Account: it is known what became of leaving a mailing list
	LinkHanded                        // another program has written into the database, perhaps a link to open
)

// Event names what is stale, and carries no data: whoever hears it asks the database again, so events can be
// merged, reordered and dropped when an equal one waits.
type Event struct {
	Kind    EventKind
	Account string
	Mailbox MailboxKey
	Message MessageKey
}
