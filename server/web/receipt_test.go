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

// holder has answered, and does things with the receipt.
type holder struct {
	*office
	receipt surveys.Receipt
	code    string
	wave    surveys.Wave
	other   string // code of another survey
}

func newHolder(t *testing.T, s *store.Store) *holder {
	t.Helper()
	h := &holder{office: newOffice(t, s).staffed(), receipt: surveys.NewReceipt()}
	h.code, h.wave = h.open(everyKind(t, "en", "de"))
	if got := h.post("/s/"+h.code, answered(h.receipt)); got.status != http.StatusSeeOther {
		t.Fatalf("status %d:\n%s", got.status, got.body)
	}
	return h
}

// ask posts to the receipt page: name, value, name, value.
func (h *holder) ask(pairs ...string) reply {
	return h.post("/receipt", with(url.Values{"receipt": {h.receipt.Grouped()}}, pairs...))
}

func TestAReceiptShowsTheAnswersInWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHolder(t, s)
		says(t, h.get("/receipt"), http.StatusOK, "Look up your answers")
		got := h.ask("action", "look")
		says(t, got, http.StatusOK, "A new expense tool · Spring 2026", "Finance", "Lead", "The survey is still open.",
			"Disagree", "Strongly agree", "At times", "0 / 10", "After the audit", "First week", "Third week", "No time", "Thanks\nfor asking",
			"<ol><li>Second week</li><li>First week</li></ol>")
		says(t, h.ask("lang", "de"), http.StatusOK, "Ihre Antworten", "‹de›")
		says(t, h.ask("lang", "fr"), http.StatusOK, "Your answers") // the survey has no French: as it was answered
		for _, typed := range []string{strings.ToLower(string(h.receipt)), " " + h.receipt.Grouped() + " ", strings.ReplaceAll(string(h.receipt), "0", "o")} {
			says(t, h.ask("receipt", typed), http.StatusOK, "Your answers")
		}
		h.holds(1, 3)
	})
}

func TestAnUnknownReceiptIsNotFoundAndKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHolder(t, s)
		for _, typed := range []string{string(surveys.NewReceipt()), "12345", "\"><script>alert(1)</script>", strings.Repeat("A", 4000)} {
			for _, deed := range []string{"look", "change", "withdraw", "delete_comments"} {
				got := h.post("/receipt", url.Values{"receipt": {typed}, "action": {deed}, "confirm": {"yes"}, "answers": {"1"}, "lang": {"en"}})
				says(t, got, http.StatusNotFound, "No answers belong to this receipt.", typed)
				if strings.Contains(got.body, "<script>alert") {
					t.Fatal("what was typed is part of the page")
				}
			}
		}
		says(t, h.post("/receipt", url.Values{}), http.StatusNotFound)
		says(t, h.post("/receipt", url.Values{"receipt": {string(h.receipt), "x"}}), http.StatusNotFound)
		h.holds(1, 3)
	})
}

func TestAnswersCanBeChangedWhileTheWaveIsOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHolder(t, s)
		form := h.ask("action", "change")
		says(t, form, http.StatusOK, "Save my changes", "Finance", "Lead", "This stays as you gave it",
			`name="q.easier" value="2" checked`, `name="q.when.other" value="After the audit"`, ">\nThanks\nfor asking</textarea>")
		for _, field := range []string{`name="department"`, `name="band"`} {
			if strings.Contains(form.body, field) {
				t.Errorf("%s can be changed", field)
			}
		}
		again := with(answered(h.receipt), "action", "change", "answers", "1", "q.easier", "5", "q.why", "", "q.say", "Better now", "department", "2", "band", "1")
		faulty := h.post("/receipt", with(again, "q.tell", "11"))
		says(t, faulty, http.StatusUnprocessableEntity, "Better now", "not one of those offered", "Save my changes")
		says(t, h.ask(), http.StatusOK, "Thanks\nfor asking") // nothing has changed yet
		got := h.post("/receipt", again)
		if got.status != http.StatusSeeOther {
			t.Fatalf("status %d:\n%s", got.status, got.body)
		}
		says(t, h.get(got.header.Get("Location")), http.StatusOK, "Your changes are stored.", h.receipt.Grouped())
		now := h.ask()
		says(t, now, http.StatusOK, "Strongly agree", "Better now", "Finance", "Lead")
		if strings.Contains(now.body, "No time") {
			t.Error("a text that was taken back is still there")
		}
		h.holds(1, 2)
	})
}

func TestAnswersCanBeWithdrawnAfterAskingOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHolder(t, s)
		says(t, h.ask("action", "withdraw"), http.StatusOK, "Withdraw your answers?", "Yes, withdraw them")
		h.holds(1, 3)
		says(t, h.ask("action", "withdraw", "confirm", "yes"), http.StatusOK, "Your answers are withdrawn")
		h.holds(1, 0) // an empty row stays until the wave closes, so that a late retry brings nothing back
		got := h.ask()
		says(t, got, http.StatusOK, "Your answers are withdrawn")
		if strings.Contains(got.body, "Lead") || strings.Contains(got.body, `value="change"`) {
			t.Error("a withdrawn response is shown or can be changed")
		}
	})
}

func TestAfterClosingOnlyCommentsCanGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHolder(t, s)
		h.close(h.wave)
		got := h.ask()
		says(t, got, http.StatusOK, "can no longer be changed or withdrawn", "anonymous statistics", "Delete my comments")
		for _, deed := range []string{`value="change"`, `value="withdraw"`} {
			if strings.Contains(got.body, deed) {
				t.Errorf("%s is offered", deed)
			}
		}
		says(t, h.ask("action", "withdraw", "confirm", "yes"), http.StatusGone, "can no longer be changed or withdrawn")
		says(t, h.ask("action", "change"), http.StatusGone, "can no longer be changed or withdrawn")
		again := with(answered(h.receipt), "action", "change", "answers", "1", "q.say", "Too late")
		says(t, h.post("/receipt", again), http.StatusGone, "This survey is closed", "Too late")
		h.holds(1, 3)
		says(t, h.ask("action", "delete_comments"), http.StatusOK, "Delete your comments?")
		h.holds(1, 3)
		got = h.ask("action", "delete_comments", "confirm", "yes")
		says(t, got, http.StatusOK, "Your comments are deleted.", "Something else") // the closed answer stays
		for _, text := range []string{"After the audit", "No time", "for asking", "Delete my comments"} {
			if strings.Contains(got.body, text) {
				t.Errorf("the page still has %q", text)
			}
		}
		h.holds(1, 0)
	})
}

func TestAnUnknownDeedIsRefused(t *testing.T) {
	h := newHolder(t, storetest.SQLite(t))
	says(t, h.ask("action", "drop"), http.StatusBadRequest)
	h.holds(1, 3)
}

func TestANamedSurveyDoesNotCallItsAnswersAnonymous(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, wave := o.open(changed(t, everyKind(t), func(d *surveys.Document) { d.Anonymity = surveys.Named }))
	receipt := surveys.NewReceipt()
	got := o.post("/s/"+code, answered(receipt))
	thanks := o.get(got.header.Get("Location"))
	says(t, thanks, http.StatusOK, "IT reads the answers.")
	o.close(wave)
	if page := o.post("/receipt", url.Values{"receipt": {string(receipt)}}); strings.Contains(page.body, "anonymous") {
		t.Error("it says anonymous")
	}
}

func TestTheThankYouPageOutlivesNeitherItsTimeNorItsProcess(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	receipt := surveys.NewReceipt()
	got := o.post("/s/"+code, answered(receipt))
	where := got.header.Get("Location")
	cookie, _, _ := strings.Cut(got.header.Get("Set-Cookie"), ";")
	gone := func(page reply) {
		t.Helper()
		says(t, page, http.StatusOK, "can no longer be shown here")
		if strings.Contains(page.body, receipt.Grouped()) {
			t.Error("the receipt is shown")
		}
	}
	o.clock.add(thanksFor - 1e9)
	says(t, o.get(where), http.StatusOK, receipt.Grouped())
	says(t, o.get("/thanks", "Cookie", cookie), http.StatusOK, receipt.Grouped()) // another server has the cookie only
	o.clock.add(1e9)
	gone(o.get(where))
	gone(o.get("/thanks", "Cookie", cookie))
	gone(o.get("/thanks"))
	gone(o.get("/thanks?t=nonsense%00", "Cookie", "thanks=nonsense"))

	got = o.post("/s/"+code, answered(receipt))
	o.forms.seals = newSealer() // the program has been started again
	gone(o.get(got.header.Get("Location")))
}

func TestAChangeOfAWithdrawnResponseIsRefusedAndKept(t *testing.T) {
	h := newHolder(t, storetest.SQLite(t))
	again := with(answered(h.receipt), "action", "change", "answers", "1", "q.say", "In another window")
	h.ask("action", "withdraw", "confirm", "yes")
	got := h.post("/receipt", again)
	says(t, got, http.StatusConflict, "were withdrawn", "In another window")
	h.holds(1, 0)
}
