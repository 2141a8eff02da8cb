// Package ports tells which TCP sockets listen on this machine and which
// processes have them. It opens no connection, knows nothing of what the
// engine runs and keeps nothing: a caller asks when it has a reason to.
//
//	Listening   all sockets          one question to the kernel, some 30 us
//	Of          those of some pids   + their open files, some 70 us a process
//	Holder      who has a port       + the open files of every process, some ms
//
// On Linux the kernel is asked by netlink (sock_diag(7)); /proc/net/tcp, which
// makes it walk a whole hash table, is read where that fails. Other systems
// answer [errors.ErrUnsupported].
package ports
