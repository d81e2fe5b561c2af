package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/decisions"
	"soundings/surveys/drafts"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// openWindows is a filled form of a decision of when. Today is 2 March 2026.
func openWindows(csrf string) url.Values {
	return url.Values{"csrf": {csrf}, "kind": {"when"}, "title": {"When is it your turn?"}, "about": {"A day without your files."}, "language": {"en"}, "everybody": {"yes"},
		"option.id": {"", "", ""}, "option": {"", "After Easter", ""}, "from": {"2026-03-16", "2026-04-13", ""}, "until": {"2026-03-20", "2026-04-17", ""}}
}

// left leaves a decision open and returns its address.
func (o *office) left(cookie string, form url.Values) string {
	o.t.Helper()
	r := o.submit(cookie, "/changes/1/decisions/new", form)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return r.header.Get("Location")
}

// asked asks a decision on its own, publishes that and opens a wave of it.
func (o *office) asked(cookie, csrf, address, version string) (path string, wave surveys.Wave) {
	o.t.Helper()
	r := o.submit(cookie, address+"/ask", url.Values{"csrf": {csrf}, "version": {version}, "where": {"alone"}})
	draft := r.header.Get("Location")
	if !strings.HasPrefix(draft, "/surveys/drafts/") {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r := o.submit(cookie, draft+"/publish", url.Values{"csrf": {csrf}, "version": {"1"}}); r.status != http.StatusSeeOther {
		o.t.Fatalf("publishing: status %d\n%s", r.status, r.body)
	}
	o.transact(func(tx *store.Tx) error {
		q, err := o.Catalog.Newest(context.Background(), 1)
		if err != nil {
			return err
		}
		var links []waves.Link
		wave, links, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "Turn", At: o.clock.Now()})
		if err == nil {
			path = "/s/" + links[0].Code
		}
		return err
	})
	return path, wave
}

// choose lets people of a department choose an option each, and how many.
func (o *office) choose(path, question, department string, chosen map[string]int) {
	o.t.Helper()
	for option, n := range chosen {
		for range n {
			form := url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {department}, "band": {"1"}, surveys.FieldOf(question): {option}}
			if r := o.post(path, form); r.status != http.StatusSeeOther {
				o.t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
	}
}

func (o *office) counted(wave surveys.Wave) {
	o.t.Helper()
	q, err := o.Catalog.Questionnaire(context.Background(), wave.Questionnaire)
	if err == nil {
		err = tally.Close(context.Background(), o.Store, q, wave.ID, o.clock.Now())
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestADecisionIsAskedAnsweredDecidedAndToldToThoseWhoWereAsked(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Admin)
		change := proposal(csrf)
		change.Set("public", "yes")
		o.proposed(cookie, change)
		address := o.left(cookie, openWindows(csrf))
		holds(t, "the change", o.as(cookie, "/changes/1").body, "1 decision, still open.", "When is it your turn?", address)
		holds(t, "the decision", o.as(cookie, address).body, "Nobody has been asked yet", "16 March 2026 – 20 March 2026", "After Easter (13 April 2026 – 17 April 2026)", "decide-when-is-it-your-turn", "All departments")
		outcome := func(version, option string, more ...string) reply {
			form := url.Values{"csrf": {csrf}, "version": {version}, "department": {"0"}, "outcome": {option}, "reason": {"The supplier <b> can."}, "on": {"2026-03-02"}}
			for i := 0; i+1 < len(more); i += 2 {
				form.Set(more[i], more[i+1])
			}
			return o.submit(cookie, address+"/outcome", form)
		}
		if r := outcome("1", "after-easter"); r.status != http.StatusUnprocessableEntity {
			t.Errorf("an outcome of what was never asked: status %d", r.status)
		} else {
			holds(t, "the refused outcome", r.body, "One field needs another look", `id="unasked-fault">No wave has asked this yet.`, "The supplier &lt;b&gt; can.", `value="after-easter" checked`)
		}

		path, wave := o.asked(cookie, csrf, address, "1")
		holds(t, "while it is asked", o.as(cookie, address).body, "Being asked: Turn", "Put into the survey “When is it your turn?”")
		holds(t, "the form", o.get(path).body, "When is it your turn?", "A day without your files.", "16 March 2026 – 20 March 2026", "After Easter (13 April 2026 – 17 April 2026)")
		o.choose(path, "decide-when-is-it-your-turn", "1", map[string]int{"after-easter": 8, "option": 4})
		o.choose(path, "decide-when-is-it-your-turn", "2", map[string]int{"option": 7, "after-easter": 5})
		o.counted(wave)
		body := o.as(cookie, address).body
		holds(t, "the result", body, "and not decided yet", "Most chose “After Easter (13 April 2026 – 17 April 2026)” (13 of 24 answers in the departments that are shown).", ">67%<", "results/waves/1/questions/decide-when-is-it-your-turn")

		if r := outcome("2", "after-easter"); r.header.Get("Location") != address {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if r := outcome("2", "option"); r.status != http.StatusConflict {
			t.Errorf("from an old version: status %d", r.status)
		} else {
			holds(t, "the conflict", r.body, "admin@example.org saved this", "The supplier &lt;b&gt; can.")
		}
		if r := outcome("3", "after-easter", "department", "2", "reason", "Legal is away before."); r.header.Get("Location") != address {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		holds(t, "the change", o.as(cookie, "/changes/1").body, "1 decision, and it is made.", "As most of those who answered wished.", "Another answer was chosen more often.", "Legal is away before.")
		holds(t, "the page for those who were asked", o.get("/about/a-new-expense-tool?lang=en").body, "What was decided because of you", "After Easter (13 April 2026 – 17 April 2026)",
			"As most of those of you who answered wished.", "Another answer was chosen more often.", "The supplier &lt;b&gt; can.", "All departments", "Legal &amp; Tax &lt;b&gt;")
		heard := o.get("/heard?lang=de").body
		holds(t, "what became of what was said", heard, "Was dank Ihrer Antworten entschieden wurde", "13. April 2026", "So, wie die meisten von Ihnen es wünschten")

		var answer struct {
			Decisions []struct {
				Name, State, Question string
				Waves                 []surveys.WaveID
				Options               []decisions.Option
				Outcomes              []struct{ Department, Option, Wished, Reason string }
				History               []struct{ State, Words string }
			}
		}
		o.ask(o.bearer(accounts.Viewer), "/changes/a-new-expense-tool/decisions", &answer)
		if got, want := fmt.Sprintf("%+v", answer.Decisions), "[{Name:when-is-it-your-turn State:decided Question:decide-when-is-it-your-turn Waves:[1] "+
			"Options:[{ID:option Text: From:2026-03-16 Until:2026-03-20} {ID:after-easter Text:After Easter From:2026-04-13 Until:2026-04-17}] "+
			"Outcomes:[{Department: Option:after-easter Wished:most Reason:The supplier <b> can.} {Department:Legal & Tax <b> Option:after-easter Wished:otherwise Reason:Legal is away before.}] "+
			"History:[{State:open Words:} {State:asked Words:When is it your turn?} {State:decided Words:} {State:decided Words:}]}]"; got != want {
			t.Errorf("the API says\n%s\nwant\n%s", got, want)
		}

		vowed := vow(csrf)
		vowed.Set("source", "decision:when-is-it-your-turn")
		holds(t, "a promise that comes from it", o.as(cookie, o.promised(cookie, vowed)).body, "When is it your turn?", address)
		vowed.Set("source", "decision:never-made")
		if r := o.submit(cookie, "/promises/new", vowed); r.status != http.StatusUnprocessableEntity {
			t.Errorf("a promise from a decision that is not there: status %d", r.status)
		}

		if r := o.submit(cookie, address+"/withdraw", url.Values{"csrf": {csrf}, "version": {"4"}}); r.status != http.StatusUnprocessableEntity {
			t.Errorf("withdrawn without a reason: status %d", r.status)
		}
		if r := o.submit(cookie, address+"/withdraw", url.Values{"csrf": {csrf}, "version": {"4"}, "why": {"No budget."}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if body := o.get("/about/a-new-expense-tool?lang=en").body; strings.Contains(body, "What was decided because of you") {
			t.Error("what is withdrawn is still told")
		}
		got := strings.Join(o.rows("SELECT action, subject, outcome FROM audit_log WHERE action LIKE 'decision.%' ORDER BY id"), "\n")
		want := "decision.add|change 1, decision 1|ok\ndecision.outcome|change 1, decision 1|failed\ndecision.ask|change 1, decision 1, draft 1|ok\ndecision.outcome|change 1, decision 1|ok\n" +
			"decision.outcome|change 1, decision 1|failed\ndecision.outcome|change 1, decision 1|ok\ndecision.withdraw|change 1, decision 1|failed\ndecision.withdraw|change 1, decision 1|ok"
		if got != want {
			t.Errorf("the log says\n%s\nwant\n%s", got, want)
		}
	})
}

func TestARefusedDecisionComesBackAsTypedWithEveryFaultBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.proposed(cookie, proposal(csrf))
	o.transact(func(tx *store.Tx) error { return people.Archive(tx, 2) })
	form := openWindows(csrf)
	form.Set("title", "")
	form.Set("about", "</textarea><script>alert(1)</script>")
	form["option"] = []string{"Before", "After", "Backwards", "", "No day"}
	form["option.id"] = []string{"", "", "", "", ""}
	form["from"] = []string{"2026-03-01", "2026-04-13", "2026-05-02", "", "2026-02-30"}
	form["until"] = []string{"2026-03-20", "2026-04-17", "2026-05-01", "", "2026-03-01"}
	form.Set("everybody", "no")
	form["department"] = []string{"2"}
	r := o.submit(cookie, "/changes/1/decisions/new", form)
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, `id="title-fault">Please fill this in.`, `id="option1-fault">This window begins on a day that is over.`, `id="option3-fault">This window ends before it begins.`,
		`id="option4-fault">There is no such day.`, `id="departments-fault">Legal &amp; Tax &lt;b&gt; is archived`, "5 fields need another look", "&lt;/textarea&gt;&lt;script&gt;", `value="2026-02-30"`, `value="Backwards"`)
	form = openWindows(csrf)
	form["option"], form["from"], form["until"] = []string{"", "", ""}, []string{"2026-03-16", "", ""}, []string{"2026-03-20", "", ""}
	if r := o.submit(cookie, "/changes/1/decisions/new", form); r.status != http.StatusUnprocessableEntity {
		t.Errorf("one option: status %d", r.status)
	} else {
		holds(t, "one option", r.body, `id="options-fault">With fewer than two answers there is nothing to decide.`)
	}
	if rows := o.rows("SELECT id FROM decisions"); len(rows) != 0 {
		t.Errorf("%d are stored", len(rows))
	}
}

func TestTwoWhoEditADecisionAreToldAndNothingIsOverwrittenUnseen(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.proposed(cookie, proposal(csrf))
	address := o.left(cookie, openWindows(csrf))
	theirs, mine := openWindows(csrf), openWindows(csrf)
	for _, form := range []url.Values{theirs, mine} {
		form.Set("version", "1")
		form["option.id"] = []string{"option", "after-easter", ""}
	}
	theirs.Set("title", "Theirs?")
	mine.Set("title", "Mine <b>?")
	mine["option"] = []string{"", "After the holidays", ""}
	if r := o.submit(cookie, address+"/edit", theirs); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	r := o.submit(cookie, address+"/edit", mine)
	if r.status != http.StatusConflict {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "the form", r.body, "author@example.org saved this on", ">Theirs?<", "After Easter (13 April 2026", "Mine &lt;b&gt;?", `value="After the holidays"`, `name="version" value="2"`)
	mine.Set("version", "2")
	if r := o.submit(cookie, address+"/edit", mine); r.status != http.StatusSeeOther {
		t.Fatalf("knowingly: status %d", r.status)
	}
	translation := url.Values{"csrf": {csrf}, "version": {"2"}, "title": {"Wann?"}, "about": {"Ein Tag."}, "option.after-easter": {"Nach den Ferien"}}
	if r := o.submit(cookie, address+"/texts/de", translation); r.status != http.StatusConflict {
		t.Errorf("a translation of an old version: status %d", r.status)
	}
	translation.Set("version", "3")
	if r := o.submit(cookie, address+"/texts/de", translation); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	holds(t, "in German", o.german(cookie, address), "Wann?", "Nach den Ferien (13. April 2026 – 17. April 2026)", "Noch niemand wurde gefragt")
}

// A decision can be put into a survey with other questions, in its languages, and once more after it was edited.
func TestADecisionBecomesOneQuestionOfADraftInItsLanguages(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Author)
	o.proposed(cookie, proposal(csrf))
	address := o.left(cookie, openWindows(csrf))
	ask := func(version, where string) reply {
		return o.submit(cookie, address+"/ask", url.Values{"csrf": {csrf}, "version": {version}, "where": {where}})
	}
	o.submit(cookie, address+"/texts/de", url.Values{"csrf": {csrf}, "version": {"1"}, "title": {"Wann?"}, "about": {"Ein Tag."}, "option.after-easter": {"Nach Ostern"}})
	if r := ask("2", "pulse"); r.header.Get("Location") != "/surveys/drafts/1" {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r := ask("2", "1"); r.status != http.StatusConflict {
		t.Errorf("from an old version: status %d", r.status)
	}
	if r := ask("3", "9"); r.status != http.StatusNotFound {
		t.Errorf("in a draft that is not there: status %d", r.status)
	}
	edited := openWindows(csrf)
	edited.Set("version", "3")
	edited["option.id"] = []string{"option", "after-easter", ""}
	edited["option"] = []string{"", "After the holidays", ""}
	o.submit(cookie, address+"/edit", edited)
	if r := ask("4", "1"); r.header.Get("Location") != "/surveys/drafts/1" {
		t.Fatalf("again: status %d\n%s", r.status, r.body)
	}
	d, err := drafts.ByID(t.Context(), o.Store, 1)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i, q := range d.Document.Questions {
		if q.ID != "decide-when-is-it-your-turn" {
			continue
		}
		found++
		if q.Kind != surveys.Choice || q.Options[1].Text != "After the holidays (13 April 2026 – 17 April 2026)" || d.Document.Questions[i+1].Kind != surveys.Text {
			t.Errorf("the question is %+v, before %+v", q, d.Document.Questions[i+1])
		}
	}
	german := d.Document.Translations["de"].Questions["decide-when-is-it-your-turn"]
	if found != 1 || d.Document.Change != "a-new-expense-tool" || german.Text != "Wann?" || german.Options["option"] != "16. März 2026 – 20. März 2026" || german.Options["after-easter"] != "Nach Ostern (13. April 2026 – 17. April 2026)" {
		t.Errorf("it stands there %d times, about %q, in German %+v", found, d.Document.Change, german)
	}
	holds(t, "the decision", o.as(cookie, address).body, "In a draft; nobody has been asked yet", "/surveys/drafts/1")
}

func TestWhoIsLimitedToDepartmentsReadsAndDecidesOnlyTheirs(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	admin, csrf := o.member(accounts.Admin)
	adminCSRF := csrf
	o.proposed(admin, proposal(csrf))
	everybodys := o.left(admin, openWindows(csrf))
	others := openWindows(csrf)
	others.Set("title", "For Legal?")
	others.Set("everybody", "no")
	others.Set("department", "2")
	legal := o.left(admin, others)
	cookie, csrf := o.member(accounts.Author, 1)
	body := o.as(cookie, "/changes/1").body
	holds(t, "the change", body, "When is it your turn?")
	if strings.Contains(body, "For Legal?") {
		t.Error("a decision of another department is listed")
	}
	if r := o.as(cookie, legal); r.status != http.StatusForbidden {
		t.Errorf("a decision of another department: status %d", r.status)
	}
	outcome := url.Values{"csrf": {csrf}, "version": {"1"}, "outcome": {"after-easter"}, "reason": {"Because."}, "on": {"2026-03-02"}, "unasked": {"yes"}}
	for department, status := range map[string]int{"0": http.StatusForbidden, "2": http.StatusForbidden} {
		outcome.Set("department", department)
		if r := o.submit(cookie, everybodys+"/outcome", outcome); r.status != status {
			t.Errorf("an outcome for department %s: status %d", department, r.status)
		}
	}
	outcome.Set("department", "1")
	if r := o.submit(cookie, everybodys+"/outcome", outcome); r.status != http.StatusSeeOther {
		t.Errorf("an outcome for their own: status %d\n%s", r.status, r.body)
	}
	elsewhere := url.Values{"csrf": {adminCSRF}, "version": {"2"}, "department": {"2"}, "outcome": {"after-easter"}, "reason": {"Legal is away."}, "on": {"2026-03-02"}, "unasked": {"yes"}}
	if r := o.submit(admin, everybodys+"/outcome", elsewhere); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	holds(t, "everybody's, to those who see all", o.as(admin, everybodys).body, "Because.", "Legal is away.")
	if body := o.as(cookie, everybodys).body; strings.Contains(body, "Legal is away.") || !strings.Contains(body, "Because.") {
		t.Error("its history tells what was decided for another department, or not what was for theirs")
	}
	for path, form := range map[string]url.Values{"/edit": openWindows(csrf), "/withdraw": {"why": {"No."}}, "/ask": {"where": {"alone"}}, "/texts/de": {"title": {"X"}}} {
		form.Set("csrf", csrf)
		form.Set("version", "3")
		if r := o.submit(cookie, everybodys+path, form); r.status != http.StatusForbidden {
			t.Errorf("%s of everybody's: status %d", path, r.status)
		}
	}
	mine := openWindows(csrf)
	if r := o.submit(cookie, "/changes/1/decisions/new", mine); r.status != http.StatusForbidden {
		t.Errorf("a new one for everybody: status %d", r.status)
	}
	mine.Set("everybody", "no")
	mine.Set("department", "1")
	o.left(cookie, mine)
}

func TestWhatWasDecidedForOneDepartmentTakesThePlaceOfWhatWasForAll(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	change := proposal(csrf)
	change.Set("public", "yes")
	o.proposed(cookie, change)
	form := openWindows(csrf)
	for title, everybody := range map[string]string{"Of all?": "yes", "Of two?": "no"} {
		form.Set("title", title)
		form.Set("everybody", everybody)
		form["department"] = []string{"1", "2"}
		address := o.left(cookie, form)
		for i, department := range []string{"0", "2"} {
			outcome := url.Values{"csrf": {csrf}, "version": {fmt.Sprint(i + 1)}, "department": {department}, "outcome": {"after-easter"}, "reason": {title + " For " + department}, "on": {"2026-03-02"}, "unasked": {"yes"}}
			if r := o.submit(cookie, address+"/outcome", outcome); r.status != http.StatusSeeOther {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
	}
	for department, reads := range map[string]string{"": "02", "1": "0", "2": "2"} {
		body := o.get("/heard?lang=en&department=" + department).body
		for _, of := range []string{"0", "2"} {
			for _, title := range []string{"Of all?", "Of two?"} {
				if told, want := strings.Contains(body, title+" For "+of), strings.Contains(reads, of); told != want {
					t.Errorf("department %q is told what was decided %s for %s: %v", department, title, of, told)
				}
			}
		}
	}
	holds(t, "the page of the change", o.get("/about/a-new-expense-tool?lang=en").body, "<bdi>Finance</bdi>", "<bdi>All departments</bdi>", `href="/heard`)
}
