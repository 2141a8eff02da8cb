package detect

import (
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestLevelsOfNobodysTool: the forms that loggers and runners share, whoever prints
// them, and the lines that only look like them.
func TestLevelsOfNobodysTool(t *testing.T) {
	for text, want := range map[string]lines.Level{
		"2 scenarios (1 failed, 1 passed)":                 lines.Error,
		"Run:  3   Failures: 1   Errors: 0":                lines.Error,
		"1 scenario passed, 1 failed, 0 skipped":           lines.Error,
		"2 out of 3 tests failed (0.00s)":                  lines.Error,
		"3 tests, 0 failures":                              lines.Info,
		"Run:  3   Failures: 0   Errors: 0":                lines.Info,
		"gave up after 2 failed attempts":                  lines.Info,
		"connect to http://localhost:5432 failed? no":      lines.Info,
		"wrote 3 error.log files":                          lines.Info,
		"no errors":                                        lines.Info,
		"passed 3 failed 0":                                lines.Info,
		"passed 3 failed 2":                                lines.Error,
		"Ran 5 tests, 1 failed 2 skipped":                  lines.Error,
		"Failures: 0":                                      lines.Info,
		"Failed tests: 0":                                  lines.Info,
		"Failures:":                                        lines.Error,
		"Uncaught exceptions are logged to stderr":         lines.Info,
		"Uncaught TypeError: x":                            lines.Error,
		"Failing over to replica 2":                        lines.Info,
		"console.error is patched":                         lines.Info,
		"it has 3 (RuntimeError)":                          lines.Error,
		"see the docs of the class (RuntimeErrors)":        lines.Info,
		"Minitest::UnexpectedError: NoMethodError: x":      lines.Error,
		"2026-11-27 07:20:13.928020 W | auth: not signed":  lines.Warn,
		"E shop.cart | request failed":                     lines.Error,
		"C 07:17:11.679 [15188] net: gone":                 lines.Fatal,
		"W/ActivityManager( 123): slow":                    lines.Warn,
		"[E 261127 07:20:14 app:12] request failed":        lines.Error,
		"F20261127 07:17:11.703011 15195 glog.cc:4] check": lines.Fatal,
		"I am | you are":                                   lines.Info,
		"E = mc2":                                          lines.Info,
		"(process:15181): shop-WARNING **: slow query":     lines.Warn,
		`{"@level":"warn","@message":"peer left"}`:         lines.Warn,
		`{"context":{"logLevel":50},"message":"lost"}`:     lines.Error,
		"[twisted.web#error] no such page":                 lines.Error,
		"⬤  debug     Hello from L59":                      lines.Debug,
		"Failed to load the plugin":                        lines.Error,
		"failed: 0":                                        lines.Info,
	} {
		var s Scanner
		if got := s.Scan([]byte(text)).Level; got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}
