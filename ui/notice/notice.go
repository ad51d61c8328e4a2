// Package notice tells somebody who looks elsewhere that there is new mail: by an escape sequence of the terminal, by the
// desktop, by the bell. It refuses to decide which mail is worth it.
package notice

import (
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"posthorn/mail"
)

// Way is how a notice reaches the desktop.
type Way string

// The ways. Auto takes what the environment promises.
const (
	Auto    Way = "auto"
	Off     Way = "off"
	Plain   Way = "osc9"        // iTerm2 and those after it: one text
	Titled  Way = "osc777"      // urxvt and those after it: title and text
	Kitty   Way = "osc99"       // kitty and foot
	Program Way = "notify-send" // the desktop's program, on this machine
)

var ways = []Way{Auto, Off, Plain, Titled, Kitty, Program}

// Known tells whether w is a way.
func (w Way) Known() bool { return slices.Contains(ways, w) }

// Choose is the way that an environment promises: the terminal's own, which works over a connection too, else the
// program of a desktop on this machine, else none. Within tmux or screen the terminal is out of reach.
func Choose(w Way, getenv func(string) string) Way {
	if w != Auto {
		return w
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return getenv(n) != "" })
	}
	if term, program := getenv("TERM"), getenv("TERM_PROGRAM"); !has("TMUX", "STY") {
		switch {
		case term == "xterm-kitty" || strings.HasPrefix(term, "foot"):
			return Kitty
		case program == "iTerm.app" || program == "WezTerm" || program == "ghostty" || term == "xterm-ghostty":
			return Plain
		case strings.HasPrefix(term, "rxvt-unicode"):
			return Titled
		}
	}
	if has("DISPLAY", "WAYLAND_DISPLAY") && !has("SSH_TTY", "SSH_CONNECTION") {
		if _, err := exec.LookPath(string(Program)); err == nil {
			return Program
		}
	}
	return Off
}

// longest is how many characters of a title or a text are told.
const longest = 160

// safe is text that can do nothing in a notice but be read.
func safe(text string) string {
	text = mail.Line(text)
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest-1]) + "…"
	}
	return text
}

// Sequence is what a terminal is to be told, or empty where it is not told by the terminal.
func Sequence(w Way, title, text string) string {
	title, text = safe(title), safe(text)
	switch w {
	case Plain: // begins with a letter, since "4;" would be progress
		return "\x1b]9;posthorn: " + title + ": " + text + "\x1b\\"
	case Titled:
		return "\x1b]777;notify;" + strings.ReplaceAll(title, ";", ",") + ";" + text + "\x1b\\"
	case Kitty:
		in := base64.StdEncoding.EncodeToString
		return "\x1b]99;i=posthorn:d=0:e=1;" + in([]byte(title)) + "\x1b\\\x1b]99;i=posthorn:p=body:e=1;" + in([]byte(text)) + "\x1b\\"
	}
	return ""
}

// Run shows a notice by the desktop's program. Its texts are no options, and no markup.
func Run(title, text string) error {
	cmd := exec.Command(string(Program), "--app-name=posthorn", "--", safe(title), html.EscapeString(safe(text)))
	cmd.WaitDelay = time.Second
	cmd.Env = os.Environ()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("notify-send could not show a notice (%w): set notify.desktop in the configuration to another way", err)
	}
	return nil
}
