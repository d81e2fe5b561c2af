package history

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys/imports"
	"soundings/surveys/store"
	"soundings/surveys/uploads"
)

// Field is what a column of the file feeds.
type Field string

// The fields of a file of earlier results. It has a mean or a share, or both.
const (
	Date            Field = "date"
	Department      Field = "department"
	Measure         Field = "measure"
	MeanValue             = Field(Mean)
	FavourableValue       = Field(Favourable)
	People          Field = "n"
)

// Fields lists the fields in the order in which they are asked for.
func Fields() []Field {
	return []Field{Date, Department, Measure, MeanValue, FavourableValue, People}
}

// Required tells the fields that every file has.
func (f Field) Required() bool { return f == Date || f == Department || f == Measure }

// Uploads is where files wait to be confirmed.
func Uploads() uploads.Shelf[Field, Outcome] { return uploads.Shelf[Field, Outcome]{Name: "history"} }

// Matching says which column feeds which field, by the column's place from 0.
type Matching map[Field]int

func (m Matching) column(f Field) int {
	if at, ok := m[f]; ok {
		return at
	}
	return -1
}

// Set lets a column feed a field, and no other.
func (m Matching) Set(f Field, column int) {
	maps.DeleteFunc(m, func(_ Field, at int) bool { return at == column })
	m[f] = column
}

// Missing lists the fields that no column feeds and that the file must have: the value stands for both of its fields.
func (m Matching) Missing() []Field {
	var missing []Field
	for _, f := range Fields() {
		if f.Required() && m.column(f) < 0 {
			missing = append(missing, f)
		}
	}
	if m.column(MeanValue) < 0 && m.column(FavourableValue) < 0 {
		missing = append(missing, FavourableValue)
	}
	return missing
}

// Guess matches columns by what stands above them; remembered outweighs the guess.
func Guess(headings []string, remembered map[string]Field) Matching {
	return uploads.Guess(headings, remembered, []uploads.Known[Field]{
		{Field: Date, Names: "date datum year jahr period zeitraum wave welle quarter quartal month monat when", Parts: []string{"date", "datum", "year", "jahr"}},
		{Field: Department, Names: `department departmentname abteilung bereich organisationseinheit departmentgroup unit orgunit businessunit team
			organisation organization`, Parts: []string{"department", "abteilung"}},
		{Field: Measure, Names: "measure messgröße kennzahl item construct konstrukt question frage indicator index", Parts: []string{"measure", "question", "frage"}},
		{Field: MeanValue, Names: "mean mittelwert average durchschnitt score wert value", Parts: []string{"mean", "mittelwert"}},
		{Field: FavourableValue, Names: `favourable favorable pctfavourable percentfavourable percentfavorable percentpositive positive zustimmung
			zustimmungprozent anteilzustimmung prozent percent share anteil`, Parts: []string{"favour", "favor", "positive", "zustimm"}},
		{Field: People, Names: "n responses respondents antworten befragte count anzahl base basis", Parts: []string{"respon", "antwort"}},
	})
}

// Why a line cannot be taken in.
const (
	BadDate       = "bad_date" // Value is what stands there
	NoName        = "no_department"
	NoMeasure     = "no_measure"
	LongName      = "long_name"
	BadValue      = "bad_value" // no number from 0 to 100
	BadPeople     = "bad_n"
	BrokenRow     = "broken_row"
	NearPeople    = "near_n" // Value is the n that is kept: the difference would be the answers of a few
	TooFew        = "too_few"
	Alike         = "alike" // the figure tells everybody's answer
	longestNumber = 32
)

// Line says something of a line of the file.
type Line struct {
	Line  int
	Why   string
	Value string
}

// place is what a value belongs to; two lines with the same are joined into their mean.
type place struct {
	measure string
	scale   Scale
	period  Period
	name    string
}

// gathered is the value of a place as far as it is read.
type gathered struct {
	Value
	line     int     // the first
	sum      float64 // of the lines' values
	weighted float64 // the same, by people
	unknown  bool    // a line does not know its people
}

// Entries is everything in a file.
type Entries struct {
	rows  int // with anything in them
	empty int // values that are left empty
	list  []*gathered
	at    map[place]*gathered
	bad   []Line
	small []Line
}

// Read takes in every row. It knows nothing of what is stored.
func Read(ctx context.Context, f *uploads.File, m Matching) (*Entries, error) {
	e := &Entries{at: map[place]*gathered{}}
	for rows := 1; ; rows++ {
		row, ok, err := f.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		e.take(row, m)
		if rows%1000 == 0 && ctx.Err() != nil {
			return nil, store.Translate("history: read", ctx.Err())
		}
	}
	for _, g := range e.list {
		g.Value.Value = g.sum / float64(g.Parts)
		if g.unknown {
			g.N = 0
		} else {
			g.Value.Value = g.weighted / float64(g.N)
		}
	}
	return e, nil
}

// take reads one row, with everything that is wrong with it.
func (e *Entries) take(row imports.Row, m Matching) {
	if row.Fault != "" {
		e.rows++
		e.refuse(row.Line, BrokenRow, "")
		return
	}
	if !slices.ContainsFunc(row.Cells, func(c string) bool { return imports.Folded(c) != "" }) {
		return
	}
	e.rows++
	before := len(e.bad)
	v := Value{Measure: row.Cell(m.column(Measure)), Name: row.Cell(m.column(Department)), Parts: 1}
	date := row.Cell(m.column(Date))
	ok := false
	if v.Period, ok = ParsePeriod(date); !ok {
		e.refuse(row.Line, BadDate, date)
	}
	e.checkName(row.Line, v.Name, NoName)
	e.checkName(row.Line, v.Measure, NoMeasure)
	if v.N, ok = headcount(row.Cell(m.column(People))); !ok {
		e.refuse(row.Line, BadPeople, row.Cell(m.column(People)))
	}
	for _, scale := range []Scale{Mean, Favourable} {
		field := Field(scale) // the fields of values are called like their scales
		if m.column(field) < 0 {
			continue
		}
		text := row.Cell(m.column(field))
		v.Scale = scale
		switch v.Value, ok = number(text); {
		case absent(text):
			e.empty++
		case !ok || v.Value < 0 || v.Value > 100:
			e.refuse(row.Line, BadValue, text)
		case len(e.bad) == before:
			e.add(row.Line, v)
		}
	}
}

func (e *Entries) checkName(line int, name, missing string) {
	switch {
	case name == "":
		e.refuse(line, missing, "")
	case utf8.RuneCountInString(name) > LongestName || utf8.RuneCountInString(Key(name)) > LongestName:
		e.refuse(line, LongName, "")
	}
}

func (e *Entries) refuse(line int, why, value string) { e.bad = append(e.bad, Line{line, why, value}) }

// add joins a value with what the file says of the same place already, unless it would tell what a few answered.
func (e *Entries) add(line int, v Value) {
	extreme := v.Value == 0 || v.Value == 100
	switch {
	case v.N > 0 && v.N < Minimum:
		e.small = append(e.small, Line{line, TooFew, v.Name})
		return
	case extreme && (v.Scale == Mean || v.N < oneSided):
		e.small = append(e.small, Line{line, Alike, v.Name})
		return
	}
	at := place{Key(v.Measure), v.Scale, v.Period, Key(v.Name)}
	g := e.at[at]
	if g == nil {
		g = &gathered{Value: v, line: line}
		g.N, g.Parts = 0, 0
		e.at[at], e.list = g, append(e.list, g)
	}
	g.Parts++
	g.N += v.N
	g.sum += v.Value
	g.weighted += v.Value * float64(v.N)
	g.unknown = g.unknown || v.N == 0
}

// absent tells texts that stand for no value.
func absent(text string) bool {
	return strings.Contains(" - – — * . .. … : n/a na k.a. ", " "+strings.ToLower(text)+" ") || text == ""
}

// number reads "27", "27.5", "27,5" and "27 %".
func number(text string) (float64, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(text, "%"))
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	if len(text) > longestNumber || strings.Trim(text, "-+.0123456789") != "" { // nothing such as "NaN" or "0x1p-2"
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return x, err == nil
}

func headcount(text string) (int, bool) {
	if absent(text) {
		return 0, true
	}
	n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "", "\u00a0", "", " ", "").Replace(text))
	return n, err == nil && n >= 1 && n < 1e9
}
