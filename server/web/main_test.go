package web

import (
	"os"
	"testing"

	"soundings/server/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }
