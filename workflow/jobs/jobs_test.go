package jobs_test

import (
	"testing"

	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) { workflowtest.Main(m) }
