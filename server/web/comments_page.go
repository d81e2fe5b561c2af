package web

import (
	"cmp"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"soundings/analytics/disclosure"
	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/comments"
)

// commentsPage is what people said in their own words.
type commentsPage struct {
	frame
	Headline  string
	Detail    string
	State     string // "none", "few", "silent" or "nomatch" instead of comments
	Surveys   []surveyChoice
	Waves     []option
	Questions []option
	Groups    []option
	Tags      []option
	Search    string
	Filtered  bool
	Back      string // the query of this page
	Whole     string // the address of the same survey and wave without other filters
	Keys      []keyView
	KeyRows   []keyRow
	KeysNone  string // why there are none
	Counts    tagTable
	Quotes    []quoteView
	Place     string // which of them: 1 to 20 of 143
	Newer     string // the addresses of the pages before and after
	Older     string
	Reasons   []option
	Mixed     bool   // a comment says which wave it is of
	Least     string // people of a department whose comments are shown; "" where everybody agreed to be named
	Refused   bool   // some groups are not shown
}

// keyView is one keyword.
type keyView struct {
	Word    string
	Times   string
	Detail  string
	Address string
}

// keyRow is the first keywords of one group.
type keyRow struct {
	Group   string
	Address string
	Keys    []keyView
}

// tagTable is how many comments have a tag, by group.
type tagTable struct {
	Tags []tagColumn
	Rows []tagLine
}

type tagColumn struct{ Name, Address string }

type tagLine struct {
	Group  string
	Counts []int
}

// quoteView is one comment.
type quoteView struct {
	ID     string
	Lang   string
	Pieces []pieceView
	Of     []string // whose it is, of which wave, about what: as far as the page does not say so already
	Tags   []tagView
	Typed  string
	Fault  string
	Reason string // why it is hidden
	Label  string // names it for those who hear the page
}

type pieceView struct{ Text, Mask string }

type tagView struct {
	ID   comments.TagID
	Name string
}

// commentBook writes the pages about comments in the language of the reader.
type commentBook struct {
	phrases
	view        *commentsView
	refused     refusedTag
	collection  *quotes.Collection
	departments map[surveys.DepartmentID]string
	tags        []comments.Tag
}

func (b *commentBook) fill(page *commentsPage) {
	v, c := b.view, b.collection
	b.choices(page)
	page.Refused = c.Refused
	if v.document.Anonymity != surveys.Named {
		page.Least = b.Number(max(disclosure.CommentMinimum, v.document.SmallestGroup()))
	}
	page.Back = v.query(v.page).Encode()
	page.Whole = "/comments?" + url.Values{"survey": {idText(int64(v.survey))}, "wave": {v.wave}}.Encode()
	page.Filtered = v.filter.Question != "" || v.filter.Tag != 0 || v.filter.Search != ""
	here := c.Only(quotes.Filter{Group: v.filter.Group})
	found := c.Only(v.filter)
	switch {
	case len(c.Groups) == 0, v.filter.Group != nil && !slices.Contains(c.Groups, *v.filter.Group):
		page.State = "few"
		page.Headline = b.say("comments_few")
		return
	case len(here) == 0:
		page.State = "silent"
	case len(found) == 0:
		page.State = "nomatch"
	}
	b.keywords(page)
	b.headline(page, here, found)
	page.Counts = b.counts(c.Only(quotes.Filter{Group: v.filter.Group, Question: v.filter.Question}))
	b.list(page, found)
	for _, r := range comments.Reasons() {
		page.Reasons = append(page.Reasons, option{Value: string(r), Text: b.say("comments_reason_" + string(r))})
	}
}

func (b *commentBook) choices(page *commentsPage) {
	v := b.view
	for _, w := range v.surveys {
		page.Surveys = append(page.Surveys, b.surveyChoice(w.Survey, w.Questionnaire.Document, w.Survey == v.survey))
	}
	for _, w := range v.waves {
		page.Waves = append(page.Waves, option{idText(int64(w.ID)), w.Label, v.wave == idText(int64(w.ID))})
	}
	if n := min(len(v.waves), howManyRecent); n > 1 {
		page.Waves = append(page.Waves, option{recentWaves, b.count("comments_recent", n), v.wave == recentWaves})
	}
	for i := range v.document.Questions {
		if q := &v.document.Questions[i]; q.TakesText() {
			page.Questions = append(page.Questions, option{q.ID, b.questionText(q.ID), q.ID == v.filter.Question})
		}
	}
	for _, g := range b.ordered(b.collection.Groups) {
		page.Groups = append(page.Groups, option{groupValue(g), b.group(g), v.filter.Group != nil && *v.filter.Group == g})
	}
	for _, t := range b.tags {
		page.Tags = append(page.Tags, option{idText(int64(t.ID)), t.Name, t.ID == v.filter.Tag})
	}
}

// ordered lists groups by name, the others last.
func (b *commentBook) ordered(groups []quotes.Group) []quotes.Group {
	list := slices.Clone(groups)
	slices.SortFunc(list, func(x, y quotes.Group) int {
		if x.Others != y.Others {
			if x.Others {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.departments[x.Department], b.departments[y.Department])
	})
	return list
}

func (b *commentBook) group(g quotes.Group) string {
	switch {
	case g.Others:
		return b.say("comments_others")
	case g.Department == 0:
		return b.say("comments_everybody")
	}
	return b.departments[g.Department]
}

// questions is how many questions can be answered in words.
func (b *commentBook) questions() int {
	n := 0
	for _, q := range b.view.document.Questions {
		if q.TakesText() {
			n++
		}
	}
	return n
}

// questionText is a question in the reader's language, if the survey was asked in it.
func (b *commentBook) questionText(id string) string {
	for _, w := range b.view.chosen() {
		doc := w.Questionnaire.Document
		if t, ok := doc.Translations[b.Lang].Questions[id]; ok && t.Text != "" {
			return t.Text
		}
		if q, ok := doc.Question(id); ok {
			return q.Text
		}
	}
	return id
}

func (b *commentBook) waveLabel(id surveys.WaveID) string {
	for _, w := range b.view.waves {
		if w.ID == id {
			return w.Label
		}
	}
	return ""
}

// headline says what a department writes of, or how much has been written.
func (b *commentBook) headline(page *commentsPage, here, found []quotes.Quote) {
	wave := b.count("comments_of_recent", len(b.view.chosen()))
	if b.view.wave != recentWaves {
		wave = b.view.chosen()[0].Label
	}
	words := make([]string, 0, 3)
	for _, k := range page.Keys[:min(cap(words), len(page.Keys))] {
		words = append(words, b.say("comments_quoted", "Word", k.Word))
	}
	switch g := b.view.filter.Group; {
	case g == nil:
		page.Headline = b.count("comments_headline", len(here), "Wave", wave)
	case len(words) > 0:
		page.Headline = b.say("comments_headline_words", "Group", b.group(*g), "Words", b.allOf(words))
		page.Detail = b.count("comments_headline", len(here), "Wave", wave) + "."
	default:
		page.Headline = b.count("comments_headline_group", len(here), "Group", b.group(*g), "Wave", wave)
	}
	if page.Filtered {
		page.Detail = strings.TrimSpace(page.Detail + " " + b.count("comments_matching", len(found)))
	}
}

func (b *commentBook) keywords(page *commentsPage) {
	most := keywordsBrief
	if b.view.filter.Group != nil {
		most = keywordsShown
	}
	lists := b.collection.Keywords(b.view.filter.Question, most)
	for _, g := range b.ordered(b.collection.Groups) {
		list, ok := lists[g]
		if b.view.filter.Group == nil {
			if len(list) > 0 {
				page.KeyRows = append(page.KeyRows, keyRow{b.group(g), b.address(quotes.Filter{Group: &g, Question: b.view.filter.Question}), b.keys(g, list)})
			}
			continue
		}
		if g != *b.view.filter.Group {
			continue
		}
		page.Keys = b.keys(g, list)
		switch {
		case !ok:
			page.KeysNone = b.say("comments_keys_few")
		case len(list) == 0:
			page.KeysNone = b.say("comments_keys_none")
		}
	}
	if b.view.filter.Group == nil && len(page.KeyRows) == 0 {
		page.KeysNone = b.say("comments_keys_alike")
	}
}

func (b *commentBook) keys(g quotes.Group, list []quotes.Keyword) []keyView {
	var views []keyView
	for _, k := range list {
		view := keyView{Word: k.Word, Address: b.address(quotes.Filter{Group: &g, Question: b.view.filter.Question, Search: k.Word})}
		switch {
		case k.Times >= quotes.MostTimes:
			view.Times = b.count("comments_times_most", k.Times)
		case k.Seldom:
			view.Times = b.count("comments_times_least", k.Times)
		case k.Times < 2:
			view.Times = b.say("comments_times_more")
		default:
			view.Times = b.count("comments_times", k.Times)
		}
		view.Detail = b.count("comments_key_used", k.Comments)
		views = append(views, view)
	}
	return views
}

// address is that of the same waves with another filter.
func (b *commentBook) address(f quotes.Filter) string {
	v := *b.view
	v.filter = f
	return "/comments?" + v.query(0).Encode()
}

func (b *commentBook) counts(list []quotes.Quote) tagTable {
	var table tagTable
	counted := quotes.TagCounts(list)
	for _, t := range counted {
		f := b.view.filter
		f.Tag, f.Search = t.Tag, ""
		table.Tags = append(table.Tags, tagColumn{b.tag(t.Tag), b.address(f)})
	}
	if len(counted) == 0 {
		return table
	}
	for _, g := range b.ordered(b.collection.Groups) {
		line := tagLine{Group: b.group(g)}
		some := 0
		for _, t := range counted {
			line.Counts = append(line.Counts, t.Groups[g])
			some += t.Groups[g]
		}
		if some > 0 {
			table.Rows = append(table.Rows, line)
		}
	}
	if len(table.Rows) > 1 {
		line := tagLine{Group: b.say("comments_all_groups")}
		for _, t := range counted {
			line.Counts = append(line.Counts, t.All)
		}
		table.Rows = append(table.Rows, line)
	}
	return table
}

func (b *commentBook) tag(id comments.TagID) string {
	for _, t := range b.tags {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

// list puts one page of the comments on the page.
func (b *commentBook) list(page *commentsPage, found []quotes.Quote) {
	if len(found) == 0 {
		return
	}
	v := b.view
	last := (len(found) + commentsOnPage - 1) / commentsOnPage
	v.page = min(v.page, last)
	from := (v.page - 1) * commentsOnPage
	to := min(from+commentsOnPage, len(found))
	page.Place = b.say("comments_place", "From", b.Number(from+1), "To", b.Number(to), "All", b.Number(len(found)))
	if v.page > 1 {
		page.Newer = "/comments?" + v.query(v.page-1).Encode()
	}
	if v.page < last {
		page.Older = "/comments?" + v.query(v.page+1).Encode()
	}
	for i, q := range found[from:to] {
		view := b.quote(q)
		view.Label = b.say("comments_number", "Number", b.Number(from+i+1))
		if q.ID == b.refused.comment && b.refused.fault != "" {
			view.Typed, view.Fault = b.refused.typed, b.refused.fault
		}
		page.Quotes = append(page.Quotes, view)
	}
}

func (b *commentBook) quote(q quotes.Quote) quoteView {
	view := quoteView{ID: hex.EncodeToString(q.ID[:]), Lang: q.Language, Pieces: b.pieces(q.Text)}
	if b.view.filter.Group == nil {
		view.Of = append(view.Of, b.group(q.Group))
	}
	if b.view.wave == recentWaves {
		view.Of = append(view.Of, b.waveLabel(q.Wave))
	}
	if b.view.filter.Question == "" && b.questions() > 1 {
		view.Of = append(view.Of, b.questionText(q.Question))
	}
	for _, t := range q.Tags {
		view.Tags = append(view.Tags, tagView{t, b.tag(t)})
	}
	return view
}
