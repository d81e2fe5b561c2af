package attack

import (
	"context"
)

// Exit is a way by which figures of a wave leave the program.
type Exit struct {
	Name string
	// Shows names the pages, addresses of the API (method and path, as in the route table) and commands that show
	// nothing but what Read reads, or sums and comparisons of it.
	Shows []string
	// Read reads all that it tells of a wave now, under every filter.
	Read func(ctx context.Context, w Wave) ([]Fact, error)
}

// Exits lists all of them.
func Exits() []Exit {
	return []Exit{
		{"wave", []string{
			"GET /results",
			"GET /results/waves/:wave",
			"GET /results/waves/:wave/heatmap.json",
			"GET /results/waves/:wave/heatmap.svg",
			"GET /results/waves/:wave/answers.json",
			"GET /results/waves/:wave/answers.svg",
			"GET /results/waves/:wave/questions/:question",
			"GET /results/waves/:wave/questions/:question/chart.json",
			"GET /results/waves/:wave/questions/:question/chart.svg",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export results",
			"soundings export all",
			"GET /departments/:department",
			"GET /changes/:change/pitches/edit",
			"GET /changes/:change/decisions/:decision",
			"GET /compare",
			"GET /compare/chart.json",
			"GET /compare/chart.svg",
			// A state is made of printed figures; that trying every target tells no more is tested where it is made.
			"GET /milestones",
			"GET /milestones/:milestone",
			"GET /api/v1/milestones",
		}, wave},
		{"drivers", []string{
			"GET /departments/:department",
			"GET /changes/:change/pitches/edit",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export results",
			"soundings export all",
		}, drivers},
		{"decisions", []string{
			"GET /changes/:change",
			"GET /changes/:change/decisions/:decision",
			"GET /api/v1/changes/:name/decisions",
		}, wishes},
		{"results", []string{
			"GET /api/v1/results/waves/:wave",
			"GET /api/v1/results/waves/:wave/questions/:question",
		}, results},
		{"trend", []string{
			"GET /",
			"GET /trend",
			"GET /trend/chart.json",
			"GET /trend/chart.svg",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.xlsx",
			"GET /departments",
			"GET /departments/:department/chart.json",
			"GET /departments/:department/chart.svg",
			"GET /changes/:change",
			"GET /promises",
			"GET /changes/:change/pitches/edit",
			"GET /milestones",
			"GET /milestones/:milestone",
			"GET /api/v1/milestones",
			"GET /api/v1/results/trend",
		}, trend},
		{"effect", []string{
			"GET /visits/effect",
			"GET /visits/effect/chart.json",
			"GET /visits/effect/chart.svg",
			"GET /visits/effect/effect.csv",
			"GET /api/v1/visits/effect",
			"soundings export visits",
		}, effect},
		{"brief", []string{
			"GET /changes/:change/brief/:department",
			"GET /api/v1/changes/:name/brief/:department",
		}, briefs},
		{"pack", []string{
			"GET /packs/:pack",
			"GET /packs/:pack/pack.json",
			"GET /packs/:pack/waves/:wave/results.xlsx",
			"GET /packs/:pack/waves/:wave/trend.json",
			"GET /packs/:pack/waves/:wave/trend.svg",
		}, pack},
		{"trials", []string{
			"GET /changes/:change/pitches",
			"GET /changes/:change/pitches/edit",
			"GET /exports/surveys/:survey/results.csv",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.csv",
			"GET /exports/waves/:wave/results.xlsx",
			"GET /api/v1/results/waves/:wave/trials",
			"soundings export results",
			"soundings export all",
		}, trials},
		{"attendance", []string{
			"GET /waves",
			"GET /waves/:wave",
			"GET /waves/:wave/close",
		}, attendance},
		{"responses", []string{
			"GET /exports/waves/:wave/responses.csv",
			"GET /exports/waves/:wave/responses.xlsx",
			"soundings export responses",
			"soundings export all",
		}, responses},
		{"comments", []string{
			"GET /exports/waves/:wave/comments.csv",
			"GET /packs/:pack/waves/:wave/results.xlsx",
			"GET /exports/surveys/:survey/results.xlsx",
			"GET /exports/waves/:wave/results.xlsx",
			"soundings export responses",
			"soundings export all",
		}, comments},
		{"quotes", []string{
			"GET /comments",
			"GET /comments/hidden",
			"GET /packs/:pack",
			"GET /changes/:change/pitches/edit",
			"GET /changes/:change/brief/:department",
		}, quoted},
	}
}

// Silent lists what staff and programs may ask for that shows no figure of any respondent.
func Silent() []string {
	return []string{
		"GET /numbers",
		"GET /exports",
		"GET /comments/tags",
		// Titles and days of what IT planned and promised.
		"GET /week",
		"GET /changes",
		// Supporters are browsers that somebody supported an idea with, not respondents; no idea knows a response.
		"GET /ideas",
		"GET /ideas/:idea",
		"GET /packs",
		"GET /packs/new",
		// What IT wrote down itself about its visits; nothing of it comes from answers.
		"GET /visits",
		"GET /visits/:visit",
		// What IT promised.
		"GET /promises/:promise",
		// Who has volunteered by name; nothing of it comes from answers.
		"GET /champions",
		"GET /waves/new",
		"GET /waves/dates.json",
		"GET /waves/plans/:plan/edit",
		"GET /waves/plans/:plan/check",
		"GET /waves/:wave/posters",
		"GET /waves/:wave/links/:link/qr.svg",
		"GET /waves/:wave/invitations",
		"GET /api/v1/changes",
		"GET /api/v1/champions",
		"GET /api/v1/visits",
		"GET /api/v1/ideas", // as the pages
		"GET /api/v1/promises",
		"GET /api/v1/surveys",
		"GET /api/v1/waves",
	}
}
