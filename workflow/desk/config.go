package desk

import (
	"cmp"
	"fmt"
	"time"

	"okienko/internal/web"
)

// Config is what an administrator sets about the desk.
type Config struct {
	web.Listener

	Idle     time.Duration // a session ends after so long without a request; 0: 30 minutes
	Lifetime time.Duration // and in any case after so long; 0: 10 hours
}

// Validate returns an error that names the key and what is allowed.
func (c Config) Validate() error {
	if err := c.Listener.Validate("desk"); err != nil {
		return err
	}
	if c.Idle < 0 || c.Lifetime < 0 || c.idle() > c.lifetime() {
		return fmt.Errorf("desk.session_idle %v, desk.session_lifetime %v: must be positive, the first no longer than the second",
			c.idle(), c.lifetime())
	}
	return nil
}

func (c Config) idle() time.Duration     { return cmp.Or(c.Idle, 30*time.Minute) }
func (c Config) lifetime() time.Duration { return cmp.Or(c.Lifetime, 10*time.Hour) }
