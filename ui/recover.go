package ui

import (
	"fmt"

	"posthorn/ui/composer"
	"posthorn/ui/external"
)

// recover makes drafts of what external editors had when the program was ended, before anything is shown: the draft
// that an editor had is changed where it is stored as it was then; a second one is made where it is not.
func (a *App) recover() {
	if a.env.Config.Scratch == "" || a.env.Engine.Refusal() != nil {
		return
	}
	n := 0
	for _, left := range external.Left(a.env.Config.Scratch) {
		kept, err := a.keepEdited(left)
		if err != nil {
			a.Fail("keep what an editor had", err)
			return
		}
		if left.Remove(); kept {
			n++
		}
	}
	switch {
	case n == 1:
		a.Say("What you wrote in the editor is kept as a draft.")
	case n > 1:
		a.Say(fmt.Sprintf("What you wrote in the editor is kept: %d drafts.", n))
	}
}

func (a *App) keepEdited(left *external.Scratch) (bool, error) {
	d, base, ok := composer.Recover(left)
	if !ok {
		return false, nil
	}
	before, err := base.Marshal()
	if err != nil {
		return false, err
	}
	after, err := d.Marshal()
	if err != nil {
		return false, err
	}
	stored, err := a.env.Store.Drafts(a.env.Ctx)
	if err != nil {
		return false, err
	}
	for _, s := range stored {
		switch s.Data {
		case after:
			return false, nil // it came back from the editor, and was stored
		case before:
			d.Key = s.Key
		}
	}
	_, err = a.env.Engine.SaveDraft(a.env.Ctx, d)
	return err == nil, err
}
