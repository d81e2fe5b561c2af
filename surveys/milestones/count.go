package milestones

import (
	"slices"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/ideas"
	"soundings/surveys/visits"
)

// concerns reports whether something of a department counts for a milestone of another, or of all together.
func concerns(milestone, of surveys.DepartmentID) bool { return milestone == 0 || milestone == of }

// VisitsDone counts the visits made to a department in a quarter; 0 stands for all.
func VisitsDone(list []visits.Visit, q visits.Quarter, d surveys.DepartmentID) (n int) {
	for _, v := range list {
		if v.State == visits.Done && q.Holds(v.Day) && concerns(d, v.Department) {
			n++
		}
	}
	return n
}

// IdeasAdopted counts the ideas of a department that were adopted in a quarter, or done at once, and are still. One that
// was merged into another counts as that one.
func IdeasAdopted(list []ideas.Idea, q visits.Quarter, d surveys.DepartmentID) (n int) {
	taken := func(s ideas.Status) bool { return s == ideas.Adopted || s == ideas.Done }
	for i := range list {
		one := &list[i]
		if one.MergedInto != 0 || one.Place == ideas.Hidden || !taken(one.Status()) || !concerns(d, one.Department) {
			continue
		}
		first := slices.IndexFunc(one.Replies, func(r ideas.Reply) bool { return taken(r.Status) })
		if q.Holds(one.Replies[first].On) {
			n++
		}
	}
	return n
}

// ChampionsPresent counts the champions of a department today, or, of a quarter that is over, at its end. Of one who has
// withdrawn nobody knows any more since when they were one, so they count for no quarter.
func ChampionsPresent(list []champions.Champion, q visits.Quarter, d surveys.DepartmentID, today surveys.Day) (n int) {
	for i := range list {
		if c := &list[i]; c.Active() && c.Since <= min(today, q.Last()) && concerns(d, c.Department) {
			n++
		}
	}
	return n
}
