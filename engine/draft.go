package engine

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// ConfigKey describes a key of the configuration.
type ConfigKey = config.Key

// ConfigKeys are all keys of the configuration, a table before what is in it.
func ConfigKeys() []ConfigKey { return config.Keys() }

// ConfigFile is the name of the file that configures a workspace.
const ConfigFile = project.ConfigFile

// DraftConfig writes a configuration from what is discovered in a folder.
func DraftConfig(ctx context.Context, root string) (string, error) {
	found, err := project.Discover(ctx, root)
	if err != nil {
		return "", err
	}
	return project.Draft(found, root), nil
}

// ImportConfig makes a configuration of another program's file. notes say what
// was left out.
func ImportConfig(name string, data []byte) (toml string, notes []string, err error) {
	return project.Import(name, data)
}
