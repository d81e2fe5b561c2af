package champions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/languages"
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
		return surveys.Faults{surveys.NewFault("topics", FaultTooMany, fmt.Sprintf("are %d and may be %d", len(topics), MostTopics), "limit", strconv.Itoa(MostTopics))}
	}
	for _, topic := range topics {
		if faults := surveys.TextFaults("topics", topic, LongestTopic, true); len(faults) > 0 {
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
	faults := surveys.TextFaults("name", c.Name, LongestName, true)
	switch found := surveys.TextFaults("email", c.Email, 254, true); {
	case len(found) > 0:
		faults = append(faults, found...)
	case !settings.IsAddress(c.Email):
		faults = append(faults, surveys.NewFault("email", FaultAddress, "is not an e-mail address"))
	}
	faults = append(faults, topicFaults(c.Topics)...)
	return append(faults, languages.Faults("language", c.Language)...)
}

// consentFaults finds what is missing of a consent that IT recorded.
func (c *Champion) consentFaults(today surveys.Day) surveys.Faults {
	if c.Consent.Own() {
		return nil
	}
	faults := pastDay("consent_on", c.Consent.On, today, true)
	faults = append(faults, surveys.TextFaults("consent_how", c.Consent.How, LongestHow, true)...)
	return append(faults, surveys.TextFaults("consent_wording", c.Consent.Wording, LongestWording, true)...)
}

func pastDay(path string, d, today surveys.Day, required bool) surveys.Faults {
	switch {
	case d == "" && required:
		return surveys.Faults{surveys.NewFault(path, FaultRequired, "must not be empty")}
	case d == "":
	case !d.Valid():
		return surveys.Faults{surveys.NewFault(path, FaultDay, "is not a day")}
	case d > today:
		return surveys.Faults{surveys.NewFault(path, FaultFuture, "is still to come")}
	}
	return nil
}

// dayFaults finds what is wrong with the days of an active champion.
func (c *Champion) dayFaults(today surveys.Day) surveys.Faults {
	faults := pastDay("since", c.Since, today, true)
	found := pastDay("last_contact", c.LastContact, today, false)
	return append(faults, found...)
}
