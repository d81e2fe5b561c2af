package webtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Download clicks what a selector finds and gives the file that arrives, and the name under which it is kept.
func (tab *Tab) Download(selector string) (file []byte, name string) {
	tab.t.Helper()
	dir := tab.t.TempDir()
	ctx, cancel := context.WithTimeout(tab.ctx, stepPatience)
	defer cancel()
	begun, progress := chromedp.Events(ctx, browser.DownloadWillBegin), chromedp.Events(ctx, browser.DownloadProgress)
	tab.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, BrowserContextID: tab.profile, EventsEnabled: new(true)})
		return err
	}))
	tab.Click(selector)
	for ev, err := range begun {
		if err != nil {
			tab.t.Fatalf("browser: nothing is downloaded: %v", err)
		}
		name = ev.SuggestedFilename
		break
	}
	for ev, err := range progress {
		if err == nil && ev.State == browser.DownloadProgressStateInProgress {
			continue
		}
		if err == nil && ev.State != browser.DownloadProgressStateCompleted {
			err = fmt.Errorf("the download is %s", ev.State)
		}
		if err == nil {
			file, err = os.ReadFile(filepath.Join(dir, ev.GUID))
		}
		if err != nil {
			tab.t.Fatalf("browser: %v", err)
		}
		break
	}
	return file, name
}
