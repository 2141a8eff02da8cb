package wire

import (
	"maps"
	"slices"
)

// A process is written by hand: its status is what editors ask for most, and a
// list of them is sent at every change.

// AppendJSON implements [Appender].
func (p *Process) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 384+len(p.ID)+len(p.Name)+len(p.Command)+len(p.Cwd)+len(p.Reason)+len(p.Source))
	dst = appendText(append(dst, `{"id":`...), p.ID)
	dst = appendText(append(dst, `,"name":`...), p.Name)
	dst = appendText(append(dst, `,"command":`...), p.Command)
	dst = appendText(append(dst, `,"cwd":`...), p.Cwd)
	dst = appendText(append(dst, `,"state":`...), p.State)
	dst = appendBool(append(dst, `,"ready":`...), p.Ready)
	if p.Healthy != nil {
		dst = appendBool(append(dst, `,"healthy":`...), *p.Healthy)
	}
	dst = appendUint(append(dst, `,"run":`...), uint64(p.Run))
	dst = p.appendEnd(dst)
	dst = p.appendTimes(dst)
	dst = appendInt(append(dst, `,"restarts":`...), int64(p.Restarts))
	dst = appendNonZero(dst, `,"finalSeq":`, int64(p.FinalSeq))
	dst = appendTexts(append(dst, `,"blockedBy":`...), p.BlockedBy)
	dst = appendTrue(dst, `,"watched":`, p.Watched)
	dst = appendTrue(dst, `,"stale":`, p.Stale)
	if p.Replicas != nil {
		dst = appendTexts(append(dst, `,"replicas":`...), p.Replicas)
	}
	dst = appendTexts(append(dst, `,"urls":`...), p.URLs)
	dst = p.Problems.appendJSON(append(dst, `,"problems":`...))
	dst = p.appendUsage(dst)
	dst = appendText(append(dst, `,"source":`...), p.Source)
	dst = appendText(append(dst, `,"stdio":`...), p.Stdio)
	return append(p.appendEnv(dst), '}')
}

// appendEnd appends how a run has ended, and the pid.
func (p *Process) appendEnd(dst []byte) []byte {
	dst = appendNonZero(dst, `,"pid":`, int64(p.PID))
	if p.ExitCode != nil {
		dst = appendInt(append(dst, `,"exitCode":`...), int64(*p.ExitCode))
	}
	if p.Signal != "" {
		dst = appendText(append(dst, `,"signal":`...), p.Signal)
	}
	dst = appendTrue(dst, `,"core":`, p.Core)
	if p.Reason != "" {
		dst = appendText(append(dst, `,"reason":`...), p.Reason)
	}
	return dst
}

func (p *Process) appendTimes(dst []byte) []byte {
	dst = appendNonZero(dst, `,"startedAt":`, p.StartedAt)
	dst = appendNonZero(dst, `,"readyAt":`, p.ReadyAt)
	dst = appendNonZero(dst, `,"exitedAt":`, p.ExitedAt)
	return appendNonZero(dst, `,"restartAt":`, p.RestartAt)
}

func (p *Process) appendUsage(dst []byte) []byte {
	if p.CPU != nil {
		dst = appendFloat(append(dst, `,"cpu":`...), *p.CPU)
	}
	if p.RSS != nil {
		dst = appendInt(append(dst, `,"rss":`...), *p.RSS)
	}
	return dst
}

func (p *Process) appendEnv(dst []byte) []byte {
	if p.Env == nil {
		return dst
	}
	dst = append(dst, `,"env":{`...)
	for i, key := range slices.Sorted(maps.Keys(p.Env)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(append(appendText(dst, key), ':'), p.Env[key])
	}
	return append(dst, '}')
}

func (p Problems) appendJSON(dst []byte) []byte {
	dst = appendInt(append(dst, `{"errors":`...), int64(p.Errors))
	return append(appendInt(append(dst, `,"warnings":`...), int64(p.Warnings)), '}')
}

// AppendJSON implements [Appender].
func (l *ProcessList) AppendJSON(dst []byte) []byte {
	dst = appendProcesses(append(dst, `{"processes":`...), l.Processes)
	return append(appendUint(append(dst, `,"revision":`...), l.Revision), '}')
}

// AppendJSON implements [Appender].
func (l *Processes) AppendJSON(dst []byte) []byte {
	return append(appendProcesses(append(dst, `{"processes":`...), l.Processes), '}')
}

// AppendJSON implements [Appender].
func (c *ProcessChanged) AppendJSON(dst []byte) []byte {
	dst = appendUint(append(dst, `{"previous":`...), c.Previous)
	dst = appendUint(append(dst, `,"revision":`...), c.Revision)
	dst = appendProcesses(append(dst, `,"processes":`...), c.Processes)
	return append(appendTexts(append(dst, `,"removed":`...), c.Removed), '}')
}

func appendProcesses(dst []byte, list []Process) []byte {
	return appendList(dst, len(list), func(dst []byte, i int) []byte { return list[i].AppendJSON(dst) })
}
