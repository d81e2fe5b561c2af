package surveys

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Form is a posted form: every value of every field, as typed.
type Form map[string][]string

// First is the first value of a field, or "".
func (f Form) First(field string) string {
	if v := f[field]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Reply is what one respondent sent: closed answers apart from texts, because they are stored apart.
type Reply struct {
	Receipt    Receipt
	Department DepartmentID
	Band       BandID
	Language   string
	Answers    Answers
	Texts      map[string]string // by question id: a text answer, or the free text beside a choice
	Variant    Variant           // of the words in which the change was put to them
}

// Audience is whom a form is for. Fixed is the department a link or an invitation is tied to; it outweighs the form, as
// does FixedBand.
type Audience struct {
	Departments []Department
	Bands       []Band
	Fixed       DepartmentID
	FixedBand   BandID
	Tried       bool // two variants of a text are tried on them
}

// Codes of the faults a respondent can meet; each is a sentence in every language of the program.
const (
	FaultRequired   = "required"
	FaultUnknown    = "unknown"
	FaultRepeated   = "repeated"
	FaultOutOfRange = "out_of_range"
	FaultTooLong    = "too_long"
	FaultNotText    = "not_text"
	FaultRankTwice  = "rank_twice"
	FaultRankGap    = "rank_gap"
	FaultEmpty      = "empty"
	FaultReceipt    = "receipt"
)

// FieldOf names the form field of a question.
func FieldOf(question string) string { return "q." + question }

// OtherField names the form field of the free text beside a question's options.
func OtherField(question string) string { return FieldOf(question) + "." + OtherOption }

// RankField names the form field that holds an option's rank.
func RankField(question, option string) string { return FieldOf(question) + "." + option }

// ReadReply turns a posted form into a reply, or names every fault beside its field. It accepts nothing it does not
// know: a field of a question that does not exist is a fault, not noise. Answers to questions that are not shown
// to this respondent are left out, as if they had not been given.
func (d *Document) ReadReply(form Form, audience Audience) (Reply, Faults) {
	r := &reader{doc: d, form: form, reply: Reply{Answers: make(Answers, len(d.Questions)), Texts: map[string]string{}}}
	r.readReceipt()
	r.readAudience(audience)
	r.readLanguage()
	if audience.Tried && len(form[VariantField]) == 1 {
		r.reply.Variant, _ = ParseVariant(form.First(VariantField))
	}
	for i := range d.Questions {
		r.readQuestion(&d.Questions[i])
	}
	r.refuseStrangers()
	r.dropHidden()
	r.requireAnswers()
	return r.reply, r.faults
}

type reader struct {
	doc    *Document
	form   Form
	reply  Reply
	faults Faults
}

func (r *reader) fault(path, code, detail string) {
	r.faults = append(r.faults, Fault{Path: path, Code: code, Detail: detail})
}

// single reads a field that may be given once; an absent field reads as "".
func (r *reader) single(field string) string {
	v := r.form[field]
	if len(v) > 1 {
		r.fault(field, FaultRepeated, "is given more than once")
		return ""
	}
	return r.form.First(field)
}

func (r *reader) readReceipt() {
	receipt, ok := ParseReceipt(r.single("receipt"))
	if !ok && len(r.form["receipt"]) <= 1 {
		r.fault("receipt", FaultReceipt, "is not a receipt; open the survey's address again")
	}
	r.reply.Receipt = receipt
}

func (r *reader) readAudience(a Audience) {
	r.reply.Department, r.reply.Band = a.Fixed, a.FixedBand
	if a.Fixed == 0 && len(a.Departments) > 0 {
		known := func(id int64) bool {
			return slices.ContainsFunc(a.Departments, func(d Department) bool { return int64(d.ID) == id })
		}
		r.reply.Department = DepartmentID(r.readID("department", true, known))
	}
	if a.FixedBand == 0 && len(a.Bands) > 0 {
		known := func(id int64) bool {
			return slices.ContainsFunc(a.Bands, func(b Band) bool { return int64(b.ID) == id })
		}
		// Saying one's level is never forced: in a small department it says too much.
		r.reply.Band = BandID(r.readID("band", false, known))
	}
}

func (r *reader) readID(field string, required bool, known func(int64) bool) int64 {
	typed := r.single(field)
	if typed == "" {
		if required && len(r.form[field]) <= 1 {
			r.fault(field, FaultRequired, "must be chosen")
		}
		return 0
	}
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || !known(id) {
		r.fault(field, FaultUnknown, "is not on the list")
		return 0
	}
	return id
}

func (r *reader) readLanguage() {
	r.reply.Language = r.doc.Language
	if lang := r.single("lang"); slices.Contains(r.doc.Languages(), lang) {
		r.reply.Language = lang
	}
}

func (r *reader) readQuestion(q *Question) {
	switch q.Kind {
	case Scale, Recommend:
		r.readNumber(q)
	case Choice, Choices:
		r.readOptions(q)
	case Ranking:
		r.readRanks(q)
	case Text:
		r.readText(q.ID, FieldOf(q.ID))
	}
}

func (r *reader) readNumber(q *Question) {
	field := FieldOf(q.ID)
	typed := r.single(field)
	if typed == "" {
		return
	}
	low, high := q.Range()
	n, err := strconv.Atoi(typed)
	if err != nil || n < low || n > high || strconv.Itoa(n) != typed {
		r.fault(field, FaultOutOfRange, "is not one of the answers offered")
		return
	}
	r.reply.Answers[q.ID] = Number(n)
}

func (r *reader) readOptions(q *Question) {
	field := FieldOf(q.ID)
	given := r.form[field]
	if q.Other {
		r.readText(q.ID, OtherField(q.ID))
	}
	if q.Kind == Choice && len(given) > 1 || len(given) > len(q.Options)+1 {
		r.fault(field, FaultRepeated, "has more answers than it can take")
		return
	}
	chosen := map[string]bool{}
	for _, id := range given {
		switch {
		case id == "":
		case !q.HasOption(id):
			r.fault(field, FaultUnknown, "is not one of the answers offered")
			return
		case chosen[id]:
			r.fault(field, FaultRepeated, "names an answer twice")
			return
		default:
			chosen[id] = true
		}
	}
	// Someone who writes beside the options and ticks nothing, or may tick several, has chosen "other".
	if r.reply.Texts[q.ID] != "" && (q.Kind == Choices || len(chosen) == 0) {
		chosen[OtherOption] = true
	}
	if len(chosen) > 0 {
		r.reply.Answers[q.ID] = Picked(q.inOrder(chosen)...)
	}
}

// inOrder lists the chosen options in the order they are offered, so that equal choices are equal answers.
func (q *Question) inOrder(chosen map[string]bool) []string {
	ids := make([]string, 0, len(chosen))
	for _, o := range q.Options {
		if chosen[o.ID] {
			ids = append(ids, o.ID)
		}
	}
	if chosen[OtherOption] {
		ids = append(ids, OtherOption)
	}
	return ids
}

// readRanks takes ranks 1, 2, 3 ... for as many options as the respondent cares to rank.
func (r *reader) readRanks(q *Question) {
	byRank := map[int]string{}
	before := len(r.faults)
	for _, o := range q.Options {
		field := RankField(q.ID, o.ID)
		typed := r.single(field)
		if typed == "" {
			continue
		}
		rank, err := strconv.Atoi(typed)
		switch {
		case err != nil || rank < 1 || rank > len(q.Options):
			r.fault(field, FaultOutOfRange, "is not a rank")
		case byRank[rank] != "":
			r.fault(field, FaultRankTwice, "has a rank that another answer has")
		default:
			byRank[rank] = o.ID
		}
	}
	if len(r.faults) > before || len(byRank) == 0 {
		return
	}
	order := make([]string, len(byRank))
	for i := range order {
		if order[i] = byRank[i+1]; order[i] == "" {
			r.fault(FieldOf(q.ID), FaultRankGap, "leaves out a rank in the middle")
			return
		}
	}
	r.reply.Answers[q.ID] = Picked(order...)
}

// lineEnds undoes what browsers make of line ends when they send a form or show one, so that a text that is shown
// and sent back is the same text.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// readText keeps a text exactly as typed, but for line ends.
func (r *reader) readText(question, field string) {
	text := lineEnds.Replace(r.single(field))
	switch {
	case text == "":
		return
	case !utf8.ValidString(text):
		r.fault(field, FaultNotText, "is not readable text (UTF-8)")
	case utf8.RuneCountInString(text) > LongestText:
		r.fault(field, FaultTooLong, "is longer than 5,000 characters")
	default:
		r.reply.Texts[question] = text
	}
}

// mostStrangers bounds the faults of one form: no browser sends a single unknown field, and whoever makes up a
// hundred thousand need not read as many sentences.
const mostStrangers = 20

// refuseStrangers names fields that belong to no question of this survey.
func (r *reader) refuseStrangers() {
	named := 0
	for _, field := range sortedKeys(r.form) {
		if strings.HasPrefix(field, "q.") && !r.doc.ownsField(field) {
			r.fault(field, FaultUnknown, "is not a question of this survey")
			if named++; named == mostStrangers {
				return
			}
		}
	}
}

func (d *Document) ownsField(field string) bool {
	id, part, parted := splitField(field)
	q, ok := d.Question(id)
	switch {
	case !ok:
		return false
	case q.Kind == Ranking:
		return parted && q.HasOption(part)
	case parted:
		return part == OtherOption && q.Other
	}
	return true
}

// splitField takes a question's field apart: its id, and the option or "other" behind it.
func splitField(field string) (question, part string, parted bool) {
	return strings.Cut(strings.TrimPrefix(field, "q."), ".")
}

// faulty tells the questions whose fields are at fault.
func (r *reader) faulty() map[string]bool {
	ids := map[string]bool{}
	for _, f := range r.faults {
		if strings.HasPrefix(f.Path, "q.") {
			id, _, _ := splitField(f.Path)
			ids[id] = true
		}
	}
	return ids
}

// dropHidden forgets the answers to questions that are not shown, and what was wrong with them. Where an answer that
// decides is itself at fault, nobody knows yet what is shown, so faults further on stay.
func (r *reader) dropHidden() {
	faulty := r.faulty()
	hidden := map[string]bool{}
	for i := range r.doc.Questions {
		q := &r.doc.Questions[i]
		if r.doc.Visible(q, r.reply.Answers) {
			continue
		}
		delete(r.reply.Answers, q.ID)
		delete(r.reply.Texts, q.ID)
		if on := q.ShowIf.Question; hidden[on] || !faulty[on] {
			hidden[q.ID] = true
		}
	}
	r.faults = slices.DeleteFunc(r.faults, func(f Fault) bool {
		id, _, _ := splitField(f.Path)
		return strings.HasPrefix(f.Path, "q.") && hidden[id]
	})
}

func (r *reader) requireAnswers() {
	faulty := r.faulty()
	nothing := len(faulty) == 0 && len(r.reply.Answers)+len(r.reply.Texts) == 0
	for i := range r.doc.Questions {
		q := &r.doc.Questions[i]
		_, answered := r.reply.Answers[q.ID]
		answered = answered || q.Kind == Text && r.reply.Texts[q.ID] != ""
		if q.Required && !answered && !faulty[q.ID] && r.doc.Visible(q, r.reply.Answers) {
			r.fault(FieldOf(q.ID), FaultRequired, "needs an answer")
			nothing = false
		}
	}
	if nothing {
		r.fault("", FaultEmpty, "nothing is answered yet")
	}
}

// Form writes a reply back as the form it came from, so that a stored response can be changed where it was given.
func (d *Document) Form(reply Reply) Form {
	form := Form{"receipt": {string(reply.Receipt)}, "lang": {reply.Language}}
	if reply.Department != 0 {
		form["department"] = []string{strconv.FormatInt(int64(reply.Department), 10)}
	}
	if reply.Band != 0 {
		form["band"] = []string{strconv.FormatInt(int64(reply.Band), 10)}
	}
	if reply.Variant != NoVariant {
		form[VariantField] = []string{reply.Variant.String()}
	}
	for i := range d.Questions {
		q := &d.Questions[i]
		if a, ok := reply.Answers[q.ID]; ok {
			form.addAnswer(q, a)
		}
		if text := reply.Texts[q.ID]; text != "" && q.Kind == Text {
			form[FieldOf(q.ID)] = []string{text}
		} else if text != "" {
			form[OtherField(q.ID)] = []string{text}
		}
	}
	return form
}

func (f Form) addAnswer(q *Question, a Answer) {
	switch {
	case q.Scored():
		f[FieldOf(q.ID)] = []string{strconv.Itoa(a.Number)}
	case q.Kind == Ranking:
		for i, option := range a.Options {
			f[RankField(q.ID, option)] = []string{strconv.Itoa(i + 1)}
		}
	default:
		f[FieldOf(q.ID)] = a.Options
	}
}
