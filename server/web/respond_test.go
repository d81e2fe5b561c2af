package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// answered is a form that fills in every question of everyKind.
func answered(receipt surveys.Receipt) url.Values {
	return url.Values{
		"receipt": {string(receipt)}, "lang": {"en"}, "department": {"1"}, "band": {"2"},
		"q.easier": {"2"}, "q.seven": {"7"}, "q.own": {"3"}, "q.tell": {"0"}, "q.when": {"other"}, "q.when.other": {"After the audit"},
		"q.which": {"a", "c"}, "q.order.b": {"1"}, "q.order.a": {"2"}, "q.why": {"No time"}, "q.say": {"Thanks\r\nfor asking"},
	}
}

var hiddenReceipt = regexp.MustCompile(`name="receipt" value="([0-9A-Z]{26})"`)

// receiptIn finds the receipt of a form page.
func receiptIn(t *testing.T, body string) surveys.Receipt {
	t.Helper()
	m := hiddenReceipt.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no receipt:\n%s", body)
	}
	return surveys.Receipt(m[1])
}

// says fails the test unless the page's text holds each sentence.
func says(t *testing.T, got reply, status int, sentences ...string) {
	t.Helper()
	if got.status != status {
		t.Fatalf("status %d, want %d:\n%s", got.status, status, got.body)
	}
	if kind := got.header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		t.Errorf("content type %q", kind)
	}
	if kept := got.header.Get("Cache-Control"); kept != "no-store" {
		t.Errorf("Cache-Control %q, want no-store", kept)
	}
	text := html.UnescapeString(got.body)
	for _, sentence := range sentences {
		if !strings.Contains(text, sentence) {
			t.Errorf("the page does not say %q:\n%s", sentence, got.body)
		}
	}
}

func TestAnAnsweredFormIsStoredAndThankedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, wave := o.open(everyKind(t))
		page := o.get("/s/" + code)
		says(t, page, http.StatusOK, "A new expense tool", "Nobody can tell who said what.", "Finance", "Legal & Tax <b>")
		receipt := receiptIn(t, page.body)
		got := o.post("/s/"+code, answered(receipt))
		if got.status != http.StatusSeeOther {
			t.Fatalf("status %d:\n%s", got.status, got.body)
		}
		o.holds(1, 3)
		thanks := o.get(got.header.Get("Location"))
		says(t, thanks, http.StatusOK, "Your answers are stored.", receipt.Grouped())
		l, err := o.forms.find(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		found, err := o.Intake.Lookup(context.Background(), receipt, l.doc())
		if err != nil {
			t.Fatal(err)
		}
		if found.Wave != wave.ID || found.Reply.Department != 1 || found.Reply.Band != 2 || found.Reply.Language != "en" {
			t.Errorf("stored is %+v", found)
		}
		want := map[string]string{"when": "After the audit", "why": "No time", "say": "Thanks\nfor asking"}
		for id, text := range want {
			if found.Reply.Texts[id] != text {
				t.Errorf("text %s is %q, want %q", id, found.Reply.Texts[id], text)
			}
		}
		if a := found.Reply.Answers["order"]; strings.Join(a.Options, " ") != "b a" {
			t.Errorf("ranking is %v", a)
		}
	})
}

func TestTheReceiptIsInNoAddressAndNoLog(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	receipt := surveys.NewReceipt()
	got := o.post("/s/"+code, answered(receipt))
	where := got.header.Get("Location")
	for _, form := range []string{string(receipt), receipt.Grouped(), strings.ToLower(string(receipt))} {
		if strings.Contains(where, form) {
			t.Errorf("the address holds the receipt: %s", where)
		}
	}
	o.get(where)
	o.get("/s/nosuchcode")
	for _, secret := range []string{string(receipt), code, "nosuchcode", "After the audit"} {
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, o.log)
		}
	}
}

func TestTheFormPageSetsNoCookieAndNoSession(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	for _, path := range []string{"/s/" + code, "/s/unknown", "/receipt", "/thanks"} {
		if cookies := o.get(path).header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("%s sets %v", path, cookies)
		}
	}
	got := o.post("/s/"+code, answered(surveys.NewReceipt()))
	cookie := got.header.Get("Set-Cookie")
	for _, part := range []string{"path=/thanks", "max-age=600", "HttpOnly", "SameSite=Strict"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie of a thank-you lacks %s: %s", part, cookie)
		}
	}
}

func TestARepeatedSendIsOneResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, _ := o.open(everyKind(t))
		form := answered(surveys.NewReceipt())
		for range 3 {
			if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
				t.Fatalf("status %d:\n%s", got.status, got.body)
			}
		}
		o.holds(1, 3)
	})
}

func TestARetryAfterClosingLearnsThatItWasStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, wave := o.open(everyKind(t))
		form := answered(surveys.NewReceipt())
		o.post("/s/"+code, form)
		o.close(wave)
		if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
			t.Errorf("status %d:\n%s", got.status, got.body)
		}
		o.holds(1, 3)
	})
}

func TestWhatCannotBeTakenInIsRefusedAndNothingIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, _ := o.open(everyKind(t))
		good := answered(surveys.NewReceipt())
		thousand := with(good)
		for range 1000 {
			thousand.Add("q.which", "a")
		}
		for name, c := range map[string]struct {
			form   url.Values
			status int
			says   []string
		}{
			"nothing answered":    {url.Values{"receipt": good["receipt"], "department": {"1"}}, 422, []string{"Nothing is stored yet.", "This question needs an answer."}},
			"no department":       {with(good, "department", ""), 422, []string{"This question needs an answer.", "After the audit"}},
			"a strange place":     {with(good, "department", "99", "band", "x"), 422, []string{"2 answers need another look.", "not one of those offered", "After the audit"}},
			"an unknown question": {with(good, "q.nosuch", "1"), 422, []string{"q.nosuch", "After the audit"}},
			"out of range":        {with(good, "q.easier", "6", "q.tell", "-1", "q.seven", "007"), 422, []string{"3 answers need another look."}},
			"an unknown option":   {with(good, "q.when", "z"), 422, []string{"not one of those offered", "After the audit"}},
			"a thousand choices":  {thousand, 422, []string{"too many answers", "After the audit"}},
			"a repeated field":    {url.Values{"receipt": good["receipt"], "department": {"1"}, "q.easier": {"1", "2"}}, 422, []string{"too many answers"}},
			"a repeated receipt":  {url.Values{"receipt": {"A", "B"}, "department": {"1"}, "q.easier": {"1"}}, 422, []string{"no valid receipt"}},
			"no receipt":          {with(good, "receipt", ""), 422, []string{"no valid receipt", "After the audit"}},
			"a text too long":     {with(good, "q.say", strings.Repeat("é", 5001)), 422, []string{"At most 5,000 characters fit."}},
			"not a text":          {with(good, "q.say", "\xff\xfe"), 422, []string{"cannot be read"}},
			"a rank twice":        {with(good, "q.order.a", "1"), 422, []string{"use each rank once"}},
			"a rank left out":     {with(good, "q.order.a", "3"), 422, []string{"1, 2, 3 and so on"}},
			"a rank too high":     {with(good, "q.order.a", "4"), 422, []string{"not one of those offered"}},
		} {
			t.Run(name, func(t *testing.T) {
				got := o.post("/s/"+code, c.form)
				says(t, got, c.status, c.says...)
				if !strings.Contains(got.body, `id="faults"`) {
					t.Error("there is no summary of faults")
				}
				o.holds(0, 0)
			})
		}
		got := o.post("/s/nosuchcode", good)
		says(t, got, http.StatusNotFound, "There is no survey at this address")
		says(t, o.get("/s/"+strings.Repeat("x", 3000)), http.StatusNotFound, "There is no survey at this address")
		o.holds(0, 0)
	})
}

func TestARefusedFormComesBackAsItWasTyped(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	form := with(answered(surveys.NewReceipt()), "q.easier", "9")
	got := o.post("/s/"+code, form)
	says(t, got, http.StatusUnprocessableEntity)
	if receipt := receiptIn(t, got.body); string(receipt) != form.Get("receipt") {
		t.Errorf("the receipt became %s", receipt)
	}
	for _, want := range []string{
		`<option value="1" selected>`, `<option value="2" selected>`,
		`name="q.seven" value="7" checked`, `name="q.own" value="3" checked`, `name="q.tell" value="0" checked`,
		`name="q.when" value="other" checked`, `name="q.when.other" value="After the audit"`,
		`name="q.which" value="a" checked`, `name="q.which" value="c" checked`,
		">\nNo time</textarea>", ">\nThanks\r\nfor asking</textarea>",
		`<a href="#q.easier">It would make my work easier.</a>`, `id="e.easier"`,
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(got.body, `name="q.which" value="b" checked`) {
		t.Error("an answer that was not given is ticked")
	}
	o.holds(0, 0)
}

func TestOnlyABrowsersFormIsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, _ := o.open(everyKind(t))
		good := answered(surveys.NewReceipt()).Encode()
		for _, path := range []string{"/s/" + code, "/receipt"} {
			for kind, body := range map[string]string{
				"application/json":    `{"receipt":"x"}`,
				"text/plain":          good,
				"multipart/form-data": good,
				"":                    good,
				"application/x-www-form-urlencoded; charset": good,
			} {
				says(t, o.postAs(path, kind, body), http.StatusUnsupportedMediaType, "We could not read this form", "Nothing is stored.")
			}
			for _, body := range []string{"receipt=%zz", "q.say=%", good + "&q.x=%G1", "a;b=c"} {
				says(t, o.postAs(path, "application/x-www-form-urlencoded", body), http.StatusBadRequest, "We could not read this form")
			}
		}
		o.holds(0, 0)
		if got := o.postAs("/s/"+code, "application/x-www-form-urlencoded; charset=UTF-8", good); got.status != http.StatusSeeOther {
			t.Errorf("a form with a charset: status %d", got.status)
		}
		o.holds(1, 3)
	})
}

func TestAPackedBodyIsNotUnpacked(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	r, err := http.NewRequest(http.MethodPost, "/s/"+code, strings.NewReader(answered(surveys.NewReceipt()).Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Content-Encoding", "gzip")
	says(t, o.do(r), http.StatusUnsupportedMediaType)
	o.holds(0, 0)
}

func TestABodyOfTenMegabytesIsRefusedWithAPage(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	base := o.listen()
	form := with(answered(surveys.NewReceipt()), "q.say", strings.Repeat("a", 10<<20))
	response, err := http.Post(base+"/s/"+code+"?lang=en", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, response)
	says(t, got, http.StatusRequestEntityTooLarge, "That was too much at once")
	o.holds(0, 0)
}

func TestAClosedSurveySaysSoAndGivesBackWhatWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, wave := o.open(everyKind(t, "en", "de"))
		says(t, o.get("/s/"+code), http.StatusOK)
		o.close(wave)
		says(t, o.get("/s/"+code), http.StatusGone, "This survey is closed", "IT reads the results")
		says(t, o.get("/s/"+code+"?lang=de"), http.StatusGone, "Diese Umfrage ist geschlossen")
		says(t, o.post("/s/"+code, answered(surveys.NewReceipt())), http.StatusGone,
			"This survey is closed", "not stored", "After the audit", "No time", "Thanks\r\nfor asking")
		faulty := with(answered(surveys.NewReceipt()), "q.easier", "9")
		says(t, o.post("/s/"+code, faulty), http.StatusGone, "This survey is closed", "After the audit")
		o.holds(0, 0)
	})
}

func TestAWaveThatIsClosedElsewhereIsSeenToBeClosedWithinASecond(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, wave := o.open(everyKind(t))
	says(t, o.get("/s/"+code), http.StatusOK)
	o.close(wave)
	o.clock.add(-1) // not yet a second
	says(t, o.get("/s/"+code), http.StatusOK)
	says(t, o.post("/s/"+code, answered(surveys.NewReceipt())), http.StatusGone) // the transaction knows at once
	o.holds(0, 0)
	o.clock.add(1)
	says(t, o.get("/s/"+code), http.StatusGone)
}

func TestANewDepartmentIsOfferedWithinASecond(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	if got := o.get("/s/" + code); strings.Contains(got.body, "Harbour office") {
		t.Fatal("it is offered before it is there")
	}
	o.transact(func(tx *store.Tx) error {
		return tx.Table("departments").Where("id = 1").Update("name", "Harbour office").Error
	})
	o.clock.add(freshness)
	says(t, o.get("/s/"+code), http.StatusOK, "Harbour office")
}

func TestAReceiptOfAnotherSurveyIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		one, _ := o.open(everyKind(t))
		other, _ := o.open(pulse(t))
		receipt := surveys.NewReceipt()
		o.post("/s/"+one, answered(receipt))
		got := o.post("/s/"+other, url.Values{"receipt": {string(receipt)}, "lang": {"en"}, "department": {"1"}, "q.benefit": {"4"}, "q.say": {"Keep me"}})
		says(t, got, http.StatusConflict, "belongs to another survey", "Keep me")
		o.holds(1, 3)
	})
}

func TestAWithdrawnReceiptDoesNotComeBack(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	receipt := surveys.NewReceipt()
	o.post("/s/"+code, answered(receipt))
	o.post("/receipt", url.Values{"receipt": {string(receipt)}, "action": {"withdraw"}, "confirm": {"yes"}})
	says(t, o.post("/s/"+code, answered(receipt)), http.StatusConflict, "were withdrawn", "After the audit")
	o.holds(1, 0) // the empty row stays until the wave closes
}

func TestACountedResponseKeepsItsDepartment(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	receipt := surveys.NewReceipt()
	o.post("/s/"+code, answered(receipt))
	o.transact(func(tx *store.Tx) error { return tx.Exec("UPDATE responses SET step = 1").Error })
	says(t, o.post("/s/"+code, with(answered(receipt), "department", "2")), http.StatusConflict, "counted already", "After the audit")
	o.holds(1, 3)
}

func TestALinkOfADepartmentDoesNotAskForIt(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t), 2)
	page := o.get("/s/" + code)
	says(t, page, http.StatusOK, "Your answers count for this department: Legal & Tax <b>")
	if strings.Contains(page.body, `name="department"`) {
		t.Error("the department is asked for")
	}
	form := with(answered(receiptIn(t, page.body)), "department", "1") // what the form says is outweighed
	if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
		t.Fatalf("status %d:\n%s", got.status, got.body)
	}
	var department int64
	if err := o.Store.Read(t.Context()).Table("responses").Select("department_id").Row().Scan(&department); err != nil || department != 2 {
		t.Errorf("department %d, %v, want 2", department, err)
	}
}

func TestAnOrganisationWithoutDepartmentsIsAskedForNone(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	code, _ := o.open(everyKind(t))
	page := o.get("/s/" + code)
	for _, field := range []string{`name="department"`, `name="band"`, "your department"} {
		if strings.Contains(page.body, field) {
			t.Errorf("the page has %s", field)
		}
	}
	form := with(answered(receiptIn(t, page.body)), "department", "", "band", "")
	if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
		t.Errorf("status %d:\n%s", got.status, got.body)
	}
	o.holds(1, 3)
}

func TestThePrivacyNoteComesFirstAndIsTrue(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(changed(t, everyKind(t), func(d *surveys.Document) { d.Minimum = 12 }))
	page := o.get("/s/" + code)
	says(t, page, http.StatusOK, "your department and your level", "do not keep your name", "groups of 12 or more", "when 12 or more people of a department")
	if strings.Index(page.body, `class="privacy"`) > strings.Index(page.body, `id="answers"`) {
		t.Error("the form comes before the privacy note")
	}
	named, _ := o.open(changed(t, everyKind(t), func(d *surveys.Document) { d.Anonymity = surveys.Named }))
	page = o.get("/s/" + named)
	says(t, page, http.StatusOK, "This survey is not anonymous.", "IT can see every single answer.", "your department and your level")
	for _, untrue := range []string{"Nobody can tell", "do not keep", "groups of"} {
		if strings.Contains(page.body, untrue) {
			t.Errorf("a named survey says %q", untrue)
		}
	}
}

func TestAQuestionThatHangsOnAnAnswerSaysSo(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	says(t, o.get("/s/"+code), http.StatusOK, "Only if you answered “Strongly disagree” or “Disagree” to “It would make my work easier.”")
	// Whoever answers it nevertheless, without JavaScript, loses nothing and says nothing.
	if got := o.post("/s/"+code, with(answered(surveys.NewReceipt()), "q.easier", "5")); got.status != http.StatusSeeOther {
		t.Fatalf("status %d", got.status)
	}
	o.holds(1, 2)
}

func TestOtherMethodsAreRefused(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		r, err := http.NewRequest(method, "/s/"+code, strings.NewReader(answered(surveys.NewReceipt()).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.do(r); got.status != http.StatusMethodNotAllowed && got.status != http.StatusNotFound {
			t.Errorf("%s: status %d", method, got.status)
		}
	}
	o.holds(0, 0)
}
