package web

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys/settings"
	"soundings/surveys/uploads"
)

// access is who may use a route.
type access struct {
	kind       accessKind
	permission accounts.Permission
	action     string // what the audit log calls it; every route that changes or takes away something has one
	lengthy    bool   // it makes a file, which may take longer than a page
	hourly     bool   // the audit log has it once an hour for each person and subject
	file       int    // its form has a file in it, of at most so many bytes; 0: it has none
}

// as names what a route does for the audit log: staff(accounts.RunWaves).as("wave.close").
func (a access) as(action string) access {
	a.action = action
	return a
}

// asFile is as, of a route that makes a file: it may take its time.
func (a access) asFile(action string) access {
	a.action, a.lengthy = action, true
	return a
}

// byItself names what a page of ours does over and over while somebody works on it, for the audit log.
func (a access) byItself(action string) access {
	a.action, a.hourly = action, true
	return a
}

// withFile marks a route whose form has a file in it, of at most so many bytes.
func (a access) withFile(most int) access {
	a.file = most
	return a
}

type accessKind int

const (
	everybody accessKind = iota // respondents, monitoring, and signing in
	session                     // staff, signed in on a page
	token                       // a program with an API token
)

func staff(p accounts.Permission) access { return access{kind: session, permission: p} }
func api(p accounts.Permission) access   { return access{kind: token, permission: p} }

// signedIn is any member of staff.
var signedIn = access{kind: session}

type route struct {
	method  string
	path    string
	access  access
	handler fiber.Handler
}

// routes is the whole of what the server answers, and who may ask.
func (s *Server) routes() []route {
	anyone := access{}
	return []route{
		// Respondents. No session and no token: there is no ambient authority to forge.
		{http.MethodGet, "/s/:code", anyone, s.showForm},
		{http.MethodPost, "/s/:code", anyone, s.postForm},
		{http.MethodGet, "/i/:token", anyone, s.showInvited},
		{http.MethodPost, "/i/:token", anyone, s.postInvited},
		{http.MethodGet, "/i/:token/quiet", anyone, s.showQuiet},
		{http.MethodPost, "/i/:token/quiet", anyone, s.postQuiet},
		{http.MethodGet, "/thanks", anyone, s.showThanks},
		{http.MethodGet, "/about/:name", anyone, s.showAbout},
		{http.MethodGet, "/board", anyone, s.showBoard},
		{http.MethodGet, "/board/new", anyone, s.showSuggest},
		{http.MethodPost, "/board/new", anyone, s.postSuggest},
		{http.MethodPost, "/board/similar", anyone, s.boardSimilar},
		{http.MethodGet, "/board/ideas/:idea", anyone, s.showBoardIdea},
		{http.MethodPost, "/board/ideas/:idea/support", anyone, s.postSupport},
		{http.MethodGet, "/heard", anyone, s.showHeard},
		{http.MethodGet, "/receipt", anyone, s.showReceipt},
		{http.MethodPost, "/receipt", anyone, s.postReceipt},
		{http.MethodGet, "/champion", anyone, s.showVolunteer},
		{http.MethodPost, "/champion", anyone, s.postVolunteer},
		{http.MethodGet, "/champion/:token", anyone, s.showOwn},
		{http.MethodPost, "/champion/:token", anyone, s.postOwn},
		{http.MethodGet, "/champion/:token/withdraw", anyone, s.showLeave},
		{http.MethodPost, "/champion/:token/withdraw", anyone, s.postLeave},

		// Signing in.
		{http.MethodGet, "/setup", anyone, s.showSetup},
		{http.MethodPost, "/setup", anyone, s.postSetup},
		{http.MethodGet, "/login", anyone, s.showLogin},
		{http.MethodPost, "/login", anyone, s.postLogin},
		{http.MethodGet, "/login/second", anyone, s.showSecond},
		{http.MethodPost, "/login/second", anyone, s.postSecond},
		{http.MethodGet, "/forgotten", anyone, s.showForgotten},
		{http.MethodPost, "/forgotten", anyone, s.postForgotten},
		{http.MethodGet, "/password/:token", anyone, s.showChoose},
		{http.MethodPost, "/password/:token", anyone, s.postChoose},
		// A calendar program of somebody who signed in elsewhere to get the address.
		{http.MethodGet, "/calendar/:token", anyone, s.showCalendar},
		// The way out of the weekly message, in the message.
		{http.MethodGet, "/week/mail/:token", anyone, s.showWeekLeave},
		{http.MethodPost, "/week/mail/:token", anyone, s.postWeekLeave},
		{http.MethodPost, "/logout", signedIn.as("session.end"), s.postLogout},

		// Staff: results.
		{http.MethodGet, "/", staff(accounts.ReadResults), s.showOverview},
		{http.MethodGet, "/trend", staff(accounts.ReadResults), s.showTrend},
		{http.MethodGet, "/trend/chart.json", staff(accounts.ReadResults), s.trendChart},
		{http.MethodGet, "/trend/chart.svg", staff(accounts.ReadResults), s.trendChart},
		{http.MethodGet, "/history", staff(accounts.ReadResults), s.showHistory},
		{http.MethodGet, "/history/chart.json", staff(accounts.ReadResults), s.historyChart},
		{http.MethodGet, "/history/chart.svg", staff(accounts.ReadResults), s.historyChart},
		{http.MethodPost, "/history/names", staff(accounts.EditSurveys).as("history.name.join"), s.postHistoryName},
		{http.MethodPost, "/history/names/separate", staff(accounts.EditSurveys).as("history.name.separate"), s.postHistoryNameSeparate},
		{http.MethodPost, "/history/measures", staff(accounts.EditSurveys).as("history.measure.join"), s.postHistoryMeasure},
		{http.MethodPost, "/history/measures/separate", staff(accounts.EditSurveys).as("history.measure.separate"), s.postHistoryMeasureSeparate},
		{http.MethodPost, "/history/measures/remove", staff(accounts.EditSurveys).as("history.remove"), s.postHistoryRemove},
		{http.MethodGet, historyImportPath, staff(accounts.EditSurveys), s.showHistoryImport},
		{http.MethodPost, historyImportPath, staff(accounts.EditSurveys).as("history.upload").withFile(uploads.Largest), s.postHistoryImport},
		{http.MethodGet, "/history/import/:upload", staff(accounts.EditSurveys), s.showHistoryUpload},
		{http.MethodPost, "/history/import/:upload", staff(accounts.EditSurveys).as("history.import"), s.postHistoryUpload},
		{http.MethodPost, "/history/import/:upload/columns", staff(accounts.EditSurveys).as("history.columns"), s.postHistoryColumns},
		{http.MethodPost, "/history/import/:upload/discard", staff(accounts.EditSurveys).as("history.discard"), s.postHistoryDiscard},
		{http.MethodGet, "/results", staff(accounts.ReadResults), s.showResults},
		{http.MethodGet, "/results/waves/:wave", staff(accounts.ReadResults), s.showWaveResults},
		{http.MethodGet, "/results/waves/:wave/heatmap.json", staff(accounts.ReadResults), s.resultsHeat},
		{http.MethodGet, "/results/waves/:wave/heatmap.svg", staff(accounts.ReadResults), s.resultsHeat},
		{http.MethodGet, "/results/waves/:wave/answers.json", staff(accounts.ReadResults), s.resultsAnswers},
		{http.MethodGet, "/results/waves/:wave/answers.svg", staff(accounts.ReadResults), s.resultsAnswers},
		{http.MethodGet, "/results/waves/:wave/questions/:question", staff(accounts.ReadResults), s.showQuestionResults},
		{http.MethodGet, "/results/waves/:wave/questions/:question/chart.json", staff(accounts.ReadResults), s.questionChart},
		{http.MethodGet, "/results/waves/:wave/questions/:question/chart.svg", staff(accounts.ReadResults), s.questionChart},
		{http.MethodGet, "/departments", staff(accounts.ReadResults), s.showDepartments},
		{http.MethodGet, "/departments/:department", staff(accounts.ReadResults), s.showProfile},
		{http.MethodGet, "/departments/:department/chart.json", staff(accounts.ReadResults), s.profileChart},
		{http.MethodGet, "/departments/:department/chart.svg", staff(accounts.ReadResults), s.profileChart},
		{http.MethodGet, "/compare", staff(accounts.ReadResults), s.showComparison},
		{http.MethodGet, "/compare/chart.json", staff(accounts.ReadResults), s.comparisonChart},
		{http.MethodGet, "/compare/chart.svg", staff(accounts.ReadResults), s.comparisonChart},
		{http.MethodGet, "/numbers", staff(accounts.ReadResults), s.showNumbers},

		// Staff: taking results away.
		{http.MethodGet, "/exports", staff(accounts.ReadResults), s.showExports},
		{http.MethodGet, "/exports/surveys/:survey/results.csv", staff(accounts.ReadResults).asFile("results.export"), s.takeCSV},
		{http.MethodGet, "/exports/surveys/:survey/results.xlsx", staff(accounts.ReadResults).asFile("results.export"), s.takeBook},
		{http.MethodGet, "/exports/waves/:wave/results.csv", staff(accounts.ReadResults).asFile("results.export"), s.takeCSV},
		{http.MethodGet, "/exports/waves/:wave/results.xlsx", staff(accounts.ReadResults).asFile("results.export"), s.takeBook},
		{http.MethodGet, "/exports/waves/:wave/responses.csv", staff(accounts.ExportResponses).asFile("responses.export"), s.takeResponses},
		{http.MethodGet, "/exports/waves/:wave/responses.xlsx", staff(accounts.ExportResponses).asFile("responses.export"), s.takeResponsesBook},
		{http.MethodGet, "/exports/waves/:wave/comments.csv", staff(accounts.ReadComments).asFile("comments.export"), s.takeComments},

		// Staff: what somebody has before them.
		{http.MethodGet, "/week", staff(accounts.ReadResults), s.showWeek},

		// Staff: what IT proposes to change.
		{http.MethodGet, "/changes", staff(accounts.ReadResults), s.showChanges},
		{http.MethodGet, "/changes/new", staff(accounts.EditSurveys), s.showNewChange},
		{http.MethodPost, "/changes/new", staff(accounts.EditSurveys).as("change.add"), s.postNewChange},
		{http.MethodGet, "/changes/:change", staff(accounts.ReadResults), s.showChangeStory},
		{http.MethodGet, "/changes/:change/edit", staff(accounts.EditSurveys), s.showEditChange},
		{http.MethodPost, "/changes/:change/edit", staff(accounts.EditSurveys).as("change.save"), s.postEditChange},
		{http.MethodPost, "/changes/:change/stage", staff(accounts.EditSurveys).as("change.stage"), s.postChangeStage},
		{http.MethodPost, "/changes/:change/tell", staff(accounts.Converse).as("champion.tell"), s.postTell},
		{http.MethodGet, "/changes/:change/texts", staff(accounts.EditSurveys), s.showNewChangeText},
		{http.MethodGet, "/changes/:change/texts/:lang", staff(accounts.EditSurveys), s.showChangeText},
		{http.MethodPost, "/changes/:change/texts/:lang", staff(accounts.EditSurveys).as("change.translate"), s.postChangeText},
		{http.MethodGet, "/changes/:change/brief/:department", staff(accounts.ReadResults), s.showBrief},
		{http.MethodGet, "/changes/:change/decisions/new", staff(accounts.EditSurveys), s.showNewDecision},
		{http.MethodPost, "/changes/:change/decisions/new", staff(accounts.EditSurveys).as("decision.add"), s.postNewDecision},
		{http.MethodGet, "/changes/:change/decisions/:decision", staff(accounts.ReadResults), s.showDecision},
		{http.MethodGet, "/changes/:change/decisions/:decision/edit", staff(accounts.EditSurveys), s.showEditDecision},
		{http.MethodPost, "/changes/:change/decisions/:decision/edit", staff(accounts.EditSurveys).as("decision.save"), s.postEditDecision},
		{http.MethodPost, "/changes/:change/decisions/:decision/ask", staff(accounts.EditSurveys).as("decision.ask"), s.postDecisionAsk},
		{http.MethodPost, "/changes/:change/decisions/:decision/outcome", staff(accounts.EditSurveys).as("decision.outcome"), s.postDecisionOutcome},
		{http.MethodPost, "/changes/:change/decisions/:decision/withdraw", staff(accounts.EditSurveys).as("decision.withdraw"), s.postDecisionWithdraw},
		{http.MethodGet, "/changes/:change/decisions/:decision/texts", staff(accounts.EditSurveys), s.showNewDecisionText},
		{http.MethodGet, "/changes/:change/decisions/:decision/texts/:lang", staff(accounts.EditSurveys), s.showDecisionText},
		{http.MethodPost, "/changes/:change/decisions/:decision/texts/:lang", staff(accounts.EditSurveys).as("decision.translate"), s.postDecisionText},
		{http.MethodGet, "/changes/:change/pitches", staff(accounts.ReadResults), s.showPitches},
		{http.MethodGet, "/changes/:change/pitches/edit", staff(accounts.EditSurveys), s.showPitch},
		{http.MethodPost, "/changes/:change/pitches/edit", staff(accounts.EditSurveys).as("pitch.save"), s.postPitch},
		{http.MethodPost, "/changes/:change/pitches/preview", staff(accounts.EditSurveys).byItself("pitch.preview"), s.postPitchPreview},
		{http.MethodPost, "/changes/:change/pitches/remove", staff(accounts.EditSurveys).as("pitch.remove"), s.postPitchRemove},
		{http.MethodPost, "/changes/:change/pitches/try", staff(accounts.EditSurveys).as("pitch.try"), s.postPitchTry},
		{http.MethodPost, "/changes/:change/pitches/untry", staff(accounts.EditSurveys).as("pitch.untry"), s.postPitchUntry},

		// Staff: visits to departments.
		{http.MethodGet, "/visits", staff(accounts.ReadResults), s.showVisits},
		{http.MethodGet, "/visits/new", staff(accounts.Converse), s.showNewVisit},
		{http.MethodPost, "/visits/new", staff(accounts.Converse).as("visit.plan"), s.postNewVisit},
		{http.MethodGet, effectPath, staff(accounts.ReadResults), s.showEffect},
		{http.MethodGet, "/visits/effect/chart.json", staff(accounts.ReadResults), s.effectChart},
		{http.MethodGet, "/visits/effect/chart.svg", staff(accounts.ReadResults), s.effectChart},
		{http.MethodGet, "/visits/effect/effect.csv", staff(accounts.ReadResults).asFile("results.export"), s.takeEffect},
		{http.MethodGet, "/visits/:visit", staff(accounts.ReadResults), s.showVisit},
		{http.MethodGet, "/visits/:visit/edit", staff(accounts.Converse), s.showEditVisit},
		{http.MethodPost, "/visits/:visit/edit", staff(accounts.Converse).as("visit.save"), s.postEditVisit},
		{http.MethodGet, "/visits/:visit/report", staff(accounts.Converse), s.showReport},
		{http.MethodPost, "/visits/:visit/report", staff(accounts.Converse).as("visit.report"), s.postReport},
		{http.MethodPost, "/visits/:visit/call-off", staff(accounts.Converse).as("visit.call-off"), s.postCallOff},
		{http.MethodPost, "/visits/:visit/followups", staff(accounts.Converse).as("followup.add"), s.postFollowUp},
		{http.MethodPost, "/visits/:visit/followups/:followup", staff(accounts.Converse).as("followup.done"), s.postTick},

		// Staff: what people suggest to IT.
		{http.MethodGet, "/ideas", staff(accounts.ReadResults), s.showIdeas},
		{http.MethodGet, "/ideas/:idea", staff(accounts.ReadResults), s.showIdea},
		{http.MethodPost, "/ideas/:idea/reply", staff(accounts.Converse).as("idea.reply"), s.postIdeaReply},
		{http.MethodPost, "/ideas/:idea/hide", staff(accounts.Converse).as("idea.hide"), s.postIdeaHide},
		{http.MethodPost, "/ideas/:idea/show", staff(accounts.Converse).as("idea.show"), s.postIdeaShow},
		{http.MethodPost, "/ideas/:idea/merge", staff(accounts.Converse).as("idea.merge"), s.postIdeaMerge},
		{http.MethodPost, "/ideas/:idea/separate", staff(accounts.Converse).as("idea.separate"), s.postIdeaSeparate},
		{http.MethodPost, "/ideas/:idea/department", staff(accounts.Converse).as("idea.move"), s.postIdeaDepartment},
		{http.MethodGet, "/ideas/:idea/promote", staff(accounts.EditSurveys), s.showPromote},
		{http.MethodPost, "/ideas/:idea/promote", staff(accounts.EditSurveys).as("idea.promote"), s.postPromote},
		{http.MethodPost, "/ideas/:idea/change", staff(accounts.EditSurveys).as("idea.promote"), s.postIdeaChange},

		// Staff: what IT promised.
		{http.MethodGet, "/promises", staff(accounts.ReadResults), s.showPromises},
		{http.MethodGet, "/promises/new", staff(accounts.Converse), s.showNewPromise},
		{http.MethodPost, "/promises/new", staff(accounts.Converse).as("promise.make"), s.postNewPromise},
		{http.MethodGet, "/promises/:promise", staff(accounts.ReadResults), s.showPromise},
		{http.MethodGet, "/promises/:promise/edit", staff(accounts.Converse), s.showEditPromise},
		{http.MethodPost, "/promises/:promise/edit", staff(accounts.Converse).as("promise.save"), s.postEditPromise},
		{http.MethodPost, "/promises/:promise/keep", staff(accounts.Converse).as("promise.keep"), s.postStep},
		{http.MethodPost, "/promises/:promise/postpone", staff(accounts.Converse).as("promise.postpone"), s.postStep},
		{http.MethodPost, "/promises/:promise/break", staff(accounts.Converse).as("promise.break"), s.postStep},
		{http.MethodPost, "/promises/:promise/decline", staff(accounts.Converse).as("promise.decline"), s.postStep},
		{http.MethodGet, "/promises/:promise/texts", staff(accounts.Converse), s.showNewPromiseText},
		{http.MethodGet, "/promises/:promise/texts/:lang", staff(accounts.Converse), s.showPromiseText},
		{http.MethodPost, "/promises/:promise/texts/:lang", staff(accounts.Converse).as("promise.translate"), s.postPromiseText},
		// Staff: what a quarter is to reach.
		{http.MethodGet, "/milestones", staff(accounts.ReadResults), s.showMilestones},
		{http.MethodGet, "/milestones/new", staff(accounts.Converse), s.showNewMilestone},
		{http.MethodPost, "/milestones/new", staff(accounts.Converse).as("milestone.add"), s.postNewMilestone},
		{http.MethodPost, "/milestones/copy", staff(accounts.Converse).as("milestone.copy"), s.postCopyMilestones},
		{http.MethodGet, "/milestones/:milestone", staff(accounts.ReadResults), s.showMilestone},
		{http.MethodPost, "/milestones/:milestone", staff(accounts.Converse).as("milestone.save"), s.postMilestone},
		{http.MethodPost, "/milestones/:milestone/withdraw", staff(accounts.Converse).as("milestone.withdraw"), s.postWithdrawMilestone},
		// Staff: who carries the word in their department.
		{http.MethodGet, "/champions", staff(accounts.ReadResults), s.showChampions},
		{http.MethodGet, "/champions/new", staff(accounts.Converse), s.showNewChampion},
		{http.MethodPost, "/champions/new", staff(accounts.Converse).as("champion.add"), s.postNewChampion},
		{http.MethodGet, "/champions/:champion", staff(accounts.Converse), s.showChampion},
		{http.MethodPost, "/champions/:champion", staff(accounts.Converse).as("champion.save"), s.postChampion},
		{http.MethodPost, "/champions/:champion/contact", staff(accounts.Converse).as("champion.contact"), s.postChampionContact},
		{http.MethodPost, "/champions/:champion/mail", staff(accounts.Converse).as("champion.mail"), s.postChampionMail},
		{http.MethodPost, "/champions/:champion/remove", staff(accounts.Converse).as("champion.remove"), s.postChampionRemove},

		// Staff: planning packs.
		{http.MethodGet, "/packs", staff(accounts.ReadResults), s.showPacks},
		{http.MethodGet, "/packs/new", staff(accounts.RunWaves), s.showNewPack},
		{http.MethodPost, "/packs/new", staff(accounts.RunWaves).as("pack.make"), s.postNewPack},
		{http.MethodGet, "/packs/:pack", staff(accounts.ReadResults), s.showPack},
		{http.MethodGet, "/packs/:pack/pack.json", staff(accounts.ReadResults).as("pack.export"), s.takePack},
		{http.MethodGet, "/packs/:pack/waves/:wave/results.xlsx", staff(accounts.ReadResults).as("pack.export"), s.takePackBook},
		{http.MethodGet, "/packs/:pack/waves/:wave/trend.json", staff(accounts.ReadResults), s.packTrend},
		{http.MethodGet, "/packs/:pack/waves/:wave/trend.svg", staff(accounts.ReadResults), s.packTrend},

		// Staff: comments.
		{http.MethodGet, "/comments", staff(accounts.ReadComments), s.showComments},
		{http.MethodGet, "/comments/hidden", staff(accounts.ReadComments), s.showHiddenComments},
		{http.MethodGet, "/comments/tags", staff(accounts.ReadComments), s.showTags},
		{http.MethodPost, "/comments/tags/:tag", staff(accounts.ReadComments).as("tag.rename"), s.postTagName},
		{http.MethodPost, "/comments/tags/:tag/merge", staff(accounts.ReadComments).as("tag.merge"), s.postTagMerge},
		{http.MethodPost, "/comments/tags/:tag/delete", staff(accounts.ReadComments).as("tag.delete"), s.postTagDelete},
		{http.MethodPost, "/comments/:comment/tags", staff(accounts.ReadComments).as("comment.tag"), s.postCommentTag},
		{http.MethodPost, "/comments/:comment/tags/:tag/remove", staff(accounts.ReadComments).as("comment.untag"), s.postCommentUntag},
		{http.MethodPost, "/comments/:comment/hide", staff(accounts.ReadComments).as("comment.hide"), s.postCommentHide},
		{http.MethodPost, "/comments/:comment/show", staff(accounts.ReadComments).as("comment.show"), s.postCommentShow},

		// Staff: writing surveys.
		{http.MethodGet, "/surveys", staff(accounts.EditSurveys), s.showSurveys},
		{http.MethodPost, "/surveys/:survey/next", staff(accounts.EditSurveys).as("draft.begin"), s.postNextVersion},
		{http.MethodPost, "/surveys/drafts", staff(accounts.EditSurveys).as("draft.begin"), s.postNewDraft},
		{http.MethodGet, "/surveys/drafts/:draft", staff(accounts.EditSurveys), s.showDraft},
		{http.MethodPost, "/surveys/drafts/:draft", staff(accounts.EditSurveys).as("draft.save"), s.postDraft},
		{http.MethodPost, "/surveys/drafts/:draft/autosave.json", staff(accounts.EditSurveys).byItself("draft.autosave"), s.autosaveDraft},
		{http.MethodPost, "/surveys/drafts/:draft/delete", staff(accounts.EditSurveys).as("draft.delete"), s.postDeleteDraft},
		{http.MethodPost, "/surveys/drafts/:draft/restore", staff(accounts.EditSurveys).as("draft.restore"), s.postRestoreDraft},
		{http.MethodGet, "/surveys/drafts/:draft/preview", staff(accounts.EditSurveys), s.showPreview},
		{http.MethodGet, "/surveys/drafts/:draft/preview/form", staff(accounts.EditSurveys), s.showPreviewForm},
		{http.MethodGet, "/library", staff(accounts.EditSurveys), s.showLibrary},
		{http.MethodGet, "/library/:name", staff(accounts.EditSurveys), s.showLibrarySurvey},
		{http.MethodPost, "/library/:name", staff(accounts.EditSurveys).as("draft.begin"), s.useLibrarySurvey},
		{http.MethodGet, "/surveys/drafts/:draft/translations", staff(accounts.EditSurveys), s.showTranslations},
		{http.MethodPost, "/surveys/drafts/:draft/translations", staff(accounts.EditSurveys).as("draft.language.add"), s.addLanguage},
		{http.MethodGet, "/surveys/drafts/:draft/translations/:lang", staff(accounts.EditSurveys), s.showTranslation},
		{http.MethodPost, "/surveys/drafts/:draft/translations/:lang", staff(accounts.EditSurveys).as("draft.translate"), s.postTranslation},
		{http.MethodGet, "/surveys/drafts/:draft/translations/:lang/texts.csv", staff(accounts.EditSurveys).as("draft.translation.export"), s.exportTranslation},
		{http.MethodPost, "/surveys/drafts/:draft/translations/:lang/file", staff(accounts.EditSurveys).as("draft.translation.import"), s.importTranslation},
		{http.MethodPost, "/surveys/drafts/:draft/translations/:lang/remove", staff(accounts.EditSurveys).as("draft.language.remove"), s.removeLanguage},
		{http.MethodGet, "/surveys/drafts/:draft/publish", staff(accounts.EditSurveys), s.showPublish},
		{http.MethodPost, "/surveys/drafts/:draft/publish", staff(accounts.EditSurveys).as("survey.publish"), s.postPublish},
		{http.MethodGet, "/surveys/:survey", staff(accounts.EditSurveys), s.showSurvey},
		{http.MethodGet, "/surveys/:survey/versions/:version/survey.yaml", staff(accounts.EditSurveys).as("survey.export"), s.exportSurvey},

		// Staff: running waves.
		{http.MethodGet, "/waves", staff(accounts.ReadResults), s.showWaves},
		{http.MethodGet, "/waves/new", staff(accounts.RunWaves), s.showNewPlan},
		{http.MethodPost, "/waves/new", staff(accounts.RunWaves).as("plan.save"), s.postNewPlan},
		{http.MethodGet, "/waves/dates.json", staff(accounts.RunWaves), s.planDates},
		{http.MethodGet, "/waves/plans/:plan/edit", staff(accounts.RunWaves), s.showPlan},
		{http.MethodPost, "/waves/plans/:plan/edit", staff(accounts.RunWaves).as("plan.save"), s.postPlan},
		{http.MethodGet, "/waves/plans/:plan/check", staff(accounts.RunWaves), s.showCheck},
		{http.MethodPost, "/waves/plans/:plan/schedule", staff(accounts.RunWaves).as("plan.schedule"), s.postSchedulePlan},
		{http.MethodPost, "/waves/plans/:plan/open", staff(accounts.RunWaves).as("wave.open"), s.postOpenPlan},
		{http.MethodPost, "/waves/plans/:plan/stop", staff(accounts.RunWaves).as("plan.stop"), s.postStopPlan},
		{http.MethodPost, "/waves/plans/:plan/dismiss", staff(accounts.RunWaves).as("plan.dismiss"), s.postDismissPlan},
		{http.MethodGet, "/waves/:wave", staff(accounts.ReadResults), s.showWave},
		{http.MethodPost, "/waves/:wave/extend", staff(accounts.RunWaves).as("wave.extend"), s.postExtend},
		{http.MethodGet, "/waves/:wave/close", staff(accounts.RunWaves), s.showClose},
		{http.MethodPost, "/waves/:wave/close", staff(accounts.RunWaves).as("wave.close"), s.postClose},
		{http.MethodGet, "/waves/:wave/posters", staff(accounts.RunWaves), s.showPosters},
		{http.MethodGet, "/waves/:wave/links/:link/qr.svg", staff(accounts.RunWaves), s.showQR},
		{http.MethodGet, "/waves/:wave/invitations", staff(accounts.RunWaves), s.showInvitations},
		{http.MethodPost, "/waves/:wave/invitations", staff(accounts.RunWaves).as("wave.invite"), s.postInvitations},
		{http.MethodPost, "/waves/:wave/remind", staff(accounts.RunWaves).as("wave.remind"), s.postRemind},
		{http.MethodPost, "/waves/:wave/resend", staff(accounts.RunWaves).as("wave.resend"), s.postResend},

		// Staff: departments, bands and the directory.
		{http.MethodGet, "/people", staff(accounts.ManagePeople), s.showPeople},
		{http.MethodPost, "/people/departments", staff(accounts.ManagePeople).as("department.add"), s.postDepartment},
		{http.MethodPost, "/people/pool", staff(accounts.ManagePeople).as("department.pool"), s.postPool},
		{http.MethodGet, "/people/departments/:department", staff(accounts.ManagePeople), s.showDepartment},
		{http.MethodPost, "/people/departments/:department", staff(accounts.ManagePeople).as("department.change"), s.postDepartmentDetails},
		{http.MethodPost, "/people/departments/:department/pool", staff(accounts.ManagePeople).as("department.pool"), s.postDepartmentPool},
		{http.MethodPost, "/people/departments/:department/unpool", staff(accounts.ManagePeople).as("department.unpool"), s.postDepartmentUnpool},
		{http.MethodPost, "/people/departments/:department/archive", staff(accounts.ManagePeople).as("department.archive"), s.postDepartmentArchive},
		{http.MethodPost, "/people/departments/:department/restore", staff(accounts.ManagePeople).as("department.restore"), s.postDepartmentRestore},
		{http.MethodGet, directoryPath, staff(accounts.ManagePeople), s.showDirectory},
		{http.MethodPost, directoryPath, staff(accounts.ManagePeople).as("directory.upload").withFile(uploads.Largest), s.postDirectory},
		{http.MethodGet, "/people/directory/:upload", staff(accounts.ManagePeople), s.showUpload},
		{http.MethodPost, "/people/directory/:upload", staff(accounts.ManagePeople).as("directory.import"), s.postUpload},
		{http.MethodPost, "/people/directory/:upload/columns", staff(accounts.ManagePeople).as("directory.columns"), s.postUploadColumns},
		{http.MethodPost, "/people/directory/:upload/discard", staff(accounts.ManagePeople).as("directory.discard"), s.postUploadDiscard},
		{http.MethodPost, "/people/bands", staff(accounts.ManagePeople).as("band.add"), s.postBand},
		{http.MethodPost, "/people/bands/:band", staff(accounts.ManagePeople).as("band.rename"), s.postBandName},
		{http.MethodPost, "/people/bands/:band/move", staff(accounts.ManagePeople).as("band.move"), s.postBandMove},
		{http.MethodPost, "/people/bands/:band/delete", staff(accounts.ManagePeople).as("band.delete"), s.postBandDelete},

		// Staff: settings, mail and webhooks.
		{http.MethodGet, "/settings", staff(accounts.ManageSettings), s.showSettings},
		{http.MethodPost, "/settings/organisation", staff(accounts.ManageSettings).as("settings.organisation"), s.postOrganisation},
		{http.MethodPost, "/settings/looks", staff(accounts.ManageSettings).as("settings.looks"), s.postLooks},
		{http.MethodPost, "/settings/logo", staff(accounts.ManageSettings).as("settings.logo").withFile(settings.LargestLogo), s.postLogo},
		{http.MethodPost, "/settings/logo/remove", staff(accounts.ManageSettings).as("settings.logo_remove"), s.postLogoRemove},
		{http.MethodPost, "/settings/board", staff(accounts.ManageSettings).as("ideas.settings"), s.postBoard},
		{http.MethodPost, "/settings/mail", staff(accounts.ManageSettings).as("settings.mail"), s.postMail},
		{http.MethodPost, "/settings/mail/test", staff(accounts.ManageSettings).as("settings.mail_test"), s.postMailTest},
		{http.MethodGet, "/settings/webhooks", staff(accounts.ManageSettings), s.showWebhooks},
		{http.MethodPost, "/settings/webhooks", staff(accounts.ManageSettings).as("webhook.add"), s.postWebhook},
		{http.MethodPost, "/settings/webhooks/:webhook/test", staff(accounts.ManageSettings).as("webhook.test"), s.postWebhookTest},
		{http.MethodPost, "/settings/webhooks/:webhook/deliveries/:delivery/again", staff(accounts.ManageSettings).as("webhook.again"), s.postWebhookAgain},
		{http.MethodPost, "/settings/webhooks/:webhook/remove", staff(accounts.ManageSettings).as("webhook.remove"), s.postWebhookRemove},

		// Staff: accounts, and one's own.
		{http.MethodGet, "/account", signedIn, s.showAccount},
		{http.MethodPost, "/account/password", signedIn.as("password.change"), s.postPassword},
		{http.MethodPost, "/account/language", signedIn.as("account.language"), s.postLanguage},
		{http.MethodGet, "/account/second", signedIn, s.showEnrol},
		{http.MethodPost, "/account/second", signedIn.as("second.enrol"), s.postEnrol},
		{http.MethodPost, "/account/second/remove", signedIn.as("second.remove"), s.postRemoveSecond},
		{http.MethodPost, "/account/recovery", signedIn.as("second.recovery"), s.postRecovery},
		{http.MethodPost, "/account/sessions", signedIn.as("session.end"), s.postEndSession},
		{http.MethodPost, "/account/calendar", signedIn.as("calendar.make"), s.postCalendar},
		{http.MethodPost, "/account/week", signedIn.as("account.week"), s.postWeek},
		{http.MethodGet, "/accounts", staff(accounts.ManageAccounts), s.showAccounts},
		{http.MethodPost, "/accounts", staff(accounts.ManageAccounts).as("account.invite"), s.postInvite},
		{http.MethodGet, "/accounts/:user", staff(accounts.ManageAccounts), s.showMember},
		{http.MethodPost, "/accounts/:user", staff(accounts.ManageAccounts).as("account.change"), s.postMember},
		{http.MethodPost, "/accounts/:user/link", staff(accounts.ManageAccounts).as("account.link"), s.postMemberLink},
		{http.MethodPost, "/accounts/:user/deactivate", staff(accounts.ManageAccounts).as("account.deactivate"), s.postDeactivate},
		{http.MethodPost, "/accounts/:user/reactivate", staff(accounts.ManageAccounts).as("account.reactivate"), s.postReactivate},
		{http.MethodPost, "/accounts/:user/second/remove", staff(accounts.ManageAccounts).as("account.second.remove"), s.postMemberSecond},
		{http.MethodGet, "/tokens", staff(accounts.ManageAccounts), s.showTokens},
		{http.MethodPost, "/tokens", staff(accounts.ManageAccounts).as("token.add"), s.postToken},
		{http.MethodPost, "/tokens/:apitoken/revoke", staff(accounts.ManageAccounts).as("token.revoke"), s.postRevoke},
		{http.MethodGet, "/audit", staff(accounts.ManageAccounts), s.showAudit},
		{http.MethodGet, "/audit/log.csv", staff(accounts.ManageAccounts).as("audit.export"), s.auditCSV},

		// Programs.
		{http.MethodGet, "/api/v1/openapi.json", anyone, s.apiDescription},
		{http.MethodGet, "/api/v1/surveys", api(accounts.ReadResults), s.apiSurveys},
		{http.MethodGet, "/api/v1/waves", api(accounts.ReadResults), s.apiWaves},
		{http.MethodGet, "/api/v1/changes", api(accounts.ReadResults), s.apiChanges},
		{http.MethodGet, "/api/v1/changes/:name/brief/:department", api(accounts.ReadResults), s.apiBriefOf},
		{http.MethodGet, "/api/v1/changes/:name/decisions", api(accounts.ReadResults), s.apiDecisions},
		{http.MethodGet, "/api/v1/champions", api(accounts.ReadResults), s.apiChampions},
		{http.MethodGet, "/api/v1/visits", api(accounts.ReadResults), s.apiVisits},
		{http.MethodGet, "/api/v1/visits/effect", api(accounts.ReadResults), s.apiVisitEffect},
		{http.MethodGet, "/api/v1/ideas", api(accounts.ReadResults), s.apiIdeas},
		{http.MethodGet, "/api/v1/promises", api(accounts.ReadResults), s.apiPromises},
		{http.MethodGet, "/api/v1/milestones", api(accounts.ReadResults), s.apiMilestones},
		{http.MethodGet, "/api/v1/results/trend", api(accounts.ReadResults), s.apiTrend},
		{http.MethodGet, "/api/v1/results/waves/:wave", api(accounts.ReadResults), s.apiWave},
		{http.MethodGet, "/api/v1/results/waves/:wave/trials", api(accounts.ReadResults), s.apiTrials},
		{http.MethodGet, "/api/v1/results/waves/:wave/questions/:question", api(accounts.ReadResults), s.apiQuestion},

		// Whoever runs it.
		{http.MethodGet, "/healthz", anyone, s.healthz},
		{http.MethodGet, "/readyz", anyone, s.readyz},
		{http.MethodGet, "/metrics", anyone, s.showMetrics},
		{http.MethodGet, "/static/look/:file", anyone, s.showLook},
		{http.MethodGet, "/static/*", anyone, s.showAsset},
	}
}

// mount registers the table. The access check runs before the handler, so a route without one cannot be written; around
// both is the audit log.
func (s *Server) mount() {
	s.takers = map[string]access{}
	for _, r := range s.routes() {
		if r.access.file > 0 {
			s.takers[r.path] = r.access
		}
		handlers := []fiber.Handler{s.record(r), s.allow(r.access), r.handler}
		if r.access.lengthy {
			handlers = slices.Insert(handlers, 0, withPatience)
		}
		if r.method == http.MethodGet {
			s.app.Add(http.MethodHead, r.path, handlers...) // link checkers and mail scanners ask so
		}
		s.app.Add(r.method, r.path, handlers...)
	}
}
