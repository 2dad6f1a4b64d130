package desk

import (
	"net/http"
	"time"
)

// keysCookie is "off" for people whom single-key shortcuts get in the way of (WCAG 2.1.4): they use speech, or a shaky hand.
const keysCookie = "okienko_keys"

func (d *desk) keysOff(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName(d.Config, keysCookie))
	return err == nil && cookie.Value == "off"
}

// showHelp lists what can be done by keyboard, and what the marks mean.
func (d *desk) showHelp(v *visit) error {
	return d.show(v, screen{name: "help", title: v.t.Help.Title, nav: "help"})
}

// switchKeys turns the shortcuts of this browser on or off.
func (d *desk) switchKeys(v *visit) error {
	value := "on"
	if v.PostFormValue("keys") == "off" {
		value = "off"
	}
	d.keep(v.w, keysCookie, value)
	return v.redirect("/help")
}

// keep stores a preference in the browser for a year.
func (d *desk) keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: cookieName(d.Config, name), Value: value, Path: "/",
		MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: d.Config.Secure(), SameSite: http.SameSiteLaxMode})
}
