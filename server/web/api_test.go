package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/library"
	"soundings/surveys/store/storetest"
)

// ask reads a JSON answer of the API.
func (o *office) ask(token, path string, into any) reply {
	o.t.Helper()
	r := o.get("/api/v1"+path, "Authorization", "Bearer "+token)
	if into != nil {
		if err := json.Unmarshal([]byte(r.body), into); err != nil || r.status != http.StatusOK {
			o.t.Fatalf("GET %s: status %d, %v\n%s", path, r.status, err, r.body)
		}
	}
	return r
}

func TestTheAPIAnswersAsItsDescriptionSays(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	var description struct {
		Paths map[string]map[string]any
	}
	o.ask("", "/openapi.json", &description)
	parameter := regexp.MustCompile(`:(\w+)`)
	described := map[string]bool{}
	for path := range description.Paths {
		described[strings.ReplaceAll(path, "{id}", "{wave}")] = true
	}
	for _, r := range o.routes() {
		path, ours := strings.CutPrefix(r.path, "/api/v1")
		if !ours || path == "/openapi.json" {
			continue
		}
		path = parameter.ReplaceAllString(path, "{$1}")
		if !described[path] {
			t.Errorf("%s is not described", path)
		}
		delete(described, path)
	}
	for path := range described {
		t.Errorf("%s is described and not there", path)
	}
}

type apiGroupBody struct {
	Department, Band, Reason *string
	N                        *int
	Mean, SD, Low, High      *float64
	Favourable               *float64
	Counts                   map[string]int
	Shown                    *bool
}

func TestHiddenGroupsCarryTheirReasonAndNothingElse(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		wave := o.answered(12, 3)
		token := o.bearer(accounts.Viewer)
		number := strconv.FormatInt(int64(wave.ID), 10)
		var results struct {
			Wave struct {
				ID    int64
				Label string
			}
			Total  apiGroupBody
			Groups []map[string]any
		}
		o.ask(token, "/results/waves/"+number+"?by=department", &results)
		if results.Wave.Label != "Spring 2026" || results.Total.N == nil || *results.Total.N != 15 || len(results.Groups) != 2 {
			t.Fatalf("%+v", results)
		}
		// Legal has three answers, and 15 minus Finance's 12 would give them away, so both are hidden.
		for _, g := range results.Groups {
			if g["shown"] != false || g["reason"] == "" || len(g) != 3 {
				t.Errorf("%v", g)
			}
		}
		var question struct {
			Total apiGroupBody
		}
		o.ask(token, "/results/waves/"+number+"/questions/"+o.document(wave).Questions[0].ID+"?by=band", &question)
		sum := 0
		for _, n := range question.Total.Counts {
			sum += n
		}
		if sum != 15 || len(question.Total.Counts) != 5 {
			t.Errorf("counts %v", question.Total.Counts)
		}
	})
}

func TestAMistakenQuestionIsAProblemDocument(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	wave := strconv.FormatInt(int64(o.answered(6, 6).ID), 10)
	token := o.bearer(accounts.Viewer)
	for path, status := range map[string]int{
		"/results/waves/999":                             http.StatusNotFound,
		"/results/waves/one":                             http.StatusNotFound,
		"/results/waves/" + wave + "/questions/nowhere":  http.StatusNotFound,
		"/results/waves/" + wave + "?by=shoe":            http.StatusUnprocessableEntity,
		"/results/waves/" + wave + "?by=band&band=Staff": http.StatusUnprocessableEntity,
		"/results/waves/" + wave + "?department=Nowhere": http.StatusUnprocessableEntity,
		"/results/trend?by=band":                         http.StatusUnprocessableEntity,
		"/results/trend?survey=first":                    http.StatusUnprocessableEntity,
		"/results/trend?band=Kings":                      http.StatusUnprocessableEntity,
		"/waves?survey=-1":                               http.StatusUnprocessableEntity,
		"/nowhere":                                       http.StatusNotFound,
	} {
		r := o.ask(token, path, nil)
		var p struct {
			Title  string
			Status int
		}
		err := json.Unmarshal([]byte(r.body), &p)
		if r.status != status || err != nil || p.Status != status || p.Title == "" || r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, want %d, %s\n%s", path, r.status, status, r.header.Get("Content-Type"), r.body)
		}
	}
	for path, keys := range map[string]string{"/surveys": "surveys", "/waves": "waves", "/waves?survey=1": "waves"} {
		var body map[string][]map[string]any
		if o.ask(token, path, &body); len(body[keys]) != 1 {
			t.Errorf("%s: %v", path, body)
		}
	}
}

// A wave that does not measure openness is asked for what it measures.
func TestAWaveAnswersForWhatItIsAbout(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	source, err := library.Open("working-with-it")
	if err != nil {
		t.Fatal(err)
	}
	_, wave := o.open(source)
	token := o.bearer(accounts.Viewer)
	path := "/results/waves/" + strconv.FormatInt(int64(wave.ID), 10)
	var results struct {
		Total apiGroupBody
	}
	o.ask(token, path, &results)
	if results.Total.Shown == nil || *results.Total.Shown || results.Total.Reason == nil || *results.Total.Reason != "results are shown when the survey closes" {
		t.Errorf("%+v", results.Total)
	}
	if r := o.ask(token, path+"?construct=openness", nil); r.status != http.StatusNotFound {
		t.Errorf("openness of a survey without it: status %d", r.status)
	}
}

// The trend of a question gives of each wave what the wave itself gives of the question, and hides what it hides.
func TestTheTrendOfAQuestionSaysWhatItsWavesSay(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		code, wave := o.open([]byte("title: Pulse\npurpose: engagement\nlanguage: en\nminimum: 5\nquestions:\n" +
			"  - {id: heard, kind: scale, points: 5, text: They listen., construct: engagement}\n  - {id: tell, kind: recommend, text: Would you recommend IT?}\n"))
		o.answers("/s/"+code, wave, 12, 3)
		token := o.bearer(accounts.Viewer)
		for _, id := range []string{"heard", "tell"} {
			var trend struct {
				Construct *string
				Question  string
				Waves     []struct {
					ID    surveys.WaveID
					Total map[string]any
				}
				Series []struct {
					Department string
					Points     []map[string]any
				}
			}
			var results struct {
				Total  map[string]any
				Groups []map[string]any
			}
			o.ask(token, "/results/trend?question="+id+"&by=department", &trend)
			o.ask(token, fmt.Sprintf("/results/waves/%d/questions/%s", wave.ID, id), &results)
			if trend.Construct != nil || trend.Question != id || len(trend.Waves) != 1 || trend.Waves[0].ID != wave.ID || len(trend.Series) != 2 {
				t.Fatalf("%+v", trend)
			}
			delete(results.Total, "counts")
			if fmt.Sprint(trend.Waves[0].Total) != fmt.Sprint(results.Total) || results.Total["mean"] == nil || (id == "tell") != (results.Total["recommend"] != nil) {
				t.Errorf("%s: in all %v, by the wave %v", id, trend.Waves[0].Total, results.Total)
			}
			for i, g := range results.Groups {
				point := trend.Series[i].Points[0]
				delete(point, "wave")
				if fmt.Sprint(point) != fmt.Sprint(g) || g["shown"] != false {
					t.Errorf("%s: %v, by the wave %v", id, point, g)
				}
			}
		}
		var none struct{ Waves, Series []any }
		if o.ask(token, "/results/trend?question=nowhere", &none); len(none.Waves)+len(none.Series) > 0 {
			t.Errorf("of a question that was never asked: %+v", none)
		}
		if r := o.ask(token, "/results/trend?question=heard&construct=engagement", nil); r.status != http.StatusUnprocessableEntity {
			t.Errorf("a question and a construct: status %d", r.status)
		}
	})
}
