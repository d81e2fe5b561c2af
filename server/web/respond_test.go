package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
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

// The router's strings are overwritten by the next request on the connection, while a submission may still wait for
// its transaction.
func TestAnswersOfPeopleWhoSendAtOnceAreNotMixedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		code, _ := o.open(everyKind(t))
		base := o.listen()
		const people, each = 24, 10
		var group sync.WaitGroup
		for person := range people {
			group.Go(func() {
				client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
				defer client.CloseIdleConnections()
				for i := range each {
					receipt := surveys.NewReceipt()
					mine := fmt.Sprintf("%d-%d-%s", person, i, receipt)
					form := with(answered(receipt), "q.say", mine, "q.when.other", mine, "q.why", strings.Repeat(mine, 1+person))
					response, err := client.PostForm(base+"/s/"+code, form)
					if err != nil {
						t.Error(err)
						return
					}
					response.Body.Close()
					if response.StatusCode != http.StatusSeeOther {
						t.Errorf("status %d", response.StatusCode)
					}
					if got := o.only(t, code, string(receipt)).Texts; got["say"] != mine || got["when"] != mine || got["why"] != form.Get("q.why") {
						t.Errorf("%s became %v", mine, got)
					}
				}
			})
		}
		group.Wait()
		o.holds(people*each, 3*people*each)
	})
}
