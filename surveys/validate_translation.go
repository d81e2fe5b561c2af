package surveys

import (
	"fmt"
	"strconv"
	"strings"
)

// translations checks that every language has exactly the texts of the document: a respondent must never meet a
// sentence in a language they did not choose.
func (c *checker) translations() {
	if n := len(c.d.Translations); n > MostLanguages {
		c.add("translations", FaultTooMany, strconv.Itoa(n), "there are %d translations; at most %d are allowed", n, MostLanguages)
	}
	seen := map[string]bool{}
	for _, lang := range sortedKeys(c.d.Translations) {
		at := "translations." + lang
		// Tags mean the same in upper and lower case.
		folded := strings.ToLower(lang)
		switch {
		case !c.language(at, lang):
		case folded == strings.ToLower(c.d.Language):
			c.add(at, FaultSameLanguage, lang, "%s is the language of the survey itself; a translation needs another one", Quoted(lang))
		case seen[folded]:
			c.add(at, FaultDuplicate, lang, "the language %s is there twice", Quoted(lang))
		}
		seen[folded] = true
		t := c.d.Translations[lang]
		c.translated(at+".title", lang, "title", c.d.Title, t.Title, LongestTitle)
		c.translatedOptional(at+".intro", lang, "intro", c.d.Intro, t.Intro, LongestIntro)
		c.translatedQuestions(at+".questions", lang, t.Questions)
	}
}

func (c *checker) translatedQuestions(at, lang string, translated map[string]QuestionTranslation) {
	for i := range c.d.Questions {
		q := &c.d.Questions[i]
		if c.position[q.ID] != i || q.ID == "" {
			continue // a question whose id is at fault cannot be matched
		}
		t, path := translated[q.ID], at+"."+q.ID
		of := " of the question " + Quoted(q.ID)
		c.translated(path+".text", lang, "text"+of, q.Text, t.Text, LongestQuestion)
		c.translatedOptional(path+".help", lang, "help text"+of, q.Help, t.Help, LongestHelp)
		c.translatedLabels(path+".labels", lang, q, t.Labels)
		c.translatedOptions(path+".options", lang, q, t.Options)
	}
	for _, id := range sortedKeys(translated) {
		if _, ok := c.position[id]; !ok {
			c.add(at+"."+id, FaultUnknown, id, "no question has the id %s", Quoted(id))
		}
	}
}

// translated checks one text against the original it stands for. Where that is missing there is nothing to compare.
func (c *checker) translated(path, lang, what, original, translation string, longest int) {
	switch {
	case strings.TrimSpace(original) == "":
	case strings.TrimSpace(translation) == "":
		c.add(path, FaultUntranslated, lang, "the %s is not translated into %s", what, Quoted(lang))
	default:
		c.optional(path, what, translation, longest)
	}
}

// translatedOptional is translated for a text that the survey may lack; then no language may have it.
func (c *checker) translatedOptional(path, lang, what, original, translation string, longest int) {
	if original == "" && translation != "" {
		c.add(path, FaultNotAllowed, "", "there is no %s to translate in the survey itself", what)
		return
	}
	c.translated(path, lang, what, original, translation, longest)
}

func (c *checker) translatedLabels(path, lang string, q *Question, labels []string) {
	switch n := len(labels); {
	case len(q.Labels) == 0 && n > 0:
		c.add(path, FaultNotAllowed, "", "the question %s has no labels to translate", Quoted(q.ID))
	case len(q.Labels) > 0 && n == 0:
		c.add(path, FaultUntranslated, lang, "the labels of the question %s are not translated into %s", Quoted(q.ID), Quoted(lang))
	case n != len(q.Labels):
		c.add(path, FaultCount, strconv.Itoa(n), "%d labels are translated, but the question %s has %d", n, Quoted(q.ID), len(q.Labels))
	default:
		for i, label := range labels {
			c.text(fmt.Sprintf("%s[%d]", path, i), "label", label, LongestLabel)
		}
	}
}

func (c *checker) translatedOptions(at, lang string, q *Question, options map[string]string) {
	known := map[string]bool{}
	for _, o := range q.Options {
		if o.ID != "" && !known[o.ID] {
			known[o.ID] = true
			what := fmt.Sprintf("option %s of the question %s", Quoted(o.ID), Quoted(q.ID))
			c.translated(at+"."+o.ID, lang, what, o.Text, options[o.ID], LongestOption)
		}
	}
	for _, id := range sortedKeys(options) {
		if !known[id] {
			c.add(at+"."+id, FaultUnknown, id, "the question %s has no option %s", Quoted(q.ID), Quoted(id))
		}
	}
}
