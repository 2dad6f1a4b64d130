package desk

// picturesText are the words around pictures of pages.
type picturesText struct {
	Piece, PieceAlt, Pages, PageLabel string
}

var polishPictures = picturesText{
	Piece: "Zobacz w skanie, strona %d", PieceAlt: "Fragment skanu: %s", Pages: "Podgląd stron:", PageLabel: "Podgląd strony %d (nowa karta)",
}

var englishPictures = picturesText{
	Piece: "See the scan, page %d", PieceAlt: "Piece of the scan: %s", Pages: "Look at pages:", PageLabel: "Look at page %d (new tab)",
}
