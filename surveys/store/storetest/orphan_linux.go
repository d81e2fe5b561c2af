package storetest

import (
	"os/exec"
	"syscall"
)

// leaveNoOrphan ends the server when the test program dies, however it dies.
func leaveNoOrphan(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
