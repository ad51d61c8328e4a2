package mail

// State is what a Change acts on.
type State struct {
	Mailbox  MailboxKey // 0: expunged
	Flags    Flags
	Keywords Keywords
}

// Change is an outcome the user wants for one message: a value, not a step. Applying one twice changes nothing more.
type Change interface {
	// Kind names the sort of outcome; a message has at most one wish of each.
	Kind() ChangeKind
	// Apply is the state once the change has come true.
	Apply(State) State
	// Invert is the change that leads back to before, or nil where nothing does.
	Invert(before State) Change
}

// ChangeKind is stored in the database: never rename one.
type ChangeKind string

// The kinds of Change.
const (
	KindFlags   ChangeKind = "flags"
	KindMove    ChangeKind = "move"
	KindCopy    ChangeKind = "copy"
	KindExpunge ChangeKind = "expunge"
)

// FlagChange sets the bits of Mask to those of Want, and adds and removes keywords. Want lies within Mask, and Add
// and Del have no keyword in common.
type FlagChange struct {
	Mask, Want Flags
	Add, Del   Keywords
}

// Kind is KindFlags.
func (FlagChange) Kind() ChangeKind { return KindFlags }

// Apply overlays the wanted bits and keywords.
func (c FlagChange) Apply(s State) State {
	s.Flags = s.Flags&^c.Mask | c.Want&c.Mask
	s.Keywords = s.Keywords.Without(c.Del).With(c.Add)
	return s
}

// Merge is both changes in one, c being the later: its bits and keywords win.
func (c FlagChange) Merge(earlier FlagChange) FlagChange {
	return FlagChange{
		Mask: earlier.Mask | c.Mask,
		Want: earlier.Want&^c.Mask | c.Want&c.Mask,
		Add:  earlier.Add.Without(c.Del).With(c.Add),
		Del:  earlier.Del.Without(c.Add).With(c.Del),
	}
}

// Invert gives each touched bit and keyword back the value it had.
func (c FlagChange) Invert(before State) Change {
	inv := FlagChange{Mask: c.Mask, Want: before.Flags & c.Mask}
	for _, k := range c.Add.With(c.Del).List() {
		if before.Keywords.Has(k) {
			inv.Add = inv.Add.With(Keywords(k))
		} else {
			inv.Del = inv.Del.With(Keywords(k))
		}
	}
	return inv
}

// Empty tells whether c asks for nothing.
func (c FlagChange) Empty() bool { return c.Mask == 0 && c.Add == "" && c.Del == "" }

// Move wants the message in another mailbox, of any account.
type Move struct{ To MailboxKey }

// Kind is KindMove.
func (Move) Kind() ChangeKind { return KindMove }

// Apply puts the message into the target, unless it is already expunged.
func (c Move) Apply(s State) State {
	if s.Mailbox != 0 {
		s.Mailbox = c.To
	}
	return s
}

// Invert moves back to where the message was.
func (c Move) Invert(before State) Change { return Move{To: before.Mailbox} }

// Copy wants a second message like this one in a mailbox, of any account.
type Copy struct{ To MailboxKey }

// Kind is KindCopy.
func (Copy) Kind() ChangeKind { return KindCopy }

// Apply changes nothing: the copy is a message of its own.
func (Copy) Apply(s State) State { return s }

// Invert is nil: what leads back is done to the copy.
func (Copy) Invert(State) Change { return nil }

// Expunge wants the message gone for good.
type Expunge struct{}

// Kind is KindExpunge.
func (Expunge) Kind() ChangeKind { return KindExpunge }

// Apply hides the message.
func (Expunge) Apply(s State) State {
	s.Mailbox = 0
	return s
}

// Invert is nil: only the grace period can take an expunge back.
func (Expunge) Invert(State) Change { return nil }

// Targeted is a change for one message.
type Targeted struct {
	Message MessageKey
	Change  Change
}
