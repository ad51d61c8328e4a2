package widget

// shot is a field as it was.
type shot struct {
	text string
	at   int
}

// past is what Undo and Redo of a field go back to.
type past struct {
	done, undone []shot
	run          editKind // of the last change: more of it belongs to the same step
}

// note remembers how the field was before a change of a kind. Passwords are not remembered.
func (f *Field) note(before shot, kind editKind) {
	if f.Mask || before.text == f.text {
		return
	}
	goesOn := kind == f.run && kind != pasted && len(f.done) > 0
	if goesOn && kind == typed && startsWord(before.text[:before.at], f.text[before.at:]) {
		goesOn = false
	}
	f.run, f.undone = kind, nil
	if goesOn {
		return
	}
	f.done = append(f.done, before)
	f.done = f.done[max(0, len(f.done)-maxSteps):]
}

// Undo takes the last step back; false: there is none.
func (f *Field) Undo() bool { return f.goBack(&f.done, &f.undone) }

// Redo does again what was undone last; false: there is nothing.
func (f *Field) Redo() bool { return f.goBack(&f.undone, &f.done) }

func (f *Field) goBack(from, to *[]shot) bool {
	n := len(*from)
	if n == 0 {
		return false
	}
	s := (*from)[n-1]
	*from, *to = (*from)[:n-1], append(*to, shot{f.text, f.at})
	f.text, f.at, f.mark, f.run = s.text, s.at, nil, noKind
	return true
}
