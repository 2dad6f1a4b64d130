package edelivery

import (
	"regexp"
	"strconv"
	"strings"
)

var addressForm = regexp.MustCompile(`^AE:[A-Z]{2}-([0-9]{5})-([0-9]{5})-([A-Z0-9]{5})-([0-9]{2})$`)

// IsAddress reports whether s has the form of an address for electronic delivery: AE:PL-12345-67890-ABCDE-12.
func IsAddress(s string) bool { return addressForm.MatchString(s) }

// Checks reports whether the check digits of an address agree. The rule is not published, and real addresses have been seen
// that break it, so this is a reason to look twice and never one to refuse: the digit sum of the difference between the letters
// (as ASCII) and the two numbers.
func Checks(address string) bool {
	m := addressForm.FindStringSubmatch(address)
	if m == nil {
		return false
	}
	first, _ := strconv.Atoi(m[1]) // five digits: the form says so
	second, _ := strconv.Atoi(m[2])
	difference := -first - second
	for _, r := range m[3] {
		difference += int(r)
	}
	sum := 0
	for _, digit := range strings.TrimPrefix(strconv.Itoa(difference), "-") {
		sum += int(digit - '0')
	}
	want, _ := strconv.Atoi(m[4])
	return sum == want
}

// CleanAddress undoes what people do to an address when they copy it: blanks, small letters, a missing prefix.
func CleanAddress(s string) string {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if s != "" && !strings.HasPrefix(s, "AE:") {
		s = "AE:" + s
	}
	return s
}
