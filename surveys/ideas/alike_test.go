package ideas

import (
	"slices"
	"testing"
)

func titled(titles ...string) []Idea {
	list := make([]Idea, len(titles))
	for i, title := range titles {
		list[i] = Idea{ID: ID(i + 1), Title: title, Place: Shown}
	}
	return list
}

// board has ideas in several scripts, among them some that have only small words in common with what is typed.
func board() []Idea {
	return append(titled(
		"A second printer on the ground floor",                   // 1
		"One password for all systems",                           // 2
		"Quiet hours without updates in the week of the closing", // 3
		"Ein Drucker für das Lager",                              // 4
		"Besprechungsräume am Handy buchen",                      // 5
		"طابعة في الطابق الثاني",                                 // 6
		"会議室を予約できるアプリ",                                           // 7
		"统一的请假申请系统",                                              // 8
		"Une seule application pour les notes de frais",          // 9
		"מדפסת בקומה השנייה",                                     // 10
	), Idea{ID: 11, Place: Shown, Title: "Loan laptops", Text: "There should be a pool of laptops for travelling: whoever is on the road for a week borrows one."})
}

func TestTheSameIdeaIsFoundWhileItIsTypedInAnyScript(t *testing.T) {
	for typed, want := range map[string][]ID{
		"a printer for the ground floor":    {1},
		"PRINTERS":                          {1},
		"print":                             {1},
		"we need one pass-word":             nil,
		"the same password everywhere":      {2},
		"no updates while we are closing":   {3},
		"Neue Drucker im Lager":             {4},
		"Raum buchen per Handy":             {5},
		"الطابعة":                           {6},
		"طابعات للطابق الثانى":              {6},
		"会議室の予約":                            {7},
		"アプリで会議室":                           {7},
		"请假系统":                              {8},
		"application pour la note de frais": {9},
		"המדפסת בקומה":                      {10},
		"borrow laptops when travelling":    {11},
		"the of on in all":                  nil,
		"better coffee in the canteen":      nil,
		"for":                               nil,
		"":                                  nil,
		"?!":                                nil,
		"庭":                                 nil,
	} {
		var got []ID
		for _, i := range Alike(typed, board(), 3) {
			got = append(got, i.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: found %v, want %v", typed, got, want)
		}
	}
}

func TestAtMostSoManyAreShownAndTheMostAlikeFirst(t *testing.T) {
	list := Alike("new office printer", titled("Printer", "Office printers", "New office printer", "Office printer", "Lamps"), 2)
	if len(list) != 2 || list[0].ID != 3 || list[1].ID != 2 {
		t.Errorf("found %v", list)
	}
}

func TestASearchFindsAllItsWordsWithoutRegardToAccents(t *testing.T) {
	i := Idea{Title: "Café für alle", Text: "Strasse 7, مدرسة"}
	for search, want := range map[string]bool{"cafe": true, "FUR ALLE": true, "straße": true, "مَدْرَسَة": true, "alle tee": false, "": true} {
		if i.Matches(search) != want {
			t.Errorf("%q: %v", search, !want)
		}
	}
}

func TestOnlyWhatTheBoardShowsIsFoundAndUnderWhatItWasMergedInto(t *testing.T) {
	list := titled("A second printer", "Secret printer", "A scanner that copies", "Copying machine")
	list[1].Place, list[3].MergedInto = Waiting, 3
	if got := Alike("printer", list, 3); len(got) != 1 || got[0].ID != 1 {
		t.Errorf("found %v", got)
	}
	if got := Alike("a copying machine", list, 3); len(got) != 1 || got[0].ID != 3 {
		t.Errorf("found %v", got)
	}
}
