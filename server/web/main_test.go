package web

import (
	"os"
	"testing"

	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
