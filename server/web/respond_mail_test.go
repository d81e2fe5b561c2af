package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/invitations"
	"soundings/surveys/outbox"
	"soundings/surveys/outbox/outboxtest"
	"soundings/surveys/settings"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// postOffice is an office that sends mail through a real server in this process.
type postOffice struct {
	*office
	server *outboxtest.Server
	box    *outbox.Outbox
}

func newPostOffice(t *testing.T, s *store.Store) *postOffice {
	t.Helper()
	p := &postOffice{office: newOffice(t, s).staffed(), server: outboxtest.Start(t, outboxtest.Options{})}
	p.transact(func(tx *store.Tx) error { return settings.SaveMail(tx, p.Secret, p.server.Settings()) })
	kinds := []outbox.Kind{invitations.InvitationMail, invitations.ReminderMail}
	writers := map[outbox.Kind]outbox.Writer{}
	for _, kind := range kinds {
		writers[kind] = p.WriteInvitation
	}
	p.box = outbox.New(outbox.Deps{Store: s, Secret: p.Secret, Log: p.Log, Now: time.Now, Writers: writers, Discreet: kinds[1:]})
	return p
}

// employ puts people into the directory, the n-th as person n+1 of department 1 or 2, reading one of the languages.
func (p *postOffice) employ(many int, languages ...string) {
	p.t.Helper()
	for n := range many {
		email := fmt.Sprintf("person%d@example.org", n+1)
		p.say("INSERT INTO persons (id, email, email_key, name, department_id, band_id, language) VALUES (?, ?, ?, ?, ?, ?, ?)",
			n+1, email, email, fmt.Sprintf("Ada <%d>", n+1), 1+n%2, 1, languages[n%len(languages)])
	}
}

// deliver lets the outbox work until nothing of it is queued, and returns all messages that came since the last time, by
// their recipient.
func (p *postOffice) deliver() map[string]outboxtest.Message {
	p.t.Helper()
	before := len(p.server.Messages())
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.box.Run(ctx) })
	deadline := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for left := []string{"?"}; !slices.Equal(left, []string{"0"}); <-tick.C {
		if left = storetest.Rows(p.t, p.Store, "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')"); time.Now().After(deadline) {
			p.t.Fatalf("%v messages are still queued", left)
		}
	}
	cancel()
	running.Wait()
	came := map[string]outboxtest.Message{}
	for _, m := range p.server.Messages()[before:] {
		if _, twice := came[m.To[0]]; twice {
			p.t.Errorf("%s got two messages", m.To[0])
		}
		came[m.To[0]] = m
	}
	return came
}

var personal = regexp.MustCompile(`http://127\.0\.0\.1(?::\d+)?(/i/[0-9a-z]{32})(/quiet)?`)

// follow gives the path of the personal address in a message. Text and HTML must agree, and so must the way to end the
// reminders.
func follow(t *testing.T, m outboxtest.Message) string {
	t.Helper()
	header, text, html := m.Read(t)
	paths := map[string]bool{}
	for _, found := range personal.FindAllStringSubmatch(text+html+header.Get("List-Unsubscribe"), -1) {
		paths[found[1]] = true
	}
	if len(paths) != 1 || !strings.HasSuffix(header.Get("List-Unsubscribe"), "/quiet>") {
		t.Fatalf("a message holds the addresses %v, unsubscribe %q", paths, header.Get("List-Unsubscribe"))
	}
	for path := range paths {
		return path
	}
	return ""
}

func TestRemindersReachOnlyThoseWhoHaveNotAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPostOffice(t, s)
		p.employ(12, "en", "de", "ar")
		_, wave := p.open(everyKind(t, "en", "de", "ar"))
		p.transact(func(tx *store.Tx) error { return invitations.Opened(tx, wave, waves.Terms{Mail: true}) })
		invited := p.deliver()
		if len(invited) != 12 {
			t.Fatalf("%d people are invited", len(invited))
		}
		answer := func(n int) {
			t.Helper()
			path := follow(t, invited[fmt.Sprintf("person%d@example.org", n)])
			form := url.Values{"receipt": {string(receiptIn(t, p.get(path).body))}, "q.easier": {"4"}}
			if r := p.post(path, form); r.status != http.StatusSeeOther {
				t.Fatalf("status %d\n%s", r.status, r.body)
			}
		}
		for n := 1; n <= 5; n++ {
			answer(n)
		}
		for n := 6; n <= 7; n++ {
			if r := p.post(follow(t, invited[fmt.Sprintf("person%d@example.org", n)])+"/quiet", url.Values{"List-Unsubscribe": {"One-Click"}}); r.status != http.StatusOK {
				t.Fatalf("status %d", r.status)
			}
		}
		p.say("UPDATE persons SET gone = 1 WHERE id = 8")
		for range 2 { // pressed twice, and worked on by two servers
			p.transact(func(tx *store.Tx) error { return invitations.Remind(tx, wave.ID, 1, p.Now()) })
			if err := invitations.SendDue(t.Context(), s, p.Now()); err != nil {
				t.Fatal(err)
			}
		}
		answer(9) // between the decision and the sending
		reminded := p.deliver()
		for n := 10; n <= 12; n++ {
			address := fmt.Sprintf("person%d@example.org", n)
			if reminded[address].To == nil {
				t.Fatalf("%s is not reminded", address)
			}
			if was, is := follow(t, invited[address]), follow(t, reminded[address]); was != is {
				t.Errorf("%s: the reminder has another address", address)
			}
		}
		if len(reminded) != 3 {
			t.Errorf("%d people are reminded: %v", len(reminded), reminded)
		}
		// Neither the program nor its staff may read afterwards who had answered.
		rows := storetest.Rows(t, s, "SELECT DISTINCT state, address, fault, reply, tries, settled_at FROM outbox WHERE kind = 'reminder'")
		if len(rows) != 1 {
			t.Errorf("the outbox tells reminders apart: %q", rows)
		}
		p.transact(func(tx *store.Tx) error { return invitations.Remind(tx, wave.ID, 2, p.Now()) })
		if err := invitations.SendDue(t.Context(), s, p.Now()); err != nil {
			t.Fatal(err)
		}
		p.close(wave)
		if late := p.deliver(); len(late) != 0 {
			t.Errorf("%d people are reminded of a closed survey", len(late))
		}
	})
}

func TestAReminderGoesOutOnceItIsDueAndNeverAfterClosing(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	_, wave := o.open(everyKind(t))
	remind := func(number int, in time.Duration) error {
		return o.Store.Transact(t.Context(), "test", func(tx *store.Tx) error { return invitations.Remind(tx, wave.ID, number, o.Now().Add(in)) })
	}
	if err := remind(2, 0); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("the second before the first: %v", err)
	}
	if err := remind(1, time.Hour); err != nil {
		t.Fatal(err)
	}
	sent := func() bool {
		t.Helper()
		if err := invitations.SendDue(t.Context(), o.Store, o.Now()); err != nil {
			t.Fatal(err)
		}
		list, err := invitations.Reminders(o.Store.Read(t.Context()), wave.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		return list[0].Sent
	}
	if sent() {
		t.Error("it is sent before it is due")
	}
	o.clock.add(2 * time.Hour)
	if !sent() {
		t.Error("it is not sent when it is due")
	}
	for n := 2; n <= invitations.MostReminders; n++ {
		if err := remind(n, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := remind(invitations.MostReminders+1, 0); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("one too many: %v", err)
	}
	o.close(wave)
	if err := remind(invitations.MostReminders+1, 0); surveys.KindOf(err) != surveys.Ended {
		t.Errorf("of a closed wave: %v", err)
	}
}

func TestAnInvitationSaysWhoAsksWhatForHowLongAndUntilWhen(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t))
	all := spoken(t).names
	p.employ(len(all), all...)
	p.say("INSERT INTO settings (name, value) VALUES (?, 'Europe/Berlin')", waves.ZoneSetting)
	_, wave := p.open(everyKind(t, all...))
	p.transact(func(tx *store.Tx) error {
		if err := tx.Table("wave_terms").Where("wave_id = ?", wave.ID).Update("closes_at", time.Date(2026, 3, 14, 22, 30, 0, 0, time.UTC)).Error; err != nil {
			return err
		}
		return invitations.Opened(tx, wave, waves.Terms{Mail: true})
	})
	invited := p.deliver()
	english := sentences(t, "en")
	months := map[string]string{"en": "14 March 2026, 23:30", "de": "14. März 2026, 23:30 Uhr", "pl": "14 marca 2026", "ar": "١٤ مارس ٢٠٢٦", "ja": "2026年3月14日", "he": "14 במרץ 2026", "uk": "14 березня 2026"}
	for n, lang := range all {
		m := invited[fmt.Sprintf("person%d@example.org", n+1)]
		_, text, html := m.Read(t)
		foreign(t, lang, "mail", html, english)
		title := "A new expense tool"
		if lang != "en" {
			title = "‹" + lang + "› xxxx"
		}
		level := spoken(t).in(lang)
		privacy, err := level.T("privacy_title")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{title, "Harbour Group", months[lang], privacy, fmt.Sprintf("Ada <%d>", n+1)} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the text lacks %q\n%s", lang, want, text)
			}
		}
		if !strings.Contains(m.Subject(t), title) || !strings.Contains(html, fmt.Sprintf("Ada &lt;%d&gt;", n+1)) {
			t.Errorf("%s: subject %q\n%s", lang, m.Subject(t), html)
		}
		if strings.Contains(html, "<img") || strings.Contains(html, "<script") || strings.Contains(html, "url(") {
			t.Errorf("%s: the message loads something", lang)
		}
	}
}

func TestAnInvitationToANamedSurveyDoesNotPromiseAnonymity(t *testing.T) {
	p := newPostOffice(t, storetest.SQLite(t))
	p.employ(1, "sv") // a language neither the survey nor the program has
	_, wave := p.open(changed(t, everyKind(t, "en", "de"), func(d *surveys.Document) { d.Anonymity = surveys.Named }))
	p.transact(func(tx *store.Tx) error { return invitations.Opened(tx, wave, waves.Terms{Mail: true}) })
	_, text, _ := p.deliver()["person1@example.org"].Read(t)
	if !strings.Contains(text, "This survey is not anonymous.") || strings.Contains(text, "Nobody can tell") || strings.Contains(text, "until") {
		t.Errorf("a named survey that is closed by hand:\n%s", text)
	}
}
