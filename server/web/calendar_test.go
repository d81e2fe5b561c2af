package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

// icalEvent is one event of a calendar, its properties by name with their parameters: "DTSTART;VALUE=DATE". Texts are unescaped.
type icalEvent map[string]string

var (
	icalLine   = regexp.MustCompile(`^([A-Z-]+(?:;[A-Z-]+=[^;:,"]+)*):(.*)$`)
	icalEscape = regexp.MustCompile(`\\[\\;,nN]`)
	icalTexts  = []string{"SUMMARY", "DESCRIPTION", "LOCATION", "X-WR-CALNAME"}
)

// readCalendar reads a calendar as strictly as RFC 5545 is written: line ends, folds, escapes, and what must be there.
func readCalendar(t *testing.T, body string) (events []icalEvent) {
	t.Helper()
	lines := strings.Split(body, "\r\n")
	if lines[len(lines)-1] != "" {
		t.Error("the last line has no end")
	}
	for i, line := range lines {
		if strings.ContainsAny(line, "\r\n") || len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("line %d has %d octets or a bare line end: %q", i, len(line), line)
		}
	}
	var inside []string
	whole := icalEvent{}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(body, "\r\n ", ""), "\r\n"), "\r\n") {
		m := icalLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no content line: %q", line)
		}
		name, value := m[1], m[2]
		switch name {
		case "BEGIN":
			if inside = append(inside, value); value == "VEVENT" {
				events = append(events, icalEvent{})
			}
			continue
		case "END":
			if len(inside) == 0 || inside[len(inside)-1] != value {
				t.Fatalf("%s ends within %v", value, inside)
			}
			inside = inside[:len(inside)-1]
			continue
		}
		if slices.Contains(icalTexts, name) {
			if strings.ContainsAny(icalEscape.ReplaceAllString(value, ""), `\,;`) {
				t.Errorf("not escaped: %q", line)
			}
			value = icalEscape.ReplaceAllStringFunc(value, func(e string) string { return strings.NewReplacer("n", "\n", "N", "\n").Replace(e[1:]) })
		}
		into := whole
		if slices.Equal(inside, []string{"VCALENDAR", "VEVENT"}) {
			into = events[len(events)-1]
		}
		if _, twice := into[name]; twice {
			t.Errorf("%s stands twice", name)
		}
		into[name] = value
	}
	if len(inside) != 0 || whole["VERSION"] != "2.0" || whole["PRODID"] == "" {
		t.Errorf("the calendar is %v within %v", whole, inside)
	}
	for _, e := range events {
		if e["UID"] == "" || !regexp.MustCompile(`^\d{8}T\d{6}Z$`).MatchString(e["DTSTAMP"]) || !regexp.MustCompile(`^\d+$`).MatchString(e["SEQUENCE"]) || e["STATUS"] == "" {
			t.Errorf("an event lacks something: %v", e)
		}
	}
	return events
}

// subscribed makes the address of somebody's calendar with the form of their account.
func (o *office) subscribed(cookie, csrf string) string {
	o.t.Helper()
	r := o.submit(cookie, "/account/calendar", url.Values{"csrf": {csrf}})
	m := regexp.MustCompile(`<code class="once" id="calendar">http://127\.0\.0\.1(/calendar/[A-Za-z0-9_-]{43}\.ics)</code>`).FindStringSubmatch(r.body)
	if r.status != http.StatusOK || m == nil || r.header.Get("Cache-Control") != "no-store" || !strings.Contains(r.body, `href="webcal://127.0.0.1`+m[1]+`"`) {
		o.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	return m[1]
}

// busy plans visits of the administrator and of another over the beginning of summer time, calls one off, and leaves a follow-up
// open, one done and one without a day.
func (o *office) busy(cookie, csrf, long string) {
	o.t.Helper()
	plan := func(purpose, day, start, minutes, who string) string {
		form := errand(csrf)
		for name, value := range map[string]string{"purpose": purpose, "day": day, "start": start, "minutes": minutes, "place": "Room 4; left, \\ then right"} {
			form.Set(name, value)
		}
		form["associate"] = []string{who, "Jan Novak"}
		return o.visited(cookie, form)
	}
	plan("Winter", "2026-03-27", "09:30", "90", "Admin@Example.org") // the last Friday of winter time
	plan(long, "2026-03-30", "09:30", "", "admin@example.org")
	plan("All day", "2026-04-01", "", "", "admin@example.org")
	off := plan("Off", "2026-04-02", "10:00", "30", "admin@example.org")
	plan("Of another", "2026-04-03", "10:00", "30", "jan@example.org")
	if r := o.submit(cookie, off+"/call-off", url.Values{"csrf": {csrf}, "version": {"1"}, "reason": {"Secret reason"}}); r.status != http.StatusSeeOther {
		o.t.Fatalf("status %d", r.status)
	}
	done := url.Values{"csrf": {csrf}, "state": {"done"}, "department": {"2"}, "day": {"2026-03-01"}, "associate": {"Jan"}, "heard": {"Secret words"}, "helped": {"Secret help"},
		"followup": {"Send, it", "Done already", "Whenever"}, "owner": {"admin@example.org", "admin@example.org", "admin@example.org"}, "due": {"2026-03-06", "2026-03-07", ""}, "number": {"0", "0", "0"}}
	o.submit(cookie, o.visited(cookie, done)+"/followups/2", url.Values{"csrf": {csrf}, "done": {"yes"}})
}

func TestACalendarHoldsWhatItsOwnerHasBeforeThemAndNothingThatWasHeard(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		cookie, csrf := o.member(accounts.Admin)
		if r := o.submit(cookie, "/settings/organisation", url.Values{"csrf": {csrf}, "time_zone": {"Europe/Berlin"}}); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		o.clock.add(freshness)
		long := "Umlaute äöü, commas; semicolons; a \\ and " + strings.Repeat("many wörds 🎫 ", 30) + "\nBEGIN:VALARM"
		o.busy(cookie, csrf, long)
		address := o.subscribed(cookie, csrf)
		r := o.get(address)
		if r.status != http.StatusOK || r.header.Get("Content-Type") != "text/calendar; charset=utf-8" || r.header.Get("Cache-Control") != "private, no-cache" || !strings.Contains(r.header.Get("Content-Disposition"), `filename="visits.ics"`) {
			t.Fatalf("status %d, %v", r.status, r.header)
		}
		if strings.Contains(r.body, "Secret") {
			t.Error("what was heard leaves the house")
		}
		events := readCalendar(t, r.body)
		if len(events) != 5 {
			t.Errorf("%d events", len(events))
		}
		at := map[string]icalEvent{}
		for _, e := range events {
			day := ""
			for name, value := range e {
				if strings.HasPrefix(name, "DTSTART") {
					day = value[:8]
				}
			}
			at[day] = e
		}
		for day, want := range map[string]icalEvent{
			"20260327": {"DTSTART": "20260327T083000Z", "DTEND": "20260327T100000Z", "SUMMARY": "Visit: Finance", "STATUS": "CONFIRMED", "SEQUENCE": "0", "LOCATION": "Room 4; left, \\ then right", "URL": "http://127.0.0.1/visits/1"},
			"20260330": {"DTSTART": "20260330T073000Z", "DTEND": "20260330T083000Z", "DESCRIPTION": long + "\nWith admin@example.org and Jan Novak\nhttp://127.0.0.1/visits/2"},
			"20260401": {"DTSTART;VALUE=DATE": "20260401", "DTEND;VALUE=DATE": "20260402", "TRANSP": "TRANSPARENT"},
			"20260402": {"DTSTART": "20260402T080000Z", "DTEND": "20260402T083000Z", "STATUS": "CANCELLED", "SEQUENCE": "1"},
			"20260306": {"DTSTART;VALUE=DATE": "20260306", "DTEND;VALUE=DATE": "20260307", "SUMMARY": "Due: Send, it (Legal & Tax <b>)"},
		} {
			for name, value := range want {
				if got := at[day][name]; got != value {
					t.Errorf("on %s %s is\n%q, want\n%q", day, name, got, value)
				}
			}
		}

		again := o.get(address, "If-None-Match", r.header.Get("ETag"))
		if again.status != http.StatusNotModified || again.body != "" || o.get(strings.TrimSuffix(address, ".ics")).body != r.body {
			t.Errorf("asked again: status %d", again.status)
		}
		form := errand(csrf)
		form.Set("version", "1")
		form.Set("day", "2026-03-26")
		form["associate"] = []string{"admin@example.org"}
		if r := o.submit(cookie, "/visits/1/edit", form); r.status != http.StatusSeeOther {
			t.Fatalf("status %d", r.status)
		}
		moved := o.get(address, "If-None-Match", r.header.Get("ETag"))
		for _, e := range readCalendar(t, moved.body) {
			if e["UID"] == at["20260327"]["UID"] && (e["DTSTART"] != "20260326T083000Z" || e["SEQUENCE"] != "1") {
				t.Errorf("moved: %v", e)
			}
		}
		if strings.Contains(o.log.String(), strings.TrimSuffix(strings.TrimPrefix(address, "/calendar/"), ".ics")) {
			t.Error("the log holds the token")
		}
	})
}

func TestACalendarIsFoundByItsAddressOnly(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Analyst, 1)
	author, token := o.member(accounts.Author)
	for _, department := range []string{"1", "2"} {
		form := errand(token)
		form.Set("department", department)
		form["associate"] = []string{"analyst@example.org"}
		o.visited(author, form)
	}
	first := o.subscribed(cookie, csrf)
	if events := readCalendar(t, o.get(first).body); len(events) != 1 || events[0]["SUMMARY"] != "Visit: Finance" {
		t.Errorf("somebody limited to Finance reads %v", events)
	}
	o.submit(cookie, "/account/language", url.Values{"csrf": {csrf}, "language": {"de"}})
	second := o.subscribed(cookie, csrf)
	if events := readCalendar(t, o.get(second).body); events[0]["SUMMARY"] != "Besuch: Finance" {
		t.Errorf("in German: %v", events)
	}
	holds(t, "the account", o.as(cookie, "/account").body, "Ihr Kalender hat eine Adresse seit", "Adresse entfernen")
	if r := o.submit(cookie, "/account/calendar", url.Values{"csrf": {csrf}, "end": {"yes"}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	third := o.subscribed(cookie, csrf)
	gone := o.get(first)
	for _, path := range []string{first, second, "/calendar/x", "/calendar/x.ics", third + "x"} {
		if r := o.get(path); r.status != http.StatusNotFound || r.body != gone.body {
			t.Errorf("%s: status %d, or not the same as the others", path, r.status)
		}
	}
	for range 30 {
		o.get("/calendar/guess")
	}
	if r := o.get(third); r.status != http.StatusNotFound || r.body != gone.body {
		t.Errorf("found from where somebody guesses: status %d", r.status)
	}
	o.clock.add(15 * time.Minute)
	if r := o.get(third); r.status != http.StatusOK {
		t.Errorf("later: status %d", r.status)
	}
	if got := strings.Join(o.rows("SELECT action FROM audit_log WHERE action LIKE 'calendar.%' ORDER BY id"), " "); got != "calendar.make calendar.make calendar.end calendar.make" {
		t.Errorf("the log says %q", got)
	}
}
