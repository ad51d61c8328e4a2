package screen

import (
	"fmt"
	"slices"
	"strings"
)

// Column is one of a row of the list, behind the marks, which always stand first.
type Column string

// The columns. Labels, subject and preview share one, in this order, where the first of them is named.
const (
	From    Column = "from"
	Labels  Column = "labels"
	Subject Column = "subject"
	Preview Column = "preview"
	Size    Column = "size"
	Account Column = "account"
	Date    Column = "date"
)

// Columns are those of the list in their order; none: the usual ones.
type Columns []Column

// UsualColumns are what a list has.
var UsualColumns = Columns{From, Labels, Subject, Preview, Date}

var allColumns = Columns{From, Labels, Subject, Preview, Size, Account, Date}

// Check says what is wrong with the columns, and what would be right.
func (c Columns) Check() error {
	for i, name := range c {
		if !slices.Contains(allColumns, name) {
			return fmt.Errorf("%q is no column: use some of %s", name, allColumns)
		}
		if slices.Contains(c[:i], name) {
			return fmt.Errorf("%q stands there twice: name each column once", name)
		}
	}
	if !slices.Contains(c, Subject) {
		return fmt.Errorf("the subject is missing: name at least that")
	}
	return nil
}

func (c Columns) String() string {
	words := make([]string, len(c))
	for i, name := range c {
		words[i] = string(name)
	}
	return strings.Join(words, ", ")
}
