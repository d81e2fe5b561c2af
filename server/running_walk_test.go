package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soundings/server/web/webtest"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/store"
)

const (
	itPassword = "correct horse battery staple"
	itAddress  = "it@example.org"
)

// messages is what arrives in all: a test message, 20 invitations, and 14 reminders.
const messages = 1 + 20 + 14

// running is somebody in IT who has never seen the program, with a browser, a mail server and nothing else, and what
// they have come to know.
type running struct {
	t       *testing.T
	base    string
	browser *webtest.Browser
	tab     *webtest.Tab
	size    string
	mail    *outboxtest.Server
	width   int64
	invited map[string]invited
}

// From nothing to a closed wave: a survey is written, translated and looked at, four departments are asked by mail, some
// answer in their language, the others are reminded, and the log book knows of all of it.
func TestAWaveIsRunFromNothingOnPagesAlone(t *testing.T) {
	t.Parallel()
	browser := webtest.Start(t)
	for name, look := range map[string]struct {
		width int64
		setup []webtest.Action
	}{"at a desk": {1440, nil}, "on a phone in the dark": {360, []webtest.Action{webtest.Dark()}}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, store.SQLite)
			s.command(done, itPassword, "user", "add", "--email", itAddress, "--role", "admin", "--password-stdin")
			w := &running{t: t, mail: outboxtest.Start(t, outboxtest.Options{}), base: s.serve(), browser: browser, width: look.width, size: fmt.Sprint(look.width)}
			w.tab = browser.Tab(look.width, 900, look.setup...)
			for _, step := range []struct {
				story string
				do    func()
			}{
				{"signs in", w.signIn},
				{"sets up mail and sends the test message", w.setUpMail},
				{"takes in the directory", w.takeInDirectory},
				{"takes it in again, with what has changed", w.changeDirectory},
				{"begins a survey of the library", w.beginFromLibrary},
				{"writes a survey from nothing", w.write},
				{"puts its questions in order", w.reorder},
				{"translates it into German beside the original", w.translate},
				{"translates it into Arabic in a file", w.translateInFile},
				{"looks at it as somebody else", w.preview},
				{"publishes it", w.publish},
				{"plans a wave for four departments and opens it", w.openWave},
				{"has invited everybody in their language", w.readMail},
				{"is answered by keyboard in German", w.answerInGerman},
				{"is answered by keyboard in Arabic", w.answerInArabic},
				{"is answered with a finger in English", w.answerByTouch},
				{"reminds", w.remind},
				{"extends", w.extend},
				{"watches how many have answered", w.watch},
				{"has reminded only those who had not answered", w.readReminders},
				{"closes", w.close},
				{"finds it all in the log book", w.readLog},
			} {
				begun := time.Now()
				step.do()
				t.Logf("%-50s %4d ms", step.story, time.Since(begun).Milliseconds())
			}
		})
	}
}

// at waits for a page.
func (w *running) at(path string) {
	w.t.Helper()
	w.tab.Await(fmt.Sprintf(`document.readyState === "complete" && location.pathname === %q`, path))
}

// saw takes a picture of a page and makes sure that nothing hangs over its edge. Axe looks at every page elsewhere.
func (w *running) saw(page string, wants ...string) {
	w.t.Helper()
	w.tab.Picture(w.size + "-" + page)
	text := strings.Join(strings.Fields(w.tab.Text("main")), " ") // a table on a desk, lines on a phone
	for _, want := range wants {
		if !strings.Contains(text, want) {
			w.t.Errorf("%s does not say %q:\n%s", page, want, text)
		}
	}
	if over := webtest.Eval[int](w.tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		w.t.Errorf("%s hangs over by %d pixels", page, over)
	}
}

func (w *running) signIn() {
	w.tab.Open(w.base + "/")
	w.at("/login")
	w.tab.Fill("#email", itAddress)
	w.tab.Fill("#password", itPassword)
	w.tab.Press("\r")
	w.tab.Await(`document.querySelector(".navmenu") && document.readyState === "complete"`)
	w.saw("first-page")
}

// open follows the menu.
func (w *running) open(path string) {
	w.t.Helper()
	w.tab.Follow(path)
	w.at(path)
}

func (w *running) setUpMail() {
	w.open("/settings")
	m := w.mail.Settings()
	for field, value := range map[string]string{"#host": m.Host, "#port": fmt.Sprint(m.Port), "#from": m.From, "#from_name": "IT", "#per_minute": fmt.Sprint(m.PerMinute)} {
		w.tab.Fill(field, value)
	}
	w.tab.Do(chromedp.SetValue(chromedp.CSS("#security"), string(m.Security)))
	w.tab.Click(`form[action="/settings/mail"] .btn-primary`)
	w.tab.Await(`document.readyState === "complete" && document.querySelector(".settings-test button")`)
	w.tab.Click(".settings-test button")
	w.tab.Await(`location.search === "?saved=test" && document.readyState === "complete"`)
	w.saw("mail", itAddress)
	if got := w.mail.Await(w.t, 1); got[0].To[0] != itAddress {
		w.t.Errorf("the test message went to %s", got[0].To)
	}
}

// employees are the lines of the directory: five people in each of four departments.
func employees() [][]string {
	rows := [][]string{{"Login", "Name", "Abteilung", "Ebene", "Sprache"}}
	for d, department := range []string{"Finance", "Legal", "Sales", "Warehouse"} {
		for n := range 5 {
			rows = append(rows, []string{fmt.Sprintf("%s%d@example.org", strings.ToLower(department), n), fmt.Sprintf("Person %d", 5*d+n), department,
				[]string{"Staff", "Lead"}[n%2], []string{"de", "ar", "en"}[n%3]})
		}
	}
	return rows
}

// file writes a table where a person can choose it.
func (w *running) file(name string, rows [][]string) string {
	w.t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *running) upload(rows [][]string) {
	w.t.Helper()
	w.open("/people")
	w.tab.Click(`a[href="/people/directory"]`)
	w.at("/people/directory")
	w.tab.Do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{w.file("people.csv", rows)}))
	w.tab.Click("main .btn-primary")
	w.tab.Await(`/directory\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
}

func (w *running) takeInDirectory() {
	w.open("/people")
	for _, band := range []string{"Staff", "Lead"} {
		w.tab.Fill("#band", band)
		w.tab.Press("\r")
		w.tab.Await(fmt.Sprintf(`document.readyState === "complete" && [...document.querySelectorAll(".bands [name=name]")].some((i) => i.value === %q)`, band))
	}
	w.upload(employees())
	w.saw("directory-columns")
	w.tab.Choose("#column-email", "Login")
	w.tab.Click(".columns button")
	w.tab.Await(`document.querySelector(".tally") && document.readyState === "complete"`)
	w.saw("directory-preview", "20 people in people.csv: 20 added, 0 changed, 0 gone.")
	w.tab.Click("[name=departments]")
	w.tab.Click(".stack .btn-primary")
	w.tab.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.startsWith("The directory is taken in: 20 added")`)
}

// changeDirectory: one has come, one has gone, one has another department. The columns are remembered.
func (w *running) changeDirectory() {
	rows := employees()
	rows[20] = []string{"warehouse5@example.org", "Person 20", "Warehouse", "Staff", "ar"}
	rows[1][1] = "Person Zero"
	w.upload(rows)
	w.saw("directory-again", "20 people in people.csv: 1 added, 1 changed, 1 gone.")
	w.tab.Click(".stack .btn-primary")
	w.tab.Await(`document.readyState === "complete" && document.querySelector("h1").innerText.startsWith("The directory is taken in: 1 added")`)
	w.saw("directory-done")
}

func (w *running) openWave() {
	w.open("/waves")
	w.saw("waves-none")
	w.tab.Click(`a[href="/waves/new"]`)
	w.at("/waves/new")
	w.tab.Choose("#survey", "A new expense tool")
	w.tab.Fill("#label", "Expenses")
	for n := range 4 {
		w.tab.Click(fmt.Sprintf(`.ticks label:nth-of-type(%d) input`, n+1))
	}
	w.tab.Click("[name=mail]")
	w.saw("plan")
	w.tab.Click(".plan-form .btn-primary")
	w.at("/waves/plans/1/check")
	w.saw("check", "20 people of the directory are invited by e-mail.", "Complete in: English, العربية, Deutsch.", "reaches this machine only")
	w.tab.Click("[data-open]")
	w.at("/waves/1")
	w.saw("wave-open")
}

func (w *running) remind() {
	w.tab.Open(w.base + "/waves/1")
	w.tab.Click(`a[href="/waves/1/invitations"]`)
	w.at("/waves/1/invitations")
	w.saw("invitations", "All 20 invitations were delivered.")
	w.tab.Click("#remind")
	w.tab.Await(`document.readyState === "complete" && document.querySelector("#reminders ~ ul")`)
	w.saw("reminded")
}

func (w *running) extend() {
	w.tab.Click(`a[href="/waves/1"]`)
	w.at("/waves/1")
	lead := w.tab.Text(".lead")
	day := time.Now().UTC().AddDate(0, 0, 30)
	w.tab.Do(chromedp.SetValue(chromedp.CSS("#until"), day.Format("2006-01-02T15:04")))
	w.tab.Click(".extend .btn")
	w.tab.Await(fmt.Sprintf(`document.readyState === "complete" && document.querySelector(".lead")?.innerText !== %q`, lead))
	if got := w.tab.Text(".lead"); !strings.Contains(got, day.Format("2 January 2006")) {
		w.t.Errorf("after extending it says %q, want until %s", got, day.Format("2 January 2006"))
	}
}

// watch: six have answered, five of them in Finance. The others are fewer than can be told.
func (w *running) watch() {
	w.saw("wave-answered", "Finance at least 5 of 5", "Legal fewer than 5 of 5")
}

func (w *running) close() {
	w.tab.Open(w.base + "/waves/1")
	w.tab.Click("#close-now")
	w.at("/waves/1/close")
	w.saw("close")
	w.tab.Click(".actions .btn-primary")
	w.at("/waves/1")
	w.tab.Await(`document.querySelector("h1").innerText.startsWith("Closed on")`)
	w.saw("wave-closed")
	w.open("/waves")
	w.saw("waves", "Closed", "Expenses")
}

func (w *running) readLog() {
	w.open("/audit")
	w.saw("log")
	text := w.tab.Text("main table")
	for _, action := range []string{"settings.mail", "settings.mail_test", "band.add", "directory.upload", "directory.columns", "directory.import",
		"draft.begin", "draft.save", "draft.language.add", "draft.translate", "draft.translation.export", "draft.translation.import", "survey.publish",
		"plan.save", "wave.open", "wave.remind", "wave.extend", "wave.close"} {
		if !slices.Contains(strings.Fields(text), action) {
			w.t.Errorf("the log book does not know of %s:\n%s", action, text)
		}
	}
	for _, subject := range []string{"draft 1", "upload 1", "band 1", "wave 1"} {
		if !strings.Contains(text, subject) {
			w.t.Errorf("the log book does not say that something was done with %s:\n%s", subject, text)
		}
	}
	if n := len(w.mail.Messages()); n != messages {
		w.t.Errorf("in the end %d messages have arrived, want %d", n, messages)
	}
}
