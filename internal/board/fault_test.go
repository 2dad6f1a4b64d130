package board_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"

	"okienko/internal/board"
)

// A letter whose request may have arrived is never sent again by itself (promise P3), one that surely did not is.
func TestWhetherARequestMayHaveArrived(t *testing.T) {
	t.Parallel()
	alert := &net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	for _, tt := range []struct {
		name      string
		err       error
		connected bool
		class     board.Class
		arrived   bool
	}{
		{"nobody listens", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false, board.Unreachable, false},
		{"the connection breaks before the answer", reset, true, board.Unreachable, true},
		{"no connection in time", context.DeadlineExceeded, false, board.Silent, false},
		{"no answer in time", fmt.Errorf("asking: %w", context.DeadlineExceeded), true, board.Silent, true},
		{"our certificate is refused during the handshake", alert, false, board.Insecure, false},
		{"our certificate is refused once the connection stands", fmt.Errorf("asking: %w", alert), true, board.Insecure, false},
		{"another alert once the connection stands", &net.OpError{Op: "remote error", Err: errors.New("tls: internal error")}, true, board.Unreachable, true},
	} {
		class, reason, arrived := board.Transport(tt.err, tt.connected)
		if class != tt.class || arrived != tt.arrived || reason == "" {
			t.Errorf("%s: %s (%s), may have arrived: %v; want %s, %v", tt.name, class, reason, arrived, tt.class, tt.arrived)
		}
	}
}
