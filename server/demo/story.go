package demo

import (
	"soundings/surveys"
	"soundings/surveys/people"
)

// The departments by name: remarks are written for them.
const (
	operations      = "Operations"
	sales           = "Sales"
	customerService = "Customer Service"
	finance         = "Finance"
	marketing       = "Marketing"
	humanResources  = "Human Resources"
	purchasing      = "Purchasing"
	facilities      = "Facilities"
	legal           = "Legal"
)

const bandCount = 4

// organisation is who answers.
type organisation struct {
	departments []department
	bandNames   [bandCount]string
	bands       [bandCount]surveys.BandID
}

// department is one department's part in the story.
type department struct {
	id     surveys.DepartmentID
	name   string
	people [bandCount]int     // by band
	level  [subjects]timeline // where its mean score is meant to be, 0 to 100
	answer timeline           // how many of a hundred take part
	german int                // how many of a hundred answer in German
	leans  map[string]float64 // questions it scores higher or lower than its mean, in points
	worry  string             // what it worries about more than others
}

// timeline is a figure for each quarter with closed waves.
type timeline [quarters]float64

// at is the figure of a quarter; the open wave goes on where the last one ended.
func (t timeline) at(quarter int) float64 { return t[min(quarter, quarters-1)] }

func (d *department) headcount() int {
	sum := 0
	for _, n := range d.people {
		sum += n
	}
	return sum
}

// byBand is how many people of each band the departments have.
func (o *organisation) byBand() people.ByBand {
	counts := people.ByBand{}
	for i := range o.departments {
		for band, n := range o.departments[i].people {
			counts.Add(o.departments[i].id, o.bands[band], n)
		}
	}
	return counts
}

// goLive is the first quarter after the new ticketing went live.
const goLive = 5

// thaw is the first quarter in which Finance had its freeze calendar and its expense tool.
const thaw = 4

// harbourGroup is the whole story. Purchasing and Facilities are of nearly the same size: in each wave the gate hides
// whichever had fewer answers, so that nobody can work out Legal, which is always too small.
func harbourGroup() *organisation {
	return &organisation{
		bandNames: [bandCount]string{"Staff", "Team leads", "Managers", "Directors"},
		departments: []department{
			{name: operations, people: [bandCount]int{206, 34, 17, 3}, german: 28, worry: "learning",
				level: [subjects]timeline{
					change:        {52, 53, 52, 54, 52, 53, 54, 52},
					workingWithIT: {48, 49, 48, 47, 49, 48, 50, 49}},
				answer: timeline{45, 46, 45, 47, 48, 46, 47, 46},
				leans:  map[string]float64{"involved": -8, "informed": -7, "informs": -7, "willing": 5}},
			{name: sales, people: [bandCount]int{130, 24, 13, 3}, german: 24, worry: "time",
				level: [subjects]timeline{
					change:        {57, 56, 58, 57, 58, 57, 56, 57},
					workingWithIT: {54, 55, 54, 56, 55, 54, 53, 54}},
				answer: timeline{52, 51, 50, 50, 48, 49, 47, 48},
				leans:  map[string]float64{"support": -6, "confidence": 5, "responsive": -6}},
			{name: customerService, people: [bandCount]int{76, 13, 5, 2}, german: 30, worry: "reliable",
				level: [subjects]timeline{
					change:        {65, 66, 64, 66, 65, 56, 49, 45},
					workingWithIT: {60, 61, 60, 62, 59, 49, 45, 44}},
				answer: timeline{61, 62, 60, 63, 62, 66, 58, 53},
				leans:  map[string]float64{"support": -5, "fit": -5, "heard": -5}},
			{name: finance, people: [bandCount]int{52, 12, 8, 2}, german: 22, worry: "time",
				level: [subjects]timeline{
					change:        {43, 45, 48, 51, 55, 59, 63, 66},
					workingWithIT: {45, 47, 50, 53, 56, 58, 61, 63}},
				answer: timeline{61, 62, 64, 66, 69, 70, 73, 74},
				leans:  map[string]float64{"fit": -8, "confidence": 6, "delivers": 4}},
			{name: marketing, people: [bandCount]int{29, 6, 4, 2}, german: 20, worry: "lose",
				level: [subjects]timeline{
					change:        {61, 62, 60, 61, 63, 61, 62, 61},
					workingWithIT: {57, 58, 56, 58, 57, 59, 58, 58}},
				answer: timeline{56, 58, 59, 56, 59, 61, 58, 61},
				leans:  map[string]float64{"benefit": 5, "understands": -6}},
			{name: humanResources, people: [bandCount]int{16, 5, 4, 1}, german: 30, worry: "learning",
				level: [subjects]timeline{
					change:        {72, 73, 72, 74, 73, 74, 73, 73},
					workingWithIT: {66, 67, 66, 68, 67, 68, 67, 68}},
				answer: timeline{77, 80, 77, 73, 77, 80, 77, 80},
				leans:  map[string]float64{"support": 6, "involved": 4}},
			{name: purchasing, people: [bandCount]int{14, 4, 2, 1}, german: 25, worry: "lose",
				level: [subjects]timeline{
					change:        {51, 52, 50, 52, 51, 53, 52, 51},
					workingWithIT: {53, 54, 53, 52, 54, 53, 54, 53}},
				answer: timeline{62, 62, 52, 48, 57, 52, 62, 62}, // 13 13 11 10 12 11 13 13 people
				leans:  map[string]float64{"fit": -4}},
			{name: facilities, people: [bandCount]int{13, 3, 1, 1}, german: 28, worry: "learning",
				level: [subjects]timeline{
					change:        {55, 54, 56, 55, 57, 56, 55, 54},
					workingWithIT: {57, 56, 58, 57, 56, 58, 57, 57}},
				answer: timeline{56, 61, 72, 67, 61, 72, 61, 56}, // 10 11 13 12 11 13 11 10 people
				leans:  map[string]float64{"confidence": -6, "support": 4}},
			{name: legal, people: [bandCount]int{2, 0, 1, 1}, german: 25, worry: "reliable",
				level: [subjects]timeline{
					change:        {48, 50, 47, 49, 52, 48, 50, 49},
					workingWithIT: {52, 50, 53, 51, 52, 54, 51, 52}},
				answer: timeline{75, 50, 75, 75, 50, 75, 75, 75}},
		},
	}
}

// itemLeans is how questions differ for everybody, in points: most people trust themselves and few feel asked.
func itemLeans() map[string]float64 {
	return map[string]float64{
		"benefit": -2, "fit": -3, "confidence": 10, "support": 0, "informed": -7, "involved": -9, "willing": 11,
		"responsive": 6, "understands": -2, "informs": -5, "involves": -7, "delivers": 5, "heard": -4,
	}
}
