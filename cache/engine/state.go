package engine

import "time"

// Phase is how an account's connection stands. It is for showing only: no code asks it for a condition.
type Phase int

// The phases of an account.
const (
	Offline    Phase = iota // no connection; Text says why, Retry when the next try is
	Connecting              // dialling, TLS, login
	Idle                    // connected, nothing to do: new mail is pushed
	Working                 // connected, something is being done
	NeedsLogin              // the password is missing or was refused: the user is asked
	Paused                  // by the person: no connection is made until it is resumed
)

// Off tells whether there is no connection, and none is about to be.
func (p Phase) Off() bool { return p == Offline || p == NeedsLogin || p == Paused }

// State is an account's connection as the UI shows it.
type State struct {
	Account string
	Phase   Phase
	Text    string    // one sentence; server's words in it are not yet safe for the terminal
	Done    int       // of Total, while something long runs
	Total   int       // 0: nothing to count
	Rate    float64   // per second
	Retry   time.Time // Offline: when the next try is; zero: no try by itself
}

// Entry is one line of the log screen.
type Entry struct {
	Time    time.Time
	Account string // empty: not about an account
	Text    string // one sentence; not yet safe for the terminal
	Trouble bool   // worth the status line: something the user wanted did not happen
	Answer  bool   // worth the status line: the user asked for something and waits to hear of it
	Times   int    // how often it was said again since
	Number  int    // grows with every entry, and when one is said again
}
