package bounds

import (
	"testing"
	"time"
)

func TestChecksNameTheKeyAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	var c Checks
	c.Within("poll", time.Second, time.Second, time.Minute)
	c.Between("batch", 9, 1, 9)
	if err := c.Err(); err != nil {
		t.Errorf("both limits are allowed, got %v", err)
	}
	c.Within("poll", 61*time.Second, time.Second, time.Minute)
	c.Between("batch", 0, 1, 9)
	const want = "poll: 1m1s: allowed are 1s to 1m0s\nbatch: 0: allowed are 1 to 9"
	if err := c.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLoopbackIsThisMachineOnly(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true,
		"": false, "0.0.0.0": false, "10.0.0.1": false, "localhost.example": false, "127.0.0.1.example": false, "127.0.0.1:25": false,
	} {
		if got := Loopback(host); got != want {
			t.Errorf("%q: %t, want %t", host, got, want)
		}
	}
}
