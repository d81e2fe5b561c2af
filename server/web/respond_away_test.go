package web

import (
	"net/http"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

func TestWhileTheDatabaseIsAwayFormsAreServedAndAnswersKept(t *testing.T) {
	server, address := storetest.Mortal(t)
	o := newOffice(t, storetest.Open(t, address)).staffed()
	code, _ := o.open(everyKind(t, "en", "de"))
	unseen, _ := o.open(pulse(t))
	says(t, o.get("/s/"+code), http.StatusOK)
	form := answered(surveys.NewReceipt())
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	o.clock.add(freshness)

	// A form that was served before is served on, in languages it was not asked for yet as well.
	says(t, o.get("/s/"+code), http.StatusOK, "A new expense tool")
	says(t, o.get("/s/"+code+"?lang=de"), http.StatusOK, "‹de›", "Meine Antworten senden")

	got := o.post("/s/"+code, form)
	says(t, got, http.StatusServiceUnavailable, "Your answers are not stored yet.", "still on this page", "After the audit", "No time")
	if got.header.Get("Retry-After") == "" {
		t.Error("there is no Retry-After")
	}
	if receipt := receiptIn(t, got.body); string(receipt) != form.Get("receipt") {
		t.Errorf("the receipt became %s, so a retry could count twice", receipt)
	}
	if !strings.Contains(got.body, `name="q.seven" value="7" checked`) {
		t.Error("the form is not filled in")
	}

	// A form that this server has never seen cannot be shown; what is sent to it is kept all the same.
	says(t, o.get("/s/"+unseen), http.StatusServiceUnavailable, "Please try again in a moment")
	kept := o.post("/s/"+unseen, form)
	says(t, kept, http.StatusServiceUnavailable, "Your answers are not stored yet.", "Send again",
		`<input type="hidden" name="q.when.other" value="After the audit">`, `<input type="hidden" name="q.which" value="c">`)
	says(t, o.post("/receipt", form), http.StatusServiceUnavailable, "Send again")

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if got := o.post("/s/"+code, form); got.status != http.StatusSeeOther {
		t.Fatalf("status %d:\n%s", got.status, got.body)
	}
	o.holds(1, 3)
	for _, text := range []string{"After the audit", "No time"} {
		if strings.Contains(o.log.String(), text) {
			t.Errorf("the log holds an answer: %s", o.log)
		}
	}
}

func TestAfterStoppingTheProgramTakesNothingInAndKeepsTheForm(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t))
	o.Intake.Close()
	says(t, o.post("/s/"+code, answered(surveys.NewReceipt())), http.StatusServiceUnavailable, "Your answers are not stored yet.", "After the audit")
	o.holds(0, 0)
}
