package ideas

import (
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/languages"
	"soundings/surveys/people"
)

// Limits in characters.
const (
	LongestTitle  = 120
	LongestText   = 4000
	LongestName   = 100
	LongestReply  = 2000
	LongestReason = 500
)

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultSmall      = "small" // an anonymous idea would tell who wrote it
	FaultSelf       = "self"  // merged into itself, or into one that is no idea by itself
)

// Offer is a department that people can say an idea comes from.
type Offer struct {
	surveys.Department
	// Unsigned is where an anonymous idea of the department is kept: there, under the group that it is pooled into, or, 0,
	// without a department.
	Unsigned surveys.DepartmentID
}

// Offers lists the departments by name, without those that are archived. An anonymous idea from so few people that it could
// tell who wrote it is kept under their group or without them; a headcount that is not known is taken for enough.
func Offers(all []surveys.Department) []Offer {
	few := map[surveys.DepartmentID]bool{}
	for _, d := range people.OfferedOf(all) {
		few[d.ID] = d.Headcount > 0 && d.Headcount < surveys.DefaultMinimum
	}
	pools := people.PoolsOf(all)
	var list []Offer
	for _, d := range all {
		if d.Archived {
			continue
		}
		o := Offer{d, pools.Of(d.ID)}
		if few[o.Unsigned] {
			o.Unsigned = 0
		}
		list = append(list, o)
	}
	return list
}

// keptUnder is the department that an idea is stored with; ok is false for one that is not offered.
func keptUnder(offers []Offer, chosen surveys.DepartmentID, signed bool) (kept surveys.DepartmentID, ok bool) {
	at := slices.IndexFunc(offers, func(o Offer) bool { return o.ID == chosen })
	switch {
	case chosen == 0:
		return 0, true
	case at < 0:
		return 0, false
	case signed:
		return chosen, true
	}
	return offers[at].Unsigned, true
}

// Suggestion is an idea as somebody typed it.
type Suggestion struct {
	Title, Text string
	Language    string
	Department  surveys.DepartmentID // as chosen; 0 for none
	Signed      string
}

func (s *Suggestion) tidy() {
	s.Title, s.Text = strings.Join(strings.Fields(s.Title), " "), strings.TrimSpace(s.Text)
	s.Signed = strings.Join(strings.Fields(s.Signed), " ")
}

func (s *Suggestion) faults() surveys.Faults {
	faults := surveys.TextFaults("title", s.Title, LongestTitle, true)
	faults = append(faults, surveys.TextFaults("text", s.Text, LongestText, false)...)
	faults = append(faults, surveys.TextFaults("name", s.Signed, LongestName, false)...)
	return append(faults, languages.Faults("language", s.Language)...)
}

func (r *Reply) faults() surveys.Faults {
	var faults surveys.Faults
	if r.Status == New || !slices.Contains(Statuses(), r.Status) {
		faults = append(faults, surveys.NewFault("status", FaultUnknown, "is no status that a reply can give"))
	}
	return append(faults, surveys.TextFaults("reply", r.Text, LongestReply, true)...)
}
