package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

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
	if got.header.Get("Content-Security-Policy") == "" {
		t.Error("the page has no content security policy")
	}
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
