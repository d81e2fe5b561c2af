package pitches

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// FaultAlike is the second text of a trial that is the first once more.
const FaultAlike = "alike"

// Trial is two texts of a department's pitch that a wave tries on its people: chance gives each of them one. Which texts is
// settled when the wave opens, and the trial ends with the wave.
type Trial struct {
	Wave       surveys.WaveID
	Department surveys.DepartmentID
	Change     changes.ID
	A, B       Pitch // as they were read, whatever was written since
}

// Of is the text that somebody of a variant reads; the first for those of none.
func (t *Trial) Of(v surveys.Variant) *Pitch {
	if v == surveys.VariantB {
		return &t.B
	}
	return &t.A
}

type trialRow struct {
	WaveID       surveys.WaveID       `gorm:"primaryKey;autoIncrement:false"`
	DepartmentID surveys.DepartmentID `gorm:"primaryKey;autoIncrement:false"`
	ChangeID     changes.ID
	VersionA     int
	VersionB     int
}

func (trialRow) TableName() string { return "pitch_trials" }

// Planned returns the second texts of a change that wait for its next wave, by department.
func Planned(ctx context.Context, s *store.Store, change changes.ID) (Book, error) {
	return plannedIn(s.Read(ctx), change)
}

func plannedIn(db *gorm.DB, change changes.ID) (Book, error) {
	return waiting(db.Table(seconds).Where("change_id = ?", change), db.Where("change_id = ?", change))
}

// waiting is the newest of some second texts that none of some trials has tried.
func waiting(texts, trials *gorm.DB) (Book, error) {
	all, err := read(texts)
	if err != nil {
		return nil, err
	}
	used, err := trialRows(trials)
	return slices.DeleteFunc(newest(all), func(p Pitch) bool {
		return slices.ContainsFunc(used, func(t trialRow) bool {
			return t.ChangeID == p.Change && t.DepartmentID == p.Department && t.VersionB == p.Version
		})
	}), err
}

// SecondVersion is the version of the newest second text of a department, whatever became of it; 0 where there was none.
func SecondVersion(ctx context.Context, s *store.Store, change changes.ID, department surveys.DepartmentID) (version int, err error) {
	err = at(s.Read(ctx).Table(seconds), change, Place{Department: department}).Select("COALESCE(MAX(version), 0)").Scan(&version).Error
	return version, store.Translate("pitches: second", err)
}

func trialRows(query *gorm.DB) ([]trialRow, error) {
	var rows []trialRow
	err := query.Order("wave_id, department_id").Find(&rows).Error
	return rows, store.Translate("pitches: trials", err)
}

// Trials returns what waves have tried, or are trying, of a change, the oldest first.
func Trials(ctx context.Context, s *store.Store, change changes.ID) ([]Trial, error) {
	db := s.Read(ctx)
	return trials(db, db.Where("change_id = ?", change))
}

// TrialsOf returns what one wave tries.
func TrialsOf(ctx context.Context, s *store.Store, wave surveys.WaveID) ([]Trial, error) {
	db := s.Read(ctx)
	return trials(db, db.Where("wave_id = ?", wave))
}

// TrialOn returns what a wave tries on a department; nil where that is nothing.
func TrialOn(ctx context.Context, s *store.Store, wave surveys.WaveID, department surveys.DepartmentID) (*Trial, error) {
	db := s.Read(ctx)
	list, err := trials(db, db.Where("wave_id = ? AND department_id = ?", wave, department))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// TriedIn reports whether a wave tries anything.
func TriedIn(tx *gorm.DB, wave surveys.WaveID) (bool, error) {
	rows, err := trialRows(tx.Session(&gorm.Session{NewDB: true}).Where("wave_id = ?", wave))
	return len(rows) > 0, err
}

func trials(db, query *gorm.DB) ([]Trial, error) {
	rows, err := trialRows(query)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	first, err := textsOf(db.Table(firsts), rows)
	if err != nil {
		return nil, err
	}
	second, err := textsOf(db.Table(seconds), rows)
	if err != nil {
		return nil, err
	}
	list := make([]Trial, len(rows))
	for i, r := range rows {
		a, hasA := r.text(first, r.VersionA)
		b, hasB := r.text(second, r.VersionB)
		if !hasA || !hasB {
			return nil, &surveys.Error{Kind: surveys.Internal, Op: "pitches: trials", Message: "a text that was tried is gone"}
		}
		list[i] = Trial{r.WaveID, r.DepartmentID, r.ChangeID, a, b}
	}
	return list, nil
}

// textsOf reads every version of the texts of the departments on which something is tried, in one query for all trials.
func textsOf(table *gorm.DB, rows []trialRow) ([]Pitch, error) {
	var about []changes.ID
	var on []surveys.DepartmentID
	for _, r := range rows {
		about, on = append(about, r.ChangeID), append(on, r.DepartmentID)
	}
	return read(table.Where("change_id IN ? AND department_id IN ? AND band_id = 0", about, on))
}

// text is a version of what the department of a trial reads.
func (r trialRow) text(texts []Pitch, version int) (Pitch, bool) {
	at := slices.IndexFunc(texts, func(p Pitch) bool {
		return p.Change == r.ChangeID && p.Department == r.DepartmentID && p.Version == version
	})
	if at < 0 {
		return Pitch{}, false
	}
	return texts[at], true
}

// Try stores the second text of a department as its next version, to be tried against the first in the next wave about the
// change that asks it; p.Version is the one it was made from, 0 for the first. The department must have a first text of its own,
// and no wave may be trying two on it. Faults are told as by Save.
func Try(ctx context.Context, s *store.Store, p Pitch, stamp surveys.Stamp) (Pitch, error) {
	const op = "pitches: try"
	p.tidy()
	p.Band = 0
	return write(ctx, s, op, seconds, p, stamp, func(tx *gorm.DB, before *pitchRow) (pitchRow, error) {
		first, err := firstOf(tx, op, p.Change, p.Department)
		if err != nil {
			return pitchRow{}, err
		}
		faults, err := p.Place.faults(tx)
		if err != nil {
			return pitchRow{}, err
		}
		p.Language = first.Language
		faults = append(append(faults, p.faults()...), p.Beside(&first)...)
		if err := surveys.Refusal(op, faults); err != nil {
			return pitchRow{}, err
		}
		texts, err := p.textsAfter(before)
		return pitchRow{Language: p.Language, Text: p.Text, Translations: texts}, err
	})
}

// Beside finds what makes a second text no fair match for the first: the same words, or a language of it that is missing, so that
// some would read the first in their own language and the second in another. As long as there is anything, no wave tries it.
func (p *Pitch) Beside(first *Pitch) (faults surveys.Faults) {
	if p.Language != first.Language {
		faults = append(faults, surveys.NewFault("text", "required", "is not in the language of the first text"))
	}
	if p.Text == first.Text {
		faults = append(faults, surveys.NewFault("text", FaultAlike, "is the first text once more"))
	}
	for _, lang := range first.Languages()[1:] {
		if p.Translations[lang].Text == "" {
			faults = append(faults, surveys.NewFault("texts."+lang, "required", "is missing, and the first text has it"))
		}
	}
	return faults
}

// firstOf is the text that a second one may be tried against.
func firstOf(tx *gorm.DB, op string, change changes.ID, department surveys.DepartmentID) (Pitch, error) {
	if department == 0 {
		return Pitch{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "Two texts are tried on a department."}
	}
	running, err := runningOn(tx, change, department)
	if err != nil {
		return Pitch{}, err
	}
	if running {
		return Pitch{}, &surveys.Error{Kind: surveys.Conflict, Code: "trial", Op: op, Message: "An open wave is trying two texts on this department; they stay until it closes."}
	}
	all, err := read(at(tx, change, Place{Department: department}))
	if err != nil {
		return Pitch{}, err
	}
	first, ok := Book(newest(all)).At(Place{Department: department})
	if !ok {
		return Pitch{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "This department has no pitch of its own to try another against."}
	}
	return first, nil
}

func runningOn(tx *gorm.DB, change changes.ID, department surveys.DepartmentID) (bool, error) {
	var n int64
	err := tx.Table("pitch_trials").Joins("JOIN waves ON waves.id = pitch_trials.wave_id").
		Where("pitch_trials.change_id = ? AND pitch_trials.department_id = ? AND waves.state <> ?", change, department, surveys.Closed).Count(&n).Error
	return n > 0, store.Translate("pitches: running", err)
}

// Untry takes a second text back that no wave has tried yet.
func Untry(ctx context.Context, s *store.Store, change changes.ID, department surveys.DepartmentID, version int, stamp surveys.Stamp) error {
	const op = "pitches: untry"
	p := Pitch{Change: change, Place: Place{Department: department}, Version: version}
	_, err := write(ctx, s, op, seconds, p, stamp, func(tx *gorm.DB, before *pitchRow) (pitchRow, error) {
		waiting, err := plannedIn(tx, change)
		if err != nil {
			return pitchRow{}, err
		}
		if _, ok := waiting.At(p.Place); !ok {
			return pitchRow{}, &surveys.Error{Kind: surveys.NotFound, Op: op, Message: "There is no second text here that waits for a wave."}
		}
		return before.emptied(op)
	})
	return err
}

// Questionnaires finds the questionnaire of a wave.
type Questionnaires interface {
	QuestionnaireIn(db *gorm.DB, id surveys.QuestionnaireID) (*surveys.Questionnaire, error)
}

// Opened settles, in the transaction that opens a wave, which two texts it tries on whom. It is a hook of surveys/waves.
func Opened(qs Questionnaires) waves.Hook {
	return func(tx *store.Tx, w surveys.Wave, _ waves.Terms) error {
		q, err := qs.QuestionnaireIn(tx, w.Questionnaire)
		if err != nil {
			return err
		}
		return Begin(tx, w.ID, q.Document)
	}
}

// Tries reports whether a survey can try two texts: one that measures openness to a change, and shows nothing before its
// waves close. What is shown earlier is counted in steps of whole departments and bands, beside which no half can be told.
func Tries(doc *surveys.Document) bool {
	return doc.Change != "" && doc.Results != surveys.WhileOpen && slices.Contains(doc.ConstructIDs(), surveys.Openness)
}

// Begin settles which two texts a wave that has just been opened tries on whom.
func Begin(tx *gorm.DB, wave surveys.WaveID, doc *surveys.Document) error {
	if !Tries(doc) {
		return nil
	}
	change, err := changes.ByNameIn(tx, doc.Change)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	waiting, err := plannedIn(tx, change.ID)
	if err != nil || len(waiting) == 0 {
		return err
	}
	all, err := read(tx.Where("change_id = ?", change.ID))
	if err != nil {
		return err
	}
	offered, err := waves.OfferedIn(tx, wave)
	if err != nil {
		return err
	}
	var rows []trialRow
	for _, b := range waiting {
		a, ok := Book(newest(all)).At(b.Place)
		if ok && len(b.Beside(&a)) == 0 && slices.Contains(offered.Departments, b.Department) {
			rows = append(rows, trialRow{wave, b.Department, change.ID, a.Version, b.Version})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return store.Translate("pitches: begin", tx.Create(&rows).Error)
}
