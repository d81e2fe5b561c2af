package web

import (
	"strings"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/milestones"
)

// stateWords are the words and the icon of a state.
func (p *phrases) stateWords(state milestones.State) stateWords {
	icons := map[milestones.State]string{milestones.NotBegun: "clipboard-list", milestones.Waiting: "clipboard-list", milestones.Ahead: "trending-up", milestones.OnTrack: "arrow-right",
		milestones.Behind: "trending-down", milestones.Met: "check", milestones.Missed: "x", milestones.Unclear: "info-circle", milestones.Unknown: "lock"}
	key := wordKey(string(state))
	return stateWords{strings.ReplaceAll(string(state), " ", "-"), icons[state], p.say("milestone_state_" + key), p.say("milestone_meaning_" + key)}
}

func (p *phrases) measureName(m milestones.Measure) string {
	return p.say("milestone_measure_" + string(m))
}

// milestoneName names a milestone by what it is of: "Visits, Finance".
func (p *phrases) milestoneName(m *milestones.Milestone, names map[surveys.DepartmentID]string) string {
	return p.say("milestone_name", "Measure", p.measureName(m.Measure), "Department", p.milestonePlace(m.Department, names))
}

func (p *phrases) milestonePlace(d surveys.DepartmentID, names map[surveys.DepartmentID]string) string {
	if d == 0 {
		return p.say("milestones_together")
	}
	return names[d]
}

// target writes a target with its unit.
func (p *phrases) target(m milestones.Measure, target int) string {
	switch m {
	case milestones.Response, milestones.Promises:
		return p.Percent(float64(target) / 100)
	}
	return p.Number(target)
}

// standing writes what a milestone has reached beside its target.
func (p *phrases) standing(s *analytics.Standing) string {
	target := p.target(s.Measure, s.Target)
	if s.Measure.Counted() {
		return p.say("milestone_count", "Number", p.Number(s.Count), "Target", target)
	}
	if reached := p.reached(s); reached != "" {
		return p.say("milestone_figure", "Reached", reached, "Target", target)
	}
	return p.say("milestone_target", "Target", target)
}

// reached writes the figure of a milestone that is no count, as other pages print it; "" where there is none.
func (p *phrases) reached(s *analytics.Standing) string {
	switch {
	case s.Measure == milestones.Promises:
		return p.share(s.Share)
	case s.Wave == nil:
		return ""
	case s.Measure == milestones.Response && s.Presence.Shown() && s.Presence.HasRate:
		return p.say("milestone_rate", "Rate", p.Percent(s.Presence.Rate), "Answered", p.Number(s.Presence.N), "Asked", p.Number(s.Presence.Asked))
	case s.Measure == milestones.Response:
		return p.say("trend_hidden")
	case s.Group.Shown():
		return p.pointedAt(s.Group)
	case s.Group.Coarse != nil:
		return p.row("", s.Group, false).Coarse
	}
	return p.say("trend_hidden")
}

// because says what the state of a milestone comes from.
func (p *phrases) because(s *analytics.Standing, today surveys.Day) string {
	gone, days := milestones.Gone(s.Quarter, today)
	switch {
	case s.State == milestones.NotBegun:
		return p.say("milestone_because_not_begun", "Date", p.date(s.Quarter.First().Time()))
	case s.Measure.Counted() && today <= s.Quarter.Last():
		return p.say("milestone_because_count", "Gone", p.Number(gone), "Days", p.Number(days), "Expected", p.Number(milestones.Expected(s.Target, s.Quarter, today)), "Target", p.Number(s.Target))
	case s.Measure.Counted():
		return p.say("milestone_because_over", "Date", p.date(s.Quarter.Last().Time()))
	case s.Measure == milestones.Promises && s.Share.Due() == 0:
		return p.say("milestone_because_nothing_due")
	case s.Measure == milestones.Promises:
		return p.count("milestone_because_share", s.Share.Waiting, "Kept", p.Number(s.Share.Kept), "Due", p.Number(s.Share.Due()))
	case s.Wave == nil:
		return p.say("milestone_because_no_wave")
	}
	text := p.say("milestone_because_wave", "Wave", s.Wave.Label)
	switch {
	case s.Measure == milestones.Openness && !s.Group.Shown():
		text += " " + p.row("", s.Group, false).Reason
	case s.Measure == milestones.Response && !s.Presence.Shown():
		text += " " + p.hidden(s.Presence.Reason)
	case s.Measure == milestones.Response && !s.Presence.HasRate:
		text += " " + p.say("milestone_because_no_rate")
	}
	return strings.Join(append([]string{text}, p.warnings(s.Presence)...), " ")
}
