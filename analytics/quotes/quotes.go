// Package quotes gives the comments that may be read: those of closed waves and of groups that the disclosure gate names,
// or of all others together; without those that staff have hidden; with names, addresses and telephone numbers covered.
// What is said about them (their number, their words, their tags) is said about these alone. Nothing here counts, searches
// or hints at a comment that its reader may not read.
package quotes

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/store"
)

// Commenting asks the gate whose comments of a closed wave may be read: departments by name, and whether those of all
// others may be read together, without a department. everyone are the people who took part. Pages, files and whatever
// else quotes somebody ask here.
func Commenting(rule disclosure.Rule, everyone map[tally.Cell]tally.Score) (named map[surveys.DepartmentID]bool, others bool) {
	departments, bands, respondents := map[surveys.DepartmentID]bool{}, map[surveys.BandID]bool{}, map[surveys.DepartmentID]int{}
	for cell, score := range everyone {
		departments[cell.Department], bands[cell.Band] = true, true
		respondents[cell.Department] += score.N
	}
	rows, columns := slices.Sorted(maps.Keys(departments)), slices.Sorted(maps.Keys(bands))
	cells := make([][]disclosure.Aggregate, len(rows))
	sizes := make([]int, len(rows))
	for i, d := range rows {
		sizes[i] = respondents[d]
		for _, b := range columns {
			cells[i] = append(cells[i], everyone[tally.Cell{Department: d, Band: b}].Aggregate())
		}
	}
	named = map[surveys.DepartmentID]bool{}
	if len(rows) == 0 {
		return named, false
	}
	decisions := rule.Table(cells)
	each, others := rule.Commenting(decisions.Total, decisions.Rows, sizes)
	for i, d := range rows {
		if each[i] {
			named[d] = true
		}
	}
	return named, others
}

// Group is whose comments are read together.
type Group struct {
	Department surveys.DepartmentID // 0 for the others, and where the organisation has no departments
	Others     bool                 // the departments that are too small to be named, together
}

// Quote is one comment as it may be read.
type Quote struct {
	ID       surveys.ID
	Wave     surveys.WaveID
	Question string
	Group    Group
	Text     Text
	Language string // what it is written in, as far as can be told; "" otherwise
	Tags     []comments.TagID

	plain string // see reading
	words []token
}

// Ask chooses comments.
type Ask struct {
	Survey surveys.SurveyID
	Waves  []surveys.WaveID // closed ones of the survey; others are left out
	Sees   func(surveys.DepartmentID) bool
	All    bool // whoever asks may see every department, and so the comments without one
}

// Collection is the comments of some waves.
type Collection struct {
	Quotes  []Quote // that whoever asked may read, wave by wave, the last first; within a wave in an order that tells nothing
	Groups  []Group // that may be read, the others last, whether or not they have written anything
	Refused bool    // some wave is too small as a whole, or has groups of which nothing may be read

	minimum   int
	reference []Quote // that the gate lets through, though not to whoever asked
}

// Read collects the comments of waves.
func (r *Reader) Read(ctx context.Context, ask Ask) (*Collection, error) {
	all, err := r.results.Waves(ctx, ask.Survey)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all)
	var collection *Collection
	err = r.store.Snapshot(ctx, "quotes: read", func(tx *store.Tx) error {
		collection = &Collection{}
		names, err := r.Names(tx)
		if err != nil {
			return err
		}
		everyone, err := tally.Scores(ctx, r.store, tally.Everyone, ask.Waves)
		if err != nil {
			return err
		}
		for _, wave := range all {
			if wave.State != surveys.Closed || !slices.Contains(ask.Waves, wave.ID) {
				continue
			}
			if err := r.readWave(tx, ask, wave, names, everyone[wave.ID], collection); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(collection.Groups, func(a, b Group) int {
		if a.Others != b.Others {
			return cmp.Compare(btoi(a.Others), btoi(b.Others))
		}
		return cmp.Compare(a.Department, b.Department)
	})
	return collection, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *Reader) readWave(tx *store.Tx, ask Ask, wave analytics.Wave, names *Names, everyone map[tally.Cell]tally.Score, c *Collection) error {
	doc := wave.Questionnaire.Document
	rule := disclosure.Rule{Minimum: doc.SmallestGroup()}
	c.minimum = max(c.minimum, doc.SmallestGroup())
	named, others := Commenting(rule, everyone)
	for cell := range everyone {
		c.Refused = c.Refused || !named[cell.Department] && !others
	}
	groups := map[Group]bool{}
	for d := range named {
		groups[Group{Department: d}] = ask.All || ask.Sees(d)
	}
	if others {
		groups[Group{Others: true}] = ask.All
	}
	for g, may := range groups {
		if may && !slices.Contains(c.Groups, g) {
			c.Groups = append(c.Groups, g)
		}
	}
	tagged, err := comments.Tagged(tx, wave.ID)
	if err != nil {
		return err
	}
	return comments.Each(tx, wave.ID, func(comment surveys.Comment) error {
		group := groupOf(comment.Department, named)
		may, through := groups[group]
		if !through {
			return nil
		}
		quote := r.quote(comment, group, names, doc.Languages())
		quote.Tags = tagged[comment.ID]
		if may {
			c.Quotes = append(c.Quotes, quote)
		} else {
			c.reference = append(c.reference, quote)
		}
		return nil
	})
}

func groupOf(d surveys.DepartmentID, named map[surveys.DepartmentID]bool) Group {
	if named[d] {
		return Group{Department: d}
	}
	return Group{Others: true}
}

// Find reads one comment, hidden or not, if whoever asks may read it; anything else is of kind NotFound, so that nobody
// learns whether there is such a comment.
func (r *Reader) Find(ctx context.Context, id surveys.ID, ask Ask) (Quote, error) {
	var quote Quote
	err := r.store.Snapshot(ctx, "quotes: find", func(tx *store.Tx) error {
		comment, err := comments.ByID(tx, id)
		if err != nil {
			return err
		}
		quotes, err := r.readable(ctx, tx, []surveys.Comment{comment}, ask)
		if err != nil {
			return err
		}
		if len(quotes) == 0 {
			return comments.Gone("quotes: find")
		}
		quote = quotes[0]
		return nil
	})
	return quote, err
}

// HiddenQuote is a comment that staff have hidden, and why.
type HiddenQuote struct {
	Quote
	Reason comments.Reason
}

// Hidden lists the hidden comments that whoever asks might read if they were not hidden.
func (r *Reader) Hidden(ctx context.Context, ask Ask) ([]HiddenQuote, error) {
	var list []HiddenQuote
	err := r.store.Snapshot(ctx, "quotes: hidden", func(tx *store.Tx) error {
		list = nil
		hidden, err := comments.AllHidden(tx)
		if err != nil {
			return err
		}
		texts, reasons := make([]surveys.Comment, len(hidden)), map[surveys.ID]comments.Reason{}
		for i, h := range hidden {
			texts[i], reasons[h.ID] = h.Comment, h.Reason
		}
		quotes, err := r.readable(ctx, tx, texts, ask)
		for _, q := range quotes {
			list = append(list, HiddenQuote{q, reasons[q.ID]})
		}
		return err
	})
	return list, err
}

// readable leaves of some comments those that whoever asks may read.
func (r *Reader) readable(ctx context.Context, tx *store.Tx, list []surveys.Comment, ask Ask) ([]Quote, error) {
	names, err := r.Names(tx)
	if err != nil {
		return nil, err
	}
	type standing struct {
		wave   analytics.Wave
		named  map[surveys.DepartmentID]bool
		others bool
	}
	waves := map[surveys.WaveID]standing{}
	var quotes []Quote
	for _, c := range list {
		w, known := waves[c.Wave]
		if !known {
			if w.wave, err = r.results.WaveByID(ctx, c.Wave); err != nil {
				return nil, err
			}
			everyone, err := tally.Scores(ctx, r.store, tally.Everyone, []surveys.WaveID{c.Wave})
			if err != nil {
				return nil, err
			}
			w.named, w.others = Commenting(disclosure.Rule{Minimum: w.wave.Questionnaire.Document.SmallestGroup()}, everyone[c.Wave])
			waves[c.Wave] = w
		}
		group := groupOf(c.Department, w.named)
		may := !group.Others && (ask.All || ask.Sees(c.Department)) || group.Others && w.others && ask.All
		if may && w.wave.State == surveys.Closed {
			quotes = append(quotes, r.quote(c, group, names, w.wave.Questionnaire.Document.Languages()))
		}
	}
	return quotes, nil
}

// Filter leaves of the quotes those that match.
type Filter struct {
	Question string
	Group    *Group
	Tag      comments.TagID
	Search   string // every word of it must occur, anywhere in a word; see comments.Fold
}

// Only lists the quotes that match a filter, in their order.
func (c *Collection) Only(f Filter) []Quote {
	terms := strings.Fields(comments.Fold(f.Search))
	var list []Quote
	for _, q := range c.Quotes {
		if f.Question != "" && q.Question != f.Question || f.Group != nil && q.Group != *f.Group || f.Tag != 0 && !slices.Contains(q.Tags, f.Tag) {
			continue
		}
		if !slices.ContainsFunc(terms, func(term string) bool { return !strings.Contains(q.plain, term) }) {
			list = append(list, q)
		}
	}
	return list
}

// TagCount is how many of the quotes of a group have a tag.
type TagCount struct {
	Tag    comments.TagID
	Groups map[Group]int
	All    int
}

// TagCounts counts the tags of some quotes, the most frequent first.
func TagCounts(quotes []Quote) []TagCount {
	counts := map[comments.TagID]*TagCount{}
	for _, q := range quotes {
		for _, tag := range q.Tags {
			if counts[tag] == nil {
				counts[tag] = &TagCount{Tag: tag, Groups: map[Group]int{}}
			}
			counts[tag].Groups[q.Group]++
			counts[tag].All++
		}
	}
	var list []TagCount
	for _, c := range counts {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b TagCount) int { return cmp.Or(cmp.Compare(b.All, a.All), cmp.Compare(a.Tag, b.Tag)) })
	return list
}
