package main

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/chromedp/kb"

	"soundings/server/web/webtest"
	"soundings/surveys"
)

// invited is what came by mail to one person.
type invited struct{ subject, text, html, path string }

// readMail takes the invitations apart as mail programs do.
func (w *running) readMail() {
	w.invited = map[string]invited{}
	for _, m := range w.mail.Await(w.t, 21)[1:] { // the first was the test message
		_, text, html := m.Read(w.t)
		path := personalAddress.FindStringSubmatch(text)
		if path == nil || !strings.Contains(html, path[1]) {
			w.t.Fatalf("the invitation of %s has no address in both of its parts:\n%s\n%s", m.To[0], text, html)
		}
		w.invited[m.To[0]] = invited{m.Subject(w.t), text, html, path[1]}
	}
	if len(w.invited) != 20 {
		w.t.Fatalf("%d people are invited, want 20", len(w.invited))
	}
	for address, wants := range map[string][2]string{"finance0@example.org": {german["A new expense tool"], `lang="de"`},
		"finance1@example.org": {arabic["A new expense tool"], `dir="rtl"`}, "finance2@example.org": {"A new expense tool", `lang="en"`}} {
		m := w.invited[address]
		if !strings.Contains(m.subject, wants[0]) || !strings.Contains(m.text, wants[0]) || !strings.Contains(m.html, wants[1]) {
			w.t.Errorf("%s was written to as %+v, want %q", address, m, wants)
		}
	}
}

// follow opens the address in somebody's invitation, on a tab of their own.
func (w *running) follow(address string, setup ...webtest.Action) *webtest.Tab {
	w.t.Helper()
	tab := w.browser.Tab(w.width, 900, setup...)
	tab.Open(w.base + w.invited[address].path)
	return tab
}

// Selectors of the fields; ids are made of the texts.
const (
	easier = `[name="q.it-would-make-my-work-easier"]`
	start  = `[name="q.when-should-it-start"]`
)

// thanked waits for the thank-you page and makes sure that it shows a receipt.
func (w *running) thanked(tab *webtest.Tab, name string) {
	w.t.Helper()
	tab.Await(`location.pathname === "/thanks" && document.querySelector("#receipt")`)
	if receipt := tab.Text("#receipt"); !regexp.MustCompile(`^[0-9A-Z]{5}(-[0-9A-Z]{5,6})+$`).MatchString(receipt) {
		w.t.Errorf("the receipt is %q", receipt)
	}
	tab.Picture(w.size + "-thanks-" + name)
	tab.Close()
}

func (w *running) answerInGerman() {
	tab := w.follow("finance0@example.org")
	tab.Picture(w.size + "-form-de")
	if lang := webtest.Eval[string](tab, `document.documentElement.lang + document.documentElement.dir + document.querySelector("h1").innerText`); lang != "deltr"+german["A new expense tool"] {
		w.t.Errorf("the page is in %s", lang)
	}
	tab.Reach(easier)
	tab.Press(" ") // the first: it would be no help at all, so it is asked why
	tab.Reach(start)
	tab.Press(kb.ArrowUp) // from the first around to the last, which is another
	tab.Reach(`.own`)
	tab.Press("Nie")
	tab.Reach(`.ranks li:nth-child(2) .up`)
	tab.Press(" ")
	if !webtest.Eval[bool](tab, `document.activeElement.matches(".ranks li:nth-child(1) .up")`) {
		w.t.Error("ranking takes the focus away")
	}
	if ranked := tab.Text(".ranks li.ranked label"); ranked != german["Peace"] {
		w.t.Errorf("first is %q", ranked)
	}
	tab.Reach(`textarea`)
	tab.Press("Zu wenig Zeit")
	tab.Picture(w.size + "-answered-de")
	tab.Reach(".send")
	tab.Press(kb.Enter)
	w.thanked(tab, "de")
}

func (w *running) answerInArabic() {
	tab := w.follow("finance1@example.org", webtest.Dark())
	if lang := webtest.Eval[string](tab, `document.documentElement.lang + document.documentElement.dir`); lang != "arrtl" {
		w.t.Errorf("the page is in %s", lang)
	}
	if !webtest.Eval[bool](tab, `(() => {
		const box = (e) => e.getBoundingClientRect();
		const row = document.querySelector(".ranks li");
		return box(row.querySelector(".rank")).left > box(row.querySelector(".up")).left && getComputedStyle(document.querySelector("h1")).textAlign !== "left";
	})()`) {
		w.t.Error("the page is not laid out from right to left")
	}
	tab.Reach(easier)
	tab.Press(kb.ArrowDown + kb.ArrowDown + kb.ArrowDown)
	tab.Reach(`.ranks li:nth-child(3) .up`)
	tab.Press(" ")
	tab.Picture(w.size + "-form-ar")
	tab.Reach(".send")
	tab.Press(kb.Enter)
	w.thanked(tab, "ar")
}

// answerByTouch drags two rows of the ranking into the order wanted.
func (w *running) answerByTouch() {
	tab := w.follow("finance2@example.org", webtest.Touching())
	tab.Tap(`label:has(> ` + easier + `[value="5"])`)
	tab.Await(`document.querySelector('` + easier + `[value="5"]').checked`)
	tab.Finger(".ranks li:nth-child(3) .rank", ".ranks li:nth-child(1)")
	tab.Await(`document.querySelectorAll(".ranks li.ranked").length === 1`)
	tab.Finger(".ranks li:nth-child(3) .rank", ".ranks li:nth-child(2)")
	tab.Await(`document.querySelectorAll(".ranks li.ranked").length === 2`)
	if order := webtest.Eval[string](tab, `[...document.querySelectorAll(".ranks label")].map((l) => l.textContent).join(" ")`); order != "Training Peace Speed" {
		w.t.Errorf("the ranking is %q", order)
	}
	tab.Tap(".send")
	w.thanked(tab, "en")
	w.answerElsewhere()
}

// answerElsewhere lets three more answer, so that enough of one department have.
func (w *running) answerElsewhere() {
	for _, address := range []string{"finance3@example.org", "finance4@example.org", "legal0@example.org"} {
		answer, err := http.PostForm(w.base+w.invited[address].path, url.Values{"receipt": {string(surveys.NewReceipt())}, "q.it-would-make-my-work-easier": {"4"}})
		if err != nil {
			w.t.Fatal(err)
		}
		if answer.Body.Close(); answer.Request.URL.Path != "/thanks" {
			w.t.Fatalf("%s is answered with status %d at %s", address, answer.StatusCode, answer.Request.URL)
		}
	}
}

func (w *running) readReminders() {
	var reminded []string
	for _, m := range w.mail.Await(w.t, messages)[21:] {
		_, text, _ := m.Read(w.t)
		if path := personalAddress.FindStringSubmatch(text); path == nil || path[1] != w.invited[m.To[0]].path {
			w.t.Errorf("the reminder of %s leads elsewhere than their invitation:\n%s", m.To[0], text)
		}
		reminded = append(reminded, m.To[0])
	}
	slices.Sort(reminded)
	var want []string
	for address := range w.invited {
		if !strings.HasPrefix(address, "finance") && address != "legal0@example.org" {
			want = append(want, address)
		}
	}
	slices.Sort(want)
	if !slices.Equal(reminded, want) {
		w.t.Errorf("reminded are %v, want %v", reminded, want)
	}
}
