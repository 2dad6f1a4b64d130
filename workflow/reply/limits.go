package reply

import "fmt"

// Limits bounds how many letters leave without a person (promise P11). The zero value has the defaults.
type Limits struct {
	PerCase          int  `yaml:"per_case"`            // automatic letters of one case; 0: 2
	PerAddressPerDay int  `yaml:"per_address_per_day"` // automatic letters to one address in 24 hours; 0: 5
	PerHour          int  `yaml:"per_hour"`            // automatic letters of the whole office in an hour, the circuit breaker; 0: 500
	HoldAll          bool `yaml:"hold"`                // the switch by hand: nothing leaves without a person
}

// The defaults: a person with several matters in one day is answered each time, a machine that writes on is not.
const (
	defaultPerCase    = 2
	defaultPerAddress = 5
	defaultPerHour    = 500
)

// Hold decides about one more automatic letter, given how many there are already: of this case, to this address in the last 24
// hours, of the whole office in the last hour. A held letter is kept as "would have been sent" for a person to release.
// because is one Polish sentence.
func (l Limits) Hold(perCase, perAddress, global int) (held bool, because string) {
	switch {
	case l.HoldAll:
		return true, "Wysyłanie automatycznych odpowiedzi jest wyłączone w konfiguracji."
	case perCase >= or(l.PerCase, defaultPerCase):
		return true, fmt.Sprintf("Granica automatycznych odpowiedzi w sprawie: było ich już %d.", perCase)
	case perAddress >= or(l.PerAddressPerDay, defaultPerAddress):
		return true, fmt.Sprintf("Granica automatycznych odpowiedzi na jeden adres: w ciągu doby było ich już %d.", perAddress)
	case global >= or(l.PerHour, defaultPerHour):
		return true, fmt.Sprintf("Bezpiecznik: w ciągu godziny było już %d automatycznych odpowiedzi urzędu.", global)
	}
	return false, ""
}

// Validate refuses negative limits.
func (l Limits) Validate() error {
	for _, limit := range []struct {
		key string
		n   int
	}{{"per_case", l.PerCase}, {"per_address_per_day", l.PerAddressPerDay}, {"per_hour", l.PerHour}} {
		if limit.n < 0 {
			return fmt.Errorf("limits.%s: %d is not allowed; 0 means the default", limit.key, limit.n)
		}
	}
	return nil
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
