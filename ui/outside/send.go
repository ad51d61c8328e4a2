package outside

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/compose"
)

// Exit codes, as sysexits.h has them where it has one.
const (
	OK         = 0
	Usage      = 64 // the command line is wrong
	BadMessage = 65 // the message is wrong
	NoInput    = 66 // the message or an attachment cannot be read
	SomeOnly   = 67 // sent, and refused for some of the recipients
	Refused    = 69 // refused for good: nobody has it
	NoDatabase = 74 // the database or the files failed: nothing was sent
	TryAgain   = 75 // it could not be sent now, and is not kept: it may be tried again
	Unsure     = 76 // it may have been sent: it must not be sent again
	NoPassword = 77 // the server does not let the account in
	BadConfig  = 78 // there is no such account, or no configuration
)

// Shell is what a command is started with.
type Shell struct {
	Args           []string // behind the word send
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Load           func() (Setup, error) // reads the configuration
}

// Setup is what the configuration says.
type Setup struct {
	Accounts []mail.Account
	Dir      string // of the database
	Engine   engine.Options
	Password func(ctx context.Context, a mail.Account) error // whether there is one that need not be asked for
}

// failure is an error with the exit code it stands for.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }

func fail(code int, format string, args ...any) error {
	return &failure{code, fmt.Errorf(format, args...)}
}

// maxMessage bounds what is read; what servers take is less.
const maxMessage = 100 << 20

// options are the command line of send.
type options struct {
	account string
	attach  []string
	dryRun  bool
}

// Send is posthorn send: it sends the message on standard input, and ends when it is known what became of it.
func Send(ctx context.Context, sh Shell) int {
	err := send(ctx, sh)
	var f *failure
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return OK
	case errors.As(err, &f):
		fmt.Fprintf(sh.Stderr, "posthorn send: %s\n", mail.Line(err.Error()))
		return f.code
	default:
		fmt.Fprintf(sh.Stderr, "posthorn send: %s\n", mail.Line(err.Error()))
		return NoDatabase
	}
}

func send(ctx context.Context, sh Shell) error {
	opt, err := parse(sh)
	if err != nil {
		return err
	}
	setup, err := sh.Load()
	if err != nil {
		return fail(BadConfig, "%w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(sh.Stdin, maxMessage+1))
	switch {
	case err != nil:
		return fail(NoInput, "read the message: %w", err)
	case len(raw) > maxMessage:
		return fail(BadMessage, "the message is larger than %d MB", maxMessage>>20)
	}
	account, err := choose(setup.Accounts, opt.account, raw)
	if err != nil {
		return err
	}
	var files []compose.Attachment
	for _, path := range opt.attach {
		a, err := compose.Attach(path)
		if err != nil {
			return fail(NoInput, "%w", err)
		}
		files = append(files, a)
	}
	now := time.Now()
	built, d, err := compose.Outside(raw, account, files, compose.Environment{Now: now})
	if err != nil {
		return fail(BadMessage, "%w", err)
	}
	if opt.dryRun {
		return show(sh, account, built)
	}
	o, err := engine.Enclose(built, d, now)
	if err != nil {
		return err
	}
	j := &job{setup: setup, account: account, out: o}
	err = j.deliver(ctx)
	if f := (*failure)(nil); err != nil && j.out.Key != 0 && !errors.As(err, &f) {
		return fail(Unsure, "it is in the outbox and may have been sent: do not send it again, look into posthorn (%w)", err)
	}
	return err
}

func parse(sh Shell) (opt options, err error) {
	set := flag.NewFlagSet("posthorn send", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&opt.account, "account", "", "`name` of the account to send through (default: the one that From belongs to, else the first)")
	set.Func("attach", "attach `file`; may be given more than once", func(path string) error {
		opt.attach = append(opt.attach, path)
		return nil
	})
	set.BoolVar(&opt.dryRun, "n", false, "print the message as it would go out, and send nothing")
	if err = set.Parse(sh.Args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(sh.Stderr, "Usage: posthorn send [-account name] [-attach file]... [-n] < message")
		set.SetOutput(sh.Stderr)
		set.PrintDefaults()
		return opt, err
	}
	if err == nil && set.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q: whom the message goes to stands in its To, Cc and Bcc", set.Arg(0))
	}
	if err != nil {
		return opt, fail(Usage, "%w (see posthorn send -help)", err)
	}
	return opt, nil
}

// choose is the account to send through: the one named, the one the author of the message is, or the first.
func choose(accounts []mail.Account, name string, raw []byte) (mail.Account, error) {
	from := compose.WrittenBy(raw)
	var names []string
	for _, a := range accounts {
		names = append(names, a.Name)
		if _, mine := a.Identity(from); name == a.Name || name == "" && mine {
			return a.WithDefaults(), nil
		}
	}
	if name != "" {
		return mail.Account{}, fail(BadConfig, "there is no account %q: there are %s", name, strings.Join(names, ", "))
	}
	return accounts[0].WithDefaults(), nil
}

// show prints what would go out, and to whom.
func show(sh Shell, account mail.Account, built compose.Built) error {
	var to []string
	for _, a := range built.Recipients {
		to = append(to, a.Addr())
	}
	fmt.Fprintf(sh.Stderr, "posthorn send: would go through %s from %s to %s\n", mail.Line(account.Name), mail.Line(built.From.Addr()), mail.Line(strings.Join(to, ", ")))
	_, err := sh.Stdout.Write(built.Bytes)
	return err
}

// job is one message on its way.
type job struct {
	setup   Setup
	account mail.Account
	out     cache.Outgoing // Key is 0 until it is in the outbox
}

// How often the outbox is looked at, and how long another posthorn may take until it begins.
const (
	lookEvery = 50 * time.Millisecond
	beginIn   = 30 * time.Second
)

// deliver puts the message into the outbox and waits until it is known what became of it. Who holds the database sends:
// this process, or the posthorn that runs; where that one ends meanwhile, this one goes on with it.
func (j *job) deliver(ctx context.Context) error {
	for began := time.Now(); ; {
		store, err := cache.Open(ctx, j.setup.Dir, cache.Options{})
		if err == nil {
			return j.own(ctx, store)
		}
		if !errors.Is(err, cache.ErrLocked) {
			return err
		}
		store, err = cache.Join(ctx, j.setup.Dir)
		if err != nil {
			return err
		}
		done, err := j.hand(ctx, store, began)
		if err := errors.Join(err, store.Close()); err != nil || done {
			return err
		}
	}
}

// put puts the message into the outbox, once. It does not wait there for an account that is paused: who handed it over
// keeps it.
func (j *job) put(ctx context.Context, store *cache.Store) error {
	if j.out.Key != 0 {
		return nil
	}
	paused, err := store.Choice(ctx, engine.PausedChoice(j.account.Name))
	if err == nil && paused != "" {
		return fail(TryAgain, "the account %s is paused: resume it in posthorn, then try again", mail.Line(j.account.Name))
	}
	if err == nil {
		j.out.Key, _, err = store.Queue(ctx, j.out, 0)
	}
	return err
}

// own sends the message itself.
func (j *job) own(ctx context.Context, store *cache.Store) (err error) {
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := j.setup.Password(ctx, j.account); err != nil {
		if j.out.Key != 0 { // handed over to a posthorn that has ended
			if done, err := j.outcome(ctx, store, true); done || err != nil {
				return err
			}
		}
		return fail(NoPassword, "no password for %s: %s: a script needs password_command or another source in the configuration, or a posthorn that runs",
			j.account.Name, mail.Reason(err))
	}
	if err := j.put(ctx, store); err != nil {
		return err
	}
	eng := engine.New(store, j.setup.Accounts, j.setup.Engine)
	if err := eng.Submit(ctx, j.out.Key); err != nil && mail.KindOf(err) != mail.Gone {
		return err
	}
	return j.last(ctx, store)
}

// last is the outcome where nobody waits any longer.
func (j *job) last(ctx context.Context, store *cache.Store) error {
	done, err := j.outcome(context.WithoutCancel(ctx), store, true)
	if err == nil && !done {
		err = fail(Unsure, "it is being sent by the posthorn that runs: do not send it again")
	}
	return err
}

// hand gives the message to the posthorn that runs, and waits; done is false where that one has ended first.
func (j *job) hand(ctx context.Context, store *cache.Store, began time.Time) (done bool, err error) {
	if err := j.put(ctx, store); err != nil {
		return true, err
	}
	for tick := time.NewTicker(lookEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return true, j.last(ctx, store)
		case <-tick.C:
		}
		last := time.Since(began) > beginIn
		if done, err := j.outcome(ctx, store, last); done || err != nil {
			tick.Stop()
			return true, err
		}
		if free, err := cache.Free(j.setup.Dir); err != nil || free {
			tick.Stop()
			return false, err
		}
	}
}

// outcome is what became of the message; done is false while nobody can tell. impatient: what nobody began to send by
// now is taken back.
func (j *job) outcome(ctx context.Context, store *cache.Store, impatient bool) (done bool, err error) {
	o, err := store.Outgoing(ctx, j.out.Key)
	if mail.KindOf(err) == mail.Gone {
		return true, fail(Refused, "it was taken out of the outbox in posthorn: it is not sent from here")
	}
	if err != nil {
		return true, err
	}
	var why []string
	for _, r := range o.Refused {
		why = append(why, r.Address+": "+r.Said)
	}
	if o.LastError != "" {
		why = append(why, o.LastError)
	}
	switch {
	case o.State == cache.Sent:
		return true, nil
	case o.State == cache.Filed:
		_, err := store.Withdraw(ctx, o.Key)
		return true, err
	case o.State == cache.Uncertain:
		return true, fail(Unsure, "it may have been sent, the server did not say: do not send it again, posthorn's outbox looks for it (%s)", o.LastError)
	case o.State == cache.Failed, o.State == cache.Queued && (o.Attempts > 0 || impatient):
	default:
		return false, nil
	}
	withdrawn, err := store.Withdraw(ctx, o.Key)
	switch {
	case err != nil:
		return true, err
	case !withdrawn: // it is on its way again
		return false, nil
	case o.Copy != cache.NoCopy:
		return true, fail(SomeOnly, "sent, but not to %s: %s", strings.Join(o.Left(), ", "), strings.Join(why, "; "))
	case o.State == cache.Failed:
		return true, fail(Refused, "%s", o.LastError)
	case o.Attempts == 0:
		return true, fail(TryAgain, "it was not sent: the posthorn that runs did not begin with it")
	}
	return true, fail(TryAgain, "it was not sent, and is not kept: %s", o.LastError)
}
