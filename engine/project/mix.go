package project

import (
	"regexp"
	"strings"
)

var (
	mixAliases = regexp.MustCompile(`^\s*defp?\s+aliases\b`)
	mixAlias   = regexp.MustCompile(`^\s*(?:\[\s*)?(?:"([^"#\\]+)"|([a-z_][A-Za-z0-9_.]*)):\s*(?:\[|&|"|$)`)
	mixEnd     = regexp.MustCompile(`^\s*(?:end|\])\s*$`)
)

// parseMix lists the aliases of a mix.exs, and what one does with a project:
//
//	defp aliases do
//	  [setup: ["deps.get", "ecto.setup"], ...]    -> mix setup
//	{:phoenix, "~> 1.7"}                          -> mix phx.server
//	(always)                                      -> mix test
//
// The file is a program, and is not run: aliases are read from the function that
// has always been called aliases. An alias of a task that mix has itself (test)
// takes its place, as in mix.
func parseMix(src source) ([]declared, []finding) {
	var found declarations
	inside, phoenix := false, false
	for i, line := range lines(src.data) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		phoenix = phoenix || strings.Contains(line, "{:phoenix,")
		switch {
		case mixAliases.MatchString(line):
			inside = true
		case inside && mixEnd.MatchString(line):
			inside = strings.TrimSpace(line) != "end"
		case inside:
			if m := mixAlias.FindStringSubmatch(line); m != nil && !isOption(m[1]+m[2]) {
				found.run("mix ", m[1]+m[2], i+1)
			}
		}
	}
	if phoenix {
		found.run("mix ", "phx.server", 0)
	}
	found.run("mix ", "test", 0)
	return found.list, nil
}
