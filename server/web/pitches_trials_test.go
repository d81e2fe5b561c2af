package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"soundings/analytics/tally"
	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/pitches"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

var variantField = regexp.MustCompile(`name="variant" value="([ab])"`)

// variantIn is which text the page of a form says it shows; "" where none is tried.
func variantIn(page reply) string {
	m := variantField.FindStringSubmatch(page.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// second is a filled form of a second text.
func second(csrf, department, version, text string) url.Values {
	return url.Values{"csrf": {csrf}, "version": {version}, "department": {department}, "second": {text}}
}

// asksHalves opens a wave about a change for Finance as a server does: it tries what waits for it.
func (o *office) asksHalves(change string) (path string, wave surveys.Wave) {
	o.t.Helper()
	_, about := o.asks(change)
	o.transact(func(tx *store.Tx) error {
		q, err := o.Catalog.QuestionnaireIn(tx, about.Questionnaire)
		if err != nil {
			return err
		}
		w, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: "Halves", At: o.clock.Now(), Departments: []surveys.DepartmentID{1}})
		if err != nil {
			return err
		}
		path, wave = "/s/"+links[0].Code, w
		return pitches.Begin(tx, w.ID, q.Document)
	})
	return path, wave
}

// halved is an office whose Finance reads one of two texts in an open wave.
func halved(t *testing.T, s *store.Store) (o *office, cookie, csrf, path string, wave surveys.Wave) {
	t.Helper()
	o = newOffice(t, s).staffed().sized(200, 20)
	cookie, csrf = o.member(accounts.Admin)
	change := o.proposed(cookie, proposal(csrf))
	o.pitched(cookie, change, pitch(csrf, "1", "0", "The **first** words."))
	if r := o.submit(cookie, change+"/pitches/try", second(csrf, "1", "0", "The **second** words.")); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	path, wave = o.asksHalves("a-new-expense-tool")
	return o, cookie, csrf, path, wave
}

func TestChanceGivesEachReaderOneOfTwoTextsAndWhatTheyReadIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, cookie, csrf, path, wave := halved(t, s)
		words := map[string]string{"a": "<strong>first</strong> words", "b": "<strong>second</strong> words"}
		seen := map[string]int{}
		for range 40 { // that a fair coin falls the same way each time happens once in 500,000,000,000 runs
			page := o.get(path)
			v := variantIn(page)
			if seen[v]++; v == "" || !strings.Contains(page.body, words[v]) || !strings.Contains(page.body, "We also keep which of two texts you read") {
				t.Fatalf("variant %q of\n%s", v, page.body)
			}
		}
		if seen["a"] == 0 || seen["b"] == 0 {
			t.Errorf("of 40 readers %v read each text", seen)
		}
		for range 10 {
			if v := variantIn(o.get(path + "?variant=b")); v != "b" {
				t.Errorf("whoever has read the second text reads %q next", v)
			}
		}
		o.pitched(cookie, "/changes/1", pitch(csrf, "1", "2", "For leads."))
		o.pitched(cookie, "/changes/1", with(pitch(csrf, "1", "0", "Written later."), "version", "1"))
		o.clock.add(2 * freshness)
		if page := o.get(path + "?variant=a"); !strings.Contains(page.body, words["a"]) {
			t.Error("a text that was saved while the wave is open is read in it")
		}
		lead, _ := o.invite(wave, surveys.Person{ID: 1, Department: 1, Band: 2})
		staff, _ := o.invite(wave, surveys.Person{ID: 2, Department: 1, Band: 1})
		legal, _ := o.invite(wave, surveys.Person{ID: 3, Department: 2, Band: 1})
		for address, tried := range map[string]bool{lead: false, staff: true, legal: false} {
			if v := variantIn(o.get(address + "?variant=a")); (v == "a") != tried {
				t.Errorf("%s shows variant %q", address, v)
			}
		}
		refused := o.post(path, url.Values{"receipt": {string(surveys.NewReceipt())}, "lang": {"en"}, "variant": {"b"}})
		if refused.status != http.StatusUnprocessableEntity || variantIn(refused) != "b" || !strings.Contains(refused.body, words["b"]) {
			t.Errorf("the refused form: status %d, variant %q", refused.status, variantIn(refused))
		}
		for typed, want := range map[string]string{"a": "a", "b": "b", "c": "", "": ""} {
			form := o.answer(wave, 3)
			form.Set("variant", typed)
			if r := o.post(path, form); r.status != http.StatusSeeOther {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
			if got := o.replyOf(t, wave, form.Get("receipt")).Variant.String(); got != want {
				t.Errorf("sent with %q, stored is %q, want %q", typed, got, want)
			}
		}
		if log := o.log.String(); strings.Contains(log, "variant") {
			t.Errorf("the log tells who read what: %s", log)
		}
	})
}

// answer is a filled form of the pulse, on the scale the same everywhere.
func (o *office) answer(wave surveys.Wave, value int) url.Values {
	o.t.Helper()
	form := url.Values{"receipt": {string(surveys.NewReceipt())}, "lang": {"en"}}
	for _, q := range o.document(wave).Questions {
		if x := value; q.Kind == surveys.Scale {
			if q.Reversed {
				x = q.Points + 1 - x
			}
			form.Set(surveys.FieldOf(q.ID), strconv.Itoa(x))
		}
	}
	return form
}

// read has so many answer who read a text; most near a value, some beside it.
func (o *office) read(path string, wave surveys.Wave, variant string, value, n int) {
	o.t.Helper()
	for i := range n {
		form := o.answer(wave, min(5, max(1, value+[]int{0, 1, 0, -1}[i%4])))
		form.Set("variant", variant)
		if r := o.post(path, form); r.status != http.StatusSeeOther {
			o.t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
}

func (o *office) ends(wave surveys.Wave) {
	o.t.Helper()
	q, err := o.Catalog.Questionnaire(o.t.Context(), wave.Questionnaire)
	if err == nil {
		err = tally.Close(o.t.Context(), o.Store, q, wave.ID, o.clock.Now())
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

type apiTrialBody struct {
	Trials []struct {
		Department string
		A, B       struct {
			Text  string
			Shown bool
			N     int
			Mean  float64
		}
		Difference, P, Smallest *float64
		Verdict                 string
	}
}

// Of 20 answers half are the value, a quarter each one point to either side: 25 and 75 of 100 less or more.
func TestTheResultOfATrialIsToldWhereTheGateLetsItAndWhenTheWaveIsClosed(t *testing.T) {
	o, cookie, _, path, wave := halved(t, storetest.SQLite(t))
	o.read(path, wave, "a", 2, 20)
	o.read(path, wave, "b", 4, 20)
	running := o.as(cookie, "/changes/1/pitches").body
	holds(t, "while the wave is open", running, "“Halves” is trying two texts on Finance")
	var got apiTrialBody
	token := o.bearer(accounts.Viewer)
	o.ask(token, "/results/waves/2/trials", &got)
	if strings.Contains(running, "20 answers") || len(got.Trials) != 1 || got.Trials[0].A.Shown || got.Trials[0].Difference != nil {
		t.Errorf("while the wave is open the API tells %+v, the page\n%s", got, running)
	}
	o.ends(wave)
	holds(t, "the pitches", o.as(cookie, "/changes/1/pitches").body, "Finance was clearly more open after the second text than after the first (Halves).", "20 answers", "50 points (", "Chance decided who read which text")
	holds(t, "the pitch", o.as(cookie, "/changes/1/pitches/edit?department=1").body, "Finance was clearly more open after the second text", "With as many answers as in Halves, each half would have 20")
	if body := o.german(cookie, "/changes/1/pitches"); !strings.Contains(body, "Finance war nach dem zweiten Text deutlich offener") {
		t.Error("not told in German")
	}
	o.ask(token, "/results/waves/2/trials", &got)
	trial := got.Trials[0]
	if trial.Department != "Finance" || trial.A.N != 20 || trial.A.Mean != 25 || trial.B.N != 20 || trial.B.Mean != 75 || *trial.Difference != 50 || *trial.P > 1e-6 || trial.Verdict != "clearly_up" || trial.A.Text != "The **first** words." {
		t.Errorf("the API tells %+v", trial)
	}
	file := o.as(cookie, "/exports/waves/2/results.csv")
	for _, measure := range []string{"openness.a", "openness.b"} {
		if !strings.Contains(file.body, ",department,Finance,trial,"+measure+",20,") {
			t.Errorf("the file has no %s", measure)
		}
	}
	if rows := o.as(cookie, "/exports/waves/2/responses.csv").body; strings.Contains(rows, "variant") {
		t.Error("responses say which text somebody read")
	}
	legal, _ := o.member(accounts.Author, 2)
	if body := o.as(legal, "/changes/1/pitches").body; strings.Contains(body, "Halves") {
		t.Error("an account limited to Legal reads about the halves of Finance")
	}
	if file := o.as(legal, "/exports/waves/2/results.csv").body; strings.Contains(file, "trial") {
		t.Error("and takes them away in a file")
	}
}

// Those who read neither are a part as well: of few of them, nothing of the halves may be told.
func TestHalvesAreNotToldBesideAFewWhoReadNeither(t *testing.T) {
	o, cookie, _, path, wave := halved(t, storetest.SQLite(t))
	o.read(path, wave, "a", 2, 12)
	o.read(path, wave, "b", 4, 12)
	o.read(path, wave, "", 3, 2)
	o.ends(wave)
	body := o.as(cookie, "/changes/1/pitches").body
	holds(t, "the pitches", body, "Finance: the two texts were tried, and the halves cannot be shown (Halves).")
	var got apiTrialBody
	o.ask(o.bearer(accounts.Viewer), "/results/waves/2/trials", &got)
	if len(got.Trials) != 1 || got.Trials[0].A.Shown || got.Trials[0].B.Shown || got.Trials[0].Smallest != nil || strings.Contains(body, "12 answers") {
		t.Errorf("%+v", got)
	}
}

func TestASecondTextIsOfferedToLargeDepartmentsAndSaysWhatIsWrongWithIt(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed().sized(160, 100)
	cookie, csrf := o.member(accounts.Admin)
	change := o.proposed(cookie, proposal(csrf))
	const legal, finance = "/pitches/edit?department=2", "/pitches/edit?department=1"
	if body := o.as(cookie, change+finance).body; strings.Contains(body, `id="trial"`) {
		t.Error("a second text is offered without a first")
	}
	o.pitched(cookie, change, pitch(csrf, "2", "0", "For Legal"))
	german := pitch(csrf, "1", "0", "First")
	german.Set("texts.de", "Erster")
	o.pitched(cookie, change, german)
	// t(48) = 2.0106, times 25 * sqrt(2/25): 14.2; t(78) = 1.9908, times 25 * sqrt(2/40): 11.1
	holds(t, "a small department", o.as(cookie, change+legal).body, "each half would have 25, and only a difference of 14 points or more could show. Two texts are tried from 30 answers a half.")
	if body := o.as(cookie, change+legal).body; strings.Contains(body, `id="try"`) {
		t.Error("a small department may be tried on")
	}
	if r := o.submit(cookie, change+"/pitches/try", second(csrf, "2", "0", "x")); r.status != http.StatusConflict || !strings.Contains(r.body, "too small for two texts") {
		t.Errorf("status %d", r.status)
	}
	holds(t, "a large department", o.as(cookie, change+finance).body, "each half would have 40: a difference of 11 points or more could show", `name="second.de"`, `id="try"`)
	r := o.submit(cookie, change+"/pitches/try", second(csrf, "1", "0", " First <i>"))
	if r.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", r.status)
	}
	holds(t, "without its translation", r.body, "First &lt;i&gt;", `id="second.de-fault"`, "One field needs another look")
	r = o.submit(cookie, change+"/pitches/try", with(second(csrf, "1", "0", "First"), "second.de", "Zweiter"))
	holds(t, "the same words", r.body, "These are the words of the first text.", "Zweiter")
	typed := with(second(csrf, "1", "0", "Second"), "second.de", "Zweiter")
	if r = o.submit(cookie, change+"/pitches/try", typed); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if r = o.submit(cookie, change+"/pitches/try", with(typed, "second", "Late")); r.status != http.StatusConflict || !strings.Contains(r.body, "Somebody else has changed this second text") || !strings.Contains(r.body, "Late") {
		t.Errorf("status %d\n%s", r.status, r.body)
	}
	holds(t, "the grid", o.as(cookie, change+"/pitches").body, "The next wave about this change tries two texts on Finance.")
	holds(t, "the pitch", o.as(cookie, change+finance).body, "A second text waits", "Zweiter", `id="untry"`)
	for _, c := range []struct {
		role accounts.Role
		only []surveys.DepartmentID
		want int
	}{{accounts.Analyst, nil, http.StatusForbidden}, {accounts.Author, []surveys.DepartmentID{2}, http.StatusForbidden}} {
		other, token := o.member(c.role, c.only...)
		for _, path := range []string{"/pitches/try", "/pitches/untry"} {
			if r := o.submit(other, change+path, with(typed, "csrf", token, "version", "1")); r.status != c.want {
				t.Errorf("%s of %v: %s: status %d", c.role, c.only, path, r.status)
			}
		}
		if body := o.as(other, change+"/pitches").body; c.only != nil && strings.Contains(body, "tries two texts") {
			t.Error("an account limited to Legal reads what is tried on Finance")
		}
	}
	if r = o.submit(cookie, change+"/pitches/untry", second(csrf, "1", "1", "")); r.status != http.StatusSeeOther {
		t.Errorf("status %d", r.status)
	}
	if strings.Contains(o.as(cookie, change+"/pitches").body, "tries two texts") {
		t.Error("what was taken back is tried")
	}
	holds(t, "the audit log", o.as(cookie, "/audit").body, "pitch.try", "pitch.untry", "department 1")
}

// An author writes a second text; an employee on a phone goes on in the text they began with, whatever the coin says next.
func TestATrialIsBegunInABrowserAndReadOnAPhone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t)).staffed().sized(200, 20)
	cookie, csrf := o.member(accounts.Admin)
	change := o.proposed(cookie, proposal(csrf))
	o.pitched(cookie, change, pitch(csrf, "1", "0", "The first words."))
	browser := o.browsing()
	tab := o.enterAs(accounts.Admin, browser.Tab(1440, 900))
	tab.Open(o.BaseURL + change + "/pitches/edit?department=1")
	tab.Type("#second", "The second words.")
	tab.Click("#try")
	tab.Await(`document.querySelector("#untry") !== null && document.readyState === "complete"`)
	tab.AccessibleNow("a second text that waits")
	path, wave := o.asksHalves("a-new-expense-tool")
	phone := browser.Tab(360, 740)
	phone.Open(o.BaseURL + path)
	reads := `document.querySelector("[name=variant]").value + document.querySelector(".pitch").innerText.trim()`
	first := webtest.Eval[string](phone, reads)
	phone.Accessible("a form with one of two texts")
	phone.Click(`.q input[type="radio"]`)
	for range 8 {
		phone.Open(o.BaseURL + path)
		phone.Await(`document.querySelector("#draft") !== null && !document.querySelector("#draft").hidden`)
		if now := webtest.Eval[string](phone, reads); now != first {
			t.Errorf("they read %q, and after reloading %q", first, now)
		}
	}
	phone.Open(o.BaseURL + path + "?lang=en&variant=" + first[:1])
	phone.Await(`document.querySelector("#draft") !== null && !document.querySelector("#draft").hidden`)
	if now := webtest.Eval[string](phone, "location.search"); now != "?lang=en" {
		t.Errorf("whoever copies the address, or comes after them, has %q", now)
	}
	o.read(path, wave, "a", 2, 12)
	o.read(path, wave, "b", 2, 12)
	tab.Open(o.BaseURL + change + "/pitches/edit?department=1")
	tab.AccessibleNow("a running trial")
	o.ends(wave)
	tab.Open(o.BaseURL + change + "/pitches")
	if text := webtest.Eval[string](tab, `document.querySelector(".pitch-trial").innerText`); !strings.Contains(text, "no clear difference between the two texts") {
		t.Errorf("the trial says\n%s", text)
	}
	tab.Accessible("the result of a trial")
}
