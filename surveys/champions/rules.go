package champions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/settings"
)

// Limits in characters.
const (
	LongestName    = 200
	LongestTopic   = 60
	LongestHow     = 500
	LongestWording = 2000
	LongestReport  = 4000
	MostTopics     = 10
)

// MostADay is how many may volunteer in a day while nobody has confirmed: whoever types in strangers' addresses by the
// thousand stops there.
const MostADay = 200

// Codes of faults; each is a key of the program's words.
const (
	FaultRequired   = "required"
	FaultLong       = "long" // Args: limit, length
	FaultUnreadable = "unreadable"
	FaultUnknown    = "unknown"
	FaultAddress    = "address"
	FaultDay        = "day"    // no day of the calendar
	FaultFuture     = "future" // still to come
	FaultTooMany    = "too_many"
	FaultArchived   = "archived" // Args: department
	FaultTaken      = "taken"    // somebody has this address already
)

func invalid(op string, faults surveys.Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return &surveys.Error{Kind: surveys.Invalid, Op: op, Message: "Please correct what is marked.", Faults: faults}
}

func fault(path, code, detail string, args ...string) surveys.Fault {
	f := surveys.Fault{Path: path, Code: code, Detail: detail}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// textFaults finds what is wrong with one text of at most limit characters.
func textFaults(path, text string, limit int, required bool) surveys.Faults {
	length := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return surveys.Faults{fault(path, FaultUnreadable, "holds bytes that are no text")}
	case required && strings.TrimSpace(text) == "":
		return surveys.Faults{fault(path, FaultRequired, "must not be empty")}
	case length > limit:
		return surveys.Faults{fault(path, FaultLong, fmt.Sprintf("has %d characters and may have %d", length, limit),
			"limit", strconv.Itoa(limit), "length", strconv.Itoa(length))}
	}
	return nil
}

// ParseTopics reads topics as somebody typed them, with the commas of their language or on lines.
func ParseTopics(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;\n\r،؛、，；", r) })
	var topics []string
	for _, part := range parts {
		if part = strings.Join(strings.Fields(part), " "); part != "" && !slices.Contains(topics, part) {
			topics = append(topics, part)
		}
	}
	return topics
}

func topicFaults(topics []string) surveys.Faults {
	if len(topics) > MostTopics {
		return surveys.Faults{fault("topics", FaultTooMany, fmt.Sprintf("are %d and may be %d", len(topics), MostTopics), "limit", strconv.Itoa(MostTopics))}
	}
	for _, topic := range topics {
		if faults := textFaults("topics", topic, LongestTopic, true); len(faults) > 0 {
			return faults
		}
	}
	return nil
}

func (c *Champion) tidy() {
	c.Name, c.Email = strings.Join(strings.Fields(c.Name), " "), strings.TrimSpace(c.Email)
	c.Consent.How, c.Consent.Wording = strings.TrimSpace(c.Consent.How), strings.TrimSpace(c.Consent.Wording)
}

// faults finds everything that is wrong with a champion by itself.
func (c *Champion) faults() surveys.Faults {
	faults := textFaults("name", c.Name, LongestName, true)
	switch found := textFaults("email", c.Email, 254, true); {
	case len(found) > 0:
		faults = append(faults, found...)
	case !settings.IsAddress(c.Email):
		faults = append(faults, fault("email", FaultAddress, "is not an e-mail address"))
	}
	faults = append(faults, topicFaults(c.Topics)...)
	if _, err := language.Parse(c.Language); err != nil {
		faults = append(faults, fault("language", FaultUnknown, "is not a language"))
	}
	return faults
}

// consentFaults finds what is missing of a consent that IT recorded.
func (c *Champion) consentFaults(today surveys.Day) surveys.Faults {
	if c.Consent.Own() {
		return nil
	}
	faults := pastDay("consent_on", c.Consent.On, today, true)
	faults = append(faults, textFaults("consent_how", c.Consent.How, LongestHow, true)...)
	return append(faults, textFaults("consent_wording", c.Consent.Wording, LongestWording, true)...)
}

func pastDay(path string, d, today surveys.Day, required bool) surveys.Faults {
	switch {
	case d == "" && required:
		return surveys.Faults{fault(path, FaultRequired, "must not be empty")}
	case d == "":
	case !d.Valid():
		return surveys.Faults{fault(path, FaultDay, "is not a day")}
	case d > today:
		return surveys.Faults{fault(path, FaultFuture, "is still to come")}
	}
	return nil
}

// dayFaults finds what is wrong with the days of an active champion.
func (c *Champion) dayFaults(today surveys.Day) surveys.Faults {
	faults := pastDay("since", c.Since, today, true)
	found := pastDay("last_contact", c.LastContact, today, false)
	return append(faults, found...)
}
