package outside

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
)

// takenIn is how long the posthorn that runs may take until it opens a link; one in which the person is typing opens it later.
const takenIn = 3 * time.Second

// Link hands a mailto link to the posthorn that runs on the database in dir. It is done once that one has opened it or
// does not hurry; done is false where it has ended meanwhile: then the next one to start opens the link.
func Link(ctx context.Context, stdout io.Writer, dir, link string) (done bool, err error) {
	if _, _, err := compose.Mailto(link, mail.Account{}); err != nil { // said here, where the link was used
		return true, err
	}
	store, err := cache.Join(ctx, dir)
	if err != nil {
		return true, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	name, err := store.HandLink(ctx, link)
	if err != nil {
		return true, err
	}
	tick, began := time.NewTicker(lookEvery), time.Now()
	defer tick.Stop()
	for time.Since(began) < takenIn {
		select {
		case <-ctx.Done():
			return true, nil
		case <-tick.C:
		}
		switch left, err := store.Choice(ctx, name); {
		case err != nil:
			return true, err
		case left == "":
			fmt.Fprintln(stdout, "The posthorn that runs has opened it.")
			return true, nil
		}
		if free, err := cache.Free(dir); err != nil || free {
			return false, err
		}
	}
	fmt.Fprintln(stdout, "The posthorn that runs opens it once nothing is being typed there.")
	return true, nil
}
