package imports

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// batch bounds the rows of one statement; SQLite allows 32,766 placeholders.
const batch = 500

// comparison says how a file stands to what is stored.
type comparison struct {
	questionnaire *surveys.Questionnaire // nil: the survey is not published yet
	waves         []*surveys.Wave        // by the collector's index; nil: there is none yet
	fresh         []int32                // records that are not stored, in the order of their ids
	ids           []surveys.ID           // by record
}

// foresee fills in the report of a dry run.
func (im *importer) foresee(tx *gorm.DB) error {
	c, err := im.compare(tx)
	if err != nil {
		return err
	}
	departments, err := people.Departments(im.ctx, im.deps.Store)
	if err != nil {
		return err
	}
	bands, err := people.Bands(im.ctx, im.deps.Store)
	if err != nil {
		return err
	}
	_, newDepartments := im.rows.departments.against(departmentNames(departments), im.used(c, func(r record) int32 { return r.department }))
	_, newBands := im.rows.bands.against(bandNames(bands), im.used(c, func(r record) int32 { return r.band }))
	im.report.NewDepartments, im.report.NewBands = newDepartments, newBands
	return nil
}

// store stores what is not stored yet. A retry of the transaction starts it afresh.
func (im *importer) store(tx *gorm.DB) error {
	c, err := im.compare(tx)
	if err != nil || len(c.fresh) == 0 {
		return err
	}
	if c.questionnaire == nil {
		if c.questionnaire, _, err = im.deps.Catalog.Publish(tx, im.source, im.deps.Now()); err != nil {
			return err
		}
		// The ids hold the survey's id, which is known only now.
		if err := im.identify(tx, c); err != nil {
			return err
		}
	}
	w := &writer{im: im, tx: tx, c: c}
	if err := w.groups(); err != nil {
		return err
	}
	if err := w.openWaves(); err != nil {
		return err
	}
	if err := w.insert(); err != nil {
		return err
	}
	return w.finish()
}

// compare looks up the survey, the waves and the responses that are there already.
func (im *importer) compare(tx *gorm.DB) (*comparison, error) {
	c := &comparison{questionnaire: im.known}
	if im.known == nil {
		q, err := im.published(tx)
		if err != nil {
			return nil, err
		}
		c.questionnaire = q
	}
	if err := im.findWaves(tx, c); err != nil {
		return nil, err
	}
	if err := im.identify(tx, c); err != nil {
		return nil, err
	}
	return c, nil
}

// published finds the questionnaire made of this very document, as catalog.Publish would.
func (im *importer) published(tx *gorm.DB) (*surveys.Questionnaire, error) {
	sum := sha256.Sum256(im.source)
	var ids []surveys.QuestionnaireID
	err := tx.Table("questionnaires").Where("document_hash = ?", sum[:]).Order("id").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return nil, store.Translate("imports: survey", err)
	}
	return im.deps.Catalog.QuestionnaireIn(tx, ids[0])
}

// findWaves finds the waves whose labels read like those of the file, and refuses those that cannot take responses.
func (im *importer) findWaves(tx *gorm.DB, c *comparison) error {
	labels := im.rows.waves.list
	c.waves = make([]*surveys.Wave, len(labels))
	if c.questionnaire == nil {
		return nil
	}
	all, err := waves.List(tx, c.questionnaire.Survey)
	if err != nil {
		return err
	}
	var ids []surveys.WaveID
	for i, label := range labels {
		w, ok := alike(all, label)
		if !ok {
			continue
		}
		refuse := func(why string) error {
			return &surveys.Error{Kind: surveys.Conflict, Op: "imports", Message: fmt.Sprintf("the wave %q %s", w.Label, why)}
		}
		switch {
		case w.State == surveys.Open:
			return refuse(fmt.Sprintf("is still open and takes in answers; close it first (soundings wave close %d), or give these responses another label", w.ID))
		case w.State != surveys.Closed:
			return refuse("is being closed; try again in a moment")
		case w.Questionnaire != c.questionnaire.ID:
			return refuse("asked another version of the questions; import into it with the document of that version")
		}
		c.waves[i] = &w
		ids = append(ids, w.ID)
	}
	if im.dryRun || len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	// Whoever counts a wave holds its counter. Holding it from here on keeps a recount elsewhere from missing our rows.
	var locked []surveys.WaveID
	err = store.ForUpdate(tx.Table("counters").Where("wave_id IN ?", ids).Order("wave_id")).Pluck("wave_id", &locked).Error
	return store.Translate("imports: lock", err)
}

// alike prefers the label to the letter.
func alike(all []surveys.Wave, label string) (surveys.Wave, bool) {
	i := slices.IndexFunc(all, func(w surveys.Wave) bool { return w.Label == label })
	if i < 0 {
		i = slices.IndexFunc(all, func(w surveys.Wave) bool { return folded(w.Label) == folded(label) })
	}
	if i < 0 {
		return surveys.Wave{}, false
	}
	return all[i], true
}

// identify derives the ids of all records and sorts out which are stored.
func (im *importer) identify(tx *gorm.DB, c *comparison) error {
	rows := im.rows
	c.ids = make([]surveys.ID, len(rows.records))
	c.fresh = make([]int32, len(rows.records))
	for i, r := range rows.records {
		c.ids[i] = im.idOf(c, r, "response")
		c.fresh[i] = int32(i)
	}
	slices.SortFunc(c.fresh, func(a, b int32) int { return bytes.Compare(c.ids[a][:], c.ids[b][:]) })
	stored := make([]bool, len(rows.records))
	if slices.ContainsFunc(c.waves, func(w *surveys.Wave) bool { return w != nil }) {
		for part := range slices.Chunk(c.fresh, batch) {
			if err := markStored(tx, c.ids, part, stored); err != nil {
				return err
			}
		}
	}
	c.fresh = slices.DeleteFunc(c.fresh, func(i int32) bool { return stored[i] })
	im.tell(c, stored)
	return nil
}

func markStored(tx *gorm.DB, ids []surveys.ID, part []int32, stored []bool) error {
	wanted := make([][]byte, len(part))
	for i, at := range part {
		wanted[i] = ids[at][:]
	}
	var found [][]byte
	if err := tx.Table("responses").Where("id IN ?", wanted).Pluck("id", &found).Error; err != nil {
		return store.Translate("imports: compare", err)
	}
	there := make(map[surveys.ID]bool, len(found))
	for _, id := range found {
		there[surveys.ID(id)] = true
	}
	for _, at := range part {
		stored[at] = there[ids[at]]
	}
	return nil
}

// idOf derives an id from what identifies a row for good: its survey, its wave, everything in it, and how many equal
// rows come before it.
func (im *importer) idOf(c *comparison, r record, parts ...string) surveys.ID {
	survey := "unpublished"
	if c.questionnaire != nil {
		survey = strconv.FormatInt(int64(c.questionnaire.Survey), 10)
	}
	parts = append(parts, survey, folded(im.rows.waves.list[r.wave]), string(r.row[:]), strconv.Itoa(int(r.occurrence)))
	return im.deps.Secret.ImportedID(parts...)
}

// tell fills in the report.
func (im *importer) tell(c *comparison, stored []bool) {
	rep, rows := im.report, im.rows
	rep.New, rep.Existing, rep.Comments = 0, 0, 0
	rep.Waves = make([]WaveReport, len(rows.waves.list))
	for i, label := range rows.waves.list {
		rep.Waves[i] = WaveReport{Label: label, Created: c.waves[i] == nil}
		if c.waves[i] != nil {
			rep.Waves[i].Label = c.waves[i].Label
		}
	}
	fresh := make([]bool, len(rows.records)) // by packed index, as comments know their records
	for i, r := range rows.records {
		if stored[i] {
			rep.Existing++
			rep.Waves[r.wave].Existing++
			continue
		}
		fresh[r.packed] = true
		rep.New++
		rep.Waves[r.wave].New++
	}
	for _, t := range rows.comments {
		if fresh[t.record] {
			rep.Comments++
		}
	}
	order := collate.New(language.Und, collate.Numeric)
	slices.SortStableFunc(rep.Waves, func(a, b WaveReport) int { return order.CompareString(a.Label, b.Label) })
}

// used are the groups of new responses.
func (im *importer) used(c *comparison, of func(record) int32) map[int32]bool {
	used := map[int32]bool{}
	for _, at := range c.fresh {
		if i := of(im.rows.records[at]); i != none {
			used[i] = true
		}
	}
	return used
}

// against finds each used name among the existing ones: to the letter, else the first that reads alike. It returns
// the name to use by index, and those that are new, in the order of the file.
func (n *names) against(existing []string, used map[int32]bool) (spelling []string, added []string) {
	exact, like := map[string]bool{}, map[string]string{}
	for _, name := range existing {
		exact[name] = true
		if _, ok := like[folded(name)]; !ok {
			like[folded(name)] = name
		}
	}
	spelling = make([]string, len(n.list))
	for i, name := range n.list {
		if !used[int32(i)] {
			continue
		}
		spelling[i] = name
		if !exact[name] {
			if other, ok := like[folded(name)]; ok {
				spelling[i] = other
			} else {
				added = append(added, name)
			}
		}
	}
	return spelling, added
}

func departmentNames(list []surveys.Department) []string {
	names := make([]string, len(list))
	for i, d := range slices.SortedFunc(slices.Values(list), func(a, b surveys.Department) int { return cmp.Compare(a.ID, b.ID) }) {
		names[i] = d.Name
	}
	return names
}

func bandNames(list []surveys.Band) []string {
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.Name
	}
	return names
}

// opening is a wave to be made, and when it was.
type opening struct {
	index int
	label string
	at    time.Time
}
