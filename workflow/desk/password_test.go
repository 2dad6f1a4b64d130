package desk

import (
	"strings"
	"testing"
	"time"
)

func TestPasswords(t *testing.T) {
	t.Parallel()
	p := newPasswords(cheap)
	good := cheap.hash(password)
	dearer := cost{memory: 128, time: 2, threads: 1}.hash(password)
	for _, tt := range []struct {
		name, phc, password string
		ok, stale           bool
	}{
		{"the right one", good, password, true, false},
		{"a wrong one", good, password + " ", false, false},
		{"an empty one", good, "", false, false},
		{"one hashed at another cost is right, and due for renewal", dearer, password, true, true},
		{"nobody's", "", password, false, false},
		{"a hash of another kind", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", password, false, false},
		{"a hash with a salt cut off", strings.Join(strings.Split(good, "$")[:5], "$"), password, false, false},
		{"a hash that asks for a terabyte", strings.Replace(good, "m=64", "m=1073741824", 1), password, false, false},
		{"a hash that asks for no pass", strings.Replace(good, "t=1", "t=0", 1), password, false, false},
		{"a hash of another version", strings.Replace(good, "v=19", "v=16", 1), password, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ok, stale, err := p.check(t.Context(), tt.phc, tt.password)
			if err != nil || ok != tt.ok || stale != tt.stale {
				t.Errorf("check = %t, %t, %v; want %t, %t", ok, stale, err, tt.ok, tt.stale)
			}
		})
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, password string
		ok             bool
	}{
		{"eleven characters are too few", "żółta gęśla", false},
		{"twelve will do, counted in letters and not in bytes", "żółta gęślaX", true},
		{"so will 256", strings.Repeat("ż", 256), true},
		{"257 are too many", strings.Repeat("ż", 257), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			phc, err := HashPassword(tt.password)
			if (err == nil) != tt.ok {
				t.Fatalf("HashPassword: %v", err)
			}
			if !tt.ok {
				return
			}
			if !strings.HasPrefix(phc, "$argon2id$v=19$m=47104,t=1,p=1$") {
				t.Errorf("hash %s does not begin with kind and cost", phc)
			}
			again, err := HashPassword(tt.password)
			if err != nil || again == phc {
				t.Errorf("two hashes of one password are the same: no salt (%v)", err)
			}
		})
	}
}

// TestUnknownNameTakesAsLong compares what a stranger could measure: without the dummy hash the unknown name is answered
// thousands of times faster. The bound is wide, the machine may be busy.
func TestUnknownNameTakesAsLong(t *testing.T) {
	t.Parallel()
	p := newPasswords(cost{memory: 16 * 1024, time: 1, threads: 1})
	known := p.cost.hash(password)
	took := func(phc string) time.Duration {
		start := time.Now()
		if ok, _, err := p.check(t.Context(), phc, "wrong password"); ok || err != nil {
			t.Fatalf("check = %t, %v", ok, err)
		}
		return time.Since(start)
	}
	with, without := time.Hour, time.Hour
	for range 15 { // in turns, so that a busy moment meets both
		with, without = min(with, took(known)), min(without, took(""))
	}
	if without < with/20 {
		t.Errorf("a known name takes %v, an unknown one %v", with, without)
	}
}
