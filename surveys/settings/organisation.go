package settings

import (
	"strings"
	"time"
	_ "time/tzdata" // the zones of the world, wherever the program runs
	"unicode/utf8"

	"golang.org/x/text/language"
	"gorm.io/gorm"

	"soundings/surveys"
)

// Organisation is who asks, and by which clock.
type Organisation struct {
	Name     string // shown to respondents and in mail; empty: the one the program was started with
	TimeZone string // such as "Europe/Berlin"; empty: UTC
	Language string // of messages to everybody, such as those to a chat; empty: English
}

// The name of the time zone's setting is known to surveys/waves too.
const (
	organisationName     = "organisation.name"
	organisationZone     = "organisation.time_zone"
	organisationLanguage = "organisation.language"
)

// ReadOrganisation reads what is set about the organisation.
func ReadOrganisation(db *gorm.DB) (Organisation, error) {
	v, err := read(db, organisationName, organisationZone, organisationLanguage)
	return Organisation{Name: v[organisationName], TimeZone: v[organisationZone], Language: v[organisationLanguage]}, err
}

// SaveOrganisation saves what is set about the organisation, or tells every fault at once.
func SaveOrganisation(tx *gorm.DB, o Organisation) error {
	var faults surveys.Faults
	o.Name = strings.TrimSpace(o.Name)
	if utf8.RuneCountInString(o.Name) > longestText || controls(o.Name) || !utf8.ValidString(o.Name) {
		faults = append(faults, fault("name", "text", "has at most 200 characters and no line breaks"))
	}
	if _, err := time.LoadLocation(o.TimeZone); err != nil || o.TimeZone == "Local" {
		faults = append(faults, fault("time_zone", "time_zone", "must be the name of a time zone, such as Europe/Berlin"))
	}
	if _, err := language.Parse(o.Language); o.Language != "" && err != nil {
		faults = append(faults, fault("language", "unknown", "must be a language such as de"))
	}
	if len(faults) > 0 {
		return &surveys.Error{Kind: surveys.Invalid, Op: "settings: organisation", Message: "something about the organisation cannot be saved", Faults: faults}
	}
	return write(tx, map[string]string{organisationName: o.Name, organisationZone: o.TimeZone, organisationLanguage: o.Language})
}
