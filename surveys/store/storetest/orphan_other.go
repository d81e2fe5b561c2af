//go:build !linux

package storetest

import "os/exec"

func leaveNoOrphan(*exec.Cmd) {}
