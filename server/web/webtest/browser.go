// Package webtest drives a real Chromium for tests of pages: what a person sees, types and hears, not what a handler
// returns.
package webtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const stepPatience = 30 * time.Second // for one step in a browser

// Browser is a Chromium with a fresh profile: no cookies, nothing stored. The profile ends with the test. The program
// behind it is the same for all tests of a package, which call Main for that.
type Browser struct {
	t       testing.TB
	program context.Context
	profile cdp.BrowserContextID
}

// Tab is one tab of a browser.
type Tab struct {
	t             testing.TB
	ctx           context.Context
	cancel        context.CancelFunc
	profile       cdp.BrowserContextID
	width, height int64
}

// Action is one step in a tab that gives nothing back.
type Action = chromedp.Action[chromedp.Void]

// Start gives a browser. A machine without Chromium fails the test and says how to install it.
func Start(t testing.TB) *Browser {
	t.Helper()
	program, err := sharedProgram()
	if err != nil {
		t.Fatal(err)
	}
	return profile(t, program)
}

// Alone gives a browser with a program of its own: dragging, and walking through a page by keys, are disturbed by windows
// that others open.
func Alone(t testing.TB) *Browser {
	t.Helper()
	program, end, err := startProgram()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Errorf("browser: end Chromium: %v", err)
		}
	})
	return profile(t, program)
}

func profile(t testing.TB, program context.Context) *Browser {
	t.Helper()
	chromium := chromedp.FromContext(program).Browser
	made, err := cdp.Call(program, chromium, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		t.Fatalf("browser: make a profile: %v", err)
	}
	b := &Browser{t: t, program: program, profile: made.BrowserContextID}
	t.Cleanup(func() {
		_, err := cdp.Call(program, chromium, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: b.profile})
		if err != nil {
			t.Errorf("browser: end a profile: %v", err)
		}
	})
	return b
}

// Tab opens a tab with a screen of the given size, in CSS pixels.
func (b *Browser) Tab(width, height int64, setup ...Action) *Tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.program, chromedp.WithExistingBrowserContext(b.profile))
	b.t.Cleanup(cancel)
	// Only one window of a program has the focus; each tab behaves as if it were that one.
	focused := command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	// A tab ends with the context of its first action, so that one must have no limit of its own.
	if err := chromedp.Do(ctx, append([]Action{screen(width, height), focused}, setup...)...); err != nil {
		b.t.Fatalf("browser: open a tab: %v", err)
	}
	return &Tab{t: b.t, ctx: ctx, cancel: cancel, profile: b.profile, width: width, height: height}
}

// Do runs actions one after the other and fails the test with the first that fails.
func (tab *Tab) Do(actions ...Action) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, stepPatience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
}

// Get runs an action in a tab and returns what it gives.
func Get[T any](tab *Tab, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, stepPatience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
	return value
}

// Eval evaluates an expression of JavaScript and returns what it, or its promise, gives.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	return Get(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Open goes to an address and waits until the page has loaded.
func (tab *Tab) Open(url string) {
	tab.t.Helper()
	tab.Do(chromedp.Navigate(url))
}

// Resize makes the screen another size, as turning a phone does; the page stays.
func (tab *Tab) Resize(width, height int64) {
	tab.t.Helper()
	tab.width, tab.height = width, height
	tab.Do(screen(width, height))
}

// Close closes the tab, as its reader would.
func (tab *Tab) Close() { tab.cancel() }

// Context is for listening to events of the tab.
func (tab *Tab) Context() context.Context { return tab.ctx }

// Click clicks the first element a CSS selector finds, with the mouse.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	tab.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Type types into an element, a key at a time.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	tab.Do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Press presses keys wherever the focus is.
func (tab *Tab) Press(keys string) {
	tab.t.Helper()
	tab.Do(chromedp.KeyEvent(keys))
}

// Fill puts the focus on a field with the mouse and writes a text in the place of what is there.
func (tab *Tab) Fill(selector, text string) {
	tab.t.Helper()
	tab.Click(selector)
	tab.Do(chromedp.Evaluate[chromedp.Void]("document.activeElement.select()"))
	tab.Paste(text)
}

// Paste writes a text at once where the focus is.
func (tab *Tab) Paste(text string) {
	tab.t.Helper()
	tab.Do(command(input.InsertText, input.InsertTextParams{Text: text}))
}

// Choose takes the option of a list that has a text.
func (tab *Tab) Choose(list, text string) {
	tab.t.Helper()
	if !Eval[bool](tab, fmt.Sprintf(`(() => {
		const list = document.querySelector(%q);
		const option = [...list.options].find((o) => o.text.trim() === %q);
		if (option) list.value = option.value;
		return Boolean(option) && list.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, list, text)) {
		tab.t.Fatalf("browser: the list %s has no option %q", list, text)
	}
}

// Follow goes to a page of the menu as a person does: by the list that a narrow screen folds away, or by the group the
// page is in.
func (tab *Tab) Follow(path string) {
	tab.t.Helper()
	entry := fmt.Sprintf(`.navmenu a[href=%q]`, path)
	if Eval[bool](tab, `getComputedStyle(document.querySelector(".navmenu")).display !== "none"`) {
		tab.Click(".navmenu summary")
		tab.Click(entry)
		return
	}
	own := fmt.Sprintf(`.subnav a[href=%q]`, path)
	if !Eval[bool](tab, fmt.Sprintf(`Boolean(document.querySelector(%q))`, own)) {
		tab.Click(fmt.Sprintf(`.desknav li:nth-child(%d) a`,
			Eval[int](tab, fmt.Sprintf(`1 + [...document.querySelectorAll(".navmenu section")].findIndex((s) => s.querySelector(%q))`, entry))))
		tab.Await(fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q)`, own))
	}
	tab.Click(own)
}

// Reach presses the tab key until the focus is on what a selector finds, and makes sure that it can be seen there.
func (tab *Tab) Reach(selector string) {
	tab.t.Helper()
	for range 150 {
		tab.Press(kb.Tab)
		if Eval[bool](tab, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			// The ring is around the field itself or around its card.
			if !Eval[bool](tab, `[document.activeElement, document.activeElement.closest("label")].some((e) => e && getComputedStyle(e).outlineStyle !== "none")`) {
				tab.t.Errorf("the focus on %s cannot be seen", selector)
			}
			return
		}
	}
	tab.t.Fatalf("browser: %s cannot be reached by keyboard", selector)
}

// Finger drags with a finger from the middle of one element to the middle of another, without haste: the end of a swipe
// would swallow the next tap.
func (tab *Tab) Finger(from, to string) {
	tab.t.Helper()
	fromX, fromY := tab.middle(from, true)
	toX, toY := tab.middle(to, false)
	const (
		parts = 5
		takes = 2 * time.Second
	)
	begun := time.Now().Add(-takes)
	steps := []Action{touch(input.DispatchTouchEventTypeTouchStart, begun, fromX, fromY)}
	for i := 1.0; i <= parts; i++ {
		steps = append(steps, touch(input.DispatchTouchEventTypeTouchMove, begun.Add(time.Duration(i)*takes/(2*parts)), fromX+(toX-fromX)*i/parts, fromY+(toY-fromY)*i/parts))
	}
	tab.Do(append(steps, touch(input.DispatchTouchEventTypeTouchEnd, begun.Add(takes)))...)
}

// Tap touches an element with a finger.
func (tab *Tab) Tap(selector string) {
	tab.t.Helper()
	x, y := tab.middle(selector, true)
	now := time.Now()
	tab.Do(touch(input.DispatchTouchEventTypeTouchStart, now, x, y), touch(input.DispatchTouchEventTypeTouchEnd, now))
}

// middle is where an element is in the window, which is scrolled to it if asked.
func (tab *Tab) middle(selector string, scroll bool) (x, y float64) {
	tab.t.Helper()
	at := Eval[[]float64](tab, fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		if (%v) element.scrollIntoView({ block: "center", behavior: "instant" });
		const box = element.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`, selector, scroll))
	return at[0], at[1]
}

func touch(kind input.DispatchTouchEventType, at time.Time, point ...float64) Action {
	points := []*input.TouchPoint{}
	if len(point) == 2 {
		points = append(points, &input.TouchPoint{X: point[0], Y: point[1]})
	}
	return command(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points, Timestamp: input.TimeSinceEpoch(float64(at.UnixMicro()) / 1e6)})
}

// Drag holds the mouse down at one point of the window, moves it to another in small steps and lets go, as a hand does.
func (tab *Tab) Drag(fromX, fromY, toX, toY float64) {
	tab.t.Helper()
	steps := []Action{chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, fromX, fromY),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, fromX, fromY, chromedp.ButtonLeft, chromedp.ClickCount(1))}
	const parts = 10
	for i := 1.0; i <= parts; i++ {
		steps = append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, fromX+(toX-fromX)*i/parts, fromY+(toY-fromY)*i/parts, chromedp.ButtonLeft))
	}
	tab.Do(append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, toX, toY, chromedp.ButtonLeft, chromedp.ClickCount(1)))...)
}

// Text is the visible text of an element.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return Get(tab, chromedp.Text(chromedp.CSS(selector)))
}

// Await waits until an expression of JavaScript is true, across page loads.
func (tab *Tab) Await(expression string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, stepPatience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		// An error is a page between two documents; the limit of ctx ends the wait.
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tab.t.Fatalf("browser: %s never came true at %s:\n%s", expression, Eval[string](tab, "location.href"), Eval[string](tab, "document.body.innerText"))
		}
	}
}

// Picture writes a picture of the whole page into the directory that SOUNDINGS_SHOTS names, for whoever wants to look.
func (tab *Tab) Picture(name string) {
	tab.t.Helper()
	if dir := os.Getenv("SOUNDINGS_SHOTS"); dir != "" {
		tab.Shot(filepath.Join(dir, name+".png"))
	}
}

// Shot writes a picture of the whole page.
func (tab *Tab) Shot(path string) {
	tab.t.Helper()
	if err := os.WriteFile(path, Get(tab, chromedp.FullScreenshot(100)), 0o600); err != nil {
		tab.t.Fatal(err)
	}
}

// Paper prints the page as a PDF with an outline of its headings, on paper of so many inches.
func (tab *Tab) Paper(width, height float64) []byte {
	tab.t.Helper()
	return Get(tab, func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		printed, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: width, PaperHeight: height,
			PrintBackground: new(true), GenerateTaggedPDF: new(true), GenerateDocumentOutline: new(true)})
		return printed.Data, err
	})
}

// OnPaper shows the page as it is laid out on paper for somebody whose system is dark, in a window of the size that the
// margins of the paper leave.
func (tab *Tab) OnPaper(width, height int64) {
	tab.t.Helper()
	tab.Resize(width, height)
	tab.Do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: preferring("dark")}))
}

func screen(width, height int64) Action {
	return command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// Touching gives the tab a screen that is touched.
func Touching() Action {
	return command(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
}

// Dark asks for dark pages.
func Dark() Action { return scheme(true) }

func scheme(dark bool) Action {
	wanted := "light"
	if dark {
		wanted = "dark"
	}
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: preferring(wanted)})
}

func preferring(scheme string) []*emulation.MediaFeature {
	return []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
}

// WithoutScripts keeps every script of a page from arriving. That is what a browser without JavaScript makes of pages
// whose policy forbids inline scripts. Scripts of the test itself still run.
func WithoutScripts() Action {
	return chromedp.Steps(command(network.Enable, network.EnableParams{}),
		command(network.SetBlockedURLs, network.SetBlockedURLsParams{
			URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/*.js", Block: true}}}))
}

// Reading asks for pages in a language, as a browser does whose owner reads it.
func Reading(language string) Action {
	return chromedp.Steps(command(network.Enable, network.EnableParams{}),
		command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}}))
}

func command[P, R any](c cdp.Command[P, R], params P) Action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}
