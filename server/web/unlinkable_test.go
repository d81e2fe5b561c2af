package web

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"

	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

const (
	invitedPeople = 200
	invitedCells  = 6
	// Guessing within a department and band of about 33 is right about 6 times in 200. The attacker tries some thousand
	// ways and is judged by the luckiest; that one of them is right 27 times by luck happens less than once in 10,000 runs.
	luckiest = 26
)

// readers are the languages of the invited people.
var readers = []string{"en", "de", "fr", "it", "nl", "pl", "es", "pt", "tr", "uk"}

// leak is a weakness put into the program on purpose, to show that the attacker would find it.
type leak struct {
	name   string
	before []string                                                                // statements before anybody answers
	each   func(i invitations.Invitation, receipt surveys.Receipt) (string, []any) // a statement after each answer
}

func leaks(secret surveys.Secret) []leak {
	sum := func(v any) []byte { h := sha256.Sum256(fmt.Append(nil, v)); return h[:16] }
	return []leak{
		{"a flag on the invitation", []string{"ALTER TABLE invitations ADD COLUMN used INTEGER NOT NULL DEFAULT 0"},
			func(i invitations.Invitation, _ surveys.Receipt) (string, []any) {
				return "UPDATE invitations SET used = 1 WHERE id = ?", []any{i.ID}
			}},
		{"a mark without the secret", nil, func(i invitations.Invitation, _ surveys.Receipt) (string, []any) {
			return "INSERT INTO spent (wave_id, mark) VALUES (77, ?)", []any{sum(i.ID)}
		}},
		{"a response's id made from the mark and the person", nil, func(i invitations.Invitation, r surveys.Receipt) (string, []any) {
			id, hidden := secret.ResponseID(r), sum(i.Person)
			for k := range hidden {
				hidden[k] ^= id[k]
			}
			return "INSERT INTO spent (wave_id, mark) VALUES (77, ?)", []any{hidden}
		}},
		{"a row prepared for each person", []string{"CREATE TABLE slots (slot INTEGER PRIMARY KEY, used INTEGER NOT NULL)",
			"INSERT INTO slots SELECT id + 1000, 0 FROM invitations"},
			func(i invitations.Invitation, _ surveys.Receipt) (string, []any) {
				return "UPDATE slots SET used = 1 WHERE slot = ?", []any{1000 + int64(i.ID)}
			}},
		{"the person's language with the answer", nil, func(i invitations.Invitation, r surveys.Receipt) (string, []any) {
			id := secret.ResponseID(r)
			return "UPDATE responses SET language = ? WHERE id = ?", []any{i.Language, id[:]}
		}},
	}
}

// Somebody who holds the whole database from just before and just after every single answer, but not the secret, joins
// no answer to a person better than the department and band of the new row allow by themselves.
func TestAnswersByInvitationCannotBeJoinedToPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if way, hits := watched(t, s, leak{}); hits > luckiest {
			t.Errorf("%d of %d answers are joined to their person: %s", hits, invitedPeople, way)
		} else {
			t.Logf("the luckiest of all ways joined %d of %d answers: %s", hits, invitedPeople, way)
		}
	})
}

func TestTheAttackerFindsEveryLeakPutInOnPurpose(t *testing.T) {
	for _, l := range leaks(surveys.Secret(officeSecret)) {
		t.Run(l.name, func(t *testing.T) {
			way, hits := watched(t, storetest.SQLite(t), l)
			if hits <= luckiest {
				t.Errorf("only %d of %d answers are joined: %s", hits, invitedPeople, way)
			}
			t.Logf("%d right guesses: %s", hits, way)
		})
	}
}

// watched lets 200 people answer by invitation, one after the other in random order, before an attacker who dumps the
// database each time, and gives the attacker's best way and its right guesses. Where something leaks on purpose, it ends
// when that is found.
func watched(t *testing.T, s *store.Store, l leak) (way string, hits int) {
	o := newOffice(t, s).staffed()
	_, wave := o.open(changed(t, everyKind(t, readers...), func(d *surveys.Document) {
		d.Results, d.Minimum, d.Change = surveys.WhileOpen, 3, "laptops"
	}))
	o.triesEverywhere(wave)
	o.say("INSERT INTO departments (name, name_key, headcount) VALUES ('Sales', ?, 60)", make([]byte, 32))
	made := o.inviteAll(wave)
	for _, statement := range l.before {
		o.say(statement)
	}
	q, err := o.Catalog.Questionnaire(t.Context(), wave.Questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	before := dumpAll(t, s)
	a := newAttack(before)
	for _, at := range rand.Perm(len(made)) {
		i := made[at]
		receipt := surveys.NewReceipt()
		address := "/i/" + string(o.Secret.Deriver().Token(wave.ID, i.ID))
		read := variantIn(o.get(address))
		if read == "" {
			t.Fatal("nothing is tried on somebody")
		}
		form := url.Values{"receipt": {string(receipt)}, "variant": {read}, "lang": {i.Language}, "q.easier": {fmt.Sprint(1 + rand.IntN(5))}, "q.say": {fmt.Sprint("words ", rand.Int())}}
		if r := o.post(address, form); r.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		if l.each != nil {
			statement, values := l.each(i, receipt)
			o.say(statement, values...)
		}
		after := dumpAll(t, s)
		if err := tally.Step(t.Context(), s, q, wave.ID); err != nil {
			t.Fatal(err)
		}
		counted := dumpAll(t, s)
		a.submission(before, after, counted, at)
		before = counted
		if l.each == nil {
			continue
		}
		if way, hits = a.best(); hits > luckiest {
			return way, hits // the leak is found: right guesses do not become fewer
		}
	}
	o.holds(invitedPeople, invitedPeople)
	return a.best()
}

// triesEverywhere has a wave about the laptops try two texts on three departments, so that each answer keeps which of them
// was read.
func (o *office) triesEverywhere(wave surveys.Wave) {
	o.t.Helper()
	o.say(`INSERT INTO changes (id, name, version, title, why, what, still_open, language, owner, risks, links, everybody, go_live, public, saved_by, saved_at)
		VALUES (1, 'laptops', 1, 'Laptops', 'Why', 'What', '', 'en', 'Mira', '', '[]', 1, '', 0, 'mira', '2026-01-01 00:00:00')`)
	for department := range 3 {
		for _, table := range []string{"pitches", "pitch_variants"} {
			o.say("INSERT INTO "+table+` (change_id, department_id, band_id, version, language, text, translations, saved_by, saved_at)
				VALUES (1, ?, 0, 1, 'en', ?, '{}', 'mira', '2026-01-01 00:00:00')`, department+1, table)
		}
		o.say("INSERT INTO pitch_trials (wave_id, department_id, change_id, version_a, version_b) VALUES (?, ?, 1, 1, 1)", wave.ID, department+1)
	}
}

// inviteAll fills three departments and two levels with people who read many languages, and invites them by mail.
func (o *office) inviteAll(wave surveys.Wave) (made []invitations.Invitation) {
	o.t.Helper()
	for _, n := range rand.Perm(invitedPeople) {
		email := fmt.Sprintf("person%d@example.org", n)
		o.say("INSERT INTO persons (id, email, email_key, name, department_id, band_id, language) VALUES (?, ?, ?, '', ?, ?, ?)",
			n+1, email, email, 1+n%3, 1+n%invitedCells/3, readers[rand.IntN(len(readers))])
	}
	o.transact(func(tx *store.Tx) (err error) {
		if err = invitations.InviteMore(tx, wave.ID); err == nil {
			made, err = invitations.Of(tx, wave.ID)
		}
		return err
	})
	return made
}

// Once a wave is closed, not even the secret tells who answered.
func TestClosingForgetsWhoAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s).staffed()
		_, wave := o.open(everyKind(t))
		path, i := o.invite(wave, surveys.Person{ID: 1, Department: 1})
		if r := o.post(path, filled(t, o.get(path))); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		known := func() bool {
			t.Helper()
			answered, err := invitations.Answered(s.Read(t.Context()), o.Secret, wave.ID, []invitations.Invitation{i})
			if err != nil {
				t.Fatal(err)
			}
			return answered[0]
		}
		if !known() {
			t.Error("a reminder would go to somebody who has answered")
		}
		q, err := o.Catalog.Questionnaire(t.Context(), wave.Questionnaire)
		if err != nil {
			t.Fatal(err)
		}
		if err := tally.Close(t.Context(), s, q, wave.ID, o.Now()); err != nil {
			t.Fatal(err)
		}
		if known() || len(storetest.Rows(t, s, "SELECT 1 FROM spent")) != 0 {
			t.Error("the marks outlive their wave")
		}
		o.holds(1, 1)
	})
}

// say runs a statement.
func (o *office) say(statement string, values ...any) {
	o.t.Helper()
	o.transact(func(tx *store.Tx) error { return tx.Exec(statement, values...).Error })
}
