package engine

import (
	"os"
	"path/filepath"
	"strconv"

	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// newProject makes the room of the workspace, and lets its configuration fill what
// the options leave open: flags win over the environment, that over files.
func (e *Engine) newProject() *project.Workspace {
	o := &e.options
	flags := make(map[string]string)
	if o.LogBudget != 0 {
		flags["logs.budget"] = strconv.FormatInt(o.LogBudget, 10)
	}
	if o.MaxLine != 0 {
		flags["logs.maxLine"] = strconv.Itoa(o.MaxLine)
	}
	var over []config.Layer
	for _, l := range []*config.Layer{config.Environment(os.Environ()), config.Values("flags", flags)} {
		if l != nil {
			over = append(over, *l)
		}
	}
	w := project.NewWorkspace(project.Options{
		Root: o.Root, UserConfig: o.UserConfig, Overrides: over, Matchers: o.Matchers,
		Check: e.checkConfig, Changed: e.reconfigured, Logf: o.logf(),
	})
	settings, _ := w.Settings()
	o.fill(settings)
	return w
}

// fill takes from the configuration what the options leave open.
func (o *Options) fill(c config.Config) {
	if o.LogBudget == 0 {
		o.LogBudget = int64(c.Logs.Budget)
	}
	if o.MaxLine == 0 {
		o.MaxLine = int(c.Logs.MaxLine)
	}
	if o.Grace == 0 {
		o.Grace = c.Engine.Grace
	}
	if o.Detection == "" && c.Detection.Enabled != nil && !*c.Detection.Enabled {
		o.Detection = DetectionOff
	}
}

// UserSocket is where the user's own configuration, or the environment, wants the
// engine to listen: "" if they don't say. A path in the configuration is relative
// to its folder.
func UserSocket(userConfig string) string {
	w := project.NewWorkspace(project.Options{UserConfig: userConfig})
	c, _ := w.Settings()
	if l := config.Environment(os.Environ()); l != nil {
		if s := l.Doc.Get("engine", "socket").String(); s != "" {
			return s
		}
	}
	if s := c.Engine.Socket; s != "" && s != "auto" && s != "off" && !filepath.IsAbs(s) {
		return filepath.Join(filepath.Dir(userConfig), s)
	}
	return c.Engine.Socket
}
