package main

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// inHere gives the id of the script that somebody means by a name that several
// have: the one of the folder that they are in, or of the nearest above it, as the
// package managers themselves would run it. It is "" if err is something else, or
// if there is no such script or more than one. The engine does not decide this: it
// knows nothing of where its clients are.
func inHere(err error, name string, list func() (wire.Scripts, error)) string {
	var answered interface{ Kind() string }
	if !errors.As(err, &answered) || answered.Kind() != "project.scriptNotFound" {
		return ""
	}
	here, err := realPath(".")
	if err != nil {
		return ""
	}
	scripts, err := list()
	if err != nil {
		return ""
	}
	return nearestScript(scripts.Scripts, name, here)
}

func nearestScript(scripts []wire.Script, name, here string) (id string) {
	const slash = string(filepath.Separator)
	folder := ""
	for _, s := range scripts {
		above := s.Cwd == here || strings.HasPrefix(here, strings.TrimSuffix(s.Cwd, slash)+slash)
		switch {
		case s.Name != name || !above || len(s.Cwd) < len(folder):
		case s.Cwd == folder:
			id = "" // two are as near
		default:
			id, folder = s.ID, s.Cwd
		}
	}
	return id
}
