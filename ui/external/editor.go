package external

import (
	"os"
	"strings"
)

// Editor is the person's editor as program and arguments: the configured one, else $VISUAL, else $EDITOR; nil where
// there is none.
func Editor(configured []string) []string {
	if len(configured) > 0 {
		return configured
	}
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if argv := Words(os.Getenv(name)); len(argv) > 0 {
			return argv
		}
	}
	return nil
}

// Words splits a command line at white space; quotes and backslashes keep words together. Nothing else that a shell
// would do is done.
func Words(line string) []string {
	var out []string
	var word strings.Builder
	inWord, quote := false, byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == '\'':
			word.WriteByte(c)
		case c == '\\' && i+1 < len(line):
			i++
			word.WriteByte(line[i])
			inWord = true
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inWord = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				out = append(out, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		out = append(out, word.String())
	}
	return out
}
