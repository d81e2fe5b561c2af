// Package champions keeps who has agreed, by name, to carry the word between their department and IT: how they agreed,
// what they were told, what they reported back, and, of those who withdrew, nothing but that.
//
// Nothing here knows of surveys, waves, invitations or answers, and there is no time of day: whoever volunteers after
// answering cannot be found among the answers.
package champions

import (
	"cmp"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// ID identifies a champion within one installation.
type ID int64

// SilentDays is how many days may pass without contact before a champion stands out.
const SilentDays = 90

// KeptUnconfirmed is how many days somebody who volunteered and never confirmed is kept.
const KeptUnconfirmed = 14

// Consent is how somebody agreed. What was agreed to is kept word by word.
type Consent struct {
	By      string      // the member of IT who recorded it; "" where it was given through the link mailed to the champion
	On      surveys.Day // "" while it is not given yet
	How     string      // "in the meeting of 3 March"; "" where given through the link
	Wording string
}

// Own reports whether it was given by the champion through the link.
func (c Consent) Own() bool { return c.By == "" }

// Champion is one person who carries the word. Of one who has withdrawn, only department and day are left.
type Champion struct {
	ID          ID
	Version     int // goes up with each save, from 1
	Department  surveys.DepartmentID
	Name        string
	Email       string
	Topics      []string
	Language    string // in which mails are written
	Added       surveys.Day
	Confirmed   bool        // agreed; until then a volunteer only
	Since       surveys.Day // "" until confirmed
	LastContact surveys.Day // "" for none yet
	Consent     Consent
	Withdrawn   surveys.Day // "" for one who has not

	mailed surveys.Day // when a link was last mailed
	sealed string      // the token, sealed
}

// Active reports whether somebody is a champion: has agreed and not withdrawn.
func (c *Champion) Active() bool { return c.Confirmed && c.Withdrawn == "" }

// Waiting reports whether somebody has volunteered and not confirmed it yet.
func (c *Champion) Waiting() bool { return !c.Confirmed && c.Withdrawn == "" }

// Silent reports whether nobody has been in contact for SilentDays, counted from the day somebody became one.
func (c *Champion) Silent(today surveys.Day) bool {
	return c.Active() && max(c.LastContact, c.Since) <= today.Plus(-SilentDays)
}

// Report is what a champion told IT. It goes with them when they withdraw.
type Report struct {
	Champion ID
	Change   changes.ID // 0 where it is about no particular one
	Day      surveys.Day
	Text     string
}

// Letter says that a champion was told of a change at a stage.
type Letter struct {
	Champion ID
	Change   changes.ID
	Stage    changes.Stage
	On       surveys.Day
	By       string
}

// Board is what stands to be seen about champions.
type Board struct {
	Rows    []Row                // a department each, in the order given; then archived ones that still have somebody
	With    int                  // departments with at least one champion, of those given
	Without []surveys.Department // of those given
	Waiting []Champion           // volunteered and not confirmed yet
	Gone    int                  // have withdrawn
	Silent  int                  // champions without contact for SilentDays
}

// Row is one department on the board.
type Row struct {
	Department surveys.Department
	Champions  []Champion // by name
}

// NewBoard sums up champions by department, archived departments only where they have one. Those of departments that are
// not given are left out.
func NewBoard(list []Champion, departments []surveys.Department, today surveys.Day) Board {
	var b Board
	rows := map[surveys.DepartmentID]*Row{}
	for _, d := range departments {
		rows[d.ID] = &Row{Department: d}
	}
	for _, c := range list {
		row := rows[c.Department]
		switch {
		case row == nil:
		case c.Active():
			row.Champions = append(row.Champions, c)
			if c.Silent(today) {
				b.Silent++
			}
		case c.Waiting():
			b.Waiting = append(b.Waiting, c)
		default:
			b.Gone++
		}
	}
	for _, archived := range []bool{false, true} {
		for _, d := range departments {
			row := rows[d.ID]
			switch {
			case d.Archived != archived || archived && len(row.Champions) == 0:
				continue
			case len(row.Champions) > 0 && !archived:
				b.With++
			case !archived:
				b.Without = append(b.Without, d)
			}
			slices.SortFunc(row.Champions, func(x, y Champion) int { return cmp.Or(strings.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
			b.Rows = append(b.Rows, *row)
		}
	}
	return b
}

// Concerned lists the active champions of departments that a change concerns, in the order given.
func Concerned(list []Champion, change *changes.Change) []Champion {
	var found []Champion
	for _, c := range list {
		if c.Active() && change.Concerns(c.Department) {
			found = append(found, c)
		}
	}
	return found
}

// Early reports whether champions hear of a change at a stage: from the day it is proposed until it has ended.
func Early(stage changes.Stage) bool { return stage != changes.Idea && !stage.Ended() }
