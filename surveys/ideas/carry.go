package ideas

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is an idea as it is carried from one installation into another. Who supports it stays behind: only how many
// browsers do goes along, without those of ideas merged into it.
type Carried struct {
	Name       string         `json:"name"` // made of what was suggested; merged_into and promises name it so
	Title      string         `json:"title"`
	Text       string         `json:"text,omitempty"`
	Language   string         `json:"language"`
	Department string         `json:"department,omitempty"`
	Signed     string         `json:"signed,omitempty"`
	On         surveys.Day    `json:"on"`
	Place      Place          `json:"place"`
	Reason     string         `json:"reason,omitempty"`
	Replies    []CarriedReply `json:"replies,omitempty"`
	MergedInto string         `json:"merged_into,omitempty"`
	Change     string         `json:"change,omitempty"`
	Supporters int            `json:"supporters"`
}

// CarriedReply is one of its replies.
type CarriedReply struct {
	Status Status      `json:"status"`
	Text   string      `json:"text,omitempty"`
	On     surveys.Day `json:"on"`
	Said   carry.Stamp `json:"said"`
}

// How many supporters an idea can come with, and all ideas of a file together.
const (
	MostSupporters      = 100_000
	MostSupportersOfAll = 1_000_000
)

// made is the name of the nth idea that says the same on the same day.
func (e *Carried) made(nth int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", e.Title, e.Text, e.Signed))
	name := string(e.On) + "-" + hex.EncodeToString(sum[:5])
	if nth > 1 {
		name += fmt.Sprintf("-%d", nth)
	}
	return name
}

// nth tells how many ideas up to each of a list say the same on the same day.
func nth(list []Carried) []int {
	seen, counts := map[string]int{}, make([]int, len(list))
	for i := range list {
		name := list[i].made(1)
		seen[name]++
		counts[i] = seen[name]
	}
	return counts
}

// Carry returns all ideas, the oldest first, and makes their names known.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := load(tx, tx)
	if err != nil {
		return nil, err
	}
	supporters, err := own(tx)
	if err != nil {
		return nil, err
	}
	entries := make([]Carried, len(list))
	for i, idea := range list {
		entries[i] = idea.carried()
		entries[i].Department, entries[i].Change = names.Departments.Name(idea.Department), names.Changes.Name(int64(idea.Change))
		entries[i].Supporters = supporters[idea.ID]
	}
	for i, n := range nth(entries) {
		entries[i].Name = entries[i].made(n)
		names.Ideas.Add(entries[i].Name, int64(list[i].ID))
	}
	for i, idea := range list {
		entries[i].MergedInto = names.Ideas.Name(int64(idea.MergedInto))
	}
	return entries, nil
}

// own counts the supporters of each idea, without those of ideas merged into it.
func own(tx *gorm.DB) (map[ID]int, error) {
	var rows []struct {
		IdeaID ID
		N      int
	}
	err := tx.Model(&supportRow{}).Select("idea_id, COUNT(*) AS n").Group("idea_id").Find(&rows).Error
	counts := map[ID]int{}
	for _, r := range rows {
		counts[r.IdeaID] = r.N
	}
	return counts, err
}

// carried is an idea but for what it names and who supports it.
func (i *Idea) carried() Carried {
	e := Carried{Title: i.Title, Text: i.Text, Language: i.Language, Signed: i.Signed, On: i.On, Place: i.Place, Reason: i.Reason}
	for _, r := range i.Replies {
		e.Replies = append(e.Replies, CarriedReply{r.Status, r.Text, r.On, carry.StampOf(r.Said)})
	}
	return e
}

// tidied is an entry as it is written after it was taken in.
func (e *Carried) tidied() Carried {
	s := Suggestion{Title: e.Title, Text: e.Text, Signed: e.Signed}
	s.tidy()
	t := *e
	t.Title, t.Text, t.Signed, t.Replies = s.Title, s.Text, s.Signed, nil
	for _, r := range e.Replies {
		r.Text, r.Said = strings.TrimSpace(r.Text), r.Said.Tidied()
		t.Replies = append(t.Replies, r)
	}
	return t
}

// TakeIn stores ideas of another installation that are not here, as they were there. Their supporters are counted, and are
// browsers that nobody has: who supported an idea there can do so again here.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	var fresh []*Carried
	of := whole(file)
	report, err := carry.TakeIn(in, carry.Kind[Carried]{Name: "ideas", Here: Carry, Label: func(e *Carried) string { return e.Name }, Tidied: (*Carried).tidied,
		Enter: func(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
			i, faults, err := e.idea(in)
			in.Ideas.Add(e.Name, 0) // known to what comes after, even if nothing is stored
			store := func() error {
				err := i.store(in.Tx)
				in.Ideas.Add(e.Name, int64(i.ID))
				fresh = append(fresh, e)
				return err
			}
			return append(faults, append(of.faults(e), e.faults(in)...)...), store, err
		}}, file)
	if err != nil {
		return report, err
	}
	return report, merge(in, fresh)
}

// ofFile is what has to be known of all ideas of a file to judge one.
type ofFile struct {
	named  map[string]bool // by the names they have to have
	merged map[string]bool // into another
	likes  int             // supporters of all
}

func whole(file []Carried) ofFile {
	of := ofFile{named: map[string]bool{}, merged: map[string]bool{}}
	tidied := make([]Carried, len(file))
	for i := range file {
		tidied[i] = file[i].tidied()
		of.merged[file[i].Name] = file[i].MergedInto != ""
		of.likes = min(of.likes+min(max(file[i].Supporters, 0), MostSupporters), MostSupportersOfAll+1)
	}
	for i, n := range nth(tidied) {
		of.named[tidied[i].made(n)] = true
	}
	return of
}

func (of ofFile) faults(e *Carried) (faults surveys.Faults) {
	if !of.named[e.Name] {
		faults = append(faults, surveys.NewFault("name", FaultUnknown, fmt.Sprintf("must be %q, made of day, title, text and signature", e.made(1))))
	}
	if of.likes > MostSupportersOfAll {
		faults = append(faults, surveys.NewFault("supporters", FaultLong, fmt.Sprintf("must be at most %d of all ideas together", MostSupportersOfAll)))
	}
	if e.MergedInto != "" && (of.merged[e.MergedInto] || e.MergedInto == e.Name) {
		faults = append(faults, surveys.NewFault("merged_into", FaultSelf, "must be another idea that is not merged itself"))
	}
	return faults
}

// idea is what an entry says, but for what it is merged into.
func (e *Carried) idea(in *carry.Into) (Idea, surveys.Faults, error) {
	i := Idea{Title: e.Title, Text: e.Text, Language: e.Language, Signed: e.Signed, On: e.On, Place: e.Place, Reason: e.Reason, Supporters: e.Supporters}
	for _, r := range e.Replies {
		i.Replies = append(i.Replies, Reply{r.Status, r.Text, r.On, r.Said.Stamp()})
	}
	change, faults := in.Change("change", e.Change)
	i.Change = changes.ID(change)
	var err error
	i.Department, err = in.Department(e.Department)
	return i, faults, err
}

// faults finds everything that is wrong with an entry by itself. Where an idea is kept was decided when it was suggested,
// and stays.
func (e *Carried) faults(in *carry.Into) surveys.Faults {
	s := Suggestion{Title: e.Title, Text: e.Text, Language: e.Language, Signed: e.Signed}
	faults := append(s.faults(), dayFaults(in, "on", e.On)...)
	faults = append(faults, surveys.TextFaults("reason", e.Reason, LongestReason, e.Place == Hidden)...)
	if !slices.Contains([]Place{Waiting, Shown, Hidden}, e.Place) {
		faults = append(faults, surveys.NewFault("place", FaultUnknown, "is nowhere that an idea can be"))
	}
	if e.Supporters < 0 || e.Supporters > MostSupporters {
		faults = append(faults, surveys.NewFault("supporters", FaultLong, fmt.Sprintf("must be a number up to %d", MostSupporters)))
	}
	for n, r := range e.Replies {
		reply := Reply{Status: r.Status, Text: r.Text}
		found := reply.faults()
		if r.Status == Adopted && e.Change != "" && r.Text == "" {
			found = nil // the change speaks for itself
		}
		found = append(found, dayFaults(in, "on", r.On)...)
		faults = append(faults, carry.Under(fmt.Sprintf("replies[%d]", n), append(found, in.StampFaults("said", r.Said)...))...)
	}
	return faults
}

func dayFaults(in *carry.Into, path string, day surveys.Day) surveys.Faults {
	if !day.Valid() || day > in.Today {
		return surveys.Faults{surveys.NewFault(path, FaultUnknown, "must be a day that has come")}
	}
	return nil
}

// store writes an idea that is not here, with its replies and as many supporters.
func (i *Idea) store(tx *gorm.DB) error {
	row := i.row()
	row.Digest = make([]byte, 16) // it keeps the same form from being sent twice, and nobody sends this one again
	rand.Read(row.Digest)
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	i.ID = row.ID
	replies := i.Replies
	for n, r := range replies {
		i.Replies = replies[:n]
		if err := appendReply(tx, i, r); err != nil {
			return err
		}
	}
	marks := make([]supportRow, i.Supporters)
	for n := range marks {
		mark := make([]byte, signatureLength)
		rand.Read(mark)
		marks[n] = supportRow{i.ID, mark}
	}
	for some := range slices.Chunk(marks, 500) {
		if err := tx.Create(&some).Error; err != nil {
			return err
		}
	}
	return nil
}

// merge makes ideas part of others, once all of them are there.
func merge(in *carry.Into, fresh []*Carried) error {
	for _, e := range fresh {
		if e.MergedInto == "" {
			continue
		}
		id, _ := in.Ideas.ID(e.Name)
		into, ok := in.Ideas.ID(e.MergedInto)
		if !ok {
			return &surveys.Error{Kind: surveys.Invalid, Op: "ideas: take in", Message: fmt.Sprintf("the idea %q is merged into %q, which is neither here nor in the file", e.Name, e.MergedInto)}
		}
		if err := in.Tx.Model(&ideaRow{}).Where("id = ?", id).Update("merged_into", into).Error; err != nil {
			return err
		}
	}
	return nil
}
