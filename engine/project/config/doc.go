// Package config is what brummer.toml may say: its types, how files of several
// places are laid over each other, and where each value came from. It runs
// nothing and watches nothing.
package config
