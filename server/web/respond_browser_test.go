package web

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

const phone = 360

// only is the one stored response, looked up by the receipt on the thank-you page.
func (o *office) only(t *testing.T, code string, receipt string) surveys.Reply {
	t.Helper()
	r, ok := surveys.ParseReceipt(receipt)
	if !ok {
		t.Fatalf("%q is not a receipt", receipt)
	}
	l, err := o.forms.find(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	found, err := o.Intake.Lookup(t.Context(), r, l.doc())
	if err != nil {
		t.Fatal(err)
	}
	return found.Reply
}

func awaitThanks(tab *webtest.Tab) string {
	tab.Await(`location.pathname === "/thanks" && document.querySelector("#receipt")`)
	return tab.Text("#receipt")
}

func TestAPhoneWithoutJavaScriptCanAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t, "en", "de"))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740, webtest.WithoutScripts())
	tab.Open(base + "/s/" + code)
	if webtest.Eval[bool](tab, `document.documentElement.classList.contains("js")`) {
		t.Fatal("the script runs")
	}
	if wide := webtest.Eval[int](tab, `document.documentElement.scrollWidth`); wide > phone {
		t.Errorf("the page is %d px wide", wide)
	}
	if text := tab.Text("main"); !strings.Contains(text, "Only if you answered") {
		t.Error("the question that hangs on an answer does not say so")
	}
	tab.Click(`.langs summary`)
	tab.Click(`.langs [lang="de"]`)
	tab.Await(`document.documentElement.lang === "de"`)
	tab.Click(`.langs summary`)
	tab.Click(`.langs [lang="en"]`)
	tab.Await(`document.documentElement.lang === "en"`)
	tab.Type(`#q\.say`, "Please wait for the audit.")
	tab.Click(`.send`)
	tab.Await(`document.querySelector("#faults")`)
	if got := tab.Text("#faults"); !strings.Contains(got, "2 answers need another look.") {
		t.Errorf("the summary says %q", got)
	}
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "2"), chromedp.SetValue(chromedp.CSS(`[name="q.order.c"]`), "1"))
	tab.Click(`[name="q.easier"][value="1"]`)
	tab.Click(`[name="q.tell"][value="10"]`)
	tab.Click(`[name="q.which"][value="a"]`)
	tab.Click(`.send`)
	reply := o.only(t, code, awaitThanks(tab))
	if reply.Department != 2 || reply.Answers["easier"].Number != 1 || reply.Answers["tell"].Number != 10 ||
		!reply.Answers["which"].Has("a") || !reply.Answers["order"].Has("c") || reply.Texts["say"] != "Please wait for the audit." {
		t.Errorf("stored is %+v", reply)
	}
	o.holds(1, 1)
}

func TestAPhoneWithJavaScriptCanAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	hangs := `document.getElementById("q.why").closest(".q").hidden`
	if !webtest.Eval[bool](tab, hangs) {
		t.Error("a question is shown before the answer it hangs on")
	}
	tab.Click(`[name="q.easier"][value="2"]`)
	tab.Await("!" + hangs)
	tab.Type(`#q\.why`, "No time")
	tab.Click(`[name="q.easier"][value="4"]`)
	tab.Await(hangs)
	tab.Click(`.send`) // the department is missing
	tab.Await(`document.activeElement.id === "faults"`)
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(`[name="q.when"][value="other"]`)
	tab.Type(`[name="q.when.other"]`, "In May")
	tab.Click(`#q\.order\.b .up`)
	tab.Click(`#q\.order\.c .up`)
	tab.Click(`#q\.order\.c .up`)
	if said := webtest.Eval[string](tab, `document.querySelector(".ranks + [role=status]").textContent`); said != "Third week: rank 1" {
		t.Errorf("the ranking says %q", said)
	}
	tab.Do(chromedp.DoubleClick(chromedp.CSS(".send")))
	reply := o.only(t, code, awaitThanks(tab))
	if reply.Department != 1 || reply.Answers["easier"].Number != 4 || reply.Texts["when"] != "In May" || strings.Join(reply.Answers["order"].Options, " ") != "c b" {
		t.Errorf("stored is %+v", reply)
	}
	if reply.Texts["why"] != "" {
		t.Error("the answer to a question that is not shown is stored")
	}
	o.holds(1, 1)
}

func TestAKeyboardIsEnoughToAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Alone(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	to := func(selector string) {
		t.Helper()
		for range 60 {
			tab.Press(kb.Tab)
			if webtest.Eval[bool](tab, `document.activeElement.matches(`+"`"+selector+"`"+`)`) {
				// The ring is around the field itself or around its card.
				if !webtest.Eval[bool](tab, `[document.activeElement, document.activeElement.closest("label")].some((e) => e && getComputedStyle(e).outlineStyle !== "none")`) {
					t.Errorf("the focus on %s cannot be seen", selector)
				}
				return
			}
		}
		t.Fatalf("%s cannot be reached", selector)
	}
	to("#department")
	tab.Press("F")
	to(`[name="q.easier"]`)
	tab.Press(kb.ArrowRight + kb.ArrowRight) // from the first, which is not chosen yet, to the third
	to(`[name="q.tell"]`)
	tab.Press(" ")
	to(`[name="q.which"][value="b"]`)
	tab.Press(" ")
	to(`#q\\.order\\.b .up`)
	tab.Press(" ")
	if !webtest.Eval[bool](tab, `document.activeElement.matches("#q\\.order\\.b .up")`) {
		t.Error("ranking takes the focus away")
	}
	to(`#q\\.say`)
	tab.Press("Fine")
	to(".send")
	tab.Press(kb.Enter)
	reply := o.only(t, code, awaitThanks(tab))
	if reply.Department != 1 || reply.Answers["easier"].Number != 3 || reply.Answers["tell"].Number != 0 || !reply.Answers["which"].Has("b") ||
		!reply.Answers["order"].Has("b") || reply.Texts["say"] != "Fine" {
		t.Errorf("stored is %+v", reply)
	}
}

func TestADraftOutlivesItsTabAndIsGoneOnceSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t, "en", "de"))
	base := o.listen()
	b := webtest.Start(t)
	tab := b.Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Click(`[name="q.easier"][value="2"]`)
	tab.Type(`#q\.why`, "Half a tho")
	receipt := webtest.Eval[string](tab, `document.querySelector("[name=receipt]").value`)
	tab.Close()

	tab = b.Tab(phone, 740)
	tab.Open(base + "/s/" + code + "?lang=de") // the draft is the same in every language
	if got := webtest.Eval[string](tab, `document.getElementById("q.why").value`); got != "Half a tho" {
		t.Errorf("the draft holds %q", got)
	}
	if !webtest.Eval[bool](tab, `document.querySelector('[name="q.easier"][value="2"]').checked && !document.getElementById("draft").hidden`) {
		t.Error("the draft is not there or not announced")
	}
	if got := webtest.Eval[string](tab, `document.querySelector("[name=receipt]").value`); got != receipt {
		t.Errorf("the receipt became %s: a send that arrived unnoticed would count twice", got)
	}
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(".send")
	awaitThanks(tab)
	tab.Open(base + "/s/" + code)
	if webtest.Eval[bool](tab, `!document.getElementById("draft").hidden || document.getElementById("q.why").value !== ""`) {
		t.Error("the draft is still there after it was sent")
	}
	if left := webtest.Eval[string](tab, `JSON.stringify([{...localStorage}, {...sessionStorage}])`); !regexp.MustCompile(`^\[\{"soundings-answered:` + code + `":"\{\\"trace\\":\\"[0-9a-f]{8}\\"\}"\},\{\}\]$`).MatchString(left) {
		t.Errorf("left in the browser is %s", left)
	}
	o.holds(1, 1)
}

func TestStartingAfreshForgetsTheDraft(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Type(`#q\.say`, "Somebody else's words")
	receipt := webtest.Eval[string](tab, `document.querySelector("[name=receipt]").value`)
	tab.Open(base + "/s/" + code)
	tab.Click("#draft button")
	tab.Await(`document.getElementById("q.say").value === "" && document.querySelector("[name=receipt]").value !== "` + receipt + `"`)
	if n := webtest.Eval[int](tab, `localStorage.length`); n != 0 {
		t.Errorf("%d things are left in the browser", n)
	}
}

// flaky stands between the browser and the server, as a bad connection does.
type flaky struct {
	proxy *httputil.ReverseProxy
	down  atomic.Bool   // every connection breaks
	lose  atomic.Bool   // what is sent arrives, but its answer does not
	hold  chan struct{} // sends wait until it is closed; nil: they don't
	posts atomic.Int32
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		f.posts.Add(1)
		if f.hold != nil {
			<-f.hold
		}
	}
	if r.Method == http.MethodPost && f.lose.Load() {
		f.proxy.ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	}
	if f.down.Load() {
		panic(http.ErrAbortHandler)
	}
	f.proxy.ServeHTTP(w, r)
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func TestASendIsRepeatedUntilItArrivesAndCountsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	target, err := url.Parse(o.listen())
	if err != nil {
		t.Fatal(err)
	}
	f := &flaky{proxy: httputil.NewSingleHostReverseProxy(target)}
	base := serve(t, f)
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(`[name="q.easier"][value="5"]`)
	tab.Type(`#q\.say`, "Thank you")

	f.down.Store(true)
	tab.Click(".send")
	tab.Await(`document.getElementById("trouble").textContent.includes("not stored yet")`)
	tab.Await(`/Next try in \d+ s/.test(document.getElementById("wait").textContent)`)
	o.holds(0, 0)

	f.lose.Store(true) // the database commits, and the connection breaks before the answer
	webtest.Eval[any](tab, `window.dispatchEvent(new Event("online")), 0`)
	tab.Await(`/Next try in \d+ s/.test(document.getElementById("wait").textContent)`)
	o.holds(1, 1)

	f.down.Store(false)
	f.lose.Store(false) // the next try comes by itself
	receipt := awaitThanks(tab)
	o.holds(1, 1)
	if reply := o.only(t, code, receipt); reply.Texts["say"] != "Thank you" {
		t.Errorf("stored is %+v", reply)
	}
	if n := f.posts.Load(); n < 3 {
		t.Errorf("it was sent %d times", n)
	}
}

func TestAReloadAfterALostAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	target, err := url.Parse(o.listen())
	if err != nil {
		t.Fatal(err)
	}
	f := &flaky{proxy: httputil.NewSingleHostReverseProxy(target)}
	base := serve(t, f)
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(`[name="q.easier"][value="5"]`)
	f.lose.Store(true)
	tab.Click(".send")
	tab.Await(`document.getElementById("trouble").textContent !== ""`)
	o.holds(1, 0)
	f.lose.Store(false)
	tab.Open(base + "/s/" + code)
	tab.Click(".send")
	awaitThanks(tab)
	o.holds(1, 0)
}

func TestWhileTheAnswersCannotBeTakenInThePageSaysSoAndTriesAgain(t *testing.T) {
	t.Parallel()
	server, address := storetest.Mortal(t)
	o := newOffice(t, storetest.Open(t, address)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(`[name="q.easier"][value="5"]`)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	tab.Click(".send")
	tab.Await(`document.getElementById("trouble").textContent.includes("not stored yet")`)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	awaitThanks(tab)
	o.holds(1, 0)
}

func TestAnImpatientThumbSendsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	target, err := url.Parse(o.listen())
	if err != nil {
		t.Fatal(err)
	}
	f := &flaky{proxy: httputil.NewSingleHostReverseProxy(target), hold: make(chan struct{})}
	base := serve(t, f)
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(base + "/s/" + code)
	tab.Do(chromedp.SetValue(chromedp.CSS("#department"), "1"))
	tab.Click(`[name="q.easier"][value="5"]`)
	for range 3 {
		tab.Click(".send")
		tab.Do(chromedp.DoubleClick(chromedp.CSS(".send")))
		tab.Press(kb.Enter)
	}
	if got := webtest.Eval[string](tab, `document.querySelector(".send").textContent + document.querySelector(".send").getAttribute("aria-disabled")`); got != "Sending …true" {
		t.Errorf("the button says %q", got)
	}
	close(f.hold)
	awaitThanks(tab)
	if n := f.posts.Load(); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	o.holds(1, 0)
}

// At a shared computer the next day's visitor must not find, or overwrite, what somebody else began.
func TestADraftIsKeptForADayOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	address := o.listen() + "/s/" + code // before the browser, which must end first: the server waits for its connections
	tab := webtest.Start(t).Tab(phone, 740)
	tab.Open(address)
	tab.Type(`#q\.say`, "begun")
	key := "soundings:" + code
	for hours, shown := range map[int]bool{23: true, 25: false} {
		webtest.Eval[bool](tab, fmt.Sprintf(`(() => {
			const draft = {"q.say": ["begun"], saved: Date.now() - %d * 3600 * 1000};
			localStorage.setItem(%q, JSON.stringify(draft));
			return true;
		})()`, hours, key))
		tab.Open(address)
		if got := webtest.Eval[bool](tab, `!document.getElementById("draft").hidden`); got != shown {
			t.Errorf("a draft of %d hours: restored is %v, want %v", hours, got, shown)
		}
	}
}
