package web

import (
	"strings"

	"soundings/analytics"
	"soundings/analytics/chart"
)

// alikeRows are departments of which the same is said.
type alikeRows struct {
	Reason string
	Names  string
}

// alikes gathers what is said of departments: each sentence once, with those it is said of.
type alikes struct {
	order []string
	names map[string][]string
}

func (a *alikes) say(name string, reasons ...string) {
	if a.names == nil {
		a.names = map[string][]string{}
	}
	for _, reason := range reasons {
		if a.names[reason] == nil {
			a.order = append(a.order, reason)
		}
		a.names[reason] = append(a.names[reason], name)
	}
}

func (a *alikes) rows() (list []alikeRows) {
	for _, reason := range a.order {
		list = append(list, alikeRows{reason, strings.Join(a.names[reason], ", ")})
	}
	return list
}

// warnings are what to bear in mind about who answered. They stand wherever a figure of the department stands; nothing is
// said of who took part where that is hidden.
func (p *phrases) warnings(taken analytics.Presence) (list []string) {
	if taken.Few {
		list = append(list, p.say("results_warn_few"))
	}
	if s := taken.Skew; s != nil {
		key := "results_warn_more"
		if s.Answered < s.Asked {
			key = "results_warn_less"
		}
		list = append(list, p.say(key, "Band", s.Band.Name, "Answered", p.Percent(s.Answered/100), "Asked", p.Percent(s.Asked/100)))
	}
	if taken.Asked > 0 && taken.N > taken.Asked {
		list = append(list, p.say("results_warn_more_than_people"))
	}
	return list
}

// warningsAt are those of a point of a line, which stand beside its figure; none where there is no figure.
func (p *phrases) warningsAt(line *analytics.Series, wave int) []string {
	if wave >= len(line.Taken) || !line.Points[wave].Shown() && line.Points[wave].Coarse == nil {
		return nil
	}
	return p.warnings(line.Taken[wave])
}

// doubted is a name in a chart, marked where its figure carries a warning.
func doubted(name string, warns bool) string {
	if warns {
		return name + chart.Doubt
	}
	return name
}
