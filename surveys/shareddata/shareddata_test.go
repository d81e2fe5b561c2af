package shareddata

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// watched is a test that notes how it fails instead of failing.
type watched struct {
	testing.TB
	failed, logged string
}

func (w *watched) Helper() {}
func (w *watched) Logf(format string, args ...any) {
	w.logged += fmt.Sprintf(format, args...)
}
func (w *watched) Fatalf(format string, args ...any) {
	w.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// find calls Find from a folder of a module that has, or has not, the data beside it.
func find(t *testing.T, withData bool, rel string) (w *watched, path string, ok bool) {
	t.Helper()
	root := t.TempDir()
	inside := filepath.Join(root, "main", "surveys", "document")
	for _, dir := range []string{inside, filepath.Join(root, "shared", "data", "nasty")} {
		if dir != inside && !withData {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]bool{filepath.Join(root, "main", "go.mod"): true, filepath.Join(root, "shared", "data", "nasty", "list"): withData}
	for file, wanted := range files {
		if wanted {
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Chdir(inside)
	w = &watched{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		path, ok = Find(w, rel)
	}()
	<-done
	return w, path, ok
}

func without(t *testing.T) {
	t.Helper()
	t.Setenv(Variable, "") // restores what was there
	if err := os.Unsetenv(Variable); err != nil {
		t.Fatal(err)
	}
}

func TestTheFolderBesideTheModuleIsFound(t *testing.T) {
	without(t)
	w, path, ok := find(t, true, "nasty/list")
	if _, err := os.Stat(path); !ok || err != nil || w.failed != "" {
		t.Errorf("Find = %q, %v; stat: %v; failed: %s", path, ok, err, w.failed)
	}
}

func TestACloneWithoutTheDataSaysWhichFileIsMissing(t *testing.T) {
	without(t)
	w, path, ok := find(t, false, "nasty/list")
	if ok || path != "" || w.failed != "" || !strings.Contains(w.logged, "nasty/list") || !strings.Contains(w.logged, Variable) {
		t.Errorf("Find = %q, %v; failed: %q; logged: %q", path, ok, w.failed, w.logged)
	}
}

func TestAMissingFileOfAFolderThatIsThereFails(t *testing.T) {
	without(t)
	if w, _, _ := find(t, true, "nasty/gone"); !strings.Contains(w.failed, "gone") {
		t.Errorf("failed: %q, want it to name the file", w.failed)
	}
}

func TestAFolderThatTheEnvironmentNamesHasToBeThere(t *testing.T) {
	t.Setenv(Variable, filepath.Join(t.TempDir(), "nowhere"))
	if w, _, _ := find(t, true, "nasty/list"); !strings.Contains(w.failed, "nowhere") {
		t.Errorf("failed: %q, want it to name the folder", w.failed)
	}
}
