package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/visits"
)

func minutesText(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func typedDay(text string) surveys.Day { return surveys.Day(strings.TrimSpace(tidy(text))) }

// typedVisit reads the form over a visit. What the form has no field for stays as it is.
func typedVisit(form surveys.Form, v visits.Visit) visits.Visit {
	if v.ID != 0 {
		v.Version = versionOf(form)
	}
	set := func(name string, field *string) {
		if _, there := form[name]; there {
			*field = tidy(form.First(name))
		}
	}
	for name, field := range map[string]*string{"place": &v.Place, "purpose": &v.Purpose, "reason": &v.Reason, "heard": &v.Heard, "helped": &v.Helped, "start": &v.Start} {
		set(name, field)
	}
	if _, there := form["day"]; there {
		v.Day = typedDay(form.First("day"))
	}
	if id, err := strconv.ParseInt(form.First("department"), 10, 64); err == nil {
		v.Department = surveys.DepartmentID(id)
	}
	if _, there := form["change"]; there {
		id, err := strconv.ParseInt(form.First("change"), 10, 64)
		if v.Change = changes.ID(id); err != nil {
			v.Change = 0
		}
	}
	if text, there := form["minutes"]; there {
		v.Minutes = 0
		if typed := strings.TrimSpace(text[0]); typed != "" {
			n, err := strconv.Atoi(typed)
			if v.Minutes = n; err != nil {
				v.Minutes = -1 // a fault
			}
		}
	}
	if names, there := form["associate"]; there {
		v.Associates = nil
		for _, name := range names {
			if name = strings.TrimSpace(tidy(name)); name != "" {
				v.Associates = append(v.Associates, name)
			}
		}
	}
	if _, there := form["followup"]; there {
		v.FollowUps = typedFollowUps(form)
	}
	return v
}

// typedFollowUps reads the lines of follow-ups that say something.
func typedFollowUps(form surveys.Form) (list []visits.FollowUp) {
	at := func(name string, i int) string {
		if values := form[name]; i < len(values) {
			return strings.TrimSpace(tidy(values[i]))
		}
		return ""
	}
	for i := range form["followup"] {
		f := visits.FollowUp{Text: at("followup", i), Owner: at("owner", i), Due: surveys.Day(at("due", i))}
		if n, err := strconv.Atoi(at("number", i)); err == nil {
			f.Number = n
		}
		if !f.Empty() {
			list = append(list, f)
		}
	}
	return list
}

func (s *Server) changeTitles(c *fiber.Ctx) (map[changes.ID]string, error) {
	list, err := s.changesFor(c.UserContext(), current(c).User)
	titles, spoken := map[changes.ID]string{}, s.frame(c, "", "").Spoken
	for _, change := range list {
		titles[change.ID] = titleOf(&change, spoken)
	}
	return titles, err
}

// visitTheirs lists what differs between what is typed and what is stored.
func (p *phrases) visitTheirs(typed, stored *visits.Visit, names map[surveys.DepartmentID]string, titles map[changes.ID]string) *theirs {
	at, err := p.Moment(stored.Saved.At)
	if err != nil && p.err == nil {
		p.err = err
	}
	t := &theirs{Lead: p.say("change_theirs", "Who", stored.Saved.By, "When", at)}
	add := func(key, mine, other string) {
		if strings.TrimSpace(mine) != strings.TrimSpace(other) {
			t.Pairs = append(t.Pairs, theirPair{p.say(key), other})
		}
	}
	add("visit_state", p.visitState(typed.State), p.visitState(stored.State))
	add("visit_department", names[typed.Department], names[stored.Department])
	add("visit_day", string(typed.Day), string(stored.Day))
	add("visit_start", typed.Start, stored.Start)
	add("visit_minutes", minutesText(typed.Minutes), minutesText(stored.Minutes))
	add("visit_place", typed.Place, stored.Place)
	add("visit_associates", strings.Join(typed.Associates, "\n"), strings.Join(stored.Associates, "\n"))
	add("visit_purpose", typed.Purpose, stored.Purpose)
	add("visit_reason", typed.Reason, stored.Reason)
	add("visit_heard", typed.Heard, stored.Heard)
	add("visit_helped", typed.Helped, stored.Helped)
	add("visit_change", titles[typed.Change], titles[stored.Change])
	add("visit_followups", followUpLines(typed.FollowUps), followUpLines(stored.FollowUps))
	return t
}

func (p *phrases) visitState(state visits.State) string {
	return p.say("visit_state_" + wordKey(string(state)))
}

func followUpLines(list []visits.FollowUp) string {
	lines := make([]string, len(list))
	for i, f := range list {
		lines[i] = strings.Join(strings.Fields(f.Text+" "+f.Owner+" "+string(f.Due)), " ")
	}
	return strings.Join(lines, "\n")
}

// visitFaults gives the sentences for what is wrong, by field; ok is false for an error that is not about one.
func (p *phrases) visitFaults(err error) (map[string]string, bool) {
	return p.roomFaults("visit_fault_", err)
}
