// Package history keeps earlier results that were measured elsewhere: aggregates of a department at a time, taken in from
// a CSV or XLSX file. They begin a trend and are never tested against anything, since nothing is known of how they spread.
//
// A name of the file is kept as it stands there; which department it means is looked up when it is read (a name that is
// joined by hand, else the department's own name), so that joining names, and undoing that, loses nothing.
package history

import (
	"cmp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/imports"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

const (
	// LongestName bounds a department's and a measure's name, in characters.
	LongestName = 200
	// Minimum is the fewest people an imported figure may stand for; see Small.
	Minimum = 5
	// oneSided is from how many people on a share of 0 or 100 % no longer tells what somebody answered.
	oneSided = 10
)

// Scale is what a value is on.
type Scale string

// The scales: a mean of item scores from 0 to 100, and the share of favourable answers in percent.
const (
	Mean       Scale = "mean"
	Favourable Scale = "favourable"
)

// Value is one earlier result.
type Value struct {
	Measure string // as the file names it
	Scale   Scale
	Period  Period
	Name    string // of a department, as the file names it
	Value   float64
	N       int // people; 0: not known
	Parts   int // lines of the file that it is the mean of
}

type valueRow struct {
	MeasureKey string `gorm:"primaryKey"`
	Scale      Scale  `gorm:"primaryKey"`
	Period     Period `gorm:"primaryKey"`
	NameKey    string `gorm:"primaryKey"`
	Measure    string
	Name       string
	Value      float64
	N          int
	Parts      int
}

func (valueRow) TableName() string { return "history_values" }

func (r valueRow) value() Value {
	return Value{r.Measure, r.Scale, r.Period, r.Name, r.Value, r.N, r.Parts}
}

// Key is how names of files are compared: without regard to case, space around them and Unicode form.
func Key(name string) string { return imports.Folded(name) }

// Values lists what is kept of a measure on a scale, by period and name.
func Values(db *gorm.DB, measure string, scale Scale) ([]Value, error) {
	var rows []valueRow
	if err := db.Where("measure_key = ? AND scale = ?", Key(measure), scale).Order("period, name_key").Find(&rows).Error; err != nil {
		return nil, store.Translate("history: values", err)
	}
	list := make([]Value, len(rows))
	for i, r := range rows {
		list[i] = r.value()
	}
	return list, nil
}

// Kept is a measure of which something is kept.
type Kept struct {
	Measure string
	Scale   Scale
	Values  int
	First   Period
	Last    Period
}

// Measures lists what is kept, by name; a measure that is kept on two scales is there twice.
func Measures(db *gorm.DB) ([]Kept, error) {
	var rows []struct {
		Measure string
		Scale   Scale
		Period  Period
		Num     int
	}
	err := db.Model(&valueRow{}).Select("MIN(measure) AS measure, scale, period, COUNT(*) AS num").Group("measure_key, scale, period").Order("measure_key, scale DESC").Find(&rows).Error
	if err != nil {
		return nil, store.Translate("history: measures", err)
	}
	var list []Kept
	for _, r := range rows {
		at := slices.IndexFunc(list, func(k Kept) bool { return Key(k.Measure) == Key(r.Measure) && k.Scale == r.Scale })
		if at < 0 {
			list = append(list, Kept{r.Measure, r.Scale, r.Num, r.Period, r.Period})
			continue
		}
		k := &list[at]
		k.Values += r.Num
		if r.Period.Start().Before(k.First.Start()) {
			k.First = r.Period
		}
		if r.Period.Start().After(k.Last.Start()) {
			k.Last = r.Period
		}
	}
	return list, nil
}

// Names lists the names that anything is kept of, in their order.
func Names(db *gorm.DB) ([]string, error) {
	var names []string
	err := db.Model(&valueRow{}).Select("MIN(name)").Group("name_key").Order("name_key").Pluck("MIN(name)", &names).Error
	return names, store.Translate("history: names", err)
}

// Remove lets go of all that is kept of a measure.
func Remove(tx *gorm.DB, measure string) error {
	done := tx.Where("measure_key = ?", Key(measure)).Delete(&valueRow{})
	if done.Error == nil && done.RowsAffected == 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "history: remove", Message: "there is no such measure"}
	}
	return store.Translate("history: remove", done.Error)
}

// Meaning tells what a name of a file means.
type Meaning struct {
	Department surveys.DepartmentID // 0: none that is known
	Everybody  bool                 // the organisation as a whole
	Joined     bool                 // somebody said so
}

// Meanings are those of all names.
type Meanings struct {
	joined map[string]surveys.DepartmentID
	named  map[string]surveys.DepartmentID
	names  []string
}

// Everybody is a name of the organisation as a whole.
const Everybody = "organisation"

// everybody are names of the organisation as a whole that need no joining.
const everybody = " all total overall everyone everybody organisation organization company gesamt insgesamt alle unternehmen "

// ReadMeanings reads what names mean.
func ReadMeanings(db *gorm.DB) (*Meanings, error) {
	joins, err := JoinedNames(db)
	if err != nil {
		return nil, err
	}
	departments, err := people.DepartmentsIn(db)
	if err != nil {
		return nil, err
	}
	m := &Meanings{map[string]surveys.DepartmentID{}, map[string]surveys.DepartmentID{}, nil}
	for _, d := range departments {
		if _, twice := m.named[Key(d.Name)]; twice {
			m.named[Key(d.Name)] = 0 // which one is meant, somebody has to say
			continue
		}
		m.named[Key(d.Name)] = d.ID
		m.names = append(m.names, d.Name)
	}
	for _, j := range joins {
		m.joined[Key(j.Name)] = j.Department
	}
	return m, nil
}

// Of is what a name means.
func (m *Meanings) Of(name string) Meaning {
	key := Key(name)
	if d, ok := m.joined[key]; ok {
		return Meaning{d, d == 0, true}
	}
	if d := m.named[key]; d != 0 {
		return Meaning{Department: d}
	}
	return Meaning{Everybody: strings.Contains(everybody, " "+key+" ")}
}

// Known reports whether a name means anything.
func (m Meaning) Known() bool { return m.Department != 0 || m.Everybody }

// sortByPeriod puts the earliest first; of two that begin on the same day, the shorter name.
func sortByPeriod(list []Period) {
	slices.SortFunc(list, func(a, b Period) int { return cmp.Or(a.Start().Compare(b.Start()), cmp.Compare(a, b)) })
}

// Periods lists those of some values, each once, the earliest first.
func Periods(values []Value) []Period {
	var list []Period
	for _, v := range values {
		if !slices.Contains(list, v.Period) {
			list = append(list, v.Period)
		}
	}
	sortByPeriod(list)
	return list
}
