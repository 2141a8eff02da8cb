package process

import (
	"fmt"
	"slices"
	"strconv"
)

// Members returns the processes that an id stands for: the one that has it, or
// the replicas of that name in their order. The error is a
// [*NotFoundError].
func (t *Table) Members(id string) ([]*Process, error) {
	list := t.list.Load()
	var members []*Process
	for _, s := range list.Processes {
		if s.ReplicaOf == id && id != "" {
			members = append(members, list.byID[s.ID])
		}
	}
	if p := list.byID[id]; p != nil && len(members) == 0 {
		return p.alone[:], nil
	}
	if len(members) == 0 {
		return nil, list.missing(id)
	}
	return members, nil
}

// membersLocked is [Table.Members] for who holds table.mu, with those that are not
// published yet; nil for an id that nothing has.
func (t *Table) membersLocked(id string) []*Process {
	var members []*Process
	for n := 1; ; n++ {
		p := t.byID[replicaID(id, n)]
		if p == nil || p.replicaOf != id {
			break
		}
		members = append(members, p)
	}
	if p := t.byID[id]; p != nil && len(members) == 0 {
		members = []*Process{p}
	}
	return members
}

func replicaID(name string, n int) string { return name + "#" + strconv.Itoa(n) }

// claimReplicasLocked finds or creates the entries of replicas.
func (t *Table) claimReplicasLocked(spec *Spec) ([]*Process, error) {
	name := spec.Name
	if name == "" {
		name = spec.baseName()
	}
	if err := CheckName(name); err != nil {
		return nil, err
	}
	members := make([]*Process, spec.Replicas)
	for i := range members {
		members[i] = t.entryLocked(replicaID(name, i+1))
	}
	if p := t.byID[name]; p != nil {
		members = append(members, p)
	}
	if err := t.freeLocked(spec, name, append(members, t.membersLocked(name)...)...); err != nil {
		return nil, err
	}
	t.disbandLocked(name)
	members = members[:spec.Replicas]
	for _, p := range members {
		p.replicaOf = name
	}
	return members, nil
}

// disbandLocked makes ended replicas processes of their own. The next replicas of
// the name take those they need.
func (t *Table) disbandLocked(name string) {
	for _, p := range t.membersLocked(name) {
		if p.replicaOf == "" {
			continue
		}
		p.replicaOf = ""
		p.mu.Lock()
		if s := p.Snapshot(); s.State != Idle {
			p.setLocked(s.State, func(s *Snapshot) { s.ReplicaOf = "" })
		}
		p.mu.Unlock()
	}
}

// replica is the definition of the ith replica, from 0; of what has no replicas
// it is the definition itself.
func (s *Spec) replica(i int) Spec {
	r := *s
	if s.Replicas > 1 {
		n := fmt.Sprintf("%s=%d", ReplicaVariable, i+1)
		r.Env = append(slices.Clip(s.Env), n)
		r.Vars = append(slices.Clip(s.Vars), n)
	}
	return r
}

// ReplicaVariable tells a replica its number, from 1.
const ReplicaVariable = "BRUMMER_RPC_REPLICA"
