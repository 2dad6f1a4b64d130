package pades

import "okienko/validate/signature/sig"

func (f *file) laterChanges(found []*sig.Signature, ends []int, stamps []docStamp) {}

func level(s *sig.Signature, f *file, docStamps []sig.Timestamp) {}
