package surveys

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Codes of the faults a document can have beside those a respondent can meet (see ReadReply); each is a key of the
// program's words.
const (
	FaultFormat       = "format"        // an id or a language is misspelt
	FaultDuplicate    = "duplicate"     // the same thing twice
	FaultReserved     = "reserved"      // the id belongs to the program
	FaultTooMany      = "too_many"      // more entries than allowed
	FaultTooFew       = "too_few"       // fewer entries than needed
	FaultCount        = "count"         // a list that has to match another in length
	FaultNotAllowed   = "not_allowed"   // has no meaning in this place
	FaultMissing      = "missing"       // show_if: no question has this id
	FaultLater        = "later"         // show_if: the question comes after this one
	FaultItself       = "itself"        // show_if: the question itself
	FaultNotClosed    = "not_closed"    // show_if: a text or ranking question cannot decide
	FaultSameLanguage = "same_language" // a translation into the document's own language
	FaultUntranslated = "untranslated"  // a text that one of the languages lacks
)

// Limits of a document beside those in surveys.go; lengths are in characters.
const (
	DefaultPoints   = 5
	MostMinimum     = 100 // above it a survey would hardly show any department
	MostConstructs  = 50
	MostLanguages   = 50
	LongestTitle    = 300
	LongestIntro    = 5000
	LongestQuestion = 1000
	LongestHelp     = 2000
	LongestLabel    = 200
	LongestOption   = 300
)

var (
	questionID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)
	optionID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	// Language, then script, region, variants and extensions; at most 35 characters are checked apart.
	languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
)

const longestLanguageTag = 35 // RFC 5646, section 4.4.1

// Normalise fills in what an author may leave out: language en, purpose custom, anonymous, a minimum of 5, results
// when closed, scales of 5 points. Empty lists become nil, so that equal documents are deeply equal.
func (d *Document) Normalise() {
	d.Purpose = or(d.Purpose, AboutOther)
	d.Language = or(d.Language, "en")
	d.Anonymity = or(d.Anonymity, Anonymous)
	d.Minimum = or(d.Minimum, DefaultMinimum)
	d.Results = or(d.Results, WhenClosed)
	d.Constructs = nilIfEmpty(d.Constructs)
	d.Questions = nilIfEmpty(d.Questions)
	for i := range d.Questions {
		q := &d.Questions[i]
		if q.Kind == Scale {
			q.Points = or(q.Points, DefaultPoints)
		}
		q.Labels = nilIfEmpty(q.Labels)
		q.Options = nilIfEmpty(q.Options)
		if q.ShowIf != nil {
			q.ShowIf.In = nilIfEmpty(q.ShowIf.In)
		}
	}
	for lang, t := range d.Translations {
		for id, q := range t.Questions {
			q.Labels = nilIfEmpty(q.Labels)
			if len(q.Options) == 0 {
				q.Options = nil
			}
			t.Questions[id] = q
		}
		if len(t.Questions) == 0 {
			t.Questions = nil
		}
		d.Translations[lang] = t
	}
	if len(d.Translations) == 0 {
		d.Translations = nil
	}
}

func or[T comparable](value, instead T) T {
	var zero T
	if value == zero {
		return instead
	}
	return value
}

func nilIfEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// Validate finds every fault of a normalised document. A document without faults can be published and answered.
func (d *Document) Validate() Faults {
	c := checker{d: d, position: map[string]int{}, constructs: map[string]bool{Openness: true, Engagement: true}}
	for i, q := range d.Questions {
		if _, taken := c.position[q.ID]; !taken {
			c.position[q.ID] = i
		}
	}
	c.head()
	c.definitions()
	c.questions()
	c.translations()
	return c.faults
}

// checker gathers the faults of one document.
type checker struct {
	d          *Document
	position   map[string]int  // of the first question with an id
	constructs map[string]bool // that questions may name
	faults     Faults
}

// add reports one fault. Value is the wrong value, for the sentence in the reader's language; it may be empty.
func (c *checker) add(path, code, value, format string, args ...any) {
	f := Fault{Path: path, Code: code, Detail: fmt.Sprintf(format, args...)}
	if value != "" {
		f.Args = map[string]string{"value": value}
	}
	c.faults = append(c.faults, f)
}

func (c *checker) head() {
	d := c.d
	c.text("title", "title", d.Title, LongestTitle)
	c.oneOf("purpose", string(d.Purpose), string(AboutChange), string(AboutEngagement), string(AboutOther))
	switch {
	case d.Change == "":
	case d.Purpose != AboutChange:
		c.add("change", FaultNotAllowed, d.Change, "only a survey of the purpose change is about a change; take out %s", Quoted(d.Change))
	case !questionID.MatchString(d.Change):
		c.add("change", FaultFormat, d.Change, "the name of a change is a letter followed by at most 63 letters, digits, - and _; %s is not", Quoted(d.Change))
	}
	c.language("language", d.Language)
	c.oneOf("anonymity", string(d.Anonymity), string(Anonymous), string(Named))
	least := LeastMinimum
	if d.Anonymity == Named {
		least = 1 // the gate shows single answers of named surveys whatever is written here
	}
	if d.Minimum < least || d.Minimum > MostMinimum {
		c.add("minimum", FaultOutOfRange, strconv.Itoa(d.Minimum),
			"the smallest group shown is %d; it has to be from %d to %d", d.Minimum, least, MostMinimum)
	}
	c.oneOf("show_results", string(d.Results), string(WhenClosed), string(WhileOpen))
	c.optional("intro", "intro", d.Intro, LongestIntro)
}

func (c *checker) definitions() {
	if n := len(c.d.Constructs); n > MostConstructs {
		c.add("constructs", FaultTooMany, strconv.Itoa(n), "there are %d constructs; at most %d are allowed", n, MostConstructs)
	}
	own := map[string]bool{}
	for i, construct := range c.d.Constructs {
		at := fmt.Sprintf("constructs[%d]", i)
		id := construct.ID
		switch {
		case !c.id(at+".id", "construct", id, questionID):
		case id == Openness || id == Engagement:
			c.add(at+".id", FaultReserved, id, "the construct %s is built in; give your own another id", Quoted(id))
		case own[id]:
			c.add(at+".id", FaultDuplicate, id, "the construct id %s is used twice", Quoted(id))
		}
		own[id] = true
		c.constructs[id] = true
		c.text(at+".name", "name of the construct", construct.Name, LongestLabel)
	}
}

// text checks a text that has to be there.
func (c *checker) text(path, what, s string, longest int) {
	if strings.TrimSpace(s) == "" {
		c.add(path, FaultRequired, "", "the %s is empty; it has to be written", what)
		return
	}
	c.optional(path, what, s, longest)
}

// optional checks a text that may be left out.
func (c *checker) optional(path, what, s string, longest int) {
	switch n := utf8.RuneCountInString(s); {
	case s == "":
	case !utf8.ValidString(s):
		c.add(path, FaultNotText, "", "the %s holds bytes that are not text (UTF-8): %s", what, Quoted(s))
	case strings.TrimSpace(s) == "":
		c.add(path, FaultRequired, "", "the %s is only blanks; write something or leave it out", what)
	case n > longest:
		c.add(path, FaultTooLong, strconv.Itoa(n), "the %s has %d characters; at most %d fit: %s", what, n, longest, Quoted(s))
	}
}

func (c *checker) oneOf(path, value string, allowed ...string) {
	if value == "" {
		c.add(path, FaultRequired, "", "%s is empty; it has to be %s", path, list(allowed))
	} else if !slices.Contains(allowed, value) {
		c.add(path, FaultUnknown, value, "%s is %s; it has to be %s", path, Quoted(value), list(allowed))
	}
}

// id checks the form of an id and reports whether it can be used.
func (c *checker) id(path, what, id string, form *regexp.Regexp) bool {
	if id == "" {
		c.add(path, FaultRequired, "", "the %s has no id", what)
		return false
	}
	if form.MatchString(id) {
		return true
	}
	first := "a letter"
	if form == optionID {
		first = "a letter or a digit"
	}
	c.add(path, FaultFormat, id, "the %s id %s has to start with %s (a-z) and may only hold letters, digits, - and _, at most 64 of them",
		what, Quoted(id), first)
	return false
}

func (c *checker) language(path, tag string) bool {
	if tag == "" {
		c.add(path, FaultRequired, "", "the language is empty; write a tag such as en, de or pt-BR")
		return false
	}
	if !languageTag.MatchString(tag) || len(tag) > longestLanguageTag {
		c.add(path, FaultFormat, tag, "%s is not a language; write a tag such as en, de or pt-BR", Quoted(tag))
		return false
	}
	return true
}

// Quoted writes a value for a fault's Detail: in quotation marks, on one line, at most 40 characters of it.
func Quoted(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "..."
	}
	return strconv.Quote(s)
}

func list(allowed []string) string {
	last := len(allowed) - 1
	return strings.Join(allowed[:last], ", ") + " or " + allowed[last]
}
