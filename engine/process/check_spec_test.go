package process

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestCheckSpec: what can't be meant is refused, with the member's name.
func TestCheckSpec(t *testing.T) {
	port := func(n int) *int { return &n }
	log := regexp.MustCompile("x")
	for _, tt := range []struct {
		spec  Spec
		field string // "" if it is fine
	}{
		{Spec{}, ""},
		{Spec{DependsOn: map[string]Condition{"a": "ready", "b": "exited", "c": "succeeded", "d": "healthy", "e": "started"}}, ""},
		{Spec{DependsOn: map[string]Condition{"a": ""}}, "dependsOn/a"},

		{Spec{Restart: Policy{When: Always, Limit: 1, Delay: time.Minute, MaxDelay: time.Hour, Stable: 1}}, ""},
		{Spec{Restart: Policy{When: OnFailure, Delay: time.Hour}}, ""},
		{Spec{Restart: Policy{When: "perhaps"}}, "restart"},
		{Spec{Restart: Policy{Limit: 1}}, "restart/policy"},
		{Spec{Restart: Policy{When: Always, Limit: -1}}, "restart/limit"},
		{Spec{Restart: Policy{When: Always, Delay: 2, MaxDelay: 1}}, "restart/delayMs"},
		{Spec{Restart: Policy{When: Always, Delay: -1}}, "restart/delayMs"},
		{Spec{Restart: Policy{When: Always, Stable: -1}}, "restart/stableMs"},

		{Spec{Ready: &Ready{Log: log, Checks: Checks{TCP: ":80", HTTP: "https://localhost/x", Exec: &Exec{Args: []string{"a"}}, Port: port(0)}}}, ""},
		{Spec{Ready: &Ready{}}, "ready"},
		{Spec{Ready: &Ready{Checks: Checks{TCP: "80"}}}, "ready/tcp"},
		{Spec{Ready: &Ready{Checks: Checks{TCP: "a:0"}}}, "ready/tcp"},
		{Spec{Ready: &Ready{Checks: Checks{TCP: "a:http"}}}, "ready/tcp"},
		{Spec{Ready: &Ready{Checks: Checks{HTTP: "localhost:80"}}}, "ready/http"},
		{Spec{Ready: &Ready{Checks: Checks{HTTP: "http://"}}}, "ready/http"},
		{Spec{Ready: &Ready{Checks: Checks{Exec: &Exec{}}}}, "ready/exec"},
		{Spec{Ready: &Ready{Checks: Checks{Port: port(65536)}}}, "ready/port"},
		{Spec{Ready: &Ready{Log: log, Interval: 1}}, "ready/intervalMs"},
		{Spec{Ready: &Ready{Log: log, Timeout: -1}}, "ready/timeoutMs"},

		{Spec{Live: &Live{Checks: Checks{Port: port(80)}, Failures: 1}}, ""},
		{Spec{Live: &Live{}}, "live"},
		{Spec{Live: &Live{Checks: Checks{Port: port(-1)}}}, "live/port"},
		{Spec{Live: &Live{Checks: Checks{Port: port(80)}, Failures: -1}}, "live/failures"},
		{Spec{Live: &Live{Checks: Checks{Port: port(80)}, Interval: -1}}, "live/intervalMs"},
	} {
		err := tt.spec.check()
		var field string
		if spec, ok := errors.AsType[*SpecError](err); ok {
			field = spec.Field
		}
		if field != tt.field || err != nil && !strings.HasPrefix(err.Error(), tt.field+" ") {
			t.Errorf("%+v: %v, want %q to be refused", tt.spec, err, tt.field)
		}
	}
	s := Spec{Live: &Live{Checks: Checks{Port: port(80)}}}
	if s.check(); s.Restart.When != OnFailure {
		t.Errorf("with a liveness rule the policy is %q", s.Restart.When)
	}
}
