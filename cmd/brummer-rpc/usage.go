package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What cobra says of wrong arguments is about counts; what people want to know is
// what is missing, and where it is described.

// takes is how many arguments a verb has: at least and at most so many, which are
// what. most is -1 for any number.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("%s needs %s; %s", cmd.Name(), what, describedBy(cmd))
		case most >= 0 && len(args) > most:
			return fmt.Errorf("%s takes no %q: it wants %s; %s", cmd.Name(), args[most], what, describedBy(cmd))
		}
		return nil
	}
}

// takesNothing is for verbs without arguments.
func takesNothing(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, but was given %q; %s", cmd.Name(), args[0], describedBy(cmd))
	}
	return nil
}

// isVerb refuses words that are no verb, with those that may be meant.
func isVerb(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("there is no verb %q", args[0])
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", text, strings.Join(near, " or "))
	}
	return fmt.Errorf("%s; %s", text, describedBy(root))
}

func describedBy(cmd *cobra.Command) string {
	return "see `" + cmd.CommandPath() + " --help`"
}

// wrongFlag says what is wrong with a flag, and what it may be.
func wrongFlag(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if want := wants[bad.GetFlag().Value.Type()]; want != "" {
			return fmt.Errorf("--%s=%s: want %s", bad.GetFlag().Name, bad.GetValue(), want)
		}
	}
	return fmt.Errorf("%w; %s", err, describedBy(cmd))
}

// wants is what the values of flags must be, by pflag's names of their types.
var wants = map[string]string{
	"duration": "a time like 500ms, 30s or 2m",
	"int":      "a whole number",
	"int64":    "a whole number",
	"bool":     "true or false",
}
