package baseline

import (
	"sort"
	"sync"
	"time"
)

// Process is an entry of the seed's process manager.
type Process struct {
	ID, Name, Script string
	PID              int
	Status           string
	Started          time.Time
	ExitCode         *int
}

// Manager is the seed's process manager as far as its state goes: one map behind
// a read-write lock that everything takes, callbacks for output included.
type Manager struct {
	mu        sync.RWMutex
	processes map[string]*Process
	callbacks []func(id, line string)
}

// NewManager returns a manager without processes.
func NewManager() *Manager { return &Manager{processes: map[string]*Process{}} }

// Add adds a process.
func (m *Manager) Add(p *Process) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.processes[p.ID] = p
}

// OnLog adds a callback for output.
func (m *Manager) OnLog(f func(id, line string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.callbacks = append(m.callbacks, f)
}

// Log gives a line to the callbacks, under the lock.
func (m *Manager) Log(id, line string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, f := range m.callbacks {
		f(id, line)
	}
}

// Status returns a copy of a process.
func (m *Manager) Status(id string) (Process, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.processes[id]
	if !ok {
		return Process{}, false
	}
	return *p, true
}

// Update changes the status of a process.
func (m *Manager) Update(id, status string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.processes[id]; p != nil {
		p.Status = status
	}
}

// List returns copies of all processes, sorted by name.
func (m *Manager) List() []*Process {
	m.mu.RLock()
	defer m.mu.RUnlock()
	list := make([]*Process, 0, len(m.processes))
	for _, p := range m.processes {
		clone := *p
		list = append(list, &clone)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}
