package web

import (
	"soundings/surveys"
)

// The pages that employees meet, as the templates in static/templates/answer see them.

// respondentFrame is what every page has around its content.
type respondentFrame struct {
	*speech
	Organisation string
	Title        string
	Switch       []languageLink
	Current      string // name of the page's language
	Repost       string // a receipt: the switch posts it, because the page cannot be had by its address alone
}

type languageLink struct {
	Lang    string
	Name    string
	Href    string
	Current bool
}

// formPage is the questionnaire, empty or filled in.
type formPage struct {
	respondentFrame
	Heading    string
	Intro      string
	Opening    *openingView // nil where nothing was promised since the department was asked before
	Pitch      *pitchView   // nil where the change is put in no words of its own
	Variant    string       // which of two texts Pitch is; "" where none are tried
	Why        *whyView     // nil where the survey names no change
	Privacy    privacyNote
	Minutes    int
	Receipt    string
	Change     bool     // answers are there already and are being changed
	Filled     bool     // it comes back: what is in it is newer than a draft kept in the browser
	Place      []string // what the address or the first answer settled: department and level
	Department *placeField
	Band       *placeField
	Questions  []questionView
	Faults     []faultLine
	Again      bool   // the browser knows whether somebody has answered here already, and asks
	Away       string // not stored, and not the respondent's fault: what to do about it
	Send       string // on the button
	Preview    *previewNote
}

// previewNote says, to the author who looks at a draft, why it cannot be sent; nil for respondents.
type previewNote struct{ Lang, Text string }

// privacyNote stands before the first question.
type privacyNote struct {
	Title string
	Lines []string
}

// placeField asks for the department or the level.
type placeField struct {
	Options []optionView
	Fault   string
}

// questionView is one question in one language, with what was typed.
type questionView struct {
	*speech
	ID          string
	Kind        surveys.Kind
	Field       string
	Text        string
	Help        string
	Hints       []string // program's own, below the help
	Required    bool
	Layout      string // of a scale: "grid" where the labels fit side by side, "stack" where not
	Options     []optionView
	Other       *optionView // the free text beside the options: Value is the text
	Value       string      // of a text question
	Select      bool        // ranks are few enough to be chosen from a list
	If          string      // id of the question this one hangs on
	In          string      // its deciding values, with spaces between
	OnlyIf      string      // the same as a sentence, for readers without JavaScript
	Fault       string
	DescribedBy string
}

type optionView struct {
	ID      string // of the field
	Field   string
	Value   string
	Text    string
	Chosen  bool
	Fault   string
	Ranks   []optionView
	Checked bool // of the free text: its own radio button or box
}

// faultLine is one entry of the summary at the top. Target is the id of the field, or empty.
type faultLine struct {
	Target string
	Label  string
	Text   string
}

// typedText is something a respondent wrote that could not be stored.
type typedText struct{ Question, Text string }

// failurePage says what went wrong, what that means for the answers, and what to do.
type failurePage struct {
	respondentFrame
	Heading string
	Lines   []string
	Typed   []typedText
	Resend  []typedField // everything that was sent, to be sent again
	Receipt bool         // offers the receipt page
}

type typedField struct{ Name, Value string }

// thanksPage follows a stored response. Without a receipt it says why it cannot show one.
type thanksPage struct {
	respondentFrame
	Heading string
	Next    string
	Receipt string
	Code    string // of the link, so that the page can drop the draft
	Trace   string // of the response; see traceOf
	Board   string // address of the board of ideas; "" where there is none
	Offer   bool   // to become a champion
}

// lookPage asks for a receipt.
type lookPage struct {
	respondentFrame
	Typed string
	Fault string
}

// answersPage shows what is stored for a receipt.
type answersPage struct {
	respondentFrame
	Heading   string
	Survey    string
	Wave      string
	Place     []string
	Lines     []string
	Notice    string
	Receipt   string
	Open      bool
	Withdrawn bool
	Trace     string // of a withdrawn response; see traceOf
	Comments  bool
	Answers   []answerView
}

type answerView struct {
	Question string
	Text     string   // one answer, or what was written
	Written  bool     // Text is the respondent's own
	List     []string // several answers
	Ranked   bool     // List is in order of preference
}

// confirmPage asks before something that cannot be undone.
type confirmPage struct {
	respondentFrame
	Heading string
	Text    string
	Yes     string
	Action  string
	Receipt string
}
