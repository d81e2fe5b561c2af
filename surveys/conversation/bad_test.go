package conversation

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestAFileThatIsNoConversationIsRefusedWithItsPlace(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"nothing":             {"", "line 1: : the file ends too early"},
		"another file":        {`{"made": "2026-11-24", "files": []}`, `does not begin with "format"`},
		"a list":              {`[]`, `does not begin with "format"`},
		"cut off":             {written[:len(written)-40], "the file ends too early"},
		"a comma too many":    {strings.Replace(written, `"public": true,`, `"public": true,,`, 1), "line 8: : invalid character"},
		"two files in one":    {written + written, "invalid character '{' after top-level value"},
		"a later version":     {strings.Replace(written, `"version": 1,`, `"version": 2,`, 1), "version 2, and this program knows up to 1"},
		"no version":          {strings.Replace(written, `"version": 1,`, ``, 1), "version 0, which there has never been"},
		"a number as a title": {strings.Replace(written, `"title": "A new expense tool"`, `"title": 7`, 1), "line 5: : changes.title must not be a number"},
		"an unknown field":    {strings.Replace(written, `"public": true`, `"public": true, "hidden": 1`, 1), `unknown field "hidden"`},
		"bytes that are none": {strings.Replace(written, "One app.", "One \xff app.", 1), "bytes that are no text"},
		"deep as a well":      {`{"format": "soundings conversation", "version": 1, "changes": ` + strings.Repeat("[", 1_000_000), "exceeded max depth"},
	} {
		_, err := Read(strings.NewReader(c.source))
		if kind := surveys.KindOf(err); err == nil || kind != surveys.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// A hundred megabytes are not even read to their end.
	endless := &counting{strings.NewReader(strings.Repeat(" ", 100<<20)), 0}
	if _, err := Read(endless); surveys.KindOf(err) != surveys.TooLarge || endless.n > Largest+1<<20 {
		t.Errorf("%v after %d bytes", err, endless.n)
	}
}

type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// Every entry is judged by the rules of its room, every fault is named with its entry, and nothing of the file is stored.
func TestAnEntryThatItsRoomWouldRefuseKeepsTheFileOut(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	cases := []struct{ old, new, want string }{
		{`"title": "A new expense tool"`, `"title": " "`, `changes "expense-tool" title must not be empty`},
		{`"title": "A new expense tool"`, `"title": "a\u0000b"`, `changes "expense-tool" title holds bytes that are no text`},
		{`"why": "Receipts get **lost**."`, `"why": "` + long + `"`, `why has 20000 characters`},
		{`"name": "expense-tool"`, `"name": "<script>"`, `changes "<script>" name begins with a letter`},
		{`"url": "https://example.org/plan"`, `"url": "javascript:alert(1)"`, `links[0] must be an address that begins with https`},
		{`"go_live": "2026-06-01"`, `"go_live": "2026-02-30"`, `golive is no day of the calendar`},
		{`"go_live": "2026-06-01"`, `"go_live": "9999-12-31"`, `golive is more than 20 years ahead`},
		{`"stage": "asking", "on": "2026-02-05"`, `"stage": "asking", "on": "2026-01-01"`, `.on is before the stage that came before`},
		{`"stage": "asking", "on": "2026-02-05", "reason"`, `"stage": "asked", "on": "2026-02-05", "reason"`, `.stage is no stage of a change`},
		{`"stage": "asking", "on": "2026-02-05", "reason"`, `"stage": "asking", "on": "2026-12-24", "reason"`, `.on is still to come`},
		{`"de": {"title": "Spesen"`, `"en": {"title": "Spesen"`, `language has a translation already`},
		{`"de": {"title": "Spesen"`, `"no language\u001b": {"title": "Spesen"`, `translations.no language` + "\ufffd" + ` is not a language`},
		{`"departments": ["Finance", "Sales"]`, `"departments": []`, `choose at least one department`},
		{`"at": "2026-02-05T09:00:00.123456Z"`, `"at": "2046-02-05T09:00:00Z"`, `said.at is no time at which`},
		{`"version": 3`, `"version": -3`, `version must be how often`},
		{`"band": "Staff"`, `"band": "Chief"`, `pitches "expense-tool, Finance, Chief" band "Chief" is no band`},
		{`"text": "Fewer nights."`, `"text": ""`, `versions[0].text must not be empty`},
		{`"text": "No more envelopes."`, `"text": ""`, `second.text must not be empty`},
		{`"department": "Sales", "versions"`, `"department": "", "versions"`, `second is tried on a whole department`},
		{`"versions": [`, `"versions": [], "x": [`, `unknown field "x"`},
		{`"change": "expense-tool", "department": "Finance", "band"`, `"change": "other", "department": "Finance", "band"`, `there is no change "other", neither here nor in the file`},
		{`"name": "which-month"`, `"name": ""`, `decisions "" name must not be empty`},
		{`"change": "expense-tool", "kind"`, `"change": "", "kind"`, `decisions "which-month" change must not be empty`},
		{`"kind": "when"`, `"kind": "who"`, `kind is no kind of decision`},
		{`"id": "march", "from": "2026-03-01"`, `"id": "march", "from": "2026-04-01"`, `options[0] ends before it begins`},
		{`"id": "march", "from": "2026-03-01"`, `"id": "other", "from": "2026-03-01"`, `options[0] has an id that no option can have`},
		{`{"id": "march", "from": "2026-03-01", "until": "2026-03-31"}, `, ``, `there must be two or more to decide between`},
		{`"title": "Welcher Monat?"`, `"title": ""`, `translations.de.title must not be empty`},
		{`"option": "april", "reason"`, `"option": "may", "reason"`, `history[2].outcome is none of the options`},
		{`"department": "Finance", "option"`, `"department": "Sales", "option"`, `history[2].department does not decide this`},
		{`"state": "asked", "on": "2026-01-09"`, `"state": "asked", "on": "2026-01-01"`, `history[1].on is before what was said last`},
		{`"state": "withdrawn"`, `"state": "open"`, `history[3].state is no state that this decision can have next`},
		{`"quarter": "2026-Q1"`, `"quarter": "2026-Q7"`, `quarter is no quarter`},
		{`"quarter": "2026-Q1"`, `"quarter": "2036-Q1"`, `quarter is too far away`},
		{`"measure": "visits"`, `"measure": "cakes"`, `measure is nothing that is measured`},
		{`"target": 4`, `"target": 4000`, `history[1].target must be a whole number from 1 to`},
		{`"reason": "They asked."`, `"reason": ""`, `history[1].reason must not be empty`},
		{`"target": 3`, `"target": 0`, `history[0].target was withdrawn already, or never set`},
		{`"target": 0, "on": "2026-02-20"`, `"target": 0, "on": "2026-05-20"`, `history[2].on is of a quarter that is over`},
		{`"target": 0, "on": "2026-02-20"`, `"target": 0, "on": "2026-01-02"`, `history[2].on must be a day that has come`},
		{`"uid": "0123456789abcdef`, `"uid": "' OR 1=1 --`, `uid must be 32 hexadecimal digits`},
		{`"day": "2026-03-02", "start"`, `"day": "2027-03-02", "start"`, `day is still to come`},
		{`"day": "2026-03-02", "start"`, `"day": "2026-13-02", "start"`, `day is no day of the calendar`},
		{`"uid": "0123456789abcdef0123456789abcdef", "version": 2, "department": "Finance"`, `"uid": "0123456789abcdef0123456789abcdef", "version": 2, "department": ""`, `department must not be empty`},
		{`"associates": ["mira@example.org", "Jan"]`, `"associates": []`, `say who was there`},
		{`"done": "2026-03-10"`, `"done": "2030-03-10"`, `follow_ups[0].done is still to come`},
		{`"number": 2`, `"number": 0`, `follow_ups[0].number must be a number`},
		{`"title": "Photograph receipts"`, `"title": "Something else"`, `name must be "2026-01-03-`},
		{`"supporters": 7`, `"supporters": 1000000000`, `supporters must be a number up to`},
		{`"status": "adopted"`, `"status": "new"`, `replies[0].status is no status that a reply can give`},
		{`"merged_into": "2026-01-03-6443a8bf06"`, `"merged_into": "2026-01-04-52961e30c8"`, `merged_into must be another idea`},
		{`"ref": "2026-01-03-6443a8bf06"`, `"ref": "gone"`, `there is no idea "gone"`},
		{`"state": "kept", "on": "2026-04-01"`, `"state": "kept", "on": "2027-04-01"`, `.on is still to come`},
		{`"state": "kept", "on": "2026-04-01"`, `"state": "lost", "on": "2026-04-01"`, `.state is no state that this promise can have next`},
		{`"due": "2026-02-05"`, `"due": "2025-02-05"`, `.due lies in the past`},
		{`"email": "bo@example.org"`, `"email": "bo"`, `champions "bo" email is not an e-mail address`},
		{`"how": "In a visit"`, `"how": ""`, `consent_how must not be empty`},
		{`"stage": "asking", "on": "2026-02-05", "by"`, `"stage": "asked", "on": "2026-02-05", "by"`, `letters[0] must name a change and a stage`},
		{`"reports": [{"change": "expense-tool"`, `"reports": [{"change": "nothing"`, `there is no change "nothing"`},
		{`"withdrawn": "2026-05-01"`, `"withdrawn": "2027-05-01"`, `withdrawn is still to come`},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		installation(t, s)
		empty := gathered(t, s)
		for _, c := range cases {
			source := strings.Replace(written, c.old, c.new, 1)
			if source == written {
				t.Fatalf("%s does not stand in the file", c.old)
			}
			o, err := take(t.Context(), s, source, carry.Terms{})
			said := fmt.Sprint(err)
			if o != nil {
				said = strings.ReplaceAll(o.Faults().Error(), ": ", " ")
			}
			if err == nil || !strings.Contains(said, c.want) {
				t.Errorf("%.90s: %v; %s\nwant %q", c.new, err, said, c.want)
			}
		}
		if after := gathered(t, s); after != empty {
			t.Errorf("something is stored:\n%s", after)
		}
	})
}

func TestEveryFaultOfAFileIsToldAtOnce(t *testing.T) {
	s := storetest.SQLite(t)
	installation(t, s)
	source := strings.NewReplacer(`"title": "A new expense tool"`, `"title": ""`, `"state": "done"`, `"state": "over"`, `"signed": "Ann"`, `"signed": "Eve"`, `"email": "bo@example.org"`, `"email": "bo"`).Replace(written)
	o, err := take(t.Context(), s, source, carry.Terms{})
	if err == nil || len(o.Faults()) != 4 {
		t.Errorf("%v\n%v", err, o.Faults())
	}
	twice := strings.Replace(written, `"visits": [{`, `"visits": [{"uid": "0123456789abcdef0123456789abcdef", "version": 1, "department": "Sales", "day": "2026-03-02", "associates": ["Jan"], "state": "done", "saved": {"by": "", "at": "2026-03-02T15:00:00Z"}}, {`, 1)
	o, err = take(t.Context(), s, twice, carry.Terms{})
	if faults := o.Faults(); err == nil || len(faults) != 1 || faults[0].Detail != "stands in the file twice" {
		t.Errorf("%v\n%v", err, faults)
	}
}
