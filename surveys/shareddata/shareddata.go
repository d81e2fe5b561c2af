// Package shareddata finds the real data that tests run on. It lies beside the project, not in it.
package shareddata

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Variable names the folder of the data where it is not ../shared/data from the module's root.
const Variable = "SOUNDINGS_SHARED_DATA"

// Find returns the path of one file of the shared data. A clone of the project alone has no such data: then ok is
// false, the test's log names the missing file, and the test uses the smaller sample it brings along. Where the folder
// exists, or the environment names it, a missing file fails the test: nothing passes by not being there.
func Find(t testing.TB, rel string) (path string, ok bool) {
	t.Helper()
	dir, named := os.LookupEnv(Variable)
	if !named {
		dir = filepath.Join(moduleRoot(t), "..", "shared", "data")
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			t.Logf("shared data: there is no %s; set %s to the folder that holds it to test on the real data", rel, Variable)
			return "", false
		}
	}
	path = filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("shared data: %v", err)
	}
	return path, true
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("shared data: no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}
