// Package directory takes in the organisation's directory: a CSV or XLSX file of everybody, matched by its headings,
// compared with what is known, and stored all or nothing. The file is the whole truth: who is not in it has gone.
package directory

import "soundings/surveys/uploads"

// Field is what a column of the file feeds.
type Field string

// The fields a directory may have. A name stands in one column, or in two.
const (
	Email      Field = "email"
	Name       Field = "name"
	Given      Field = "given"
	Family     Field = "family"
	Department Field = "department"
	Band       Field = "band"
	Language   Field = "language"
	Unused     Field = uploads.Unused
)

// Fields lists the fields in the order in which they are asked for.
func Fields() []Field { return []Field{Email, Name, Given, Family, Department, Band, Language} }

// Required tells the fields without which there is no directory.
func (f Field) Required() bool { return f == Email || f == Department }

// Matching says which column feeds which field, by the column's place from 0. A field without one is not in it.
type Matching map[Field]int

// column is the place of a field's column, or -1.
func (m Matching) column(f Field) int {
	if at, ok := m[f]; ok {
		return at
	}
	return -1
}

// Missing lists the required fields that no column feeds.
func (m Matching) Missing() []Field {
	var missing []Field
	for _, f := range Fields() {
		if _, ok := m[f]; f.Required() && !ok {
			missing = append(missing, f)
		}
	}
	return missing
}

// headings are the names a field's column goes by in English and German, likeliest first, without spaces and signs.
func headings(f Field) string {
	switch f {
	case Email:
		return `email emailaddress emailadresse mail mailaddress mailadresse workemail workemailaddress businessemail
			dienstlicheemail dienstlicheemailadresse dienstemail geschäftlicheemail primaryemail userprincipalname upn`
	case Name:
		return `name fullname displayname vollername vollständigername anzeigename employeename mitarbeitername vornamenachname
			nachnamevorname vorundnachname employee mitarbeiter mitarbeiterin mitarbeitende person`
	case Given:
		return "firstname givenname forename vorname rufname"
	case Family:
		return "lastname surname familyname nachname familienname zuname"
	case Department:
		return `department departmentname dept abteilung abteilungsname organisationseinheit orgunit organizationalunit
			organisationalunit organizationunit orgeinheit fachbereich bereich businessunit unit team`
	case Band:
		return `band seniority seniorityband senioritylevel level grade joblevel jobgrade careerlevel hierarchylevel hierarchy
			ebene hierarchieebene führungsebene hierarchiestufe karrierestufe karrierelevel stufe laufbahn`
	case Language:
		return "language preferredlanguage communicationlanguage lang locale sprache bevorzugtesprache korrespondenzsprache"
	}
	return ""
}

// Guess matches columns by what stands above them. remembered is what somebody decided for a heading before; it
// outweighs the guess. Where there are no bands, no column is taken for one.
func Guess(names []string, remembered map[string]Field, bands bool) Matching {
	parts := map[Field][]string{Email: {"mail"}, Department: {"department", "abteilung"}, Language: {"language", "sprache"}}
	var known []uploads.Known[Field]
	for _, f := range Fields() {
		if f != Band || bands {
			known = append(known, uploads.Known[Field]{Field: f, Names: headings(f), Parts: parts[f]})
		}
	}
	m := Matching(uploads.Guess(names, remembered, known))
	if _, whole := m[Name]; whole { // a whole name needs no halves
		delete(m, Given)
		delete(m, Family)
	}
	return m
}

// Set lets a column feed a field, and no other. A whole name replaces its halves and they replace it.
func (m Matching) Set(f Field, column int) {
	for other, at := range m {
		if at == column {
			delete(m, other)
		}
	}
	switch f {
	case Name:
		delete(m, Given)
		delete(m, Family)
	case Given, Family:
		delete(m, Name)
	}
	m[f] = column
}
