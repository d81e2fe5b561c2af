package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// topic is which open question a remark answers.
type topic int

const (
	general topic = iota // what IT should know, or do differently
	toTry                // what would have to be different
	beside               // another worry than those offered
)

// scope is in which survey a general remark makes sense.
type scope int

const (
	either scope = iota
	onChange
	onIT
)

func (s scope) fits(about subject) bool {
	return s == either || (s == onChange) == (about == change)
}

// mood is how the one who writes feels.
type mood int

const (
	anyMood mood = iota
	kind
	mixed
	cross
)

func moodOf(feels float64) mood {
	switch {
	case feels >= 60:
		return kind
	case feels < 45:
		return cross
	}
	return mixed
}

// chapter is remarks that the same people make in the same mood at the same time. In a line, {a|b|c} stands for one of
// the three.
type chapter struct {
	to     string // a department; everybody if empty
	about  topic
	in     scope
	mood   mood
	from   int // the first quarter
	before int // the first quarter in which nobody says so any more; 0: never
	lines  []string
}

// remarks is everything that people have to say, by language.
type remarks struct{ byLanguage map[string][]chapter }

func newRemarks() *remarks {
	return &remarks{map[string][]chapter{
		"en": slices.Concat(englishForAll(), englishByDepartment()),
		"de": slices.Concat(germanForAll(), germanByDepartment()),
	}}
}

// page is what one department has to say in one wave. It remembers what is written already: nobody believes a list in
// which the same sentence comes twice.
type page struct {
	lines   map[heading][]*line
	written map[string]bool
}

type heading struct {
	about    topic
	language string
	mood     mood
}

// line is one remark and how often it was used on the page.
type line struct {
	text string
	used int
}

// mostUses is how often one line may stand on a page, each time with other words in its gaps.
const mostUses = 2

func (r *remarks) page(department string, on *run) *page {
	p := &page{lines: map[heading][]*line{}, written: map[string]bool{}}
	for language, chapters := range r.byLanguage {
		for i := range chapters {
			if c := &chapters[i]; c.fits(department, on) {
				p.add(language, c)
			}
		}
	}
	return p
}

func (c *chapter) fits(department string, on *run) bool {
	return (c.to == "" || c.to == department) && c.in.fits(on.about) &&
		on.quarter >= c.from && (c.before == 0 || on.quarter < c.before)
}

func (p *page) add(language string, c *chapter) {
	moods := []mood{c.mood}
	if c.mood == anyMood {
		moods = []mood{kind, mixed, cross}
	}
	for _, text := range c.lines {
		l := &line{text: text}
		for _, m := range moods {
			h := heading{c.about, language, m}
			p.lines[h] = append(p.lines[h], l)
			if c.to != "" { // people speak of their own work first
				p.lines[h] = append(p.lines[h], l)
			}
		}
	}
}

// say finds words for a mood that are not on the page yet, or "" when everything has been said.
func (p *page) say(rng *rand.Rand, about topic, language string, m mood) string {
	lines := p.lines[heading{about, language, m}]
	order := rng.Perm(len(lines))
	for uses := range mostUses { // what has not been said at all comes first
		for _, i := range order {
			l := lines[i]
			text := spin(rng, l.text)
			if l.used == uses && !p.written[text] {
				l.used++
				p.written[text] = true
				return text
			}
		}
	}
	return ""
}

// spin fills the gaps of a line.
func spin(rng *rand.Rand, text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		gap, after, _ := strings.Cut(rest, "}")
		words := strings.Split(gap, "|")
		b.WriteString(words[rng.IntN(len(words))])
		text = after
	}
}
