package pades

func (e *examination) laterChanges() {}
