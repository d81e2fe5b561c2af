package surveys

import (
	"fmt"
	"slices"
	"strconv"
)

func (c *checker) questions() {
	n := len(c.d.Questions)
	switch {
	case n == 0:
		c.add("questions", FaultTooFew, "", "there is no question; a survey needs at least one")
	case n > MostQuestions:
		c.add("questions", FaultTooMany, strconv.Itoa(n), "there are %d questions; at most %d are allowed", n, MostQuestions)
	}
	items := map[string]int{}
	for i := range c.d.Questions {
		q := &c.d.Questions[i]
		at := fmt.Sprintf("questions[%d]", i)
		if c.id(at+".id", "question", q.ID, questionID) && c.position[q.ID] != i {
			c.add(at+".id", FaultDuplicate, q.ID, "the question id %s is used twice; each question needs its own", Quoted(q.ID))
		}
		c.text(at+".text", "text of the question", q.Text, LongestQuestion)
		c.optional(at+".help", "help text", q.Help, LongestHelp)
		if c.kind(at+".kind", q.Kind) {
			c.scale(at, q)
			c.construct(at+".construct", q, items)
			c.options(at, q)
		}
		if q.ShowIf != nil {
			c.condition(at+".show_if", i, q.ShowIf)
		}
	}
}

// kind reports whether the kind is known, so that the rules of the kind can be applied.
func (c *checker) kind(path string, kind Kind) bool {
	switch kind {
	case Scale, Recommend, Choice, Choices, Ranking, Text:
		return true
	}
	const known = "it has to be scale, recommend, choice, choices, ranking or text"
	if kind == "" {
		c.add(path, FaultRequired, "", "the question has no kind; %s", known)
	} else {
		c.add(path, FaultUnknown, string(kind), "the kind is %s; %s", Quoted(string(kind)), known)
	}
	return false
}

func (c *checker) scale(at string, q *Question) {
	if q.Kind != Scale {
		if q.Points != 0 {
			c.onlyFor(at+".points", q, "points", "scale questions")
		}
		if len(q.Labels) > 0 {
			c.onlyFor(at+".labels", q, "labels", "scale questions")
		}
		if q.Reversed {
			c.onlyFor(at+".reversed", q, "reversed", "scale questions")
		}
		return
	}
	if q.Points != 5 && q.Points != 7 {
		c.add(at+".points", FaultOutOfRange, strconv.Itoa(q.Points), "the scale has %d points; it has to be 5 or 7", q.Points)
	} else if n := len(q.Labels); n > 0 && n != q.Points {
		c.add(at+".labels", FaultCount, strconv.Itoa(n), "there are %d labels for %d points; write one for each point, or none", n, q.Points)
	}
	for i, label := range q.Labels {
		c.text(fmt.Sprintf("%s.labels[%d]", at, i), "label", label, LongestLabel)
	}
}

func (c *checker) onlyFor(path string, q *Question, key, kinds string) {
	c.add(path, FaultNotAllowed, string(q.Kind), "%s is only for %s; this one is of the kind %s", key, kinds, q.Kind)
}

// construct counts the items of each construct as it goes, and faults the first item too many.
func (c *checker) construct(path string, q *Question, items map[string]int) {
	name := q.Construct
	switch {
	case name == "":
	case q.Kind != Scale:
		c.onlyFor(path, q, "construct", "scale questions")
	case !c.constructs[name]:
		c.add(path, FaultUnknown, name, "the construct %s does not exist; use openness, engagement or one listed under constructs", Quoted(name))
	default:
		items[name]++
		if items[name] == MostConstructSize+1 {
			c.add(path, FaultTooMany, name, "the construct %s has more than %d questions", Quoted(name), MostConstructSize)
		}
	}
}

func (c *checker) options(at string, q *Question) {
	if q.Other && q.Kind != Choice && q.Kind != Choices {
		c.onlyFor(at+".other", q, "other", "choice and choices questions")
	}
	n, least := len(q.Options), 2
	switch q.Kind {
	case Choice, Ranking:
	case Choices:
		least = 1
	default:
		if n > 0 {
			c.onlyFor(at+".options", q, "options", "choice, choices and ranking questions")
		}
		return
	}
	if n < least {
		c.add(at+".options", FaultTooFew, strconv.Itoa(n), "there are %d options; a %s question needs at least %d", n, q.Kind, least)
	}
	if n > MostOptions {
		c.add(at+".options", FaultTooMany, strconv.Itoa(n), "there are %d options; at most %d are allowed", n, MostOptions)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		path := fmt.Sprintf("%s.options[%d]", at, i)
		switch {
		case !c.id(path+".id", "option", o.ID, optionID):
		case o.ID == OtherOption:
			c.add(path+".id", FaultReserved, o.ID, "the option id %s is the program's own; for a free text beside the options write other: true", Quoted(o.ID))
		case seen[o.ID]:
			c.add(path+".id", FaultDuplicate, o.ID, "the option id %s is used twice in this question", Quoted(o.ID))
		}
		seen[o.ID] = true
		c.text(path+".text", "text of the option", o.Text, LongestOption)
	}
}

// condition checks what the question at an index hangs on.
func (c *checker) condition(at string, index int, cond *Condition) {
	if len(cond.In) == 0 {
		c.add(at+".in", FaultRequired, "", "show_if has no answers; list under in those that show the question")
	}
	for i, value := range cond.In {
		if slices.Index(cond.In, value) < i {
			c.add(fmt.Sprintf("%s.in[%d]", at, i), FaultDuplicate, value, "the answer %s is listed twice", Quoted(value))
		}
	}
	on, ok := c.deciding(at+".question", index, cond.Question)
	if !ok {
		return
	}
	for i, value := range cond.In {
		if possible, what := answerable(on, value); !possible {
			c.add(fmt.Sprintf("%s.in[%d]", at, i), FaultUnknown, value,
				"%s can never be the answer to %s; %s", Quoted(value), Quoted(on.ID), what)
		}
	}
}

// deciding finds the question a condition names, if that one can decide.
func (c *checker) deciding(path string, index int, id string) (*Question, bool) {
	found, ok := c.position[id]
	switch {
	case id == "":
		c.add(path, FaultRequired, "", "show_if names no question")
		return nil, false
	case !ok:
		c.add(path, FaultMissing, id, "show_if names the question %s, but no question has this id", Quoted(id))
		return nil, false
	case found == index:
		c.add(path, FaultItself, id, "show_if of the question %s names the question itself; it has to be an earlier one", Quoted(id))
		return nil, false
	case found > index:
		c.add(path, FaultLater, id, "show_if names the question %s, which comes later; it has to be an earlier one", Quoted(id))
		return nil, false
	}
	on := &c.d.Questions[found]
	switch on.Kind {
	case Text, Ranking:
		c.add(path, FaultNotClosed, id, "show_if names %s, a %s question; only scale, recommend, choice and choices questions can decide",
			Quoted(id), on.Kind)
		return nil, false
	case Scale, Recommend, Choice, Choices:
		return on, true
	}
	return nil, false // its unknown kind is a fault of its own
}

// answerable reports whether a value can be an answer, and if not, what can. Values are compared as written,
// so "01" is not 1.
func answerable(q *Question, value string) (bool, string) {
	if !q.Scored() {
		return q.HasOption(value), "it is not one of its option ids"
	}
	low, high := q.Range()
	n, err := strconv.Atoi(value)
	ok := err == nil && strconv.Itoa(n) == value && n >= low && n <= high
	return ok, fmt.Sprintf("its answers are the whole numbers from %d to %d", low, high)
}
