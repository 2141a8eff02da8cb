package process

import "errors"

func openTerminal(int, int) (*streams, error) {
	return nil, errors.New("there are no pseudo terminals on Windows; use stdio pipe")
}

func (s *streams) resize(int, int) error { return errNoTerminal }
