package desk

import "net/http"

const languageCookie = "okienko_lang"

// language is that of the desk for this browser: Polish until somebody chose another.
func (d *desk) language(r *http.Request) *messages {
	cookie, err := r.Cookie(cookieName(d.Config, languageCookie))
	if err != nil {
		return &polish
	}
	return inLanguage(cookie.Value)
}

// inLanguage returns the messages in a language, in Polish if there are none.
func inLanguage(code string) *messages {
	if code == english.Code {
		return &english
	}
	return &polish
}

// chooseLanguage keeps the choice in a cookie, since it must hold on the sign-in page too.
func (d *desk) chooseLanguage(v *visit) error {
	d.keep(v.w, languageCookie, inLanguage(v.PostFormValue("lang")).Code)
	return v.redirect(local(v.PostFormValue("back")))
}
