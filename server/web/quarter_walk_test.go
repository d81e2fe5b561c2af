package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/visits"
	"soundings/surveys/waves"
)

// itLead is a head of IT at their desk, in the first days of a quarter to come.
type itLead struct {
	o            *office
	t            *testing.T
	browser      *webtest.Browser
	tab          *webtest.Tab
	cookie, csrf string
}

func newITLead(t *testing.T) *itLead {
	t.Helper()
	o := newOffice(t, storetest.SQLite(t)).staffed().board(settings.BoardOpen)
	o.member(accounts.Admin)
	q := &itLead{o: o, t: t, browser: o.browsing()}
	this := visits.QuarterOf(surveys.DayOf(o.clock.Now(), time.UTC))
	o.clock.now = this.Next().First().Plus(5).Time().Add(9 * time.Hour)
	q.tab = q.browser.Tab(1440, 900)
	q.later(0)
	return q
}

// later lets days pass, after which one signs in again.
func (q *itLead) later(days int) {
	q.t.Helper()
	q.o.clock.add(time.Duration(days) * 24 * time.Hour)
	q.cookie, q.csrf = q.o.again(accounts.Admin)
	q.o.enterAs(accounts.Admin, q.tab)
}

// in is the day that is so many days away.
func (q *itLead) in(days int) surveys.Day {
	return surveys.DayOf(q.o.clock.Now(), time.UTC).Plus(days)
}

func (q *itLead) at(path string) {
	q.t.Helper()
	q.tab.Await(fmt.Sprintf(`location.pathname === %q && document.readyState === "complete"`, path))
}

// enter goes to something by the tab key and presses it.
func (q *itLead) enter(selector string) {
	q.t.Helper()
	q.tab.Reach(selector)
	q.tab.Press("\r")
}

// write goes to a field by the tab key and fills it.
func (q *itLead) write(selector, text string) {
	q.t.Helper()
	q.tab.Reach(selector)
	q.tab.Paste(text)
}

// reads fails unless what is shown has these words.
func (q *itLead) reads(tab *webtest.Tab, where string, words ...string) {
	q.t.Helper()
	text := strings.Join(strings.Fields(webtest.Eval[string](tab, fmt.Sprintf(`document.querySelector(%q).innerText`, where))), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			q.t.Errorf("%q is not in %q", w, text)
		}
	}
}

// A head of IT goes through a quarter: a change is proposed, put to two departments and a band, asked about with two decisions
// left open, one is made as most wished; an idea becomes a change; a visit is planned at the desk and reported on a phone; a
// promise is made and kept; the brief is printed; the milestones are reached; and the next survey opens with what was done.
func TestAnITLeadGoesThroughAQuarter(t *testing.T) {
	t.Parallel()
	q := newITLead(t)
	for measure, target := range map[string]string{"visits": "1", "promises": "100"} {
		q.o.aimed(q.cookie, q.csrf, "quarter", visits.QuarterOf(q.in(0)).String(), "measure", measure, "target", target)
	}
	q.proposes()
	q.pitches()
	q.leavesOpen()
	wave := q.asks()
	q.later(14)
	q.closes(wave)
	q.decides()
	q.promotes()
	q.visits()
	q.promises()
	q.briefs()
	q.tab.Open(q.o.BaseURL + "/milestones")
	q.reads(q.tab, "h1", "2 of 2 milestones are on track")
	q.reads(q.tab, ".milestone-board", "met", "1 of 1", "ahead", "100%")
	q.opensNext(wave)
}

func (q *itLead) proposes() {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/changes")
	q.enter("main a.btn-primary")
	q.at("/changes/new")
	q.write("#title", "A new expense tool")
	q.write("#why", "Receipts get **lost**.")
	q.write("#what", "One app for all.")
	q.tab.Reach(`[name="public"]`)
	q.tab.Press(" ")
	choosing(q.tab, "#stage", "proposed")
	q.enter(".change-form .btn-primary")
	q.at("/changes/1")
	q.reads(q.tab, "h1", "A new expense tool: proposed")
}

func (q *itLead) pitches() {
	q.t.Helper()
	q.enter(`a[href="/changes/1/pitches"]`)
	q.at("/changes/1/pitches")
	q.reads(q.tab, "h1", "Nobody reads words of their own about this change yet")
	q.o.pitched(q.cookie, "/changes/1", pitch(q.csrf, "2", "0", "Legal keeps its own archive."))
	q.o.pitched(q.cookie, "/changes/1", pitch(q.csrf, "1", "2", "Leads say who pilots."))
	q.enter(`.pitch-grid a[href="/changes/1/pitches/edit?band=0&department=1"]`)
	q.at("/changes/1/pitches/edit")
	q.write("#text", "Finance decides the week.")
	q.enter("#save")
	q.tab.Await(`document.querySelector("#remove") && document.readyState === "complete"`)
	q.reads(q.tab, "#preview", "Finance decides the week.")
	q.tab.Open(q.o.BaseURL + "/changes/1")
	q.reads(q.tab, "main", "2 of 2 departments read words of their own about this change")
}

// leavesOpen leaves two decisions open and puts both into one survey.
func (q *itLead) leavesOpen() {
	q.t.Helper()
	q.tab.Click(`a[href="/changes/1/decisions/new"]`)
	q.at("/changes/1/decisions/new")
	q.tab.Click(`.decision-kinds a[href$="training"]`)
	q.tab.Await(`location.search.includes("training") && document.readyState === "complete"`)
	q.tab.Click(".change-form .btn-primary")
	q.at("/changes/1/decisions/1")
	q.reads(q.tab, ".lead", "Nobody has been asked yet")
	windows := openWindows(q.csrf)
	windows["from"] = []string{string(q.in(30)), string(q.in(60)), ""}
	windows["until"] = []string{string(q.in(34)), string(q.in(64)), ""}
	q.o.left(q.cookie, windows)
	q.translates(1, "Wie möchten Sie es lernen?") // as the survey of the library is
	q.translates(2, "Wann sind Sie an der Reihe?")
	q.tab.Open(q.o.BaseURL + "/changes/1/decisions/1")
	choosing(q.tab, "#where", "pulse")
	q.tab.Click("#ask .btn")
	q.at("/surveys/drafts/1")
	if r := q.o.submit(q.cookie, "/changes/1/decisions/2/ask", url.Values{"csrf": {q.csrf}, "version": {"2"}, "where": {"1"}}); r.header.Get("Location") != "/surveys/drafts/1" {
		q.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	q.tab.Open(q.o.BaseURL + "/surveys/drafts/1/publish")
	q.tab.Click(`form[action$="/publish"] .btn-primary`)
	q.tab.Await(`!location.pathname.startsWith("/surveys/drafts/") && document.readyState === "complete"`)
	q.tab.Open(q.o.BaseURL + "/changes/1")
	q.reads(q.tab, "main", "How would you like to learn it?", "When is it your turn?", "no wave of it has opened yet")
}

// translates says a decision in German.
func (q *itLead) translates(id decisions.ID, title string) {
	q.t.Helper()
	d, err := decisions.ByID(context.Background(), q.o.Store, id)
	if err != nil {
		q.t.Fatal(err)
	}
	form := url.Values{"csrf": {q.csrf}, "version": {strconv.Itoa(d.Version)}, "title": {title}}
	for _, o := range d.Options {
		if o.Text != "" {
			form.Set("option."+o.ID, "Ja: "+o.Text)
		}
	}
	if d.About != "" {
		form.Set("about", "Ein Tag ohne Dateien.")
	}
	if r := q.o.submit(q.cookie, fmt.Sprintf("/changes/1/decisions/%d/texts/de", id), form); r.status != http.StatusSeeOther {
		q.t.Fatalf("status %d\n%s", r.status, r.body)
	}
}

// asks opens the wave and lets people of both departments answer: Finance is glad of the change, Legal is not.
func (q *itLead) asks() surveys.Wave {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/changes/1/decisions/1")
	q.tab.Click(`a[href^="/waves/new"]`)
	q.at("/waves/new")
	q.tab.Fill("#label", "Expenses")
	q.tab.Click(`form[action="/waves/new"] .btn-primary`)
	q.tab.Await(`location.pathname.endsWith("/check") && document.readyState === "complete"`)
	q.tab.Click("[data-open]")
	q.at("/waves/1")
	list, err := waves.List(q.o.Store.Read(context.Background()), 0)
	if err != nil || len(list) != 1 {
		q.t.Fatalf("%d waves, %v", len(list), err)
	}
	links, err := waves.LinksOf(q.o.Store.Read(context.Background()), list[0].ID)
	if err != nil {
		q.t.Fatal(err)
	}
	lead, _ := q.o.invite(list[0], surveys.Person{ID: 1, Department: 1, Band: 2})
	holds(q.t, "what a lead of Finance opens", q.o.get(lead).body, "Leads say who pilots.", "How would you like to learn it?", "When is it your turn?")
	doc := q.o.document(list[0])
	for i := range 24 {
		department, value := "1", 4+i%2
		if i >= 12 {
			department, value = "2", 2+i%2
		}
		form := url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {department}, "band": {string("12"[i%2])},
			"q.decide-how-would-you-like-to-learn-it": {"somebody-from-it-comes-to-us"}, "q.decide-when-is-it-your-turn": {"after-easter"}}
		if i%3 == 0 {
			form.Set("q.decide-how-would-you-like-to-learn-it", "a-course")
		}
		for _, asked := range doc.Questions {
			if asked.Scored() {
				form.Set(surveys.FieldOf(asked.ID), strconv.Itoa(map[bool]int{false: value, true: 6 - value}[asked.Reversed]))
			}
		}
		if r := q.o.post("/s/"+links[0].Code, form); r.status != http.StatusSeeOther {
			q.t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	return list[0]
}

func (q *itLead) closes(wave surveys.Wave) {
	q.t.Helper()
	q.tab.Open(fmt.Sprintf("%s/waves/%d", q.o.BaseURL, wave.ID))
	q.tab.Click("#close-now")
	q.at(fmt.Sprintf("/waves/%d/close", wave.ID))
	q.tab.Click(".actions .btn-primary")
	q.at(fmt.Sprintf("/waves/%d", wave.ID))
	q.reads(q.tab, "main", "Closed on")
}

func (q *itLead) decides() {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/changes/1/decisions/1")
	q.reads(q.tab, ".decision-most", "Most chose “Somebody from IT comes to us” (16 of 24 answers")
	q.tab.Click(`[name="outcome"][value="somebody-from-it-comes-to-us"]`)
	q.write("#reason", "You asked for it.")
	q.enter("#decide .btn-primary")
	q.tab.Await(`document.querySelector(".decision-outcomes") && document.readyState === "complete"`)
	q.reads(q.tab, ".lead", "Decided: Somebody from IT comes to us. As most of those who answered wished.")
	q.tab.Open(q.o.BaseURL + "/changes/1")
	q.reads(q.tab, "main", "You asked for it.", "Answered since")
	holds(q.t, "what those read who were asked", q.o.get("/about/a-new-expense-tool?lang=en").body, "What was decided because of you", "You asked for it.")
}

func (q *itLead) promotes() {
	q.t.Helper()
	q.o.suggested("Photograph receipts", "department", "1")
	q.tab.Open(q.o.BaseURL + "/ideas")
	q.reads(q.tab, "h1", "1 idea waits for a reply")
	q.tab.Click(`a[href="/ideas/1"]`)
	q.at("/ideas/1")
	q.tab.Click(`a[href="/ideas/1/promote"]`)
	q.at("/ideas/1/promote")
	q.write("#why", "Paper gets wet.")
	q.write("#what", "A camera.")
	q.enter(".change-form .btn-primary")
	q.at("/changes/2")
	q.reads(q.tab, ".change-facts", "Suggested by Finance.")
	q.tab.Open(q.o.BaseURL + "/changes")
	q.reads(q.tab, "main", "Photograph receipts", "Suggested by Finance.")
}

// visits plans a visit at the desk and reports it the next day on the way back.
func (q *itLead) visits() {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/visits")
	q.tab.Click(`main a[href="/visits/new"]`)
	q.at("/visits/new")
	q.tab.Reach("#department")
	q.tab.Press("F")
	q.tab.Reach("#day")
	typeDay(q.tab, "#day", q.in(1).Time())
	q.write("#purpose", "The new expense tool")
	q.write(`[name="associate"]:nth-of-type(2)`, "Jan Novak")
	q.enter(".change-acts button")
	q.at("/visits/1")
	q.reads(q.tab, "main", "Finance will be visited on "+q.in(1).Time().Format("2 January 2006"), "admin@example.org and Jan Novak")

	q.later(1)
	phone := q.o.enterAs(accounts.Admin, q.browser.Tab(360, 740, webtest.Touching()))
	phone.Open(q.o.BaseURL + "/visits/1")
	phone.Tap(`a[href="/visits/1/report"]`)
	phone.Await(`location.pathname === "/visits/1/report" && document.readyState === "complete"`)
	phone.Tap("#heard")
	phone.Paste("The closing takes *all* of March.")
	phone.Tap("#followup1")
	phone.Paste("Send the calendar")
	phone.Tap(".change-acts button")
	phone.Await(`location.pathname === "/visits/1" && document.readyState === "complete"`)
	q.reads(phone, "main", "Finance was visited on "+q.in(0).Time().Format("2 January 2006"), "The closing takes all of March.", "Send the calendar")
	phone.Close()
	q.tab.Open(q.o.BaseURL + "/week")
	q.reads(q.tab, "main", "Send the calendar")
}

func (q *itLead) promises() {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/promises")
	q.tab.Click(`main a[href="/promises/new"]`)
	q.at("/promises/new")
	q.write("#said", "Nobody tells us when.")
	q.tab.Click(`[name="state"][value="open"]`)
	q.tab.Reach("#due")
	typeDay(q.tab, "#due", q.in(7).Time())
	q.write("#answer", "A calendar that you keep.")
	q.tab.Click(`[name="everybody"][value="no"]`)
	q.tab.Reach(`[name="department"][value="1"]`)
	q.tab.Press(" ")
	q.enter(".promise-form .btn-primary")
	q.at("/promises/1")
	q.reads(q.tab, "h1", "Due on "+q.in(7).Time().Format("2 January 2006"))

	q.later(5)
	q.tab.Open(q.o.BaseURL + "/promises/1")
	q.enter(".promise-step summary")
	q.write("#keep-note", "Since today.")
	q.enter("#keep .btn-primary")
	q.tab.Await(`document.querySelectorAll(".stages li").length === 2 && document.readyState === "complete"`)
	q.tab.Open(q.o.BaseURL + "/promises")
	q.reads(q.tab, "h1", "1 of 1 promise due in this quarter is kept")
}

// briefs opens the brief of Finance, prints it, and follows a sentence to its number.
func (q *itLead) briefs() {
	q.t.Helper()
	q.tab.Open(q.o.BaseURL + "/changes/1")
	q.tab.Click(`a[href="/changes/1/brief/1"]`)
	q.at("/changes/1/brief/1")
	q.tab.OnPaper(paperWidth, paperHeight)
	for _, fault := range webtest.Eval[[]string](q.tab, misprinted) {
		q.t.Errorf("the brief on paper: %s", fault)
	}
	q.reads(q.tab, "main", "Finance is clearly more open to this change than the rest of the organisation", "On "+q.in(0).Time().Format("2 January 2006")+" a promise to them was kept: “A calendar that you keep.”",
		"Finance decides the week.", "Leads say who pilots.", "Photograph receipts", "The closing takes all of March.", "Nobody tells us when.")
	if sheets, headings := printed(q.tab.Paper(8.27, 11.69)); sheets < 1 || sheets > 2 || len(headings) == 0 {
		q.t.Errorf("%d sheets with the headings %q", sheets, headings)
	}
	q.tab.Do(webtest.Dark())
	q.tab.Resize(1440, 900)
	q.enter(".brief-lead .brief-ref a")
	q.at("/departments/1")
	q.reads(q.tab, "h1", "Finance")
}

// opensNext opens the next wave for Finance and reads it on a phone as somebody there.
func (q *itLead) opensNext(last surveys.Wave) {
	q.t.Helper()
	code := ""
	q.o.transact(func(tx *store.Tx) error {
		asked, err := q.o.Catalog.Questionnaire(context.Background(), last.Questionnaire)
		if err != nil {
			return err
		}
		_, links, err := waves.Open(tx, waves.New{Questionnaire: asked, Label: "Again", At: q.o.clock.Now(), Departments: []surveys.DepartmentID{1}})
		if err == nil {
			code = links[0].Code
		}
		return err
	})
	phone := q.browser.Tab(360, 740)
	phone.Open(q.o.BaseURL + "/s/" + code + "?lang=en")
	q.reads(phone, ".pitch", "Finance decides the week.")
	q.reads(phone, "#opening", "Since we last asked you", "You said", "Nobody tells us when.", "We did", "A calendar that you keep.")
}
