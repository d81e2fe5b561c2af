package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// The same phone answers by invitation and volunteers on the page it is led to. What volunteering writes has nothing in
// common with the answer, nothing more than that of somebody who has not answered, and no time of day.
func TestAVolunteerCannotBeJoinedToTheirAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newChampionsOffice(t, s)
		_, wave := o.open(everyKind(t))
		path, i := o.invite(wave, surveys.Person{ID: 1, Department: 1})
		receipt := surveys.NewReceipt()
		sent := o.post(path, url.Values{"receipt": {string(receipt)}, "q.easier": {"4"}, "q.say": {"words"}})
		if sent.status != http.StatusSeeOther {
			t.Fatalf("status %d", sent.status)
		}
		thanks := o.get(sent.header.Get("Location"))
		holds(t, "the thank-you page", thanks.body, `<a href="/champion" rel="noreferrer" referrerpolicy="no-referrer">`)
		before := dumpAll(t, s)
		volunteer := func(email string) reply {
			form := offer()
			form.Set("email", email)
			return o.post("/champion", form)
		}
		answered := volunteer("one@example.org")
		after := dumpAll(t, s)
		id := o.Secret.ResponseID(receipt)
		mark := o.Secret.Deriver().Mark(o.Secret.Deriver().Token(wave.ID, i.ID))
		secrets := [][]byte{id[:], mark[:], []byte(receipt), []byte(path[len("/i/"):]), []byte(fmt.Sprint(o.Now().UTC().Format("15:04")))}
		for table, is := range after {
			was := before[table]
			if table == "(catalogue)" { // it tells of all tables how large they are, of these two too
				continue
			}
			if table == "champions" || table == "outbox" {
				for _, row := range is.rows {
					for _, value := range row {
						if slices.ContainsFunc(secrets, func(secret []byte) bool { return bytes.Contains(value, secret) }) {
							t.Errorf("%s holds %q", table, value)
						}
					}
				}
				continue
			}
			if fmt.Sprint(is.rows) != fmt.Sprint(was.rows) {
				t.Errorf("volunteering leaves a trace in %s", table)
			}
		}
		other := volunteer("two@example.org") // has not answered
		if answered.status != other.status || answered.body != other.body || fmt.Sprint(answered.header["Location"]) != fmt.Sprint(other.header["Location"]) {
			t.Error("the answer tells who has answered")
		}
		for _, days := range o.rows("SELECT added_on, mailed_on, since, last_contact, consent_on FROM champions") {
			if len(days) != len("2026-03-02|2026-03-02|||") {
				t.Errorf("more than days: %q", days)
			}
		}
		o.deliver()
		if got := o.rows("SELECT DISTINCT address FROM outbox"); len(got) != 1 || got[0] != "" {
			t.Errorf("the outbox keeps %q", got)
		}
	})
}
