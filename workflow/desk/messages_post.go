package desk

import "okienko/workflow"

// postText are the words for letters that travel on paper.
type postText struct {
	PostedHeading, DeliveredHeading, Way, Number, NumberHint, Day, How, HowHint, Keep string
	Kept, WrongNumber, WrongDay, TooEarly, BeforePosting                              string
	WasPosted, NoReceipt, WasDelivered, Deemed, CameBack                              string
	Ways                                                                              map[workflow.DeliveryWay]string
	Outcomes                                                                          map[string]string
}

var polishPost = postText{
	PostedHeading: "Wpisz nadanie na poczcie", DeliveredHeading: "Wpisz potwierdzenie odbioru", Way: "Droga (art. 39 KPA)", Number: "Numer przesyłki",
	NumberHint: "Z potwierdzenia nadania. Przy liście poleconym konieczny.", Day: "Dzień", How: "Co mówi potwierdzenie",
	HowHint: "Przy zwrocie po dwóch awizach wpisz dzień pierwszego awiza.", Keep: "Zapisz",
	Kept: "Zapisano.", WrongNumber: "Proszę podać numer przesyłki: od 4 do 40 cyfr i liter.", WrongDay: "Proszę podać dzień, nie późniejszy niż dzisiaj.",
	TooEarly: "Po awizie list czeka 14 dni: doręczenie nastąpi dopiero %s.", BeforePosting: "Ten dzień jest wcześniejszy niż nadanie.",
	WasPosted: "Droga: %s, numer %s, nadano %s.", NoReceipt: "Nie ma jeszcze potwierdzenia odbioru, więc termin nie biegnie.",
	WasDelivered: "Doręczono %s (data z potwierdzenia odbioru).", Deemed: "Uznano za doręczone %s: 14 dni od pierwszego awiza (art. 44 KPA).",
	CameBack: "Wróciło niedoręczone, termin nie biegnie. Trzeba sprawdzić adres.",
	Ways:     map[workflow.DeliveryWay]string{workflow.ByHybrid: "publiczna usługa hybrydowa", workflow.ByPost: "list polecony za potwierdzeniem odbioru"},
	Outcomes: map[string]string{
		postReceived: "odebrano", postRefused: "odmówiono przyjęcia (art. 47 KPA)", postNotice: "zwrot po dwóch awizach (art. 44 KPA)",
		postReturned: "zwrot z innej przyczyny (zły adres, adresat nieznany)",
	},
}

var englishPost = postText{
	PostedHeading: "Enter the posting", DeliveredHeading: "Enter the proof of receipt", Way: "Way (KPA art. 39)", Number: "Number of the letter",
	NumberHint: "From the receipt of the post. Needed for registered post.", Day: "Day", How: "What the proof says",
	HowHint: "If it came back after two notices, enter the day of the first notice.", Keep: "Save",
	Kept: "Saved.", WrongNumber: "Please give the number of the letter: 4 to 40 digits and letters.", WrongDay: "Please give a day, not later than today.",
	TooEarly: "After a notice a letter waits for 14 days: it is delivered only on %s.", BeforePosting: "That day is earlier than the posting.",
	WasPosted: "Way: %s, number %s, posted %s.", NoReceipt: "There is no proof of receipt yet, so no term runs.",
	WasDelivered: "Delivered %s (date of the proof of receipt).", Deemed: "Deemed delivered %s: 14 days after the first notice (KPA art. 44).",
	CameBack: "It came back undelivered, so no term runs. The address must be checked.",
	Ways:     map[workflow.DeliveryWay]string{workflow.ByHybrid: "public hybrid service", workflow.ByPost: "registered post with a receipt"},
	Outcomes: map[string]string{
		postReceived: "received", postRefused: "refused (KPA art. 47)", postNotice: "back after two notices (KPA art. 44)",
		postReturned: "back for another reason (wrong address, unknown addressee)",
	},
}
