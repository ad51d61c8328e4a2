//go:build unix

package external

import (
	"os/exec"
	"syscall"
)

// apart gives cmd a session of its own: it can neither read our keys nor die with our terminal.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// alive tells whether there is a process with that id.
func alive(pid int) bool { return syscall.Kill(pid, 0) != syscall.ESRCH }
