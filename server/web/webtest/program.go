package webtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"soundings/surveys/store/storetest"
)

// shared is the one Chromium of a test program, started when a test first needs it: a start takes longer than most
// tests.
var shared struct {
	sync.Mutex
	running context.Context // nil while there is none
	end     func() error
}

// Main runs the tests of a package and stops the Chromium and the MariaDB they may have started:
// func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }.
func Main(m *testing.M) int {
	code := storetest.Main(m)
	shared.Lock()
	defer shared.Unlock()
	if shared.running != nil {
		if err := shared.end(); err != nil {
			fmt.Fprintln(os.Stderr, "webtest: stopping Chromium:", err)
			return 1
		}
	}
	return code
}

func sharedProgram() (context.Context, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.running != nil {
		return shared.running, nil
	}
	running, end, err := startProgram()
	shared.running, shared.end = running, end
	return running, err
}

func startProgram() (running context.Context, end func() error, err error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, errors.New("chromium is not installed; run: apt-get install -y chromium")
	}
	dir, err := os.MkdirTemp("", "soundings-chromium-") // not t.TempDir: it outlives this test
	if err != nil {
		return nil, nil, err
	}
	defaults := chromedp.DefaultExecAllocatorOptions
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(defaults[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "en-GB"),
		chromedp.Flag("force-prefers-reduced-motion", true))...) // a page that still scrolls smoothly slips away under the mouse
	ctx, cancel := chromedp.NewContext(allocator)
	end = func() error {
		cancel()
		stop()
		return os.RemoveAll(dir)
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("start Chromium: %w", err), end())
	}
	return ctx, end, nil
}
